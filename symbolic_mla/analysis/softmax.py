"""What proofs may assume of softmax over the last axis, row by row: its weights, how far they move, what moves none.

A number that is added to a whole row changes nothing: e^(x + c) = e^c e^x, and e^c cancels.

Weights are never negative, those of a row add up to 1, and equal scores have equal weights, by definition. The
derivative at x is diag(p) - p pᵀ, symmetric, and the absolute values in row i add up to 2 pᵢ (1 - pᵢ) <= 1/2, which
bounds the spectral norm (Gershgorin); along the segment from y to x that bounds the difference: softmax is Lipschitz
with constant 1/2.
Source: Nair, *Softmax is 1/2-Lipschitz*, arXiv 2510.23012; with the constant 1, Gao and Pavel, arXiv 1704.00805.
"""

from __future__ import annotations

from fractions import Fraction

from symbolic_mla.algebra import ones, scale, squared
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Einsum, Sum, Term
from symbolic_mla.laws.order import Entry, entry
from symbolic_mla.laws.softmax import row_sums as row_sums
from symbolic_mla.laws.softmax import softmax as softmax


def lipschitz(x: Term, y: Term) -> Compare:
    """‖softmax(x) - softmax(y)‖² <= 1/4 ‖x - y‖². Raises: ShapeError where the shapes differ."""
    moved, own = (entry(squared(Sum(((1, a), (-1, b)), x.axes))) for a, b in ((softmax(x), softmax(y)), (x, y)))
    return Compare(moved, "<=", own * Fraction(1, 4))


def equal_scores(x: Term, axis: Axis) -> Equation:
    """softmax(x repeated along a new last axis) = 1/p, where p is its size.

    Raises: DomainError where nothing can be divided by the size.
    """
    rows = tuple((k,) for k in range(len(x.axes)))
    repeated = Einsum(((x, rows),), (*rows, (len(rows),)), (*x.axes, axis))
    return Equation(softmax(repeated), scale(1 / axis.size(), ones(*x.axes, axis)))


def weighted(t: Term) -> Compare | None:
    """0 <= Σ w m², for weights of softmax and a tensor m, twice at the same indices; None for other terms."""
    operands = t.operands if isinstance(t, Einsum) and not t.output else ()
    rest = [o for o in operands if not (isinstance(o[0], Apply) and o[0] == softmax(o[0].term))]
    squares = len(rest) < len(operands) and len(rest) in (0, 2) and rest == rest[:1] * len(rest)
    return Compare(scalar(0), "<=", entry(t)) if squares else None


def shift(x: Term, c: Term) -> Equation:
    """softmax(x + c 1ᵀ) = softmax(x), c a number for each row. Raises: ShapeError where c has other rows."""
    *rows, _ = ((k,) for k in range(len(x.axes)))
    along = Einsum(((c, tuple(rows)),), tuple((k,) for k in range(len(x.axes))), x.axes)
    return Equation(softmax(Sum(((1, x), (1, along)), x.axes)), softmax(x))


def shift_grants(h: object) -> bool:
    """Whether a statement says that a number added to each row changes nothing."""
    if not isinstance(h, Equation) or not isinstance(h.left, Apply) or not isinstance(h.right, Apply):
        return False
    parts = h.left.term.parts if isinstance(h.left.term, Sum) else ()
    along = parts[1][1] if len(parts) == 2 else None
    c = along.operands[0][0] if isinstance(along, Einsum) and len(along.operands) == 1 else None
    return c is not None and c.axes == h.right.axes[:-1] and h == shift(h.right.term, c)


def lipschitz_grants(h: object) -> bool:
    """Whether a statement says how far softmax moves."""
    for g in h.left.generators() if isinstance(h, Compare) else ():
        difference = g.term.operands[0][0] if isinstance(g, Entry) and isinstance(g.term, Einsum) else None
        sides = [t.term for _, t in difference.parts if isinstance(t, Apply)] if isinstance(difference, Sum) else []
        if len(sides) == 2 and sides[0].axes == sides[1].axes:
            return h == lipschitz(*sides)
    return False


def weights_grant(h: object) -> bool:
    """Whether a statement says that weights add up to 1, that those of equal scores are equal, or that what they weigh
    is not negative."""
    if isinstance(h, Equation) and isinstance(h.left, Apply):
        scores = h.left.term
        return isinstance(scores, Einsum) and len(scores.operands) == 1 and h == equal_scores(
            scores.operands[0][0], scores.axes[-1])  # fmt: skip
    if isinstance(h, Equation) and isinstance(h.left, Einsum) and h.left.operands:
        t = h.left.operands[0][0]
        return isinstance(t, Apply) and h == row_sums(t.term)
    found = [g.term for g in h.right.generators() if isinstance(g, Entry)] if isinstance(h, Compare) else []
    return len(found) == 1 and h == weighted(found[0])
