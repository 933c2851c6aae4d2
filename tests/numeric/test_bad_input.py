"""Bad input: every entry of the numeric side refuses it with an error of its own that shows the shapes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symbolic_mla.attention import GroupedWeights, Heads, LatentWeights, Scoring, grouped_query, latent, latent_absorbed
from symbolic_mla.errors import InputError, ShapeError, SymbolicMLAError
from symbolic_mla.numeric import (
    BallOps,
    ExactOps,
    MpOps,
    NumpyOps,
    RoundingOps,
    causal_mask,
    convert,
    exact_residual,
    factorise,
    factorise_jointly,
    identity_factorisation,
    output_change,
    precise_svd,
    residual,
    rope_frequencies,
    rotations,
    run_sweep,
    singular_value_errors,
    spectral,
    untile,
)
from symbolic_mla.numeric.object_ops import to_fractions

BACKENDS = {"numpy": NumpyOps(), "rounding": RoundingOps(), "mp": MpOps(20), "ball": BallOps(20), "exact": ExactOps()}


def spoiled(value: float, rows: int, columns: int) -> Any:
    out = np.ones((rows, columns))
    out[0, 1] = value
    return out


def bfloat16() -> Any:
    return np.ones((2, 4), pytest.importorskip("ml_dtypes").bfloat16)


MATRICES: dict[str, Any] = {
    "nan": spoiled(np.nan, 2, 4),
    "inf": spoiled(np.inf, 2, 4),
    "minus inf": spoiled(-np.inf, 2, 4),
    "float16": np.ones((2, 4), np.float16),
    "bfloat16": bfloat16,
    "two bytes": np.zeros((2, 4), "V2"),
    "complex": np.ones((2, 4), complex),
    "bool": np.ones((2, 4), bool),
    "text": np.full((2, 4), "1"),
    "longdouble": np.ones((2, 4), np.longdouble),
    "no rows": np.ones((0, 4)),
    "no columns": np.ones((2, 0)),
    "vector": np.ones(4),
    "stack": np.ones((2, 2, 4)),
}
W = np.arange(1.0, 9.0).reshape(2, 4)
HEADS = Heads(2, 2, 1)
X = np.ones((3, 4))


def layer(name: str, **change: Any) -> Any:
    """A small grouped-query layer in a backend, with something changed."""
    ops: Any = BACKENDS[name]
    array = getattr(ops, "array", lambda z: z)
    part: dict[str, Any] = {"x": X, "key": W, "value": W, "output": None, "mask": None, "scale": Fraction(1, 2)}
    part.update(change)
    w = GroupedWeights(np.ones((4, 4)), part["key"], part["value"], part["output"])
    x, scoring = array(part["x"]), convert(Scoring(mask=part["mask"], scale=part["scale"]), array)
    return grouped_query(ops, x, x, convert(w, array), HEADS, scoring=scoring)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("place", ["x", "key", "value", "output"])
@pytest.mark.parametrize("bad", [b for b in MATRICES if b != "stack"])  # which is a batch
def test_no_backend_takes_a_bad_tensor(backend, place, bad):
    """Neither as tokens nor as a weight; minus infinity is for masks."""
    value = MATRICES[bad]() if callable(MATRICES[bad]) else MATRICES[bad]
    with pytest.raises((InputError, ShapeError), match=r"shapes? \(") as caught:
        layer(backend, **{place: value})
    assert str(value.shape)[1:-1] in str(caught.value) or "shapes" in str(caught.value)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "mask",
    [np.zeros((1, 3)), np.zeros((3, 1)), np.zeros(3), np.zeros((3, 4)), np.zeros((2, 3, 3)), np.zeros((0, 3)),
     np.ones((3, 3), bool), spoiled(np.nan, 3, 3), spoiled(np.inf, 3, 3)],
    ids=lambda m: f"{m.dtype}{m.shape}",
)  # fmt: skip
def test_no_backend_takes_a_bad_mask(backend, mask):
    """A mask of another shape is not broadcast, one of booleans not added, and it holds no NaN or plus infinity."""
    with pytest.raises(SymbolicMLAError, match=r"shapes? \("):
        layer(backend, mask=mask)


@pytest.mark.parametrize("backend", [b for b in BACKENDS if b != "exact"])
def test_a_row_that_is_masked_out_is_named(backend):
    """The row and the shape of the scores, in every backend that has a softmax."""
    mask = np.where(np.arange(3)[:, None] == 1, -np.inf, np.zeros((3, 3)))
    with pytest.raises(InputError, match=r"row \(0, 0, 1\) of the scores, of shape \(2, 2, 3, 3\), is masked out"):
        layer(backend, mask=mask)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("scale", [np.nan, np.inf, "2", [1.0], 1j])
def test_no_backend_scales_by_what_is_no_number(backend, scale):
    """NaN, infinity, text and lists."""
    with pytest.raises(InputError):
        layer(backend, scale=scale)


def test_exact_numbers_stay_exact_under_a_float_scale():
    """½ as a float scales fractions to fractions."""
    ops = ExactOps()
    assert ops.scale(ops.array([[3]]), 0.5).tolist() == [[Fraction(3, 2)]]


@pytest.mark.parametrize("form", [latent, latent_absorbed])
def test_the_size_of_decoupled_rope_is_checked(form):
    """It enters the default scale, so it is needed, and another than that of the keys is refused."""
    one = np.ones((4, 4))
    w = LatentWeights(one, W, one[:, :2], one[:, :2], query_rope=one, key_rope=W)
    with pytest.raises(InputError, match="rope_size is missing"):
        form(NumpyOps(), X, X, w, 2, 2)
    with pytest.raises(ShapeError, match="k=3"):
        form(NumpyOps(), X, X, w, 2, 2, rope_size=3)
    assert form(NumpyOps(), X, X, w, 2, 2, rope_size=2).shape == (3, 4)


CALLS: dict[str, Any] = {
    "factorise": lambda w: factorise(w, HEADS),
    "jointly, keys": lambda w: factorise_jointly(w, W, HEADS),
    "jointly, values": lambda w: factorise_jointly(W, w, HEADS),
    "identity": lambda w: identity_factorisation(w, HEADS),
    "untile": lambda w: untile(w, Heads(2, 1, 1)),
    "precise": lambda w: precise_svd(w, 20),
    "residual": lambda w: residual(w, np.ones((2, 1)), np.ones((1, 4))),
    "exact residual": lambda w: exact_residual(w, np.ones((2, 1)), np.ones((1, 4))),
    "spectral": spectral,
    "singular values": lambda w: singular_value_errors(w, np.eye(2), np.ones(2), np.eye(2, 4)),
    "tokens": lambda x: output_change(x, X, GroupedWeights(np.ones((4, 4)), W, W), HEADS, [0, 0], [0, 0]),
    "output": lambda o: output_change(X, X, GroupedWeights(np.ones((4, 4)), W, W, o), HEADS, [0, 0], [0, 0]),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("bad", [*MATRICES, "ragged", "text alone"])
def test_no_construction_and_no_bound_takes_a_bad_matrix(call, bad):
    """Every function of a matrix names what it met."""
    value = {"ragged": [[1.0, 2.0], [3.0]], "text alone": "W"}.get(bad, MATRICES.get(bad))
    with pytest.raises((InputError, ShapeError)):
        CALLS[call](value() if callable(value) else value)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: factorise(np.full((2, 4), 1e308), HEADS), r"W, of shape \(2, 4\), overflow float64"),
        (lambda: factorise(W, HEADS, 1.5), "rank 1.5"),
        (lambda: precise_svd(W, 50.0), r"50.0 digits .* from 10 to 250"),
        (lambda: precise_svd(W, 10**6), "1000000 digits"),
        (lambda: BallOps(np.float64(20)), "from 1 to 1000"),
        (lambda: causal_mask(1.5, 2), "1.5 queries over 2 keys"),
        (lambda: causal_mask(2, 2, "float16"), "'float16' is not a precision"),
        (lambda: rope_frequencies(3), "a head of 3 has no whole number of pairs"),
        (lambda: rope_frequencies(4, np.nan), "the base nan"),
        (lambda: rotations([np.nan], [1.0]), r"positions, float64 of shape \(1,\)"),
        (lambda: rotations([0], []), r"frequencies, float64 of shape \(0,\)"),
        (lambda: Heads(1.5, 1, 1), "copies = 1.5"),
        (lambda: Heads(None, 1, 1), "copies = None"),
        (lambda: Heads.of(8.0, groups=2, size=1), "heads = 8.0"),
        (lambda: Heads.of(8, groups=0, size=1), "groups = 0"),
        (lambda: run_sweep(1.5), "1.5 cases"),
        (lambda: run_sweep(1, precisions=["bfloat16"]), "the precision 'bfloat16' is not known"),
        (lambda: run_sweep(1, precisions=["mp251"]), "mp10 to mp250"),
        (lambda: to_fractions(np.ones((2, 3), np.float16)), r"float16 and shape \(2, 3\)"),
    ],
)
def test_numbers_out_of_their_domain_are_named(call, message):
    """Sizes, ranks, digits, bases and precisions."""
    with pytest.raises(InputError, match=message):
        call()


@pytest.mark.parametrize("errors", [[0.1], [np.nan, 0.1], [-1.0, 0.1], ["a", 1.0]])
def test_a_bound_from_no_bound_is_refused(errors):
    """One error for each group, none negative or NaN; infinity says that nothing is known, and stays a bound."""
    w = GroupedWeights(np.ones((4, 4)), W, W)
    with pytest.raises((InputError, ShapeError)):
        output_change(X, X, w, HEADS, errors, [0.1, 0.1])
    with pytest.raises(ShapeError, match=r"W_Q, \(4, 4\)"):
        output_change(X, X, w, Heads(1, 2, 1), [0.1, 0.1], [0.1, 0.1])
    assert np.isfinite(output_change(X, X, w, HEADS, [np.inf, 0.1], [0.1, 0.1])).all()


def test_scores_that_the_digits_do_not_settle_give_weights_between_0_and_1():
    """Where a difference of scores is known to no digit, the ball of a weight is [0, 1] and no NaN."""
    values, radii = BACKENDS["ball"].read(layer("ball", x=X * 1e30, key=W * 1e300, value=W))
    assert all(v < 10**32 for v in values.flat) and np.isfinite(radii).all()
