"""Axes with structure. `n*G*d`, most significant factor first, is another axis than `G*n*d`.

Normal form: an axis is a direct sum of runs; a run is `count` copies of heads*tail, where the heads are
dimension symbols and the tail is an axis that is itself a sum. A product distributes over a sum from the
left, and a literal is a sum of ones, so 2*r, (1 + 1)*r and r + r are the same axis by construction.

An *index* of an axis says which run, which copy, which edge for each head, and an index of the tail. A
coordinate is an edge (an int >= 0) or a constant (the int -1 - c). A literal axis stays one edge until
something needs its entries: then `NeedSplit` names the literal, and the work starts again with it split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import NamedTuple

from symbolic_mla.errors import BudgetError, ShapeError
from symbolic_mla.kernel.scalar import Scalar, Var, number

MAX_RUNS, MAX_FACTORS = 64, 1000  # an axis with more summands, or more factors of one, ends the work, undecided
Split = frozenset[int]


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
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.runs))
        if not 0 < len(self.runs) <= MAX_RUNS:
            raise BudgetError(f"an axis of {len(self.runs)} summands; the limit is {MAX_RUNS}")
        for count, heads, _ in self.runs:
            if type(count) is not int or count < 1 or any(type(h) is not Var or h.sign != "dimension" for h in heads):
                raise ShapeError(f"no such axis: {self.runs!r}")
            if len(heads) > MAX_FACTORS:
                raise BudgetError(f"an axis of {len(heads)} factors; the limit is {MAX_FACTORS}")

    def __hash__(self) -> int:
        return self._hash

    @staticmethod
    @lru_cache(maxsize=4096, typed=True)
    def of(size: Var | int) -> Axis:
        """The axis of one dimension symbol, or of a literal size."""
        return Axis((Run(1, (size,)),)) if isinstance(size, Var) else Axis((Run(size),))

    @lru_cache(maxsize=4096)  # noqa: B019 # axes are values, and few
    def __mul__(self, other: Axis) -> Axis:
        return total(a for run in self.runs for a in _times(run, other))

    @lru_cache(maxsize=4096)  # noqa: B019
    def __add__(self, other: Axis) -> Axis:
        return _merge((*self.runs, *other.runs))[0]

    def size(self) -> Scalar:
        """The number of indices, as a polynomial in the dimensions."""
        return number((c, [*((h, 1) for h in heads), (tail.size() if tail else 1, 1)]) for c, heads, tail in self.runs)

    def __repr__(self) -> str:
        def one(run: Run) -> str:
            names = [h.name for h in run.heads] + ([f"({run.tail})"] if run.tail else [])
            return "*".join(([str(run.count)] if run.count > 1 or not names else []) + names)

        return " + ".join(one(run) for run in self.runs)


UNIT = Axis.of(1)


def product(axes: Iterable[Axis]) -> Axis:
    """The ordered product of axes; of none, the axis of size 1."""
    return reduce(Axis.__mul__, axes) if (axes := tuple(axes)) else UNIT


def total(axes: Iterable[Axis]) -> Axis:
    """The direct sum of axes."""
    return reduce(Axis.__add__, axes)


def _merge(segments: Sequence[Run]) -> tuple[Axis, list[tuple[int, int]]]:
    """Neighbours with equal heads and tail become one run; and where each segment went: (run, first copy)."""
    runs: list[Run] = []
    places = []
    for segment in segments:
        joins = bool(runs) and runs[-1][1:] == segment[1:]
        places.append((len(runs) - joins, runs[-1].count if joins else 0))
        runs[len(runs) - joins :] = [segment._replace(count=segment.count + places[-1][1])]
    return Axis(tuple(runs)), places


def _simple(axis: Axis) -> bool:
    return len(axis.runs) == 1 and axis.runs[0].count == 1


def _times(run: Run, b: Axis) -> Sequence[Axis]:
    """The summands of run*b. A literal run is that many copies of b, and k*(m g) is one run of k m copies."""
    if run.heads:
        tail = run.tail * b if run.tail else b
        more, last = (tail.runs[0].heads, tail.runs[0].tail) if _simple(tail) else ((), tail)
        return [Axis((Run(run.count, run.heads + more, last),))]
    if len(b.runs) == 1:
        return [Axis((b.runs[0]._replace(count=run.count * b.runs[0].count),))]
    if run.count * len(b.runs) > MAX_RUNS:
        raise BudgetError(f"{run.count} copies of a sum of {len(b.runs)}; the limit is {MAX_RUNS} summands")
    return [b] * run.count


# ---- indices -----------------------------------------------------------------------------------------


def indices(axis: Axis, fresh: Callable[[Var | int], int], split: Split) -> Iterator[Index]:
    """Every cell of an axis, with fresh edges: one per run, and one per copy where the literal is split."""
    for r, (count, heads, tail) in enumerate(axis.runs):
        for c in range(count) if count == 1 or count in split else [None]:
            for inner in [None] if tail is None else list(indices(tail, fresh, split)):
                copy = fresh(count) if c is None else -1 - c
                yield Index(r, copy, tuple(fresh(h) for h in heads), inner)


def inject(parts: Sequence[Axis], part: int, i: Index) -> Index:
    """The index of the direct sum of `parts` that is index i of one part."""
    axis, places = _merge([run for p in parts for run in p.runs])
    r, first = places[sum(len(p.runs) for p in parts[:part]) + i.run]
    if i.copy >= 0 and (count := parts[part].runs[i.run].count) != axis.runs[r].count:
        raise NeedSplit(count)
    return i._replace(run=r, copy=i.copy if i.copy >= 0 else i.copy - first)


def locate(parts: Sequence[Axis], k: Index) -> tuple[int, Index]:
    """The inverse of `inject`: which part an index of the direct sum falls in, and where in it."""
    owners = [(p, r, run) for p, part in enumerate(parts) for r, run in enumerate(part.runs)]
    axis, places = _merge([run for _, _, run in owners])
    for (p, r, run), (m, first) in zip(owners, places, strict=True):
        if m == k.run and k.copy >= 0 and run.count != axis.runs[m].count:
            raise NeedSplit(axis.runs[m].count)
        if m == k.run and (k.copy >= 0 or first <= -1 - k.copy < first + run.count):
            return p, k._replace(run=r, copy=k.copy if k.copy >= 0 else k.copy + first)
    raise ShapeError(f"no such index of {axis}: {k!r}")


def pair(a: Axis, i: Index, b: Axis, j: Index) -> Index:
    """The index (i, j) of the product a*b, which is the direct sum of run*b over the runs of a."""
    run = a.runs[i.run]
    if run.heads:
        tail, inner = (run.tail * b, pair(run.tail, i.tail, b, j)) if run.tail and i.tail else (b, j)
        more, last = (inner.heads, inner.tail) if _simple(tail) else ((), inner)
        within = Index(0, i.copy, i.heads + more, last)
    elif _simple(b):
        within = j._replace(copy=i.copy)
    elif run.count == 1:
        within = j
    elif i.copy >= 0:
        raise NeedSplit(run.count)
    else:
        copies = [Axis.of(n) * b for n in (-1 - i.copy, 1, run.count + i.copy) if n]
        within = inject(copies, 1 if i.copy < -1 else 0, j)
    return inject([Axis((r,)) * b for r in a.runs], i.run, within) if len(a.runs) > 1 else within


def group(axes: Sequence[Axis], labels: Sequence[int], where: dict[int, Index]) -> Index:
    """The index of the product of the axes of some labels, from the index of each."""
    if not labels:
        return Index(0, -1)
    i, axis = where[labels[-1]], axes[labels[-1]]
    for k in reversed(labels[:-1]):
        i, axis = pair(axes[k], where[k], axis, i), axes[k] * axis
    return i


def edges(*found: Index | None) -> tuple[int, ...]:
    """The edges of indices, in order."""
    return tuple(e for i in found if i for e in (*([i.copy] if i.copy >= 0 else []), *i.heads, *edges(i.tail)))


def unify(i: Index, j: Index) -> tuple[tuple[int, int], ...] | None:
    """The deltas that make two indices of one axis equal; None where they lie in different cells."""
    if i.run != j.run or (i.copy < 0 and j.copy < 0 and i.copy != j.copy):
        return None
    below = unify(i.tail, j.tail) if i.tail and j.tail else ()
    own = tuple((a, b) for a, b in zip((i.copy, *i.heads), (j.copy, *j.heads), strict=True) if a != b)
    return None if below is None else own + below


def flatten(axis: Axis, i: Index) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """An index as a node sees it: the choices of run, for its label, and the coordinates."""
    count, _, tail = axis.runs[i.run]
    several = len(axis.runs) > 1 or count > 1 or tail is not None
    path, coords = flatten(tail, i.tail) if tail and i.tail else ((), ())
    return ((i.run,) if several else ()) + path, ((i.copy,) if count > 1 else ()) + i.heads + coords
