"""The value of a term at an instance: dense tensors as flat lists, multiplied out by the definition.

It is generic in the numbers: exact ones decide, intervals bound what `softmax` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product
from operator import mul
from typing import Any

from symbolic_mla.errors import BudgetError, UnsupportedError
from symbolic_mla.instance.numbers import substitute
from symbolic_mla.instance.values import MAX_ENTRIES, at, plain, rank, size
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Generator, Number, Scalar, Var, scalar
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Labels, Pick, Stack, Sum, Term
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank

Function = Callable[[tuple[int, ...], Sequence[Any]], Sequence[Any]]  # positions, the last axis


@dataclass(frozen=True)
class Tensor:
    """A dense tensor: its shape, and its entries with the last axis fastest."""

    shape: tuple[int, ...]
    entries: tuple[Any, ...]

    def __str__(self) -> str:
        """Nested brackets, rows inside.

        >>> str(Tensor((2, 2), (1, 0, 0, 1)))
        '[[1, 0], [0, 1]]'
        """

        def nested(shape: tuple[int, ...], entries: tuple[Any, ...]) -> str:
            if not shape:
                return str(entries[0])
            step = len(entries) // shape[0]
            parts = [nested(shape[1:], entries[i * step : (i + 1) * step]) for i in range(shape[0])]
            return "[" + ", ".join(parts) + "]"

        return nested(self.shape, self.entries)

    def rows(self) -> list[list[Any]]:
        """The entries of a matrix, row by row."""
        _, columns = self.shape
        return [list(self.entries[i : i + columns]) for i in range(0, len(self.entries), columns)]


@dataclass(frozen=True)
class Layout:
    """What the numbers of an instance say of a term: no entry of a tensor takes part in it."""

    term: Term  # kept, so that its id stays its own
    shape: tuple[int, ...]
    factors: Sequence[Any] = ()  # of a sum: its coefficients
    plan: tuple[list[int], ...] = ()  # of an einsum: where the entries of the output and of each operand stand


@dataclass
class Instance:
    """Sizes and scalars by name, a tensor for each symbol, a position for each named index, and functions."""

    numbers: dict[str, Number]
    tensors: dict[str, Tensor] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    lift: Callable[[Number], Any] = lambda x: x
    work: int = 0  # products of entries that were multiplied out so far
    layouts: dict[int, Layout] = field(default_factory=dict, repr=False)

    def like(self, tensors: dict[str, Tensor]) -> Instance:
        """The same sizes, numbers, positions and functions with other entries. What depends on the numbers alone is
        shared, so that a search over entries computes it once."""
        return Instance(self.numbers, tensors, self.positions, self.functions, self.lift, layouts=self.layouts)

    def layout(self, term: Term) -> Layout:
        """Its shape, the values of its coefficients and where the entries of its operands stand."""
        found = self.layouts.get(id(term))
        if found is None:
            found = self.layouts[id(term)] = self._layout(term)
        return found

    def _layout(self, term: Term) -> Layout:
        shape = self.shape(term.axes)
        if isinstance(term, Einsum):
            sizes = tuple(size(a, self.numbers) for a in term.labels)
            if _volume(sizes) > MAX_ENTRIES:
                raise BudgetError(f"a sum over {_volume(sizes)} indices; the limit is {MAX_ENTRIES}")
            patterns = (term.output, *(pattern for _, pattern in term.operands))
            shapes = (shape, *(self.shape(t.axes) for t, _ in term.operands))
            return Layout(term, shape, plan=_plan(patterns, shapes, sizes))
        if isinstance(term, Sum):
            return Layout(term, shape, factors=[self.lift(at(c, self.numbers)) for c, _ in term.parts])
        return Layout(term, shape)

    def shape(self, axes: Sequence[Axis]) -> tuple[int, ...]:
        """The sizes of axes here."""
        shape = tuple(size(a, self.numbers) for a in axes)
        if _volume(shape) > MAX_ENTRIES:
            raise BudgetError(f"a tensor of shape {shape} is beyond {MAX_ENTRIES} entries")
        return shape

    def value(self, term: Term, known: dict[int, tuple[Term, Tensor]] | None = None) -> Tensor:
        """The value of a term; `known` shares the values of common subterms."""
        known = {} if known is None else known
        if id(term) not in known:
            known[id(term)] = (term, self._value(term, known))
        return known[id(term)][1]

    def _value(self, term: Term, known: dict[int, tuple[Term, Tensor]]) -> Tensor:
        if isinstance(term, Atom):
            return self.tensors[term.name]
        layout = self.layout(term)
        shape = layout.shape
        if isinstance(term, Einsum):
            self.work += len(layout.plan[0]) * max(1, len(term.operands))
            return _einsum([self.value(t, known) for t, _ in term.operands], layout, self.lift)
        if isinstance(term, Sum):
            total = [self.lift(0)] * _volume(shape)
            for factor, (_, t) in zip(layout.factors, term.parts, strict=True):
                total = [x + factor * y for x, y in zip(total, self.value(t, known).entries, strict=True)]
            return Tensor(shape, tuple(total))
        if isinstance(term, Stack):
            return _joined([self.value(t, known) for t in term.parts], term.axis, shape)
        if isinstance(term, Block):
            start = sum(size(b, self.numbers) for b in term.blocks[: term.which])
            return _slice(self.value(term.term, known), term.axis, start, shape[term.axis], shape)
        if isinstance(term, Pick):
            return _slice(self.value(term.term, known), term.axis, self.positions[term.index], 1, shape)
        if isinstance(term, Apply):
            return self._apply(term, self.value(term.term, known))
        raise UnsupportedError(f"no value for {type(term).__name__}")

    def _apply(self, term: Apply, argument: Tensor) -> Tensor:
        f, last = self.functions.get(term.function), argument.shape[-1]
        if f is None:
            raise UnsupportedError(f"the function {term.function} has no interpretation here")
        out: list[Any] = []
        for number, index in enumerate(product(*map(range, argument.shape[:-1]))):
            row = argument.entries[number * last : (number + 1) * last]
            out += f(tuple(index[p] for p in term.positions), row)
        return Tensor(argument.shape, tuple(out))

    def number(self, value: Number) -> Any:
        """A number of a statement here, ranks and extremes included; an interval where entries of tensors are."""
        measured = [g.term for g in scalar(value).generators() if isinstance(g, Entry)]
        if any(not isinstance(self.value(t).entries[0], int | Fraction | Scalar) for t in measured):
            return self._enclosed(scalar(value))

        def image(g: Generator) -> Any:
            if isinstance(g, Var):
                return self.numbers[g.name]
            if isinstance(g, Rank):
                return rank(self.value(g.term).rows())
            if isinstance(g, Entry):
                return self.value(g.term).entries[0]
            if isinstance(g, Extreme):
                values = [v for x in g.of if not isinstance(v := self.number(x), Scalar)]
                if len(values) < len(g.of):
                    raise UnsupportedError("min and max of roots")
                return min(values) if g.kind == "min" else max(values)
            return None

        return plain(substitute(scalar(value), image))

    def _enclosed(self, value: Scalar) -> Any:
        """A number of a statement, where the entries of tensors are intervals."""
        total = self.lift(0)
        for m, c in value.terms.items():
            part = self.lift(c)
            for g, e in m:
                of = self.value(g.term).entries[0] if isinstance(g, Entry) else self.lift(self.number(scalar(g)))
                part = part * of**e
            total = total + part
        return total


def _volume(shape: Sequence[int]) -> int:
    total = 1
    for s in shape:
        total *= s
    return total


def _strides(shape: Sequence[int]) -> list[int]:
    out, step = [], 1
    for s in reversed(shape):
        out.append(step)
        step *= s
    return out[::-1]


def _weights(pattern: Sequence[Sequence[int]], shape: Sequence[int], sizes: Sequence[int]) -> dict[int, int]:
    """For each label of a tensor, how far one step of it moves in the flat entries."""
    weights: dict[int, int] = {}
    for labels, stride in zip(pattern, _strides(shape), strict=True):
        for k in reversed(labels):
            weights[k] = weights.get(k, 0) + stride
            stride *= sizes[k]
    return weights


@lru_cache(maxsize=4096)
def _plan(patterns: tuple[tuple[Labels, ...], ...], shapes: tuple[tuple[int, ...], ...],
          sizes: tuple[int, ...]) -> tuple[list[int], ...]:  # fmt: skip
    """For each tensor, where its entry stands at every choice of the labels. Many instances share one plan."""
    places = []
    moving = [(label, length) for label, length in enumerate(sizes) if length != 1]  # few: their product is bounded
    for pattern, shape in zip(patterns, shapes, strict=True):
        flat, weights = [0], _weights(pattern, shape, sizes)
        for label, length in moving:
            weight = weights.get(label, 0)
            flat = [start + k * weight for start in flat for k in range(length)]
        places.append(flat)
    return tuple(places)


def _einsum(operands: Sequence[Tensor], layout: Layout, lift: Callable[[Number], Any]) -> Tensor:
    target, *places = layout.plan
    columns = [[t.entries[k] for k in flat] for t, flat in zip(operands, places, strict=True)]
    products = reduce(lambda xs, ys: list(map(mul, xs, ys)), columns) if columns else [lift(1)] * len(target)
    total = [lift(0)] * _volume(layout.shape)
    for place, x in zip(target, products, strict=True):
        total[place] = total[place] + x
    return Tensor(layout.shape, tuple(total))


def _joined(parts: Sequence[Tensor], axis: int, shape: tuple[int, ...]) -> Tensor:
    outer = _volume(shape[:axis])
    chunks = [len(p.entries) // outer for p in parts]
    return Tensor(shape, tuple(x for i in range(outer) for p, c in zip(parts, chunks, strict=True)
                               for x in p.entries[i * c : (i + 1) * c]))  # fmt: skip


def _slice(t: Tensor, axis: int, start: int, length: int, shape: tuple[int, ...]) -> Tensor:
    inner = _volume(t.shape[axis + 1 :])
    step = t.shape[axis] * inner
    starts = (i * step + start * inner for i in range(_volume(t.shape[:axis])))
    return Tensor(shape, tuple(x for s in starts for x in t.entries[s : s + length * inner]))
