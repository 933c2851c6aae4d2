"""The package's naive evaluator of terms, and beside it the naive meaning of indices and networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from symbolic_mla.kernel.axis import Axis, Index, indices
from symbolic_mla.kernel.network import Box, IndexForm, Network
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Atom
from symbolic_mla.selftest.dense import (  # noqa: F401 # names that tests import from here
    Array,
    Function,
    World,
    axis_size,
    dense,
    number,
    same,
)

# ---- indices -----------------------------------------------------------------------------------------


def flat(axis: Axis, i: Index, w: World, edge: Callable[[int], int] = lambda e: e) -> int:
    """The position of an index; `edge` gives the value of an edge."""

    def at(c: int) -> int:
        return -1 - c if c < 0 else edge(c)

    before = sum(axis_size(Axis((run,)), w) for run in axis.runs[: i.run])
    count, heads, tail = axis.runs[i.run]
    position = at(i.copy)
    assert 0 <= position < count
    for h, e in zip(heads, i.heads, strict=True):
        assert 0 <= at(e) < w.size(h)
        position = position * w.size(h) + at(e)
    if tail is None:
        assert i.tail is None
        return before + position
    assert i.tail is not None
    return before + position * axis_size(tail, w) + flat(tail, i.tail, w, edge)


def all_indices(axis: Axis, w: World, split: Callable[[int], bool] = lambda _: True) -> Iterator[Index]:
    """Every index, in order, its edges named by their values; a copy is a constant where `split(count)`."""
    for r, (count, heads, tail) in enumerate(axis.runs):
        tails = [None] if tail is None else list(all_indices(tail, w, split))
        for c in range(count):
            for at in product(*(range(w.size(h)) for h in heads)):
                for inner in tails:
                    yield Index(r, -1 - c if count == 1 or split(count) else c, at, inner)


# ---- networks ----------------------------------------------------------------------------------------


class Networks:
    """The value of networks at explicit sizes."""

    def __init__(self, form: IndexForm, w: World) -> None:
        self.form, self.w = form, w
        self.env = {e: w.pick(*key) for key, e in form.picked.items()}

    def range(self, e: int) -> range:
        sort = self.form.sorts[e]
        return range(self.w.size(sort) if isinstance(sort, Var) else sort)

    def coordinate(self, c: int, env: dict[int, int]) -> int:
        return -1 - c if c < 0 else env[c]

    def array(
        self, axes: Sequence[Axis], left: Sequence[tuple[tuple[Index, ...], Sequence[Network]]]
    ) -> Array:
        """What an index form says a tensor of these axes is, entry by entry."""
        out = np.zeros([axis_size(a, self.w) for a in axes], dtype=object)
        for cell, networks in left:
            edges = [e for i in cell for e in edges_of(i)]
            for at in product(*(self.range(e) for e in edges)):
                env = {**self.env, **dict(zip(edges, at, strict=True))}
                where = tuple(flat(a, i, self.w, env.__getitem__) for a, i in zip(axes, cell, strict=True))
                out[where] += sum((self.network(n, env) for n in networks), start=Fraction(0))
        return out

    def network(self, n: Network, env: dict[int, int]) -> Fraction:
        total = Fraction(0)
        for at in product(*(self.range(e) for e in n.inner)):
            now = {**env, **dict(zip(n.inner, at, strict=True))}
            if any(self.coordinate(a, now) != self.coordinate(b, now) for a, b in n.eqs):
                continue
            part = Fraction(1)
            for label, coords in n.atoms:
                atom = label[0]
                assert isinstance(atom, Atom)
                part *= self.w.tensor(atom)[self.place(atom.axes, label[1:], coords, now)]
            for box in n.boxes:
                if part:
                    part *= self.box(box, now)
            total += part
        return total * number(n.coef, self.w)

    def place(
        self, axes: Sequence[Axis], label: Sequence[Any], coords: Sequence[int], env: dict[int, int]
    ) -> Any:
        """The flat positions that a node's label and coordinates name."""
        labels, values = iter(label), iter(coords)

        def one(axis: Axis) -> int:
            several = len(axis.runs) > 1 or axis.runs[0].count > 1 or axis.runs[0].tail
            r = next(labels) if several else 0
            count, heads, tail = axis.runs[r]
            position = self.coordinate(next(values), env) if count > 1 else 0
            for h in heads:
                position = position * self.w.size(h) + self.coordinate(next(values), env)
            before = sum(axis_size(Axis((run,)), self.w) for run in axis.runs[:r])
            return before + (position * axis_size(tail, self.w) + one(tail) if tail else position)

        out = tuple(one(a) for a in axes)
        assert next(labels, None) is None and next(values, None) is None
        return out

    def box(self, b: Box, env: dict[int, int]) -> Fraction:
        function, last, *rest = b.label
        assert isinstance(function, str) and isinstance(last, Axis)
        axes = [a for a in rest if isinstance(a, Axis)]
        *positions, at = self.place([*axes, last], rest[len(axes) :], b.coords, env)
        fresh: list[int] = []
        templates = list(indices(last, lambda _: fresh.append(0) or len(fresh) - 1, self.form.split))  # type: ignore[func-returns-value]
        x: list[Any] = [None] * axis_size(last, self.w)
        for template, (bound, networks) in zip(templates, b.cells, strict=True):
            own = edges_of(template)
            for values in product(*(self.range(e) for e in bound)):
                now = {**env, **dict(zip(bound, values, strict=True))}
                named = dict(zip(own, values, strict=True))
                where = flat(last, template, self.w, named.__getitem__)
                x[where] = sum((self.network(n, now) for n in networks), start=Fraction(0))
        return Fraction(self.w.function(function, [last, *axes])(x, tuple(positions))[at])


def edges_of(i: Index) -> list[int]:
    """The edges of an index: its copy where that is no constant, its heads, its tail's."""
    own = [c for c in (i.copy, *i.heads) if c >= 0]
    return own + (edges_of(i.tail) if i.tail else [])
