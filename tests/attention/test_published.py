"""Against definitions that no one here wrote: published code re-derived, and PyTorch when it is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symbolic_mla.attention import (
    GroupedWeights,
    Heads,
    LatentWeights,
    Rope,
    Scoring,
    grouped_query,
    latent,
    latent_absorbed,
    repeat_groups,
    rotate,
)
from symbolic_mla.numeric import NumpyOps, causal_mask, rope_frequencies, rotations

OPS = NumpyOps()
RNG = np.random.default_rng(20)


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def repeat_kv(hidden: Any, n_rep: int) -> Any:
    """As in Hugging Face's models/llama: (batch, kv_heads, s, d) to (batch, heads, s, d)."""
    b, heads, s, d = hidden.shape
    return np.broadcast_to(hidden[:, :, None], (b, heads, n_rep, s, d)).reshape(b, heads * n_rep, s, d)


def rotate_half(x: Any) -> Any:
    half = x.shape[-1] // 2
    return np.concatenate([-x[..., half:], x[..., :half]], axis=-1)


def test_grouped_query_is_llamas_attention_in_interleaved_order():
    """Batched, causal, with RoPE in half-split layout: equal to Llama's forward pass, re-derived."""
    b, t, n, g, d, D = 2, 7, 3, 2, 4, 10
    x = RNG.normal(size=(b, t, D))
    wq, wk, wv, wo = (RNG.normal(size=s) for s in ((n * g * d, D), (g * d, D), (g * d, D), (D, n * g * d)))
    freq = rope_frequencies(d)
    angles = np.outer(np.arange(t), np.concatenate([freq, freq]))
    cos, sin = np.cos(angles), np.sin(angles)
    q, k, v = ((x @ w.T).reshape(b, t, -1, d).transpose(0, 2, 1, 3) for w in (wq, wk, wv))
    q, k = (z * cos + rotate_half(z) * sin for z in (q, k))
    k, v = repeat_kv(k, n), repeat_kv(v, n)
    p = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(d) + np.triu(np.full((t, t), -np.inf), 1))
    expected = (p @ v).transpose(0, 2, 1, 3).reshape(b, t, -1) @ wo.T
    turn = rotations(np.arange(t), freq)
    out = grouped_query(
        OPS,
        x,
        x,
        GroupedWeights(wq, wk, wv, wo),
        Heads.of(n * g, groups=g, size=d, order="interleaved"),
        scoring=Scoring(mask=causal_mask(t, t)),
        rope=Rope(turn, turn, "half-split"),
    )
    np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)


def test_latent_attention_is_deepseeks():
    """Equations 37-47 of the DeepSeek-V2 paper, head by head, with decoupled RoPE in interleaved layout."""
    t, h, d, e, r, rq, D = 5, 3, 4, 6, 7, 6, 9
    x = RNG.normal(size=(t, D))
    shapes = {
        "down_query": (rq, D),
        "query": (h * d, rq),
        "query_rope": (h * e, rq),
        "down_key": (r, D),
        "key_rope": (e, D),
        "up_key": (h * d, r),
        "up_value": (h * d, r),
        "output": (D, h * d),
    }
    w = {name: RNG.normal(size=shape) / 2 for name, shape in shapes.items()}

    def turn(z: Any, position: int) -> Any:
        pairs = z[0::2] + 1j * z[1::2]
        pairs = pairs * np.exp(1j * position * 10000.0 ** (-np.arange(0, e, 2) / e))
        return np.stack([pairs.real, pairs.imag], axis=1).ravel()

    def rms(z: Any) -> Any:
        return z / np.sqrt((z * z).mean(-1, keepdims=True) + 1e-6)

    expected = np.zeros((t, D))
    for i in range(t):
        cq, heads = rms(w["down_query"] @ x[i]), []
        for a in range(h):
            q = np.concatenate(
                [(w["query"] @ cq)[a * d : (a + 1) * d], turn((w["query_rope"] @ cq)[a * e : (a + 1) * e], i)]
            )
            scores, values = [], []
            for m in range(i + 1):
                c = rms(w["down_key"] @ x[m])
                k = np.concatenate([(w["up_key"] @ c)[a * d : (a + 1) * d], turn(w["key_rope"] @ x[m], m)])
                scores.append(q @ k / np.sqrt(d + e))
                values.append((w["up_value"] @ c)[a * d : (a + 1) * d])
            heads.append(softmax(np.array(scores)) @ np.array(values))
        expected[i] = w["output"] @ np.concatenate(heads)
    turns = rotations(np.arange(t), rope_frequencies(e))
    for layer in (latent, latent_absorbed):
        out = layer(
            OPS,
            x,
            x,
            LatentWeights(**w),
            h,
            d,
            scoring=Scoring(mask=causal_mask(t, t)),
            rope=Rope(turns, turns, "interleaved"),
            rope_size=e,
            norm=rms,
            query_norm=rms,
        )
        np.testing.assert_allclose(out, expected, rtol=1e-11, atol=1e-11)


