"""Gaussian elimination without rounding: inverse and rank."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from symbolic_mla.crosscheck.intervals import Interval
from symbolic_mla.crosscheck.numbers import Number, inverse, possible_signs
from symbolic_mla.errors import DomainError


def _pivot(rows: Sequence[Sequence[Number]], start: int, column: int) -> tuple[int | None, bool]:
    """A row whose entry is surely not zero, and whether all others are known."""
    unsure = False
    for i in range(start, len(rows)):
        signs = possible_signs(rows[i][column])
        if 0 not in signs:
            return i, False
        unsure = unsure or signs != {0}
    return None, unsure


def inverse_matrix(rows: Sequence[Sequence[Number]]) -> list[list[Number]]:
    """The inverse of a square matrix.

    Raises: DomainError for a singular one, and for one that intervals do not show to be invertible.
    """
    n = len(rows)
    work: list[list[Number]] = [[*row, *(int(i == j) for j in range(n))] for i, row in enumerate(rows)]
    for k in range(n):
        found, _ = _pivot(work, k, k)
        if found is None:
            raise DomainError("the inverse of a singular matrix", hint="choose an invertible one")
        work[k], work[found] = work[found], work[k]
        factor = inverse(work[k][k])
        work[k] = [factor * x for x in work[k]]
        for i in range(n):
            if i != k:
                _subtract(work, i, k, work[i][k], 0)
    return [row[n:] for row in work]


def _subtract(work: list[list[Number]], target: int, source: int, factor: Number, start: int) -> None:
    if factor == 0:
        return
    top, low = work[source], work[target]
    work[target] = [*low[:start], *(x - factor * y for x, y in zip(low[start:], top[start:], strict=True))]


def rank(rows: Sequence[Sequence[Number]]) -> Number:
    """The rank of a matrix: an int, or an interval of the possible ranks when entries are intervals.

    >>> rank([[1, 2], [2, 4]])
    1
    """
    whole = _integers(rows)
    if whole is not None:
        return _rank_of_integers(whole)
    work = [list(row) for row in rows]
    width = len(work[0]) if work else 0
    found = 0
    for column in range(width):
        at, unsure = _pivot(work, found, column)
        if unsure:
            return Interval(Decimal(found), Decimal(min(len(work), width)))
        if at is None:
            continue
        work[found], work[at] = work[at], work[found]
        factor = inverse(work[found][column])
        for i in range(found + 1, len(work)):
            _subtract(work, i, found, work[i][column] * factor, column)
        found += 1
    return found


def _integers(rows: Sequence[Sequence[Number]]) -> list[list[int]] | None:
    """Rational rows, each times its common denominator: the rank stays."""
    whole = []
    for row in rows:
        if not all(isinstance(x, int | Fraction) for x in row):
            return None
        scale = lcm(*(x.denominator for x in row))  # type: ignore[union-attr]
        whole.append([int(x * scale) for x in row])  # type: ignore[arg-type]
    return whole


def _rank_of_integers(work: list[list[int]]) -> int:
    """Bareiss's elimination: every division is exact, so no fraction is ever reduced (it took half of all time)."""
    found, before = 0, 1
    for column in range(len(work[0]) if work else 0):
        at = next((i for i in range(found, len(work)) if work[i][column]), None)
        if at is None:
            continue
        work[found], work[at] = work[at], work[found]
        top = work[found]
        pivot = top[column]
        for i in range(found + 1, len(work)):
            low = work[i]
            factor = low[column]
            work[i] = [(pivot * x - factor * y) // before for x, y in zip(low, top, strict=True)]
        before = pivot
        found += 1
    return found
