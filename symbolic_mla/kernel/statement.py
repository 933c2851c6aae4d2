"""Statements: what a theorem says. Equations of tensors, comparisons of numbers, existence, equivalence.

Here too are the few notations that rules speak in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import prod

from symbolic_mla.errors import ShapeError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Generator, Number, Scalar, bounded, never_negative, scalar
from symbolic_mla.kernel.term import Atom, Einsum, Sum, Term, subterms


@dataclass(frozen=True)
class Rank(Generator):
    """The rank of a matrix over the reals: a number that statements may speak of."""

    term: Term

    def __post_init__(self) -> None:
        if len(self.term.axes) != 2:
            raise ShapeError(f"rank is of a matrix, and this has {len(self.term.axes)} axes")

    @cached_property
    def key(self) -> str:  # type: ignore[override]
        return f"rank {self.term!r}"

    @property
    def sign(self) -> str:  # type: ignore[override]
        return "nonnegative"


@dataclass(frozen=True)
class Extreme(Generator):
    """The least ("min") or greatest ("max") of some numbers."""

    kind: str
    of: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        if self.kind not in ("min", "max") or not self.of:
            raise ShapeError(f"no such extreme: {self.kind} of {len(self.of)}")
        bounded(self.key)

    @cached_property
    def key(self) -> str:  # type: ignore[override]
        return f"{self.kind}({', '.join(map(str, self.of))})"

    @cached_property
    def sign(self) -> str:  # type: ignore[override]
        return "nonnegative" if all(map(never_negative, self.of)) else "real"


@dataclass(frozen=True)
class Entry(Generator):
    """The one entry of a tensor without axes, as a number. A sum of squares is never negative."""

    term: Term

    def __post_init__(self) -> None:
        if self.term.axes:
            raise ShapeError(f"a tensor with {len(self.term.axes)} axes is not a number")
        operands = self.term.operands if isinstance(self.term, Einsum) else ()
        object.__setattr__(self, "sign", "nonnegative" if operands and operands == operands[:1] * 2 else "real")
        object.__setattr__(self, "key", f"entry {self.term!r}")


@dataclass(frozen=True, slots=True)
class Equation:
    """Two tensors of the same axes are equal."""

    left: Term
    right: Term

    def __post_init__(self) -> None:
        Sum(((1, self.left), (1, self.right)), self.left.axes)  # raises where the axes differ


@dataclass(frozen=True, slots=True)
class Compare:
    """left <= right, or left = right, for numbers."""

    left: Scalar
    relation: str
    right: Scalar

    def __post_init__(self) -> None:
        if self.relation not in ("<=", "="):
            raise ShapeError(f"no such relation: {self.relation}")


@dataclass(frozen=True, slots=True)
class Exists:
    """There are `unknowns`, chosen before `inner`, such that for all `inner` the equations hold."""

    unknowns: tuple[Atom, ...]
    inner: tuple[Atom, ...]
    equations: tuple[Equation, ...]

    def __post_init__(self) -> None:
        bound = {a.name: a for a in self.quantified()}
        if not self.unknowns or not self.equations or len(bound) < len(self.quantified()):
            raise ShapeError("an existence claim needs unknowns with distinct names, and an equation")
        if any(type(e) is not Equation for e in self.equations) or any(type(a) is not Atom for a in self.quantified()):
            raise ShapeError("an existence claim is about symbols and equations")
        occurring = subterms(*(side for e in self.equations for side in (e.left, e.right)))
        if any(isinstance(t, Atom) and bound.get(t.name, t) != t for t in occurring):
            raise ShapeError("a quantified symbol occurs with another shape")

    def quantified(self) -> tuple[Atom, ...]:
        """The symbols that have a meaning only inside."""
        return self.unknowns + self.inner


@dataclass(frozen=True, slots=True)
class Iff:
    """Each side follows from the other. A side is no equivalence itself."""

    left: Statement
    right: Statement

    def __post_init__(self) -> None:
        if not all(type(s) in (Equation, Compare, Exists) for s in (self.left, self.right)):
            raise ShapeError("a side of an equivalence is an equation, a comparison or an existence claim")


Statement = Equation | Compare | Exists | Iff


def matmul(a: Term, b: Term) -> Term:
    """A B."""
    if len(a.axes) != 2 or len(b.axes) != 2:
        raise ShapeError("a product of matrices needs two axes each")
    return Einsum(((a, ((0,), (1,))), (b, ((1,), (2,)))), ((0,), (2,)), (a.axes[0], a.axes[1], b.axes[1]))


def transpose(a: Term) -> Term:
    """The transpose of a matrix."""
    return Einsum(((a, ((0,), (1,))),), ((1,), (0,)), a.axes)


def kron(a: Term, b: Term) -> Term:
    """The Kronecker product of two matrices, the first factor most significant."""
    return Einsum(((a, ((0,), (1,))), (b, ((2,), (3,)))), ((0, 2), (1, 3)), a.axes + b.axes)


def identity(p: Axis) -> Term:
    """The identity matrix of an axis."""
    return Einsum((), ((0,), (0,)), (p,))


def rank(term: Term) -> Scalar:
    """rank(term) as a number."""
    return scalar(Rank(term))


def entry(term: Term) -> Scalar:
    """A tensor without axes as a number, sums and products of numbers part by part."""
    if isinstance(term, Sum):
        return sum((entry(t) * c for c, t in term.parts), start=scalar(0))
    if isinstance(term, Einsum) and not term.labels and not term.output:
        return prod((entry(t) for t, _ in term.operands), start=scalar(1))
    return scalar(Entry(term))


def extreme(kind: str, numbers: Iterable[Number]) -> Scalar:
    """min(...) or max(...) as a number."""
    return scalar(Extreme(kind, tuple(map(scalar, numbers))))
