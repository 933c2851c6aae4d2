"""Multi-head latent attention, with the up-projections written out and with them absorbed."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Any, Generic

from symbolic_mla.attention.grouped import project, weigh
from symbolic_mla.attention.ops import Ops, Tensor
from symbolic_mla.attention.rope import rotate
from symbolic_mla.attention.weights import LatentWeights, Rope, Scoring
from symbolic_mla.errors import InputError


@dataclass(frozen=True)
class _Inputs(Generic[Tensor]):
    """What both forms share: queries, the two latents, the rotary scores and the scale."""

    query: Tensor  # t × (h d), scaled
    key_latent: Tensor  # s × r
    value_latent: Tensor  # s × r'
    rotary: Tensor | None  # h × t × s, scaled


def _prepare(
    ops: Ops[Tensor],
    x: Tensor,
    y: Tensor,
    w: LatentWeights[Tensor],
    heads: Any,
    size: Any,
    scoring: Scoring[Tensor],
    rope: Rope[Tensor] | None,
    rope_size: Any,
    norm: Any,
    query_norm: Any,
) -> _Inputs[Tensor]:
    asked = project(ops, x, w.down_query)
    if query_norm is not None:
        asked = ops.apply(query_norm, asked)
    key_latent = project(ops, y, w.down_key)
    if norm is not None:
        key_latent = ops.apply(norm, key_latent)
    value_latent = key_latent
    if w.down_value is not None:
        value_latent = project(ops, y, w.down_value)
        if norm is not None:
            value_latent = ops.apply(norm, value_latent)
    decoupled = w.query_rope is not None
    if decoupled and rope_size is None and scoring.scale is None:
        raise InputError(
            "decoupled RoPE enters the default scale 1/√(size + rope_size), and rope_size is missing",
            hint="rope_size=64, the number of rows of key_rope, or Scoring(scale=...)",
        )
    scale = scoring.scale
    if scale is None:
        scale = 1 / ops.sqrt(size + rope_size if decoupled else size)
    rotary = None
    if w.query_rope is not None and w.key_rope is not None:
        q_pe, k_pe = project(ops, asked, w.query_rope), project(ops, y, w.key_rope)
        if rope is not None:
            q_pe = rotate(ops, q_pe, rope.queries, rope.layout)
            k_pe = rotate(ops, k_pe, rope.keys, rope.layout)
        sizes = {"h": heads, "k": rope_size} if isinstance(rope_size, Integral) else {"h": heads}
        rotary = ops.einsum("t (h k), s k -> h t s", ops.scale(q_pe, scale), k_pe, **sizes)
    return _Inputs(ops.scale(project(ops, asked, w.query), scale), key_latent, value_latent, rotary)


def latent(
    ops: Ops[Tensor],
    x: Tensor,
    y: Tensor,
    weights: LatentWeights[Tensor],
    heads: Any,
    size: Any,
    *,
    scoring: Scoring[Tensor] | None = None,
    rope: Rope[Tensor] | None = None,
    rope_size: Any = None,
    norm: Any = None,
    query_norm: Any = None,
) -> Tensor:
    """Multi-head latent attention as it is defined: keys and values are made from the latents.

    `heads` heads of `size` components without position; with decoupled RoPE each has `rope_size`
    components more, which enter the default scale 1/√(size + rope_size). `norm` and `query_norm` are
    functions of the last axis applied to the latents (DeepSeek's RMSNorm).

    Returns: t × D', or t × (h e) without an output projection.

    Source: DeepSeek-AI, *DeepSeek-V2*, 2024, section 2.1 and appendix C.

    Raises:
        ShapeError: when the sizes of tokens, weights, heads and mask do not fit.
        InputError: when the default scale needs a `rope_size` that is not given.
    """
    scoring = scoring or Scoring()
    p = _prepare(ops, x, y, weights, heads, size, scoring, rope, rope_size, norm, query_norm)
    k = project(ops, p.key_latent, weights.up_key)
    v = project(ops, p.value_latent, weights.up_value)
    scores = ops.einsum("t (h d), s (h d) -> h t s", p.query, k, h=heads, d=size)
    if p.rotary is not None:
        scores = ops.add(scores, p.rotary)
    weighed = weigh(ops, scores, scoring, "h", h=heads)
    out = ops.einsum("h t s, s (h e) -> t (h e)", weighed, v, h=heads)
    return project(ops, out, weights.output)


def latent_absorbed(
    ops: Ops[Tensor],
    x: Tensor,
    y: Tensor,
    weights: LatentWeights[Tensor],
    heads: Any,
    size: Any,
    *,
    scoring: Scoring[Tensor] | None = None,
    rope: Rope[Tensor] | None = None,
    rope_size: Any = None,
    norm: Any = None,
    query_norm: Any = None,
) -> Tensor:
    """The same layer, computed on the cached latents: `up_key` moves into the queries, `up_value` behind.

    No key and no value of a head is ever formed; this is what a server with a latent cache runs.
    Arguments, result, source and errors as for `latent`.
    """
    scoring = scoring or Scoring()
    p = _prepare(ops, x, y, weights, heads, size, scoring, rope, rope_size, norm, query_norm)
    q = ops.einsum("t (h d), (h d) r -> h t r", p.query, weights.up_key, h=heads, d=size)
    scores = ops.einsum("h t r, s r -> h t s", q, p.key_latent)
    if p.rotary is not None:
        scores = ops.add(scores, p.rotary)
    weighed = weigh(ops, scores, scoring, "h", h=heads)
    context = ops.einsum("h t s, s r -> h t r", weighed, p.value_latent)
    out = ops.einsum("h t r, (h e) r -> t (h e)", context, weights.up_value, h=heads)
    return project(ops, out, weights.output)
