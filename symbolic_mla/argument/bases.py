"""Polynomials that vanish, kept so that what they give is seen: linear combinations, or all polynomial ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from symbolic_mla.argument.values import Monomial, Rational, Value

MAX_PAIRS = 60  # for each polynomial that is added
MAX_BASIS = 30
MAX_LENGTH = 40  # terms of a polynomial that is kept

Row = dict[int, Rational]


@lru_cache(maxsize=4096)
def _key(m: Monomial) -> tuple[int, tuple[str, ...]]:
    """Monomials by degree, then by their factors: the smallest key leads. The number 1 comes last."""
    factors = tuple(f.order for f, e in m for _ in range(e))
    return -len(factors), factors


def leading(p: Value) -> Monomial:
    """The leading monomial of a polynomial that is not 0."""
    return min((m for m, _ in p.terms), key=_key)


class Rows:
    """A basis up to linear combinations: a row of coefficients for each polynomial, in reduced echelon form.

    `places` numbers the monomials; the number 1 is monomial 0.
    """

    def __init__(self, places: dict[Monomial, int]) -> None:
        self.places = places
        self.lead: dict[int, Row] = {}
        self.contradiction = False

    @staticmethod
    def over(values: Iterable[Value]) -> Rows:
        """An empty basis for polynomials in the monomials of some values."""
        found = {m for v in values for m, _ in v.terms} | {()}
        return Rows({m: k for k, m in enumerate(sorted(found, key=_key, reverse=True))})

    def row(self, p: Value) -> Row:
        """A polynomial as a row."""
        return {self.places[m]: c for (m, _), c in p.terms.items()}

    def value(self, row: Row) -> Value:
        """A row as a polynomial."""
        monomials = {k: m for m, k in self.places.items()}
        return Value(((monomials[k], ()), c) for k, c in row.items())

    def copy(self) -> Rows:
        other = Rows(self.places)
        other.lead, other.contradiction = dict(self.lead), self.contradiction
        return other

    def number(self, p: Row) -> bool:
        """Whether a row is a number (that is not 0)."""
        return len(p) == 1 and 0 in p

    def reduce(self, p: Row) -> Row:
        """p less multiples of the rows. One pass: no leading monomial occurs in another row."""
        if self.lead.keys().isdisjoint(p):
            return p
        out = dict(p)
        for k, c in p.items():
            if k in self.lead:
                _subtract(out, c, self.lead[k])
        return out

    def add(self, p: Row) -> None:
        """One more row."""
        q = self.reduce(p)
        if not q:
            return
        if self.number(q):
            self.contradiction = True
            return
        k = max(q)
        lead = q[k]
        if lead != 1:
            scale = -1 if lead == -1 else Fraction(1) / lead
            q = {j: _short(c * scale) for j, c in q.items()}
        for n, other in self.lead.items():
            if k in other:
                self.lead[n] = changed = dict(other)
                _subtract(changed, other[k], q)
        self.lead[k] = q


def _short(c: Rational) -> Rational:
    return c.numerator if c.denominator == 1 else c


def _subtract(row: Row, factor: Rational, other: Row) -> None:
    for k, c in other.items():
        new = row.get(k, 0) - factor * c
        if new:
            row[k] = _short(new)
        else:
            row.pop(k, None)


class Groebner:
    """A basis up to polynomial combinations, completed by Buchberger's pairs as far as a budget goes."""

    def __init__(self, polynomials: Sequence[Value] = ()) -> None:
        self.lead: dict[Monomial, Value] = {}  # leading coefficients are 1
        self.contradiction = False
        for p in polynomials:
            self.add(p)

    def copy(self) -> Groebner:
        other = Groebner()
        other.lead, other.contradiction = dict(self.lead), self.contradiction
        return other

    def number(self, p: Value) -> bool:
        """Whether a polynomial is a number that is not 0."""
        return bool(p.constant)

    def reduce(self, p: Value) -> Value:
        """p less multiples of the basis: equal to p wherever the basis vanishes."""
        done: set[Monomial] = set()
        while len(p.terms) <= MAX_LENGTH:
            m = min((m for m, _ in p.terms if m not in done), key=_key, default=None)
            if m is None:
                return p
            found = next(((rest, q) for n, q in self.lead.items() if (rest := quotient(m, n)) is not None), None)
            if found is None:
                done.add(m)
            else:
                p = p - found[1] * Value([((found[0], ()), p.terms[m, ()])])
        return p

    def add(self, p: Value) -> None:
        """One more polynomial that vanishes, and what it gives together with the others."""
        todo = [p]
        pairs = 0
        while todo and not self.contradiction:
            q = self.reduce(todo.pop())
            if not q or len(q.terms) > MAX_LENGTH:
                continue
            if self.number(q):
                self.contradiction = True
                return
            m = leading(q)
            q = q.scaled(Fraction(1) / q.terms[m, ()])
            for n, other in list(self.lead.items()):
                if quotient(n, m) is not None:
                    todo.append(self.lead.pop(n))
                else:
                    pairs += 1
                    if pairs <= MAX_PAIRS and len(self.lead) <= MAX_BASIS:
                        todo.append(_combined(m, q, n, other))
            self.lead[m] = q


def quotient(m: Monomial, n: Monomial) -> Monomial | None:
    """m / n, or None where n does not divide m."""
    powers = dict(m)
    for f, e in n:
        if powers.get(f, 0) < e:
            return None
        powers[f] -= e
    return tuple((f, e) for f, e in powers.items() if e)


def _combined(m: Monomial, p: Value, n: Monomial, q: Value) -> Value:
    """The combination of p and q, with leading coefficients 1, in which they cancel; 0 where they share no factor."""
    powers, others = dict(m), dict(n)
    if powers.keys().isdisjoint(others):
        return Value()
    top = tuple(sorted(((f, max(powers.get(f, 0), others.get(f, 0))) for f in {*powers, *others}),
                       key=lambda t: t[0].order))  # fmt: skip
    left, right = quotient(top, m) or (), quotient(top, n) or ()
    return p * Value([((left, ()), 1)]) - q * Value([((right, ()), 1)])
