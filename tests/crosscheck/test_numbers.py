"""Exact numbers and enclosures of the second evaluator."""

from fractions import Fraction
from math import isqrt

import mpmath
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla.crosscheck.eliminate import rank
from symbolic_mla.crosscheck.functions import softmax
from symbolic_mla.crosscheck.intervals import Interval
from symbolic_mla.crosscheck.numbers import Number, Surd, compare, enclose, extreme, inverse, power, rational, root
from symbolic_mla.errors import BudgetError, DomainError

fractions = st.fractions(min_value=-9, max_value=9, max_denominator=9)
surds = st.lists(st.tuples(fractions, st.integers(0, 30)), min_size=1, max_size=4)


def build(parts: list[tuple[Fraction, int]]) -> Number:
    """Σ c √r."""
    total: Number = 0
    for c, r in parts:
        total = total + c * root(r)
    return total


def high(x: Number) -> mpmath.mpf:
    """80 digits, by mpmath."""
    if isinstance(x, Surd):
        return mpmath.fsum(mpmath.mpf(c.numerator) / c.denominator * mpmath.sqrt(r) for r, c in x.terms.items())
    assert not isinstance(x, Interval)
    return mpmath.mpf(x.numerator) / x.denominator


@given(surds, surds)
def test_the_field_of_square_roots(left: list[tuple[Fraction, int]], right: list[tuple[Fraction, int]]) -> None:
    """Sums, products, quotients and comparisons agree with mpmath at 80 digits, and zero is found exactly."""
    x, y = build(left), build(right)
    with mpmath.workdps(80):
        for value, near in ((x + y, high(x) + high(y)), (x - y, high(x) - high(y)), (x * y, high(x) * high(y))):
            assert abs(high(value) - near) < mpmath.mpf(10) ** -60
        assert compare(x, "<", y) is bool(high(x) < high(y) - mpmath.mpf(10) ** -60)
    assert compare(x - x, "=", 0) and compare((x + y) * (x - y), "=", x * x - y * y)
    if compare(y, "=", 0) is False:
        assert compare(x * inverse(y) * y, "=", x)


@given(surds)
def test_enclosures_hold_the_number(parts: list[tuple[Fraction, int]]) -> None:
    """The interval of a surd and what is computed with it hold the exact value."""
    x = build(parts)
    box = enclose(x) * enclose(x) + 1
    exact = x * x + 1
    assert compare(box, "=", exact) is not False
    assert compare(box.root() * box.root(), "=", exact) is not False
    assert compare(box.inverse() * exact, "=", 1) is not False


@given(st.fractions(min_value=-50, max_value=50, max_denominator=97))
def test_exponentials_are_enclosed(x: Fraction) -> None:
    """exp(x) lies in its interval, which is narrow."""
    box = Interval.of(x).exp()
    with mpmath.workdps(100):
        true = mpmath.exp(mpmath.mpf(x.numerator) / x.denominator)
        assert mpmath.mpf(str(box.low)) <= true <= mpmath.mpf(str(box.high))
        assert mpmath.mpf(str(box.high)) - mpmath.mpf(str(box.low)) < true * mpmath.mpf(10) ** -55


@given(st.lists(fractions, min_size=1, max_size=5))
def test_softmax_rows(row: list[Fraction]) -> None:
    """The enclosures of a softmax hold mpmath's values; they add up to 1; equal scores give exactly 1/n."""
    image = softmax(row)
    with mpmath.workdps(100):
        weights = [mpmath.exp(mpmath.mpf(x.numerator) / x.denominator) for x in row]
        for value, weight in zip(image, weights, strict=True):
            box, true = enclose(value), weight / mpmath.fsum(weights)
            assert mpmath.mpf(str(box.low)) - mpmath.mpf(10) ** -90 <= true
            assert true <= mpmath.mpf(str(box.high)) + mpmath.mpf(10) ** -90
    assert compare(sum(image[1:], start=image[0]), "=", 1) is not False
    assert softmax([row[0]] * 3) == [Fraction(1, 3)] * 3


@given(st.integers(0, 10**6), st.integers(1, 1000))
def test_roots_of_rationals_are_exact(top: int, bottom: int) -> None:
    """√q √q = q, and the root of a square is rational."""
    q = Fraction(top, bottom)
    assert root(q) * root(q) == q
    assert root(q * q) == q == rational(q)
    assert isinstance(root(top), Surd) is (isqrt(top) ** 2 != top)


@pytest.mark.parametrize(
    ("relation", "left", "right", "verdict"),
    [
        ("<=", 1, 1, True),
        ("<", 1, 1, False),
        ("!=", 1, 2, True),
        (">", root(2) + root(3), root(10), False),
        ("=", root(12), 2 * root(3), True),
        ("=", enclose(root(2)), root(2), None),
        ("<", enclose(root(2)), 2, True),
        ("=", enclose(root(2)), 2, False),
        (">=", enclose(root(2)), enclose(root(2)), None),
    ],
)
def test_comparison_has_three_values(relation: str, left: Number, right: Number, verdict: bool | None) -> None:
    """Exact numbers are compared, enclosures only when they tell."""
    assert compare(left, relation, right) is verdict


def test_extremes() -> None:
    """min and max of mixed numbers."""
    assert extreme("min", [2, root(2), Fraction(3, 2)]) == root(2)
    assert extreme("max", [2, root(2), Fraction(3, 2)]) == 2
    assert compare(extreme("max", [enclose(root(3)), 1]), "=", root(3)) is None


@pytest.mark.parametrize(("base", "exponent", "value"), [(2, 10, 1024), (-1, 10**18 + 1, -1), (0, 0, 1), (2, -1, 0.5)])
def test_powers(base: int, exponent: int, value: float) -> None:
    """Integer powers of small numbers, however large the exponent of a unit."""
    assert power(base, exponent) == value


def test_what_has_no_value() -> None:
    """Divisions by zero, roots of negative numbers and powers that would fill the memory are refused."""
    with pytest.raises(DomainError, match="division by zero"):
        inverse(0)
    with pytest.raises(DomainError, match="root of a negative number"):
        root(1 - root(2))
    with pytest.raises(DomainError, match="may be zero"):
        inverse(enclose(root(2)) - root(2))
    with pytest.raises(BudgetError, match="a power of"):
        power(10, 10**9)
    with pytest.raises(BudgetError, match="exponential"):
        Interval.of(10**9).exp()


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_rank_of_a_product(rows: int, columns: int, data: st.DataObject) -> None:
    """Rationals are eliminated as integers, roots as they are: both find the rank that exact SymPy finds."""
    inner = data.draw(st.integers(1, 3))
    entries = st.lists(fractions, min_size=rows * inner + inner * columns, max_size=rows * inner + inner * columns)
    drawn = data.draw(entries)
    left = [drawn[i * inner : (i + 1) * inner] for i in range(rows)]
    right = [drawn[rows * inner + k * columns : rows * inner + (k + 1) * columns] for k in range(inner)]
    product = [[sum(x * right[k][j] for k, x in enumerate(row)) for j in range(columns)] for row in left]
    expected = sympy.Matrix(rows, columns, lambda i, j: sympy.Rational(str(product[i][j]))).rank()
    assert rank(product) == expected
    assert rank([[x * root(2) for x in row] for row in product]) == expected
