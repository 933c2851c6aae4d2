"""The named functions on rows of values: softmax as exponentials over their sum, normalize as a multiple of the row."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from symbolic_mla.argument.facts import Clause, Facts
from symbolic_mla.argument.values import ONE, ZERO, Rational, Value, exp, inverse, rational, unknown


def softmax(row: Sequence[Value]) -> list[Value]:
    """exp(sᵢ) / Σⱼ exp(sⱼ), with all scores taken relative to the last, which changes nothing.

    >>> softmax([unknown("s"), ZERO])
    [1/(1 + exp(s)) exp(s), 1/(1 + exp(s))]
    """
    powers = [exp(s - row[-1]) for s in row]
    over = inverse(sum(powers, start=ZERO))
    return [p * over for p in powers]


class Normalize:
    """x ↦ x/|x|, and 0 ↦ 0. For a length that is no rational number, 1/|x| is an unknown r with r²|x|² = 1 or x = 0."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.known: dict[Value, Value] = {}

    def __call__(self, row: Sequence[Value]) -> list[Value]:
        square = sum((x * x for x in row), start=ZERO)
        if not square:
            return list(row)
        if square not in self.known:
            self.known[square] = self._over(square, row)
        return [x * self.known[square] for x in row]

    def _over(self, square: Value, row: Sequence[Value]) -> Value:
        number = square.constant
        root = None if number is None else _root(number)
        if root is not None:
            return rational(Fraction(1) / root)
        r = unknown(f"1/|{', '.join(map(str, row))}|")
        self.facts.add(Clause.of([r * r * square - ONE], [*row]))
        return r


def _root(number: Rational) -> Fraction | None:
    top, bottom = isqrt(number.numerator), isqrt(number.denominator)
    return Fraction(top, bottom) if top**2 == number.numerator and bottom**2 == number.denominator else None
