"""The numbers behind the figures of a report, computed without floats that depend on the CPU.

Weights are integers, singular values come from mpmath and layers run in balls, so that a figure is the
same byte for byte wherever it is made; the bounds, which do come from float64, are rounded to three digits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log10
from typing import Any

import numpy as np

from symbolic_mla.attention import GroupedWeights, Heads, LatentWeights, Scoring, repeat_groups
from symbolic_mla.errors import InputError
from symbolic_mla.numeric.inputs import causal_mask
from symbolic_mla.numeric.object_ops import Array, ObjectOps
from symbolic_mla.numeric.precise_svd import precise_svd
from symbolic_mla.numeric.runs import BallPrecision, run_grouped, run_latent
from symbolic_mla.numeric.samples import Sample
from symbolic_mla.numeric.truncation import output_change


@dataclass(frozen=True)
class Spectrum:
    """The singular values of the tiled weight, the vanishing ones as 0, and the rank line r = min(G d, D)."""

    values: tuple[float, ...]
    rank: int


@dataclass(frozen=True)
class Curve:
    """Observed errors and their bounds against a whole number: digits of precision, or the rank r'."""

    at: tuple[int, ...]
    observed: tuple[float, ...]
    bounds: tuple[float, ...]


def _rounded(x: float) -> float:
    return float(f"{x:.2e}")


def exhibit(seed: int = 0, *, copies: int = 2, groups: int = 2, size: int = 3, tokens: int = 5) -> Sample:
    """A small layer of integer weights, D = H d, with a causal mask: what the figures show.

    The seed drives NumPy's integers only, which are the same on every machine.
    """
    rng = np.random.default_rng(seed)
    heads = Heads(copies, groups, size)
    whole, rows = copies * groups * size, groups * size

    def integers(*shape: int) -> Any:
        return rng.integers(-8, 9, size=shape) / 16.0

    weights = GroupedWeights(integers(whole, whole), integers(rows, whole), integers(rows, whole))
    x, scoring = integers(tokens, whole), Scoring(mask=causal_mask(tokens, tokens))
    return Sample(seed, heads, x, x, weights, scoring, rows, "integer", "causal")


def spectrum(sample: Sample) -> Spectrum:
    """The singular values √n σ(W_K) of the tiled key weight, and the zeros that follow them."""
    d = precise_svd(sample.weights.key, 20, method="mpmath")
    heads = sample.heads
    root = heads.copies**0.5
    values = [_rounded(root * float(s)) for s in d.singular_values]
    zeros = min(heads.copies * heads.groups * heads.size, sample.x.shape[1]) - len(values)
    return Spectrum((*values, *[0.0] * zeros), len(values))


def _change(sample: Sample, digits: int, rank: int | None) -> tuple[float, float]:
    """The largest difference between the grouped layer and its latent layer at a rank, and a bound of it."""
    p = BallPrecision(digits, method="mpmath")
    w, heads = sample.weights, sample.heads
    key, value = (p.factors(z, heads, rank) for z in (w.key, w.value))
    ops: Any = ObjectOps()

    def tiled(block: Array) -> Array:
        return np.asarray(repeat_groups(ops, block, heads))

    m: LatentWeights[Any] = LatentWeights(w.query, key.down, tiled(key.block), tiled(value.block), value.down)
    grouped = run_grouped(p, sample.x, sample.y, w, heads, sample.scoring)
    run = run_latent(
        p, sample.x, sample.y, m, heads.copies * heads.groups, heads.size, sample.scoring, absorbed=False
    )
    allowed = (
        grouped.radius + run.radius + output_change(sample.x, sample.y, w, heads, key.errors, value.errors)
    )
    return _rounded(float(grouped.distance(run).max())), _rounded(float(allowed.max()))


def precision_curve(sample: Sample, digits: tuple[int, ...] = (10, 20, 30, 40, 60, 80)) -> Curve:
    """The difference of the two layers at full rank against the working precision.

    An error that falls by a factor of ten with every digit, as far as one goes, is that of an equality.

    Raises:
        InputError: for fewer than two numbers of digits, or one outside 10 to 250.
    """
    if len(digits) < 2 or not all(10 <= d <= 250 for d in digits):
        raise InputError(f"digits {digits}: at least two numbers from 10 to 250 make a curve")
    found = [_change(sample, d, None) for d in digits]
    return Curve(digits, tuple(x for x, _ in found), tuple(y for _, y in found))


def truncation_curve(sample: Sample) -> Curve:
    """The difference of the two layers at 30 digits against the rank r' of the latents, and its bound."""
    ranks = tuple(range(1, min(sample.weights.key.shape) + 1))
    found = [_change(replace(sample, rank=r), 30, r) for r in ranks]
    return Curve(ranks, tuple(x for x, _ in found), tuple(y for _, y in found))


def slope(curve: Curve) -> float:
    """Digits of error gained for each digit of precision, from the first point to the last.

    >>> slope(Curve((10, 20), (1e-10, 1e-20), (1e-9, 1e-19)))
    1.0
    """
    if curve.observed[0] <= 0 or curve.observed[-1] <= 0:
        raise InputError("an error of zero has no slope", hint="a layer whose weights are not exact factors")
    fall = log10(curve.observed[0]) - log10(curve.observed[-1])
    return round(fall / (curve.at[-1] - curve.at[0]), 2)
