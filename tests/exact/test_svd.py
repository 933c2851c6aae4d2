"""Exact singular value decompositions: orthogonality, the tile construction and truncation."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import (
    BudgetError,
    CertificateError,
    DomainError,
    InputError,
    ShapeError,
    SymbolicMLAError,
)
from symbolic_mla.exact.polynomial import PolynomialMatrix
from symbolic_mla.exact.rank import rank_certificate
from symbolic_mla.exact.rational import Rows, multiply, rational_rows, transpose
from symbolic_mla.exact.rotations import cayley_rotation, hadamard_rotation, random_skew
from symbolic_mla.exact.svd import ExactSVD, cayley_svd, hadamard_svd, svd_from_rotations
from symbolic_mla.exact.symbolic_svd import rank_factorisation, tile_scales_singular_values

SIZES = st.integers(1, 7)
HALF = Fraction(1, 2)
IRRATIONAL = ExactSVD(
    ((Fraction(1),),), (Fraction(1),), (Fraction(2),), ((Fraction(1),), (Fraction(1),)), (HALF,)
)


def identity(size: int) -> Rows:
    return rational_rows([[int(i == j) for j in range(size)] for i in range(size)])


@st.composite
def decompositions(draw: st.DrawFn) -> ExactSVD:
    """A member of one of the two families, with zeros and repeated values among its singular values."""
    rows, columns = draw(SIZES), draw(SIZES)
    count = draw(st.integers(1, min(rows, columns)))
    values = sorted(draw(st.lists(st.integers(0, 5), min_size=count, max_size=count)), reverse=True)
    if draw(st.booleans()):
        return hadamard_svd(rows, columns, values)
    return cayley_svd(rows, columns, values, seed=draw(st.integers(0, 99)))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(0, 1000))
def test_rotations_are_orthogonal(size: int, seed: int) -> None:
    """QᵀQ = I exactly, for dyadic Hadamard blocks and for Cayley's rotations."""
    hadamard = hadamard_rotation(size)
    assert multiply(transpose(hadamard), hadamard) == identity(size)
    cayley = cayley_rotation(random_skew(min(size, 8), seed))
    assert multiply(transpose(cayley), cayley) == identity(min(size, 8))


@settings(max_examples=50, deadline=None)
@given(decompositions(), st.integers(1, 5))
def test_singular_values_of_a_tile(svd: ExactSVD, copies: int) -> None:
    """tile(W, n) = ((1/√n) tile(U)) (√n Σ) Vᵀ exactly, so σ² is multiplied by n and the rank is kept."""
    weight = svd.matrix()
    tiled = svd.tile(copies)
    tiled.check(weight * copies)
    assert tiled.value_squares == tuple(copies * square for square in svd.value_squares)
    assert tiled.rank == svd.rank == rank_certificate(weight * copies).rank


@settings(max_examples=50, deadline=None)
@given(decompositions(), st.data())
def test_truncation_is_exact(svd: ExactSVD, data: st.DataObject) -> None:
    """A − A_r has squared Frobenius norm Σ σ² over the values cut off, and A_r is its own decomposition."""
    rank = data.draw(st.integers(1, len(svd.value_squares)))
    cut = svd.truncate(rank)
    cut.check(cut.matrix())
    pairs = zip(svd.matrix(), cut.matrix(), strict=True)
    error = sum((x - y) ** 2 for row, other in pairs for x, y in zip(row, other, strict=True))
    assert error == sum(svd.value_squares[rank:])
    assert rank_certificate(cut.matrix()).rank == cut.rank == min(rank, svd.rank)


@settings(max_examples=30, deadline=None)
@given(decompositions(), st.integers(1, 3))
def test_projections_multiply_to_the_tile(svd: ExactSVD, copies: int) -> None:
    """The up-projection and the down-projection of a tiled matrix multiply to it, through r rows."""
    up, down = svd.tile(copies).projections()
    assert multiply(up, down) == svd.matrix() * copies
    assert len(down) == len(svd.value_squares)


@settings(max_examples=20, deadline=None)
@given(decompositions())
def test_numpy_finds_the_same_values(svd: ExactSVD) -> None:
    """NumPy's singular values are the stated ones, to rounding."""
    found = np.linalg.svd(np.array(svd.matrix(), dtype=np.float64), compute_uv=False)
    expected = np.zeros(min(svd.shape))
    expected[: len(svd.value_squares)] = [float(square) ** 0.5 for square in svd.value_squares]
    assert np.allclose(found, expected, atol=1e-12)


def test_irrational_factors_of_a_rational_matrix() -> None:
    """[1 1] = 1 · √2 · (1/√2)(1, 1)ᵀ: U, Σ, V may be irrational while the product is not."""
    IRRATIONAL.check([[1, 1]])
    left, sigma, right = IRRATIONAL.to_sympy()
    assert left * sigma * right.T == sympy.Matrix([[1, 1]])
    assert right.T * right == sympy.eye(1)
    tiled_left, tiled_sigma, tiled_right = IRRATIONAL.tile(3).to_sympy()
    assert tiled_left * tiled_sigma * tiled_right.T == sympy.ones(3, 2)
    assert tiled_sigma[0] == sympy.sqrt(6)


