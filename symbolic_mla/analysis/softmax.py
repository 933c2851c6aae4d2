"""What proofs may assume of softmax over the last axis, row by row: its weights, and how far they move.

Weights are never negative, and those of a row add up to 1, by definition. The derivative at x is diag(p) - p pᵀ,
symmetric, and the absolute values in row i add up to 2 pᵢ (1 - pᵢ) <= 1/2, which bounds the spectral norm (Gershgorin);
along the segment from y to x that bounds the difference: softmax is Lipschitz with constant 1/2.
Source: Nair, *Softmax is 1/2-Lipschitz*, arXiv 2510.23012; with the constant 1, Gao and Pavel, arXiv 1704.00805.
"""

from __future__ import annotations

from fractions import Fraction

from symbolic_mla.algebra import ones, squared
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Einsum, Sum, Term
from symbolic_mla.laws.order import Entry, entry


def softmax(x: Term) -> Term:
    """softmax(x)."""
    return Apply("softmax", x)


def lipschitz(x: Term, y: Term) -> Compare:
    """‖softmax(x) - softmax(y)‖² <= 1/4 ‖x - y‖². Raises: ShapeError where the shapes differ."""
    moved, own = (entry(squared(Sum(((1, a), (-1, b)), x.axes))) for a, b in ((softmax(x), softmax(y)), (x, y)))
    return Compare(moved, "<=", own * Fraction(1, 4))


def row_sums(x: Term) -> Equation:
    """softmax(x) 1 = 1: the weights of each row add up to 1."""
    *rows, last = ((k,) for k in range(len(x.axes)))
    total = Einsum(((softmax(x), (*rows, last)), (ones(x.axes[-1]), (last,))), tuple(rows), x.axes)
    return Equation(total, ones(*x.axes[:-1]))


def weighted(t: Term) -> Compare | None:
    """0 <= Σ w m², for weights of softmax and a tensor m, twice at the same indices; None for other terms."""
    operands = t.operands if isinstance(t, Einsum) and not t.output else ()
    rest = [o for o in operands if not (isinstance(o[0], Apply) and o[0] == softmax(o[0].term))]
    squares = len(rest) < len(operands) and len(rest) in (0, 2) and rest == rest[:1] * len(rest)
    return Compare(scalar(0), "<=", entry(t)) if squares else None


def lipschitz_grants(h: object) -> bool:
    """Whether a statement says how far softmax moves."""
    for g in h.left.generators() if isinstance(h, Compare) else ():
        difference = g.term.operands[0][0] if isinstance(g, Entry) and isinstance(g.term, Einsum) else None
        sides = [t.term for _, t in difference.parts if isinstance(t, Apply)] if isinstance(difference, Sum) else []
        if len(sides) == 2 and sides[0].axes == sides[1].axes:
            return h == lipschitz(*sides)
    return False


def weights_grant(h: object) -> bool:
    """Whether a statement says that weights add up to 1, or that what they weigh is not negative."""
    if isinstance(h, Equation) and isinstance(h.left, Einsum) and h.left.operands:
        t = h.left.operands[0][0]
        return isinstance(t, Apply) and h == row_sums(t.term)
    found = [g.term for g in h.right.generators() if isinstance(g, Entry)] if isinstance(h, Compare) else []
    return len(found) == 1 and h == weighted(found[0])
