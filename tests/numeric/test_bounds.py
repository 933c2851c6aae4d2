"""Certified bounds are bounds, against exact arithmetic, and tight enough to be of use."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symbolic_mla.attention import GroupedWeights, Heads, Scoring, grouped_query
from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.numeric import (
    NumpyOps,
    causal_mask,
    exact_residual,
    factorise,
    group_errors,
    output_change,
    residual,
    singular_value_errors,
    spectral,
)
from symbolic_mla.numeric.bounds import frobenius, integers, magnitudes, orthonormality
from symbolic_mla.numeric.object_ops import to_fractions
from symbolic_mla.numeric.svd import thin_svd

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 12)
powers = st.sampled_from([-1060, -500, -40, 0, 40, 400])


@settings(max_examples=60, deadline=None)
@given(m=sizes, k=sizes, n=sizes, power=powers, other=powers, seed=seeds)
def test_residual_bounds_hold_exactly(m, k, n, power, other, seed):
    """The bound of every entry, and of the largest, holds against rationals, subnormal numbers included."""
    rng = np.random.default_rng(seed)
    u, v = (
        np.ldexp(rng.normal(size=(m, k)), power),
        np.ldexp(rng.normal(size=(k, n)), min(other, 900 - power)),
    )
    w = u @ v * (1 + 1e-15 * rng.normal(size=(m, n)))
    exact = to_fractions(w) - to_fractions(u) @ to_fractions(v)
    bound = residual(w, u, v)
    assert all(abs(e) <= Fraction(float(b)) for e, b in zip(exact.ravel(), bound.size.ravel(), strict=True))
    assert exact_residual(w, u, v) == max(abs(e) for e in exact.ravel()) <= Fraction(bound.largest)


@settings(max_examples=60, deadline=None)
@given(m=sizes, n=sizes, power=st.sampled_from([-1070, -400, 0, 400, 1020]), seed=seeds)
def test_norm_bounds_hold(m, n, power, seed):
    """Frobenius and spectral bounds are above the norms in rationals, and close to them."""
    x = np.ldexp(np.random.default_rng(seed).uniform(-1, 1, size=(m, n)), power)
    squares = sum(q * q for q in to_fractions(x).ravel())
    assert squares <= Fraction(frobenius(x)) ** 2
    reference = np.linalg.norm(np.ldexp(x, -power), 2)
    assert spectral(x) >= float(np.ldexp(reference * (1 - 1e-13), power))
    if power == 0:
        assert spectral(x) <= reference * (1 + 1e-11) + 1e-300


@settings(max_examples=30, deadline=None)
@given(m=sizes, n=sizes, seed=seeds)
def test_float_matrices_are_integers_times_a_power(m, n, seed):
    """`integers` is exact for entries over the whole range of exponents, zeros included."""
    rng = np.random.default_rng(seed)
    x = np.ldexp(rng.normal(size=(m, n)), rng.integers(-1074, 1000, size=(m, n))) * rng.integers(
        0, 2, size=(m, n)
    )
    whole, power = integers(x)
    back = [Fraction(int(z)) * Fraction(2) ** power for z in whole.entries()]
    assert back == to_fractions(x).ravel().tolist()


@pytest.mark.parametrize("condition_bits", [0, 20, 33])
def test_singular_value_errors_cover_known_spectra(condition_bits):
    """With exactly known singular values, repeated ones included, the certified error covers the true one."""
    h = np.ones((1, 1))
    for _ in range(5):
        h = np.block([[h, h], [h, -h]])
    sigma = 2.0 ** -np.round(np.linspace(0, condition_bits, 32))
    w = (h * sigma) @ np.roll(h, 1, axis=0).T / 32
    u, s, vt = thin_svd(w)
    bound = singular_value_errors(w, u, s, vt)
    assert np.abs(s - sigma).max() <= bound < 1e-11


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 3),
    g=st.integers(1, 3),
    d=st.integers(1, 3),
    D=st.integers(2, 10),
    seed=seeds,
    order=st.sampled_from(["tile", "interleaved"]),
    output=st.booleans(),
    causal=st.booleans(),
    size=st.sampled_from([0.1, 1.0, 3.0]),
)
def test_truncation_moves_the_output_by_less_than_its_bound(n, g, d, D, seed, order, output, causal, size):
    """Eckart-Young by group, the sharp softmax bound and the output projection bound every entry's change."""
    rng, t, ops, heads = np.random.default_rng(seed), 5, NumpyOps(), Heads(n, g, d, order)
    shapes = ((n * g * d, D), (g * d, D), (g * d, D), (3, n * g * d))
    wq, wk, wv, wo = (size * rng.normal(size=s) for s in shapes)
    w = GroupedWeights(wq, wk, wv, wo if output else None)
    x, y = rng.normal(size=(t, D)), rng.normal(size=(t, D))
    rank = int(rng.integers(1, min(g * d, D) + 1))
    key, value = factorise(wk, heads, rank), factorise(wv, heads, rank)
    cut = GroupedWeights(wq, key.block @ key.down, value.block @ value.down, w.output)
    how = Scoring(mask=causal_mask(t, t) if causal else None)
    change = np.abs(
        grouped_query(ops, x, y, w, heads, scoring=how) - grouped_query(ops, x, y, cut, heads, scoring=how)
    )
    errors = group_errors(wk, key), group_errors(wv, value)
    next_one = [f.singular_values[rank] / np.sqrt(n) if rank < min(g * d, D) else 0 for f in (key, value)]
    assert all(max(e) <= s * (1 + 1e-9) + 1e-12 * size for e, s in zip(errors, next_one, strict=True))
    bound = output_change(x, y, w, heads, *errors)
    assert bound.shape == change.shape
    assert (change <= bound + 1e-11 * size**2).all()  # 1e-11 for the rounding of the two runs


