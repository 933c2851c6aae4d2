"""`find_model`, which remembers where a model was drawn. It is drawn again there, and every hypothesis evaluated."""

from __future__ import annotations

import json
import time
from collections.abc import Hashable
from typing import TYPE_CHECKING

from symbolic_mla.cache.deciding import WORTH
from symbolic_mla.cache.keys import of_problem
from symbolic_mla.cache.recent import Recent
from symbolic_mla.cache.store import Store
from symbolic_mla.errors import SymbolicMLAError

if TYPE_CHECKING:
    from symbolic_mla.prover.models import Model
    from symbolic_mla.prover.refute import Problem

MAX_REMEMBERED = 1_000  # models
MODEL = "model"


class Modelling:
    """What `find_model` gives, from memory where it was asked before; from a store only what is a model again.

    That none was found is remembered in this process alone, and so is what took less than `worth` seconds.
    """

    def __init__(self, store: Store | None = None, worth: float = WORTH) -> None:
        self.store, self.worth = store, worth
        self.known: Recent[Hashable, tuple[Model | None]] = Recent(MAX_REMEMBERED)

    def __call__(self, problem: Problem) -> Model | None:
        key = tuple(problem.hypotheses), tuple(problem.divides), tuple(problem.truncations), tuple(problem.singular)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = (self._found(problem),)
        return found[0]

    def _found(self, problem: Problem) -> Model | None:
        from symbolic_mla.prover.models import find_model  # only where something is assumed

        place = None if self.store is None else of_problem(problem)
        if self.store is None or place is None:
            return find_model(problem)
        text = self.store.read(place)
        found = None if text is None else drawn(text, problem)
        if found is None:
            start = time.perf_counter()
            found = find_model(problem)
            if found is not None and time.perf_counter() - start >= self.worth:
                where = json.dumps([dict(found.sizes), found.trial], ensure_ascii=False)
                self.store.write(place, f"{MODEL}\n{where}\n")
        return found


def drawn(text: str, problem: Problem) -> Model | None:
    """The model that an entry names, drawn again; None where it is none. Raises nothing."""
    from symbolic_mla.prover.models import model_at

    kind, _, body = text.partition("\n")
    if kind != MODEL:
        return None
    try:
        sizes, trial = json.loads(body)
        return model_at(problem, sizes, trial) if type(trial) is int and isinstance(sizes, dict) else None
    except (SymbolicMLAError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
        return None
