"""What checking a document gives: a verdict for every step, claim and document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.statement import Compare, Statement
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.language.documents import Block, Document
from symbolic_mla.language.environment import Hypothesis
from symbolic_mla.language.scope import Scope
from symbolic_mla.language.syntax import Claim, Item
from symbolic_mla.prover.difference import Difference
from symbolic_mla.record import record

if TYPE_CHECKING:
    from symbolic_mla.instance.evaluate import Instance
    from symbolic_mla.prover.refute import Counterexample

Verdict = Literal["proved", "refuted", "undecided", "error"]
ORDER: tuple[Verdict, ...] = ("proved", "undecided", "refuted", "error")
"""From best to worst: a claim has the worst verdict of its steps."""


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The worst of some verdicts. Of none: an error, since nothing was shown.

    >>> worst(["proved", "refuted", "undecided"])
    'refuted'
    """
    return max(verdicts, key=ORDER.index, default="error")


@record
class Argued:
    """A written argument that was followed: the text of each line, and what it gave."""

    lines: tuple[tuple[Span, str, str], ...]
    held: bool


@record
class StepResult:
    """One step of a claim: its sides as written, its verdict, and what shows it. `granted`: the axioms of analysis of
    which the theorem assumes instances."""

    span: Span
    left: str
    relation: str
    right: str
    verdict: Verdict
    reason: str
    statement: Statement | None = None
    theorem: Theorem | None = None
    counterexample: Counterexample | None = None
    left_over: Difference | None = None
    error: SymbolicMLAError | None = None
    argued: Argued | None = None
    granted: frozenset[str] = frozenset()

    @property
    def numbers(self) -> tuple[Scalar, Scalar] | None:
        """The sides of a comparison in the order in which they are written: the kernel turns `a >= b` round, and says
        `a < b` of integers as a + 1 <= b."""
        s = self.statement
        if not isinstance(s, Compare):
            return None
        low = s.left - 1 if self.relation in ("<", ">") else s.left
        return (s.right, low) if self.relation in (">", ">=") else (low, s.right)

    @property
    def message(self) -> str:
        """What to tell a person who asks why."""
        return str(self.error) if self.error else self.reason


@record
class ClaimResult:
    """A claim: its steps, and its verdict, which is the worst of theirs."""

    item: Claim
    kind: Literal["chain", "exists", "iff"]
    steps: tuple[StepResult, ...]
    cites: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.item.id.text

    @property
    def expected(self) -> Literal["proved", "refuted"]:
        return self.item.expected

    @property
    def verdict(self) -> Verdict:
        return worst([s.verdict for s in self.steps])

    @property
    def as_expected(self) -> bool:
        return self.verdict == self.expected

    @property
    def theorems(self) -> tuple[Theorem, ...]:
        """The theorems of the steps that are proved."""
        return tuple(s.theorem for s in self.steps if s.theorem is not None)

    @property
    def axioms(self) -> tuple[str, ...]:
        """The axioms of analysis of its proofs: those that the kernel keeps, and those that grant an assumption."""
        return tuple(sorted({a for t in self.theorems for a in t.axioms}.union(*(s.granted for s in self.steps))))

    @property
    def hypotheses(self) -> frozenset[Statement]:
        """What the proved steps assume."""
        return frozenset(h for t in self.theorems for h in t.hypotheses)


@record
class ErrorBlockResult:
    """A block that expects an error: which it expects, and which was met (None: none)."""

    block: Block
    met: SymbolicMLAError | None

    @property
    def as_expected(self) -> bool:
        return self.met is not None and self.met.kind == self.block.expected_error


@dataclass
class DocumentResult:
    """A document, checked. `fatal` is the first that could not be read, `faults` are all of it (what follows is judged
    where it does not rest on them); `model` is an instance that satisfies its hypotheses.

    `warnings` may cast doubt on a verdict, `notes` do not.
    """

    document: Document
    scope: Scope
    parts: list[Item | ClaimResult | ErrorBlockResult] = field(default_factory=list)
    fatal: SymbolicMLAError | None = None
    model: Instance | None = None
    warnings: list[str] = field(default_factory=list)
    mended: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # repairs by claim, once looked for
    notes: list[str] = field(default_factory=list)
    faults: list[SymbolicMLAError] = field(default_factory=list)

    @property
    def path(self) -> str:
        return self.document.path

    @property
    def claims(self) -> list[ClaimResult]:
        return [p for p in self.parts if isinstance(p, ClaimResult)]

    @cached_property
    def named(self) -> Counter[str]:
        """How many claims have each name; asked once all are judged."""
        return Counter(c.id for c in self.claims)

    @property
    def error_blocks(self) -> list[ErrorBlockResult]:
        return [p for p in self.parts if isinstance(p, ErrorBlockResult)]

    @property
    def hypotheses(self) -> list[Hypothesis]:
        return self.scope.hypotheses

    @property
    def exit_code(self) -> int:
        """0: all as the document expects; 1: some claim is not; 2: something could not be read."""
        if self.fatal is not None:
            return 1 if self.fatal.kind == "budget" else 2  # what a limit left unread is undecided
        met = [c.as_expected for c in self.claims] + [b.as_expected for b in self.error_blocks]
        return 0 if all(met) else 1
