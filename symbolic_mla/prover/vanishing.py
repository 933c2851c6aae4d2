"""Prove that tensors are equal because their difference has norm 0, or rank 0.

So an inequality that is known, or hypotheses that rewrite the square, may show an equation that no rewriting of its
sides shows: over the reals Aᵀ A = 0 gives A = 0, and for square matrices A B = I gives B A = I.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symbolic_mla.algebra import squared
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.term import Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.notation import identity
from symbolic_mla.laws.order import entry
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover.difference import difference
from symbolic_mla.prover.numbers import prove_comparison
from symbolic_mla.prover.order import prove_order


def prove_by_vanishing(left: Term, right: Term, facts: Sequence[Theorem], doubt: Callable[[], bool]) -> Theorem | None:
    """left = right as a theorem, where ‖left - right‖² <= 0 or rank(left - right) <= 0 was found; else None."""
    sides = [(1, left), (-1, right)]
    if len(left.axes) == 2 and right == identity(left.axes[0]):
        sides = [(1, right), (-1, left)]  # more is known of I - X than of X - I
    parts = tuple((c, t) for c, t in sides if t != Sum((), t.axes))
    if not parts:
        return None
    gap = parts[0][1] if len(parts) == 1 else Sum(parts, left.axes)
    zero = scalar(0)
    norm = prove_order(entry(squared(gap)), zero, facts)
    if norm is not None:
        nothing = derive("zero-squares", norm, gap)
    elif len(gap.axes) == 2 and (bound := prove_comparison(rank(gap), "<=", zero, facts, doubt)) is not None:
        nothing = derive("rank-zero", bound, gap)
    else:
        return None
    equal = difference(left, right, ((1 if parts[0] == (1, left) else -1, nothing),))
    return equal.theorem() if equal.vanishes else None
