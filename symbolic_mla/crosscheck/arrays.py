"""Arrays of exact numbers with structured axes, in row-major order, and what matrix algebra does with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product as positions_of
from math import prod
from typing import TypeAlias

from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.crosscheck.numbers import Number, compare
from symbolic_mla.errors import BudgetError, ShapeError, UnsupportedError

MAXIMUM_ENTRIES = 200_000
MAXIMUM_PRODUCTS = 3_000_000


@dataclass(frozen=True, slots=True)
class Array:
    """`axes` and the entries, the last axis fastest. `row` marks the transpose of a vector."""

    axes: tuple[Axis, ...]
    data: tuple[Number, ...]
    row: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(ax.size(axis) for axis in self.axes)

    def rows(self) -> list[list[Number]]:
        """The rows of a matrix."""
        width = self.shape[1]
        return [list(self.data[i * width : (i + 1) * width]) for i in range(self.shape[0])]


Value: TypeAlias = Number | Array


def shown(value: Value) -> str:
    """The shape in words, for a message."""
    if not isinstance(value, Array):
        return "a number"
    kind = {1: "a row" if value.row else "a vector", 2: "a matrix"}.get(len(value.axes), "a tensor")
    return f"{kind} of shape {' × '.join(map(str, value.shape))}"


def build(axes: Sequence[Axis], entry: Callable[..., Number]) -> Array:
    """An array from its entries: `entry(i, j, ...)`.

    Raises: BudgetError above 200,000 entries.
    """
    shape = [ax.size(axis) for axis in axes]
    guard(prod(shape))
    return Array(tuple(axes), tuple(entry(*at) for at in positions_of(*map(range, shape))))


def guard(entries: int, most: int = MAXIMUM_ENTRIES) -> None:
    """Raises: BudgetError when an array or a product would be too large."""
    if entries > most:
        raise BudgetError(f"{entries} entries or products, above {most}", hint="choose smaller sizes")


def matrix(axes: Sequence[Axis], rows: Sequence[Sequence[Number]]) -> Array:
    """A matrix from its rows."""
    return Array(tuple(axes), tuple(x for row in rows for x in row))


def scale(factor: Number, value: Array) -> Array:
    """Every entry times a number."""
    return Array(value.axes, tuple(factor * x for x in value.data), value.row)


def entrywise(operation: Callable[[Number, Number], Number], word: str, left: Array, right: Array) -> Array:
    """Two arrays of one shape, entry by entry. Raises: ShapeError when the shapes differ."""
    same_shape(word, left, right)
    return Array(left.axes, tuple(map(operation, left.data, right.data)), left.row)


def same_shape(word: str, left: Value, right: Value) -> None:
    """Raises: ShapeError unless both are numbers, or arrays of one shape."""
    shapes = [(v.shape, v.row) if isinstance(v, Array) else None for v in (left, right)]
    if shapes[0] != shapes[1]:
        raise ShapeError(f"{shown(left)} {word} {shown(right)}", hint="both sides need one shape")


def transpose(value: Value) -> Value:
    """Of a number, a vector (which becomes a row, and back) or a matrix."""
    if not isinstance(value, Array):
        return value
    if len(value.axes) == 1:
        return Array(value.axes, value.data, not value.row)
    require(value, 2, "transpose")
    height, width = value.shape
    return Array(
        (value.axes[1], value.axes[0]), tuple(value.data[i * width + j] for j in range(width) for i in range(height))
    )


def require(value: Value, order: int, word: str) -> Array:
    """The value, if it is an array with so many axes. Raises: ShapeError."""
    if not isinstance(value, Array) or len(value.axes) != order or value.row:
        raise ShapeError(f"`{word}` of {shown(value)}", hint=f"it takes an array with {order} axes")
    return value


def times(left: Value, right: Value) -> Value:
    """The product of numbers, vectors, rows and matrices, each read as on paper.

    Raises: ShapeError for inner sizes that differ; UnsupportedError for a product without one reading.
    """
    if not isinstance(left, Array):
        return scale(left, right) if isinstance(right, Array) else left * right
    if not isinstance(right, Array):
        return scale(right, left)
    match (len(left.axes), left.row, len(right.axes), right.row):
        case (1, False, 1, True):
            return build((*left.axes, *right.axes), lambda i, j: left.data[i] * right.data[j])
        case (1, True, 1, False):
            return _matmul(left, right, (), 1, 1).data[0]
        case (1, True, 2, False):
            product = _matmul(left, right, (right.axes[1],), 1, right.shape[1])
            return Array(product.axes, product.data, row=True)
        case (2, False, 1, False):
            return _matmul(left, right, (left.axes[0],), left.shape[0], 1)
        case (2, False, 2, False):
            return _matmul(left, right, (left.axes[0], right.axes[1]), left.shape[0], right.shape[1])
    raise UnsupportedError(f"{shown(left)} times {shown(right)}", hint="use `einsum`")


def _matmul(left: Array, right: Array, axes: tuple[Axis, ...], height: int, width: int) -> Array:
    inner = left.shape[-1]
    if inner != right.shape[0]:
        raise ShapeError(f"{shown(left)} times {shown(right)}", hint="the inner sizes must agree")
    guard(height * inner * width, MAXIMUM_PRODUCTS)
    guard(height * width)
    columns = [right.data[j::width] for j in range(width)]
    lines = [left.data[i * inner : (i + 1) * inner] for i in range(height)]
    return Array(axes, tuple(dot(line, column) for line in lines for column in columns))


def dot(left: Sequence[Number], right: Sequence[Number]) -> Number:
    """Σ xᵢ yᵢ, with nothing added for exact zeros."""
    total: Number = 0
    for x, y in zip(left, right, strict=True):
        if x == 0 or y == 0:
            continue
        total = total + x * y
    return total


def as_matrix(value: Array) -> Array:
    """A vector as a matrix with one column, a row as one with one row."""
    if len(value.axes) == 2:
        return value
    return Array(((), *value.axes) if value.row else (*value.axes, ()), value.data)


def kron(left: Value, right: Value) -> Value:
    """The Kronecker product; a number scales, and beside a matrix a vector is a column, a row a row."""
    if not isinstance(left, Array) or not isinstance(right, Array):
        return times(left, right)
    if len(left.axes) > 2 or len(right.axes) > 2:
        raise UnsupportedError(f"{shown(left)} ⊗ {shown(right)}", hint="use `einsum`")
    if len(left.axes) != len(right.axes) or left.row != right.row:
        left, right = as_matrix(left), as_matrix(right)
    axes = [ax.product(pair) for pair in zip(left.axes, right.axes, strict=True)]
    if len(axes) == 1:
        guard(ax.size(axes[0]))
        return Array(tuple(axes), tuple(x * y for x in left.data for y in right.data), left.row)
    guard(ax.size(axes[0]) * ax.size(axes[1]))
    return matrix(axes, [[x * y for x in p for y in q] for p in left.rows() for q in right.rows()])


def equal(left: Value, right: Value) -> bool | None:
    """Whether all entries are equal; None when enclosures overlap. The number 0 equals a zero array.

    Raises: ShapeError when the shapes differ.
    """
    for zero, value in ((left, right), (right, left)):
        if isinstance(value, Array) and isinstance(zero, int) and zero == 0:
            return _all(compare(x, "=", 0) for x in value.data)
    same_shape("=", left, right)
    if isinstance(left, Array) and isinstance(right, Array):
        return _all(compare(x, "=", y) for x, y in zip(left.data, right.data, strict=True))
    return None if isinstance(left, Array) or isinstance(right, Array) else compare(left, "=", right)


def _all(verdicts: object) -> bool | None:
    known: bool | None = True
    for verdict in verdicts:  # type: ignore[attr-defined]
        if verdict is False:
            return False
        known = known if verdict else None
    return known
