"""Where the nodes of a graph stand: layers from the rows to the columns, frames around what is in them.

Layers follow the distance from the first boundary node (or from the atom that is written first); inside a layer
nodes stand where their neighbours do. A line over several layers is led between the nodes of each. Everything is
computed from the graph alone, in integers and halves, so the same graph gives the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from symbolic_mla.language.diagnostics import display_width
from symbolic_mla.report.graph import Frame, Graph, Line, Node

LETTER = 7.3  # the width of a character of twelve pixels in a font of fixed width
SMALL = 6.1  # of one of ten pixels
GAP_X, GAP_Y, PADDING, HEAD, LANE = 40.0, 22.0, 14.0, 20.0, 11.0
SWEEPS = 4


@dataclass
class Box:
    """A rectangle, by its centre."""

    x: float
    y: float
    width: float
    height: float


@dataclass
class Lane:
    """The way below the nodes of a frame, for a line that comes from outside to one of them."""

    inner: int
    y: float
    left: float
    right: float


@dataclass
class Layout:
    """The places of nodes and frames, the bends and lanes of lines, and the size of it all."""

    nodes: dict[int, Box] = field(default_factory=dict)
    frames: list[tuple[Frame, Box]] = field(default_factory=list)
    bends: dict[Line, list[tuple[float, float]]] = field(default_factory=dict)
    lanes: dict[Line, Lane] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0

    def shift(self, dx: float, dy: float) -> None:
        """Move all of it."""
        for box in (*self.nodes.values(), *(b for _, b in self.frames)):
            box.x, box.y = box.x + dx, box.y + dy
        self.bends = {line: [(x + dx, y + dy) for x, y in found] for line, found in self.bends.items()}
        for lane in self.lanes.values():
            lane.y, lane.left, lane.right = lane.y + dy, lane.left + dx, lane.right + dx


def size_of(node: Node) -> tuple[float, float]:
    """The width and height of a node, from its texts."""
    if node.kind == "equal":
        return 22.0, 22.0
    if node.kind == "index":
        return display_width(node.text) * SMALL + 16, 20.0
    text = display_width(node.text) * LETTER + (18 if node.kind == "atom" else 0)
    return max(text, display_width(node.where) * SMALL) + 18, 38.0 if node.where else 26.0


def layout(graph: Graph) -> Layout:
    """Places for a whole graph, its upper left corner at the origin."""
    return _placed(graph.items, graph.lines)


def _placed(items: Sequence[Node | Frame], lines: Sequence[Line]) -> Layout:
    """Places for some items and the lines among them; a frame is placed first by itself, then as one item."""
    inner: dict[object, Node | Frame] = {
        (item.key, item.sub if isinstance(item, Frame) else None): item for item in items
    }
    parts: dict[object, Layout] = {}
    sizes: dict[object, tuple[float, float]] = {}
    owner: dict[int, object] = {}
    for key, item in inner.items():
        if isinstance(item, Node):
            sizes[key] = size_of(item)
            owner[item.key] = key
            continue
        part = _placed(item.inside, lines)
        _add_lanes(part, lines)
        wide = max(part.width, display_width(item.text) * LETTER)
        part.shift((wide - part.width) / 2 + PADDING, HEAD + PADDING / 2)
        parts[key] = part
        sizes[key] = (wide + 2 * PADDING, part.height + HEAD + 1.5 * PADDING)
        owner |= dict.fromkeys(part.nodes, key)
    among = [x for x in lines if x.start in owner and x.end in owner and owner[x.start] != owner[x.end]]
    edges = [(owner[x.start], owner[x.end], x) for x in among]
    return _assembled(inner, parts, sizes, edges)


def _add_lanes(part: Layout, lines: Sequence[Line]) -> None:
    """Room below the nodes of a frame for the lines that come in, where there is something to go around."""
    crossing = [x for x in lines if (x.start in part.nodes) != (x.end in part.nodes) and x not in part.lanes]
    if len({box.x for box in part.nodes.values()}) < 3:
        return
    for line in crossing:
        part.height += LANE
        inner = line.start if line.start in part.nodes else line.end
        part.lanes[line] = Lane(inner, part.height, -PADDING, part.width + PADDING)


def _assembled(
    inner: Mapping[object, Node | Frame],
    parts: Mapping[object, Layout],
    sizes: dict[object, tuple[float, float]],
    edges: Sequence[tuple[object, object, Line]],
) -> Layout:
    layer = _layers(inner, edges)
    columns: list[list[object]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for key in inner:
        columns[layer[key]].append(key)
    links, bends = _with_bends(edges, layer, columns, sizes)
    _ordered(columns, links)
    gaps = [GAP_X] * len(columns)
    for a, b, line in edges:
        low, high = sorted((layer[a], layer[b]))
        if high == low + 1:
            gaps[low] = max(gaps[low], display_width(line.text) * SMALL + 22)
    height = max((_height(column, sizes) for column in columns), default=0.0)
    place: dict[object, Box] = {}
    x = 0.0
    for column, gap in zip(columns, gaps, strict=True):
        width = max((sizes[key][0] for key in column), default=0.0)
        y = (height - _height(column, sizes)) / 2
        for key in column:
            place[key] = Box(x + width / 2, y + sizes[key][1] / 2, *sizes[key])
            y += sizes[key][1] + GAP_Y
        x += width + gap
    out = Layout(width=max(0.0, x - gaps[-1]), height=height)
    for key, item in inner.items():
        box = place[key]
        if isinstance(item, Node):
            out.nodes[item.key] = box
            continue
        part = parts[key]
        part.shift(box.x - box.width / 2, box.y - box.height / 2)
        out.nodes |= part.nodes
        out.frames += [(item, box), *part.frames]
        out.bends |= part.bends
        out.lanes |= part.lanes
    out.bends |= {line: [(place[k].x, place[k].y) for k in found] for line, found in bends.items()}
    return out


def _height(column: Sequence[object], sizes: Mapping[object, tuple[float, float]]) -> float:
    return sum(sizes[key][1] for key in column) + GAP_Y * max(0, len(column) - 1)


def _layers(inner: Mapping[object, Node | Frame], edges: Sequence[tuple[object, object, Line]]) -> dict[object, int]:
    """The distance from the first boundary node, or from what is written first; the last boundary node goes last."""
    boundary = [key for key, item in inner.items() if isinstance(item, Node) and item.kind == "axis"]
    last = boundary[-1] if len(boundary) > 1 else None
    near: dict[object, list[object]] = {key: [] for key in inner}
    for a, b, _ in edges:
        near[a].append(b)
        near[b].append(a)
    layer: dict[object, int] = {}
    starts: Iterable[object] = [key for key in boundary if key != last] or [key for key in inner if key != last][:1]
    todo = list(dict.fromkeys(starts))
    layer |= dict.fromkeys(todo, 0)
    rest = iter(inner)
    while True:
        while todo:
            key = todo.pop(0)
            for other in near[key]:
                if other not in layer and other != last:
                    layer[other] = layer[key] + 1
                    todo.append(other)
        new = next((key for key in rest if key not in layer and key != last), None)
        if new is None:
            break
        layer[new] = 1 if boundary else 0
        todo.append(new)
    if last is not None:
        layer[last] = max((n for key, n in layer.items() if key != last), default=0) + 1
    return layer


def _with_bends(
    edges: Sequence[tuple[object, object, Line]],
    layer: Mapping[object, int],
    columns: list[list[object]],
    sizes: dict[object, tuple[float, float]],
) -> tuple[dict[object, list[object]], dict[Line, list[object]]]:
    """The neighbours of each item, with a place of its own in every layer that a line passes."""
    links: dict[object, list[object]] = {key: [] for column in columns for key in column}
    bends: dict[Line, list[object]] = {}
    for number, (a, b, line) in enumerate(edges):
        if layer[a] > layer[b]:
            a, b = b, a
        chain = [a]
        for at in range(layer[a] + 1, layer[b]):
            key = ("bend", number, at)
            columns[at].append(key)
            links[key] = []
            sizes[key] = (display_width(line.text) * SMALL + 10, 14.0)
            chain.append(key)
        chain.append(b)
        for one, other in pairwise(chain):
            links[one].append(other)
            links[other].append(one)
        if len(chain) > 2:
            bends[line] = chain[1:-1]
    return links, bends


def _ordered(columns: list[list[object]], links: Mapping[object, list[object]]) -> None:
    """Sort each layer by where the neighbours stand in the layer beside it, from left to right and back."""
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        order = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
        for at in order:
            beside = columns[at - 1 if forward else at + 1]
            where = {key: (n + 0.5) / len(beside) for n, key in enumerate(beside)}
            now = {key: (n + 0.5) / len(columns[at]) for n, key in enumerate(columns[at])}
            middles = {key: _middle(links[key], where, now[key]) for key in columns[at]}
            columns[at].sort(key=middles.__getitem__)


def _middle(neighbours: Sequence[object], where: Mapping[object, float], otherwise: float) -> float:
    found = [where[key] for key in neighbours if key in where]
    return sum(found) / len(found) if found else otherwise
