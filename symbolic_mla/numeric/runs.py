"""A layer at a working precision: its result, and a certified distance from the exact result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Protocol

import numpy as np

from symbolic_mla.attention import (
    GroupedWeights,
    Heads,
    LatentWeights,
    Scoring,
    grouped_query,
    latent,
    latent_absorbed,
)
from symbolic_mla.errors import InputError
from symbolic_mla.numeric.arrays import FLOATS, FloatName, Floats
from symbolic_mla.numeric.ball_ops import BallOps
from symbolic_mla.numeric.inputs import convert
from symbolic_mla.numeric.object_ops import Array, to_fractions
from symbolic_mla.numeric.precise_svd import precise_svd
from symbolic_mla.numeric.rounding_ops import RoundingOps
from symbolic_mla.numeric.svd import Factorisation, factorise, factorise_jointly
from symbolic_mla.numeric.truncation import group_errors


@dataclass(frozen=True)
class Run:
    """A result and its radius: the exact result is within `radius` of `value`, entry by entry."""

    value: Array  # floats, or fractions at high precision
    radius: Floats

    def distance(self, other: Run) -> Floats:
        """The distances of the two values, rounded to float64."""
        if self.value.dtype != object and other.value.dtype != object:
            return np.asarray(np.abs(self.value.astype(np.float64) - other.value.astype(np.float64)))
        pairs = zip(to_fractions(self.value).ravel(), to_fractions(other.value).ravel(), strict=True)
        return np.array([float(abs(a - b)) for a, b in pairs]).reshape(self.value.shape)


@dataclass(frozen=True)
class Factors:
    """Latent factors at a working precision, and certified bounds of ‖ΔW_g‖₂ for every group."""

    block: Array
    down: Array
    errors: list[float]


class Precision(Protocol):
    """A working precision: float32, float64, or balls of a number of digits."""

    name: str

    def weight(self, w: Floats) -> Floats:
        """The weight as this precision holds it, in float64."""

    def run(self, layer: Callable[[Any, Callable[[Any], Any]], Any]) -> Run:
        """Run `layer(ops, array)`, where `array` takes numbers into the backend."""

    def factors(self, w: Floats, heads: Heads, rank: int | None) -> Factors:
        """The SVD construction for one weight."""

    def joint_factors(
        self, key: Floats, value: Floats, heads: Heads, rank: int | None
    ) -> tuple[Factors, Factors]:
        """The SVD construction for both weights through one latent."""


class FloatPrecision:
    """float32 or float64, with the radius of `RoundingOps`."""

    def __init__(self, name: FloatName) -> None:
        self.name: str = name
        self.dtype: FloatName = name

    def weight(self, w: Floats) -> Floats:
        """`w` rounded to the precision."""
        return w.astype(self.dtype).astype(np.float64)

    def run(self, layer: Callable[[Any, Callable[[Any], Any]], Any]) -> Run:
        """The layer in NumPy, with its certified radius."""
        ops = RoundingOps(self.dtype)
        out = layer(ops, lambda z: ops.array(z.astype(self.dtype)))
        return Run(out.value, out.radius)

    def factors(self, w: Floats, heads: Heads, rank: int | None) -> Factors:
        """The construction in float64, its factors rounded to the precision, and what that leaves."""
        return self._rounded(w, factorise(w, heads, rank))

    def joint_factors(
        self, key: Floats, value: Floats, heads: Heads, rank: int | None
    ) -> tuple[Factors, Factors]:
        """The same for keys and values jointly."""
        both = factorise_jointly(key, value, heads, rank)
        return self._rounded(key, both.key), self._rounded(value, both.value)

    def _rounded(self, w: Floats, f: Factorisation) -> Factors:
        rounded = Factorisation(self.weight(f.block), self.weight(f.down), f.singular_values, f.heads)
        return Factors(rounded.block, rounded.down, group_errors(w, rounded))


class BallPrecision:
    """Balls of a number of digits; the factors come from the certified SVD."""

    def __init__(self, digits: int, *, method: Literal["auto", "refined", "mpmath"] = "auto") -> None:
        self.name = f"mp{digits}"
        self.method = method
        self.digits = digits

    def weight(self, w: Floats) -> Floats:
        """`w` itself: a float is exact here."""
        return w

    def run(self, layer: Callable[[Any, Callable[[Any], Any]], Any]) -> Run:
        """The layer in balls."""
        ops = BallOps(self.digits)
        return Run(*ops.read(layer(ops, ops.array)))

    def factors(self, w: Floats, heads: Heads, rank: int | None) -> Factors:
        """The certified SVD of W, cut at the rank."""
        d = precise_svd(w, self.digits, method=self.method)
        kept = len(d.singular_values) if rank is None else rank
        dropped = d.singular_values[kept] * (1 + 2 * d.skew) if kept < len(d.singular_values) else Fraction(0)
        error = float(np.nextafter(float(d.residual + dropped), np.inf))
        u, vt, sigma = d.u.fractions(), d.vt.fractions(), np.array(d.singular_values[:kept], dtype=object)
        return Factors(u[:, :kept], sigma[:, None] * vt[:kept], [error] * heads.groups)

    def joint_factors(
        self, key: Floats, value: Floats, heads: Heads, rank: int | None
    ) -> tuple[Factors, Factors]:
        """The certified SVD of [W_K; W_V]."""
        both = self.factors(np.concatenate([key, value]), heads, rank)
        blocks = both.block[: len(key)], both.block[len(key) :]
        first, second = (Factors(block, both.down, both.errors) for block in blocks)
        return first, second


def precision(name: str) -> Precision:
    """The precision of a name: ``float32``, ``float64``, or ``mp50`` for 50 digits.

    Raises:
        InputError: for another name, or digits outside 10 to 250.
    """
    if name in FLOATS:
        return FloatPrecision("float32" if name == "float32" else "float64")
    match = re.fullmatch(r"mp(\d{1,4})", name)
    if match is None or not 10 <= int(match[1]) <= 250:
        raise InputError(
            f"the precision {name!r} is not known", hint="float32, float64, or mp10 to mp250, as mp50"
        )
    return BallPrecision(int(match[1]))


def run_grouped(
    p: Precision, x: Floats, y: Floats, w: GroupedWeights[Floats], heads: Heads, scoring: Scoring[Floats]
) -> Run:
    """The grouped-query layer at a precision."""
    return p.run(
        lambda ops, array: grouped_query(
            ops, array(x), array(y), convert(w, array), heads, scoring=convert(scoring, array)
        )
    )


def run_latent(
    p: Precision,
    x: Floats,
    y: Floats,
    w: LatentWeights[Any],
    heads: int,
    size: int,
    scoring: Scoring[Floats],
    *,
    absorbed: bool,
    **rope: Any,
) -> Run:
    """The latent layer at a precision, up-projected or absorbed."""
    layer = latent_absorbed if absorbed else latent
    return p.run(
        lambda ops, array: layer(
            ops,
            array(x),
            array(y),
            convert(w, array),
            heads,
            size,
            scoring=convert(scoring, array),
            **{k: convert(v, array) if k == "rope" else v for k, v in rope.items()},
        )
    )
