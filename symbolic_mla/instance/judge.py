"""Does a statement hold at an instance? True and False are exact; None says that it was not decided here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symbolic_mla.errors import CertificateError, ShapeError, UnsupportedError
from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.instance.linear import solvable
from symbolic_mla.instance.values import differs_from_zero, enclosure, rank, size
from symbolic_mla.kernel.scalar import Scalar, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.rank import factorised


def holds(s: Statement, at: Instance) -> bool | None:
    """Whether a statement is true at an instance (for its unknowns, by ranks, or as a linear system)."""
    try:
        return _holds(s, at)
    except UnsupportedError:
        return None


def _holds(s: Statement, at: Instance) -> bool | None:
    if isinstance(s, Equation):
        return equal(at.value(s.left), at.value(s.right))
    if isinstance(s, Compare):
        gap = at.number(s.right - s.left)
        if s.relation == "=":
            differs = differs_from_zero(gap)
            return None if differs is None else not differs
        return _never_negative(gap)
    if isinstance(s, Iff):
        sides = holds(s.left, at), holds(s.right, at)
        return None if None in sides else sides[0] == sides[1]
    if isinstance(s, Exists):
        try:
            stacked, m = factorised(s)
        except (CertificateError, ShapeError):
            return solvable(s, at)
        return rank(at.value(stacked).rows()) <= size(m, at.numbers)
    return None


def equal(left: Tensor, right: Tensor) -> bool | None:
    """Exact numbers: whether all entries are equal. Intervals: False if two are disjoint, and else None."""
    exact = True
    for x, y in zip(left.entries, right.entries, strict=True):
        if type(x) is int and type(y) is int:
            if x != y:
                return False
        elif isinstance(x, int | Fraction | Scalar):
            differs = differs_from_zero(scalar(x) - y)
            if differs:
                return False
            exact = exact and differs is False
        elif 0 not in x - y:
            return False
        else:
            exact = False
    return True if exact else None


def _never_negative(gap: Any) -> bool | None:
    if isinstance(gap, int | Fraction):
        return gap >= 0
    inside = enclosure(gap) if isinstance(gap, Scalar) else gap
    return True if inside >= 0 else False if inside < 0 else None
