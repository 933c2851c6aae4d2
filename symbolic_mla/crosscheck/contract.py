"""`einsum` over labels: operands are joined one after the other, and a label is summed when nothing needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import MAXIMUM_PRODUCTS, Array, Value, guard
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.crosscheck.numbers import Number
from symbolic_mla.crosscheck.patterns import Groups, bind, parse_pattern
from symbolic_mla.errors import ShapeError


def einsum(text: str, operands: Sequence[Value], given: Mapping[str, Axis]) -> Value:
    """einops' notation for the sum over all labels that the result does not name; a new label repeats.

    Raises: DocumentSyntaxError, ShapeError, UnsupportedError (a grouping with two readings), BudgetError.
    """
    pattern = parse_pattern(text)
    if len(pattern.operands) != len(operands):
        raise ShapeError(f"{len(operands)} operands for the pattern `{text}`", hint="one for each part before `->`")
    bound = bind(pattern, [v.axes if isinstance(v, Array) else () for v in operands], given)
    sizes = {label: ax.size(axis) for label, axis in bound.items()}
    wanted = {label for group in pattern.result for label in group}
    labels: tuple[str, ...] = ()
    entries: list[Number] = [1]
    for place, (groups, value) in enumerate(zip(pattern.operands, operands, strict=True)):
        later = {x for rest in pattern.operands[place + 1 :] for group in rest for x in group}
        data = value.data if isinstance(value, Array) else (value,)
        labels, entries = _join(labels, entries, groups, data, wanted | later, sizes)
    return _emit(labels, entries, pattern.result, bound, sizes)


def _join(
    labels: tuple[str, ...],
    entries: Sequence[Number],
    groups: Groups,
    data: Sequence[Number],
    needed: set[str],
    sizes: Mapping[str, int],
) -> tuple[tuple[str, ...], list[Number]]:
    """Multiply an operand in, and sum the labels that are not needed any more."""
    own = tuple(label for group in groups for label in group)
    every = tuple(dict.fromkeys((*labels, *own)))
    kept = tuple(label for label in every if label in needed)
    summed = tuple(label for label in every if label not in needed)
    guard(prod(sizes[label] for label in every), MAXIMUM_PRODUCTS)
    order = (*kept, *summed)
    left = _offsets(labels, order, sizes)
    right = _offsets(own, order, sizes)
    width = prod(sizes[label] for label in summed)
    result: list[Number] = []
    for start in range(0, len(left), width):
        total: Number = 0
        for at in range(start, start + width):
            x, y = entries[left[at]], data[right[at]]
            if x != 0 and y != 0:
                total = total + x * y
        result.append(total)
    return kept, result


def _offsets(labels: Sequence[str], order: Sequence[str], sizes: Mapping[str, int]) -> list[int]:
    """For each position over `order`, row-major, where it lies in an array over `labels` (which may repeat)."""
    steps: dict[str, int] = {}
    stride = 1
    for label in reversed(labels):
        steps[label] = steps.get(label, 0) + stride
        stride *= sizes[label]
    offsets = [0]
    for label in order:
        step = steps.get(label, 0)
        offsets = [base + step * k for base in offsets for k in range(sizes[label])]
    return offsets


def _emit(
    labels: tuple[str, ...],
    entries: Sequence[Number],
    result: Groups,
    bound: Mapping[str, Axis],
    sizes: Mapping[str, int],
) -> Value:
    """Put the result's axes together: new labels repeat, a label that occurs twice is a diagonal."""
    flat = tuple(label for group in result for label in group)
    if not result:
        return entries[0]
    axes = tuple(ax.product(bound[label] for label in group) for group in result)
    length = prod(ax.size(axis) for axis in axes)
    guard(length)
    distinct = tuple(dict.fromkeys(flat))
    data: list[Number] = [0] * length
    sources, targets = _offsets(labels, distinct, sizes), _offsets(flat, distinct, sizes)
    for source, target in zip(sources, targets, strict=True):
        data[target] = entries[source]
    return Array(axes, tuple(data))
