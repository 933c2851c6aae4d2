"""What a change of the key and value weights can do to the output of a layer: a certified bound.

With keys changed by ‖ΔW_K,g‖ ≤ ε in group g, a query q moves each score by at most |scale| ‖q‖ ε ‖y‖ = δ;
a softmax whose arguments move by at most δ moves by at most 2 tanh(δ/2) in the sum of its entries (the sharp
form of |Δp|₁ ≤ ½ osc Δs, osc Δs ≤ 2 δ); so the output of the head moves by at most
2 tanh(δ/2) · max ‖v − c‖ + ‖ΔW_V,g‖ max ‖y‖, for any centre c. By Eckart and Young a truncated SVD makes
‖ΔW‖ = σ_{r'+1}(W), of the group weights and not of their tiling, up to the rounding that is certified here.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from symbolic_mla.attention import GroupedWeights, Heads
from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.numeric.arrays import Floats, matrix
from symbolic_mla.numeric.bounds import Residual, residual, up
from symbolic_mla.numeric.numpy_ops import finite_float
from symbolic_mla.numeric.rounding_ops import inflate
from symbolic_mla.numeric.svd import Factorisation


def group_errors(w: Floats, factors: Factorisation) -> list[float]:
    """Certified bounds of ‖W_g − (U V)_g‖₂, one for each group g of the weight W, (G d) × D."""
    whole = residual(w, factors.block, factors.down)
    size = len(w) // factors.heads.groups
    return [whole.rows(g * size, (g + 1) * size).spectral for g in range(factors.heads.groups)]


def _norms(x: Floats) -> Floats:
    """Upper bounds of the 2-norms along the last axis."""
    scale = float(np.abs(x).max(initial=0.0)) or 1.0
    squares = inflate(np.sum((x / scale) ** 2, axis=-1), x.shape[-1] + 8)
    return inflate(np.sqrt(squares) * scale, 4)


def _product(x: Floats, w: Floats) -> Residual:
    """x Wᵀ with its certified error, as the residual of −x Wᵀ."""
    return residual(np.zeros((len(x), len(w))), -x, w.T)


def output_change(
    x: Floats,
    y: Floats,
    weights: GroupedWeights[Floats],
    heads: Heads,
    key_errors: Sequence[float],
    value_errors: Sequence[float],
    *,
    scale: float | None = None,
) -> Floats:
    """A bound, for every entry of the output t × D', of its change when keys and values change so much.

    `key_errors` and `value_errors` bound ‖ΔW_K,g‖₂ and ‖ΔW_V,g‖₂ by group. It is a bound in exact
    arithmetic, under any mask and for softmax weights; the rounding of a run comes on top (`RoundingOps`).

    Raises:
        ShapeError: when there is not one error for each group, or shapes do not fit.
        InputError: for NaN or infinity in tokens or weights, or an error that is negative or NaN.
    """
    n, groups, d = heads.copies, heads.groups, heads.size
    if len(key_errors) != groups or len(value_errors) != groups:
        raise ShapeError(
            f"{len(key_errors)} and {len(value_errors)} errors for {groups} groups: one for each is needed"
        )
    for error in (*key_errors, *value_errors):
        if not (isinstance(error, (int, float)) and error >= 0):
            raise InputError(f"{error!r} bounds no norm: 0, a positive number or infinity is needed")
    x, y = (matrix(name, z, dtype="float64") for name, z in (("x", x), ("y", y)))
    query, key = (matrix(name, z) for name, z in (("W_Q", weights.query), ("W_K", weights.key)))
    if len(query) != n * groups * d or len(key) != groups * d or len(weights.value) % groups:
        raise ShapeError(
            f"W_Q, {query.shape}, W_K, {key.shape}, and W_V, {weights.value.shape}, do not fit {groups} groups of {d}, "
            f"{n} copies each"
        )
    factor = up(1.0 / sqrt(d) if scale is None else abs(finite_float(scale)), 3)
    longest = float(_norms(y).max())
    queries = _norms(_product(x, weights.query.astype(np.float64)).size.reshape(len(x), -1, d))
    value = _product(y, weights.value.astype(np.float64))
    size = value.value.shape[1] // groups
    tile = heads.order == "tile"
    moved = np.empty((len(x), n * groups))
    for head in range(n * groups):
        g = head % groups if tile else head // n
        part = value.value[:, g * size : (g + 1) * size]
        centre = part.mean(axis=0)  # any centre will do, so its rounding is harmless
        about = np.abs(part - centre) * (1 + 2.0**-52) + value.radius[:, g * size : (g + 1) * size]
        spread = float(_norms(inflate(about, 4)).max())
        delta = inflate(queries[:, head] * (factor * key_errors[g] * longest), 6)
        moved[:, head] = np.minimum(2.0 * np.tanh(delta / 2.0) * (1 + 2.0**-50), 2.0) * spread
        moved[:, head] += value_errors[g] * longest
    moved = inflate(moved, 12)
    if weights.output is None:
        return np.repeat(moved, size, axis=1)
    output = matrix("W_O", weights.output, dtype="float64")
    if output.shape[1] != n * groups * size:
        raise ShapeError(f"W_O, {output.shape}, takes no {n * groups} heads of {size}")
    blocks = _norms(output.reshape(len(output), n * groups, size))
    return inflate(moved @ blocks.T, n * groups + 4)
