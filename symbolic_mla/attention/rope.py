"""Rotary position embedding as one einsum with a given rotation for each position and frequency."""

from __future__ import annotations

from symbolic_mla.attention.ops import Ops, Tensor
from symbolic_mla.attention.weights import Layout

_PATTERNS: dict[Layout, str] = {
    "interleaved": "t (h j b), t (a b j) -> t (h j a)",
    "half-split": "t (h b j), t (a b j) -> t (h a j)",
}


def rotate(ops: Ops[Tensor], x: Tensor, rotation: Tensor, layout: Layout) -> Tensor:
    """Rotate every head of `x`, t × (h d), by the rotations of its position, t × (2 2 d/2).

    Source: J. Su et al., *RoFormer: Enhanced transformer with rotary position embedding*, 2021.

    Raises:
        ShapeError: when a head is not two components for each frequency.
    """
    return ops.einsum(_PATTERNS[layout], x, rotation, a=2, b=2)
