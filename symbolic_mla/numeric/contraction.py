"""A pattern compiled, once for each tuple of shapes, to transposes, reshapes and matrix products.

The plan knows nothing of numbers: it runs on any array with `transpose` and `reshape`, and asks the
backend for the product of two stacks of matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_mla.numeric.pattern import Shape, read, solve

Array = NDArray[Any]
Labels = tuple[str, ...]
Product = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Operand:
    """How an operand becomes one axis a label: reshape, then diagonals and sums by `numpy.einsum`."""

    shape: Shape
    reduce: tuple[tuple[int, ...], tuple[int, ...]] | None  # labels before and after, as numbers
    labels: Labels


@dataclass(frozen=True)
class Pair:
    """The product of the first operand with another as a stack of matrix products."""

    other: int
    left: tuple[tuple[int, ...], Shape]  # permutation and shape: batch, rows, summed
    right: tuple[tuple[int, ...], Shape]  # batch, summed, columns
    shape: Shape  # of the result, one axis a label
    tiny: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]] | None  # as numpy.einsum, if better so


@dataclass(frozen=True)
class Plan:
    """All steps of a pattern at given shapes."""

    operands: tuple[Operand, ...]
    pairs: tuple[Pair, ...]
    permutation: tuple[int, ...]
    spread: Shape | None  # the shape with repeated axes in place, one axis a label
    expand: Shape | None  # the same with size 1 for them
    shape: Shape
    terms: int  # products that are summed in one entry of the result
    arithmetic: bool  # False for a mere rearrangement
    turned: tuple[bool, bool] | None  # a plain product of two matrices, and which of them are transposed


def _positions(labels: Labels, wanted: Sequence[str]) -> tuple[int, ...]:
    return tuple(labels.index(label) for label in wanted)


def _pair(
    a: Labels, b: Labels, other: int, keep: set[str], order: Labels, size: dict[str, int]
) -> tuple[Pair, Labels]:
    batch = tuple(x for x in order if x in a and x in b and x in keep)
    batch += tuple(x for x in a if x in b and x in keep and x not in batch)
    summed = tuple(x for x in a if x in b and x not in keep)
    # Several labels make one matrix axis. If they don't lie side by side, reshape copies: let it copy the
    # smaller of operand and result, so that scores and weights are never copied.
    result_size = prod(size[x] for x in set(a + b) if x not in summed)

    def own(labels: Labels, other_labels: Labels) -> Labels:
        mine = tuple(x for x in labels if x not in other_labels)
        first = order if result_size > prod(size[x] for x in labels) else labels
        return tuple(x for x in first if x in mine) + tuple(x for x in mine if x not in first)

    rows, columns = own(a, b), own(b, a)
    m, k, n = (prod(size[x] for x in part) for part in (rows, summed, columns))
    stack = tuple(size[x] for x in batch)
    result = batch + rows + columns
    number = {x: i for i, x in enumerate(dict.fromkeys(a + b))}
    tiny = None
    if k * n <= 16 and prod(stack) >= 16:  # a loop of tiny matrix products costs more than it computes
        tiny = tuple(number[x] for x in a), tuple(number[x] for x in b), tuple(number[x] for x in result)
    pair = Pair(
        other,
        (_positions(a, batch + rows + summed), (*stack, m, k)),
        (_positions(b, batch + summed + columns), (*stack, k, n)),
        tuple(size[x] for x in result),
        tiny,
    )
    return pair, result


@lru_cache(maxsize=4096)
def compile_plan(text: str, shapes: tuple[Shape, ...], sizes: tuple[tuple[str, int], ...]) -> Plan:
    """Compile a pattern at the given shapes.

    Products are formed in the order that makes the smallest intermediate results.

    Raises:
        InputError: when the text is no pattern.
        ShapeError: when the shapes do not fit it.
    """
    pattern = read(text)
    size, batch = solve(pattern, shapes, dict(sizes))
    outer = tuple(f"*{i}" for i in range(len(batch)))  # no label can be called so
    size.update(zip(outer, batch, strict=True))
    flat = outer + tuple(x for axis in pattern.output for x in axis)
    spelled = [
        (outer if len(shape) > len(axes) else ()) + tuple(x for axis in axes for x in axis)
        for axes, shape in zip(pattern.inputs, shapes, strict=True)
    ]
    operands: list[Operand] = []
    terms = 1
    for i, labels in enumerate(spelled):
        others = {x for j, more in enumerate(spelled) if j != i for x in more}
        kept = tuple(dict.fromkeys(x for x in labels if x in others or x in flat))
        number = {x: n for n, x in enumerate(dict.fromkeys(labels))}
        reduce = (
            None if kept == labels else (tuple(number[x] for x in labels), tuple(number[x] for x in kept))
        )
        operands.append(Operand(tuple(size[x] for x in labels), reduce, kept))
    for label in {x for labels in spelled for x in labels} - set(flat):
        terms *= size[label]
    remaining = [operand.labels for operand in operands]
    pairs: list[Pair] = []
    current = remaining.pop(0)
    while remaining:

        def cost(j: int, current: Labels = current) -> int:
            outside = set(flat).union(*(x for i, x in enumerate(remaining) if i != j))
            return prod(size[x] for x in set(current + remaining[j]) & outside)

        best = min(range(len(remaining)), key=cost)
        other = remaining.pop(best)
        pair, current = _pair(current, other, best, set(flat).union(*remaining), flat, size)
        pairs.append(pair)
    permutation = _positions(current, [x for x in flat if x in current])
    spread = expand = None
    if any(x not in current for x in flat):
        spread = tuple(size[x] for x in flat)
        expand = tuple(size[x] if x in current else 1 for x in flat)
    shape = batch + tuple(prod(size[x] for x in axis) for axis in pattern.output)
    arithmetic = bool(pairs) or any(len(set(o.reduce[0])) > len(o.reduce[1]) for o in operands if o.reduce)
    turned = None
    if len(pairs) == 1 and spread is None and permutation == (0, 1):
        (pair,) = pairs
        plain = all(o.reduce is None and o.shape == x and len(x) == 2 for o, x in zip(operands, shapes, strict=True))
        if plain and len(pair.left[1]) == 2:
            turned = pair.left[0] == (1, 0), pair.right[0] == (1, 0)
    return Plan(tuple(operands), tuple(pairs), permutation, spread, expand, shape, terms, arithmetic, turned)


def run(plan: Plan, arrays: Sequence[Array], product: Product, *, native: bool) -> Array:
    """Run a plan; `native` says that the entries are machine floats, for which numpy.einsum is fast."""
    flat: list[Array] = []
    for operand, array in zip(plan.operands, arrays, strict=True):
        atoms = array.reshape(operand.shape)
        if operand.reduce is not None:
            atoms = np.asarray(np.einsum(atoms, operand.reduce[0], operand.reduce[1]))
        flat.append(atoms)
    out = flat.pop(0)
    for pair in plan.pairs:
        other = flat.pop(pair.other)
        if native and pair.tiny is not None:
            out = np.einsum(out, pair.tiny[0], other, pair.tiny[1], pair.tiny[2])
        else:
            left = out.transpose(pair.left[0]).reshape(pair.left[1])
            right = other.transpose(pair.right[0]).reshape(pair.right[1])
            out = product(left, right).reshape(pair.shape)
    out = out.transpose(plan.permutation)
    if plan.spread is not None and plan.expand is not None:
        out = np.broadcast_to(out.reshape(plan.expand), plan.spread)
    return out.reshape(plan.shape)
