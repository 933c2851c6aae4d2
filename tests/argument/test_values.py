"""Values agree with real arithmetic at any numbers, and clearing denominators keeps zeros."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.argument.functions import softmax
from symbolic_mla.argument.values import (
    ONE,
    ZERO,
    Unknown,
    Value,
    cleared,
    exp,
    inverse,
    polynomial_of,
    rational,
    unknown,
)
from symbolic_mla.errors import UnsupportedError

NUMBERS = {"a": 0.5, "b": -1.25, "c": 2.0}


def real(v: Value, at: Mapping[str, float]) -> float:
    total = 0.0
    for (monomial, exponent), c in v.terms.items():
        part = float(c) * math.exp(real(polynomial_of(exponent), at))
        for f, e in monomial:
            part *= (at[f.name] if isinstance(f, Unknown) else 1 / real(f.den, at)) ** e
        total += part
    return total


polynomials = st.recursive(
    st.sampled_from([ONE, unknown("a"), unknown("b"), unknown("c"), rational(Fraction(-2, 3))]),
    lambda x: st.one_of(st.tuples(x, x).map(lambda t: t[0] + t[1]), st.tuples(x, x).map(lambda t: t[0] * t[1])),
    max_leaves=4,
)
products = st.tuples(polynomials, polynomials).map(lambda t: t[0] * exp(t[1]))
values = st.one_of(polynomials, polynomials.map(exp), products)


@settings(max_examples=60, deadline=None)
@given(values, values)
def test_values_add_and_multiply_as_reals_do(x: Value, y: Value) -> None:
    """Sum, difference and product are those of the numbers."""
    a, b = real(x, NUMBERS), real(y, NUMBERS)
    for found, expected in ((x + y, a + b), (x - y, a - b), (x * y, a * b)):
        assert real(found, NUMBERS) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(polynomials, min_size=1, max_size=4), st.lists(polynomials, min_size=4, max_size=4))
def test_softmax_rows_are_softmax(row: list[Value], weights: list[Value]) -> None:
    """Weights are those of softmax, add up to 1 exactly, and a weighted sum is cleared without changing its sign."""
    found = softmax(row)
    scores = [real(s, NUMBERS) for s in row]
    top = [math.exp(s - max(scores)) for s in scores]
    for p, e in zip(found, top, strict=True):
        assert real(p, NUMBERS) == pytest.approx(e / sum(top), rel=1e-9)
    assert not cleared(sum(found, start=ZERO) - ONE)
    mixed = sum((p * w for p, w in zip(found, weights, strict=False)), start=ZERO)
    den = 1.0
    for f in {f for f in mixed.factors if not isinstance(f, Unknown)}:
        den *= real(f.den, NUMBERS)
    assert real(cleared(mixed), NUMBERS) == pytest.approx(real(mixed, NUMBERS) * den, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("den", [ZERO, unknown("a"), ONE - exp(unknown("a")), exp(unknown("a")) * unknown("b")])
def test_nothing_is_divided_by_what_may_vanish(den: Value) -> None:
    """A denominator is a sum of exponentials with positive coefficients."""
    with pytest.raises(UnsupportedError):
        inverse(den)


def test_an_exponent_is_a_polynomial() -> None:
    """exp of an exponential is not read."""
    with pytest.raises(UnsupportedError):
        exp(exp(unknown("a")))
