"""Both sides of equations as SVG: a row for each class of networks, the left side beside the right.

Matched atoms have the same number, colour and border. Atoms are light shapes with dark letters, and the ground is
drawn with them, so that a picture can be read on light and on dark pages, and in grey.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from symbolic_mla.language.diagnostics import display_width
from symbolic_mla.report.graph import Frame, Graph, Line, Node
from symbolic_mla.report.layout import LETTER, SMALL, Box, Lane, Layout, layout
from symbolic_mla.report.pairs import Numbers

MARGIN, GUTTER, ROW, WIDE = 20.0, 56.0, 30.0, 1300.0

FILLS = (
    ("#cfe6fb", "#0b5cad"), ("#ffdfb0", "#a85400"), ("#d3f0cf", "#1f7a1f"), ("#f8d3e6", "#a01a6b"),
    ("#fff2a8", "#7d6900"), ("#ddd6f7", "#5a3fb5"), ("#c6eef0", "#0b6f75"), ("#f7cfc6", "#a83220"),
)  # fmt: skip
"""Fill and border of an atom by its number: light enough for dark letters, apart from one another in grey too by
their borders and their numbers."""
BORDERS = ("", "7 3", "2 3", "9 3 2 3")
STYLE = """\
.ground{fill:#ffffff}.ink{fill:#1f2328}.faint{fill:#59636e}.line{stroke:#59636e;fill:none;stroke-width:1.4}
.frame{stroke:#59636e;fill:#59636e;fill-opacity:.06;stroke-width:1.2}
.plain{fill:#f6f8fa;stroke:#59636e}.rule{stroke:#d1d9e0}
@media(prefers-color-scheme:dark){.ground{fill:#0d1117}.ink{fill:#f0f6fc}.faint{fill:#9198a1}.line{stroke:#9198a1}
.frame{stroke:#9198a1;fill:#9198a1}.rule{stroke:#3d444d}}
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px}
.small{font-size:10px}.dark{fill:#1f2328}.head{font-weight:600}"""


@dataclass(frozen=True)
class Panel:
    """One side of a row: its factor, and its network with the numbers of its atoms; or nothing."""

    factor: str
    graph: Graph | None
    numbers: Numbers


@dataclass(frozen=True)
class Row:
    """A left and a right panel, the sign between them, and a line of words above."""

    words: str
    left: Panel
    sign: str
    right: Panel | None


@dataclass(frozen=True)
class Section:
    """An equation: a heading, and its rows."""

    heading: str
    rows: Sequence[Row]
    note: str = ""


def svg(title: str, sections: Sequence[Section]) -> str:
    """The picture; the same sections give the same bytes.

    >>> svg("nothing", []).splitlines()[0][:60]
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="19'
    """
    places = {id(p): layout(p.graph) for s in sections for r in s.rows for p in (r.left, r.right) if p and p.graph}
    rows = [row for s in sections for row in s.rows]
    left = max((_width(row.left, places) for row in rows), default=0.0)
    right = max((_width(row.right, places) for row in rows), default=0.0)
    stacked = left + right > WIDE  # then the right side goes below the left one
    texts = [title, *(t for s in sections for t in (s.heading, s.note, *(row.words for row in s.rows)))]
    pictures = max(left, right) + GUTTER if stacked else left + right + (GUTTER if right else 0)
    width = 2 * MARGIN + max(pictures, max(display_width(t) * LETTER for t in texts), 150.0)
    y = MARGIN
    body = [_text(MARGIN, y + 12, title, "ink head")]
    y += ROW
    for section in sections:
        body.append(f'<path class="line rule" d="M{MARGIN:g} {y:g}H{width - MARGIN:g}"/>')
        body.append(_text(MARGIN, y + 18, section.heading, "ink"))
        y += ROW
        for row in section.rows:
            if row.words:
                body.append(_text(MARGIN, y + 8, row.words, "faint"))
                y += 22
            lines, height = _row(row, places, y, left, stacked)
            body += lines
            y += height + ROW
        if section.note:
            body.append(_text(MARGIN, y, section.note, "faint"))
            y += 22
    height = y + MARGIN / 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">'
    )
    ground = f'<rect class="ground" width="{width:g}" height="{height:g}" rx="8"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", ground, *body, "</svg>\n"])


def _row(row: Row, places: Mapping[int, Layout], y: float, left: float, stacked: bool) -> tuple[list[str], float]:
    """A row at a height: the two sides beside one another, or the right one below."""
    tall, low = max(_height(row.left, places), 26.0), max(_height(row.right, places), 26.0)
    if row.right is None:
        return list(_panel(row.left, places, MARGIN, y, tall)), tall
    if stacked:
        below = y + tall + ROW / 2
        sign = _text(MARGIN + GUTTER / 2, below + low / 2 + 5, row.sign, "ink head", middle=True)
        lines = [*_panel(row.left, places, MARGIN + GUTTER, y, tall), sign]
        return [*lines, *_panel(row.right, places, MARGIN + GUTTER, below, low)], tall + low + ROW / 2
    height = max(tall, low)
    sign = _text(MARGIN + left + GUTTER / 2, y + height / 2 + 5, row.sign, "ink head", middle=True)
    lines = [*_panel(row.left, places, MARGIN, y, height), sign]
    return [*lines, *_panel(row.right, places, MARGIN + left + GUTTER, y, height)], height


def _width(panel: Panel | None, places: Mapping[int, Layout]) -> float:
    if panel is None:
        return 0.0
    found = places.get(id(panel))
    return display_width(panel.factor) * LETTER + (found.width + 8 if found else 0.0)


def _height(panel: Panel | None, places: Mapping[int, Layout]) -> float:
    found = places.get(id(panel))
    return found.height if found else 0.0


def _text(x: float, y: float, text: str, kind: str, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:g}" y="{y:g}" class="{kind}"{anchor} xml:space="preserve">{escape(text)}</text>'


def _panel(panel: Panel, places: Mapping[int, Layout], x: float, y: float, height: float) -> Iterator[str]:
    if panel.factor:
        yield _text(x, y + height / 2 + 5, panel.factor, "ink")
        x += display_width(panel.factor) * LETTER + 8
    found = places.get(id(panel))
    if found is None or panel.graph is None:
        return
    yield f'<g transform="translate({x:g} {y + (height - found.height) / 2:g})">'
    for frame, box in found.frames:
        yield from _frame(frame, box)
    labels: list[str] = []
    taken: list[Box] = list(found.nodes.values())
    for line in panel.graph.lines:
        yield _line(line, found, labels, taken)
    for node in panel.graph.nodes():
        yield from _node(node, found.nodes[node.key], panel.numbers.get(node.path) if node.path else None)
    yield from labels
    yield "</g>"


def _frame(frame: Frame, box: Box) -> Iterator[str]:
    x, y = box.x - box.width / 2, box.y - box.height / 2
    yield f'<rect class="frame" x="{x:g}" y="{y:g}" width="{box.width:g}" height="{box.height:g}" rx="10"/>'
    yield _text(x + 10, y + 15, frame.text, "faint")


def _node(node: Node, box: Box, number: int | None) -> Iterator[str]:
    x, y, w, h = box.x - box.width / 2, box.y - box.height / 2, box.width, box.height
    paint = 'class="plain"'
    kind, radius = "dark", h / 2
    if node.kind == "atom":
        radius = 4
        if number is not None:
            fill, border = FILLS[(number - 1) % len(FILLS)]
            dash = BORDERS[(number - 1) % len(BORDERS)]
            paint = f'fill="{fill}" stroke="{border}"' + (f' stroke-dasharray="{dash}"' if dash else "")
    elif node.kind == "apply":
        radius = 10
    yield f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{radius:g}" {paint} stroke-width="1.8"/>'
    small = " small" if node.kind == "index" else ""
    top = box.y - 3 if node.where else box.y + 4
    shown = node.text if number is None else f"{number} {node.text}"
    yield _text(box.x, top, shown, f"{kind}{small}" + (" head" if node.kind == "atom" else ""), middle=True)
    if node.where:
        where = f"[{node.where}]" if node.kind == "atom" else node.where
        yield _text(box.x, box.y + 12, where, f"{kind} small", middle=True)


def _line(line: Line, places: Layout, labels: list[str], taken: list[Box]) -> str:
    a, b = places.nodes[line.start], places.nodes[line.end]
    if a.x > b.x:
        a, b = b, a
    dash = ' stroke-dasharray="5 4"' if line.dashed else ""
    points = [(a.x, a.y), *places.bends.get(line, []), (b.x, b.y)]
    lane = places.lanes.get(line)
    if abs(a.x - b.x) < 1:  # in one layer: straight if they are neighbours, else around what is between
        between = [n for n in places.nodes.values() if abs(n.x - a.x) < 40 and min(a.y, b.y) < n.y < max(a.y, b.y)]
        out = max((n.width / 2 for n in between), default=0.0) + (34 if between else 0)
        path = f"M{a.x:g} {a.y:g}C{a.x + out:g} {a.y:g} {b.x + out:g} {b.y:g} {b.x:g} {b.y:g}"
        points = [points[0], (a.x + out * 0.75, (a.y + b.y) / 2), points[-1]]
    elif lane is not None and _hidden(points, [n for n in places.nodes.values() if n is not a and n is not b]):
        path, points = _through(lane, line, places)
    else:
        path = f"M{a.x:g} {a.y:g}{_smooth(points)}"
    if line.text:
        width = display_width(line.text) * SMALL
        x, y = _free_place(points, (a, b), width, taken)
        ground = f'x="{x - width / 2 - 2:g}" y="{y - 6:g}" width="{width + 4:g}" height="12"'
        labels.append(f'<rect class="ground" {ground} rx="3"/>')
        labels.append(_text(x, y + 3.5, line.text, "ink small", middle=True))
    return f'<path class="line" d="{path}"{dash}/>'


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """Curves through points, level at each of them."""
    path = ""
    for (x1, y1), (x2, y2) in pairwise(points):
        half = (x1 + x2) / 2
        path += f"C{half:g} {y1:g} {half:g} {y2:g} {x2:g} {y2:g}"
    return path


def _hidden(points: Sequence[tuple[float, float]], others: Sequence[Box]) -> bool:
    """Whether such curves would pass behind a node."""
    for (x1, y1), (x2, y2) in pairwise(points):
        for k in range(25):
            t = k / 24
            x = x1 + (x2 - x1) * (1.5 * t * (1 - t) + t**3)
            y = y1 + (y2 - y1) * (3 * t * t - 2 * t**3)
            if any(abs(x - n.x) < n.width / 2 and abs(y - n.y) < n.height / 2 for n in others):
                return True
    return False


def _through(lane: Lane, line: Line, places: Layout) -> tuple[str, list[tuple[float, float]]]:
    """From outside along the lane to below the inner node, and up to it."""
    inner = places.nodes[lane.inner]
    outer = places.nodes[line.end if lane.inner == line.start else line.start]
    side = lane.left if outer.x < inner.x else lane.right
    bends = sorted(places.bends.get(line, []), reverse=outer.x > inner.x)
    start = [(outer.x, outer.y), *bends, (side, lane.y)]
    turn = 6 if side < inner.x else -6
    end = f"H{inner.x - turn:g}Q{inner.x:g} {lane.y:g} {inner.x:g} {lane.y - 6:g}V{inner.y:g}"
    return f"M{outer.x:g} {outer.y:g}{_smooth(start)}{end}", [*start, (inner.x, lane.y), (inner.x, inner.y)]


def _free_place(
    points: Sequence[tuple[float, float]], ends: tuple[Box, Box], width: float, taken: list[Box]
) -> tuple[float, float]:
    """Where on a line its text meets the fewest nodes and texts."""
    a, b = ends
    if len(points) == 2:  # between the borders of the two nodes
        x1, x2 = a.x + a.width / 2, b.x - b.width / 2
        tries = [(x1 + (x2 - x1) * t, a.y + (b.y - a.y) * t) for t in (0.5, 0.35, 0.65, 0.2, 0.8)]
    else:
        tries = [points[k] for k in sorted(range(1, len(points) - 1), key=lambda k: abs(k - len(points) / 2))]
    tries += [(x, y + dy) for x, y in tries for dy in (-12, 12)]
    best = min(tries, key=lambda p: sum(_meet(p, width, box) for box in taken))
    taken.append(Box(best[0], best[1], width, 11))
    return best


def _meet(at: tuple[float, float], width: float, box: Box) -> bool:
    return abs(at[0] - box.x) < (width + box.width) / 2 and abs(at[1] - box.y) < (11 + box.height) / 2
