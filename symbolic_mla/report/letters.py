"""Letters for the edges of networks, and indices of structured axes written with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from symbolic_mla.kernel.axis import Axis, Index
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.language.latex_names import name_latex

THIN = r"\,"
POOL = "ijklabcepquvwxyzmrsthgnodf"
"""Letters for indices, the usual ones first. A letter that the document uses itself is passed over."""


class Letters:
    """A letter for each edge, given out in the order in which edges are met.

    >>> letters = Letters({"j"})
    >>> [letters.of(e) for e in (7, 9, 7, -1)]
    ['i', 'k', 'i', '0']
    """

    def __init__(self, avoid: set[str], named: Mapping[int, str] = MappingProxyType({})) -> None:
        self._avoid = avoid | set(named.values())
        self._known: dict[int, str] = dict(named)
        self._unused = self._supply()

    def _supply(self) -> Iterator[str]:
        fit = [c for c in POOL if c not in self._avoid] or ["i"]
        yield from fit
        round_ = 1
        while True:
            yield from (f"{c}_{round_}" for c in fit)
            round_ += 1

    def child(self) -> Letters:
        """Letters that agree with these, for a scope of its own: what it adds is forgotten outside."""
        other = Letters(self._avoid)
        other._known = dict(self._known)
        taken = set(other._known.values())
        supply = other._supply()
        other._unused = (x for x in supply if x not in taken)
        return other

    def of(self, edge: int) -> str:
        """The letter of an edge; a constant coordinate is the number that it is, counted from 0."""
        if edge < 0:
            return str(-1 - edge)
        if edge not in self._known:
            self._known[edge] = next(self._unused)
        return self._known[edge]

    def latex(self, edge: int) -> str:
        return name_latex(self.of(edge))


def size_text(sort: Var | int) -> str:
    """The number of values that an edge runs over."""
    return str(sort) if isinstance(sort, int) else sort.name


def unflatten(axes: Sequence[Axis], path: Sequence[object], coords: Sequence[int]) -> list[Index]:
    """The indices of a node, one for each axis, from its label's choices of run and its coordinates."""
    runs, edges = iter(path), iter(coords)

    def one(axis: Axis) -> Index:
        which = next(runs) if len(axis.runs) > 1 or axis.runs[0].count > 1 or axis.runs[0].tail else 0
        run = axis.runs[int(which)]  # type: ignore[call-overload]
        copy = next(edges) if run.count > 1 else -1
        heads = tuple(next(edges) for _ in run.heads)
        return Index(int(which), copy, heads, one(run.tail) if run.tail else None)  # type: ignore[call-overload]

    return [one(axis) for axis in axes]


def index_parts(axis: Axis, i: Index, name: Callable[[int], str]) -> list[str]:
    """The coordinates of an index, most significant first; `[b]` in front of them names block b of a direct sum."""
    run = axis.runs[i.run]
    parts = [f"[{i.run}]"] if len(axis.runs) > 1 else []
    parts += [name(i.copy)] if run.count > 1 else []
    parts += [name(e) for e in i.heads]
    return parts + (index_parts(run.tail, i.tail, name) if run.tail and i.tail else [])


def index_latex(axis: Axis, i: Index, letters: Letters) -> str:
    r"""An index as LaTeX: `j`, or `(i\,j)` where the axis is a product."""
    parts = index_parts(axis, i, letters.latex)
    return parts[0] if len(parts) == 1 else rf"({THIN.join(parts)})" if parts else "0"


def index_plain(axis: Axis, i: Index, letters: Letters) -> str:
    """An index as text."""
    return " ".join(index_parts(axis, i, letters.of)) or "0"
