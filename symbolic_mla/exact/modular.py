"""Elimination modulo a prime 5 <= p < 2²³ on float64 BLAS: a lower bound for the rank over the rationals.

A minor that is nonzero modulo p is nonzero, so rank(A mod p) <= rank(A), and the pivot rows and
columns name such a minor.

**Why floating point is exact here.** A *residue* is an integer r in float64 with |r| <= p/2 + 4 < 2²² + 4.

* `reduce_in_place` takes integers with |x| <= 2⁵³ − 2²⁴. The computed q = rint(x · fl(1/p)) has
  |x/p · (1 + 2⁻⁵³)² − x/p| < 2⁵³/p · 2⁻⁵² = 2/p before rounding to an integer, so |x − q p| <= p/2 + 2 + ε,
  and |q p| <= |x| + p < 2⁵³: the product and the difference are integers below 2⁵³, so both are exact.
* A product of residues is below (2²² + 4)² < 2⁴⁴ + 2²⁶. A sum of at most `CHUNK` = 256 of them, plus one
  residue, is below 2⁵² + 2³⁴ + 2²³ < 2⁵³ − 2²⁴, whatever the order of summation, with fused
  multiply-add or without: every partial sum is an integer below 2⁵³. So BLAS makes no rounding error.
* For p >= 5, |r| <= p/2 + 2 + ε < p after a reduction, so a residue stands for zero modulo p exactly
  when it *is* 0.0.

Source: J.-G. Dumas, P. Giorgi, C. Pernet, "Dense linear algebra over word-size prime fields: the FFLAS
and FFPACK packages", ACM TOMS 35 (2008); the recursion splits columns, as in their PLUQ.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbolic_mla.errors import InputError

Residues = NDArray[np.float64]

CHUNK = 256
PRIME_LIMIT = 1 << 23
_LEAF = 16
_SLAB = 256
_TRIANGLE = 64


@dataclass(frozen=True)
class Elimination:
    """The rank modulo `prime`, and the rows and columns of a minor of that size, nonzero modulo it."""

    prime: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def rank(self) -> int:
        return len(self.rows)


def is_usable_prime(number: int) -> bool:
    """Whether `number` is a prime with 5 <= p < 2²³.

    >>> is_usable_prime(8388593), is_usable_prime(8388595), is_usable_prime(3)
    (True, False, False)
    """
    if not 5 <= number < PRIME_LIMIT or number % 2 == 0:
        return False
    return all(number % divisor for divisor in range(3, math.isqrt(number) + 1, 2))


def prime_below(number: int) -> int:
    """The largest usable prime below `number`.

    Raises: InputError if there is none.

    >>> prime_below(2**23), prime_below(8388593)
    (8388593, 8388587)
    """
    for candidate in range(number - 1, 4, -1):
        if is_usable_prime(candidate):
            return candidate
    raise InputError(f"there is no prime p with 5 <= p < {number}", hint="start from 2**23")


def reduce_in_place(block: Residues, prime: int) -> None:
    """Replace integers |x| <= 2⁵³ − 2²⁴ by residues modulo `prime` (the bound is proved above)."""
    inverse = 1.0 / prime
    rows = max(1, 32768 // max(1, block.shape[1]))  # a strip of 256 KB stays in the cache for all four passes
    for start in range(0, block.shape[0], rows):
        strip = block[start : start + rows]
        quotient = strip * inverse
        np.rint(quotient, out=quotient)
        quotient *= prime
        strip -= quotient


def _subtract_product(target: Residues, left: Residues, right: Residues, prime: int) -> None:
    """target -= left · right modulo `prime`, at most CHUNK terms to a sum."""
    for start in range(0, left.shape[1], CHUNK):
        target -= left[:, start : start + CHUNK] @ right[start : start + CHUNK]
        reduce_in_place(target, prime)


def _small_product(left: Residues, right: Residues, prime: int) -> Residues:
    """left · right modulo `prime`, for an inner size of at most CHUNK."""
    product: Residues = left @ right
    reduce_in_place(product, prime)
    return product


def _solve_unit_lower(lower: Residues, block: Residues, prime: int) -> None:
    """Replace `block` by L⁻¹ · block, L unit lower triangular (only what is below the diagonal is read)."""
    size = lower.shape[0]
    if size > _TRIANGLE:
        half = size // 2
        _solve_unit_lower(lower[:half, :half], block[:half], prime)
        _subtract_product(block[half:], lower[half:, :half], block[:half], prime)
        _solve_unit_lower(lower[half:, half:], block[half:], prime)
        return
    # L = I − M with M nilpotent, so L⁻¹ = (I + M)(I + M²)(I + M⁴)…
    power = -np.tril(lower, -1)
    inverse = np.eye(size) + power
    covered = 2
    while covered < size:
        power = _small_product(power, power, prime)
        inverse = _small_product(inverse, np.eye(size) + power, prime)
        covered *= 2
    block[:] = _small_product(inverse, block, prime)


class _Eliminator:
    """Row elimination of one slab of columns, in place: pivot rows move up to follow the first `done` rows,
    and the multipliers of a pivot stay below it."""

    def __init__(self, slab: Residues, done: int, prime: int) -> None:
        self.array = slab
        self.done = done
        self.prime = prime
        self.order = np.arange(slab.shape[0])
        self.columns: list[int] = []

    @property
    def top(self) -> int:
        return self.done + len(self.columns)

    def run(self, low: int, high: int) -> None:
        """Find the pivots in columns low..high−1; those columns are already free of the earlier pivots."""
        if high - low <= _LEAF:
            self._leaf(low, high)
            return
        middle = low + max(_LEAF, (high - low) // 2 // _LEAF * _LEAF)
        first = self.top
        self.run(low, middle)
        if self.top == self.array.shape[0]:
            return  # every row has a pivot: the rank is full, and later columns cannot add to it
        if first < self.top:
            multipliers = self.array[first:, self.columns[first - self.done :]]
            _apply(multipliers, self.array[first:, middle:high], self.prime)
        self.run(middle, high)

    def _leaf(self, low: int, high: int) -> None:
        array, prime = self.array, self.prime
        for column in range(low, high):
            top = self.top
            nonzero = np.flatnonzero(array[top:, column])
            if nonzero.size == 0:
                continue
            pivot = top + int(nonzero[0])
            if pivot != top:
                array[[top, pivot]] = array[[pivot, top]]
                self.order[[top, pivot]] = self.order[[pivot, top]]
            self.columns.append(column)
            below = array[top + 1 :, column : column + 1]
            below *= float(pow(int(array[top, column]), -1, prime))  # |product| < (2²² + 4) · 2²³: exact
            reduce_in_place(below, prime)
            if column + 1 < high:
                block = array[top + 1 :, column + 1 : high]
                block -= below * array[top, column + 1 : high]
                reduce_in_place(block, prime)
            if top + 1 == array.shape[0]:
                return


def _apply(multipliers: Residues, block: Residues, prime: int) -> None:
    """Apply a finished elimination, the m × k multipliers, to m rows of later columns."""
    size = multipliers.shape[1]
    _solve_unit_lower(multipliers[:size], block[:size], prime)
    _subtract_product(block[size:], multipliers[size:], block[:size], prime)


def eliminate(shape: tuple[int, int], residues: Callable[[slice], Residues], prime: int) -> Elimination:
    """The rank modulo `prime` of an m × n matrix, m <= n, with the pivot rows and columns.

    `residues` gives a slice of the columns: m rows of integers in float64 with |r| <= p/2 + 4. Slabs of
    columns are asked for from the left, and no more of them once every row has its pivot.
    Raises: InputError if `prime` is not a prime with 5 <= p < 2²³.

    >>> array = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 5.0]])
    >>> found = eliminate((2, 3), lambda columns: array[:, columns], 101)
    >>> found.rank, found.rows, found.columns
    (2, (0, 1), (0, 2))
    """
    if not is_usable_prime(prime):
        raise InputError(
            f"{prime} is not a prime with 5 <= p < 2**23 = {PRIME_LIMIT}",
            hint=f"use prime_below(2**23) = {prime_below(PRIME_LIMIT)}",
        )
    rows, width = shape
    order = np.arange(rows)
    multipliers = np.empty((rows, 0))
    columns: list[int] = []
    step = max(rows, _SLAB)
    for low in range(0, width, step):
        slab = np.array(residues(slice(low, min(low + step, width)))[order], order="C")
        if columns:
            _apply(multipliers, slab, prime)
        eliminator = _Eliminator(slab, len(columns), prime)
        eliminator.run(0, slab.shape[1])
        order = order[eliminator.order]
        multipliers = np.hstack([multipliers[eliminator.order], slab[:, eliminator.columns]])
        columns += [low + column for column in eliminator.columns]
        if len(columns) == rows:
            break
    return Elimination(prime, tuple(int(row) for row in order[: len(columns)]), tuple(columns))
