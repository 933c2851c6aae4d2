"""Symmetric networks that are hard for canonical labelling end within the budget: decided or undecided, never wrong."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random
from typing import Any

import pytest

from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Einsum, Term
from symbolic_mla.prover.decide import decide

N = Axis.of(Var("n"))
Graph = tuple[Sequence[Any], Sequence[tuple[Any, ...]]]


def network(graph: Graph, seed: int | None = None) -> Term:
    """One closed network of one symbol: an edge of the graph is an atom, a vertex an edge that is summed."""
    vertices, edges = graph
    names = list(range(len(vertices)))
    if seed is not None:
        Random(seed).shuffle(names)
    at = dict(zip(vertices, names, strict=True))
    atoms = [tuple((at[v],) for v in edge) for edge in edges]
    if seed is not None:
        Random(seed).shuffle(atoms)
    symbol = Atom("S", (N,) * len(edges[0]))
    return Einsum(tuple((symbol, pattern) for pattern in atoms), (), (N,) * len(vertices))


def both_ways(vertices: Sequence[Any], edges: Sequence[tuple[Any, Any]]) -> Graph:
    return vertices, [e for a, b in edges for e in ((a, b), (b, a))]


def latin(table: Sequence[Sequence[int]]) -> Graph:
    """Cells are joined in a row, in a column, and where they hold one symbol."""
    cells = [(i, j) for i in range(len(table)) for j in range(len(table))]
    return both_ways(cells, [(a, b) for a, b in combinations(cells, 2)
                             if a[0] == b[0] or a[1] == b[1] or table[a[0]][a[1]] == table[b[0]][b[1]]])  # fmt: skip


def kneser(m: int, k: int) -> Graph:
    sets = list(combinations(range(m), k))
    return both_ways(sets, [(a, b) for a, b in combinations(sets, 2) if not set(a) & set(b)])


def cfi(base: Sequence[tuple[int, int]], twisted: bool) -> Graph:
    """Cai, Fürer and Immerman: twisted and plain look alike to every refinement of colours."""
    vertices: list[Any] = [(e, side) for e in base for side in (0, 1)]
    edges: list[tuple[Any, Any]] = []
    for v in sorted({v for e in base for v in e}):
        around = [e for e in base if v in e]
        for chosen in (c for size in range(0, len(around) + 1, 2) for c in combinations(around, size)):
            vertices.append((v, chosen))
            for e in around:
                turn = twisted and e == base[0] and v == base[0][0]
                edges.append(((v, chosen), (e, int((e in chosen) != turn))))
    return vertices, edges


CYCLIC = latin([[(i + j) % 5 for j in range(5)] for i in range(5)])
K4 = list(combinations(range(4), 2))
PRISM = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (0, 3), (1, 4), (2, 5)]
ROOK = both_ways(cells := [(i, j) for i in range(4) for j in range(4)],
                 [(a, b) for a, b in combinations(cells, 2) if a[0] == b[0] or a[1] == b[1]])  # fmt: skip
FANO: Graph = (range(7), [(i, (i + 1) % 7, (i + 3) % 7) for i in range(7)])
SAME = {"Latin square": CYCLIC, "Petersen": kneser(5, 2), "Kneser 7, 3": kneser(7, 3), "rook": ROOK, "Fano": FANO,
        "CFI over K4": cfi(K4, False), "CFI over a prism, twisted": cfi(PRISM, True)}  # fmt: skip
HEXAGON = both_ways(range(6), [(i, (i + 1) % 6) for i in range(6)])
TRIANGLES = both_ways(range(6), [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)])
APART = {
    "CFI over K4": (cfi(K4, False), cfi(K4, True)), "CFI over a prism": (cfi(PRISM, False), cfi(PRISM, True)),
    "a hexagon and two triangles": (HEXAGON, TRIANGLES),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_a_network_is_itself_however_it_is_written(name: str) -> None:
    """Vertices and atoms in another order: proved, or the budget ran out."""
    found = decide(Equation(network(SAME[name]), network(SAME[name], seed=7)))
    assert found.verdict in ("proved", "undecided")


@pytest.mark.parametrize("name", APART)
def test_networks_that_differ_are_never_equal(name: str) -> None:
    """Refuted, or the budget ran out."""
    one, other = APART[name]
    assert decide(Equation(network(one), network(other, seed=7))).verdict in ("refuted", "undecided")
