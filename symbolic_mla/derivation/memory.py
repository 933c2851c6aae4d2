"""The seam for incremental checks: what a check may know from before. By default it knows nothing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from symbolic_mla.derivation.before import Declared
from symbolic_mla.derivation.results import ClaimResult
from symbolic_mla.errors import Span
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.language import syntax as s
from symbolic_mla.prover.decide import Setting, Verdict, decide

if TYPE_CHECKING:
    from symbolic_mla.prover.models import Model
    from symbolic_mla.prover.refute import Problem


class Decide(Protocol):
    """A way to decide a statement in a setting."""

    def __call__(
        self, statement: Statement, setting: Setting | None = None, witnesses: Sequence[Term] | None = None
    ) -> Verdict: ...


class Memory(Protocol):
    """How a check decides a statement and finds a model, and what was kept by key. A key holds all that its value
    rests on."""

    @property
    def decide(self) -> Decide: ...

    def find_model(self, problem: Problem) -> Model | None: ...

    def recall(self, key: Hashable) -> object | None: ...

    def keep(self, key: Hashable, value: object) -> None: ...


class Fresh:
    """No memory: everything is decided anew."""

    decide: Decide = staticmethod(decide)

    def find_model(self, problem: Problem) -> Model | None:
        from symbolic_mla.prover.models import find_model

        return find_model(problem)

    def recall(self, key: Hashable) -> object | None:
        return None

    def keep(self, key: Hashable, value: object) -> None:
        pass


FRESH = Fresh()


def claim_key(item: s.Claim, declared: Sequence[s.Item], earlier: Mapping[str, ClaimResult]) -> Hashable:
    """All that a claim's verdicts rest on: its text, what is declared before it, and the claims that it cites.

    Text is compared as it was read, so that neither comments nor places count. A cited claim is its very theorems:
    one that was proved again is another.
    """
    cited = tuple((name, earlier[name].verdict, earlier[name].theorems) if name in earlier else (name, "", ())
                  for name in _reasons(item))  # fmt: skip
    return "claim", item, Declared.of(declared), cited


def recalled(
    memory: Memory, key: Hashable, item: s.Claim, lines: Sequence[str]
) -> ClaimResult | None:
    """The claim as it was judged before, where it stands now.

    What was not proved is told with its place, so that it is recalled only in the same place and spelling.
    """
    found = memory.recall(key)
    if not isinstance(found, tuple):
        return None
    result, place = found
    if place == _place(item, lines):
        return result  # type: ignore[no-any-return]
    return _moved(result, item) if result.verdict == "proved" else None


def keep(memory: Memory, key: Hashable, result: ClaimResult, lines: Sequence[str]) -> None:
    """Keep a judged claim, unless it has an error: an error may speak of what else the document says."""
    if result.verdict != "error":
        memory.keep(key, (result, _place(result.item, lines)))


def _place(item: s.Claim, lines: Sequence[str]) -> tuple[Span, tuple[str, ...]]:
    return item.span, tuple(lines[item.span.line - 1 : item.span.end_line])


def _moved(result: ClaimResult, item: s.Claim) -> ClaimResult:
    statement = item.statement
    if result.kind == "chain" and isinstance(statement, s.Chain):
        spans = [step.span for step in statement.steps]
    else:
        spans = [item.span]
    steps = tuple(replace(step, span=span) for step, span in zip(result.steps, spans, strict=True))
    return replace(result, item=item, steps=steps)


def _reasons(item: s.Claim) -> list[str]:
    """Every name that a claim cites."""
    statement = item.statement
    parts = (statement.left, statement.right) if isinstance(statement, s.Iff) else (statement,)
    named = [item.by, *(step.by for part in parts if isinstance(part, s.Chain) for step in part.steps)]
    return [name.text for name in named if name is not None]
