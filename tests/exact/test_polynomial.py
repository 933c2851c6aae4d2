"""Matrices of polynomials agree with SymPy, entry by entry, and refuse what is no polynomial."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Float, MatrixSymbol, Rational, Symbol, symbols

from symbolic_mla.errors import BudgetError, InputError, ShapeError
from symbolic_mla.exact.polynomial import PolynomialMatrix

x, y, z = symbols("x y z")
ATOMS = st.sampled_from([x, y, z, sympy.Integer(2), Rational(-1, 3), sympy.Integer(0)])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, st.integers(0, 3)).map(lambda pair: pair[0] ** pair[1]),
    ),
    max_leaves=6,
)
SQUARES = st.lists(EXPRESSIONS, min_size=4, max_size=4).map(lambda entries: sympy.Matrix(2, 2, entries))


@settings(max_examples=60, deadline=None)
@given(SQUARES, SQUARES)
def test_products_agree_with_sympy(left: Any, right: Any) -> None:
    """A product of polynomial matrices is SymPy's product, expanded; reading and writing are inverse."""
    product = PolynomialMatrix.of(left) @ PolynomialMatrix.of(right)
    assert product.to_sympy() == (left * right).expand()
    assert PolynomialMatrix.of(product.to_sympy()) == product
    assert product.T == PolynomialMatrix.of(right).T @ PolynomialMatrix.of(left).T


@settings(max_examples=60, deadline=None)
@given(SQUARES, SQUARES)
def test_equality_is_that_of_polynomials(left: Any, right: Any) -> None:
    """Two matrices are equal exactly when SymPy's expanded difference is zero; the differences say where."""
    first, second = PolynomialMatrix.of(left), PolynomialMatrix.of(right)
    nonzero = [(i, j) for i in range(2) for j in range(2) if (left - right).expand()[i, j] != 0]
    assert list(first.differences(second)) == nonzero
    assert (first == second) is (not nonzero)


@settings(max_examples=40, deadline=None)
@given(SQUARES, st.tuples(*[st.fractions(max_denominator=9)] * 3))
def test_values_agree_with_sympy(matrix: Any, point: tuple[Any, Any, Any]) -> None:
    """The value at a rational point is SymPy's substitution."""
    values = dict(zip((x, y, z), point, strict=True))
    expected = matrix.subs({symbol: Rational(v.numerator, v.denominator) for symbol, v in values.items()})
    assert sympy.Matrix(PolynomialMatrix.of(matrix).evaluate(values)) == expected


def test_tile_repeats_rows() -> None:
    """tile(W, n) is n copies, one above the other, and equals tile(I, n) W."""
    weight = PolynomialMatrix.symbols("W", 3, 2)
    assert weight.tile(2).to_sympy() == sympy.Matrix.vstack(*[weight.to_sympy()] * 2)
    assert PolynomialMatrix.identity(3).tile(2) @ weight == weight.tile(2)
    assert weight.scaled(0).to_sympy() == sympy.zeros(3, 2)


def test_symbols_of_one_name_stay_apart() -> None:
    """Two SymPy symbols that differ only in their assumptions are not identified."""
    assert PolynomialMatrix.of([[Symbol("w")]]) != PolynomialMatrix.of([[Symbol("w", positive=True)]])
    assert PolynomialMatrix.of([[sympy.Dummy("w")]]) != PolynomialMatrix.of([[sympy.Dummy("w")]])


def test_accepted_forms() -> None:
    """SymPy matrices, DomainMatrix, lists and entries of explicit matrix symbols are read alike."""
    explicit = sympy.Matrix(MatrixSymbol("A", 2, 2))
    assert PolynomialMatrix.of(explicit * explicit) == PolynomialMatrix.of(explicit) @ PolynomialMatrix.of(
        explicit
    )
    assert PolynomialMatrix.of(sympy.Matrix([[x, 2]]).to_DM()) == PolynomialMatrix.of([[x, 2]])
    assert PolynomialMatrix.of(sympy.eye(2).as_immutable()) == PolynomialMatrix.identity(2)


