"""Multi-head, multi-query and grouped-query attention: one function of `ops`."""

from __future__ import annotations

from typing import Any

from symbolic_mla.attention.heads import Heads
from symbolic_mla.attention.ops import Ops, Tensor
from symbolic_mla.attention.rope import rotate
from symbolic_mla.attention.weights import GroupedWeights, Rope, Scoring


def project(ops: Ops[Tensor], x: Tensor, weight: Tensor | None) -> Tensor:
    """x Wᵀ for tokens `x`, t × i, and a weight o × i; `x` itself when there is no weight."""
    return x if weight is None else ops.einsum("t i, o i -> t o", x, weight)


def default_scale(ops: Ops[Tensor], size: Any, scoring: Scoring[Tensor]) -> Any:
    """The scale of the scores: the given one, or 1/√size."""
    return 1 / ops.sqrt(size) if scoring.scale is None else scoring.scale


def weigh(ops: Ops[Tensor], scores: Tensor, scoring: Scoring[Tensor], repeat: str, **sizes: Any) -> Tensor:
    """Mask the scaled scores (`repeat` names the head axes of their pattern) and apply the function."""
    if scoring.mask is not None:
        scores = ops.add(scores, ops.einsum(f"t s -> {repeat} t s", scoring.mask, **sizes))
    return ops.softmax(scores) if scoring.function is None else ops.apply(scoring.function, scores)


def grouped_query(
    ops: Ops[Tensor],
    x: Tensor,
    y: Tensor,
    weights: GroupedWeights[Tensor],
    heads: Heads,
    *,
    scoring: Scoring[Tensor] | None = None,
    rope: Rope[Tensor] | None = None,
) -> Tensor:
    """Grouped-query attention of the tokens `x`, t × D, to the tokens `y`, s × D.

    Group g of the keys and values serves `heads.copies` heads. One copy is multi-head attention, one
    group multi-query attention. No key is repeated in memory: the copies are an axis of the einsum.

    Returns: t × D' after the output projection; without it t × (n g e), in the order of `heads`.

    Source: J. Ainslie et al., *GQA: Training generalized multi-query transformer models from multi-head
    checkpoints*, 2023.

    Raises:
        ShapeError: when the sizes of tokens, weights, heads and mask do not fit.

    >>> import numpy as np
    >>> from symbolic_mla.numeric import NumpyOps
    >>> x, eye = np.eye(2), np.eye(2)
    >>> w = GroupedWeights(query=eye, key=eye[:1], value=eye[:1])
    >>> grouped_query(NumpyOps(), x, x, w, Heads(copies=2, groups=1, size=1)).round(3)
    array([[0.731, 0.5  ], [0.5 , 0.731]])
    """
    scoring = scoring or Scoring()
    axis, sizes = heads.axis(), {"n": heads.copies, "g": heads.groups}
    q = project(ops, x, weights.query)
    k = project(ops, y, weights.key)
    v = project(ops, y, weights.value)
    if rope is not None:
        q = rotate(ops, q, rope.queries, rope.layout)
        k = rotate(ops, k, rope.keys, rope.layout)
    q = ops.scale(q, default_scale(ops, heads.size, scoring))
    scores = ops.einsum(f"t {axis}, s (g d) -> n g t s", q, k, d=heads.size, **sizes)
    weighed = weigh(ops, scores, scoring, "n g", **sizes)
    out = ops.einsum(f"n g t s, s (g e) -> t {heads.axis('e')}", weighed, v, **sizes)
    return project(ops, out, weights.output)


def multi_head(
    ops: Ops[Tensor],
    x: Tensor,
    y: Tensor,
    weights: GroupedWeights[Tensor],
    heads: Any,
    size: Any,
    *,
    scoring: Scoring[Tensor] | None = None,
    rope: Rope[Tensor] | None = None,
) -> Tensor:
    """Multi-head attention, every head with its own keys and values: `grouped_query` with one copy."""
    return grouped_query(ops, x, y, weights, Heads(1, heads, size), scoring=scoring, rope=rope)


def multi_query(
    ops: Ops[Tensor],
    x: Tensor,
    y: Tensor,
    weights: GroupedWeights[Tensor],
    heads: Any,
    size: Any,
    *,
    scoring: Scoring[Tensor] | None = None,
    rope: Rope[Tensor] | None = None,
) -> Tensor:
    """Multi-query attention, one key and value for all heads: `grouped_query` with one group."""
    return grouped_query(ops, x, y, weights, Heads(heads, 1, size), scoring=scoring, rope=rope)


def repeat_groups(ops: Ops[Tensor], weight: Tensor, heads: Heads) -> Tensor:
    """A weight (g d) × D of the groups, repeated for all heads: tile(W, n), or `repeat_interleave` by head.

    >>> import numpy as np
    >>> from symbolic_mla.numeric import NumpyOps
    >>> w = np.array([[1.0], [2.0]])
    >>> repeat_groups(NumpyOps(), w, Heads(2, 2, 1)).ravel()
    array([1., 2., 1., 2.])
    >>> repeat_groups(NumpyOps(), w, Heads(2, 2, 1, "interleaved")).ravel()
    array([1., 1., 2., 2.])
    """
    return ops.einsum(f"(g d) i -> {heads.axis()} i", weight, n=heads.copies, g=heads.groups)
