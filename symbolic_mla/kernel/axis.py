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
from typing import NamedTuple

from symbolic_mla.errors import BudgetError, ShapeError
from symbolic_mla.kernel.scalar import Scalar, Var, scalar

MAX_RUNS = 64  # an axis with more summands than this ends the work, undecided
ZERO = -1  # the constant coordinate 0


class NeedSplit(Exception):
    """The entries of a literal axis of this size are needed."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Run(NamedTuple):
    """`count` copies of the product of `heads` and `tail` (None: no tail)."""

    count: int  # type: ignore[assignment] # tuple.count is not missed here
    heads: tuple[Var, ...] = ()
    tail: Axis | None = None


class Index(NamedTuple):
    """One index of an axis: the run, the copy in it, an edge for each head, and an index of the tail."""

    run: int
    copy: int
    heads: tuple[int, ...] = ()
    tail: Index | None = None


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
            sizes = type(count) is int and all(type(h) is Var and h.sign == "dimension" for h in heads)
            if not sizes or count < 1 or not_normal:
                raise ShapeError(f"an axis that is not in normal form: {self.runs!r}")

    @staticmethod
    def of(size: Var | int) -> Axis:
        """The axis of one dimension symbol, or of a literal size."""
        return Axis((Run(1, (size,)),)) if isinstance(size, Var) else Axis((Run(size),))

    def __mul__(self, other: Axis) -> Axis:
        return _merge([r for run in self.runs for r in _times(run, other)])[0]

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
Fresh = Callable[[Var | int], int]


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


def _times(run: Run, b: Axis) -> Sequence[Run]:
    """The runs of run*b. A literal run is that many copies of b, and k*(m g) is one run of k m copies."""
    if run.heads:
        tail = run.tail * b if run.tail else b
        if len(tail.runs) == 1 and tail.runs[0].count == 1:
            return [Run(run.count, run.heads + tail.runs[0].heads, tail.runs[0].tail)]
        return [Run(run.count, run.heads, tail)]
    if len(b.runs) == 1:
        return [Run(run.count * b.runs[0].count, *b.runs[0][1:])]
    if run.count * len(b.runs) > MAX_RUNS:
        raise BudgetError(f"{run.count} copies of a sum of {len(b.runs)}; the limit is {MAX_RUNS} summands")
    return list(b.runs) * run.count


def indices(axis: Axis, fresh: Fresh, split: Split) -> Iterator[Index]:
    """Every cell of an axis, with fresh edges: one per run, and one per copy where the literal is split."""
    for r, (count, heads, tail) in enumerate(axis.runs):
        for c in range(count) if count == 1 or count in split else [None]:
            for inner in [None] if tail is None else list(indices(tail, fresh, split)):
                copy = fresh(count) if c is None else -1 - c
                yield Index(r, copy, tuple(fresh(h) for h in heads), inner)


def inject(parts: Sequence[Axis], part: int, i: Index) -> Index:
    """The index of the direct sum of `parts` that is index i of one part."""
    axis, places = _merge([run for p in parts for run in p.runs])
    own = parts[part].runs[i.run]
    r, first = places[sum(len(p.runs) for p in parts[:part]) + i.run]
    if i.copy >= 0 and own.count != axis.runs[r].count:
        raise NeedSplit(own.count)
    return Index(r, i.copy if i.copy >= 0 else i.copy - first, i.heads, i.tail)


def locate(parts: Sequence[Axis], k: Index) -> tuple[int, Index]:
    """The inverse of `inject`: which part an index of the direct sum falls in, and where in it."""
    owners = [(p, r, run) for p, part in enumerate(parts) for r, run in enumerate(part.runs)]
    axis, places = _merge([run for _, _, run in owners])
    for (p, r, run), (m, first) in zip(owners, places, strict=True):
        if m == k.run and k.copy >= 0 and run.count != axis.runs[m].count:
            raise NeedSplit(axis.runs[m].count)
        if m == k.run and (k.copy >= 0 or first <= -1 - k.copy < first + run.count):
            return p, Index(r, k.copy if k.copy >= 0 else k.copy + first, k.heads, k.tail)
    raise ShapeError(f"no such index of {axis}: {k!r}")


def pair(a: Axis, i: Index, b: Axis, j: Index) -> Index:
    """The index (i, j) of the product a*b, which is the direct sum of run*b over the runs of a."""
    run = a.runs[i.run]
    if run.heads:
        tail, inner = (run.tail * b, pair(run.tail, i.tail, b, j)) if run.tail and i.tail else (b, j)
        if len(tail.runs) == 1 and tail.runs[0].count == 1:
            within = Index(0, i.copy, i.heads + inner.heads, inner.tail)
        else:
            within = Index(0, i.copy, i.heads, inner)
    elif run.count == 1 or b == UNIT:
        within = j if run.count == 1 else Index(0, i.copy)
    elif i.copy >= 0:
        raise NeedSplit(run.count)
    else:
        c = -1 - i.copy
        copies = [Axis.of(n) * b for n in (c, 1, run.count - c - 1) if n]
        within = inject(copies, 1 if c else 0, j)
    return inject([Axis((r,)) * b for r in a.runs], i.run, within)


def unpair(a: Axis, b: Axis, k: Index) -> tuple[Index, Index]:
    """The inverse of `pair`: an index of a*b as an index of a and an index of b."""
    which, within = locate([Axis((r,)) * b for r in a.runs], k)
    run = a.runs[which]
    if run.heads:
        tail, h = run.tail * b if run.tail else b, len(run.heads)
        merged = len(tail.runs) == 1 and tail.runs[0].count == 1
        inner = within.tail if within.tail and not merged else Index(0, ZERO, within.heads[h:], within.tail)
        rest, j = unpair(run.tail, b, inner) if run.tail else (None, inner)
        return Index(which, within.copy, within.heads[:h], rest), j
    if run.count == 1:
        return Index(which, ZERO), within
    if b == UNIT:
        return Index(which, within.copy), Index(0, ZERO)
    if run.count > MAX_RUNS:
        raise BudgetError(f"{run.count} copies of {b}; the limit is {MAX_RUNS}")
    c, j = locate([b] * run.count, within)
    return Index(which, -1 - c), j
