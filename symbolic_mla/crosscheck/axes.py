"""Axes at explicit sizes: ordered lists of factors, most significant first, that remember their symbols.

A pattern such as `(n g d)` binds factors by what they are and not by their size, which may agree by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from symbolic_mla.errors import BudgetError

MAXIMUM_SIZE = 100_000


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: a symbol or a literal, or a direct sum of axes (`parts`).

    Two factors with equal `key` are the same for all sizes.
    """

    key: tuple[object, ...]
    size: int
    parts: tuple[Axis, ...] = ()


Axis: TypeAlias = tuple[Factor, ...]


def size(axis: Axis) -> int:
    """The number of positions of an axis."""
    return prod(factor.size for factor in axis)


def keys(axis: Axis) -> tuple[tuple[object, ...], ...]:
    """What the axis is, for all sizes."""
    return tuple(factor.key for factor in axis)


def symbol(name: str, value: int) -> Axis:
    """The axis of a dimension by itself, at a size."""
    return (Factor(("dim", name), _limited(value)),)


def literal(value: int) -> Axis:
    """An axis of a number; 1 has no factor."""
    return () if value == 1 else (Factor(("literal", _limited(value)), value),)


def opaque(text: str, value: int) -> Axis:
    """An axis whose size is neither a product nor a sum, such as `n - 1`."""
    return () if value == 1 else (Factor(("opaque", text), _limited(value)),)


def product(axes: Iterable[Axis]) -> Axis:
    """Factors in a row, left to right."""
    whole = tuple(factor for axis in axes for factor in axis)
    _limited(size(whole))
    return whole


def direct_sum(axes: Sequence[Axis]) -> Axis:
    """Axes one behind the other, with what they have in common on the right taken out: r + r is 2*r.

    `parts` are the axes as they were given, for a selection; the key does not know how a sum was bracketed.

    >>> r, s = symbol("r", 3), symbol("s", 2)
    >>> keys(direct_sum([r, r])) == keys(literal(2) + r), size(direct_sum([r, s, r]))
    (True, 8)
    """
    if len(axes) == 1:
        return axes[0]
    common = 0
    while all(len(axis) > common for axis in axes) and len({axis[-1 - common].key for axis in axes}) == 1:
        common += 1
    suffix = axes[0][len(axes[0]) - common :]
    parts = tuple(axis[: len(axis) - common] for axis in axes)
    total = _limited(sum(size(part) for part in parts))
    if all(factor.key[0] == "literal" for part in parts for factor in part):
        return (Factor(("literal", total), total, parts), *suffix)
    summands: list[tuple[tuple[object, ...], ...]] = []
    for part in parts:
        nested = len(part) == 1 and part[0].key[0] == "sum"
        summands.extend(part[0].key[1:] if nested else [keys(part)])  # type: ignore[arg-type]
    return (Factor(("sum", *summands), total, parts), *suffix)


def _limited(value: int) -> int:
    if value > MAXIMUM_SIZE:
        raise BudgetError(f"an axis of size {value}, above {MAXIMUM_SIZE}", hint="choose smaller sizes")
    return value
