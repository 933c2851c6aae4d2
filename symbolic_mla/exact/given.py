"""A given matrix of exact numbers: what is accepted, and the integers that it stands for.

A float *is* a dyadic rational, so a float matrix has an exact rank. Every accepted matrix A equals
`integers() / scale()` for one positive integer scale, so that A and its integers have the same rank and
the same linear relations between rows and between columns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from numbers import Rational
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_mla.errors import InputError
from symbolic_mla.exact.modular import Elimination, Residues, eliminate, reduce_in_place

ACCEPTED = (
    "a NumPy array of integers or of float16/32/64, a SymPy or flint matrix of rational numbers, "
    "or a list of rows of int, float, Fraction or Decimal"
)
MAX_ENTRIES = 1 << 26
MAX_DECIMAL_EXPONENT = 10_000  # a Decimal like 1E+999999999 would fill the memory
_INT64 = 1 << 63


@dataclass(frozen=True, eq=False)
class GivenMatrix:
    """An m × n matrix of exact numbers, m, n >= 1: `entries` / `denominator`.

    `entries` is int64, float64 (denominator 1) or, for larger integers, an object array of Python integers.
    Made by `given_matrix`.
    """

    entries: NDArray[Any]
    denominator: int = 1

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.entries.shape
        return rows, columns

    def select(self, rows: Sequence[int] | None = None, columns: Sequence[int] | None = None) -> GivenMatrix:
        """The submatrix of the given rows and columns (all, where None)."""
        entries = self.entries if rows is None else self.entries[list(rows), :]
        return GivenMatrix(entries if columns is None else entries[:, list(columns)], self.denominator)

    @property
    def transposed(self) -> GivenMatrix:
        return GivenMatrix(self.entries.T, self.denominator)

    def eliminate(self, prime: int) -> Elimination:
        """Pivot rows and columns of A modulo `prime`; for rational entries, of `denominator` · A.

        Floats lie in Z[1/2], which maps to the integers modulo an odd prime; so a slab of columns may be
        multiplied by a power of 2, a unit, without a change of rank.
        """
        rows, columns = self.shape
        if rows > columns:
            found = self.transposed.eliminate(prime)
            return Elimination(prime, found.columns, found.rows)
        return eliminate(self.shape, lambda chosen: self._residues(chosen, prime), prime)

    def _residues(self, columns: slice, prime: int) -> Residues:
        entries = self.entries[:, columns]
        if entries.dtype == np.float64:
            return _float_residues(entries, prime)
        reduced = np.asarray(entries % prime, dtype=np.float64)
        reduce_in_place(reduced, prime)
        return reduced

    @cached_property
    def scale(self) -> int:
        """The least power of 2 (floats) or the denominator (otherwise) that makes every entry an integer."""
        if self.entries.dtype == np.float64:
            return max(float(x).as_integer_ratio()[1] for x in self.entries.flat)
        return self.denominator

    def integers(self) -> list[list[int]]:
        """The rows of `scale` · A, as Python integers."""
        if self.entries.dtype == np.float64:
            ratios = ([x.as_integer_ratio() for x in row] for row in self.entries.tolist())
            return [[top * (self.scale // bottom) for top, bottom in row] for row in ratios]
        rows: list[list[int]] = self.entries.tolist()
        return rows

    def fractions(self) -> list[list[Fraction]]:
        """The rows of A, as fractions."""
        return [[Fraction(x, self.scale) for x in row] for row in self.integers()]


def _float_residues(entries: Residues, prime: int) -> Residues:
    """2ᵏ A modulo `prime`, for one k: each entry is an integer below 2⁵³ times a power of 2."""
    fraction, exponent = np.frexp(entries)
    mantissa = np.ldexp(fraction, 53)
    # Split at 2²⁶ so that every number stays far below 2⁵³, the limit of exact arithmetic in float64.
    high = np.rint(mantissa * 2.0**-26)
    mantissa -= high * 2.0**26
    high *= float(pow(2, 26, prime))
    mantissa += high  # below 2²⁶ + 2²⁷ · 2²³
    reduce_in_place(mantissa, prime)
    low, top = int(exponent.min()), int(exponent.max())
    if top > low:
        powers = np.array([pow(2, step, prime) for step in range(top - low + 1)], dtype=np.float64)
        mantissa *= powers[exponent - low]  # below (2²² + 4) · 2²³
        reduce_in_place(mantissa, prime)
    return mantissa


def given_matrix(matrix: object) -> GivenMatrix:
    """Read a matrix of exact numbers; nothing is rounded.

    Raises: InputError for what is not a matrix, for an empty one, for NaN and infinity, and for entries that
    are complex, symbolic or no numbers at all.

    >>> given_matrix([[0.5, 0.25], [1, 3]]).integers()
    [[2, 1], [4, 12]]
    """
    if isinstance(matrix, GivenMatrix):
        return matrix
    if isinstance(matrix, np.ma.MaskedArray):
        raise InputError("a masked array has entries without a value", hint="fill them: array.filled(0)")
    if isinstance(matrix, np.ndarray):
        return _from_array(np.asarray(matrix))
    for method in ("to_Matrix", "tolist", "table"):  # DomainMatrix; SymPy matrices; flint matrices
        if hasattr(matrix, method):
            return given_matrix(getattr(matrix, method)())
    if not isinstance(matrix, Sequence) or isinstance(matrix, str | bytes):
        raise InputError(f"{type(matrix).__name__} is not a matrix", hint=f"give {ACCEPTED}")
    return _from_rows(matrix)


def _check_shape(shape: tuple[int, ...]) -> None:
    if len(shape) != 2:
        raise InputError(
            f"an array with {len(shape)} axes was given, and a matrix has 2",
            hint="select one matrix, or reshape the array to rows × columns",
        )
    if 0 in shape:
        raise InputError(f"an empty matrix of shape {shape[0]} × {shape[1]} was given; sizes start at 1")
    if math.prod(shape) > MAX_ENTRIES:
        raise InputError(
            f"a matrix of shape {shape[0]} × {shape[1]} has more than {MAX_ENTRIES} entries",
            hint="give a submatrix: its rank is a lower bound",
        )


def _from_array(array: NDArray[Any]) -> GivenMatrix:
    _check_shape(array.shape)
    if array.dtype == np.bool_ or array.dtype.kind in "iu":
        if array.dtype == np.uint64:
            return _from_rows(array.tolist())
        return GivenMatrix(array.astype(np.int64))
    if array.dtype in (np.float16, np.float32, np.float64):
        finite = np.isfinite(array)
        if not finite.all():
            row, column = (int(i) for i in np.argwhere(~finite)[0])
            raise _bad_entry(row, column, f"is {array[row, column]}", "every entry must be finite")
        return GivenMatrix(array.astype(np.float64))
    if array.dtype == np.object_:
        return _from_rows(array.tolist())
    raise InputError(
        f"an array of dtype {array.dtype} has no exact rational entries", hint=f"give {ACCEPTED}"
    )


def _from_rows(given: Sequence[Any]) -> GivenMatrix:
    rows = [row.tolist() if isinstance(row, np.ndarray) else row for row in given]
    if any(not isinstance(row, Sequence) or isinstance(row, str | bytes) for row in rows):
        raise InputError("a matrix is a list of rows, and some row is not a list", hint=f"give {ACCEPTED}")
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise InputError(f"the rows have different lengths: {', '.join(map(str, sorted(widths)))}")
    _check_shape((len(rows), *widths) if rows else (0, 0))
    if all(type(x) is float for row in rows for x in row):
        return _from_array(np.array(rows, dtype=np.float64))
    fractions = [[_fraction(x, i, j) for j, x in enumerate(row)] for i, row in enumerate(rows)]
    denominator = math.lcm(*{x.denominator for row in fractions for x in row})
    whole = [[x.numerator * (denominator // x.denominator) for x in row] for row in fractions]
    small = all(-_INT64 < x < _INT64 for row in whole for x in row)
    entries = np.empty((len(rows), len(rows[0])), dtype=np.int64 if small else np.object_)
    for target, row in zip(entries, whole, strict=True):
        target[:] = row
    return GivenMatrix(entries, denominator)


def _fraction(entry: Any, row: int, column: int) -> Fraction:
    """The exact value of one entry; row and column are for the message."""
    if isinstance(entry, Rational):
        return Fraction(int(entry.numerator), int(entry.denominator))
    if isinstance(entry, float | Decimal | np.floating):
        finite = entry.is_finite() if isinstance(entry, Decimal) else math.isfinite(entry)
        if not finite:
            raise _bad_entry(row, column, f"is {entry}", "every entry must be finite")
        if isinstance(entry, np.longdouble) and not isinstance(entry, float):
            raise _bad_entry(row, column, "is a longdouble", f"give {ACCEPTED}")
        if isinstance(entry, Decimal) and abs(entry.adjusted()) > MAX_DECIMAL_EXPONENT:
            raise _bad_entry(row, column, f"is {entry}", f"exponents go up to {MAX_DECIMAL_EXPONENT}")
        return Fraction(entry if isinstance(entry, Decimal) else float(entry))
    if isinstance(entry, complex | np.complexfloating):
        raise _bad_entry(row, column, f"is complex ({entry})", "take the real and the imaginary part")
    for top, bottom in (("p", "q"), ("numerator", "denominator")):  # SymPy's and flint's rationals
        if hasattr(entry, top) and hasattr(entry, bottom):
            return _from_parts(getattr(entry, top), getattr(entry, bottom))
    if type(entry).__name__ == "fmpz":
        return Fraction(int(entry))
    if getattr(entry, "free_symbols", None):
        raise _bad_entry(row, column, f"is symbolic ({entry})", "use generic_rank, or substitute numbers")
    raise _bad_entry(row, column, f"is no rational number ({entry!r})", f"give {ACCEPTED}")


def _from_parts(top: Any, bottom: Any) -> Fraction:
    return Fraction(int(top() if callable(top) else top), int(bottom() if callable(bottom) else bottom))


def _bad_entry(row: int, column: int, met: str, hint: str) -> InputError:
    return InputError(f"entry ({row}, {column}) {met}", hint=hint)
