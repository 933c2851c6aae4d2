"""An index of a product taken apart: the inverse of `kernel.axis.pair` and `group`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.axis import MAX_RUNS, Axis, Index, locate, product


def unpair(a: Axis, b: Axis, k: Index) -> tuple[Index, Index]:
    """The inverse of `pair`: an index of a*b as an index of a and an index of b."""
    which, within = locate([Axis((r,)) * b for r in a.runs], k)
    run = a.runs[which]
    if run.heads:
        tail, h = run.tail * b if run.tail else b, len(run.heads)
        merged = len(tail.runs) == 1 and tail.runs[0].count == 1
        inner = within.tail if within.tail and not merged else Index(0, -1, within.heads[h:], within.tail)
        rest, j = unpair(run.tail, b, inner) if run.tail else (None, inner)
        return Index(which, within.copy, within.heads[:h], rest), j
    if len(b.runs) == 1 and b.runs[0].count == 1:
        return Index(which, within.copy), within._replace(copy=-1)
    if run.count == 1:
        return Index(which, -1), within
    if run.count > MAX_RUNS:
        raise BudgetError(f"{run.count} copies of {b}; the limit is {MAX_RUNS}")
    c, j = locate([b] * run.count, within)
    return Index(which, -1 - c), j


def ungroup(axes: Sequence[Axis], labels: Sequence[int], i: Index) -> Iterator[tuple[int, Index]]:
    """The index of each label, from the index of the product of their axes."""
    while len(labels) > 1:
        first, i = unpair(axes[labels[0]], product(axes[k] for k in labels[1:]), i)
        yield labels[0], first
        labels = labels[1:]
    if labels:
        yield labels[0], i
