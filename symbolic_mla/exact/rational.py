"""Rational matrices as rows of fractions, multiplied by FLINT."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint

from symbolic_mla.exact.given import given_matrix

Rows = tuple[tuple[Fraction, ...], ...]


def rational_rows(matrix: object) -> Rows:
    """The rows of a given matrix, exactly. Raises: InputError for what `given_matrix` refuses."""
    return tuple(tuple(row) for row in given_matrix(matrix).fractions())


def transpose(rows: Rows) -> Rows:
    """The transpose of an m × n matrix, m >= 1."""
    return tuple(zip(*rows, strict=True))


def multiply(left: Rows, right: Rows) -> Rows:
    """The product of m × k and k × n, m, k, n >= 1."""
    return from_flint(to_flint(left) * to_flint(right))


def to_flint(rows: Rows) -> Any:
    """FLINT's rational matrix."""
    entries = [flint.fmpq(x.numerator, x.denominator) for row in rows for x in row]
    return flint.fmpq_mat(len(rows), len(rows[0]), entries)


def from_flint(matrix: Any) -> Rows:
    """The rows of FLINT's rational matrix, as fractions."""
    return tuple(tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in matrix.table())
