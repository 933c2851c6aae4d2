"""The rank equality by two products, and bounds of the generic rank, against SymPy's own rank."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.exact.generic_rank import generic_rank
from symbolic_mla.exact.polynomial import PolynomialMatrix
from symbolic_mla.exact.two_products import rank_equality, tile_keeps_rank

SIZE = st.integers(1, 4)


@settings(max_examples=30, deadline=None)
@given(SIZE, SIZE, SIZE)
def test_tile_keeps_rank(rows: int, columns: int, copies: int) -> None:
    """rank tile(W, n) = rank W is proved for every size, with a symbol in every entry."""
    assert tile_keeps_rank(PolynomialMatrix.symbols("W", rows, columns), copies).proved


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_generic_rank_agrees_with_sympy(rows: int, inner: int, columns: int) -> None:
    """The generic rank of a product of symbolic factors is SymPy's rank, which eliminates in the field."""
    left = PolynomialMatrix.symbols("L", rows, inner)
    right = PolynomialMatrix.symbols("R", inner, columns)
    found = generic_rank(left @ right, factorisation=(left, right))
    assert found.rank == min(rows, inner, columns)
    matrix = (left @ right).to_sympy()
    assert found.rank == matrix.rank(iszerofunc=lambda entry: sympy.expand(entry) == 0, simplify=sympy.cancel)


def test_interleaved_copies_have_their_own_factors() -> None:
    """repeat_interleave needs I ⊗ 1ₙ; the factors of the tile order leave it undecided, with the entry."""
    weight = sympy.Matrix(sympy.MatrixSymbol("W", 2, 3))
    interleaved = sympy.Matrix.vstack(*(weight.row(i) for i in (0, 0, 1, 1)))
    up = [[1, 0], [1, 0], [0, 1], [0, 1]]
    assert rank_equality(weight, interleaved, up, [[1, 0, 0, 0], [0, 0, 1, 0]]).proved
    tile = rank_equality(weight, interleaved, [[1, 0], [0, 1]] * 2, [[1, 0, 0, 0], [0, 1, 0, 0]])
    assert not tile.proved
    assert str(tile) == "undecided: U W = W̃ fails at (1, 0): W[1, 0] is not W[0, 0]"


def test_the_second_product_is_checked() -> None:
    """U W = W̃ alone is only rank W̃ <= rank W: without L W̃ = W nothing is proved."""
    weight = PolynomialMatrix.symbols("W", 2, 2)
    found = rank_equality(weight, weight.scaled(0), [[0, 0], [0, 0]], [[1, 0], [0, 1]])
    assert not found.proved
    assert str(found) == "undecided: L W̃ = W fails at (0, 0): 0 is not W_0_0"


def test_shapes_and_sizes_are_checked() -> None:
    """Factors that do not fit are shape errors, and no copies are an input error."""
    weight = PolynomialMatrix.symbols("W", 2, 2)
    with pytest.raises(ShapeError, match="1 × 3 cannot be multiplied by one of 2 × 2"):
        rank_equality(weight, weight, [[1, 0, 0]], [[1, 0], [0, 1]])
    with pytest.raises(ShapeError, match="1 × 2 is compared with one of 2 × 2"):
        rank_equality(weight, weight, [[1, 0]], [[1, 0], [0, 1]])
    with pytest.raises(InputError, match="sizes start at 1"):
        tile_keeps_rank(weight, 0)


def test_bounds_that_do_not_meet_are_undecided() -> None:
    """Without a factorisation the shape bounds a tiled matrix: rank 2, bound 4, no rank stated."""
    tiled = PolynomialMatrix.symbols("W", 2, 8).tile(2)
    found = generic_rank(tiled)
    assert (found.lower, found.upper, found.rank) == (2, 4, None)
    values = {sympy.Symbol(name): value for name, value in found.specialisation}
    found.certificate.check(tiled.evaluate(values))


def test_specialisation_is_deterministic() -> None:
    """The same matrix and seed give the same integers; another seed gives others."""
    weight = PolynomialMatrix.symbols("W", 2, 3)
    assert generic_rank(weight) == generic_rank(weight)
    assert generic_rank(weight).specialisation != generic_rank(weight, seed=1).specialisation


def test_numbers_have_a_rank_without_symbols() -> None:
    """A matrix without symbols has the rank of its certificate, both bounds."""
    found = generic_rank([[1, 2], [2, 4]])
    assert (found.rank, found.upper, found.specialisation) == (1, 1, ())


def test_wrong_factors_and_trials() -> None:
    """Factors with another product name the entry; no trials at all are refused."""
    weight = PolynomialMatrix.symbols("W", 2, 2)
    with pytest.raises(InputError, match=r"L R = A fails at \(0, 1\): 0 is not W_0_1"):
        generic_rank(weight, factorisation=(weight, [[1, 0], [0, 0]]))
    with pytest.raises(InputError, match="0 trials"):
        generic_rank(weight, trials=0)
