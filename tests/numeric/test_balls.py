"""Balls: what comes out holds the exact result, and a remembered matrix is never out of date."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import InputError
from symbolic_mla.numeric import BallOps, ExactOps

PATTERNS = {
    "i k, k j -> i j": ((2, 3), (3, 4)),
    "t i, o i -> t o": ((2, 3), (4, 3)),
    "k i, k j -> i j": ((3, 2), (3, 4)),
    "k i, j k -> i j": ((3, 2), (4, 3)),
    "k i, j k -> j i": ((3, 2), (4, 3)),
    "i k, j k -> i": ((2, 3), (4, 3)),
    "t (h d), s (h d) -> h t s": ((2, 6), (3, 6)),
    "i j, i j -> i j": ((2, 3), (2, 3)),
}


def within(values: Any, radii: Any, exact: Any) -> bool:
    return all(abs(v - q) <= Fraction(r) for v, r, q in zip(values.flat, radii.flat, exact.flat, strict=True))


@settings(max_examples=60, deadline=None)
@given(pattern=st.sampled_from(sorted(PATTERNS)), seed=st.integers(0, 10**6), digits=st.sampled_from([3, 20, 60]))
def test_a_product_holds_the_exact_product(pattern, seed, digits):
    """By whichever path, every ball holds the exact entry, at the scale of the precision; twice gives the same."""
    rng = np.random.default_rng(seed)
    floats = [rng.normal(size=shape) * 10.0 ** rng.integers(-8, 8, size=shape) for shape in PATTERNS[pattern]]
    sizes = {"h": 2} if "h" in pattern else {}
    exact, ops = ExactOps(), BallOps(digits)
    wanted = exact.einsum(pattern, *map(exact.array, floats), **sizes)
    operands = [ops.array(x) for x in floats]
    once, again = (ops.read(ops.einsum(pattern, *operands, **sizes)) for _ in range(2))
    assert within(*once, wanted) and once[0].shape == wanted.shape
    assert (once[0] == again[0]).all() and (once[1] == again[1]).all()
    sure = exact.einsum(pattern, *(exact.array(np.abs(x)) for x in floats), **sizes)
    assert all(r <= float(s) * 10.0**-digits for r, s in zip(once[1].flat, sure.flat, strict=True))


@settings(max_examples=60, deadline=None)
@given(
    row=st.lists(st.sampled_from([0.0, 1.0, -3.5, 40.0, 1e5, -1e5, 1e40, -1e40, 1e300, -1e300, -np.inf]), min_size=1,
                 max_size=5),
)  # fmt: skip
def test_softmax_holds_the_value_at_far_more_digits(row):
    """The balls at 20 digits meet those at 400, with and without a shift, and a hidden key has weight 0."""
    coarse, fine = BallOps(20), BallOps(400)
    if not np.isfinite(row).any():
        with pytest.raises(InputError, match="masked out entirely"):
            coarse.softmax(coarse.array([row]))
        return
    values, radii = coarse.read(coarse.softmax(coarse.array([row])))
    exact, rest = fine.read(fine.softmax(fine.array([row])))
    assert within(values, radii + rest, exact)
    assert radii.max() < 1e-19
    assert all(v == 0 and r < 1e-300 for v, r, s in zip(values.flat, radii.flat, row, strict=True) if s == -np.inf)


@pytest.mark.parametrize("spoiled", [flint.arb.nan(), flint.arb.pos_inf(), flint.arb.neg_inf() + flint.arb(0, "inf")])
def test_softmax_of_what_is_no_number_is_an_error(spoiled):
    """NaN, plus infinity and a ball that is the whole line have no softmax, beside whatever they stand."""
    ops = BallOps(20)
    bad = np.array([[flint.arb(1), spoiled]], dtype=object)
    with pytest.raises(InputError, match="NaN or plus infinity"):
        ops.softmax(bad)


def test_the_remembered_matrix_is_that_of_the_entries():
    """A tensor of balls can't be written to; a copy can, and is read anew for each product."""
    ops = BallOps(20)
    x, one = ops.array(np.eye(2)), ops.array(np.eye(2))
    ops.einsum("i k, k j -> i j", x, one)
    with pytest.raises(ValueError, match="read-only"):
        x[0, 0] = flint.arb(5)
    with pytest.raises(ValueError, match="WRITEABLE"):
        x.flags.writeable = True
    other = x.copy()
    for value in (5, 7):
        other[0, 0] = flint.arb(value)
        assert ops.einsum("i k, k j -> i j", other, one)[0, 0] == value
        assert ops.einsum("k i, k j -> i j", other.T, one)[0, 0] == value
    assert ops.einsum("i k, k j -> i j", x, one)[0, 0] == 1
    assert ops.einsum("i k, k j -> i j", x[::-1], one)[0, 1] == 1
