"""Does a statement hold at an instance? True and False are exact; None says that it was not decided here."""

from __future__ import annotations

from symbolic_mla.errors import CertificateError
from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.instance.functions import lift
from symbolic_mla.instance.values import rank, size
from symbolic_mla.kernel.scalar import Number, Scalar, is_zero, scalar
from symbolic_mla.kernel.theorem import Compare, Equation, Exists, Iff, Statement, factorised


def holds(s: Statement, at: Instance) -> bool | None:
    """Whether a statement is true at an instance (for its unknowns, by the rank criterion)."""
    if isinstance(s, Equation):
        return equal(at.value(s.left), at.value(s.right))
    if isinstance(s, Compare):
        left, right = at.number(s.left), at.number(s.right)
        if s.relation == "=":
            return is_zero(left - scalar(right))
        return _at_most(left, right)
    if isinstance(s, Iff):
        sides = holds(s.left, at), holds(s.right, at)
        return None if None in sides else sides[0] == sides[1]
    if isinstance(s, Exists):
        try:
            stacked, m = factorised(s)
        except CertificateError:
            return None
        return rank(at.value(stacked).rows()) <= size(m, at.numbers)
    return None


def equal(left: Tensor, right: Tensor) -> bool | None:
    """Exact numbers: whether all entries are equal. Intervals: False if two are disjoint, and else None."""
    exact = True
    for x, y in zip(left.entries, right.entries, strict=True):
        if isinstance(x, (int, Scalar)) or hasattr(x, "numerator"):
            if not is_zero(scalar(x) - y):
                return False
        elif 0 not in x - y:
            return False
        else:
            exact = False
    return True if exact else None


def _at_most(left: Number, right: Number) -> bool | None:
    gap = right - scalar(left)
    if all(m == () for m in gap.terms):
        return all(c > 0 for c in gap.terms.values())
    enclosure = lift(gap)
    return True if enclosure >= 0 else False if enclosure < 0 else None
