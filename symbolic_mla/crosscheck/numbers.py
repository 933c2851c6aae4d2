"""Exact real numbers: rationals, sums of rational multiples of square roots, and intervals where neither reaches.

`Surd` is the ring Q(√2, √3, √5, ...): the roots of distinct squarefree integers are linearly independent over the
rationals (Besicovitch 1940), so a surd is zero iff it has no term, and every comparison is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, isqrt
from typing import TypeAlias

from symbolic_mla.crosscheck.intervals import DIGITS, Interval
from symbolic_mla.errors import BudgetError, DomainError

_TRIAL_LIMIT = 100_000
_BITS_LIMIT = 200_000
_TERMS_LIMIT = 4_096


class Surd:
    """Σ c·√r over distinct squarefree r > 0 with rational c ≠ 0; never a rational number (`surd` sees to it).

    >>> root(2) * root(6) - 2 * root(3), root(8)
    (0, 2·√2)
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[int, Fraction | int]) -> None:
        self.terms = dict(sorted(terms.items()))

    def __repr__(self) -> str:
        return " + ".join(f"{c}·√{r}" for r, c in self.terms.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Surd) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(tuple(self.terms.items()))

    def __neg__(self) -> Surd:
        return Surd({r: -c for r, c in self.terms.items()})

    def __add__(self, other: Number) -> Number:
        if isinstance(other, Interval):
            return self.interval() + other
        total = dict(self.terms)
        for r, c in _terms(other).items():
            total[r] = total.get(r, 0) + c
        return surd(total)

    __radd__ = __add__

    def __sub__(self, other: Number) -> Number:
        return self + (-other)

    def __rsub__(self, other: Number) -> Number:
        return (-self) + other

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, Interval):
            return self.interval() * other
        total: dict[int, Fraction | int] = {}
        for r, c in self.terms.items():
            for q, e in _terms(other).items():
                common = gcd(r, q)
                radicand = r * q // common**2
                total[radicand] = total.get(radicand, 0) + c * e * common
        if len(total) > _TERMS_LIMIT:
            raise BudgetError(f"a number with {len(total)} roots", hint="choose smaller sizes")
        return surd(total)

    __rmul__ = __mul__

    def bounds(self, digits: int) -> tuple[Fraction, Fraction]:
        """Rationals below and above, from roots with so many decimal places."""
        low = high = Fraction(0)
        for r, c in self.terms.items():
            floor = isqrt(r * 100**digits)
            near, far = Fraction(floor, 10**digits), Fraction(floor + (floor**2 != r * 100**digits), 10**digits)
            low, high = low + min(c * near, c * far), high + max(c * near, c * far)
        return low, high

    def interval(self) -> Interval:
        """An enclosure."""
        low, high = self.bounds(DIGITS + 10)
        return Interval(Interval.of(low).low, Interval.of(high).high)

    def sign(self) -> int:
        """-1 or 1: the number is not zero, so refining its bounds comes to an end."""
        digits = 20
        while True:
            low, high = self.bounds(digits)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            digits *= 4

    def inverse(self) -> Number:
        """1/x. With x = a + b√p, a and b free of √p, it is (a - b√p)/(a² - p b²), and p is gone below."""
        prime = _prime_of(max(self.terms))
        conjugate = surd({r: -c if r % prime == 0 else c for r, c in self.terms.items()})
        return conjugate * inverse(self * conjugate)


Number: TypeAlias = int | Fraction | Surd | Interval


def _terms(value: int | Fraction | Surd) -> Mapping[int, Fraction | int]:
    return value.terms if isinstance(value, Surd) else {1: value}


def surd(terms: Mapping[int, Fraction | int]) -> Number:
    """The number Σ c·√r, as a rational where it is one."""
    kept = {r: c for r, c in terms.items() if c}
    if any(r != 1 for r in kept):
        return Surd(kept)
    return rational(kept.get(1, 0))


def rational(value: Fraction | int) -> Fraction | int:
    """The same number; an integer as an int."""
    return value.numerator if value.denominator == 1 else value


