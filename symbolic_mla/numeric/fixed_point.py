"""Matrices of fixed-point numbers: integers times 2 to the −bits, multiplied exactly by python-flint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

import flint
import numpy as np

from symbolic_mla.numeric.object_ops import Array, object_array


@dataclass(frozen=True)
class FixedMatrix:
    """`whole` / 2**bits. Products are exact and have the sum of the bits; `rounded` brings them down."""

    whole: Any  # flint.fmpz_mat
    bits: int

    @classmethod
    def of(cls, entries: Iterable[int], rows: int, columns: int, bits: int) -> FixedMatrix:
        """The matrix with these integers over 2**bits, row by row."""
        return cls(flint.fmpz_mat(rows, columns, list(entries)), bits)

    @classmethod
    def nearest(cls, values: Array, bits: int, *, exponent: int = 0) -> FixedMatrix:
        """A float64 array, or an object array of fractions, over 2**exponent, rounded to `bits` bits."""
        rows, columns = values.shape
        if values.dtype == np.float64:
            mantissa, powers = np.frexp(values)
            shifts = powers.ravel().astype(np.int64) - 52 + bits - exponent  # one bit more, to round by
            doubled = zip(
                np.ldexp(mantissa, 53).astype(np.int64).ravel().tolist(), shifts.tolist(), strict=True
            )
            return cls.of(
                [((m << e if e > 0 else m >> -e) + 1) >> 1 for m, e in doubled], rows, columns, bits
            )
        values = values / Fraction(2) ** exponent
        whole = [((q.numerator << (bits + 1)) // q.denominator + 1) >> 1 for q in values.ravel().tolist()]
        return cls.of(whole, rows, columns, bits)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.whole.nrows()), int(self.whole.ncols())

    @property
    def T(self) -> FixedMatrix:
        """The transpose."""
        return FixedMatrix(self.whole.transpose(), self.bits)

    def __matmul__(self, other: FixedMatrix) -> FixedMatrix:
        return FixedMatrix(self.whole * other.whole, self.bits + other.bits)

    def __add__(self, other: FixedMatrix) -> FixedMatrix:
        bits = max(self.bits, other.bits)
        return FixedMatrix(self._at(bits) + other._at(bits), bits)

    def __sub__(self, other: FixedMatrix) -> FixedMatrix:
        bits = max(self.bits, other.bits)
        return FixedMatrix(self._at(bits) - other._at(bits), bits)

    def _at(self, bits: int) -> Any:
        return self.whole if bits == self.bits else self.whole * flint.fmpz(2) ** (bits - self.bits)

    def rounded(self, bits: int) -> FixedMatrix:
        """The nearest matrix with fewer bits."""
        drop = self.bits - bits
        if drop <= 0:
            return FixedMatrix(self._at(bits), bits)
        half = flint.fmpz(1) << (drop - 1)
        return FixedMatrix.of([(x + half) >> drop for x in self.whole.entries()], *self.shape, bits)

    def columns(self, order: list[int]) -> FixedMatrix:
        """These columns, in this order."""
        if order == list(range(self.shape[1])):
            return self
        rows = self.rows()
        return FixedMatrix.of([row[j] for row in rows for j in order], len(rows), len(order), self.bits)

    def rows(self) -> list[list[Any]]:
        """The integers (flint.fmpz), row by row."""
        entries, (m, n) = self.whole.entries(), self.shape
        return [entries[i * n : (i + 1) * n] for i in range(m)]

    def frobenius(self) -> Fraction:
        """An upper bound of the Frobenius norm, at most one unit of the last place above it."""
        return Fraction(isqrt(sum(int(x) ** 2 for x in self.whole.entries())) + 1, 1 << self.bits)

    def largest(self) -> Fraction:
        """The largest absolute value of an entry."""
        return Fraction(max(abs(int(x)) for x in self.whole.entries()), 1 << self.bits)

    def fractions(self) -> Array:
        """The entries as an object array of fractions."""
        one = 1 << self.bits
        return object_array([Fraction(int(x), one) for x in self.whole.entries()], self.shape)


def identity(size: int, bits: int) -> FixedMatrix:
    """The identity matrix."""
    return diagonal([1 << bits] * size, bits)


def diagonal(entries: list[int], bits: int) -> FixedMatrix:
    """A diagonal matrix of integers over 2**bits."""
    size = len(entries)
    whole = [0] * (size * size)
    whole[:: size + 1] = entries
    return FixedMatrix.of(whole, size, size, bits)
