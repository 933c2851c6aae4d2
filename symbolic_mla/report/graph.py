"""A network as a graph to be drawn: atoms are nodes, indices are the lines between them.

An index that joins two places is a line; one with more (or fewer) ends is a node of its own. A function is a
frame around its argument. The boundary is one node for each axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from symbolic_mla.kernel.axis import Axis, Index
from symbolic_mla.kernel.network import Box, IndexForm, Network
from symbolic_mla.kernel.term import Term
from symbolic_mla.language.shapes import axis_name
from symbolic_mla.prover.readback import coordinates
from symbolic_mla.record import record
from symbolic_mla.report.formula import box_places, cell_index, order
from symbolic_mla.report.letters import Letters, index_plain, size_text, unflatten

Kind = Literal["axis", "atom", "apply", "equal", "index"]
Path = tuple[int, ...]
"""Which atom of a network: its number, behind the box, cell and network of the argument that it stands in."""


@record
class Node:
    """`key` counts nodes and frames; `text` is its name, `where` its indices; `path` says which atom it is."""

    key: int
    kind: Kind
    text: str
    where: str = ""
    path: Path | None = None


@dataclass(frozen=True)
class Frame:
    """A frame with what stands in it."""

    key: int
    text: str
    sub: int | None = None
    inside: list[Node | Frame] = field(default_factory=list)


@record
class Line:
    """A line between two nodes; dashed where it is the index that a function binds."""

    start: int
    end: int
    text: str
    dashed: bool = False


@dataclass
class Graph:
    """Nodes and frames, nested, and the lines between nodes."""

    items: list[Node | Frame]
    lines: list[Line]
    count: int

    def nodes(self) -> Iterator[Node]:
        """Every node, in frames too."""
        yield from _nodes(self.items)


def _nodes(items: Sequence[Node | Frame]) -> Iterator[Node]:
    for item in items:
        if isinstance(item, Frame):
            yield from _nodes(item.inside)
        else:
            yield item


def graph(
    form: IndexForm,
    n: Network,
    axes: Sequence[Axis],
    at: Sequence[Index],
    letters: Letters,
    sizes: Mapping[str, int] = MappingProxyType({}),
) -> Graph:
    """The graph of a network between the axes of its boundary; `sizes` are shown for the dimensions that they name."""
    drawing = _Drawing(form, sizes)
    letters = letters.child()
    for number, (axis, i) in enumerate(zip(axes, at, strict=True)):
        node = drawing.node("axis", axis_name(number, len(axes)), index_plain(axis, i, letters))
        for e in coordinates(i):
            drawing.end(e, node, letters)
    for root, e in n.eqs:
        drawing.glued[e] = root
    for e in order(n):
        letters.of(e)
    drawing.network(n, letters, ())
    return drawing.graph()


class _Drawing:
    def __init__(self, form: IndexForm, sizes: Mapping[str, int]) -> None:
        self.form = form
        self.sizes = sizes
        self.count = 0
        self.items: list[Node | Frame] = []
        self.into = self.items
        self.ends: dict[int, list[tuple[int, bool]]] = {}
        self.labels: dict[int, str] = {}
        self.glued: dict[int, int] = {}

    def node(self, kind: Kind, text: str, where: str = "", path: Path | None = None) -> int:
        self.into.append(Node(self.count, kind, text, where, path))
        self.count += 1
        return self.count - 1

    def end(self, e: int, node: int, letters: Letters, dashed: bool = False) -> None:
        """An index reaches a node. A constant is in the node's own text already."""
        if e >= 0:
            ends = self.ends.setdefault(e, [])
            if not dashed or (node, True) not in ends:
                ends.append((node, dashed))
            size = size_text(self.form.sorts[e])
            self.labels.setdefault(e, f"{letters.of(e)} : {self.sizes.get(size, size)}")

    # ---- from networks to nodes ----------------------------------------------------------------------

    def network(self, n: Network, letters: Letters, path: Path) -> None:
        for k, (label, coords) in enumerate(n.atoms):
            term = label[0]
            axes = term.axes if isinstance(term, Term) else ()
            places = unflatten(axes, label[1:], coords)
            where = ", ".join(index_plain(a, i, letters) for a, i in zip(axes, places, strict=True))
            node = self.node("atom", getattr(term, "name", "?"), where, (*path, k))
            for e in coords:
                self.end(e, node, letters)
        for k, box in enumerate(n.boxes):
            self._box(box, letters, (*path, k))

    def _box(self, box: Box, letters: Letters, path: Path) -> None:
        function, last, positions, at = box_places(box)
        outside = self._enter(f"{function}⟨ ⟩")
        where = ", ".join(index_plain(a, i, letters) for a, i in (*positions, (last, at)))
        hub = self.node("apply", function, where)
        for e in box.coords:
            self.end(e, hub, letters)
        several = len(box.cells) > 1 or any(len(argument) > 1 for _, argument in box.cells)
        for number, (bound, argument) in enumerate(box.cells):
            inner = letters.child()
            bound_index = index_plain(last, cell_index(self.form, last, number, bound), inner)
            for k, m in enumerate(argument):
                own = inner.child()
                for e in order(m):
                    own.of(e)
                around = self._part(f"{_factor(m)} at {bound_index}", outside, (number, k)) if several else None
                for e in bound:
                    self.end(e, hub, inner, dashed=True)
                for a, b in m.eqs:
                    node = self.node("equal", "=")
                    self.end(a, node, own)
                    self.end(b, node, own)
                self.network(m, own, (*path, number, k))
                if around is not None:
                    self.into = around
        self.into = outside[0]

    def _enter(self, text: str) -> tuple[list[Node | Frame], Frame]:
        """Open a frame; what was open before, and the frame."""
        frame = Frame(self.count, text)
        self.count += 1
        self.into.append(frame)
        outside, self.into = self.into, frame.inside
        return outside, frame

    def _part(self, text: str, around: tuple[list[Node | Frame], Frame], at: tuple[int, int]) -> list[Node | Frame]:
        """Open the frame of one summand inside a function's; what was open before."""
        frame = Frame(around[1].key, text, at[0] * 1000 + at[1])
        outside = self.into
        outside.append(frame)
        self.into = frame.inside
        return outside

    # ---- from indices to lines -----------------------------------------------------------------------

    def graph(self) -> Graph:
        together: dict[int, list[tuple[int, bool]]] = {}
        labels: dict[int, str] = {}
        for e, found in self.ends.items():
            root = e
            while root in self.glued:
                root = self.glued[root]
            ends = together.setdefault(root, [])
            ends += [x for x in found if x not in ends or not x[1]]
            if e != root and root in labels and root >= 0:
                labels[root] = f"{self.labels[e].split(' : ')[0]} = {labels[root]}"
            else:
                labels.setdefault(root, self.labels[e])
        lines: list[Line] = []
        bundles: dict[tuple[int, int, bool], list[str]] = {}
        for root, ends in together.items():
            label = labels[root] if root >= 0 else f"{-1 - root}"
            if len(ends) == 2 and root >= 0:
                key = (ends[0][0], ends[1][0], ends[0][1] or ends[1][1])
                bundles.setdefault(key, []).append(label)
                continue
            dot = self.node("index", label)
            lines += [Line(node, dot, "", dashed) for node, dashed in ends]
        lines += [Line(one, other, _together(found), dashed) for (one, other, dashed), found in bundles.items()]
        return Graph(self.items, lines, self.count)


def _factor(m: Network) -> str:
    return f"{m.coef} ×" if str(m.coef) != "1" else "term"


def _together(labels: list[str]) -> str:
    """Parallel lines as one: `i : n` and `j : G` are `i j : n·G`."""
    if len(labels) == 1:
        return labels[0]
    letters, sizes = zip(*(label.split(" : ") for label in labels), strict=True)
    return f"{' '.join(letters)} : {'·'.join(sizes)}"
