"""Exact numbers at an instance: integers, fractions and constant scalars (square roots of integers)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Generator, Number, Scalar, Var, is_zero, substitute

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


def rank(rows: Sequence[Sequence[Number]]) -> int:
    """The exact rank of a matrix of numbers, by elimination without rounding."""
    matrix = [list(row) for row in rows]
    found = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((r for r in range(found, len(matrix)) if not is_zero(matrix[r][column])), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        top = matrix[found]
        for r in range(found + 1, len(matrix)):
            low = matrix[r][column]
            if not is_zero(low):  # fraction-free: no division is needed to find a rank
                matrix[r] = [plain(top[column] * x - low * y) for x, y in zip(matrix[r], top, strict=True)]
        found += 1
    return found
