"""Numbers that depend on unknown reals: sums of rational * monomial * exp(polynomial), exactly.

A monomial is a product of *unknowns* (an entry of an unknown matrix, a scalar, a square root) and of *inverses*
1/den, where den is a sum of exponentials with positive coefficients, and so positive whatever the unknowns are.
Exponentials are multiplied by adding their exponents; that is all that is used of them here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache, reduce
from typing import NamedTuple

from symbolic_mla.errors import BudgetError, UnsupportedError
from symbolic_mla.kernel.scalar import Number, Root, Scalar, Var

MAX_TERMS = 4_000


class Unknown(NamedTuple):
    """A real number of which nothing is known but the facts of an argument. `order` sorts it before every inverse."""

    order: str  # "a" and its name

    @property
    def name(self) -> str:
        return self.order[1:]


@dataclass(frozen=True)
class Inverse:
    """1/den, for a sum of exponentials with positive coefficients."""

    den: Value
    order: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.den.terms or any(m or c <= 0 for (m, _), c in self.den.terms.items()):
            raise UnsupportedError(f"1/({self.den}), which is not known to be positive")
        object.__setattr__(self, "order", f"b{self.den}")

    def __hash__(self) -> int:
        return hash(self.den)  # which a value remembers

    @property
    def name(self) -> str:
        return f"1/({self.den})"

    @cached_property
    def pole(self) -> tuple[Exponent, Rational] | None:
        """(q, c) for 1/(exp(q) + c) with c > 0 and q that is not 0."""
        if len(self.den.terms) != 2 or ((), ()) not in self.den.terms:
            return None
        (q, one) = next((p, c) for (_, p), c in self.den.terms.items() if p)
        return (q, self.den.terms[(), ()]) if one == 1 else None


Factor = Unknown | Inverse
Monomial = tuple[tuple[Factor, int], ...]
Rational = int | Fraction  # an int where it is one: those are hashed fast
Exponent = tuple[tuple[Monomial, Rational], ...]  # a polynomial in the unknowns
Key = tuple[Monomial, Exponent]


class Value:
    """A finite sum: `terms` maps (monomial, exponent) to its coefficient. Equal dicts are equal numbers."""

    __slots__ = ("__dict__", "terms")
    terms: Mapping[Key, Rational]

    def __init__(self, terms: Iterable[tuple[Key, Rational]] = ()) -> None:
        total: dict[Key, Rational] = {}
        for k, c in terms:
            _add(total, k, c)
        self.terms = _bounded(total)

    @classmethod
    def _of(cls, terms: dict[Key, Rational]) -> Value:
        """The value with these very terms: none is 0, and whole numbers are ints."""
        made = cls.__new__(cls)
        made.terms = _bounded(terms)
        return made

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.terms == other.terms

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __add__(self, other: Value) -> Value:
        if not other.terms:
            return self
        if not self.terms:
            return other
        total = dict(self.terms)
        for k, c in other.terms.items():
            _add(total, k, c)
        return Value._of(total)

    def __sub__(self, other: Value) -> Value:
        if not other.terms:
            return self
        total = dict(self.terms)
        for k, c in other.terms.items():
            _add(total, k, -c)
        return Value._of(total)

    def __mul__(self, other: Value) -> Value:
        if not self.terms or not other.terms:
            return ZERO
        if len(other.terms) == 1 and ((), ()) in other.terms:
            return self.scaled(other.terms[(), ()])
        if len(self.terms) == 1 and ((), ()) in self.terms:
            return other.scaled(self.terms[(), ()])
        if len(self.terms) == 1 or len(other.terms) == 1:  # no two products are alike
            return Value._of({
                (times(m, n), plus(p, q)): _short(c * e)
                for (m, p), c in self.terms.items()
                for (n, q), e in other.terms.items()
            })  # fmt: skip
        return Value(
            ((times(m, n), plus(p, q)), c * e) for (m, p), c in self.terms.items() for (n, q), e in other.terms.items()
        )

    def scaled(self, factor: Rational) -> Value:
        """The value times a rational number."""
        if factor == 1:
            return self
        return Value._of({k: _short(c * factor) for k, c in self.terms.items()}) if factor else ZERO

    @property
    def polynomial(self) -> bool:
        """Whether it is a polynomial in the unknowns: without exponentials and inverses."""
        return all(not p and all(isinstance(f, Unknown) for f, _ in m) for m, p in self.terms)

    @property
    def constant(self) -> Rational | None:
        """The rational number that it is, or None."""
        if not self.terms:
            return 0
        return self.terms.get(((), ())) if len(self.terms) == 1 else None

    @cached_property
    def factors(self) -> frozenset[Factor]:
        """Every factor of a monomial, those in exponents and denominators included."""
        found: set[Factor] = set()
        for m, p in self.terms:
            for part in (m, *(n for n, _ in p)):
                for f, _ in part:
                    found.add(f)
                    if isinstance(f, Inverse):
                        found |= f.den.factors
        return frozenset(found)

    @cached_property
    def _text(self) -> str:
        return " + ".join(sorted(_term_text(k, c) for k, c in self.terms.items())) or "0"

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__


def _short(c: Rational) -> Rational:
    return c.numerator if c.denominator == 1 else c


def _add(total: dict[Key, Rational], k: Key, c: Rational) -> None:
    """Add a term to a sum whose terms are none of them 0."""
    if k in total:
        c = c + total[k]
    if c:
        total[k] = _short(c)
    else:
        total.pop(k, None)


def _bounded(terms: dict[Key, Rational]) -> dict[Key, Rational]:
    if len(terms) > MAX_TERMS:
        raise BudgetError(f"a value grew beyond {MAX_TERMS} terms")
    return terms


def _term_text(key: Key, c: Rational) -> str:
    monomial, exponent = key
    parts = [f"{f.name}^{e}" if e > 1 else f.name for f, e in monomial]
    if exponent:
        parts.append(f"exp({Value(((m, ()), x) for m, x in exponent)})")
    return " ".join(parts if c == 1 and parts else [f"{c}", *parts])


def times(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    if not a or not b:
        return a or b
    if a[-1][0].order < b[0][0].order:
        return a + b
    if b[-1][0].order < a[0][0].order:
        return b + a
    powers = dict(a)
    for f, e in b:
        powers[f] = powers.get(f, 0) + e
    return tuple(sorted(powers.items(), key=lambda t: t[0].order))


def plus(p: Exponent, q: Exponent) -> Exponent:
    """The sum of two exponents."""
    if not p or not q:
        return p or q
    total = dict(p)
    for m, c in q:
        total[m] = total.get(m, 0) + c
    return _exponent(total)


def _exponent(total: Mapping[Monomial, Rational]) -> Exponent:
    found = ((m, _short(c)) for m, c in total.items() if c)
    return tuple(sorted(found, key=lambda t: order_of(t[0])))


def order_of(m: Monomial) -> list[tuple[str, int]]:
    """What sorts monomials, whatever the order in which they were met."""
    return [(f.order, e) for f, e in m]


ZERO = Value()
ONE = Value([(((), ()), 1)])


@lru_cache(maxsize=4096)
def unknown(name: str) -> Value:
    """An unknown as a value."""
    return Value([((((Unknown(f"a{name}"), 1),), ()), 1)])


def rational(number: Rational) -> Value:
    """A rational number as a value."""
    return Value([(((), ()), number)])


def lift(number: Number) -> Value:
    """A number of the kernel: rationals, scalars, square roots of integers.

    Raises: UnsupportedError for other roots, and for quotients by what is not a number.

    >>> from symbolic_mla.kernel.scalar import Var, scalar
    >>> lift(2 * scalar(Var("η", "nonnegative")) + 1)
    1 + 2 η
    """
    if not isinstance(number, Scalar):
        return rational(number)
    total = ZERO
    for monomial, c in number.terms.items():
        part = rational(c)
        for g, e in monomial:
            if e < 0 or not (isinstance(g, Var) or (isinstance(g, Root) and not g.radicand.generators())):
                raise UnsupportedError(f"an argument does not read {g.key}^{e}")
            part = reduce(lambda a, _: a * unknown(g.key), range(e), part)
        total = total + part
    return total


def exponent_of(value: Value) -> Exponent:
    """A polynomial as an exponent. Raises: UnsupportedError for what is no polynomial."""
    if not value.polynomial:
        raise UnsupportedError(f"exp({value}): an argument reads exponentials of polynomials only")
    return _exponent({m: c for (m, _), c in value.terms.items()})


def polynomial_of(exponent: Exponent) -> Value:
    """An exponent as a value."""
    return Value(((m, ()), c) for m, c in exponent)


def exp(value: Value) -> Value:
    """e to the power of a polynomial."""
    return Value([(((), exponent_of(value)), 1)])


def inverse(den: Value) -> Value:
    """1/den. Raises: UnsupportedError unless den is a sum of exponentials with positive coefficients."""
    number = den.constant
    if number:
        return rational(Fraction(1) / number)
    return Value([((((Inverse(den), 1),), ()), 1)])


def cleared(value: Value) -> Value:
    """The value times its denominators: 0 exactly where the value is 0, and without inverses."""
    while True:
        powers: dict[Inverse, int] = {}
        for m, _ in value.terms:
            for f, e in m:
                if isinstance(f, Inverse):
                    powers[f] = max(powers.get(f, 0), e)
        if not powers:
            return value
        inv, top = max(powers.items(), key=lambda t: t[0].order)
        ladder = [ONE]
        for _ in range(top):
            ladder.append(ladder[-1] * inv.den)
        total = ZERO
        for (m, p), c in value.terms.items():
            own = dict(m)
            power = own.pop(inv, 0)
            rest = Value([((tuple(sorted(own.items(), key=lambda t: t[0].order)), p), c)])
            total = total + rest * ladder[top - power]
        value = total
