"""Numbers and arrays that come from outside: checked, and never read as something else."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symbolic_mla.crosscheck import arrays as ar
from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import Array
from symbolic_mla.crosscheck.numbers import Number, rational
from symbolic_mla.errors import InputError


def entry(value: object, name: str) -> Number:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise InputError(f"an entry of `{name}` is {value!r}", hint="entries are integers or fractions")
    return rational(value)


def shaped(value: object, axes: Sequence[ax.Axis], name: str) -> Array:
    """Nested lists of the declared shape, or its entries in one flat sequence."""
    flat, shape = _flatten(value, name)
    wanted = tuple(ax.size(axis) for axis in axes)
    total = 1
    for size in wanted:
        total *= size
    if shape != wanted and (len(shape) != 1 or len(flat) != total):
        raise InputError(f"`{name}` has the shape {shape}", hint=f"it is declared as {wanted}")
    return Array(tuple(axes), tuple(flat))


def unshaped(value: object, name: str) -> Array:
    flat, shape = _flatten(value, name)
    return Array(tuple(ax.literal(size) for size in shape), tuple(flat))


def _flatten(value: object, name: str) -> tuple[list[Number], tuple[int, ...]]:
    shape, entries = getattr(value, "shape", None), getattr(value, "entries", None)
    if isinstance(shape, tuple) and isinstance(entries, tuple):
        return [entry(x, name) for x in entries], shape
    if not isinstance(value, (list, tuple)):
        return [entry(value, name)], ()
    parts = [_flatten(part, name) for part in value]
    if len({shape for _, shape in parts}) != 1:
        raise InputError(f"the rows of `{name}` differ in length", hint="give a full array")
    ar.guard(sum(len(flat) for flat, _ in parts))
    return [x for flat, _ in parts for x in flat], (len(parts), *parts[0][1])