def test_an_irrational_product_is_refused() -> None:
    """Where U Σ Vᵀ is irrational the error says so and names the way out."""
    with pytest.raises(DomainError, match=r"√\(3/2\) is irrational.*\n.*to_sympy"):
        replace(IRRATIONAL, value_squares=(Fraction(3),)).matrix()


SVD = hadamard_svd(4, 4, [3, 2, 1])
WRONG_ROW = (Fraction(1), *SVD.left[0][1:])


@pytest.mark.parametrize(
    ("forged", "message"),
    [
        (replace(SVD, left=(WRONG_ROW, *SVD.left[1:])), r"Uᵀ U = I fails at \(0, 0\)"),
        (replace(SVD, right=(SVD.right[0], *SVD.right[:3])), r"Vᵀ V = I fails at \(0, 1\)"),
        (replace(SVD, left_squares=(Fraction(2),) * 3), r"Uᵀ U = I fails at \(0, 0\)"),
        (replace(SVD, left_squares=(Fraction(1),) * 2), "one positive square for each of 3"),
        (replace(SVD, right_squares=(Fraction(-1),) * 3), "Vᵀ V = I needs one positive square"),
        (replace(SVD, value_squares=SVD.value_squares[::-1]), "not in descending order"),
        (replace(SVD, value_squares=(Fraction(9), Fraction(4), Fraction(-1))), "or negative"),
        (replace(SVD, value_squares=SVD.value_squares[:2]), "different numbers of columns"),
        (replace(SVD, value_squares=(Fraction(9), Fraction(4), Fraction(0))), "U Σ Vᵀ is not the matrix"),
        (SVD.tile(2), "U Σ Vᵀ is not the matrix"),
    ],
)
def test_forged_decompositions_are_refused(forged: ExactSVD, message: str) -> None:
    """Every equation of a decomposition is checked."""
    SVD.check(SVD.matrix())
    with pytest.raises(CertificateError, match=message):
        forged.check(SVD.matrix())


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: SVD.tile(0), InputError, "0 copies"),
        (lambda: SVD.truncate(0), InputError, "rank 0 was asked for; there are 3"),
        (lambda: SVD.truncate(4), InputError, "rank 4"),
        (lambda: hadamard_rotation(0), InputError, "a size of 0"),
        (lambda: cayley_rotation([[0, 1]]), InputError, "1 × 2 is not square"),
        (lambda: cayley_rotation([[0, 1], [1, 0]]), InputError, r"Kᵀ = −K fails at \(1, 0\)"),
        (lambda: cayley_rotation([[1]]), InputError, r"fails at \(0, 0\)"),
        (lambda: hadamard_svd(2, 3, [1, 1, 1]), ShapeError, "3 singular values"),
        (lambda: hadamard_svd(2, 3, []), ShapeError, "0 singular values"),
        (lambda: hadamard_svd(2, 3, [1, 2]), CertificateError, "descending"),
        (lambda: hadamard_svd(2, 3, [-1]), CertificateError, "negative"),
        (lambda: hadamard_svd(2, 3, [float("nan")]), InputError, "is nan"),
        (lambda: svd_from_rotations([[1, 1], [0, 1]], [1, 1], [[1, 0], [0, 1]]), CertificateError, "Uᵀ U"),
    ],
)
def test_bad_input(call: Any, error: type[SymbolicMLAError], message: str) -> None:
    """Sizes, values and matrices outside the domain are refused with what was met."""
    with pytest.raises(error, match=message):
        call()


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4))
def test_tile_scales_symbolic_singular_values(rows: int, columns: int, copies: int) -> None:
    """W̃ᵀW̃ = n WᵀW holds with a symbol in every entry."""
    assert tile_scales_singular_values(PolynomialMatrix.symbols("W", rows, columns), copies).proved


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3), st.integers(1, 2), st.integers(1, 3), st.integers(1, 2))
def test_symbolic_rank_factorisation(rows: int, inner: int, columns: int, copies: int) -> None:
    """A tiled product of symbolic factors is factored through its generic rank, and multiplies back."""
    product = PolynomialMatrix.symbols("L", rows, inner) @ PolynomialMatrix.symbols("R", inner, columns)
    found = rank_factorisation(product.tile(copies))
    assert found.rank == min(rows, inner, columns)
    assert found.up.shape == (rows * copies, found.rank)
    difference = found.up * found.down - product.tile(copies).to_sympy()
    assert all(sympy.cancel(entry) == 0 for entry in difference)


def test_rank_factorisation_of_numbers_and_its_limit() -> None:
    """Numbers have no limit of entries; the zero matrix has empty factors; large symbolic matrices stop."""
    assert rank_factorisation([[1, 2] * 20] * 20).rank == 1
    zero = rank_factorisation([[0, 0], [0, 0]])
    assert (zero.rank, zero.up.shape, zero.down.shape) == (0, (2, 0), (0, 2))
    with pytest.raises(BudgetError, match=r"7 × 6 matrix is beyond the limit of 36.*\n.*two products"):
        rank_factorisation(PolynomialMatrix.symbols("W", 7, 6))
