"""What a claim becomes: steps, existence and equivalence, each a kernel statement or the error that it has instead."""

from __future__ import annotations

from typing import Literal

from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.record import record


@record
class ElaboratedStep:
    """One relation between two neighbouring sides: a kernel statement, or the error that it has instead."""

    span: Span
    relation: s.Relation
    left: s.Expr
    right: s.Expr
    statement: Statement | None
    error: SymbolicMLAError | None
    by: str | None


@record
class Move:
    """A line of an argument: values for the inputs of `for all`, once or (`alike`) twice, or what follows (`so`)."""

    span: Span
    inputs: tuple[tuple[Atom, Term], ...] = ()
    others: tuple[tuple[Atom, Term], ...] | None = None
    alternatives: tuple[Equation, ...] = ()


@record
class Existence:
    """`exists ... for all ... with ...`.

    `equations` are the lines as written; those of `statement` have a product of unknowns on the right.
    `witnesses` are one term for each unknown, in the order of `statement.unknowns`; None without `take`.
    `error` is that of the quantifiers, of an equation or of the witnesses; after a faulty witness
    `statement` is still there.
    """

    span: Span
    statement: Exists | None
    equations: tuple[ElaboratedStep, ...]
    witnesses: tuple[Term, ...] | None
    take: tuple[s.Witness, ...]
    error: SymbolicMLAError | None
    argument: tuple[Move, ...] = ()


@record
class Equivalence:
    """`left iff right`: each side is one step or an existence."""

    span: Span
    statement: Iff | None
    left: ElaboratedStep | Existence | None
    right: ElaboratedStep | Existence | None
    error: SymbolicMLAError | None


@record
class ElaboratedClaim:
    """A claim: `steps` of a chain, or an existence, or an equivalence."""

    id: str
    expected: Literal["proved", "refuted"]
    span: Span
    by: str | None
    steps: tuple[ElaboratedStep, ...] = ()
    existence: Existence | None = None
    iff: Equivalence | None = None

    @property
    def errors(self) -> tuple[SymbolicMLAError, ...]:
        """Every error inside the claim, in the order of its lines."""
        parts = (*self.steps, self.existence, self.iff)
        return tuple(part.error for part in parts if part is not None and part.error is not None)
