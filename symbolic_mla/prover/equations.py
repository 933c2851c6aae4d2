"""Prove an equation: by its index form, as a combination of hypotheses, by putting in one of them, or by rewriting,
of symbols, and of values of functions under a name."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, islice

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.prover.combination import combination, multiples
from symbolic_mla.prover.completion import consequences
from symbolic_mla.prover.difference import Difference, difference
from symbolic_mla.prover.effort import effort
from symbolic_mla.prover.opaque import prove_opaque
from symbolic_mla.prover.replacing import replacements
from symbolic_mla.prover.rewriting import Rule, rewrite, rules_of

MAX_STATES = 60  # ways of applying rules that do not shrink
MAX_REPLACED = 16  # facts put in as they stand
MAX_COMPLETION = 6_000  # networks expanded to see what facts give together, and to rewrite with that


def prove_equation(
    left: Term, right: Term, facts: Sequence[Theorem] = (), *, states: int = MAX_STATES, together: bool = True
) -> Theorem | Difference:
    """A theorem, or what is left when like terms have cancelled. Rules that do not shrink are tried in at most
    `states` ways; with `together`, what facts give together is tried too. Raises BudgetError."""
    plain = difference(left, right)
    if plain.vanishes:
        return plain.theorem()
    combined = combination(plain, facts)
    if combined is not None:
        return combined.theorem()
    for use in islice(chain(multiples(plain, facts), replacements(left, right, facts)), MAX_REPLACED):
        found = difference(left, right, (use,))
        if found.vanishes:
            return found.theorem()
    opaque = prove_opaque(left, right, facts, partial(prove_equation, states=states, together=together))
    if opaque is not None:
        return opaque
    rules = [r for t in facts for r in rules_of(t)]
    if not rules:
        return plain
    found = rewrite(plain, rules, states)
    if not found.vanishes:
        found = combination(found, facts) or found
    if not found.vanishes and together:
        found = _completed(plain, rules) or found
    if found.vanishes:
        return found.theorem()
    return found if found.uses and len(found.networks()) < len(plain.networks()) else plain


def _completed(plain: Difference, rules: list[Rule]) -> Difference | None:
    """The same with what the facts give together, if that makes the rest vanish. It has a budget of its own."""
    with suppress(BudgetError), effort(MAX_COMPLETION):
        more = consequences(rules)
        found = rewrite(plain, [*rules, *(r for t in more for r in rules_of(t))], MAX_STATES // 4) if more else plain
        return found if found.vanishes else combination(found, more)
    return None
