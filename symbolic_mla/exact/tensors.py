"""Tensors of polynomials at explicit sizes, sparse, multiplied out by joining on the labels that they share.

Index arithmetic is NumPy's; the entries are the polynomials of `monomials`. Nothing here knows the index form
of the kernel: a product is carried out, entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import prod

import numpy as np
from numpy.typing import NDArray

from symbolic_mla.errors import BudgetError
from symbolic_mla.exact.monomials import ONE, Polynomial, add_into, multiply

MAX_ENTRIES = 1 << 20
"""The most entries of one explicit tensor."""
MAX_PRODUCTS = 1 << 23
"""The most products of two monomials in one product of tensors."""

Flat = NDArray[np.int64]
Pattern = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Sparse:
    """A tensor: its shape, and its nonzero entries at increasing flat places, the last axis fastest."""

    shape: tuple[int, ...]
    places: Flat
    entries: list[Polynomial]

    def at(self) -> dict[int, Polynomial]:
        """The nonzero entries by flat place."""
        return dict(zip(self.places.tolist(), self.entries, strict=True))

    def index(self, place: int) -> tuple[int, ...]:
        """The index of a flat place, one number for each axis."""
        return tuple(int(k) for k in np.unravel_index(place, self.shape))


def check_shape(shape: tuple[int, ...]) -> None:
    """Raise BudgetError for a tensor of more than MAX_ENTRIES entries."""
    if prod(shape) > MAX_ENTRIES:
        text = " × ".join(map(str, shape))
        raise BudgetError(
            f"an explicit tensor of {text} has {prod(shape)} entries; the limit is {MAX_ENTRIES}",
            hint="choose smaller sizes; the index form proves the statement for all of them",
        )


def dense(shape: tuple[int, ...], entries: Iterable[Polynomial]) -> Sparse:
    """The tensor of these entries, in reading order."""
    every = list(entries)
    kept = [k for k, entry in enumerate(every) if entry]
    return Sparse(shape, np.array(kept, np.int64), [every[k] for k in kept])


def total(shape: tuple[int, ...], parts: Sequence[tuple[Polynomial, Sparse]]) -> Sparse:
    """The linear combination of tensors of one shape."""
    scaled = [(t.places, t.entries if c == ONE else [multiply(c, entry) for entry in t.entries]) for c, t in parts if c]
    if not scaled:
        return Sparse(shape, np.zeros(0, np.int64), [])
    places = np.concatenate([p for p, _ in scaled])
    return Sparse(shape, *_gather(places, list(chain.from_iterable(e for _, e in scaled))))


def join_along(parts: Sequence[Sparse], axis: int, shape: tuple[int, ...]) -> Sparse:
    """The direct sum of tensors along one axis."""
    inner, start, places = prod(shape[axis + 1 :]), 0, []
    for part in parts:
        chunk = part.shape[axis] * inner
        outer, rest = np.divmod(part.places, chunk)
        places.append(outer * shape[axis] * inner + start * inner + rest)
        start += part.shape[axis]
    return Sparse(shape, *_gather(np.concatenate(places), [e for part in parts for e in part.entries]))


def cut(tensor: Sparse, axis: int, start: int, length: int, shape: tuple[int, ...]) -> Sparse:
    """The entries at `length` positions of an axis; of one position, `shape` may leave the axis out."""
    inner = prod(tensor.shape[axis + 1 :])
    outer, rest = np.divmod(tensor.places, tensor.shape[axis] * inner)
    along, rest = np.divmod(rest, inner)
    (kept,) = np.nonzero((along >= start) & (along < start + length))
    places = (outer * length + along - start) * inner + rest
    return Sparse(shape, places[kept], [tensor.entries[k] for k in kept.tolist()])


# ---- einsum --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """Entries, and the value of each label at each of them."""

    columns: Mapping[int, Flat]
    entries: list[Polynomial]


def contract(
    operands: Sequence[tuple[Sparse, Pattern]], output: Pattern, sizes: Sequence[int], shape: tuple[int, ...]
) -> Sparse:
    """The einsum of tensors: each axis is a product of labels; those that `output` does not name are summed.

    `sizes[i]` is the size of label i; `shape` is that of the result.
    Raises: BudgetError for too many products of monomials.
    """
    wanted = {i for group in output for i in group}
    tables = [_load(tensor, pattern, sizes) for tensor, pattern in operands]
    present = {i for table in tables for i in table.columns}
    tables += [_all_ones(i, sizes[i]) for i in sorted(wanted - present)]
    closed = prod(size for i, size in enumerate(sizes) if i not in wanted and i not in present)
    result = _Table({}, [{(): closed}])
    while tables:
        chosen = max(range(len(tables)), key=lambda k: len(tables[k].columns.keys() & result.columns.keys()))
        table = tables.pop(chosen)
        needed = wanted.union(*(t.columns for t in tables))
        result = _join(result, _summed(table, needed | result.columns.keys(), sizes), needed, sizes)
    place = np.zeros(len(result.entries), np.int64)
    for i in (i for group in output for i in group):
        place = place * sizes[i] + result.columns[i]
    order = np.argsort(place, kind="stable")
    return Sparse(shape, place[order], [result.entries[k] for k in order.tolist()])


def _load(tensor: Sparse, pattern: Pattern, sizes: Sequence[int]) -> _Table:
    """A tensor with its axes taken apart into labels; a label that stands twice keeps the diagonal."""
    columns: dict[int, Flat] = {}
    rest, kept = tensor.places, np.ones(len(tensor.places), bool)
    for i in reversed([i for group in pattern for i in group]):
        rest, here = np.divmod(rest, sizes[i])
        if i in columns:
            kept &= columns[i] == here
        columns[i] = here
    if kept.all():
        return _Table(columns, tensor.entries)
    (places,) = np.nonzero(kept)
    return _Table({i: c[places] for i, c in columns.items()}, [tensor.entries[k] for k in places.tolist()])


def _all_ones(label: int, size: int) -> _Table:
    return _Table({label: np.arange(size, dtype=np.int64)}, [ONE] * size)


def _key(columns: Mapping[int, Flat], labels: Sequence[int], sizes: Sequence[int], length: int) -> Flat:
    """One number for the values of some labels."""
    if prod(sizes[i] for i in labels) >= 1 << 62:
        raise BudgetError("a product of tensors over more than 2^62 indices", hint="choose smaller sizes")
    key = np.zeros(length, np.int64)
    for i in labels:
        key = key * sizes[i] + columns[i]
    return key


def _gather(keys: Flat, entries: list[Polynomial]) -> tuple[Flat, list[Polynomial]]:
    """The sum of the entries with one key, for each key; zeros are left out. The keys come out increasing."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    if len(keys) < 2 or (ordered[1:] != ordered[:-1]).all():
        return ordered, [entries[k] for k in order.tolist()]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    places, bounds = order.tolist(), [*starts.tolist(), len(keys)]
    found: list[Polynomial] = []
    for first, last in pairwise(bounds):
        entry = entries[places[first]]
        if last - first > 1:
            entry = dict(entry)  # entries are shared, and never changed
            for k in places[first + 1 : last]:
                add_into(entry, entries[k])
        found.append(entry)
    kept = [k for k, entry in enumerate(found) if entry]
    return ordered[starts][kept], [found[k] for k in kept]


