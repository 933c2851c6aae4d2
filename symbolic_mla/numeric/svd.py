"""The SVD construction: latent projections of tiled weights, through the structure of the tiling.

W̃ = tile(W, n) is never formed: σ(W̃) = √n σ(W) and U(W̃) = tile(U(W))/√n, so the SVD of the G d × D
matrix W is enough, and that goes through the QR factorisation of its longer side. No Gram matrix is
formed anywhere, since it would square the condition number.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp, sqrt
from typing import Any

import numpy as np

from symbolic_mla.attention import GroupedWeights, Heads, LatentWeights, repeat_groups
from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.numeric.arrays import Floats, all_finite, is_whole, matrix
from symbolic_mla.numeric.numpy_ops import NumpyOps


@dataclass(frozen=True)
class Factorisation:
    """tile(W, n) ≈ `up` · `down` through a latent of `rank` components.

    Only one copy of the up-projection is stored, `block` (G d) × rank; `up` repeats it. The columns of
    `up` are orthonormal when the factorisation comes from an SVD. `singular_values` are those of the tiled
    matrix that need not vanish, min(G d, D) of them, descending; empty when they were not computed.
    """

    block: Floats
    down: Floats
    singular_values: Floats
    heads: Heads

    @property
    def rank(self) -> int:
        """The size of the latent."""
        return int(self.down.shape[0])

    @property
    def up(self) -> Floats:
        """The up-projection (n g d) × rank, in the order of `heads`."""
        ops = NumpyOps("float32" if self.block.dtype == np.float32 else "float64")
        return repeat_groups(ops, self.block, self.heads)

    def truncated(self, rank: int) -> Factorisation:
        """The best factorisation of smaller rank, if this one came from an SVD (Eckart and Young, 1936).

        Raises:
            InputError: unless 1 ≤ rank ≤ the present rank, or when there are no singular values to go by.
        """
        if not self.singular_values.size:
            raise InputError(
                "the identity factorisation has no singular values to truncate by", hint="factorise(W)"
            )
        check_rank(rank, self.rank)
        return Factorisation(self.block[:, :rank], self.down[:rank], self.singular_values, self.heads)


@dataclass(frozen=True)
class JointFactorisation:
    """Keys and values through one latent: `key` and `value` have one and the same down-projection."""

    key: Factorisation
    value: Factorisation


def check_rank(rank: int, most: int) -> int:
    """`rank`, or InputError unless it is an integer from 1 to `most`."""
    if not is_whole(rank) or not 1 <= rank <= most:
        raise InputError(f"rank {rank!r}: a latent of 1 to {most} components can be made here")
    return int(rank)


def _moderate(w: Floats) -> tuple[Floats, int]:
    """`w` over a power of two and its exponent: 0 where no square of an entry comes near the ends of the range."""
    exponent = frexp(max(float(w.max()), -float(w.min())))[1]
    if abs(exponent) <= np.finfo(w.dtype).maxexp // 4:
        return w, 0
    return np.ldexp(w, -exponent), exponent


def _scaled(s: Floats, exponent: int) -> Floats:
    with np.errstate(over="ignore"):  # infinity is what it is; who keeps it looks for it
        return np.asarray(np.ldexp(s, exponent))


def thin_svd(w: Floats) -> tuple[Floats, Floats, Floats]:
    """U, σ, Vᵀ with W = U diag(σ) Vᵀ, thin, through QR of the longer side, scaled by a power of two.

    >>> u, s, vt = thin_svd(np.array([[3.0, 0.0, 4.0]]))
    >>> s
    array([5.])
    """
    scaled, exponent = _moderate(w)
    if w.shape[0] < w.shape[1]:
        q, r = np.linalg.qr(scaled.T)
        u, s, vt = np.linalg.svd(r.T, full_matrices=False)
        vt = vt @ q.T
    elif w.shape[0] > w.shape[1]:
        q, r = np.linalg.qr(scaled)
        u, s, vt = np.linalg.svd(r, full_matrices=False)
        u = q @ u
    else:
        u, s, vt = np.linalg.svd(scaled, full_matrices=False)
    return u, _scaled(s, exponent), vt


def left_svd(w: Floats) -> tuple[Floats, Floats]:
    """U and σ of the thin SVD of W.

    A wide W = L Qᵀ has the left singular vectors and the singular values of the square L, so Q is never formed.
    """
    if w.shape[0] >= w.shape[1]:
        return thin_svd(w)[:2]
    scaled, exponent = _moderate(w)
    lower = np.asarray(np.linalg.qr(scaled.T, mode="r")).T
    u, s, _ = np.linalg.svd(lower)
    return u, _scaled(s, exponent)


def _check_rows(name: str, w: Floats, heads: Heads) -> None:
    if w.shape[0] != heads.groups * heads.size:
        rows = f"{heads.groups} groups of {heads.size} make {heads.groups * heads.size} rows"
        raise ShapeError(f"{name} has shape {w.shape}, and {rows}")


def factorise(w: Any, heads: Heads, rank: int | None = None) -> Factorisation:
    """W_U and W_DKV of tile(W, n) for the weight W, (G d) × D, of the groups: the SVD construction.

    ``up`` has orthonormal columns and ``down`` = √n σ Vᵀ. Without `rank` all min(G d, D) components are
    kept and the product is tile(W) to rounding; a smaller `rank` gives the best approximation of that rank.

    Source: C. Eckart and G. Young, *The approximation of one matrix by another of lower rank*, 1936.

    Raises:
        InputError: when W is not finite, its factors overflow, or the rank is out of range.
        ShapeError: when W has not G d rows.

    >>> w = np.array([[3.0, 0.0], [0.0, 1.0]])
    >>> f = factorise(w, Heads(copies=4, groups=2, size=1))
    >>> f.singular_values
    array([6., 2.])
    >>> np.allclose(f.up @ f.down, np.tile(w, (4, 1)))
    True
    """
    w = matrix("W", w)
    _check_rows("W", w, heads)
    kept = check_rank(min(w.shape) if rank is None else rank, min(w.shape))
    u, s = left_svd(w)
    root, u = sqrt(heads.copies), u[:, :kept]
    # σ Vᵀ = Uᵀ W: the best right factor for the U that was computed, and no V is needed
    with np.errstate(over="ignore", invalid="ignore"):
        down = u.T @ w
        down *= root
        s = root * s
    if not (all_finite(down) and all_finite(s)):
        raise InputError(
            f"the singular values of tile(W) with W, of shape {w.shape}, overflow {w.dtype}",
            hint="scale W by a power of two",
        )
    return Factorisation(u / root, down, s, heads)


def factorise_jointly(w_key: Any, w_value: Any, heads: Heads, rank: int | None = None) -> JointFactorisation:
    """One shared W_DKV for keys and values: the SVD of [tile(W_K); tile(W_V)] through that of [W_K; W_V].

    It is exact from rank [W_K; W_V] on, which min(2 G d, D) always reaches, and G d need not.

    Raises:
        InputError: when a weight is not finite, or the rank is out of range.
        ShapeError: when a weight has not G d rows, or the two differ in their columns or dtype.
    """
    k, v = matrix("W_K", w_key), matrix("W_V", w_value)
    _check_rows("W_K", k, heads)
    _check_rows("W_V", v, heads)
    if k.shape[1] != v.shape[1] or k.dtype != v.dtype:
        raise ShapeError(f"W_K, {k.dtype} {k.shape}, and W_V, {v.dtype} {v.shape}, share no input")
    both = factorise(
        np.concatenate([k, v]), Heads(heads.copies, 2 * heads.groups, heads.size, heads.order), rank
    )
    blocks = both.block[: len(k)], both.block[len(k) :]
    key, value = (Factorisation(block, both.down, both.singular_values, heads) for block in blocks)
    return JointFactorisation(key, value)


def identity_factorisation(w: Any, heads: Heads) -> Factorisation:
    """The factorisation without an SVD: up = tile(I), down = W. It is exact, in every number format."""
    w = matrix("W", w)
    _check_rows("W", w, heads)
    return Factorisation(np.eye(len(w), dtype=w.dtype), w, np.empty(0, w.dtype), heads)


def untile(tiled: Any, heads: Heads) -> Floats:
    """The weight W of which `tiled` is the tiling, in the order of `heads`.

    Raises:
        ShapeError: when `tiled` has not n G d rows.
        InputError: when the copies differ.
    """
    tiled = matrix("W̃", tiled)
    whole = heads.copies * heads.groups * heads.size
    if tiled.shape[0] != whole:
        raise ShapeError(f"W̃ has shape {tiled.shape}, and {heads} makes {whole} rows")
    ops = NumpyOps("float32" if tiled.dtype == np.float32 else "float64")
    copies = ops.einsum(f"{heads.axis()} i -> n (g d) i", tiled, n=heads.copies, g=heads.groups)
    if not (copies == copies[:1]).all():
        raise InputError(
            f"W̃ of shape {tiled.shape} is not {heads.copies} equal copies in {heads.order} order",
            hint="the other order of heads?",
        )
    return np.ascontiguousarray(copies[0])


def latent_weights(
    weights: GroupedWeights[Floats], key: Factorisation, value: Factorisation
) -> LatentWeights[Floats]:
    """The latent-attention weights of a grouped-query layer, from factorisations of its keys and values.

    The latent is joint when both have one and the same down-projection, and separate otherwise.
    """
    shared = key.down is value.down
    return LatentWeights(
        query=weights.query,
        down_key=key.down,
        up_key=key.up,
        up_value=value.up,
        down_value=None if shared else value.down,
        output=weights.output,
    )
