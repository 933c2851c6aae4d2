"""A network as a Mermaid diagram: atoms are nodes, indices are the lines between them.

An index that joins two places is a line; one with more (or fewer) ends is a small circle. A function is a
frame around its argument. The boundary is one rounded node for each axis.
"""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.kernel.axis import Axis, Index
from symbolic_mla.kernel.network import Box, IndexForm, Network
from symbolic_mla.kernel.term import Term
from symbolic_mla.language.shapes import axis_name
from symbolic_mla.prover.readback import coordinates
from symbolic_mla.report.formula import box_places, cell_index, order
from symbolic_mla.report.letters import Letters, index_plain, size_text, unflatten

MAX_NODES = 18
MAX_LINES = 32


def diagram(form: IndexForm, n: Network, axes: Sequence[Axis], at: Sequence[Index], letters: Letters) -> str | None:
    """Mermaid source, or None for a network that is too large to be read as a picture, or that is a mere number."""
    drawing = _Drawing(form)
    letters = letters.child()
    for number, (axis, i) in enumerate(zip(axes, at, strict=True)):
        node = drawing.node(f'(["{axis_name(number, len(axes))}: {_shown(axis, i, letters)}"])', "r")
        for e in coordinates(i):
            drawing.end(e, node, letters)
    for root, e in n.eqs:
        drawing.glue(root, e)
    for e in order(n):
        letters.of(e)
    drawing.network(n, letters, "  ")
    text = drawing.text()
    fits = drawing.count <= MAX_NODES and len(drawing.lines) <= MAX_LINES
    return text if fits and drawing.count else None


def _shown(axis: Axis, i: Index, letters: Letters) -> str:
    return index_plain(axis, i, letters)


def quoted(text: str) -> str:
    """Text inside the quotes of a Mermaid label."""
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")


class _Drawing:
    def __init__(self, form: IndexForm) -> None:
        self.form = form
        self.count = 0
        self.nodes: list[str] = []
        self.lines: list[str] = []
        self.ends: dict[int, list[tuple[str, bool]]] = {}
        self.labels: dict[int, str] = {}
        self.glued: dict[int, int] = {}

    def node(self, shape: str, kind: str, indent: str = "  ") -> str:
        name = f"{kind}{self.count}"
        self.count += 1
        self.nodes.append(f"{indent}{name}{shape}")
        return name

    def end(self, e: int, node: str, letters: Letters, dashed: bool = False) -> None:
        """An index reaches a node. A constant is in the node's own label already."""
        if e >= 0:
            ends = self.ends.setdefault(e, [])
            if not dashed or (node, True) not in ends:
                ends.append((node, dashed))
            self.labels.setdefault(e, f"{letters.of(e)} : {size_text(self.form.sorts[e])}")

    def glue(self, a: int, b: int) -> None:
        self.glued[b] = a

    # ---- from networks to nodes ----------------------------------------------------------------------

    def network(self, n: Network, letters: Letters, indent: str) -> None:
        for label, coords in n.atoms:
            term = label[0]
            axes = term.axes if isinstance(term, Term) else ()
            places = unflatten(axes, label[1:], coords)
            where = ", ".join(_shown(a, i, letters) for a, i in zip(axes, places, strict=True))
            name = getattr(term, "name", "?")
            node = self.node(f'["{quoted(name)} [{where}]"]' if where else f'["{quoted(name)}"]', "a", indent)
            for e in coords:
                self.end(e, node, letters)
        for box in n.boxes:
            self._box(box, letters, indent)

    def _box(self, box: Box, letters: Letters, indent: str) -> None:
        function, last, positions, at = box_places(box)
        frame = f"b{self.count}"
        self.count += 1
        self.nodes.append(f'{indent}subgraph {frame}["{quoted(function)}⟨ ⟩"]')
        where = ", ".join(_shown(a, i, letters) for a, i in (*positions, (last, at)))
        hub = self.node(f'{{{{"{quoted(function)} at {where}"}}}}', "f", indent + "  ")
        for e in box.coords:
            self.end(e, hub, letters)
        several = len(box.cells) > 1 or any(len(argument) > 1 for _, argument in box.cells)
        for number, (bound, argument) in enumerate(box.cells):
            inner = letters.child()
            bound_index = _shown(last, cell_index(self.form, last, number, bound), inner)
            for k, m in enumerate(argument):
                own = inner.child()
                for e in order(m):
                    own.of(e)
                if several:
                    self.nodes.append(f'{indent}  subgraph {frame}c{number}s{k}["{_factor(m)} at {bound_index}"]')
                for e in bound:
                    self.end(e, hub, inner, dashed=True)
                for a, b in m.eqs:
                    node = self.node('(("="))', "d", indent + "    ")
                    self.end(a, node, own)
                    self.end(b, node, own)
                self.network(m, own, indent + ("    " if several else "  "))
                if several:
                    self.nodes.append(f"{indent}  end")
        self.nodes.append(f"{indent}end")

    # ---- from indices to lines -----------------------------------------------------------------------

    def text(self) -> str:
        together: dict[int, list[tuple[str, bool]]] = {}
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
        bundles: dict[tuple[str, str, bool], list[str]] = {}
        for root, ends in together.items():
            label = labels[root] if root >= 0 else f"{-1 - root}"
            if len(ends) == 2 and root >= 0:
                key = (ends[0][0], ends[1][0], ends[0][1] or ends[1][1])
                bundles.setdefault(key, []).append(label)
                continue
            dot = f"e{self.count}"
            self.count += 1
            self.nodes.append(f'  {dot}(("{quoted(label)}"))')
            self.lines += [f"  {node} {'-.-' if dashed else '---'} {dot}" for node, dashed in ends]
        for (one, other, dashed), found_labels in bundles.items():
            label = quoted(_together(found_labels))
            self.lines.append(f'  {one} {"-.-" if dashed else "---"}|"{label}"| {other}')
        return "\n".join(["flowchart LR", *self.nodes, *self.lines])


def _factor(m: Network) -> str:
    return f"{quoted(str(m.coef))} ×" if str(m.coef) != "1" else "term"


def _together(labels: list[str]) -> str:
    """Parallel lines as one: `i : n` and `j : G` are `i j : n·G`."""
    if len(labels) == 1:
        return labels[0]
    letters, sizes = zip(*(label.split(" : ") for label in labels), strict=True)
    return f"{' '.join(letters)} : {'·'.join(sizes)}"
