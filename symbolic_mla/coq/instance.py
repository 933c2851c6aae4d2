"""A concrete instance as a script over `rat`: sizes, entries and functions as definitions, indices as text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symbolic_mla.coq.expression import Builder
from symbolic_mla.coq.names import Inverse, Sort
from symbolic_mla.coq.statements import Statements
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.instance.values import at, plain, size
from symbolic_mla.kernel.axis import Axis, Index
from symbolic_mla.kernel.scalar import Generator, Number, Var, scalar

Table = Mapping[tuple[tuple[int, ...], tuple[Number, ...]], tuple[int, ...]]


class Concrete(Statements):
    """A script whose variables have values."""

    def __init__(self, split: frozenset[int], here: Instance, tables: Mapping[str, Table]) -> None:
        super().__init__(split)
        self.here, self.met = here, tables
        self.names.field = "fieldType"

    # ---- indices -----------------------------------------------------------------------------------

    def _size(self, s: Sort) -> int:
        return int(self.here.numbers[s.name]) if isinstance(s, Var) else s  # type: ignore[arg-type]

    def element(self, axis: Axis, k: int) -> str:
        """The k-th index of an axis."""
        edge: dict[int, str] = {}

        def constant(sort: Sort, value: int) -> int:
            edge[len(edge)] = f"(@Ordinal {self._size(sort)} {value} isT)"
            return len(edge) - 1

        def index(axis: Axis, k: int) -> Index:
            for r, (count, heads, tail) in enumerate(axis.runs):
                below = [self._size(h) for h in heads] + ([size(tail, self.here.numbers)] if tail else [])
                inner = math.prod(below)
                if k < count * inner:
                    copy, k = divmod(k, inner)
                    whole = count == 1 or count in self.names.split
                    first = -1 - copy if whole else constant(count, copy)
                    places = []
                    for n in reversed(below):
                        k, place = divmod(k, n)
                        places.append(place)
                    places.reverse()
                    own = tuple(constant(h, v) for h, v in zip(heads, places[: len(heads)], strict=True))
                    return Index(r, first, own, index(tail, places[-1]) if tail else None)
                k -= count * inner
            raise IndexError(k)

        found = index(axis, k)
        return self.names.index(axis, found, edge)

    def position(self, axis: Axis, i: Index, edge: Mapping[int, str]) -> str:
        """Where an index stands in its axis, as a natural number of Coq."""
        before = 0
        for count, heads, tail in axis.runs[: i.run]:
            before += count * math.prod(map(self._size, heads)) * (size(tail, self.here.numbers) if tail else 1)
        count, heads, tail = axis.runs[i.run]
        text = f"nat_of_ord {edge[i.copy]}" if i.copy >= 0 else str(-1 - i.copy)
        for h, e in zip(heads, i.heads, strict=True):
            text = f"({text} * {self._size(h)} + nat_of_ord {edge[e]})"
        if tail and i.tail:
            text = f"({text} * {size(tail, self.here.numbers)} + {self.position(tail, i.tail, edge)})"
        return f"({before} + {text})"

    def _by_position(self, axes: Sequence[Axis], rows: Sequence[str], default: str = "0%:R") -> str:
        """A function of indices that looks its value up in a list."""
        if not axes:
            return rows[0]
        builder = Builder(self.names, False)
        shape = self.here.shape(axes)
        branches = []
        for cell in builder.cells(axes):
            edge = {e: f"i{e}" for e in builder.edges(cell)}
            patterns = ", ".join(self.names.index(a, i, edge) for a, i in zip(axes, cell, strict=True))
            where = "0"
            for a, i, n in zip(axes, cell, shape, strict=True):
                where = f"({where} * {n} + {self.position(a, i, edge)})"
            branches.append(f"| {patterns} => nth {default} [:: {'; '.join(rows)}] {where}%N")
        heads = [f"x{k}" for k in range(len(axes))]
        typed = " ".join(f"({h} : {self.names.axis(a)})" for h, a in zip(heads, axes, strict=True))
        return f"fun {typed} => match {', '.join(heads)} with {' '.join(branches)} end"

    # ---- values ------------------------------------------------------------------------------------

    def table(self, axes: Sequence[Axis], tensor: Tensor) -> str:
        """A tensor as a function of its indices."""
        return self._by_position(axes, [rational(x) for x in tensor.entries])

    def value(self, g: Generator) -> Number:
        """A scalar, a root or an inverse here. Raises UnsupportedError where it is not rational."""
        found = at(1 / scalar(g.of) if isinstance(g, Inverse) else scalar(g), self.here.numbers)
        rational(found)
        return found

    def function(self, kind: tuple[Any, ...]) -> str:
        """A function by its table: what each argument that was met gives."""
        name, last, *axes = kind
        tables: dict[tuple[int, ...], list[str]] = {}
        length = size(last, self.here.numbers)
        listed = f"[:: {'; '.join(f'v_ {self.element(last, k)}' for k in range(length))}]"
        for (places, row), values in self.met.get(name, {}).items():
            if len(row) == length and len(places) == len(axes):
                met, out = ("; ".join(map(rational, x)) for x in (row, values))
                tables.setdefault(places, []).append(f"([:: {met}], [:: {out}])")
        shape = self.here.shape(axes)
        rows = []
        for k in range(math.prod(shape)):
            at_, rest = [], k
            for n in reversed(shape):
                rest, place = divmod(rest, n)
                at_.append(place)
            rows.append(f"[:: {'; '.join(tables.get(tuple(reversed(at_)), []))}]".replace("[:: ]", "[::]"))
        builder = Builder(self.names, False)
        picked = []
        for (i,) in builder.cells([last]):
            edge = {e: f"j{e}" for e in builder.edges([i])}
            where = self.position(last, i, edge)
            picked.append(f"| {self.names.index(last, i, edge)} => nth 0%:R l_ {where}%N")
        vector = f"{{ffun {self.names.axis(last)} -> R}}"
        chosen = f"let l_ := look L_ {listed} in match p_ with {' '.join(picked)} end"
        read = f"[ffun p_ : {self.names.axis(last)} => {chosen}]"
        if not axes:
            return f"fun (v_ : {vector}) => {read.replace('L_', rows[0])}"
        heads = [f"x{k}" for k in range(len(axes))]
        typed = " ".join(f"({h} : {self.names.axis(a)})" for h, a in zip(heads, axes, strict=True))
        own = f"(({self._by_position(axes, rows, '[::]')}) {' '.join(heads)})"
        return f"fun {typed} (v_ : {vector}) => {read.replace('L_', own)}"

    def definitions(self) -> list[str]:
        """Everything that a section of a theorem would declare, with its value here."""
        n = self.names
        for a in n.symbols:
            for axis in a.axes:
                n.axis(axis)
        self.declared_numbers()
        out = []
        for kind, name, thing in self.variables():
            if kind == "size":
                out.append(f"Definition {name} : finType := ord {self._size(thing)}.")  # type: ignore[arg-type]
            elif kind == "number":
                out.append(f"Definition {name} : R := {rational(self.value(thing))}.")  # type: ignore[arg-type]
            elif kind == "position":
                k = self.here.positions[thing[0]]  # type: ignore[index]
                sort = thing[1]  # type: ignore[index]
                out.append(f"Definition {name} : {n.sort_text(sort)} := @Ordinal {self._size(sort)} {k} isT.")
            elif kind == "symbol":
                symbol: Any = thing
                entries = self.table(symbol.axes, self.here.tensors[symbol.name])
                out.append(f"Definition {name} : {self.type(symbol.axes)} :=\n  {entries}.")
            elif kind == "function":
                f: Any = thing
                positions = "".join(f"{n.axis(x)} -> " for x in f[2:])
                vector = f"{{ffun {n.axis(f[1])} -> R}}"
                out.append(f"Definition {name} : {positions}{vector} -> {vector} :=\n  {self.function(f)}.")
        return out

    def unfolded(self) -> str:
        """The names that computing must see through."""
        return " ".join([*(name for kind, name, _ in self.variables() if kind not in ("bound", "relation")),
                         *self.terms.known.values()])  # fmt: skip


def rational(x: Number) -> str:
    """A rational number of Coq. Raises UnsupportedError for any other."""
    x = plain(x)
    if not isinstance(x, int | Fraction):
        raise UnsupportedError(f"{x} is not rational: this instance is not over `rat`")
    sign, top, bottom = ("- " if x < 0 else ""), abs(Fraction(x)).numerator, Fraction(x).denominator
    text = f"{top}%:R" if bottom == 1 else f"{top}%:R / {bottom}%:R"
    return f"({sign}{text} : rat)" if sign or bottom != 1 else f"({text} : rat)"