def possible_signs(value: Number) -> frozenset[int]:
    """The signs (-1, 0, 1) that a number may have; exactly one unless it is an interval."""
    if isinstance(value, Interval):
        return frozenset(
            sign for sign, may in ((-1, value.low < 0), (0, value.low <= 0 <= value.high), (1, value.high > 0)) if may
        )
    return frozenset([value.sign() if isinstance(value, Surd) else (value > 0) - (value < 0)])


_ALLOWED = {"=": {0}, "<=": {-1, 0}, "<": {-1}, ">=": {0, 1}, ">": {1}, "!=": {-1, 1}}


def compare(left: Number, relation: str, right: Number) -> bool | None:
    """Whether a relation of two numbers holds; None when their enclosures do not tell.

    >>> compare(root(2) + root(3), ">", root(10)), compare(root(2) * root(2), "=", 2)
    (False, True)
    """
    if left is right or (not isinstance(left, Interval) and left == right):
        return 0 in _ALLOWED[relation]
    signs, allowed = possible_signs(left - right), _ALLOWED[relation]
    return True if signs <= allowed else None if signs & allowed else False


def inverse(value: Number) -> Number:
    """1/x. Raises: DomainError for zero, and for an interval that holds it."""
    if isinstance(value, (Surd, Interval)):
        return value.inverse()
    if value == 0:
        raise DomainError("a division by zero", hint="choose other values")
    return rational(Fraction(1) / value)


def root(value: Number) -> Number:
    """The square root: exact for rational numbers of moderate size, and else an enclosure.

    Raises: DomainError for what is, or may be, negative.
    """
    if possible_signs(value) == {-1}:
        raise DomainError("the root of a negative number", hint="declare the sign of what stands under it")
    if isinstance(value, Interval):
        return value.root()
    if isinstance(value, Surd):
        return value.interval().root()
    found = _squarefree(value.numerator * value.denominator)
    if found is None:
        return Interval.of(value).root()
    square, radicand = found
    return surd({radicand: Fraction(square, value.denominator)})


def power(base: Number, exponent: int) -> Number:
    """base^exponent for an integer. Raises: BudgetError for a result that would not fit in memory."""
    if exponent < 0:
        return inverse(power(base, -exponent))
    if isinstance(base, (int, Fraction)):
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if bits > 1 and bits * exponent > _BITS_LIMIT:
            raise BudgetError(f"a power of {bits * exponent} bits", hint="choose a smaller exponent")
        if bits <= 1:
            return base**min(exponent, 2 + exponent % 2)
        return rational(base**exponent)
    if exponent > _TERMS_LIMIT:
        raise BudgetError(f"the exponent {exponent}", hint="choose a smaller exponent")
    result: Number = 1
    for _ in range(exponent):
        result = result * base
    return result


def enclose(value: Number) -> Interval:
    """The number as an interval."""
    return value.interval() if isinstance(value, Surd) else Interval.of(value)


def extreme(word: str, values: list[Number]) -> Number:
    """`min` or `max` of numbers."""
    if any(isinstance(v, Interval) for v in values):
        pick = min if word == "min" else max
        pairs = [enclose(v) for v in values]
        return Interval(pick(p.low for p in pairs), pick(p.high for p in pairs))
    best = values[0]
    for value in values[1:]:
        if compare(value, "<" if word == "min" else ">", best):
            best = value
    return best


def _squarefree(value: int) -> tuple[int, int] | None:
    """(s, r) with value = s² r and r squarefree; (0, 1) for 0; None when the factors are out of reach."""
    if value == 0:
        return 0, 1
    square, radicand, p = 1, 1, 2
    while p * p <= value:
        if p > _TRIAL_LIMIT:
            whole = isqrt(value)
            return (square * whole, radicand) if whole * whole == value else None
        while value % (p * p) == 0:
            value //= p * p
            square *= p
        if value % p == 0:
            value //= p
            radicand *= p
        p += 1 if p == 2 else 2
    return square, radicand * value


def _prime_of(radicand: int) -> int:
    """The least prime factor of a squarefree number above 1 that `_squarefree` has taken apart."""
    p = 2
    while p * p <= radicand:
        if radicand % p == 0:
            return p
        p += 1
    return radicand
