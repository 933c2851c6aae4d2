"""Polynomials that vanish, kept so that all their polynomial combinations are seen: Buchberger's algorithm, as far as a
budget goes.

A monomial is one whole number here: its degree, and then the exponent of each factor, in fields of equal width. So a
product of monomials is a sum, the greater number leads (by degree, then by the first factor), and whether one divides
another is seen at once in all fields: where a difference borrows, the guard of its field is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from symbolic_mla.argument.bases import short, subtract
from symbolic_mla.argument.values import Factor, Monomial, Rational, Value
from symbolic_mla.errors import BudgetError

MAX_PAIRS = 60  # for each polynomial that is added
MAX_BASIS = 30
MAX_LENGTH = 40  # terms of a polynomial that is kept
FIELD = 16  # bits of an exponent and its guard
MAX_DEGREE = 1 << (FIELD - 2)  # of a polynomial that is kept: the product of two of them has room in the fields

Polynomial = dict[int, Rational]  # the coefficients of monomials; 1 is the monomial 0


class Monomials:
    """The monomials in some factors as numbers."""

    def __init__(self, factors: Iterable[Factor]) -> None:
        ordered = sorted(set(factors), key=lambda f: f.order, reverse=True)
        self.place = {f: FIELD * k for k, f in enumerate(ordered)}
        self.degree = FIELD * len(ordered)
        self.guard = sum(1 << (start + FIELD - 1) for start in (*self.place.values(), self.degree))

    def number(self, m: Monomial) -> int:
        """A monomial. Raises: BudgetError for one of a degree that is not kept."""
        degree = sum(e for _, e in m)
        if degree > MAX_DEGREE:
            raise BudgetError(f"a monomial of degree {degree}; the limit is {MAX_DEGREE}")
        return (degree << self.degree) + sum(e << self.place[f] for f, e in m)

    def divides(self, n: int, m: int) -> bool:
        """Whether n divides m: then m - n is the quotient."""
        return ((m | self.guard) - n) & self.guard == self.guard

    def common(self, m: int, n: int) -> int:
        """The least common multiple of two monomials."""
        field = (1 << FIELD) - 1
        most = [(max(m >> start & field, n >> start & field), start) for start in self.place.values()]
        return (sum(e for e, _ in most) << self.degree) + sum(e << start for e, start in most)


class Groebner:
    """A basis up to polynomial combinations; every leading coefficient is 1."""

    def __init__(self, monomials: Monomials) -> None:
        self.monomials = monomials
        self.lead: dict[int, Polynomial] = {}
        self.contradiction = False

    @staticmethod
    def over(values: Iterable[Value]) -> Groebner:
        """An empty basis for polynomials in the factors of some values."""
        return Groebner(Monomials(f for v in values for m, _ in v.terms for f, _ in m))

    def row(self, p: Value) -> Polynomial:
        """A polynomial in this form. Raises: BudgetError for one of a degree that is not kept."""
        return {self.monomials.number(m): c for (m, _), c in p.terms.items()}

    def copy(self) -> Groebner:
        other = Groebner(self.monomials)
        other.lead, other.contradiction = dict(self.lead), self.contradiction
        return other

    def number(self, p: Polynomial) -> bool:
        """Whether a polynomial is a number that is not 0."""
        return len(p) == 1 and 0 in p

    def untouched(self) -> Callable[[Polynomial], bool]:
        """Whether a polynomial is what it is reduced to, as long as nothing is added."""
        divides, lead = self.monomials.divides, list(self.lead)
        return lambda p: not any(divides(n, m) for m in p for n in lead)

    def reduce(self, p: Polynomial) -> Polynomial:
        """p less multiples of the basis: equal to p wherever the basis vanishes."""
        divides = self.monomials.divides
        out, below = p, None
        while len(out) <= MAX_LENGTH:
            m = max((m for m in out if below is None or m < below), default=None)
            if m is None:
                break
            n = next((n for n in self.lead if divides(n, m)), None)
            if n is None:
                below = m
            else:
                if out is p:
                    out = dict(p)
                subtract(out, out[m], times(self.lead[n], m - n))
        return out

    def add(self, p: Polynomial) -> None:
        """One more polynomial that vanishes, and what it gives together with the others."""
        todo = [p]
        pairs = 0
        while todo and not self.contradiction:
            q = self.reduce(todo.pop())
            if not q or len(q) > MAX_LENGTH:
                continue
            if self.number(q):
                self.contradiction = True
                return
            m = max(q)
            if q[m] != 1:
                q = {k: short(Fraction(c) / q[m]) for k, c in q.items()}
            for n in list(self.lead):
                if self.monomials.divides(m, n):
                    todo.append(self.lead.pop(n))
                else:
                    pairs += 1
                    if pairs <= MAX_PAIRS and len(self.lead) <= MAX_BASIS:
                        todo.append(self._combined(m, q, n, self.lead[n]))
            self.lead[m] = q

    def _combined(self, m: int, p: Polynomial, n: int, q: Polynomial) -> Polynomial:
        """The combination of p and q in which what leads, m and n, cancels; 0 where they share no factor, and where it
        is of a degree that is not kept."""
        top = self.monomials.common(m, n)
        if top == m + n or top >> self.monomials.degree > MAX_DEGREE:
            return {}
        out = times(p, top - m)
        subtract(out, 1, times(q, top - n))
        return out


def times(p: Polynomial, m: int) -> Polynomial:
    """A polynomial times a monomial."""
    return {k + m: c for k, c in p.items()}
