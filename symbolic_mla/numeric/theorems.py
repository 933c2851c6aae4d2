"""What a sweep measures: for each theorem the observed errors on a layer, and the bound of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isnan, sqrt
from typing import Any

import numpy as np

from symbolic_mla.attention import GroupedWeights, LatentWeights, Rope, repeat_groups
from symbolic_mla.errors import InputError
from symbolic_mla.numeric.arrays import Floats
from symbolic_mla.numeric.bounds import exact_residual, orthonormality, residual, singular_value_errors
from symbolic_mla.numeric.inputs import rope_frequencies, rotations
from symbolic_mla.numeric.numpy_ops import NumpyOps
from symbolic_mla.numeric.object_ops import Array, ObjectOps
from symbolic_mla.numeric.runs import BallPrecision, Factors, Precision, Run, run_grouped, run_latent
from symbolic_mla.numeric.samples import Sample
from symbolic_mla.numeric.svd import factorise, left_svd, thin_svd
from symbolic_mla.numeric.truncation import output_change


@dataclass(frozen=True)
class Measurement:
    """The largest observed error of one kind, and the certified bound that it must not exceed."""

    name: str
    observed: float
    bound: float

    @property
    def holds(self) -> bool:
        """Whether the bound holds; never for NaN."""
        return not isnan(self.observed) and not isnan(self.bound) and self.observed <= self.bound

    @property
    def ratio(self) -> float:
        """bound / observed; infinite when nothing was observed."""
        return self.bound / self.observed if self.observed > 0 else inf


def _worst(name: str, observed: Floats, bound: Floats) -> Measurement:
    """The entry at which the bound is closest, or broken."""
    observed, bound = np.broadcast_arrays(np.asarray(observed, np.float64), np.asarray(bound, np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        closeness = np.where(observed > 0, observed / bound, 0.0)
    closeness = np.where(np.isnan(closeness), inf, closeness)
    at = np.unravel_index(int(closeness.argmax()), closeness.shape)
    return Measurement(name, float(observed[at]), float(bound[at]))


def _held(sample: Sample, p: Precision) -> tuple[Floats, Floats, GroupedWeights[Floats]]:
    """Tokens and weights as the precision holds them, so that all runs begin with the same numbers."""
    w = sample.weights
    out = None if w.output is None else p.weight(w.output)
    return (
        p.weight(sample.x),
        p.weight(sample.y),
        GroupedWeights(p.weight(w.query), p.weight(w.key), p.weight(w.value), out),
    )


def _tiled(block: Array, sample: Sample) -> Array:
    """One copy of an up-projection repeated for all heads."""
    ops: Any = ObjectOps() if block.dtype == object else NumpyOps()
    return np.asarray(repeat_groups(ops, block, sample.heads))


def _latent(
    w: GroupedWeights[Floats], key: Factors, value: Factors, sample: Sample, joint: bool
) -> LatentWeights[Any]:
    return LatentWeights(
        query=w.query,
        down_key=key.down,
        up_key=_tiled(key.block, sample),
        up_value=_tiled(value.block, sample),
        down_value=None if joint else value.down,
        output=w.output,
    )


def _against_grouped(
    sample: Sample, p: Precision, key: Factors, value: Factors, joint: bool
) -> list[Measurement]:
    """The latent layer of the factors, in both forms, against the grouped layer of the weights."""
    x, y, w = _held(sample, p)
    grouped = run_grouped(p, x, y, w, sample.heads, sample.scoring)
    change = output_change(x, y, w, sample.heads, key.errors, value.errors)
    m, heads = _latent(w, key, value, sample, joint), sample.heads.copies * sample.heads.groups
    found = []
    for absorbed in (False, True):
        run = run_latent(p, x, y, m, heads, sample.heads.size, sample.scoring, absorbed=absorbed)
        name = "output, absorbed" if absorbed else "output"
        found.append(_worst(name, grouped.distance(run), grouped.radius + run.radius + change))
    return found


def separate_latents(sample: Sample, p: Precision) -> list[Measurement]:
    """GQA is MLA with separate latents of min(G d, D): tile(W) = W_U W_DKV through the SVD."""
    _, _, w = _held(sample, p)
    key, value = (p.factors(z, sample.heads, None) for z in (w.key, w.value))
    return _against_grouped(sample, p, key, value, joint=False)


def joint_latent(sample: Sample, p: Precision) -> list[Measurement]:
    """GQA is MLA with one latent of min(2 G d, D), which rank [W_K; W_V] cannot exceed."""
    _, _, w = _held(sample, p)
    return _against_grouped(sample, p, *p.joint_factors(w.key, w.value, sample.heads, None), joint=True)


def truncated(sample: Sample, p: Precision) -> list[Measurement]:
    """Eckart-Young: a latent of rank r' < r changes the output by no more than σ_{r'+1} allows."""
    _, _, w = _held(sample, p)
    key, value = (p.factors(z, sample.heads, sample.rank) for z in (w.key, w.value))
    return _against_grouped(sample, p, key, value, joint=False)


def tiled_svd(sample: Sample, p: Precision) -> list[Measurement]:
    """The construction itself: product, orthonormality, and singular values against the dense SVD of tile(W).

    At high precision: the certified residual and skewness against what the digits promise.
    """
    _, _, w = _held(sample, p)
    heads = sample.heads
    if isinstance(p, BallPrecision):
        promised = float(np.abs(w.key).max()) * 10.0**-p.digits * (1 + 1e-15)
        return [Measurement("product", p.factors(w.key, heads, None).errors[0], promised)]
    f = factorise(w.key, heads)
    held = p.weight(f.block), p.weight(f.down)
    product = Measurement("product", float(exact_residual(w.key, *held)), residual(w.key, *held).largest)
    left, s = left_svd(w.key)
    u, _, vt = thin_svd(w.key)
    with np.errstate(under="ignore"):
        skew = float(np.linalg.norm(left.T @ left - np.eye(len(s)), 2))
    tiled = np.asarray(repeat_groups(NumpyOps(), w.key, heads))
    du, ds, dvt = np.linalg.svd(tiled, full_matrices=False)
    whole = singular_value_errors(tiled, du, ds, dvt)
    root = sqrt(heads.copies)
    expected = np.zeros(len(ds))
    expected[: len(s)] = root * s
    allowed = (
        whole + root * singular_value_errors(w.key, u, s, vt) * (1 + 1e-14) + 1e-15 * float(expected.max())
    )
    return [
        product,
        Measurement("orthonormality", skew, 2 * orthonormality(left)),
        Measurement("singular values", float(np.abs(ds - expected).max()), allowed),
    ]


def absorption(sample: Sample, p: Precision) -> list[Measurement]:
    """Absorbing the up-projections changes nothing, with decoupled RoPE where the head has pairs for it."""
    rng = np.random.default_rng((sample.seed, 1))
    x, y, w = _held(sample, p)
    h, d, width = sample.heads.copies * sample.heads.groups, sample.heads.size, x.shape[1]
    rank, pe = sample.rank, 2 * int(rng.integers(1, 4))

    def fresh(*shape: int) -> Floats:
        return p.weight(rng.normal(size=shape) / np.sqrt(shape[-1]))

    m: LatentWeights[Any] = LatentWeights(
        query=w.query,
        down_key=fresh(rank, width),
        up_key=fresh(h * d, rank),
        up_value=fresh(h * d, rank),
        down_value=None if rng.random() < 0.5 else fresh(rank, width),
        output=w.output,
        query_rope=fresh(h * pe, width),
        key_rope=fresh(pe, width),
    )
    turn = [p.weight(rotations(np.arange(len(z)), rope_frequencies(pe))) for z in (x, y)]
    rope = Rope(turn[0], turn[1], "interleaved" if rng.random() < 0.5 else "half-split")
    one, other = (
        run_latent(p, x, y, m, h, d, sample.scoring, absorbed=absorbed, rope=rope, rope_size=pe)
        for absorbed in (False, True)
    )
    return [_worst("output", one.distance(other), one.radius + other.radius)]


def rounding(sample: Sample, p: Precision) -> list[Measurement]:
    """The grouped layer as it runs against the exact one, in balls of far more digits."""
    x, y, w = _held(sample, p)
    run = run_grouped(p, x, y, w, sample.heads, sample.scoring)
    digits = p.digits + 20 if isinstance(p, BallPrecision) else 40
    exact: Run = run_grouped(BallPrecision(digits), x, y, w, sample.heads, sample.scoring)
    return [_worst("output", run.distance(exact), run.radius + exact.radius)]


THEOREMS: dict[str, Callable[[Sample, Precision], list[Measurement]]] = {
    "tiled-svd": tiled_svd,
    "gqa-as-mla": separate_latents,
    "shared-latent": joint_latent,
    "eckart-young": truncated,
    "absorption": absorption,
    "rounding": rounding,
}


def theorem_names(chosen: str | None) -> list[str]:
    """The names to measure: all of them, or the one that was asked for.

    Raises:
        InputError: when no theorem has that name.
    """
    if chosen is None:
        return list(THEOREMS)
    if chosen not in THEOREMS:
        raise InputError(f"no theorem {chosen!r} is measured by the sweep", hint=", ".join(THEOREMS))
    return [chosen]
