"""A network that is a product of matrices, written as one: `P Qᵀ`, `tr(A B) C`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from symbolic_mla.kernel.axis import Index
from symbolic_mla.kernel.network import Coords, Network
from symbolic_mla.kernel.term import Atom
from symbolic_mla.prover.readback import coordinates

Ends = tuple[Coords, Coords]


def chain_text(network: Network, boundary: Sequence[Index]) -> str | None:
    """The atoms from the first axis of the boundary to the second, closed chains as traces before them.

    None for a network that is no such product: with an edge of three ends, a function, an axis of a direct sum.
    """
    ends = [tuple(coordinates(i)) for i in boundary]
    if network.boxes or network.eqs or len(ends) not in (0, 2):
        return None
    touched = Counter(e for _, coords in network.atoms for e in coords)
    outer = [e for end in ends for e in end]
    if any(touched[e] != 2 for e in network.inner) or any(touched[e] != 1 for e in outer):
        return None
    todo: list[tuple[str, Ends]] = []
    for label, coords in network.atoms:
        atom = label[0]
        if len(label) > 1 or not isinstance(atom, Atom) or len(atom.axes) != 2:
            return None
        if any(len(a.runs) > 1 or a.runs[0].count > 1 or a.runs[0].tail for a in atom.axes):
            return None
        rows = len(atom.axes[0].runs[0].heads)
        todo.append((atom.name, (coords[:rows], coords[rows:])))
    through = _walk(ends[0], ends[1], todo) if ends else []
    traces = []
    while todo and through is not None:
        name, (start, at) = todo.pop(0)
        closed = _walk(at, start, todo) if at != start else []
        if closed is None:
            return None
        traces.append(f"tr({' '.join([name, *closed])})")
    return " ".join([*traces, *through]) if through is not None else None


def _walk(at: Coords, goal: Coords, todo: list[tuple[str, Ends]]) -> list[str] | None:
    """The factors from one bundle of edges to another; they are taken out of `todo`."""
    factors = []
    while at != goal:
        for k, (name, (row, column)) in enumerate(todo):
            if at in (row, column):
                factors.append(name if at == row else f"{name}ᵀ")
                at = column if at == row else row
                del todo[k]
                break
        else:
            return None
    return factors
