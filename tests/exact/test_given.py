"""Given matrices are read exactly, or refused with what was met and what is accepted."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import InputError
from symbolic_mla.exact.given import given_matrix

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(FLOATS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_floats_are_read_as_the_rationals_that_they_are(rows: list[list[float]]) -> None:
    """The fractions of a float matrix, subnormals included, are exactly its entries."""
    assert given_matrix(rows).fractions() == [[Fraction(x) for x in row] for row in rows]
    assert given_matrix(np.array(rows)).fractions() == [[Fraction(x) for x in row] for row in rows]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(FLOATS, min_size=2, max_size=2), min_size=2, max_size=2))
def test_elimination_of_floats_is_that_of_their_integers(rows: list[list[float]]) -> None:
    """The rank modulo p of a float matrix is that of the integers that it stands for."""
    matrix = given_matrix(rows)
    whole = [x % 101 for row in matrix.integers() for x in row]
    assert matrix.eliminate(101).rank == flint.nmod_mat(2, 2, whole, 101).rank()


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[1, 2.5]], [[1, Fraction(5, 2)]]),
        ([[Decimal("0.1"), Fraction(1, 3)]], [[Fraction(1, 10), Fraction(1, 3)]]),
        ([np.array([1, 2]), (3, 4)], [[1, 2], [3, 4]]),
        (np.array([[2**64 - 1]], dtype=np.uint64), [[2**64 - 1]]),
        (np.array([[-(2**63)]]), [[-(2**63)]]),
        (np.array([[1.5, -0.0]], dtype=np.float16), [[Fraction(3, 2), 0]]),
        (np.array([[True, False]]), [[1, 0]]),
        (np.array([[Fraction(1, 7)]], dtype=object), [[Fraction(1, 7)]]),
        (sympy.Matrix([[1, sympy.Rational(1, 3)]]), [[1, Fraction(1, 3)]]),
        (sympy.ImmutableMatrix([[2]]), [[2]]),
        (sympy.Matrix([[1, 2]]).to_DM(), [[1, 2]]),
        (flint.fmpz_mat([[1, 2**70]]), [[1, 2**70]]),
        (flint.fmpq_mat(1, 1, [flint.fmpq(2, 6)]), [[Fraction(1, 3)]]),
    ],
)
def test_accepted_forms(matrix: object, expected: list[list[Any]]) -> None:
    """Every accepted form is read without rounding."""
    assert given_matrix(matrix).fractions() == expected


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1.0, float("nan")]], r"entry \(0, 1\) is nan"),
        (np.array([[1.0], [np.inf]]), r"entry \(1, 0\) is inf.*\n.*finite"),
        ([[1, float("-inf")]], r"entry \(0, 1\) is -inf"),
        ([[Decimal("nan")]], "is NaN"),
        ([[Decimal("1E+999999")]], "exponents go up to 10000"),
        ([[1j]], r"entry \(0, 0\) is complex \(1j\)"),
        (np.array([[1j]]), "dtype complex128"),
        ([["a"]], r"entry \(0, 0\) is no rational number \('a'\)"),
        (np.array([["a"]]), "dtype <U1"),
        ([[None]], "is no rational number"),
        ([[sympy.Symbol("x")]], r"is symbolic \(x\)\n.*generic_rank"),
        ([[sympy.sqrt(2)]], r"is no rational number \(sqrt\(2\)\)"),
        ([[sympy.I]], "is no rational number"),
        ([[sympy.oo]], "is no rational number"),
        (np.array([[1]], dtype=np.longdouble), "dtype float128|dtype float64|dtype longdouble"),
        ([[np.longdouble(1)]], "longdouble"),
        (flint.nmod_mat(1, 1, [3], 5), "is no rational number"),
        ([], "empty matrix of shape 0 × 0"),
        ([[]], "empty matrix of shape 1 × 0"),
        (np.zeros((2, 0)), "empty matrix of shape 2 × 0"),
        (np.zeros(3), "an array with 1 axes"),
        (np.zeros((2, 2, 2)), "an array with 3 axes"),
        (np.ma.masked_array([[1.0]], [[True]]), "masked"),
        (np.broadcast_to(1, (2**14, 2**14)), "more than 67108864 entries"),
        ([1, 2], "some row is not a list"),
        ([[1], [1, 2]], "different lengths: 1, 2"),
        (3, "int is not a matrix"),
        ("ab", "str is not a matrix"),
        ({1: 2}, "dict is not a matrix"),
        (sympy.MatrixSymbol("A", 2, 2), "MatrixSymbol is not a matrix"),
    ],
)
def test_refused_forms(matrix: object, message: str) -> None:
    """What has no exact rational entries, or is no matrix, is refused and named."""
    with pytest.raises(InputError, match=message):
        given_matrix(matrix)