@pytest.mark.parametrize(
    ("entry", "met"),
    [
        (1 / x, "1/x"),
        (sympy.sqrt(x), r"sqrt\(x\)"),
        (sympy.sqrt(2), r"sqrt\(2\)"),
        (sympy.sin(x), r"sin\(x\)"),
        (2**x, r"2\*\*x"),
        (x**y, r"x\*\*y"),
        (0.5, r"0\.50*"),
        (x * Float(0.5), r"0\.50*\*x"),
        (sympy.I * x, r"I\*x"),
        (sympy.nan, "nan"),
        (sympy.oo, "oo"),
        (sympy.zoo, "zoo"),
        (sympy.pi, "pi"),
        (Symbol("q", commutative=False), "q"),
        (sympy.Abs(x), r"Abs\(x\)"),
        (MatrixSymbol("A", 2, 2)[0, Symbol("j", integer=True)], r"A\[0, j\]"),
        (sympy.matrices.expressions.matexpr.MatrixElement(MatrixSymbol("A", 2, 2).T, 0, 1), r"A.*"),
        (x * MatrixSymbol("A", 2, 2).I[0, 0], ".*"),
    ],
)
def test_entries_that_are_no_polynomials(entry: object, met: str) -> None:
    """Quotients, radicals, floats, functions, NaN and infinity are refused with their place."""
    with pytest.raises(
        InputError, match=rf"entry \(0, 1\) is {met}, which is no polynomial.*\n.*accepted: symbols"
    ):
        PolynomialMatrix.of(sympy.Matrix([[x, entry]]))


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([], "a size of 0 × 0"),
        ([[]], "a size of 1 × 0"),
        ([[1], [1, 2]], "rows of equal length"),
        ([1, 2], "rows of equal length"),
        ([[x, "a"]], r"entry \(0, 1\) is 'a', which SymPy does not read"),
        ([[None]], r"entry \(0, 0\) is None"),
        ([[True]], r"entry \(0, 0\) is True"),
        ([[1j]], r"entry \(0, 0\) is 1\.0\*I"),
        ("ab", "str is not an explicit matrix"),
        (MatrixSymbol("A", 2, 2), "MatrixSymbol is not an explicit matrix\n.*as_explicit"),
    ],
)
def test_what_is_no_matrix(matrix: object, message: str) -> None:
    """Empty, ragged and unexplicit matrices are refused."""
    with pytest.raises(InputError, match=message):
        PolynomialMatrix.of(matrix)


def test_sizes_and_budgets() -> None:
    """Sizes below 1, wrong shapes, too many entries or terms: each is its own error."""
    weight = PolynomialMatrix.symbols("W", 2, 3)
    with pytest.raises(InputError, match="a size of 0 × 3"):
        PolynomialMatrix.symbols("W", 0, 3)
    with pytest.raises(InputError, match="a size of -2 × 3"):
        weight.tile(-1)
    with pytest.raises(ShapeError, match="2 × 3 cannot be multiplied by one of 2 × 3"):
        _ = weight @ weight
    with pytest.raises(ShapeError, match="2 × 3 is compared with one of 4 × 3"):
        list(weight.differences(weight.tile(2)))
    with pytest.raises(BudgetError, match="more than 4194304 entries"):
        weight.tile(10**7)
    with pytest.raises(BudgetError, match=r"entry \(0, 0\) would have more than"):
        PolynomialMatrix.of([[sum(symbols("a:20")) ** 20]])
    with pytest.raises(BudgetError, match=r"entry \(0, 0\) would have more than"):
        PolynomialMatrix.of([[x ** (10**9)]])
    dense = PolynomialMatrix.of(sympy.Matrix([[sympy.Add(*symbols("a:6000"))]]))
    with pytest.raises(BudgetError, match="36000000 pairs of terms"):
        _ = dense @ dense
    with pytest.raises(InputError, match="no value was given for W_0_0"):
        weight.evaluate({})