def _summed(table: _Table, needed: set[int], sizes: Sequence[int]) -> _Table:
    """The table with the labels that nothing needs summed."""
    labels = sorted(needed & table.columns.keys())
    if len(labels) == len(table.columns):
        return table
    return _grouped(table.columns, labels, table.entries, sizes)


def _grouped(
    columns: Mapping[int, Flat], labels: Sequence[int], entries: list[Polynomial], sizes: Sequence[int]
) -> _Table:
    keys, summed = _gather(_key(columns, labels, sizes, len(entries)), entries)
    out: dict[int, Flat] = {}
    for i in reversed(labels):
        keys, out[i] = np.divmod(keys, sizes[i])
    return _Table(out, summed)


def _join(left: _Table, right: _Table, needed: set[int], sizes: Sequence[int]) -> _Table:
    """The products of entries that agree on the shared labels, with the labels that nothing needs summed."""
    shared = sorted(left.columns.keys() & right.columns.keys())
    mine = _key(left.columns, shared, sizes, len(left.entries))
    theirs = _key(right.columns, shared, sizes, len(right.entries))
    order = np.argsort(theirs, kind="stable")
    first = np.searchsorted(theirs[order], mine, "left")
    counts = np.searchsorted(theirs[order], mine, "right") - first
    lengths = [np.array([len(e) for e in t.entries], np.int64) for t in (left, right)]
    widths = np.concatenate([[0], np.cumsum(lengths[1][order])])
    work = int((lengths[0] * (widths[first + counts] - widths[first])).sum())
    if work > MAX_PRODUCTS:
        raise BudgetError(
            f"a product of tensors would multiply {work} pairs of monomials; the limit is {MAX_PRODUCTS}",
            hint="choose smaller sizes; the index form proves the statement for all of them",
        )
    i = np.repeat(np.arange(len(mine)), counts)
    j = order[np.arange(len(i)) + np.repeat(first - (np.cumsum(counts) - counts), counts)]
    columns = {k: c[i] for k, c in left.columns.items()} | {k: c[j] for k, c in right.columns.items()}
    entries = _products(left.entries, i.tolist(), right.entries, j.tolist())
    labels = sorted(needed & columns.keys())
    return _Table(columns, entries) if len(labels) == len(columns) else _grouped(columns, labels, entries, sizes)


def _products(a: list[Polynomial], i: list[int], b: list[Polynomial], j: list[int]) -> list[Polynomial]:
    """a[i[k]] b[j[k]] for each k; ones, which identities and tilings are full of, are not multiplied."""
    if all(entry == ONE for entry in a):
        return [b[y] for y in j]
    if all(entry == ONE for entry in b):
        return [a[x] for x in i]
    return [multiply(a[x], b[y]) for x, y in zip(i, j, strict=True)]
