"""High precision: both methods agree, what is certified is true, and clusters fall back."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import BudgetError, InputError, ShapeError
from symbolic_mla.numeric import PreciseSVD, precise_svd
from symbolic_mla.numeric.fixed_point import FixedMatrix
from symbolic_mla.numeric.object_ops import to_fractions

TEN = Fraction(10)


def check(w: Any, d: PreciseSVD, digits: int) -> None:
    """The certified errors hold, in fractions, and reach the digits."""
    u, vt, sigma = d.u.fractions(), d.vt.fractions(), d.singular_values
    assert sigma == sorted(sigma, reverse=True) and sigma[-1] >= 0
    k = len(sigma)
    product = (u * np.array(sigma, dtype=object)) @ vt - to_fractions(w)
    assert sum(x * x for x in product.ravel()) <= d.residual**2
    for basis in (u.T @ u, vt @ vt.T):
        assert sum(x * x for x in (basis - np.eye(k, dtype=int)).ravel()) <= d.skew**2
    largest = max(abs(x) for x in to_fractions(w).ravel())
    assert d.error <= largest / TEN**digits and d.skew <= TEN**-digits


@settings(max_examples=25, deadline=None)
@given(
    m=st.integers(1, 7),
    n=st.integers(1, 7),
    digits=st.sampled_from([10, 30, 50, 120]),
    power=st.sampled_from([-400, 0, 400]),
    seed=st.integers(0, 2**32 - 1),
)
def test_random_matrices_are_certified(m, n, digits, power, seed):
    """Any shape and scale: residual, orthonormality and singular values are certified to the digits."""
    w = np.ldexp(np.random.default_rng(seed).normal(size=(m, n)), power)
    check(w, precise_svd(w, digits), digits)


@settings(max_examples=15, deadline=None)
@given(m=st.integers(2, 6), n=st.integers(2, 6), seed=st.integers(0, 2**32 - 1))
def test_both_methods_agree(m, n, seed):
    """Refinement and mpmath's svd_r give the same singular values, within the sum of their errors."""
    w = np.random.default_rng(seed).normal(size=(m, n))
    auto, other = precise_svd(w, 40), precise_svd(w, 40, method="mpmath")
    assert all(
        abs(a - b) <= auto.error + other.error
        for a, b in zip(auto.singular_values, other.singular_values, strict=True)
    )


def test_large_matrices_are_refined():
    """A random 24×40 matrix at 200 digits goes the fast way."""
    w = np.random.default_rng(3).normal(size=(24, 40))
    d = precise_svd(w, 200)
    assert d.method == "refined" and d.error < 1e-199


def test_refined_singular_values_are_exact_where_they_are_known():
    """[[3, 0], [4, 5]] has singular values 3√5 and √5."""
    d = precise_svd([[3, 0], [4, 5]], 100)
    for value, square in zip(d.singular_values, (45, 5), strict=True):
        assert abs(value**2 - square) < TEN**-98


@pytest.mark.parametrize(
    "w", [np.eye(4), np.ones((3, 5)), np.diag([2.0, 2.0, 1.0]), np.diag([1.0, 1e-40, 0.0])]
)
def test_repeated_and_zero_singular_values_fall_back(w):
    """Repeated or vanishing singular values go through mpmath, and are certified like the rest."""
    d = precise_svd(w, 30)
    assert d.method == "mpmath"
    check(w, d, 30)
    with pytest.raises(BudgetError, match=r"no SVD of W, of shape .* reached 30 digits by refined"):
        precise_svd(w, 30, method="refined")


def test_a_close_pair_is_still_certified():
    """Singular values that differ in the ninth digit are told apart, whichever method does it."""
    w = np.diag([1.0, 1.0 + 2.0**-30, 0.25])
    d = precise_svd(w, 50)
    check(w, d, 50)
    assert abs(d.singular_values[0] - d.singular_values[1] - Fraction(1, 2**30)) < TEN**-49


@settings(max_examples=40, deadline=None)
@given(
    m=st.integers(1, 4),
    n=st.integers(1, 4),
    bits=st.integers(0, 90),
    exponent=st.integers(-70, 70),
    seed=st.integers(0, 2**32 - 1),
)
def test_fixed_point_rounds_floats_and_fractions_alike(m, n, bits, exponent, seed):
    """`nearest` is within half a last place, for floats and for the same numbers as fractions."""
    rng = np.random.default_rng(seed)
    x = np.ldexp(rng.normal(size=(m, n)), rng.integers(-80, 80, size=(m, n)))
    exact = to_fractions(x) / Fraction(2) ** exponent
    for source in (x, to_fractions(x)):
        fixed = FixedMatrix.nearest(source, bits, exponent=exponent)
        assert max(abs(d) for d in (fixed.fractions() - exact).ravel()) <= Fraction(1, 2 << bits)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: precise_svd(np.eye(2), 9), InputError, "9 digits of an SVD: from 10 to 250"),
        (lambda: precise_svd(np.eye(2), 10**6), InputError, "from 10 to 250"),
        (lambda: precise_svd(np.eye(2), method="other"), InputError, "method 'other' is not known"),
        (lambda: precise_svd([[np.nan]]), InputError, "no exact rational value"),
        (lambda: precise_svd([[np.inf]]), InputError, "no exact rational value"),
        (lambda: precise_svd(np.ones(3)), ShapeError, r"W has shape \(3,\)"),
        (lambda: precise_svd(np.ones((0, 3))), ShapeError, "non-empty matrix"),
        (lambda: precise_svd(np.zeros((2, 3))), InputError, r"W of shape \(2, 3\) is zero"),
    ],
)
def test_bad_input_is_an_error(call, error, message):
    """Digits, methods and matrices outside the domain are refused by name."""
    with pytest.raises(error, match=message):
        call()