def test_no_change_has_no_bound_above_zero():
    """Errors of zero give a bound of (almost) zero: it measures the change, not the layer."""
    w: Any = GroupedWeights(np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 2)))
    assert output_change(np.ones((1, 2)), np.ones((1, 2)), w, Heads(1, 2, 1), [0, 0], [0, 0]).max() < 1e-250


def test_orthonormality_tells_a_skew_basis():
    """The defect of an orthonormal matrix is near rounding, that of a skew one is what it is."""
    q = np.linalg.qr(np.random.default_rng(0).normal(size=(30, 10)))[0]
    assert orthonormality(q) < 1e-12
    assert orthonormality(q * 1.5) == pytest.approx(1.25 * np.sqrt(10))


@pytest.mark.parametrize(
    "call, error, message",
    [
        (
            lambda: residual(np.ones((2, 2)), np.ones((2, 3)), np.ones((2, 2))),
            ShapeError,
            "is no product of U",
        ),
        (lambda: residual(np.ones((1, 1)), [[1e300]], [[1e300]]), InputError, "overflows float64"),
        (lambda: residual([[np.nan]], [[1.0]], [[1.0]]), InputError, "W, of shape"),
        (
            lambda: singular_value_errors(np.eye(2), np.eye(2), [1.0], np.eye(2)),
            ShapeError,
            "1 singular values",
        ),
        (
            lambda: output_change(
                np.eye(2),
                np.eye(2),
                GroupedWeights(np.eye(2), np.eye(2), np.eye(2)),
                Heads(1, 2, 1),
                [0.0],
                [0.0],
            ),
            ShapeError,
            "1 and 1 errors for 2 groups",
        ),
    ],
)
def test_bad_input_is_an_error(call, error, message):
    """Misfits, NaN and overflow never give a bound."""
    with pytest.raises(error, match=message):
        call()


@example(m=2, k=1, n=2, power=-1060, seed=0, spread=300)  # every entry underflows to zero
@settings(max_examples=60, deadline=None)
@given(m=sizes, k=sizes, n=sizes, power=powers, seed=seeds, spread=st.sampled_from([0, 60, 300]))
def test_magnitudes_are_above_the_product_of_absolute_values(m, k, n, power, seed, spread):
    """The float32 product bounds |U||V| for any scale and spread, within a thousandth of its largest entry."""
    rng = np.random.default_rng(seed)
    u = np.ldexp(rng.normal(size=(m, k)), power + rng.integers(-spread, 1, size=(m, k)))
    v = rng.normal(size=(k, n))
    exact = abs(to_fractions(u)) @ abs(to_fractions(v))
    bound = magnitudes(u, v)
    assert all(e <= Fraction(float(b)) for e, b in zip(exact.ravel(), bound.ravel(), strict=True))
    assert Fraction(float(bound.max())) <= max(exact.ravel()) * Fraction(1001, 1000) + Fraction(1, 2**1020)
