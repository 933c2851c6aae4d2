"""Polynomials that vanish, kept so that what their linear combinations give is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache

from symbolic_mla.argument.values import Monomial, Rational, Value

Row = dict[int, Rational]


@lru_cache(maxsize=4096)
def _key(m: Monomial) -> tuple[int, tuple[str, ...]]:
    """Monomials by degree, then by their factors: the smallest key leads. The number 1 comes last."""
    factors = tuple(f.order for f, e in m for _ in range(e))
    return -len(factors), factors


class Rows:
    """A basis up to linear combinations: a row of coefficients for each polynomial, in reduced echelon form.

    `places` numbers the monomials; the number 1 is monomial 0. The greatest number leads a row; with `whole` one of
    coefficient 1 or -1, where there is one: then most rows stay in whole numbers, and what they give is the same.
    """

    def __init__(self, places: dict[Monomial, int], whole: bool = False) -> None:
        self.places = places
        self.whole = whole
        self.lead: dict[int, Row] = {}
        self.contradiction = False

    @staticmethod
    def over(values: Iterable[Value], whole: bool = False) -> Rows:
        """An empty basis for polynomials in the monomials of some values."""
        found = {m for v in values for m, _ in v.terms} | {()}
        return Rows({m: k for k, m in enumerate(sorted(found, key=_key, reverse=True))}, whole)

    def row(self, p: Value) -> Row:
        """A polynomial as a row."""
        return {self.places[m]: c for (m, _), c in p.terms.items()}

    def value(self, row: Row) -> Value:
        """A row as a polynomial."""
        monomials = {k: m for m, k in self.places.items()}
        return Value(((monomials[k], ()), c) for k, c in row.items())

    def copy(self) -> Rows:
        other = Rows(self.places, self.whole)
        other.lead, other.contradiction = dict(self.lead), self.contradiction
        return other

    def number(self, p: Row) -> bool:
        """Whether a row is a number (that is not 0)."""
        return len(p) == 1 and 0 in p

    def untouched(self) -> Callable[[Row], bool]:
        """Whether a row is what it is reduced to, as long as nothing is added."""
        return self.lead.keys().isdisjoint

    def reduce(self, p: Row) -> Row:
        """p less multiples of the rows. One pass: no leading monomial occurs in another row."""
        if self.lead.keys().isdisjoint(p):
            return p
        out = dict(p)
        for k, c in p.items():
            if k in self.lead:
                subtract(out, c, self.lead[k])
        return out

    def add(self, p: Row) -> None:
        """One more row."""
        q = self.reduce(p)
        if not q:
            return
        if self.number(q):
            self.contradiction = True
            return
        k = (self.whole and max((j for j, c in q.items() if c in (1, -1)), default=0)) or max(q)
        lead = q[k]
        if lead != 1:
            scale = -1 if lead == -1 else Fraction(1) / lead
            q = {j: short(c * scale) for j, c in q.items()}
        for n, other in self.lead.items():
            if k in other:
                self.lead[n] = changed = dict(other)
                subtract(changed, other[k], q)
        self.lead[k] = q


def short(c: Rational) -> Rational:
    """A rational number, as an int where it is one."""
    return c.numerator if c.denominator == 1 else c


def subtract(row: Row, factor: Rational, other: Row) -> None:
    """Take a multiple of another row, or polynomial, from this one."""
    for k, c in other.items():
        new = row.get(k, 0) - factor * c
        if new:
            row[k] = short(new)
        else:
            row.pop(k, None)
