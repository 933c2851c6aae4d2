"""The weights of a layer. Every weight is an output × input matrix, and tokens are rows: y = x Wᵀ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal

from symbolic_mla.attention.ops import Tensor
from symbolic_mla.errors import InputError

Layout = Literal["interleaved", "half-split"]


@dataclass(frozen=True)
class GroupedWeights(Generic[Tensor]):
    """Grouped-query weights: `query` (n g d) × D, `key` (g d) × D, `value` (g e) × D, `output` D' × (n g e).

    The heads of `query` and `output` stand in the order of `Heads.order`. Without `output` the heads
    are returned side by side.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    output: Tensor | None = None


@dataclass(frozen=True)
class LatentWeights(Generic[Tensor]):
    """Latent attention: keys and values are made from a cached latent of r components a token.

    `query` (h d) × D, `down_key` r × D, `up_key` (h d) × r, `up_value` (h e) × r', `output` D' × (h e).
    Without `down_value` the latent is *joint*, as DeepSeek's: values are made from the latent of the
    keys, and r' = r. With it (r' × D) the latents are *separate*.

    `down_query` r_q × D puts a latent before the queries, and `query` is then (h d) × r_q.
    `query_rope` (h k) × D (or × r_q) and `key_rope` k × D add the decoupled rotary part, one key
    of k components for all heads.
    """

    query: Tensor
    down_key: Tensor
    up_key: Tensor
    up_value: Tensor
    down_value: Tensor | None = None
    output: Tensor | None = None
    down_query: Tensor | None = None
    query_rope: Tensor | None = None
    key_rope: Tensor | None = None

    def __post_init__(self) -> None:
        if (self.query_rope is None) != (self.key_rope is None):
            raise InputError("decoupled RoPE needs both query_rope and key_rope, and one is missing")

    @property
    def joint(self) -> bool:
        """Whether keys and values share one latent."""
        return self.down_value is None


@dataclass(frozen=True)
class Rope(Generic[Tensor]):
    """Rotary positions: one 2×2 rotation a position and frequency, as t × (2 2 j) and s × (2 2 j) matrices.

    ``queries[t, (a b j)]`` is entry (a, b) of the rotation of frequency j at query position t. `layout`
    says where the two components of a frequency stand in a head: side by side (``"interleaved"``, the
    paper's) or half a head apart (``"half-split"``, that of most code).
    """

    queries: Tensor
    keys: Tensor
    layout: Layout = "half-split"

    def __post_init__(self) -> None:
        if self.layout not in ("interleaved", "half-split"):
            raise InputError(
                f"the RoPE layout {self.layout!r} is not known", hint="'interleaved' or 'half-split'"
            )


@dataclass(frozen=True)
class Scoring(Generic[Tensor]):
    """What turns scores into weights: `function(scale * scores + mask)`, softmax unless said otherwise.

    `mask` is an additive t × s matrix (zero, or minus infinity where a query must not look); `scale` is a
    scalar, 1/√(size of a key) when None; `function` is any function of the last axis.
    """

    mask: Tensor | None = None
    scale: Any = None
    function: Any = None
