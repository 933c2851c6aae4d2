"""The backends agree, the certified radii hold, and bad input is an error."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.attention import (
    GroupedWeights,
    Heads,
    LatentWeights,
    Rope,
    Scoring,
    grouped_query,
    latent_absorbed,
)
from symbolic_mla.errors import DomainError, InputError, ShapeError, UnsupportedError
from symbolic_mla.numeric import (
    BallOps,
    ExactOps,
    MpOps,
    NumpyOps,
    RoundingOps,
    causal_mask,
    convert,
    rope_frequencies,
    rotations,
)
from symbolic_mla.numeric.arrays import matrix


def layer(seed: int, dtype: Any = "float64", scale: float = 1.0) -> Any:
    """A small grouped-query layer with RoPE and a causal mask: tokens, weights, heads, scoring, rope."""
    rng = np.random.default_rng(seed)
    n, g, d = (int(k) for k in rng.integers(1, 4, size=3))
    t, d = int(rng.integers(1, 6)), 2 * d
    D = int(rng.integers(1, 9))

    def draw(*shape: int) -> Any:
        return (scale * rng.normal(size=shape)).astype(dtype)

    w = GroupedWeights(draw(n * g * d, D), draw(g * d, D), draw(g * d, D), draw(D, n * g * d))
    turn = rotations(np.arange(t), rope_frequencies(d), dtype)
    mask = causal_mask(t, t, dtype)
    return draw(t, D), w, Heads(n, g, d), Scoring(mask=mask), Rope(turn, turn)


def run(ops: Any, parts: Any) -> Any:
    x, w, heads, scoring, rope = parts
    array = getattr(ops, "array", lambda z: z)
    x = array(x)
    return grouped_query(
        ops, x, x, convert(w, array), heads, scoring=convert(scoring, array), rope=convert(rope, array)
    )


def distance(values: Any, exact: Any) -> Any:
    """The exact distances of float values from fractions, rounded once."""
    return np.array(
        [float(abs(Fraction(float(a)) - b)) for a, b in zip(values.ravel(), exact.ravel(), strict=True)]
    )


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    dtype=st.sampled_from(["float32", "float64"]),
    scale=st.sampled_from([1e-3, 0.3, 1.0, 4.0]),
)
def test_the_certified_radius_holds(seed, dtype, scale):
    """The float result is within its radius of the exact one, at every entry, and is NumpyOps' own."""
    parts = layer(seed, dtype, scale)
    rounded = run(RoundingOps(dtype), parts)
    exact, radii = BallOps(60).read(run(BallOps(60), parts))
    assert radii.max() < 1e-30
    assert (distance(rounded.value, exact) <= rounded.radius.ravel()).all()
    np.testing.assert_array_equal(rounded.value, run(NumpyOps(dtype), parts))


def test_the_certified_radius_is_of_use():
    """For moderate scores the radius stays within a few thousand units of the rounding of the result."""
    parts = layer(5, "float64", 0.5)
    out = run(RoundingOps("float64"), parts)
    assert out.radius.max() < 1e4 * 2.0**-53 * max(1.0, np.abs(out.value).max())


@pytest.mark.parametrize("seed", range(6))
def test_mpmath_and_balls_agree(seed):
    """mpmath at 50 digits lies within 10⁻⁴⁵ of a ball computed at 60."""
    parts = layer(seed)
    context = mpmath.MPContext()
    context.dps = 70
    exact, _ = BallOps(60).read(run(BallOps(60), parts))
    for value, q in zip(run(MpOps(50), parts).ravel(), exact.ravel(), strict=True):
        assert abs(context.mpf(value) - context.mpf(q.numerator) / q.denominator) < 1e-45


def test_the_global_precisions_are_left_alone():
    """Neither mpmath's nor python-flint's global precision changes."""
    import flint

    before = mpmath.mp.prec, flint.ctx.prec
    run(MpOps(80), layer(0))
    run(BallOps(80), layer(0))
    assert (mpmath.mp.prec, flint.ctx.prec) == before


