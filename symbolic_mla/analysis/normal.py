"""What proofs may assume of `normalize`, x/|x| along the last axis and 0 for 0: positive factors are forgotten.

|a x| = a |x| for a > 0. Source: the definition of a norm.
"""

from __future__ import annotations

from symbolic_mla.errors import DomainError
from symbolic_mla.kernel.scalar import Number, positive
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Sum, Term


def normalize(x: Term) -> Term:
    """normalize(x)."""
    return Apply("normalize", x)


def any_length(a: Number, x: Term) -> Equation:
    """normalize(a x) = normalize(x), for a number a that is known to be positive. Raises: DomainError for others."""
    if not positive(a):
        raise DomainError("a factor that is not known to be positive")
    return Equation(normalize(Sum(((a, x),), x.axes)), normalize(x))


def grants(h: object) -> bool:
    """Whether a statement says that a positive factor is forgotten."""
    scaled = h.left.term if isinstance(h, Equation) and isinstance(h.left, Apply) else None
    if not isinstance(scaled, Sum) or len(scaled.parts) != 1:
        return False
    ((a, x),) = scaled.parts
    return positive(a) and h == any_length(a, x)
