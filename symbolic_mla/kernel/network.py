"""The index form: a term as a finite sum of einsum networks, and the check that such a sum vanishes.

A network is a hypergraph. An atom is a node and a coordinate of it is an edge (or a constant); an edge is
*inner* (summed) or free: of the boundary, or, inside the argument of a function, bound or outer. `eqs` are
Kronecker deltas between free edges. A function is a *box*: it owns the index form of its argument, in which
the edges of the outside occur free, so whatever happens to an edge outside happens inside too.

Nothing here searches. `index_form` asks `cancel` for groups of equal networks, with their bijections, and
checks each before it believes it; the answers to those questions, in order, are the certificate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import product as choices
from typing import NamedTuple

from symbolic_mla.errors import BudgetError, CertificateError, ShapeError
from symbolic_mla.kernel.axis import Axis, Index, NeedSplit, Split, indices, inject, locate, pair, unpair
from symbolic_mla.kernel.scalar import Number, Var, is_zero, scalar
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term, product

MAX_NETWORKS = 20_000
Label = tuple[object, ...]
Coords = tuple[int, ...]


class Box(NamedTuple):
    """A function at one output coordinate. Each cell of its bound axis: the bound edges, and the networks."""

    label: Label
    coords: Coords
    cells: tuple[tuple[Coords, tuple[Network, ...]], ...]


class Network(NamedTuple):
    """coef * (sum over inner edges of) the product of deltas, atoms and boxes."""

    coef: Number
    eqs: tuple[tuple[int, int], ...]
    inner: Coords
    atoms: tuple[tuple[Label, Coords], ...]
    boxes: tuple[Box, ...]


class Member(NamedTuple):
    """One network of a group: its number, the image of each inner edge in the first of the group, and for each box its
    image and, cell by cell, the groups that make the difference of the two arguments vanish. (The first needs none.)"""

    network: int
    edges: tuple[int, ...]
    boxes: tuple[tuple[int, tuple[Groups, ...]], ...]


Groups = tuple[tuple[Member, ...], ...]
Cancel = Callable[["IndexForm", Sequence[Network]], Groups]


class IndexForm:
    """The expansion of terms into networks: edges with their sorts, and the groups that were asked for."""

    def __init__(self, split: Split, cancel: Cancel) -> None:
        self.split = split
        self.cancel = cancel
        self.sorts: list[Var | int] = []
        self.picked: dict[tuple[str, Var], int] = {}
        self.work = 0

    def fresh(self, sort: Var | int) -> int:
        self.sorts.append(sort)
        return len(self.sorts) - 1

    def cells(self, axes: Sequence[Axis]) -> Iterator[tuple[Index, ...]]:
        """Every choice of a cell for each axis, with fresh edges."""
        yield from choices(*(list(indices(a, self.fresh, self.split)) for a in axes))

    # ---- from a term to networks -------------------------------------------------------------------

    def expand(self, term: Term, at: Sequence[Index]) -> list[Network]:
        """The term at one index of each of its axes, as a sum of networks (not yet normalised)."""
        if isinstance(term, Atom):
            label: list[object] = [term]
            coords: list[int] = []
            for axis, i in zip(term.axes, at, strict=True):
                flatten(axis, i, label, coords)
            out = [Network(1, (), (), ((tuple(label), tuple(coords)),), ())]
        elif isinstance(term, Einsum):
            out = self._einsum(term, at)
        elif isinstance(term, Sum):
            out = [n._replace(coef=c * n.coef) for c, t in term.parts for n in self.expand(t, at)]
        elif isinstance(term, Stack):
            part, i = locate([t.axes[term.axis] for t in term.parts], at[term.axis])
            out = self.expand(term.parts[part], [*at[: term.axis], i, *at[term.axis + 1 :]])
        elif isinstance(term, Block):
            i = inject(term.blocks, term.which, at[term.axis])
            out = self.expand(term.term, [*at[: term.axis], i, *at[term.axis + 1 :]])
        elif isinstance(term, Pick):
            key = (term.index, term.size())
            if key not in self.picked:
                self.picked[key] = self.fresh(key[1])
            out = self.expand(term.term, [*at[: term.axis], Index(0, -1, (self.picked[key],)), *at[term.axis :]])
        elif isinstance(term, Apply):
            out = self._apply(term, at)
        else:
            raise ShapeError(f"not a term of the kernel: {type(term).__name__}")
        self.work += 1 + len(out)
        if self.work > MAX_NETWORKS:
            raise BudgetError(f"more than {MAX_NETWORKS} networks")
        return out

    def _einsum(self, term: Einsum, at: Sequence[Index]) -> list[Network]:
        bound: dict[int, Index] = {}
        eqs: list[tuple[int, int]] = []
        for labels, i in zip(term.output, at, strict=True):
            for k, j in _ungroup(term.labels, labels, i):
                if k not in bound:
                    bound[k] = j
                elif not _unify(bound[k], j, eqs):
                    return []
        free = [k for k in range(len(term.labels)) if k not in bound]
        out: list[Network] = []
        for cell in self.cells([term.labels[k] for k in free]):
            where = {**bound, **dict(zip(free, cell, strict=True))}
            inner: list[int] = []
            for i in cell:
                _edges(i, inner)
            parts = [Network(1, tuple(eqs), tuple(inner), (), ())]
            for operand, pattern in term.operands:
                more = self.expand(operand, [_group(term.labels, labels, where) for labels in pattern])
                if len(parts) * len(more) > MAX_NETWORKS:
                    raise BudgetError(f"more than {MAX_NETWORKS} networks")
                parts = [Network(a.coef * b.coef, a.eqs + b.eqs, a.inner + b.inner, a.atoms + b.atoms,
                                 a.boxes + b.boxes) for a in parts for b in more]  # fmt: skip
            out += parts
        return out

    def _apply(self, term: Apply, at: Sequence[Index]) -> list[Network]:
        last = term.axes[-1]
        label: list[object] = [term.function, last, *(term.axes[p] for p in term.positions)]
        coords: list[int] = []
        for p in (*term.positions, len(term.axes) - 1):
            flatten(term.axes[p], at[p], label, coords)
        cells = []
        for (i,) in self.cells([last]):
            bound: list[int] = []
            _edges(i, bound)
            cells.append((tuple(bound), tuple(self.expand(term.term, [*at[:-1], i]))))
        return [Network(1, (), (), (), (Box(tuple(label), tuple(coords), tuple(cells)),))]

    # ---- normal form -------------------------------------------------------------------------------

    def normal(self, networks: Sequence[Network]) -> list[Network]:
        """Deltas solved, arguments normal, edges that touch nothing in the coefficient; checked groups gone."""
        out: list[Network] = []
        todo = list(reversed(networks))
        while todo:
            network = self._solve(todo.pop())
            if network is None:
                continue
            cases = self._arguments(network)
            if isinstance(cases, Network):
                out.append(self._untouched(cases))
            else:
                todo += reversed(cases)
            self.work += 1
            if self.work > MAX_NETWORKS:
                raise BudgetError(f"more than {MAX_NETWORKS} networks")
        out = [n for n in out if not is_zero(n.coef)]
        if len(out) > 1:
            groups = self.cancel(self, out)
            gone = self.check(out, groups)
            out = [n for k, n in enumerate(out) if k not in gone]
        return out

    def _solve(self, n: Network) -> Network | None:
        """Inner edges of deltas substituted; free ones point at the least of their class. None: it is zero."""
        if not n.eqs:
            return n
        inner = set(n.inner)
        parent: dict[int, int] = {}

        def find(e: int) -> int:
            while e in parent:
                e = parent[e]
            return e

        for a, b in n.eqs:
            a, b = find(a), find(b)
            if a == b:
                continue
            if a < 0 and b < 0:
                return None
            if a in inner and (b < 0 or b not in inner or b < a):
                a, b = b, a  # now b gives way: an inner edge if there is one, else the larger free one
            elif b not in inner and (b < 0 or (a >= 0 and b < a)):
                a, b = b, a
            if a < 0 and b not in inner:
                raise NeedSplit(int(self.sorts[b]))  # type: ignore[arg-type] # constants have literal sorts
            parent[b] = a
        free = sorted({e for pair_ in n.eqs for e in pair_ if e >= 0 and e not in inner})
        eqs = tuple((find(e), e) for e in free if find(e) != e)
        renamed = rename(n._replace(eqs=(), inner=()), {e: find(e) for e in parent})
        return renamed._replace(eqs=eqs, inner=tuple(e for e in n.inner if e not in parent))

    def _arguments(self, n: Network) -> Network | list[Network]:
        """The network with normal arguments; or, for a delta between outer axes of an argument, its cases:
        f<d N + M> = d f<(N + M) | j = i> + (1 - d) f<M>, with d the delta of i and j."""
        boxes: list[Box] = []
        for k, box in enumerate(n.boxes):
            cells = tuple((bound, tuple(self.normal(argument))) for bound, argument in box.cells)
            box = box._replace(cells=cells)
            tied = next((t for bound, argument in cells for m in argument for t in _outer_ties(m, bound)), None)
            if tied is not None:
                rest = tuple(
                    (bound, tuple(m for m in argument if tied not in _outer_ties(m, bound)))
                    for bound, argument in cells
                )
                with_rest = (*n.boxes[:k], box._replace(cells=rest), *n.boxes[k + 1 :])
                whole = (*n.boxes[:k], box, *n.boxes[k + 1 :])
                return [
                    n._replace(eqs=(*n.eqs, tied), boxes=whole),
                    n._replace(boxes=with_rest),
                    n._replace(coef=-1 * n.coef, eqs=(*n.eqs, tied), boxes=with_rest),
                ]
            boxes.append(box)
        return n._replace(boxes=tuple(boxes))

    def _untouched(self, n: Network) -> Network:
        touched = free_edges(n._replace(eqs=(), inner=()))
        loose = [e for e in n.inner if e not in touched]
        for e in loose:
            n = n._replace(coef=n.coef * scalar(self.sorts[e]))
        return n._replace(inner=tuple(e for e in n.inner if e in touched)) if loose else n

    # ---- the check ---------------------------------------------------------------------------------

    def check(self, networks: Sequence[Network], groups: Groups) -> set[int]:
        """The numbers of the networks that cancel. Raises CertificateError unless in every group all networks
        are isomorphic to the first by the given bijections and the coefficients add up to zero."""
        gone: set[int] = set()
        for group in groups:
            total: Number = 0
            for member in group:
                if member.network in gone or not 0 <= member.network < len(networks):
                    raise CertificateError("a network is named twice, or is not there")
                gone.add(member.network)
                total = total + networks[member.network].coef
                if member is not group[0]:
                    self._isomorphic(networks[group[0].network], networks[member.network], member)
            if not is_zero(total):
                raise CertificateError(f"the coefficients of a group add up to {total}, not to 0")
        return gone

    def _isomorphic(self, first: Network, other: Network, member: Member) -> None:
        if sorted(member.edges) != list(range(len(first.inner))) or len(other.inner) != len(first.inner):
            raise CertificateError("the edges of two networks are not in bijection")
        image = {e: first.inner[k] for e, k in zip(other.inner, member.edges, strict=True)}
        if any(self.sorts[e] != self.sorts[k] for e, k in image.items()) or first.eqs != other.eqs:
            raise CertificateError("two networks differ in the sort of an edge or in a delta")
        moved = rename(other._replace(eqs=(), inner=()), image)
        if Counter(moved.atoms) != Counter(first.atoms):
            raise CertificateError("the atoms of two networks do not match")
        if sorted(k for k, _ in member.boxes) != list(range(len(first.boxes))) or len(moved.boxes) != len(first.boxes):
            raise CertificateError("the boxes of two networks are not in bijection")
        for box, (k, cells) in zip(moved.boxes, member.boxes, strict=True):
            onto = first.boxes[k]
            if box[:2] != onto[:2] or len(cells) != len(box.cells) or len(cells) != len(onto.cells):
                raise CertificateError("two boxes do not match")
            for (bound, left), (target, right), groups in zip(box.cells, onto.cells, cells, strict=True):
                both = self.align(left, bound, right, target)
                if len(self.check(both, groups)) != len(both):
                    raise CertificateError("the arguments of two boxes differ")



    def align(self, left: Sequence[Network], bound: Coords, right: Sequence[Network], target: Coords) -> list[Network]:
        """The difference of two arguments, the bound edges of the first renamed to those of the second."""
        over = dict(zip(bound, target, strict=True))
        both = [rename(n, over) for n in left] + [n._replace(coef=-1 * n.coef) for n in right]
        return [m for n in both if (m := self._solve(n)) is not None]


def rename(n: Network, image: dict[int, int]) -> Network:
    """The network with free edges renamed, arguments included. Inner edges keep their names."""
    if not image:
        return n
    own = {*n.inner, *(e for box in n.boxes for bound, _ in box.cells for e in bound)}
    if not own.isdisjoint(image) or not own.isdisjoint(image.values()):
        image = {e: k for e, k in image.items() if e != k}
        if not own.isdisjoint(image) or not own.isdisjoint(image.values()):
            raise CertificateError("an edge would be captured")
    to = image.get
    eqs = tuple((to(a, a), to(b, b)) for a, b in n.eqs)
    atoms = tuple((label, tuple(to(e, e) for e in coords)) for label, coords in n.atoms)
    boxes = tuple(
        Box(label, tuple(to(e, e) for e in coords),
            tuple((bound, tuple(rename(m, image) for m in argument)) for bound, argument in cells))
        for label, coords, cells in n.boxes
    )  # fmt: skip
    return Network(n.coef, eqs, n.inner, atoms, boxes)


def free_edges(n: Network) -> set[int]:
    """The edges that occur and are not summed here."""
    out = {e for pair_ in n.eqs for e in pair_}
    for _, coords in n.atoms:
        out.update(coords)
    for box in n.boxes:
        out.update(box.coords)
        for bound, argument in box.cells:
            for m in argument:
                out |= free_edges(m).difference(bound)
    return {e for e in out.difference(n.inner) if e >= 0}


def _outer_ties(n: Network, bound: Coords) -> list[tuple[int, int]]:
    """The deltas of an argument between two edges of the outside, as pairs (least, other)."""
    classes: dict[int, list[int]] = {}
    for root, e in n.eqs:
        classes.setdefault(root, [root]).append(e)
    outer = (sorted(set(members).difference(bound)) for members in classes.values())
    return [(c[0], e) for c in outer for e in c[1:]]


def flatten(axis: Axis, i: Index, label: list[object], coords: list[int]) -> None:
    """Add an index to a node: the choices of run to its label, the rest to its coordinates."""
    run = axis.runs[i.run]
    if len(axis.runs) > 1 or run.count > 1 or run.tail:
        label.append(i.run)
        if run.count > 1:
            coords.append(i.copy)
    coords += i.heads
    if run.tail and i.tail:
        flatten(run.tail, i.tail, label, coords)


def _edges(i: Index, out: list[int]) -> None:
    if i.copy >= 0:
        out.append(i.copy)
    out += i.heads
    if i.tail:
        _edges(i.tail, out)


def _unify(i: Index, j: Index, eqs: list[tuple[int, int]]) -> bool:
    """Add the deltas that make two indices of one axis equal; False where they lie in different cells."""
    if i.run != j.run or (i.copy < 0 and j.copy < 0 and i.copy != j.copy):
        return False
    eqs += [(a, b) for a, b in zip((i.copy, *i.heads), (j.copy, *j.heads), strict=True) if a != b]
    return not (i.tail and j.tail) or _unify(i.tail, j.tail, eqs)


def _ungroup(axes: Sequence[Axis], labels: Sequence[int], i: Index) -> Iterator[tuple[int, Index]]:
    while len(labels) > 1:
        first, i = unpair(axes[labels[0]], product(axes[k] for k in labels[1:]), i)
        yield labels[0], first
        labels = labels[1:]
    if labels:
        yield labels[0], i


def _group(axes: Sequence[Axis], labels: Sequence[int], where: dict[int, Index]) -> Index:
    if not labels:
        return Index(0, -1)
    i, axis = where[labels[-1]], axes[labels[-1]]
    for k in reversed(labels[:-1]):
        i, axis = pair(axes[k], where[k], axis, i), axes[k] * axis
    return i


def index_form(
    parts: Sequence[tuple[Number, Term]], split: Split, cancel: Cancel
) -> tuple[list[tuple[tuple[Index, ...], list[Network]]], IndexForm]:
    """What is left of a linear combination of terms, cell by cell of its axes, after what `cancel` shows to vanish.

    Raises NeedSplit where the entries of a literal axis are needed, BudgetError where the work grows beyond
    the budget, CertificateError where `cancel` answers falsely.
    """
    form = IndexForm(split, cancel)
    left = []
    for cell in form.cells(parts[0][1].axes if parts else ()):
        networks = [n._replace(coef=c * n.coef) for c, t in parts for n in form.expand(t, cell)]
        rest = form.normal(networks)
        if rest:
            left.append((cell, rest))
    return left, form
