"""Interval arithmetic with outward rounding at 60 digits, for softmax and for roots of roots.

An interval holds the true value, always: `decimal` rounds each operation downwards or upwards as told, and its
`exp` and `sqrt` are correctly rounded, so one unit in the last place to either side encloses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_FLOOR,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction

from symbolic_mla.errors import BudgetError, DomainError

DIGITS = 60
_EXPONENT_LIMIT = 100_000


def _context(rounding: str) -> Context:
    return Context(
        prec=DIGITS, rounding=rounding, Emin=MIN_EMIN, Emax=MAX_EMAX,
        traps=[InvalidOperation, DivisionByZero, Overflow],
    )  # fmt: skip


_DOWN = _context(ROUND_FLOOR)
_UP = _context(ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Interval:
    """All reals from `low` to `high`, both included; one of them is meant.

    >>> third = Interval.of(Fraction(1, 3))
    >>> third.low < third.high, (third * 3).holds(1)
    (True, True)
    """

    low: Decimal
    high: Decimal

    @staticmethod
    def of(value: int | Fraction | Interval) -> Interval:
        """The tightest interval around a rational number."""
        if isinstance(value, Interval):
            return value
        top, bottom = Decimal(value.numerator), Decimal(value.denominator)
        return Interval(_DOWN.divide(top, bottom), _UP.divide(top, bottom))

    def holds(self, value: int | Fraction) -> bool:
        """Whether a rational number lies in the interval."""
        return Fraction(self.low) <= value <= Fraction(self.high)

    def __neg__(self) -> Interval:
        return Interval(self.high.copy_negate(), self.low.copy_negate())

    # A surd among the operands is left to the surd, which knows its own enclosure.
    def __add__(self, other: int | Fraction | Interval) -> Interval:
        if not isinstance(other, (int, Fraction, Interval)):
            return NotImplemented
        right = Interval.of(other)
        return Interval(_DOWN.add(self.low, right.low), _UP.add(self.high, right.high))

    __radd__ = __add__

    def __sub__(self, other: int | Fraction | Interval) -> Interval:
        if not isinstance(other, (int, Fraction, Interval)):
            return NotImplemented
        return self + (-Interval.of(other))

    def __rsub__(self, other: int | Fraction) -> Interval:
        return Interval.of(other) + (-self)

    def __mul__(self, other: int | Fraction | Interval) -> Interval:
        if not isinstance(other, (int, Fraction, Interval)):
            return NotImplemented
        right = Interval.of(other)
        ends = [(a, b) for a in (self.low, self.high) for b in (right.low, right.high)]
        return Interval(min(_DOWN.multiply(a, b) for a, b in ends), max(_UP.multiply(a, b) for a, b in ends))

    __rmul__ = __mul__

    def inverse(self) -> Interval:
        """1/x. Raises: DomainError when 0 may be meant."""
        if self.low <= 0 <= self.high:
            raise DomainError("a division by what may be zero", hint="choose other values")
        return Interval(_DOWN.divide(Decimal(1), self.high), _UP.divide(Decimal(1), self.low))

    def root(self) -> Interval:
        """The square root. Raises: DomainError when the number may be negative."""
        if self.low < 0:
            raise DomainError("the root of what may be negative", hint="choose other values")
        low, high = _DOWN.sqrt(self.low), _UP.sqrt(self.high)
        return Interval(max(Decimal(0), low.next_minus(_DOWN)), high.next_plus(_UP))

    def exp(self) -> Interval:
        """e to the power of the number. Raises: BudgetError beyond ±100,000."""
        if max(abs(self.low), abs(self.high)) > _EXPONENT_LIMIT:
            raise BudgetError("an exponential of a number beyond ±100,000", hint="choose smaller entries")
        return Interval(_DOWN.exp(self.low).next_minus(_DOWN), _UP.exp(self.high).next_plus(_UP))
