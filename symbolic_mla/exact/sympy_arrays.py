"""SymPy's array operations as einsums of the kernel: outer products, contractions, diagonals, permutations."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.algebra import scale, shape_text
from symbolic_mla.errors import ShapeError, UnsupportedError
from symbolic_mla.kernel.axis import UNIT, Axis
from symbolic_mla.kernel.scalar import Scalar, is_zero
from symbolic_mla.kernel.term import Einsum, Labels, Term


def outer(a: Term, b: Term) -> Term:
    """The tensor product: the axes of a, then those of b."""
    if not a.axes or not b.axes:
        return scale(a, b) if not a.axes else scale(b, a)
    labels = tuple((k,) for k in range(len(a.axes) + len(b.axes)))
    return Einsum(((a, labels[: len(a.axes)]), (b, labels[len(a.axes) :])), labels, (*a.axes, *b.axes))


def contraction(t: Term, groups: Sequence[Sequence[int]]) -> Term:
    """Each group of axes made one and summed. Raises: ShapeError where the axes of a group differ."""
    label = _merged(t, groups)
    gone = {k for group in groups for k in group}
    return _einsum(t, label, [label[k] for k in range(len(t.axes)) if k not in gone])


def diagonal(t: Term, groups: Sequence[Sequence[int]]) -> Term:
    """Each group of axes made one, and moved to the end, in order. Raises: as `contraction`."""
    label = _merged(t, groups)
    gone = {k for group in groups for k in group}
    return _einsum(t, label, [label[k] for k in range(len(t.axes)) if k not in gone] + [label[g[0]] for g in groups])


def permuted(t: Term, order: Sequence[int]) -> Term:
    """The axes in another order: axis k of the result is axis order[k] of t."""
    return _einsum(t, list(range(len(t.axes))), list(order))


def reshaped(t: Term, axes: Sequence[Axis]) -> Term:
    """The axes grouped or ungrouped, in reading order: each new axis is made of whole factors of the old ones.

    Raises: UnsupportedError where the boundaries of the new axes are not between factors of the old ones.
    """
    old = [part for axis in t.axes for part in _factors(axis)]
    rest, groups = list(range(len(old))), []
    for axis in axes:
        taken: list[int] = []
        while not is_zero(_size(old, taken) - axis.size()):
            if not rest:
                raise UnsupportedError(
                    f"a Reshape of {shape_text(t.axes)} to {shape_text(axes)}",
                    hint="each new axis is a product of factors of the old ones, in order (see orders)",
                )
            taken.append(rest.pop(0))
        groups.append(tuple(taken))
    if rest and groups and all(old[k] == UNIT for k in rest):
        rest = []
    if rest:
        raise ShapeError(f"a Reshape of {shape_text(t.axes)} to {shape_text(axes)}, which is smaller")
    places, start = [], 0
    for axis in t.axes:
        length = len(_factors(axis))
        places.append(tuple(range(start, start + length)))
        start += length
    return Einsum(((t, tuple(places)),), tuple(groups), tuple(old))


def _size(factors: Sequence[Axis], taken: Sequence[int]) -> Scalar:
    size = UNIT.size()
    for k in taken:
        size = size * factors[k].size()
    return size


def _factors(axis: Axis) -> list[Axis]:
    """An axis as a product of symbols and of a last factor that is a literal or a sum."""
    run = axis.runs[0]
    if len(axis.runs) > 1 or run.count > 1 or not run.heads:
        return [] if axis == UNIT else [axis]
    return [Axis.of(h) for h in run.heads] + ([run.tail] if run.tail else [])


def _merged(t: Term, groups: Sequence[Sequence[int]]) -> list[int]:
    """A label for each axis, one for the axes of a group."""
    label = list(range(len(t.axes)))
    for group in groups:
        if any(not 0 <= k < len(label) for k in group):
            raise ShapeError(f"the axes {tuple(group)} of {shape_text(t.axes)}, which has {len(label)}")
        for k in group:
            label[k] = label[group[0]]
    return label


def _einsum(t: Term, label: Sequence[int], output: Sequence[int]) -> Term:
    """The einsum of one tensor with a label for each axis; labels are numbered afresh, so that none is unused."""
    number = {old: new for new, old in enumerate(dict.fromkeys(label))}
    pattern: tuple[Labels, ...] = tuple((number[k],) for k in label)
    axes = tuple(t.axes[label.index(old)] for old in number)
    return Einsum(((t, pattern),), tuple((number[k],) for k in output), axes)
