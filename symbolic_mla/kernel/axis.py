"""Axes with structure. `n*G*d`, most significant factor first, is another axis than `G*n*d`.

Normal form: an axis is a direct sum of runs; a run is `count` copies of heads*tail, where the heads are
dimension symbols and the tail is an axis that is itself a sum. A product distributes over a sum from the
left, and a literal is a sum of ones, so 2*r, (1 + 1)*r and r + r are the same axis by construction.

An *index* of an axis says which run, which copy, which edge for each head, and an index of the tail. A
coordinate is an edge (an int >= 0) or a constant (the int -1 - c). A literal axis stays one edge until
something needs its entries: then `NeedSplit` names the literal, and the work starts again with it split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Optional, Union

from symbolic_mla.errors import BudgetError, ShapeError
from symbolic_mla.kernel.scalar import Scalar, Var, scalar

MAX_RUNS = 64  # an axis with more summands than this ends the work, undecided
ZERO = -1  # the constant coordinate 0


class NeedSplit(Exception):  # noqa: N818 (a request, not an error)
    """The entries of a literal axis of this size are needed."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Run(NamedTuple):
    """`count` copies of the product of `heads` and `tail` (None: no tail)."""

    count: int
    heads: tuple[Var, ...] = ()
    tail: Optional[Axis] = None


class Index(NamedTuple):
    """One index of an axis: the run, the copy in it, an edge for each head, and an index of the tail."""

    run: int
    copy: int
    heads: tuple[int, ...] = ()
    tail: Optional[Index] = None


@dataclass(frozen=True, slots=True)
class Axis:
    """A direct sum of runs in normal form. Build with `Axis.of`, `*` and `+`; compare with `==`."""

    runs: tuple[Run, ...]

    def __post_init__(self) -> None:
        if not self.runs or len(self.runs) > MAX_RUNS:
            raise BudgetError(f"an axis of {len(self.runs)} summands; the limit is {MAX_RUNS}")
        for i, (count, heads, tail) in enumerate(self.runs):
            simple_tail = tail is not None and len(tail.runs) == 1 and tail.runs[0].count == 1
            not_normal = simple_tail or (tail and not heads) or (i and self.runs[i - 1][1:] == (heads, tail))
            if count < 1 or not_normal or any(h.sign != "dimension" for h in heads):
                raise ShapeError(f"an axis that is not in normal form: {self.runs!r}")

    @staticmethod
    def of(size: Var | int) -> Axis:
        """The axis of one dimension symbol, or of a literal size."""
        return Axis((Run(1, (size,)),)) if isinstance(size, Var) else Axis((Run(size),))

    def __mul__(self, other: Axis) -> Axis:
        return _merge([seg for run in self.runs for seg in _segments(run, other)])[0]

    def __add__(self, other: Axis) -> Axis:
        return _merge([*self.runs, *other.runs])[0]

    def size(self) -> Scalar:
        """The number of indices, as a polynomial in the dimensions."""
        total = scalar(0)
        for count, heads, tail in self.runs:
            part = scalar(count) * (tail.size() if tail else 1)
            for h in heads:
                part = part * scalar(h)
            total = total + part
        return total

    def __str__(self) -> str:
        def one(run: Run) -> str:
            names = [h.name for h in run.heads] + ([f"({run.tail})"] if run.tail else [])
            return "*".join(([str(run.count)] if run.count > 1 or not names else []) + names)

        return " + ".join(one(run) for run in self.runs)

    __repr__ = __str__


UNIT = Axis.of(1)
Split = frozenset[int]
Fresh = Callable[[Union[Var, int]], int]


def _merge(segments: Sequence[Run]) -> tuple[Axis, list[tuple[int, int]]]:
    """Neighbours with equal heads and tail become one run; and where each segment went: (run, first copy)."""
    runs: list[Run] = []
    places = []
    for count, heads, tail in segments:
        if runs and runs[-1][1:] == (heads, tail):
            places.append((len(runs) - 1, runs[-1].count))
            runs[-1] = Run(runs[-1].count + count, heads, tail)
        else:
            places.append((len(runs), 0))
            runs.append(Run(count, heads, tail))
    return Axis(tuple(runs)), places


def _segments(run: Run, b: Axis) -> list[Run]:
    """The runs of run*b before merging. A literal run times a single run keeps its count: k*(m g) = (k m) g."""
    if not run.heads:
        if len(b.runs) == 1:
            return [Run(run.count * b.runs[0].count, *b.runs[0][1:])]
        if run.count * len(b.runs) > MAX_RUNS:
            raise BudgetError(f"{run.count} copies of a sum of {len(b.runs)}; the limit is {MAX_RUNS} summands")
        return list(b.runs) * run.count
    tail = run.tail * b if run.tail else b
    if tail == UNIT:
        return [Run(run.count, run.heads)]
    if len(tail.runs) == 1 and tail.runs[0].count == 1:
        return [Run(run.count, run.heads + tail.runs[0].heads, tail.runs[0].tail)]
    return [Run(run.count, run.heads, tail)]


def _shift(copy: int, own: int, first: int, total: int) -> int:
    """The coordinate `copy` of `own` copies, seen among `total` copies that begin at `first`."""
    if copy < 0:
        return copy - first
    if own == total:
        return copy
    raise NeedSplit(own)


