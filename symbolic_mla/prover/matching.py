"""Find which networks of a sum are equal, with their bijections: the search behind `kernel.network`.

Networks are put into buckets by an invariant (colour refinement, where an edge inside the argument of a box
is coloured by that argument with the edge marked), and compared inside a bucket: split into components,
matched one component to one component, grown along shared edges, with a limit on the steps taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import permutations
from typing import TypeVar
from zlib import crc32

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.network import Box, Groups, IndexForm, Member, Network, free_edges, rename
from symbolic_mla.kernel.scalar import Number, is_zero, scalar

MAX_STEPS = 200_000
MAX_KEPT = 4_000  # networks whose colours are kept
ROUNDS = 3
_MASK = (1 << 61) - 1

T = TypeVar("T")
Colours = dict[int, int]
BoxImage = tuple[int, tuple[Groups, ...]]  # which box, and the groups by which the arguments agree
Match = tuple[dict[int, int], list[BoxImage]]
PartMatch = tuple[dict[int, int], dict[int, BoxImage]]


def _mix(*parts: int) -> int:
    return hash(parts) & _MASK


_label_codes: dict[tuple[object, ...], int] = {}


def _code(label: tuple[object, ...]) -> int:
    if label not in _label_codes:
        _label_codes[label] = crc32(repr(label).encode())
    return _label_codes[label]


def _kept(known: dict[int, tuple[Network, T]], n: Network, make: Callable[[], T]) -> T:
    """What is known of a network that nothing surrounds: of the same one it is asked many times. The network is kept
    with it, so that its id stays its own."""
    if id(n) not in known:
        if len(known) >= MAX_KEPT:
            known.clear()
        known[id(n)] = (n, make())
    return known[id(n)][1]


def total(networks: Sequence[Network], members: Sequence[Member]) -> Number:
    """The sum of the coefficients of a class."""
    return sum((networks[m.network].coef for m in members), start=scalar(0))


class Matcher:
    """The `cancel` that a prover gives to the kernel. One object serves one index form."""

    def __init__(self, max_steps: int = MAX_STEPS) -> None:
        self.steps = max_steps
        self.asked: list[Groups] = []
        self._boxes: dict[tuple[int, tuple[int, ...]], tuple[Box, int]] = {}
        self._edges: dict[int, tuple[Box, set[int]]] = {}
        self._whole: dict[int, tuple[Network, Colours]] = {}
        self._invariants: dict[int, tuple[Network, int]] = {}

    def __call__(self, form: IndexForm, networks: Sequence[Network]) -> Groups:
        """The groups that cancel, and a record of the answer for the certificate."""
        groups = self.groups(form, networks)
        self.asked.append(groups)
        return groups

    def groups(self, form: IndexForm, networks: Sequence[Network]) -> Groups:
        """The classes of isomorphic networks whose coefficients add up to zero."""
        return tuple(
            tuple(members)
            for members in self.classes(form, networks)
            if len(members) > 1 and is_zero(total(networks, members))
        )

    def classes(self, form: IndexForm, networks: Sequence[Network]) -> Iterator[list[Member]]:
        """The classes of isomorphic networks."""
        buckets: dict[int, list[int]] = {}
        for k, n in enumerate(networks):
            buckets.setdefault(self.invariant(form, n, {}), []).append(k)
        for numbers in buckets.values():
            yield from self._classes(form, networks, numbers)

    def _classes(self, form: IndexForm, networks: Sequence[Network], numbers: list[int]) -> list[list[Member]]:
        classes: list[list[Member]] = []
        for k in numbers:
            for members in classes:
                found = self.isomorphism(form, networks[members[0].network], networks[k])
                if found is not None:
                    members.append(_member(k, networks[members[0].network], networks[k], found))
                    break
            else:
                classes.append([Member(k, (), ())])
        return classes

    # ---- invariants ----------------------------------------------------------------------------------

    def invariant(self, form: IndexForm, n: Network, outer: Colours) -> int:
        """A number that isomorphic networks share, given the colours of the edges around them."""
        if outer:
            return self._invariant(form, n, outer)
        return _kept(self._invariants, n, lambda: self._invariant(form, n, {}))

    def _invariant(self, form: IndexForm, n: Network, outer: Colours) -> int:
        colour = self.colours(form, n, outer)
        total = _mix(len(n.inner), sum(_mix(*sorted((colour.get(a, a), colour.get(b, b)))) for a, b in n.eqs))
        total += sum(_mix(_code(label), *(colour.get(e, e) for e in coords)) for label, coords in n.atoms)
        total += sum(self._box(form, b, colour) for b in n.boxes)
        return total & _MASK

    def colours(self, form: IndexForm, n: Network, outer: Colours) -> Colours:
        """Colour refinement: outer and free edges keep their colour, inner ones learn from their neighbours."""
        if outer:
            return self._refined(form, n, outer)
        return _kept(self._whole, n, lambda: self._refined(form, n, {}))

    def _refined(self, form: IndexForm, n: Network, outer: Colours) -> Colours:
        inner = set(n.inner)
        colour: Colours = {e: outer.get(e, _mix(1, e)) for e in free_edges(n)}
        colour.update((e, _mix(2, crc32(repr(form.sorts[e]).encode()))) for e in n.inner)
        if not inner:
            return colour
        for _ in range(ROUNDS):
            gain = dict.fromkeys(n.inner, 0)
            for label, coords in n.atoms:
                h = _mix(_code(label), *(colour.get(e, e) for e in coords))
                for place, e in enumerate(coords):
                    if e in inner:
                        gain[e] += _mix(h, place)
            for b in n.boxes:
                h = self._box(form, b, colour)
                for place, e in enumerate(b.coords):
                    if e in inner:
                        gain[e] += _mix(h, place, 3)
                for e in self.edges(b) & inner:
                    gain[e] += _mix(self._box(form, b, {**colour, e: 5}), 4)
            colour.update((e, _mix(colour[e], g & _MASK)) for e, g in gain.items())
        return colour

    def _box(self, form: IndexForm, box: Box, colour: Colours) -> int:
        """The invariant of a box, which depends only on the colours of its own edges; made once for each of those."""
        key = (id(box), tuple(colour.get(e, e) for e in (*box.coords, *sorted(self.edges(box)))))
        if key not in self._boxes:
            self._boxes[key] = (box, self._box_invariant(form, box, colour))  # the box is kept, so its id stays its own
        return self._boxes[key][1]

    def edges(self, box: Box) -> set[int]:
        """The edges of the outside that the argument of a box touches."""
        if id(box) not in self._edges:
            self._edges[id(box)] = (box, _argument_edges(box))
        return self._edges[id(box)][1]

    def _box_invariant(self, form: IndexForm, box: Box, colour: Colours) -> int:
        self._step()
        total = _mix(_code(box.label), *(colour.get(e, e) for e in box.coords))
        for number, (bound, argument) in enumerate(box.cells):
            around = {**colour, **{e: _mix(6, place) for place, e in enumerate(bound)}}
            sums: dict[int, Number] = {}
            for m in argument:
                h = self.invariant(form, m, around)
                sums[h] = sums.get(h, 0) + m.coef
            total += _mix(number, sum(_mix(h, hash(scalar(c))) for h, c in sums.items() if not is_zero(c)) & _MASK)
        return total & _MASK

    # ---- isomorphism ---------------------------------------------------------------------------------

    def isomorphism(self, form: IndexForm, first: Network, other: Network) -> Match | None:
        """The images in `first` of the inner edges and boxes of `other`; None where there are none."""
        if first.eqs != other.eqs or len(first.inner) != len(other.inner):
            return None
        if len(first.atoms) != len(other.atoms) or len(first.boxes) != len(other.boxes):
            return None
        ours, theirs = _components(other), _components(first)
        if len(ours) != len(theirs):
            return None
        mine, its = self.colours(form, other, {}), self.colours(form, first, {})
        edges: dict[int, int] = {}
        boxes: list[tuple[int, tuple[Groups, ...]]] = [(0, ())] * len(other.boxes)
        for part in ours:
            for k, target in enumerate(theirs):
                found = _Component(self, form, other, first, mine, its).match(part, target)
                if found is not None:
                    edges.update(found[0])
                    for b, image in found[1].items():
                        boxes[b] = image
                    del theirs[k]
                    break
            else:
                return None
        return edges, boxes

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise BudgetError("the search for a matching of networks ran out of steps")


Part = tuple[list[int], list[int]]  # the atoms and the boxes of one component


class _Component:
    """The search for an isomorphism of one component onto another."""

    def __init__(self, matcher: Matcher, form: IndexForm, other: Network, first: Network,
                 mine: Colours, its: Colours) -> None:  # fmt: skip
        self.matcher, self.form, self.other, self.first = matcher, form, other, first
        self.mine, self.its = mine, its
        self.inner, self.images = set(other.inner), set(first.inner)

    def match(self, part: Part, target: Part) -> PartMatch | None:
        if len(part[0]) != len(target[0]) or len(part[1]) != len(target[1]):
            return None
        self.atoms = _order(self.other, part[0])
        self.targets: dict[object, list[int]] = {}
        for k in target[0]:
            self.targets.setdefault(self.first.atoms[k][0], []).append(k)
        self.part, self.target = part, target
        self.used: set[int] = set()
        for edges in self._grow(0, {}, set()):
            done = self._boxes(edges)
            if done is not None:
                return done
        return None

    def _extend(
        self, coords: Sequence[int], onto: Sequence[int], edges: dict[int, int], taken: set[int]
    ) -> list[int] | None:
        """Add the images of `coords` to `edges`; the edges that are new, or None (and nothing added) at a clash."""
        new: list[int] = []
        for e, k in zip(coords, onto, strict=True):
            if e in self.inner:
                if edges.get(e, -1) == k:
                    continue
                fits = e not in edges and k in self.images and k not in taken and self.mine[e] == self.its[k]
                if fits:
                    edges[e] = k
                    taken.add(k)
                    new.append(e)
                    continue
            elif e == k:
                continue
            self._retract(new, edges, taken)
            return None
        return new

    @staticmethod
    def _retract(new: list[int], edges: dict[int, int], taken: set[int]) -> None:
        for e in new:
            taken.discard(edges.pop(e))

    def _grow(self, k: int, edges: dict[int, int], taken: set[int]) -> Iterator[dict[int, int]]:
        """Depth first over the atoms, with an explicit stack: a chain may be longer than Python's own."""
        stack: list[tuple[Iterator[int], list[int], int]] = []
        if not self.atoms:
            yield edges
            return
        stack.append((iter(self._candidates(0)), [], -1))
        while stack:
            candidates, new, chosen = stack[-1]
            if chosen >= 0:
                self._retract(new, edges, taken)
                self.used.discard(chosen)
            coords = self.other.atoms[self.atoms[len(stack) - 1]][1]
            for t in candidates:
                self.matcher._step()
                if t in self.used:
                    continue
                added = self._extend(coords, self.first.atoms[t][1], edges, taken)
                if added is None:
                    continue
                self.used.add(t)
                stack[-1] = (candidates, added, t)
                if len(stack) == len(self.atoms):
                    yield edges
                else:
                    stack.append((iter(self._candidates(len(stack))), [], -1))
                break
            else:
                stack.pop()

    def _candidates(self, k: int) -> list[int]:
        """The atoms of the target with the right label, one of each set of equal parallel ones."""
        found, seen = [], set()
        for t in self.targets.get(self.other.atoms[self.atoms[k]][0], []):
            if t not in self.used and self.first.atoms[t] not in seen:
                seen.add(self.first.atoms[t])
                found.append(t)
        return found

    def _boxes(self, edges: dict[int, int]) -> PartMatch | None:
        """Match the boxes, given the edges that the atoms have fixed."""
        edges, taken = dict(edges), set(edges.values())
        if not self.part[1]:
            return edges, {}
        for order in permutations(self.target[1]):
            self.matcher._step()
            trial, used = dict(edges), set(taken)
            pairs = list(zip(self.part[1], order, strict=True))
            if any(
                self.other.boxes[b].label != self.first.boxes[t].label
                or self._extend(self.other.boxes[b].coords, self.first.boxes[t].coords, trial, used) is None
                for b, t in pairs
            ):
                continue
            inside = {e for b, _ in pairs for e in _argument_edges(self.other.boxes[b])}
            outside = {e for _, t in pairs for e in _argument_edges(self.first.boxes[t])}
            loose, free = sorted(inside & self.inner - set(trial)), sorted(outside & self.images - used)
            if len(loose) != len(free):
                continue
            for images in permutations(free):
                self.matcher._step()
                whole = dict(trial)
                if self._extend(loose, images, whole, set(used)) is None:
                    continue
                found = {b: self._arguments(self.other.boxes[b], self.first.boxes[t], whole) for b, t in pairs}
                if all(cells is not None for cells in found.values()):
                    return whole, {b: (t, found[b] or ()) for b, t in pairs}
        return None

    def _arguments(self, box: Box, onto: Box, edges: dict[int, int]) -> tuple[Groups, ...] | None:
        """The groups by which two arguments agree, cell by cell; None where they do not."""
        out = []
        (moved,) = rename(Network(1, (), (), (), (box,)), edges).boxes
        for (bound, left), (target, right) in zip(moved.cells, onto.cells, strict=True):
            both = self.form.align(left, bound, right, target)
            groups = self.matcher.groups(self.form, both)
            if sum(len(g) for g in groups) != len(both):
                return None
            out.append(groups)
        return tuple(out)


