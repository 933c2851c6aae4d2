"""A network as a Mermaid diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from symbolic_mla.kernel.axis import Axis, Index
from symbolic_mla.kernel.network import IndexForm, Network
from symbolic_mla.report.graph import Frame, Graph, Line, Node, graph
from symbolic_mla.report.letters import Letters
from symbolic_mla.report.markdown import quoted

MAX_NODES = 18
MAX_LINES = 32


def diagram(form: IndexForm, n: Network, axes: Sequence[Axis], at: Sequence[Index], letters: Letters) -> str | None:
    """Mermaid source, or None for a network that is too large to be read as a picture, or that is a mere number."""
    found = graph(form, n, axes, at, letters)
    fits = found.count <= MAX_NODES and len(found.lines) <= MAX_LINES
    return "\n".join(["flowchart LR", *mermaid_lines(found)]) if fits and found.count else None


def mermaid_lines(found: Graph, prefix: str = "", mark: Callable[[Node], str] = lambda _: "") -> Iterator[str]:
    """The nodes, frames and lines of a graph. `prefix` keeps several apart, `mark` goes before an atom's name."""
    names = {node.key: _name(node, prefix) for node in found.nodes()}
    yield from _items(found.items, "  ", prefix, mark)
    for line in found.lines:
        yield f"  {names[line.start]} {_stroke(line)} {names[line.end]}"


def _name(node: Node, prefix: str) -> str:
    return prefix + {"axis": "r", "atom": "a", "apply": "f", "equal": "d", "index": "e"}[node.kind] + str(node.key)


def _stroke(line: Line) -> str:
    return ("-.-" if line.dashed else "---") + (f'|"{quoted(line.text)}"|' if line.text else "")


def _items(items: Sequence[Node | Frame], indent: str, prefix: str, mark: Callable[[Node], str]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Node):
            yield f"{indent if item.kind != 'index' else '  '}{_name(item, prefix)}{_shape(item, mark(item))}"
            continue
        part = "" if item.sub is None else f"c{item.sub // 1000}s{item.sub % 1000}"
        yield f'{indent}subgraph {prefix}b{item.key}{part}["{quoted(item.text)}"]'
        yield from _items(item.inside, indent + "  ", prefix, mark)
        yield f"{indent}end"


def _shape(node: Node, mark: str) -> str:
    text, where = quoted(node.text), quoted(node.where)
    match node.kind:
        case "axis":
            return f'(["{text}: {where}"])'
        case "atom":
            return f'["{mark}{text} [{where}]"]' if where else f'["{mark}{text}"]'
        case "apply":
            return f'{{{{"{text} at {where}"}}}}'
        case "equal":
            return '(("="))'
        case _:
            return f'(("{text}"))'