def test_layouts_of_rope_differ_by_a_permutation_of_components():
    """Rotating in half-split layout is rotating in interleaved layout between (two j) and (j two)."""
    t, h, d = 4, 2, 6
    x, turn = RNG.normal(size=(t, h * d)), rotations(np.arange(t), rope_frequencies(d))
    swapped = OPS.einsum("t (h b j) -> t (h j b)", x, b=2, h=h)
    back = OPS.einsum("t (h j b) -> t (h b j)", rotate(OPS, swapped, turn, "interleaved"), b=2, h=h)
    np.testing.assert_allclose(rotate(OPS, x, turn, "half-split"), back, rtol=1e-14, atol=1e-15)


def test_repeated_groups_are_numpys_tile_and_repeat():
    """`repeat_groups` is numpy.tile in tile order, and numpy.repeat of head blocks when interleaved."""
    w, n, g, d = RNG.normal(size=(6, 5)), 4, 3, 2
    np.testing.assert_array_equal(repeat_groups(OPS, w, Heads(n, g, d)), np.tile(w, (n, 1)))
    blocks = np.repeat(w.reshape(g, d, 5), n, axis=0).reshape(-1, 5)
    np.testing.assert_array_equal(repeat_groups(OPS, w, Heads(n, g, d, "interleaved")), blocks)


@pytest.mark.parametrize("dtype, tolerance", [("float32", 2e-5), ("float64", 1e-13)])
@pytest.mark.parametrize("causal", [False, True])
def test_grouped_query_is_pytorchs(dtype, tolerance, causal):
    """Equal to `scaled_dot_product_attention(enable_gqa=True)`, whose groups are interleaved."""
    torch = pytest.importorskip("torch", reason="PyTorch is an optional test dependency: pip install torch")
    b, t, n, g, d = 2, 9, 4, 2, 8
    D = n * g * d
    q, k, v = (RNG.normal(size=(b, t, size)).astype(dtype) for size in (D, g * d, g * d))
    heads = [torch.from_numpy(z).reshape(b, t, -1, d).transpose(1, 2) for z in (q, k, v)]
    expected = torch.nn.functional.scaled_dot_product_attention(*heads, is_causal=causal, enable_gqa=True)
    expected = expected.transpose(1, 2).reshape(b, t, D).numpy()
    # the weights pick q, k and v out of their concatenation, so that the layer's own projections run too
    x = np.concatenate([q, k, v], axis=-1)
    pick = np.eye(x.shape[-1], dtype=dtype)
    w = GroupedWeights(pick[:D], pick[D : D + g * d], pick[D + g * d :])
    mask = causal_mask(t, t, dtype) if causal else None
    out = grouped_query(NumpyOps(dtype), x, x, w, Heads(n, g, d, "interleaved"), scoring=Scoring(mask=mask))
    assert out.dtype == dtype
    np.testing.assert_allclose(out, expected, rtol=tolerance, atol=tolerance)
