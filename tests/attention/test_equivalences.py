"""Equalities between the layers, exactly, under an uninterpreted function in the place of softmax."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.attention import (
    GroupedWeights,
    Heads,
    LatentWeights,
    Rope,
    Scoring,
    grouped_query,
    latent,
    latent_absorbed,
    multi_head,
    multi_query,
    repeat_groups,
)
from symbolic_mla.numeric import ExactOps

OPS = ExactOps(seed=7)
small = st.integers(1, 3)
seeds = st.integers(0, 2**32 - 1)
orders = st.sampled_from(["tile", "interleaved"])
scoring: Scoring[Any] = Scoring(scale=Fraction(1, 3))


class Draw:
    """Random integer matrices, as exact arrays."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def __call__(self, *shape: int) -> Any:
        return OPS.array(self.rng.integers(-3, 4, size=shape))


def same(a: Any, b: Any) -> bool:
    return a.shape == b.shape and bool((a == b).all())


@settings(max_examples=30, deadline=None)
@given(n=small, g=small, d=small, t=small, s=small, order=orders, seed=seeds)
def test_grouped_query_is_multi_head_on_repeated_weights(n, g, d, t, s, order, seed):
    """GQA equals MHA whose key and value weights repeat those of the groups, in either order of heads."""
    draw, heads = Draw(seed), Heads(n, g, d, order)
    D, H = 3, n * g
    w = GroupedWeights(draw(H * d, D), draw(g * d, D), draw(g * d, D), draw(2, H * d))
    wide = replace(w, key=repeat_groups(OPS, w.key, heads), value=repeat_groups(OPS, w.value, heads))
    x, y, mask = draw(t, D), draw(s, D), draw(t, s)
    how = replace(scoring, mask=mask)
    assert same(
        grouped_query(OPS, x, y, w, heads, scoring=how), multi_head(OPS, x, y, wide, H, d, scoring=how)
    )


@settings(max_examples=30, deadline=None)
@given(
    h=small,
    d=small,
    r=small,
    e=small,
    t=small,
    s=small,
    seed=seeds,
    joint=st.booleans(),
    rope=st.booleans(),
    query_latent=st.booleans(),
)
def test_absorbed_latent_attention_is_latent_attention(h, d, r, e, t, s, seed, joint, rope, query_latent):
    """Absorbing the up-projections changes nothing: joint or separate latents, RoPE, query latents."""
    draw, D, j, rq = Draw(seed), 3, 1, 2
    rv = r if joint else r + 1
    wide = rq if query_latent else D
    w = LatentWeights(
        query=draw(h * d, wide),
        down_key=draw(r, D),
        up_key=draw(h * d, r),
        up_value=draw(h * e, rv),
        down_value=None if joint else draw(rv, D),
        output=draw(4, h * e),
        down_query=draw(rq, D) if query_latent else None,
        query_rope=draw(h * 2 * j, wide) if rope else None,
        key_rope=draw(2 * j, D) if rope else None,
    )
    turns = Rope(draw(t, 4 * j), draw(s, 4 * j)) if rope else None
    x, y = draw(t, D), draw(s, D)
    kwargs: Any = {
        "scoring": replace(scoring, mask=draw(t, s)),
        "rope": turns,
        "rope_size": 2 * j,
        "norm": lambda row: [entry**2 for entry in row],
        "query_norm": lambda row: [2 * q for q in row],
    }
    assert w.joint is joint
    assert same(latent(OPS, x, y, w, h, d, **kwargs), latent_absorbed(OPS, x, y, w, h, d, **kwargs))


@settings(max_examples=30, deadline=None)
@given(n=small, g=small, d=small, t=small, s=small, order=orders, seed=seeds)
def test_grouped_query_is_latent_attention_with_separate_latents(n, g, d, t, s, order, seed):
    """GQA is MLA with two latents of G d: the down-projections are its weights, the up-projections tile I."""
    draw, heads, D = Draw(seed), Heads(n, g, d, order), 3
    w = GroupedWeights(draw(n * g * d, D), draw(g * d, D), draw(g * d, D))
    up = repeat_groups(OPS, OPS.array(np.eye(g * d, dtype=int)), heads)
    m = LatentWeights(query=w.query, down_key=w.key, up_key=up, up_value=up, down_value=w.value)
    x, y = draw(t, D), draw(s, D)
    expected = grouped_query(OPS, x, y, w, heads, scoring=scoring)
    assert same(expected, latent(OPS, x, y, m, n * g, d, scoring=scoring))
    assert same(expected, latent_absorbed(OPS, x, y, m, n * g, d, scoring=scoring))


@given(h=small, d=small, seed=seeds)
@settings(max_examples=15, deadline=None)
def test_multi_query_is_one_group_in_either_order(h, d, seed):
    """With one group the two orders of heads are one, and GQA is MQA."""
    draw = Draw(seed)
    w = GroupedWeights(draw(h * d, 2), draw(d, 2), draw(d, 2))
    x = draw(3, 2)
    expected = multi_query(OPS, x, x, w, h, d, scoring=scoring)
    for order in ("tile", "interleaved"):
        assert same(expected, grouped_query(OPS, x, x, w, Heads(h, 1, d, order), scoring=scoring))


def test_a_joint_latent_of_group_size_is_not_enough():
    """GQA with W_K = [1 0], W_V = [0 1] is not MLA whose one latent of G d = 1 is made by W_K."""
    x = OPS.array([[1, 2], [3, 5]])
    eye = OPS.array([[1, 0], [0, 1]])
    w = GroupedWeights(eye, OPS.array([[1, 0]]), OPS.array([[0, 1]]))
    expected = grouped_query(OPS, x, x, w, Heads(2, 1, 1), scoring=scoring)
    up = repeat_groups(OPS, OPS.array([[1]]), Heads(2, 1, 1))
    m = LatentWeights(query=eye, down_key=w.key, up_key=up, up_value=up)
    assert not same(expected, latent(OPS, x, x, m, 2, 1, scoring=scoring))


def test_the_two_orders_of_heads_differ():
    """For n, G > 1 the interleaved and the tiled order are different layers."""
    draw = Draw(3)
    w = GroupedWeights(draw(4, 3), draw(2, 3), draw(2, 3))
    x = draw(3, 3)
    tile, other = (
        grouped_query(OPS, x, x, w, Heads(2, 2, 1, order), scoring=scoring)
        for order in ("tile", "interleaved")
    )
    assert not same(tile, other)
