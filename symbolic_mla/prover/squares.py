"""Prove that tensors are equal because the squares of their differences add up to nothing.

Over the reals a norm is 0 only at 0. So an inequality that is known, or hypotheses that rewrite the square, may show an
equation that no rewriting of its sides shows: Aᵀ A = 0 gives A = 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.algebra import squared
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.term import Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.order import entry
from symbolic_mla.prover.difference import difference
from symbolic_mla.prover.order import prove_order


def prove_by_squares(left: Term, right: Term, facts: Sequence[Theorem]) -> Theorem | None:
    """left = right as a theorem, where ‖left - right‖² <= 0 was found; else None."""
    parts = tuple((c, t) for c, t in ((1, left), (-1, right)) if t != Sum((), t.axes))
    gap = parts[0][1] if len(parts) == 1 else Sum(parts, left.axes)
    found = prove_order(entry(squared(gap)), scalar(0), facts)
    if found is None:
        return None
    nothing = derive("zero-squares", found, gap)
    equal = difference(left, right, ((1 if parts[:1] == ((1, left),) else -1, nothing),))
    return equal.theorem() if equal.vanishes else None