def test_batches_are_runs_side_by_side():
    """A batch gives what its members give one by one."""
    x, w, heads, scoring, rope = layer(3)
    xs = np.stack([x, 2 * x, x - 1])
    out = grouped_query(NumpyOps(), xs, xs, w, heads, scoring=scoring, rope=rope)
    for one, whole in zip(xs, out, strict=True):
        np.testing.assert_allclose(
            grouped_query(NumpyOps(), one, one, w, heads, scoring=scoring, rope=rope),
            whole,
            rtol=1e-12,
            atol=1e-14,
        )


def test_inputs_are_not_written_to():
    """Running a layer leaves tokens, weights and mask as they were."""
    parts = layer(4)
    x, w, _, scoring, _ = parts
    before = [z.copy() for z in (x, w.query, w.key, w.value, w.output, scoring.mask)]
    run(NumpyOps(), parts)
    for a, b in zip(before, (x, w.query, w.key, w.value, w.output, scoring.mask), strict=True):
        np.testing.assert_array_equal(a, b)


def simple(**change: Any) -> Any:
    parts: dict[str, Any] = {
        "x": np.ones((3, 4)),
        "query": np.ones((4, 4)),
        "key": np.ones((2, 4)),
        "value": np.ones((2, 4)),
        "mask": None,
        "heads": Heads(2, 1, 2),
    }
    parts.update(change)
    w = GroupedWeights(parts["query"], parts["key"], parts["value"])
    return grouped_query(
        NumpyOps(), parts["x"], parts["x"], w, parts["heads"], scoring=Scoring(mask=parts["mask"])
    )


def spoiled(value: float, *shape: int) -> Any:
    out = np.ones(shape)
    out.flat[1] = value
    return out


@pytest.mark.parametrize(
    "change, error, message",
    [
        ({"x": spoiled(np.nan, 3, 4)}, InputError, r"shapes \(3, 4\), \(4, 4\) gives NaN or infinity"),
        ({"value": spoiled(np.inf, 2, 4)}, InputError, "gives NaN or infinity"),
        ({"query": np.ones((4, 4), np.float16)}, InputError, "dtype float16"),
        ({"x": np.ones((3, 4), np.float32)}, InputError, "computes in float64"),
        ({"x": np.ones((0, 4))}, ShapeError, "empty axis"),
        ({"key": np.ones((3, 4))}, ShapeError, r"axis \(g d\) has size 3"),
        ({"heads": Heads(1, 3, 2)}, ShapeError, r"axis \(n g d\) has size 4"),
        ({"mask": np.zeros((1, 3))}, ShapeError, r"\(2, 1, 3, 3\) and \(2, 1, 1, 3\) do not add"),
        ({"mask": np.zeros(3)}, ShapeError, "2 axes are named"),
        (
            {"mask": np.where(np.arange(3)[:, None] == 1, -np.inf, np.zeros((3, 3)))},
            InputError,
            r"row \(0, 0, 1\) of the scores, of shape \(2, 1, 3, 3\), is masked out entirely",
        ),
        ({"mask": spoiled(np.inf, 3, 3)}, InputError, "NaN or plus infinity"),
        ({"mask": spoiled(np.nan, 3, 3)}, InputError, "NaN or plus infinity"),
        ({"x": np.full((3, 4), 1e200), "query": np.full((4, 4), 1e200)}, InputError, "overflows float64"),
    ],
)
def test_bad_input_to_a_layer_is_an_error(change, error, message):
    """Each misuse is named with its shapes; nothing is broadcast and no NaN comes out."""
    with pytest.raises(error, match=message):
        simple(**change)


