"""From a network back to a term: what a rewriting step needs, to say in which context it replaced what."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.axis import UNIT, Axis, Index, Run, indices
from symbolic_mla.kernel.network import Box, Coords, IndexForm, Label, Network, free_edges
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Apply, Block, Einsum, Labels, Pick, Stack, Sum, Term


def network_term(form: IndexForm, network: Network, axes: Sequence[Axis], cell: Sequence[Index]) -> Term:
    """The term whose index form is this one network, in the given cell of axes, and zero in the others."""
    edges = [e for i in cell for e in coordinates(i)]
    occurring = free_edges(network)
    picked = [(name, e) for (name, _), e in form.picked.items() if e in occurring]
    term = _network(form, network, [*edges, *(e for _, e in picked)])
    for name, _ in reversed(picked):
        term = Pick(term, len(term.axes) - 1, name)
    return _placed(term, axes, cell)


def edge_index(sort: Var | int, e: int) -> Index:
    """The index of an axis of one symbol, or of one literal, at an edge."""
    return Index(0, e) if isinstance(sort, int) else Index(0, -1, (e,))


def coordinates(i: Index) -> list[int]:
    """The edges of an index, in order."""
    own = [i.copy] if i.copy >= 0 else []
    return own + list(i.heads) + (coordinates(i.tail) if i.tail else [])


def _network(form: IndexForm, n: Network, boundary: Sequence[int]) -> Term:
    """A term with one axis for each edge of the boundary."""
    same = {e: root for root, e in n.eqs}
    where: dict[int, int] = {}

    def label(e: int) -> int:
        return where.setdefault(same.get(e, e), len(where))

    output: tuple[Labels, ...] = tuple((label(e),) for e in boundary)
    operands: list[tuple[Term, tuple[Labels, ...]]] = []
    for atom, coords in n.atoms:
        term, edges = opened(atom, coords)
        operands.append((term, tuple((label(e),) for e in edges)))
    for box in n.boxes:
        term, edges = _box(form, box)
        operands.append((term, tuple((label(e),) for e in edges)))
    labels = [UNIT] * len(where)
    for e, k in where.items():
        labels[k] = Axis.of(form.sorts[e])
    product = Einsum(tuple(operands), output, tuple(labels))
    return Sum(((n.coef, product),), product.axes)


def opened(label: Label, coords: Coords) -> tuple[Term, list[int]]:
    """The atom of a node with one axis for each edge: its blocks chosen, its products taken apart."""
    term = label[0]
    if not isinstance(term, Term):
        raise UnsupportedError("a node that is not an atom")
    return _opened(term, list(label[1:]), list(coords))


def _opened(term: Term, path: list[object], coords: list[int]) -> tuple[Term, list[int]]:
    edges: list[int] = []
    done = 0  # the axes before this one are opened
    for axis in term.axes:
        term, added = _open_axis(term, done, axis, path, coords)
        edges += added
        done += len(added)
    return term, edges


def _open_axis(term: Term, at: int, axis: Axis, path: list[object], coords: list[int]) -> tuple[Term, list[int]]:
    run = axis.runs[0]
    copy: int | None = None
    if len(axis.runs) > 1 or run.count > 1 or run.tail:
        which = path.pop(0)
        if not isinstance(which, int):
            raise UnsupportedError("a path that is not a path")
        run = axis.runs[which]
        if len(axis.runs) > 1:
            term = Block(term, at, tuple(Axis((r,)) for r in axis.runs), which)
        if run.count > 1:
            copy = coords.pop(0)
            if copy < 0:
                term = _entry(term, at, run, -1 - copy)
                copy = None
    heads = [coords.pop(0) for _ in run.heads]
    factors = ([Axis.of(run.count)] if copy is not None else []) + [Axis.of(h) for h in run.heads]
    factors += [run.tail] if run.tail else []
    term = _split(term, at, factors)
    edges = ([copy] if copy is not None else []) + heads
    if run.tail:
        term, more = _open_axis(term, at + len(edges), run.tail, path, coords)
        edges += more
    return term, edges


def _entry(term: Term, at: int, run: Run, k: int) -> Term:
    """Copy k of a run with several."""
    rest = Axis((Run(1, run.heads, run.tail),))
    parts = [Axis.of(c) * rest for c in (k, 1, run.count - k - 1) if c]
    return Block(term, at, tuple(parts), 1 if k else 0)


def _split(term: Term, at: int, factors: Sequence[Axis]) -> Term:
    """The axis as one axis for each factor."""
    if len(factors) == 1:
        return term
    before, after = len(term.axes[:at]), len(term.axes) - at - 1
    labels = (*term.axes[:at], *factors, *term.axes[at + 1 :])
    middle = tuple(range(before, before + len(factors)))
    tail = tuple((before + len(factors) + k,) for k in range(after))
    pattern = (*((k,) for k in range(before)), middle, *tail)
    return Einsum(((term, pattern),), tuple((k,) for k in range(len(labels))), labels)


def _placed(term: Term, axes: Sequence[Axis], cell: Sequence[Index]) -> Term:
    """Group the axes of a term (one for each edge of the cell) into `axes`, zero outside the cell."""
    groups: list[Labels] = []
    start = 0
    for i in cell:
        n = len(coordinates(i))
        groups.append(tuple(range(start, start + n)))
        start += n
    if any(len(g) != 1 for g in groups):
        term = Einsum(((term, tuple((k,) for k in range(start))),), tuple(groups), term.axes)
    for at, (axis, i) in enumerate(zip(axes, cell, strict=True)):
        term = _embedded(term, at, axis, i)
    return term


def _embedded(term: Term, at: int, axis: Axis, i: Index) -> Term:
    run = axis.runs[i.run]
    if run.tail and i.tail:
        outer = len(run.heads) + (i.copy >= 0)
        front = [Axis.of(run.count)] * (i.copy >= 0) + [Axis.of(h) for h in run.heads]
        if len(run.tail.runs) > 1 or run.tail.runs[0].count > 1:
            below = _cell_axis(run.tail, i.tail)
            term = _split(term, at, [*front, below])
            term = _embedded(term, at + outer, run.tail, i.tail)
            term = _joined(term, at, outer + 1)
    parts: list[Term] = []
    sizes = [Axis((r,)) for r in axis.runs]
    if i.copy < 0 and run.count > 1:
        rest = Axis((Run(1, run.heads, run.tail),))
        k = -1 - i.copy
        sizes[i.run : i.run + 1] = [Axis.of(c) * rest for c in (k,) if c] + [rest] + [
            Axis.of(c) * rest for c in (run.count - k - 1,) if c]  # fmt: skip
        place = i.run + (1 if k else 0)
    else:
        place = i.run
    if len(sizes) == 1:
        return term
    for number, s in enumerate(sizes):
        shape = (*term.axes[:at], s, *term.axes[at + 1 :])
        parts.append(term if number == place else Sum((), shape))
    return Stack(tuple(parts), at)


def _cell_axis(axis: Axis, i: Index) -> Axis:
    run = axis.runs[i.run]
    out = Axis.of(run.count) if i.copy >= 0 else UNIT
    for h in run.heads:
        out = out * Axis.of(h)
    return out * _cell_axis(run.tail, i.tail) if run.tail and i.tail else out


def _joined(term: Term, at: int, count: int) -> Term:
    pattern = tuple((k,) for k in range(len(term.axes)))
    merged = (*pattern[:at], tuple(range(at, at + count)), *pattern[at + count :])
    return Einsum(((term, pattern),), merged, term.axes)


def _box(form: IndexForm, box: Box) -> tuple[Term, list[int]]:
    """A box as a term whose axes are the outer edges of its argument, its positions, and its output coordinates."""
    function, last, *rest = box.label
    if not isinstance(function, str) or not isinstance(last, Axis):
        raise UnsupportedError("a node that is not a box")
    places = [a for a in rest if isinstance(a, Axis)]
    path: list[object] = [x for x in rest if not isinstance(x, Axis)]
    coords = list(box.coords)
    outer = sorted({e for bound, nets in box.cells for m in nets for e in free_edges(m).difference(bound)})
    position_edges: list[int] = []
    for place in places:
        plain = len(place.runs) == 1 and place.runs[0].count == 1 and place.runs[0].tail is None
        if not plain:
            raise UnsupportedError("a function that depends on the position in a direct sum")
        position_edges += [coords.pop(0) for _ in place.runs[0].heads]
    extra = [e for e in dict.fromkeys(position_edges) if e not in outer]
    batch = [*outer, *extra]
    axes = [Axis.of(form.sorts[e]) for e in batch]
    argument = _argument(form, box, last, outer, axes[: len(outer)])
    # one more axis for each position, repeated along the edges that it is made of
    number = {e: k for k, e in enumerate(batch)}
    n = len(batch)
    groups = []
    start = 0
    for place in places:
        size = len(place.runs[0].heads)
        groups.append(tuple(number[e] for e in position_edges[start : start + size]))
        start += size
    pattern = (*((k,) for k in range(len(outer))), (n,))
    spread = Einsum(((argument, pattern),), (*((k,) for k in range(n)), *groups, (n,)), (*axes, last))
    applied: Term = Apply(function, spread, tuple(range(n, n + len(places))))
    applied = Einsum(((applied, (*((k,) for k in range(n)), *groups, (n,))),), (*((k,) for k in range(n)), (n,)),
                     (*axes, last))  # fmt: skip
    applied, edges = _open_axis(applied, n, last, path, coords)
    return applied, [*batch, *edges]


def _argument(form: IndexForm, box: Box, last: Axis, outer: list[int], axes: list[Axis]) -> Term:
    parts = []
    plan = iter(box.cells)
    for shape in indices(last, lambda sort: 0, form.split):
        bound, nets = next(plan)
        (cell, rest) = _named(shape, list(bound))
        if rest:
            raise UnsupportedError("a cell that does not fit its axis")
        whole = tuple(edge_index(form.sorts[e], e) for e in outer)
        for m in nets:
            term = _network(form, m, [*outer, *bound])
            parts.append((1, _placed(term, (*axes, last), (*whole, cell))))
    return Sum(tuple(parts), (*axes, last))


def _named(i: Index, edges: list[int]) -> tuple[Index, list[int]]:
    """The index with its edges taken, in order, from a list."""
    copy = edges.pop(0) if i.copy >= 0 else i.copy
    heads = tuple(edges.pop(0) for _ in i.heads)
    tail = None
    if i.tail:
        tail, edges = _named(i.tail, edges)
    return Index(i.run, copy, heads, tail), edges
