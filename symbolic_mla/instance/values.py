"""Exact numbers at an instance: integers, fractions and constant scalars (square roots of integers)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symbolic_mla.errors import BudgetError, UnsupportedError
from symbolic_mla.instance.numbers import substitute
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, Var, is_zero

MAX_ENTRIES = 200_000


def plain(value: Number) -> Number:
    """The number without wrapping: an int where it is one, a Fraction where it is rational.

    >>> from symbolic_mla.kernel.scalar import scalar
    >>> plain(scalar(6) / 3)
    2
    """
    if isinstance(value, Scalar) and all(m == () for m in value.terms):
        value = value.terms.get((), Fraction(0))
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def at(value: Number, numbers: Mapping[str, Number]) -> Number:
    """A coefficient at given values of its dimensions and scalars."""
    if not isinstance(value, Scalar):
        return value

    def image(g: Generator) -> Number | None:
        return numbers[g.name] if isinstance(g, Var) else None

    return plain(substitute(value, image))


def size(axis: Axis, numbers: Mapping[str, Number]) -> int:
    """The number of indices of an axis at given sizes."""
    total = 0
    for count, heads, tail in axis.runs:
        part = count * (size(tail, numbers) if tail else 1)
        for h in heads:
            part *= int(numbers[h.name])  # type: ignore[arg-type]
        total += part
    if total > MAX_ENTRIES:
        raise BudgetError(f"an axis of {total} indices; the limit is {MAX_ENTRIES}")
    return total


def inverse(rows: Sequence[Sequence[Number]]) -> list[list[Number]] | None:
    """The exact inverse of a square matrix of rational numbers, or None where it has none."""
    n = len(rows)
    if any(isinstance(x, Scalar) for row in rows for x in row):
        return None
    matrix = [[Fraction(x) for x in row] + [Fraction(i == j) for j in range(n)] for i, row in enumerate(rows)]  # type: ignore[arg-type]
    for column in range(n):
        pivot = next((r for r in range(column, n) if matrix[r][column]), None)
        if pivot is None:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        matrix[column] = top = [x / matrix[column][column] for x in matrix[column]]
        for r in range(n):
            low = matrix[r][column]
            if r != column and low:
                matrix[r] = [x - low * y for x, y in zip(matrix[r], top, strict=True)]
    return [[plain(x) for x in row[n:]] for row in matrix]


def differs_from_zero(value: Any) -> bool | None:
    """True or False where that is certain: roots are enclosed, and an enclosure that holds 0 says nothing."""
    if not isinstance(value, Scalar):
        return value != 0 if isinstance(value, int | Fraction) else None
    if is_zero(value):
        return False
    if all(m == () for m in value.terms):
        return True
    return True if 0 not in enclosure(value) else None


def enclosure(value: Number) -> Any:
    """An exact constant as an mpmath interval."""
    from mpmath import iv

    if isinstance(value, Scalar):
        total = iv.mpf(0)
        for m, c in value.terms.items():
            part = enclosure(c)
            for g, e in m:
                if not isinstance(g, Root):
                    raise UnsupportedError(f"{g.key} has no value here")
                part = part * iv.sqrt(enclosure(g.radicand)) ** e
            total = total + part
        return total
    if isinstance(value, Fraction):
        return iv.mpf(value.numerator) / value.denominator
    return iv.mpf(value)


def rank(rows: Sequence[Sequence[Number]]) -> int:
    """The exact rank of a matrix of numbers, by elimination without rounding.

    Raises UnsupportedError for intervals, and where it is not certain whether a pivot is 0.
    """
    matrix = [list(row) for row in rows]
    found = 0
    for column in range(len(matrix[0]) if matrix else 0):
        certain = [differs_from_zero(matrix[r][column]) for r in range(found, len(matrix))]
        if None in certain:
            raise UnsupportedError("whether a pivot is 0 is not certain")
        pivot = next((found + r for r, nonzero in enumerate(certain) if nonzero), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        top = matrix[found]
        for r in range(found + 1, len(matrix)):
            low = matrix[r][column]
            if differs_from_zero(low):  # fraction-free: no division is needed to find a rank
                matrix[r] = [plain(top[column] * x - low * y) for x, y in zip(matrix[r], top, strict=True)]
        found += 1
    return found
