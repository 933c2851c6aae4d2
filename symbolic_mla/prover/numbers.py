"""Prove comparisons of numbers: dimensions, ranks, min and max.

A goal left <= right is reached by adding facts until right - left has no negative monomial: for a negative
monomial, take a fact p <= q whose p contains it. The kernel checks the linear combination that results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import combinations, count

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.scalar import Monomial, Number, Scalar, is_zero, never_negative
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.order import Extreme
from symbolic_mla.laws.rank import Rank
from symbolic_mla.prover.order import prove_order, speaks_of_tensors
from symbolic_mla.prover.ranks import compare_ranks, comparison, complementary, known, parted, upper_bounds

MAX_DEPTH = 5
LONG = 2  # combinations of so many facts are tried only when no doubt is left
MAX_NODES = 4000


def prove_comparison(left: Scalar, relation: str, right: Scalar, facts: Sequence[Theorem] = (),
                     doubt: Callable[[], bool] = lambda: False) -> Theorem | None:  # fmt: skip
    """A theorem, or None where none was found (which says nothing of the truth). `doubt` is asked before the long part
    of the search: True gives it up."""
    if is_zero(right - left):
        return derive("arithmetic", left, relation, right, ())
    if not left.generators() and not right.generators():  # constants: no fact can help
        holds = relation == "<=" and never_negative(right - left)
        return derive("arithmetic", left, relation, right, ()) if holds else None
    if relation == "<=" and speaks_of_tensors(left, right):
        found = None if doubt() else prove_order(left, right, facts)
        if found is not None:
            return found
    library = _Library(facts, doubt, left, right)
    if relation == "<=":
        return _at_most(left, right, library)
    up = _at_most(left, right, library)
    down = _at_most(right, left, library) if up is not None else None
    return derive("antisymmetry", up, down) if down is not None else None


_Kept = tuple[list[Theorem], Iterator[Theorem]]


class _Library:
    """The facts at hand, those about ranks made when they are first asked for."""

    def __init__(self, facts: Sequence[Theorem], doubt: Callable[[], bool], *numbers: Scalar) -> None:
        self.given = list(facts)
        self.doubt = doubt
        self.facts = [t for t in facts if isinstance(t.conclusion, Compare)]
        self.nodes = MAX_NODES
        ranks: dict[Rank, None] = {}
        stated = [n for t in self.facts for n in (comparison(t).left, comparison(t).right)]
        for n in (*numbers, *stated):
            self._collect(n, ranks)
        for t in self.given:  # equal matrices have equal rank: U^T U = I bounds the rank of U from below
            e = t.conclusion
            if isinstance(e, Equation) and len(e.left.axes) == 2:
                self.facts.append(derive("rank-equal", t))
                ranks.setdefault(Rank(e.left))
                ranks.setdefault(Rank(e.right))
        self.ranks = list(ranks)
        self._made: dict[tuple[Rank, ...], _Kept] = {}

    def _collect(self, n: Scalar, ranks: dict[Rank, None]) -> None:
        for m in sorted(n.terms, key=lambda m: [g.key for g, _ in m]):
            for g, _ in m:
                if isinstance(g, Rank):
                    ranks.setdefault(g)
                elif isinstance(g, Extreme):
                    self.facts += [derive("extreme-bound", g.kind, g.of, k) for k in range(len(g.of))]
                    for x in g.of:
                        self._collect(x, ranks)

    def about(self, m: Monomial, rest: Scalar, last: bool) -> Iterator[Theorem]:
        """Facts that may bound a monomial of the rest from above; those that cost little first. The comparison of two
        ranks has no other monomials, so it is of use only where the monomial holds one of them; as the last step it
        must leave nothing, so the other is in the rest."""
        yield from self.facts
        own = [g for g, _ in m if isinstance(g, Rank)]
        there = {g for k in rest.terms for g, _ in k}
        for g in own:
            yield from self._keep((g,), self._known(g))
            for other in list(self.ranks):
                if other != g and (other in there or not last):
                    yield from self._keep((g, other), self._compared(g, other))
            yield from self._keep((g, g), upper_bounds(g.term))
            for other in list(self.ranks):
                if other != g and other in there:
                    yield from self._keep((g, other, other, g), self._followed(parted(g.term, other.term)))
        for g in list(self.ranks):
            if g not in own:
                yield from self._keep((g,), self._known(g))
        for g, other in combinations([g for g in self.ranks if g in there], 2):
            if not own or g in own or other in own:
                yield from self._keep((g, other, g), complementary(g.term, other.term, self.given))

    def _keep(self, about: tuple[Rank, ...], facts: Iterator[Theorem]) -> Iterator[Theorem]:
        """Facts, each made when it is first asked for, and kept: by this search, or by one that it has begun since."""
        kept, more = self._made.setdefault(about, ([], facts))
        for place in count():
            if place == len(kept):
                fact = next(more, None)
                if fact is None:
                    return
                kept.append(fact)
            yield kept[place]

    def _known(self, g: Rank) -> Iterator[Theorem]:
        return self._followed(known(g.term, self.given))

    def _followed(self, facts: Iterator[Theorem]) -> Iterator[Theorem]:
        """Facts; the ranks that they speak of are looked into from then on."""
        for fact in facts:
            yield fact
            new: dict[Rank, None] = {}
            self._collect(comparison(fact).left, new)
            self._collect(comparison(fact).right, new)
            self.ranks += [r for r in new if r not in self.ranks]

    def _compared(self, g: Rank, other: Rank) -> Iterator[Theorem]:
        yield from self._keep((other, g, g), compare_ranks(g.term, other.term, self.given))
        yield from self._keep((g, other, other), compare_ranks(other.term, g.term, self.given))


def _at_most(left: Scalar, right: Scalar, library: _Library) -> Theorem | None:
    """left <= right."""
    below, above = _extreme(right, "min"), _extreme(left, "max")
    if below is not None:
        bounds = [_at_most(left, x, library) for x in below]
        if all(b is not None for b in bounds):
            return derive("extreme-intro", "min", tuple(bounds))
        return None
    if above is not None:
        bounds = [_at_most(x, right, library) for x in above]
        if all(b is not None for b in bounds):
            return derive("extreme-intro", "max", tuple(bounds))
        return None
    with suppress(BudgetError):
        for depth in range(MAX_DEPTH + 1):  # the shortest combination first
            if depth == LONG and library.doubt():
                return None
            uses = _search(right - left, library, depth, (), {})
            if uses is not None:
                return derive("arithmetic", left, "<=", right, uses)
    return None


def _extreme(n: Scalar, kind: str) -> tuple[Scalar, ...] | None:
    if len(n.terms) == 1:
        ((m, c),) = n.terms.items()
        if c == 1 and len(m) == 1 and m[0][1] == 1 and isinstance(m[0][0], Extreme) and m[0][0].kind == kind:
            return m[0][0].of
    return None


Uses = tuple[tuple[Number, Theorem], ...]


def _search(rest: Scalar, library: _Library, depth: int, done: Uses, seen: dict[Scalar, int]) -> Uses | None:
    """Facts, with multipliers, that leave a rest which is never negative."""
    if seen.get(rest, -1) >= depth:
        return None  # this rest was tried with as many steps to go
    seen[rest] = depth
    library.nodes -= 1
    if library.nodes < 0:
        raise BudgetError("the search for an inequality ran out of steps")
    if never_negative(rest):
        return done
    if depth == 0:
        return None
    negative = sorted((m for m, c in rest.terms.items() if c < 0),
                      key=lambda m: (not any(isinstance(g, Rank) for g, _ in m), [g.key for g, _ in m]))  # fmt: skip
    for m in negative[:2]:
        for fact in library.about(m, rest, depth == 1):
            for factor in _factors(rest, m, fact):
                conclusion = fact.conclusion
                if not isinstance(conclusion, Compare) or any(t is fact and f == factor for f, t in done):
                    continue
                smaller = rest + factor * _excess(conclusion.left, conclusion.right)
                if m in smaller.terms and smaller.terms[m] <= rest.terms[m]:
                    continue
                found = _search(smaller, library, depth - 1, (*done, (factor, fact)), seen)
                if found is not None:
                    return found
    return None


@lru_cache(maxsize=4096)
def _excess(left: Scalar, right: Scalar) -> Scalar:
    """left - right, of a fact that a search meets at every node."""
    return left - right


def _factors(rest: Scalar, m: Monomial, fact: Theorem) -> Iterator[Scalar]:
    """Multiples of a fact that cancel a monomial of the rest."""
    c = fact.conclusion
    if not isinstance(c, Compare):
        return
    powers = dict(m)
    for k, e in _excess(c.left, c.right).terms.items():
        if (e > 0 or c.relation == "=") and all(powers.get(g, 0) >= power for g, power in k):
            quotient = {**powers, **{g: powers.get(g, 0) - power for g, power in k}}
            factor = Scalar([(tuple((g, q) for g, q in quotient.items() if q), -rest.terms[m] / e)])
            if c.relation == "=" or never_negative(factor):
                yield factor
