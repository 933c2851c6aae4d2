"""Prove an equation: by its index form, as a combination of hypotheses, or by rewriting with them."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.prover.combination import combination
from symbolic_mla.prover.difference import Difference, difference
from symbolic_mla.prover.rewriting import rewrite, rules_of

MAX_STATES = 60  # ways of applying rules that do not shrink


def prove_equation(
    left: Term, right: Term, facts: Sequence[Theorem] = (), *, states: int = MAX_STATES
) -> Theorem | Difference:
    """A theorem, or what is left when like terms have cancelled. Rules that do not shrink are tried in at most
    `states` ways. Raises BudgetError."""
    plain = difference(left, right)
    if plain.vanishes:
        return plain.theorem()
    combined = combination(plain, facts)
    if combined is not None:
        return combined.theorem()
    rules = [r for t in facts for r in rules_of(t)]
    if rules:
        found = rewrite(plain, rules, states)
        if not found.vanishes:
            found = combination(found, facts) or found
        if found.vanishes:
            return found.theorem()
        return found if found.uses and len(found.networks()) < len(plain.networks()) else plain
    return plain
