"""Random layers for sweeps: sizes, scales, ranks, condition numbers, masks and orders, from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symbolic_mla.attention import GroupedWeights, Heads, Order, Scoring
from symbolic_mla.numeric.arrays import Floats
from symbolic_mla.numeric.inputs import causal_mask

KINDS = ("gaussian", "deficient", "graded", "orthogonal", "integer")
MASKS = ("none", "causal", "random", "bias")
ORDERS: tuple[Order, ...] = ("tile", "interleaved")


@dataclass(frozen=True)
class Sample:
    """A grouped-query layer with its tokens, in float64; all of it follows from `seed` and `largest`.

    `rank` is a rank to truncate at; `kind` and `mask` say how weights and mask were drawn.
    """

    seed: int
    heads: Heads
    x: Floats
    y: Floats
    weights: GroupedWeights[Floats]
    scoring: Scoring[Floats]
    rank: int
    kind: str
    mask: str

    @property
    def sizes(self) -> dict[str, int | str]:
        """What a report shows of the layer."""
        h = self.heads
        return {
            "n": h.copies,
            "G": h.groups,
            "d": h.size,
            "D": self.x.shape[1],
            "t": len(self.x),
            "s": len(self.y),
            "rank": self.rank,
            "order": h.order,
            "kind": self.kind,
            "mask": self.mask,
        }


def _weight(rng: np.random.Generator, rows: int, columns: int, kind: str, scale: float) -> Floats:
    w = rng.normal(size=(rows, columns)) / np.sqrt(columns)
    least = min(rows, columns)
    if kind == "deficient":
        rank = int(rng.integers(1, least + 1))
        w = rng.normal(size=(rows, rank)) @ rng.normal(size=(rank, columns)) / np.sqrt(rank * columns)
    elif kind in ("graded", "orthogonal"):
        u, s, vt = np.linalg.svd(w, full_matrices=False)
        s = np.ones(least) if kind == "orthogonal" else np.logspace(0, -float(rng.uniform(4, 14)), least)
        w = (u * s) @ vt
    elif kind == "integer":
        w = rng.integers(-4, 5, size=(rows, columns)).astype(np.float64) / 4
        w[0, 0] += 1 / 4  # so that it is not zero throughout, most of the time, whatever its size
        if not w.any():
            w[0, 0] = 1.0
    return np.asarray(scale * w)


def _mask(rng: np.random.Generator, t: int, s: int, name: str) -> Floats | None:
    if name == "none":
        return None
    if name == "causal":
        return causal_mask(t, s)
    if name == "bias":
        return np.asarray(rng.normal(size=(t, s)))
    hidden = rng.random(size=(t, s)) < 0.5
    hidden[np.arange(t), rng.integers(0, s, size=t)] = False  # every query sees a key
    return np.where(hidden, -np.inf, 0.0)


def draw(seed: int, *, largest: int = 32) -> Sample:
    """The layer of a seed, whose groups have at most `largest` rows in all.

    >>> draw(5).sizes == draw(5).sizes
    True
    """
    rng = np.random.default_rng(seed)
    groups = int(rng.integers(1, 5))
    size = int(rng.integers(1, max(1, largest // groups) + 1))
    heads = Heads(int(rng.integers(1, 5)), groups, size, ORDERS[int(rng.integers(2))])
    whole = heads.copies * groups * size
    width = whole if rng.random() < 0.5 else int(rng.integers(1, 2 * largest + 1))
    width = min(width, 2 * largest)
    s = int(rng.integers(1, 13))
    t = int(rng.integers(1, s + 1))
    kind, mask = KINDS[int(rng.integers(len(KINDS)))], MASKS[int(rng.integers(len(MASKS)))]
    scale = float(10.0 ** rng.uniform(-2, 0.6))
    shapes = ((whole, width), (groups * size, width), (groups * size, width))
    q, k, v = (_weight(rng, rows, columns, kind, scale) for rows, columns in shapes)
    out = _weight(rng, int(rng.integers(1, 9)), whole, "gaussian", 1.0) if rng.random() < 0.5 else None
    x, y = rng.normal(size=(t, width)), rng.normal(size=(s, width))
    rank = int(rng.integers(1, min(groups * size, width) + 1))
    scoring: Any = Scoring(mask=_mask(rng, t, s, mask))
    return Sample(seed, heads, x, y, GroupedWeights(q, k, v, out), scoring, rank, kind, mask)
