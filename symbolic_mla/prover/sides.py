"""Both sides of an equation in index form: which networks they are made of, and how often each occurs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.axis import Axis, Index, NeedSplit
from symbolic_mla.kernel.network import Box, Coords, IndexForm, Label, Network, free_edges
from symbolic_mla.kernel.scalar import Number, is_zero, scalar
from symbolic_mla.kernel.term import Term
from symbolic_mla.prover.matching import Matcher
from symbolic_mla.record import record

T = TypeVar("T")

MAX_SPLIT = 64  # a literal axis is taken apart up to this size, as the prover does
MAX_NETWORKS = 400  # what is shown to people goes no further than this


@record
class Class:
    """A network up to renaming of its summed indices, and its coefficient on either side."""

    network: Network
    left: Number
    right: Number

    @property
    def agrees(self) -> bool:
        return is_zero(scalar(self.left) - self.right)


@record
class Cell:
    """One choice of block for each axis: the index there, and the classes of networks."""

    at: tuple[Index, ...]
    classes: tuple[Class, ...]


@record
class Sides:
    """Two terms of the same axes in index form, side by side."""

    axes: tuple[Axis, ...]
    form: IndexForm
    cells: tuple[Cell, ...]

    @property
    def classes(self) -> list[Class]:
        return [c for cell in self.cells for c in cell.classes]


def both_sides(left: Term, right: Term, split: Sequence[int] = ()) -> Sides:
    """The index form of both sides, their networks matched. Raises: BudgetError where they are too large to show."""
    return taken_apart(split, lambda literals: _both_sides(left, right, literals))


def taken_apart(split: Collection[int], make: Callable[[frozenset[int]], T]) -> T:
    """What `make` gives when the literal axes that it asks for are taken apart. Raises: BudgetError for a long one."""
    literals = frozenset(split)
    while True:
        try:
            return make(literals)
        except NeedSplit as need:
            if need.size > MAX_SPLIT or need.size in literals:
                raise BudgetError(f"a literal axis of {need.size} would have to be taken apart") from None
            literals |= {need.size}


def written_out(
    form: IndexForm, left: Term, right: Term
) -> Iterator[tuple[tuple[Index, ...], list[Sequence[Network]]]]:
    """The networks of both sides, at each choice of block for each axis. Raises: BudgetError for too many."""
    count = 0
    for at in form.cells(left.axes):
        first = form.normal(form.expand(left, at))
        sides: list[Sequence[Network]] = [first, first if right is left else form.normal(form.expand(right, at))]
        count += sum(map(len, sides))
        if count > MAX_NETWORKS:
            raise BudgetError(f"more than {MAX_NETWORKS} networks")
        yield at, sides


def _both_sides(left: Term, right: Term, split: frozenset[int]) -> Sides:
    matcher = Matcher()
    form = IndexForm(split, matcher)
    cells = []
    for at, sides in written_out(form, left, right):
        tagged = [(n, n.coef, 0) for n in sides[0]] + [(n, 0, n.coef) for n in sides[1]]
        cells.append(Cell(at, tuple(_classes(form, matcher, tagged))))
    return Sides(left.axes, form, tuple(cells))


def _classes(form: IndexForm, matcher: Matcher, networks: Sequence[tuple[Network, Number, Number]]) -> list[Class]:
    """Isomorphic networks together, in the order in which they are met."""
    found: list[Class] = []
    keys: list[int] = []
    for n, left, right in networks:
        key = matcher.invariant(form, n, {})
        for k, other in enumerate(found):
            if keys[k] == key and matcher.isomorphism(form, other.network, n) is not None:
                found[k] = Class(other.network, scalar(other.left) + left, scalar(other.right) + right)
                break
        else:
            found.append(Class(n, left, right))
            keys.append(key)
    return [
        Class(arranged(tidy(form, matcher, c.network._replace(coef=1))), c.left, c.right)
        for c in found
        if not (is_zero(c.left) and is_zero(c.right))
    ]


def like_terms(form: IndexForm, networks: Sequence[Network]) -> list[Network]:
    """The same sum with isomorphic networks written once."""
    matcher = Matcher()
    classes = _classes(form, matcher, [(n, n.coef, 0) for n in networks])
    return [c.network._replace(coef=c.left) for c in classes]


def tidy(form: IndexForm, matcher: Matcher, n: Network) -> Network:
    """The network with like terms written once in the arguments of its functions."""
    boxes = []
    for box in n.boxes:
        cells = []
        for bound, argument in box.cells:
            classes = _classes(form, matcher, [(m, m.coef, 0) for m in argument])
            cells.append((bound, tuple(c.network._replace(coef=c.left) for c in classes)))
        boxes.append(box._replace(cells=tuple(cells)))
    return n._replace(boxes=tuple(boxes))


def arranged(n: Network, start: Sequence[int] = ()) -> Network:
    """The network with its atoms in the order of a walk from the free edges: a product of matrices reads as one.

    The walk goes on along what it has just met, so equal networks, however they were written, mostly look alike.
    """
    atoms, boxes = list(n.atoms), list(n.boxes)
    sorted_atoms: list[tuple[Label, Coords]] = []
    sorted_boxes: list[Box] = []
    free = sorted(free_edges(n) | {e for pair in n.eqs for e in pair if e >= 0})
    todo = [e for e in free if e not in start][::-1] + list(start)[::-1]
    seen = set(todo)
    while atoms or boxes:
        e = todo.pop() if todo else None
        touching: list[tuple[tuple[int, str, int], tuple[Label, Coords] | Box]] = [
            ((coords.index(e) if e in coords else 0, str(label[0]), k), (label, coords))
            for k, (label, coords) in enumerate(atoms)
            if e is None or e in coords
        ]
        touching += [
            ((len(box.coords), str(box.label[0]), k), box)
            for k, box in enumerate(boxes)
            if e is None or e in box_edges(box)
        ]
        touching.sort(key=lambda x: x[0])
        new: list[int] = []
        for _, node in touching[: 1 if e is None else None]:
            if isinstance(node, Box):
                boxes.remove(node)
                known = [*seen, *(x for x in node.coords if x not in seen)]
                sorted_boxes.append(_arranged_box(node, known))
                new += box_edges(node)
            else:
                atoms.remove(node)
                sorted_atoms.append(node)
                new += node[1]
        fresh = [x for x in dict.fromkeys(new) if x >= 0 and x not in seen]
        seen.update(fresh)
        todo += fresh[::-1]
    return n._replace(atoms=tuple(sorted_atoms), boxes=tuple(sorted_boxes))


def _arranged_box(box: Box, known: Sequence[int]) -> Box:
    order = sorted(known)
    cells = tuple((bound, tuple(arranged(m, (*order, *bound)) for m in argument)) for bound, argument in box.cells)
    return box._replace(cells=cells)


def box_edges(box: Box) -> list[int]:
    """The edges outside a box that reach it: those of its value, then those of its argument, least first."""
    inside = {e for bound, argument in box.cells for m in argument for e in free_edges(m).difference(bound)}
    return list(dict.fromkeys([*(e for e in box.coords if e >= 0), *sorted(inside)]))
