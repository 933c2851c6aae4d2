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
from operator import add
from typing import NamedTuple

from symbolic_mla.errors import BudgetError, CertificateError, ShapeError
from symbolic_mla.kernel.axis import (
    Axis,
    Index,
    NeedSplit,
    Split,
    edges,
    flatten,
    group,
    indices,
    inject,
    locate,
    unify,
)
from symbolic_mla.kernel.scalar import Number, Var, is_zero, scalar
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term, put

MAX_NETWORKS = 20_000
Label = tuple[object, ...]
Coords = tuple[int, ...]
Eqs = tuple[tuple[int, int], ...]


class Box(NamedTuple):
    """A function at one output coordinate. Each cell of its bound axis: the bound edges, and the networks."""

    label: Label
    coords: Coords
    cells: tuple[tuple[Coords, tuple[Network, ...]], ...]


class Network(NamedTuple):
    """coef * (sum over inner edges of) the product of deltas, atoms and boxes."""

    coef: Number = 1
    eqs: Eqs = ()
    inner: Coords = ()
    atoms: tuple[tuple[Label, Coords], ...] = ()
    boxes: tuple[Box, ...] = ()

    def __mul__(self, other: Network) -> Network:  # type: ignore[override]
        return Network(self.coef * other.coef, *map(add, self[1:], other[1:]))


class Member(NamedTuple):
    """One network of a group: its number, the image of each inner edge in the first of the group, and for each box its
    image and, cell by cell, the groups that make the difference of the two arguments vanish. (The first needs none.)"""

    network: int
    edges: tuple[int, ...]
    boxes: tuple[tuple[int, tuple[Groups, ...]], ...]