def _unshift(copy: int, own: int, first: int, total: int) -> int | None:
    """The inverse of `_shift`: None where the copy belongs to another segment."""
    if copy >= 0:
        if own == total:
            return copy
        raise NeedSplit(total)
    c = -1 - copy
    return -1 - (c - first) if first <= c < first + own else None


def indices(axis: Axis, fresh: Fresh, split: Split) -> Iterator[Index]:
    """Every cell of an axis, with fresh edges: one per run, and one per copy where the literal is split."""
    for r, (count, heads, tail) in enumerate(axis.runs):
        copies = [-1 - c for c in range(count)] if count == 1 or count in split else [None]
        for c in copies:
            for inner in [None] if tail is None else list(indices(tail, fresh, split)):
                copy = fresh(count) if c is None else c
                yield Index(r, copy, tuple(fresh(h) for h in heads), inner)


def pair(a: Axis, i: Index, b: Axis, j: Index) -> Index:
    """The index (i, j) of the product a*b."""
    segments, places = [], []
    for run in a.runs:
        places.append(len(segments))
        segments += _segments(run, b)
    axis, merged = _merge(segments)
    run = a.runs[i.run]
    if run.heads:
        r, first = merged[places[i.run]]
        copy = _shift(i.copy, run.count, first, axis.runs[r].count)
        inner = pair(run.tail, i.tail, b, j) if run.tail and i.tail else j
        product = run.tail * b if run.tail else b
        if product == UNIT:
            return Index(r, copy, i.heads)
        if len(product.runs) == 1 and product.runs[0].count == 1:
            return Index(r, copy, i.heads + inner.heads, inner.tail)
        return Index(r, copy, i.heads, inner)
    if len(b.runs) == 1:
        m = b.runs[0].count
        r, first = merged[places[i.run]]
        if m == 1 or (run.count > 1 and i.copy < 0 and j.copy < 0):
            copy = i.copy if m == 1 else -1 - ((-1 - i.copy) * m + (-1 - j.copy))
        elif run.count == 1:
            copy = j.copy
        else:
            raise NeedSplit(run.count if i.copy >= 0 else m)
        return Index(r, _shift(copy, run.count * m, first, axis.runs[r].count), j.heads, j.tail)
    if i.copy >= 0:
        raise NeedSplit(run.count)
    s = places[i.run] + (-1 - i.copy) * len(b.runs) + j.run
    r, first = merged[s]
    return Index(r, _shift(j.copy, segments[s].count, first, axis.runs[r].count), j.heads, j.tail)


def unpair(a: Axis, b: Axis, k: Index) -> tuple[Index, Index]:
    """The inverse of `pair`: an index of a*b as an index of a and an index of b."""
    segments: list[Run] = []
    owners = []
    for r, run in enumerate(a.runs):
        mine = _segments(run, b)
        owners += [(r, s) for s in range(len(mine))]
        segments += mine
    axis, merged = _merge(segments)
    for segment, place, (r, s) in zip(segments, merged, owners, strict=True):
        if place[0] != k.run:
            continue
        copy = _unshift(k.copy, segment.count, place[1], axis.runs[k.run].count)
        if copy is None:
            continue
        run = a.runs[r]
        if run.heads:
            h = len(run.heads)
            product = run.tail * b if run.tail else b
            inner = k.tail
            if inner is None or (len(product.runs) == 1 and product.runs[0].count == 1):
                inner = Index(0, ZERO, k.heads[h:], k.tail)
            i_tail, j = unpair(run.tail, b, inner) if run.tail else (None, inner)
            return Index(r, copy, k.heads[:h], i_tail), j
        if len(b.runs) > 1:
            return Index(r, -1 - s // len(b.runs)), Index(s % len(b.runs), copy, k.heads, k.tail)
        m = b.runs[0].count
        if m == 1:
            return Index(r, copy), Index(0, ZERO, k.heads, k.tail)
        if run.count == 1:
            return Index(r, ZERO), Index(0, copy, k.heads, k.tail)
        if copy >= 0:
            raise NeedSplit(segment.count)
        c = -1 - copy
        return Index(r, -1 - c // m), Index(0, -1 - c % m, k.heads, k.tail)
    raise ShapeError(f"no such index of {axis}: {k!r}")


def inject(parts: Sequence[Axis], part: int, i: Index) -> Index:
    """The index of the direct sum of `parts` that is index i of one part."""
    runs = [run for p in parts for run in p.runs]
    axis, merged = _merge(runs)
    r, first = merged[sum(len(p.runs) for p in parts[:part]) + i.run]
    return Index(r, _shift(i.copy, parts[part].runs[i.run].count, first, axis.runs[r].count), i.heads, i.tail)


def locate(parts: Sequence[Axis], k: Index) -> tuple[int, Index]:
    """The inverse of `inject`: which part an index of the direct sum falls in, and where in it."""
    owners = [(p, r, run) for p, part in enumerate(parts) for r, run in enumerate(part.runs)]
    axis, merged = _merge([run for _, _, run in owners])
    for (p, r, run), (m, first) in zip(owners, merged, strict=True):
        if m == k.run:
            copy = _unshift(k.copy, run.count, first, axis.runs[m].count)
            if copy is not None:
                return p, Index(r, copy, k.heads, k.tail)
    raise ShapeError(f"no such index of {axis}: {k!r}")
