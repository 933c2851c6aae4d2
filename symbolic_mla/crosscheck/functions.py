"""Functions of the last axis: arbitrary tables, and the named ones, in interval arithmetic where they need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b
from itertools import product as positions_of
from types import MappingProxyType

from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import Array, Value, shown
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.crosscheck.intervals import Interval
from symbolic_mla.crosscheck.numbers import Number, enclose, inverse, rational, root
from symbolic_mla.crosscheck.scope import FunctionTable
from symbolic_mla.errors import BudgetError, ShapeError, UnsupportedError


def random_table(seed: int, spread: int = 2, any_softmax: bool = False) -> FunctionTable:
    """An arbitrary function for each name: small integers that depend on name, positions and row alone.

    `softmax` keeps its meaning, unless `any_softmax` makes it an arbitrary function too: then equations that use
    no law of it are compared exactly.

    >>> table = random_table(1)
    >>> table("f", (0,), (1, 2)) == table("f", (0,), (1, 2)) != table("f", (1,), (1, 2))
    True
    """

    def table(name: str, positions: tuple[int, ...], row: tuple[Number, ...]) -> Sequence[Number] | None:
        if name in NAMED_ROWS and not any_softmax:
            return None
        text = f"{seed}|{name}|{positions}|{';'.join(map(str, row))}"
        return [
            int.from_bytes(blake2b(f"{text}|{k}".encode(), digest_size=4).digest(), "big") % (2 * spread + 1) - spread
            for k in range(len(row))
        ]

    return table


def listed_table(
    rows: Mapping[str, Mapping[tuple[tuple[int, ...], tuple[Number, ...]], Sequence[Number]]],
) -> FunctionTable:
    """Functions by name from the rows `(positions, row) -> row` that were met; unknown elsewhere."""

    def table(name: str, positions: tuple[int, ...], row: tuple[Number, ...]) -> Sequence[Number] | None:
        return rows.get(name, {}).get((positions, row))

    return table


def apply_function(table: FunctionTable, name: str, dims: Sequence[Axis], value: Value) -> Value:
    """f applied to each row of the last axis; with `dims`, the function of each position along them.

    Raises: BudgetError where the table does not know a value; ShapeError and UnsupportedError when the axes of
    the positions are not to be found, or found twice, among the other axes.
    """
    if not isinstance(value, Array):
        raise ShapeError(f"`{name}` of {shown(value)}", hint="it takes an array and acts on its last axis")
    width = value.shape[-1]
    factors = [factor for axis in value.axes[:-1] for factor in axis]
    ends = [_segment(name, factors, dim) for dim in dims]
    data: list[Number] = []
    for place, at in enumerate(positions_of(*(range(factor.size) for factor in factors))):
        row = value.data[place * width : (place + 1) * width]
        positions = tuple(_position(factors[low:high], at[low:high]) for low, high in ends)
        image = _image(table, name, positions, row)
        if len(image) != width:
            raise ShapeError(f"`{name}` gave {len(image)} numbers for {width}", hint="it keeps the size")
        data.extend(image)
    return Array(value.axes, tuple(data), value.row)


def _segment(name: str, factors: Sequence[ax.Factor], dim: Axis) -> tuple[int, int]:
    wanted = ax.keys(dim)
    found = [
        (low, low + len(dim))
        for low in range(len(factors) - len(dim) + 1)
        if ax.keys(tuple(factors[low : low + len(dim)])) == wanted
    ]
    if len(found) != 1 or not dim:
        why = "no axis" if not found else "several axes"
        raise UnsupportedError(f"{why} for the positions of `{name}`", hint="one axis has the positions' size")
    return found[0]


def _position(factors: Sequence[ax.Factor], at: Sequence[int]) -> int:
    position = 0
    for factor, index in zip(factors, at, strict=True):
        position = position * factor.size + index
    return position


def _image(
    table: FunctionTable, name: str, positions: tuple[int, ...], row: tuple[Number, ...]
) -> Sequence[Number]:
    # Equal numbers have one form: a fraction that is an integer is written as one.
    row = tuple(rational(x) if isinstance(x, Fraction) else x for x in row)
    if any(isinstance(x, Interval) for x in row):
        raise BudgetError(f"`{name}` of numbers that are known only in intervals", hint="choose other values")
    image = table(name, positions, row)
    if image is None:
        raise BudgetError(f"the table of `{name}` does not hold {row}", hint="give a function for every row")
    return image


def softmax(row: Sequence[Number]) -> list[Number]:
    """softmax of a row: sᵢ ↦ 1 / Σⱼ exp(sⱼ - sᵢ), as enclosures; exact where all scores are equal."""
    image: list[Number] = []
    for x in row:
        total: Number = 0
        for y in row:
            gap = 0 if y is x else y - x
            exact = not isinstance(gap, Interval) and gap == 0
            total = total + (1 if exact else enclose(gap).exp())
        image.append(inverse(total))
    return image


def normalize(row: Sequence[Number]) -> list[Number]:
    """x ↦ x/|x|; 0 stays 0. Raises: BudgetError where it is not certain whether a row is 0."""
    if any(isinstance(x, Interval) for x in row):
        raise BudgetError("`normalize` of numbers that are known only in intervals", hint="choose other values")
    square: Number = 0
    for x in row:
        square = square + x * x
    if square == 0:
        return list(row)
    over = inverse(root(square))
    return [x * over for x in row]


NAMED_ROWS: Mapping[str, Callable[[Sequence[Number]], list[Number]]] = MappingProxyType(
    {"softmax": softmax, "normalize": normalize}
)
"""Functions of the last axis that have a meaning of their own."""


def apply_named(name: str, table: FunctionTable, value: Value) -> Value:
    """A named function over the last axis; a table that has an answer for the name goes first (as any function)."""
    if not isinstance(value, Array):
        raise ShapeError(f"`{name}` of {shown(value)}", hint="it takes an array and acts on its last axis")
    width = value.shape[-1]
    data: list[Number] = []
    for start in range(0, len(value.data), width):
        row = value.data[start : start + width]
        known = None if any(isinstance(x, Interval) for x in row) else table(name, (), row)
        data.extend(NAMED_ROWS[name](row) if known is None else known)
    return Array(value.axes, tuple(data), value.row)