Groups = tuple[tuple[Member, ...], ...]
Cancel = Callable[["IndexForm", Sequence[Network]], Groups]
Place = tuple[dict[int, Index], Eqs, Coords]  # where each label is, the deltas that this takes, the edges summed


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

    def cells(self, axes: Sequence[Axis], split: Split | None = None) -> Iterator[tuple[Index, ...]]:
        """Every choice of a cell for each axis, with fresh edges."""
        yield from choices(*(list(indices(a, self.fresh, self.split if split is None else split)) for a in axes))

    def _worked(self, amount: int) -> None:
        self.work += amount
        if self.work > MAX_NETWORKS:
            raise BudgetError(f"more than {MAX_NETWORKS} networks")

    # ---- from a term to networks -------------------------------------------------------------------

    def expand(self, term: Term, at: Sequence[Index]) -> list[Network]:
        """The term at one index of each of its axes, as a sum of networks (not yet normalised)."""
        if isinstance(term, Atom):
            out = [Network(atoms=(node((term,), term.axes, at),))]
        elif isinstance(term, Einsum):
            out = self._einsum(term, at)
        elif isinstance(term, Sum):
            out = [Network(c * n.coef, *n[1:]) for c, t in term.parts for n in self.expand(t, at)]
        elif isinstance(term, Stack):
            part, i = locate([t.axes[term.axis] for t in term.parts], at[term.axis])
            out = self.expand(term.parts[part], put(at, term.axis, i))
        elif isinstance(term, Block):
            out = self.expand(term.term, put(at, term.axis, inject(term.blocks, term.which, at[term.axis])))
        elif isinstance(term, Pick):
            key = (term.index, term.size())
            if key not in self.picked:
                self.picked[key] = self.fresh(key[1])
            out = self.expand(term.term, [*at[: term.axis], Index(0, -1, (self.picked[key],)), *at[term.axis :]])
        elif isinstance(term, Apply):
            last, *places = [len(term.axes) - 1, *term.positions]
            axes, own = [term.axes[p] for p in (*places, last)], [at[p] for p in (*places, last)]
            cells = [(edges(i), tuple(self.expand(term.term, [*at[:-1], i]))) for (i,) in self.cells(axes[-1:])]
            label, coords = node((term.function, term.axes[last], *axes[:-1]), axes, own)
            out = [Network(boxes=(Box(label, coords, tuple(cells)),))]
        else:
            raise ShapeError(f"not a term of the kernel: {type(term).__name__}")
        self._worked(1 + len(out))
        return out

    def _einsum(self, term: Einsum, at: Sequence[Index]) -> list[Network]:
        places: list[Place] = [({}, (), ())]
        for labels, i in (*zip(term.output, at, strict=True), (range(len(term.labels)), None)):
            places = [more for place in places for more in self._place(term.labels, labels, i, place, self.split)]
        out: list[Network] = []
        for where, eqs, inner in places:
            parts = [Network(1, eqs, inner)]
            for operand, pattern in term.operands:
                factor = self.expand(operand, [group(term.labels, labels, where) for labels in pattern])
                if len(parts) * len(factor) > MAX_NETWORKS:
                    raise BudgetError(f"more than {MAX_NETWORKS} networks")
                parts = [a * b for a in parts for b in factor]
            out += parts
        return out

    def _place(self, axes: Sequence[Axis], labels: Sequence[int], at: Index | None, place: Place,
               split: Split) -> list[Place]:  # fmt: skip
        """Every way to place some labels, so that the index of their product is `at` (None: any, and it is summed)."""
        where, eqs, inner = place
        new = [k for k in dict.fromkeys(labels) if k not in where]
        if at is None and not new:
            return [place]
        if at is not None and len(new) == len(labels) == 1:
            return [({**where, new[0]: at}, eqs, inner)]
        out: list[Place] = []
        try:
            for cell in self.cells([axes[k] for k in new], split):
                whole = {**where, **dict(zip(new, cell, strict=True))}
                deltas = () if at is None else unify(group(axes, labels, whole), at)
                out += [] if deltas is None else [(whole, eqs + deltas, inner + edges(*cell))]
        except NeedSplit as need:  # of these labels alone, if the entries of no other are needed
            if need.size in split:
                raise
            return self._place(axes, labels, at, place, split | {need.size})
        return out

    # ---- normal form -------------------------------------------------------------------------------

    def normal(self, networks: Sequence[Network]) -> list[Network]:
        """Deltas solved, arguments normal, edges that touch nothing in the coefficient; checked groups gone."""
        out: list[Network] = []
        todo = list(reversed(networks))
        while todo:
            self._worked(1)
            network = self._solve(todo.pop())
            cases = self._arguments(network) if network is not None else []
            if len(cases) == 1:
                out += [n for n in map(self._touched, cases) if not is_zero(n.coef)]
            else:
                todo += reversed(cases)
        if len(out) > 1:
            gone = self.check(out, self.cancel(self, out))
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
            # the last of these gives way: an inner edge if there is one, else the larger free edge; never a constant
            a, b = sorted((find(a), find(b)), key=lambda e: (e in inner, e))
            if a == b:
                continue
            if b < 0:
                return None
            if a < 0 and b not in inner:
                raise NeedSplit(int(self.sorts[b]))  # type: ignore[arg-type] # constants have literal sorts
            parent[b] = a
        free = sorted({e for pair in n.eqs for e in pair if e >= 0 and e not in inner})
        eqs = tuple((find(e), e) for e in free if find(e) != e)
        renamed = rename(n._replace(eqs=(), inner=()), {e: find(e) for e in parent})
        return renamed._replace(eqs=eqs, inner=tuple(e for e in n.inner if e not in parent))

    def _arguments(self, n: Network) -> list[Network]:
        """The network with normal arguments; or, for a delta between outer axes of an argument, its three cases:
        f<d N + M> = d f<(N + M) | j = i> + (1 - d) f<M>, with d the delta of i and j."""
        for k, box in enumerate(n.boxes):
            cells = tuple((bound, tuple(self.normal(argument))) for bound, argument in box.cells)
            n = n._replace(boxes=put(n.boxes, k, box._replace(cells=cells)))
            tied = next((t for bound, argument in cells for m in argument for t in _outer_ties(m, bound)), None)
            if tied is not None:
                rest = tuple((bound, tuple(m for m in argument if tied not in _outer_ties(m, bound)))
                             for bound, argument in cells)  # fmt: skip
                without = n._replace(boxes=put(n.boxes, k, box._replace(cells=rest)))
                delta = Network(eqs=(tied,))
                return [n * delta, without, without._replace(coef=-1 * n.coef) * delta]
        return [n]

    def _touched(self, n: Network) -> Network:
        """An inner edge that touches nothing is a factor of its size."""
        touched = free_edges(n._replace(inner=()))
        for e in set(n.inner) - touched:
            n = n._replace(coef=n.coef * scalar(self.sorts[e]))
        return n._replace(inner=tuple(e for e in n.inner if e in touched))

    # ---- the check ---------------------------------------------------------------------------------

    def check(self, networks: Sequence[Network], groups: Groups) -> set[int]:
        """The numbers of the networks that cancel. Raises CertificateError unless in every group all networks
        are isomorphic to the first by the given bijections and the coefficients add up to zero."""
        gone: set[int] = set()
        for members in groups:
            for member in members:
                if member.network in gone or not 0 <= member.network < len(networks):
                    raise CertificateError("a network is named twice, or is not there")
                gone.add(member.network)
                if member is not members[0]:
                    self._isomorphic(networks[members[0].network], networks[member.network], member)
            if not is_zero(total := sum(networks[m.network].coef for m in members)):
                raise CertificateError(f"the coefficients of a group add up to {total}, not to 0")
        return gone

    def _isomorphic(self, first: Network, other: Network, member: Member) -> None:
        def bijection(images: Sequence[int], left: Sequence[object], right: Sequence[object]) -> bool:
            return sorted(images) == list(range(len(right))) and len(left) == len(right)

        image = {e: first.inner[k] for e, k in zip(other.inner, member.edges, strict=True)}
        moved = rename(other._replace(eqs=(), inner=()), image)
        if not (bijection(member.edges, other.inner, first.inner) and first.eqs == other.eqs
                and all(self.sorts[e] == self.sorts[k] for e, k in image.items())
                and Counter(moved.atoms) == Counter(first.atoms)
                and bijection([k for k, _ in member.boxes], moved.boxes, first.boxes)):  # fmt: skip
            raise CertificateError("two networks of a group differ in their edges, deltas, atoms or boxes")
        for box, (k, cells) in zip(moved.boxes, member.boxes, strict=True):
            onto = first.boxes[k]
            if box[:2] != onto[:2] or not len(cells) == len(box.cells) == len(onto.cells):
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
    image = {e: k for e, k in image.items() if e != k}
    if not image:
        return n
    own = {*n.inner, *(e for box in n.boxes for bound, _ in box.cells for e in bound)}
    if not own.isdisjoint(image) or not own.isdisjoint(image.values()):
        raise CertificateError("an edge would be captured")

    def moved(coords: Sequence[int]) -> Coords:
        return tuple(image.get(e, e) for e in coords)

    boxes = tuple(
        Box(label, moved(coords), tuple((bound, tuple(rename(m, image) for m in nets)) for bound, nets in cells))
        for label, coords, cells in n.boxes
    )
    eqs = tuple((image.get(a, a), image.get(b, b)) for a, b in n.eqs)
    return Network(n.coef, eqs, n.inner, tuple((label, moved(coords)) for label, coords in n.atoms), boxes)


