"""The rank of a matrix over the reals, and the factorisations that a bound of it gives.

Source of the laws: Horn and Johnson, *Matrix Analysis*, 2nd ed., 0.4 (products, sums, Sylvester, Frobenius, Gram)
and 4.2 of their *Topics* (Kronecker's product).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symbolic_mla.errors import CertificateError, ShapeError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import names, need
from symbolic_mla.kernel.scalar import Generator, Scalar, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Stack, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, compared, equal
from symbolic_mla.laws.existence import Exists, free_of
from symbolic_mla.laws.notation import identity, kron, matmul, transpose


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


def rank(term: Term) -> Scalar:
    """rank(term) as a number."""
    return scalar(Rank(term))


def _equal(t: Theorem) -> Compare:
    return Compare(rank(equal(t).left), "=", rank(equal(t).right))


def _sum(a: Sum) -> Compare:
    """Subadditivity; the zero matrix has rank 0."""
    need(isinstance(a, Sum), "subadditivity is about a sum")
    return Compare(rank(a), "<=", sum((rank(t) for _, t in a.parts), start=scalar(0)))


def _zero(t: Theorem, a: Term) -> Equation:
    """Only the zero matrix has rank 0."""
    fact = compared(t, "<=", "=")
    need((fact.left, fact.right) == (rank(a), scalar(0)), "this rests on a rank that is at most 0")
    return Equation(a, Sum((), a.axes))


def factorised(s: Statement) -> tuple[Term, Axis]:
    """For `exists U_i, V with A_i = U_i V`: the stack of the A_i, and the inner axis. Raises on any other form."""
    if not isinstance(s, Exists) or s.inner:
        raise CertificateError("this is not a factorisation with all its unknowns last")
    sides = tuple(e.left for e in s.equations)
    factors = [e.right.children() for e in s.equations]
    products = all(len(f) == 2 and e.right == matmul(*f) for e, f in zip(s.equations, factors, strict=True))
    need(products, "not A_i = U_i V")
    us, v = [f[0] for f in factors], factors[0][1]
    distinct = len({*us, v}) == len(us) + 1 and {f[1] for f in factors} == {v} and {*us, v} == set(s.unknowns)
    need(distinct, "not A_i = U_i V with distinct unknowns")
    need(names(*sides).isdisjoint(a.name for a in s.unknowns), "an unknown occurs outside its factor")
    return (sides[0] if len(sides) == 1 else Stack(sides, 0)), v.axes[0]


def _exists_rank(s: Exists, bound: Theorem, axiom: str) -> Any:
    """rank(stack of A_i) <= m gives A_i = U_i V through m rows, by a factorisation theorem of linear algebra."""
    stacked, m = factorised(s)
    need(axiom in ("svd", "rank-factorisation"), f"no such axiom: {axiom}")
    fact = compared(bound, "<=", "=")
    need((fact.left, fact.right) == (rank(stacked), m.size()), "the bound is on another rank")
    free_of((a.name for a in s.unknowns), bound)
    return s, None, axiom


def _rank_of_exists(t: Theorem) -> Compare:
    stacked, m = factorised(t.conclusion)
    return Compare(rank(stacked), "<=", m.size())


RULES: Mapping[str, Callable[..., Any]] = {
    "rank-equal": _equal,
    "rank-sum": _sum,
    "rank-zero": _zero,
    "rank-size": lambda a, k: Compare(rank(a), "<=", a.axes[bool(k)].size()),
    "rank-factor": lambda a, b, k: Compare(rank(matmul(a, b)), "<=", rank(b if k else a)),
    "rank-identity": lambda p: Compare(rank(identity(p)), "=", p.size()),
    "rank-kron": lambda a, b: Compare(rank(kron(a, b)), "=", rank(a) * rank(b)),
    # over the reals, A^T A x = 0 only if A x = 0
    "rank-gram": lambda a: Compare(rank(matmul(transpose(a), a)), "=", rank(a)),
    "rank-sylvester": lambda a, b: Compare(rank(a) + rank(b), "<=", rank(matmul(a, b)) + a.axes[1].size()),
    "rank-frobenius": lambda a, b, c: Compare(
        rank(matmul(a, b)) + rank(matmul(b, c)), "<=", rank(b) + rank(matmul(matmul(a, b), c))),
    "exists-rank": _exists_rank,
    "rank-of-exists": _rank_of_exists,
}  # fmt: skip
