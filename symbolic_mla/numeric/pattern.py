"""Einsum patterns of named axes, read once, and their sizes solved from the shapes of the operands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from symbolic_mla.errors import InputError, ShapeError

Axis = tuple[str, ...]  # the labels of one axis, the most significant first
Shape = tuple[int, ...]

_TOKEN = re.compile(r"\s*([^\W\d]\w*|[()]|\S)")


@dataclass(frozen=True)
class Pattern:
    """A pattern that has been read: the axes of each operand and those of the result."""

    text: str
    inputs: tuple[tuple[Axis, ...], ...]
    output: tuple[Axis, ...]


def _axes(side: str, text: str) -> tuple[Axis, ...]:
    axes: list[Axis] = []
    group: list[str] | None = None
    for token in _TOKEN.findall(side):
        if token == "(" and group is None:
            group = []
        elif token == ")" and group is not None:
            axes.append(tuple(group))
            group = None
        elif token not in "()" and (token[0].isalpha() or token[0] == "_"):
            if group is None:
                axes.append((token,))
            else:
                group.append(token)
        else:
            raise InputError(
                f'the pattern "{text}" does not read at {token!r}',
                hint='labels with spaces, groups in parentheses: "t (h d), s (h d) -> h t s"',
            )
    if group is not None:
        raise InputError(f'the pattern "{text}" opens a group that it does not close')
    return tuple(axes)


@lru_cache(maxsize=1024)
def read(text: str) -> Pattern:
    """Read a pattern.

    Raises:
        InputError: when the text is no pattern, or the result names a label twice.

    >>> read("t (h d), s (h d) -> h t s").output
    (('h',), ('t',), ('s',))
    """
    left, arrow, right = text.partition("->")
    if not arrow or "->" in right:
        raise InputError(f'the pattern "{text}" needs one "->"', hint='"i j, j k -> i k"')
    pattern = Pattern(text, tuple(_axes(side, text) for side in left.split(",")), _axes(right, text))
    named = [label for axis in pattern.output for label in axis]
    twice = sorted({label for label in named if named.count(label) > 1})
    if twice:
        raise InputError(f'the result of the pattern "{text}" names {", ".join(twice)} twice')
    return pattern


def _fail(pattern: Pattern, shapes: Sequence[Shape], sizes: Mapping[str, int], why: str) -> ShapeError:
    given = f" and {', '.join(f'{k}={v}' for k, v in sizes.items())}" if sizes else ""
    met = ", ".join(str(shape) for shape in shapes)
    return ShapeError(f'"{pattern.text}" does not fit the shapes {met}{given}: {why}')


def solve(
    pattern: Pattern, shapes: Sequence[Shape], sizes: Mapping[str, int]
) -> tuple[dict[str, int], Shape]:
    """The size of every label, and the shape of the leading batch axes that the pattern does not name.

    An operand may carry batch axes before those of the pattern; all that do must agree.

    Raises:
        ShapeError: when shapes and sizes contradict each other, or do not settle a label.

    >>> solve(read("t (h d) -> h t d"), [(5, 6)], {"h": 2})
    ({'h': 2, 't': 5, 'd': 3}, ())
    """
    if len(shapes) != len(pattern.inputs):
        raise _fail(pattern, shapes, sizes, f"{len(pattern.inputs)} operands are named, {len(shapes)} given")
    solved = dict(sizes)
    for label, size in sizes.items():
        if size < 1:
            raise _fail(pattern, shapes, sizes, f"{label} must be at least 1")
    batch: Shape = ()
    pending: list[tuple[Axis, int]] = []
    for axes, shape in zip(pattern.inputs, shapes, strict=True):
        extra = len(shape) - len(axes)
        if extra < 0:
            raise _fail(pattern, shapes, sizes, f"{len(axes)} axes are named, and {shape} has {len(shape)}")
        if 0 in shape:
            raise _fail(pattern, shapes, sizes, f"{shape} has an empty axis")
        if extra and batch and shape[:extra] != batch:
            raise _fail(pattern, shapes, sizes, f"the batch axes {shape[:extra]} and {batch} differ")
        batch = shape[:extra] or batch
        pending += zip(axes, shape[extra:], strict=True)
    while pending:
        later: list[tuple[Axis, int]] = []
        for axis, size in pending:
            unknown = [label for label in axis if label not in solved]
            known = prod(solved[label] for label in axis if label in solved)
            if len(unknown) == 1 and size % known == 0:
                solved[unknown[0]] = size // known
            elif (not unknown and known != size) or len(unknown) == 1:
                names = " ".join(axis)
                values = ", ".join(f"{label}={solved[label]}" for label in axis if label in solved)
                raise _fail(pattern, shapes, sizes, f"the axis ({names}) has size {size}, against {values}")
            elif unknown:
                later.append((axis, size))
        if len(later) == len(pending):
            names = ", ".join(sorted({x for axis, _ in later for x in axis if x not in solved}))
            raise _fail(pattern, shapes, sizes, f"the sizes of {names} are not settled; give one by name")
        pending = later
    for axis in pattern.output:
        for label in axis:
            if label not in solved:
                raise _fail(pattern, shapes, sizes, f"{label} is only on the right; give its size")
    return solved, batch