@pytest.mark.parametrize("ops", [MpOps(20), BallOps(20)])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_high_precision_refuses_nan_and_infinity(ops, bad):
    """NaN and plus infinity do not enter the high precision backends, and a masked row has no softmax."""
    with pytest.raises(InputError, match=r"NaN|no exact rational"):
        ops.array([[1.0, bad]])
    with pytest.raises(InputError, match="masked out entirely"):
        ops.softmax(ops.array(np.full((1, 2), -np.inf)))


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: Heads.of(8, groups=3, size=2), InputError, "3 groups do not divide 8 heads"),
        (lambda: Heads(0, 1, 1), InputError, "copies = 0: a size is a positive integer"),
        (lambda: Heads(1, 1, 1, "other"), InputError, "the order 'other' of heads is not known"),
        (lambda: rope_frequencies(5), InputError, "a head of 5 has no whole number of pairs"),
        (lambda: causal_mask(3, 2), InputError, "3 queries over 2 keys"),
        (lambda: Rope(np.eye(2), np.eye(2), "odd"), InputError, "the RoPE layout 'odd' is not known"),
        (lambda: LatentWeights(1, 1, 1, 1, query_rope=1), InputError, "needs both query_rope and key_rope"),
        (lambda: MpOps(10**6), InputError, "from 1 to 1000 are supported"),
        (lambda: BallOps(0), InputError, "from 1 to 1000 are supported"),
        (lambda: NumpyOps("float16"), InputError, "'float16' is not a precision"),
        (lambda: ExactOps().sqrt(2), DomainError, "√2 is irrational"),
        (
            lambda: matrix("W", [[1.0, np.nan]]),
            InputError,
            r"W, of shape \(1, 2\), is NaN or infinite at \(0, 1\)",
        ),
        (lambda: matrix("W", np.ones((2, 2), np.float16)), InputError, "is float16"),
        (lambda: matrix("W", np.ones((2, 0))), ShapeError, "non-empty matrix"),
        (lambda: NumpyOps().einsum("i -> i", np.ones(2, np.int64)), InputError, "dtype int64"),
        (lambda: MpOps().einsum("i -> i", np.ones(2)), InputError, "not this backend's numbers"),
        (lambda: NumpyOps().apply(lambda z: z[:-1], np.ones(2)), ShapeError, r"\(2,\) and gave \(1,\)"),
        (
            lambda: ExactOps().apply(lambda z: z[:-1], ExactOps().array([1, 2])),
            ShapeError,
            "took 2 entries and gave 1",
        ),
        (
            lambda: RoundingOps().einsum("i, i, i -> i", *[RoundingOps().array(np.ones(2))] * 3),
            UnsupportedError,
            "takes two",
        ),
        (lambda: RoundingOps().apply(None, None), UnsupportedError, "knows softmax"),
    ],
)
def test_bad_arguments_are_errors(call, error, message):
    """Sizes, orders, layouts, precisions and dtypes outside their domain are refused by name."""
    with pytest.raises(error, match=message):
        call()


def test_odd_rope_heads_do_not_fit():
    """RoPE on heads that are not two components a frequency is a shape error that names the pattern."""
    x, w = np.ones((2, 3)), np.ones((3, 3))
    turn = rotations([0, 1], [1.0])
    with pytest.raises(ShapeError, match=r"\(h b j\)"):
        grouped_query(NumpyOps(), x, x, GroupedWeights(w, w, w), Heads(1, 1, 3), rope=Rope(turn, turn))


def test_absorbed_layer_has_a_certified_radius_too():
    """The absorbed form, at float32, is within its radius of the exact layer."""
    rng = np.random.default_rng(8)
    t, h, d, r, D = 4, 2, 3, 5, 6
    x, *weights = (
        (rng.normal(size=s)).astype(np.float32) for s in ((t, D), (h * d, D), (r, D), (h * d, r), (h * d, r))
    )
    w = LatentWeights(*weights)
    certified, exact = RoundingOps("float32"), BallOps(40)
    out = latent_absorbed(
        certified, certified.array(x), certified.array(x), convert(w, certified.array), h, d
    )
    true, _ = exact.read(
        latent_absorbed(exact, exact.array(x), exact.array(x), convert(w, exact.array), h, d)
    )
    assert (distance(out.value, true) <= out.radius.ravel()).all()


@pytest.mark.parametrize("dtype, size", [("float32", 1e30), ("float64", 1e300)])
def test_softmax_of_enormous_scores_has_a_radius(dtype, size):
    """Scores far beyond the range of exp keep a small radius, and no NaN."""
    ops = RoundingOps(dtype)
    out = ops.softmax(ops.array(np.array([[size, 0.0, -size], [0.0, 1.0, -np.inf]], dtype=dtype)))
    np.testing.assert_array_equal(out.value[0], [1, 0, 0])
    assert out.radius.max() < 1e-4 and out.radius[1, 2] == 0
