"""A model: an instance that satisfies hypotheses, so that what they prove is not vacuous."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from random import Random

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.instance.evaluate import Instance
from symbolic_mla.prover.refute import TRIALS_WITH_HYPOTHESES, Problem

MAX_SIZES = 40


@dataclass(frozen=True)
class Model:
    """The instance, and where it was drawn: its sizes, and which of the draws at these sizes it is."""

    at: Instance
    sizes: Mapping[str, int]
    trial: int


def find_model(problem: Problem) -> Model | None:
    """The first draw that satisfies the hypotheses, the least sizes first; None where none of them does.

    >>> from symbolic_mla.kernel.scalar import Var, scalar
    >>> from symbolic_mla.kernel.statement import Compare
    >>> n = scalar(Var("n"))
    >>> at_least = Compare(scalar(3), "<=", n)
    >>> find_model(Problem(at_least, [at_least])).sizes
    {'n': 3}
    """
    try:
        for sizes in islice(problem.sizes(), MAX_SIZES):
            for trial in range(TRIALS_WITH_HYPOTHESES):
                at = problem.instance(sizes, Random(trial), trial)
                if at is not None:
                    return Model(at, sizes, trial)
    except SymbolicMLAError:
        return None
    return None


def model_at(problem: Problem, sizes: Mapping[str, int], trial: int) -> Model | None:
    """One draw at sizes that come from elsewhere; None unless they are allowed and every hypothesis is seen to hold.

    Raises: SymbolicMLAError where it cannot be drawn.
    """
    low = {v.name: v.low for v in problem.dims}
    fit = sizes.keys() == low.keys() and all(type(n) is int and n >= low[name] for name, n in sizes.items())
    if not fit or not problem.allowed(Instance(dict(sizes))):
        return None
    at = problem.instance(sizes, Random(trial), trial)
    return None if at is None else Model(at, sizes, trial)
