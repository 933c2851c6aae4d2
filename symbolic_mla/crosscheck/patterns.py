"""Patterns of `einsum` and `reorder`: which label is which part of which axis.

A group `(n g d)` binds contiguous factors of an axis. Readings are compared by the symbols of the factors first;
only when no reading is consistent in symbols are sizes solved for, as einops does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import prod
from typing import TypeAlias

from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.errors import DocumentSyntaxError, ShapeError, UnsupportedError

Groups: TypeAlias = tuple[tuple[str, ...], ...]
"""One tuple of labels for each axis."""

_READINGS_LIMIT = 10_000
_TOKEN = re.compile(r"\(|\)|[^\s(),]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """`operands -> result`."""

    operands: tuple[Groups, ...]
    result: Groups


def parse_pattern(text: str) -> Pattern:
    """Read a pattern. Raises: DocumentSyntaxError.

    >>> parse_pattern("t (h d), s -> h t").operands
    ((('t',), ('h', 'd')), (('s',),))
    """
    left, arrow, right = text.partition("->")
    if not arrow or "->" in right or "," in right:
        raise DocumentSyntaxError(f"the pattern `{text}`", hint='write one `->`: "i j, j k -> i k"')
    return Pattern(tuple(_groups(part, text) for part in left.split(",")), _groups(right, text))


def _groups(part: str, text: str) -> Groups:
    groups: list[tuple[str, ...]] = []
    inner: list[str] | None = None
    for token in _TOKEN.findall(part):
        if token == "(" and inner is None:
            inner = []
        elif token == ")" and inner is not None:
            groups.append(tuple(inner))
            inner = None
        elif token in "()":
            raise DocumentSyntaxError(f"brackets in the pattern `{text}`", hint="groups do not nest")
        else:
            labels = () if token == "1" else (token,)
            if labels and not token[0].isalpha():
                raise UnsupportedError(f"`{token}` in the pattern `{text}`", hint="name every axis")
            if inner is None:
                groups.append(labels)
            else:
                inner.extend(labels)
    if inner is not None:
        raise DocumentSyntaxError(f"an open bracket in the pattern `{text}`", hint="close it")
    return tuple(groups)


def bind(pattern: Pattern, operands: Sequence[Sequence[Axis]], given: Mapping[str, Axis]) -> dict[str, Axis]:
    """The axis of each label, from the operands' axes and the sizes given by name.

    Raises: ShapeError when nothing fits; UnsupportedError when several readings fit.
    """
    places: list[tuple[tuple[str, ...], Axis]] = []
    for groups, axes in zip(pattern.operands, operands, strict=True):
        if len(groups) != len(axes):
            raise ShapeError(f"a pattern of {len(groups)} axes for an array of {len(axes)}", hint="name each axis")
        places.extend(zip(groups, axes, strict=True))
    places.sort(key=lambda place: len(place[0]))  # single labels settle what groups leave open
    found: list[dict[str, Axis]] = []
    for reading in _readings(places, dict(given)):
        if all({k: ax.size(a) for k, a in reading.items()} != {k: ax.size(a) for k, a in f.items()} for f in found):
            found.append(reading)
    if len(found) > 1:
        raise UnsupportedError("a grouping with two readings", hint="settle it with `h=H`")
    bound = found[0] if found else _by_size(places, dict(given))
    for label in {label for group in pattern.result for label in group} - bound.keys():
        raise ShapeError(f"no size for the label `{label}`", hint=f"write `{label}=...`")
    return bound


def _readings(places: Sequence[tuple[tuple[str, ...], Axis]], start: dict[str, Axis]) -> Iterator[dict[str, Axis]]:
    """Assignments of contiguous non-empty segments to labels that agree in their symbols."""
    stack: list[tuple[int, dict[str, Axis]]] = [(0, start)]
    steps = 0
    while stack:
        index, bound = stack.pop()
        if index == len(places):
            yield bound
            continue
        labels, axis = places[index]
        for cuts in _cuts(len(axis), len(labels)):
            steps += 1
            if steps > _READINGS_LIMIT:
                raise UnsupportedError("a pattern with too many readings", hint="give sizes by name")
            trial = dict(bound)
            pieces = [axis[low:high] for low, high in pairwise(cuts)]
            if all(
                ax.keys(trial.setdefault(label, piece)) == ax.keys(piece)
                for label, piece in zip(labels, pieces, strict=True)
            ):
                stack.append((index + 1, trial))


def _cuts(factors: int, labels: int) -> Iterator[tuple[int, ...]]:
    if labels == 1:
        yield 0, factors
    elif labels == 0:
        if factors == 0:
            yield (0,)
    else:
        for inner in combinations(range(1, factors), labels - 1):
            yield 0, *inner, factors


def _by_size(places: Sequence[tuple[tuple[str, ...], Axis]], bound: dict[str, Axis]) -> dict[str, Axis]:
    waiting = list(places)
    while waiting:
        left = []
        for labels, axis in waiting:
            open_labels = [label for label in labels if label not in bound]
            known = prod(ax.size(bound[label]) for label in labels if label in bound)
            total = ax.size(axis)
            if not open_labels and known != total:
                raise ShapeError(f"`{' '.join(labels)}` of size {known} for an axis of size {total}")
            if len(open_labels) == 1:
                if total % known:
                    raise ShapeError(f"an axis of size {total} does not split by {known}")
                bound[open_labels[0]] = axis if len(labels) == 1 else ax.literal(total // known)
            elif open_labels:
                left.append((labels, axis))
        if len(left) == len(waiting):
            raise UnsupportedError("a grouping whose sizes are open", hint="settle it with `h=H`")
        waiting = left
    return bound