def _argument_edges(box: Box) -> set[int]:
    return {e for bound, argument in box.cells for m in argument for e in free_edges(m).difference(bound)}


def _member(k: int, first: Network, other: Network, found: Match) -> Member:
    place = {e: i for i, e in enumerate(first.inner)}
    return Member(k, tuple(place[found[0][e]] for e in other.inner), tuple(found[1]))


def _components(n: Network) -> list[Part]:
    """Atoms and boxes that hang together through inner edges."""
    inner = set(n.inner)
    owner: dict[int, int] = {}
    parts: list[Part] = []
    nodes: list[tuple[int, int, set[int]]] = [(0, k, set(coords) & inner) for k, (_, coords) in enumerate(n.atoms)]
    nodes += [(1, k, (set(b.coords) | _argument_edges(b)) & inner) for k, b in enumerate(n.boxes)]
    for kind, k, edges in nodes:
        mine = len(parts)
        parts.append(([], []))
        parts[mine][kind].append(k)
        for old in {owner[e] for e in edges if e in owner}:
            parts[mine][0][:0] = parts[old][0]
            parts[mine][1][:0] = parts[old][1]
            parts[old] = ([], [])
            owner = {e: mine if p == old else p for e, p in owner.items()}
        owner.update(dict.fromkeys(edges, mine))
    return [(sorted(a), sorted(b)) for a, b in parts if a or b]


def _order(n: Network, atoms: list[int]) -> list[int]:
    """The atoms of a component, always one with the fewest edges that are not yet met: it has the fewest images, and
    one with none left is a check that comes before the next choice."""
    inner = set(n.inner)
    unmet = {k: set(n.atoms[k][1]) & inner for k in atoms}
    at: dict[int, list[int]] = {}
    for k, edges in unmet.items():
        for e in edges:
            at.setdefault(e, []).append(k)
    queue = [(len(edges), place, k) for place, (k, edges) in enumerate(unmet.items())]
    heapify(queue)
    out: list[int] = []
    done: set[int] = set()
    while queue:
        count, _, k = heappop(queue)
        if k in done or count != len(unmet[k]):
            continue
        done.add(k)
        out.append(k)
        for e in list(unmet[k]):
            for other in at[e]:
                unmet[other].discard(e)
                if other not in done:
                    # those that hang together come first: they are pushed with the place of this one
                    heappush(queue, (len(unmet[other]), -len(out), other))
    return out
