"""Attention, written once over `ops`: what is proved is what runs."""

from symbolic_mla.attention.grouped import grouped_query, multi_head, multi_query, repeat_groups
from symbolic_mla.attention.heads import Heads, Order
from symbolic_mla.attention.latent import latent, latent_absorbed
from symbolic_mla.attention.ops import Ops
from symbolic_mla.attention.rope import rotate
from symbolic_mla.attention.weights import GroupedWeights, LatentWeights, Layout, Rope, Scoring

__all__ = [
    "GroupedWeights",
    "Heads",
    "LatentWeights",
    "Layout",
    "Ops",
    "Order",
    "Rope",
    "Scoring",
    "grouped_query",
    "latent",
    "latent_absorbed",
    "multi_head",
    "multi_query",
    "repeat_groups",
    "rotate",
]