def free_edges(n: Network) -> set[int]:
    """The edges that occur and are not summed here."""
    nodes = [*n.eqs, *(coords for _, coords in n.atoms), *(box.coords for box in n.boxes)]
    out = {e for coords in nodes for e in coords if e >= 0}
    for box in n.boxes:
        out.update(e for bound, argument in box.cells for m in argument for e in free_edges(m).difference(bound))
    return out.difference(n.inner)


def _outer_ties(n: Network, bound: Coords) -> Eqs:
    """The deltas of an argument between two edges of the outside, as pairs (least, other)."""
    classes: dict[int, list[int]] = {}
    for root, e in n.eqs:
        classes.setdefault(root, [root]).append(e)
    outer = (sorted(set(members).difference(bound)) for members in classes.values())
    return tuple((c[0], e) for c in outer for e in c[1:])


def node(label: Label, axes: Sequence[Axis], at: Sequence[Index]) -> tuple[Label, Coords]:
    """A node with its label and its coordinates at an index of its axes."""
    seen = [flatten(axis, i) for axis, i in zip(axes, at, strict=True)]
    return label + tuple(r for path, _ in seen for r in path), tuple(e for _, coords in seen for e in coords)


def index_form(parts: Sequence[tuple[Number, Term]], split: Split,
               cancel: Cancel) -> tuple[list[tuple[tuple[Index, ...], list[Network]]], IndexForm]:  # fmt: skip
    """What is left of a linear combination of terms, cell by cell of its axes, after what `cancel` shows to vanish.

    Raises NeedSplit where the entries of a literal axis are needed, BudgetError where the work grows beyond
    the budget, CertificateError where `cancel` answers falsely.
    """
    form = IndexForm(split, cancel)
    left = []
    for cell in form.cells(parts[0][1].axes if parts else ()):
        rest = form.normal([Network(c * n.coef, *n[1:]) for c, t in parts for n in form.expand(t, cell)])
        if rest:
            left.append((cell, rest))
    return left, form
