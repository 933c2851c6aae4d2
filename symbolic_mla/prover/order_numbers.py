"""An inequality between numbers from others: traces and squares are taken as they stand, nothing is multiplied out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from symbolic_mla.kernel.scalar import Monomial, Scalar, never_negative
from symbolic_mla.kernel.statement import Compare
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.order import Entry
from symbolic_mla.prover.feasible import nonnegative

MAX_COLUMNS = 400


def follows(left: Scalar, right: Scalar, facts: Sequence[Theorem], multipliers: Sequence[Scalar]) -> Theorem | None:
    """left <= right, as a sum of multiples of facts and of what is never negative; None where it is not seen."""
    gap = right - left
    columns: list[dict[Monomial, Fraction]] = []
    uses: list[tuple[Scalar, Theorem] | None] = []
    for fact in facts:
        c = fact.conclusion
        if not isinstance(c, Compare):
            continue
        for m in multipliers:
            for sign in (1, -1) if c.relation == "=" else (1,):
                columns.append(dict((m * sign * (c.right - c.left)).terms))
                uses.append((m * sign, fact))
    for monomial in dict.fromkeys(m for terms in (gap.terms, *columns) for m in terms):
        part = Scalar([(monomial, Fraction(1))])
        if never_negative(part):
            columns.append({monomial: Fraction(1)})
            uses.append(None)
    weights = nonnegative(columns, dict(gap.terms)) if len(columns) <= MAX_COLUMNS else None
    if weights is None:
        return None
    chosen = tuple((w * use[0], use[1]) for w, use in zip(weights, uses, strict=True) if w and use is not None)
    return derive("arithmetic", left, "<=", right, chosen)


def quotients(left: Scalar, right: Scalar, facts: Sequence[Theorem]) -> list[Scalar]:
    """What may stand before a fact: the quotients of monomials of the gap by those of the facts, if never negative."""
    found: dict[Scalar, None] = {Scalar([((), Fraction(1))]): None}
    wanted = list((right - left).terms)
    for fact in facts:
        c = fact.conclusion
        if isinstance(c, Compare):
            for m in (c.right - c.left).terms:
                found |= dict.fromkeys(q for w in wanted for q in _quotient(w, m))
    return list(found)


def _quotient(whole: Monomial, part: Monomial) -> Iterator[Scalar]:
    powers = dict(whole)
    for g, e in part:
        powers[g] = powers.get(g, 0) - e
    kept = tuple(sorted(((g, e) for g, e in powers.items() if e), key=lambda t: t[0].key))
    if all(e > 0 or not isinstance(g, Entry) for g, e in kept) and all(
        e > 0 or g.sign in ("dimension", "positive") for g, e in kept
    ):
        found = Scalar([(kept, Fraction(1))])
        if never_negative(found):
            yield found
