"""`decide`, which remembers: in this process by value, among processes by entries that are judged again."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from symbolic_mla.cache.entries import answer, judged, written
from symbolic_mla.cache.keys import in_memory, on_disk
from symbolic_mla.cache.recent import Recent
from symbolic_mla.cache.store import Store
from symbolic_mla.cache.together import Together
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.prover.decide import Proved, Refuted, Setting, Verdict, decide

MAX_REMEMBERED = 20_000  # verdicts
MAX_NODES = 200_000  # of certificates that were read
WORTH = 0.005  # seconds: what is decided faster is decided again as soon as an entry is read and replayed


class Deciding:
    """What `decide` gives, from memory where it was asked before.

    A verdict of this process is itself, *undecided* too. A verdict of another comes from the store, where it is judged
    again. Without a store nothing is read or written. `worth` is how long a decision must have taken to be kept there.

    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> from symbolic_mla.kernel.statement import Equation
    >>> from symbolic_mla.laws.notation import transpose
    >>> m = Axis.of(Var("m"))
    >>> A = Atom("A", (m, m))
    >>> remembering = Deciding()
    >>> first = remembering(Equation(transpose(transpose(A)), A))
    >>> first.verdict, remembering(Equation(transpose(transpose(A)), A)) is first
    ('proved', True)
    """

    def __init__(self, store: Store | None = None, worth: float = WORTH) -> None:
        self.store, self.worth = store, worth
        self.known: Recent[Hashable, tuple[Verdict, str | None]] = Recent(MAX_REMEMBERED)
        self._nodes: dict[Any, Any] = {}
        self._together: Together | None = None
        self.decided = 0  # questions that neither memory nor store could answer

    def __call__(self, statement: Statement, setting: Setting | None = None,
                 witnesses: Sequence[Term] | None = None) -> Verdict:  # fmt: skip
        setting = setting or Setting()
        key = in_memory(statement, setting, witnesses)
        found = self.known.get(key)
        if found is None:
            place = None if self.store is None else on_disk(statement, setting, witnesses)
            found = self.known[key] = self._found(place, statement, setting, witnesses), place
        verdict, place = found
        if self._together is not None and place is not None and isinstance(verdict, Proved):
            self._together.took(place, verdict.theorem)
        return verdict

    @contextmanager
    def together(self, document: str) -> Iterator[None]:
        """While a whole document is checked: its proofs are read together, and written if they are others then."""
        if self.store is None:
            yield
            return
        self._together = Together(self.store, document)
        try:
            yield
            self._together.close()
        finally:
            self._together = None

    def _found(self, place: str | None, statement: Statement, setting: Setting,
               witnesses: Sequence[Term] | None) -> Verdict:  # fmt: skip
        kept = None if place is None else self._kept(place, statement, setting)
        if kept is not None:
            return kept
        self.decided += 1
        start = time.perf_counter()
        found = decide(statement, setting, witnesses)
        if self.store is not None and place is not None and time.perf_counter() - start >= self.worth:
            text = written(found)
            if text is not None:
                self.store.write(place, text)
        return found

    def _kept(self, place: str, statement: Statement, setting: Setting) -> Proved | Refuted | None:
        theorem = None if self._together is None else self._together.get(place)
        verdict: Proved | Refuted | None = None if theorem is None else answer(theorem, statement, setting)
        if verdict is not None or self.store is None:
            return verdict
        text = self.store.read(place)
        if len(self._nodes) > MAX_NODES:
            self._nodes.clear()
        verdict = None if text is None else judged(text, statement, setting, self._nodes)
        if verdict is None and text is not None:
            self.store.discard(place)
        return verdict
