"""Division of axes undoes multiplication."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from symbolic_mla.algebra.factors import left_quotient, right_quotient, splits
from symbolic_mla.kernel.axis import UNIT, Axis
from tests.strategies import ONE, THREE, TWO, N, P, Q, R, axes, times


@given(axes(), axes())
def test_quotients_undo_products(a: Axis, b: Axis) -> None:
    """(a b) divided by a from the left is b, and by b from the right is a: both exact, for sums too."""
    whole = times(a, b)
    assert left_quotient(whole, a) == b
    assert right_quotient(whole, b) == a


@given(axes(), axes())
def test_quotients_are_never_wrong(whole: Axis, part: Axis) -> None:
    """Whatever a division answers multiplies back to the whole."""
    y, x = left_quotient(whole, part), right_quotient(whole, part)
    assert y is None or part * y == whole
    assert x is None or x * part == whole


@given(axes(), axes())
def test_splits_find_every_product(a: Axis, b: Axis) -> None:
    """A product of a and b is among the splits of a b, unless it factors a literal."""
    assume(UNIT not in (a, b) and not (len(b.runs) == 1 and b.runs[0].count > 1))
    assert (a, b) in splits(times(a, b))


@given(st.lists(st.sampled_from((P, Q, R, N)), min_size=2, max_size=5))
def test_splits_of_symbols_are_the_cuts(factors: list[Axis]) -> None:
    """A product of k symbols has k - 1 splits."""
    whole = factors[0]
    for f in factors[1:]:
        whole = whole * f
    assert len(splits(whole)) == len(factors) - 1


def test_a_fused_axis_comes_apart() -> None:
    """G*(n + 1 + 1)*d is divided by d in every run of its sum, and a literal is not factored."""
    fused = P * (N + ONE + ONE) * Q
    assert splits(fused) == [(P, (N + TWO) * Q), (P * (N + TWO), Q)]
    assert splits(Axis.of(32)) == []
    assert left_quotient(Axis.of(32), TWO * TWO) == Axis.of(8)
    assert right_quotient(P * Axis.of(6), THREE) == P * TWO
    assert left_quotient(TWO * (P + Q), TWO) == P + Q
    assert left_quotient(TWO * (P + Q + P), TWO) == P + Q + P
