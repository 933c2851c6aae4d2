"""A term at one index of each of its axes, as an expression: what a script prints, and what Coq computes with.

The same tree is printed twice, once for people (`text`) and once as data for the checker (`Network.v`, `ex`);
Coq sees by computation that the two are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from symbolic_mla.algebra.ungroup import ungroup
from symbolic_mla.coq.names import Names, factors
from symbolic_mla.kernel.axis import Axis, Index, NeedSplit, edges, group, inject, locate
from symbolic_mla.kernel.network import Groups, IndexForm, Label, Network, node
from symbolic_mla.kernel.scalar import Generator, Number, Var, scalar
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term


@dataclass(frozen=True)
class Num:
    """An integer >= 0."""

    value: int


@dataclass(frozen=True)
class Gen:
    """The size of a dimension, a scalar, a root or an inverse."""

    of: Generator | int


@dataclass(frozen=True)
class Neg:
    of: Ex


@dataclass(frozen=True)
class Add:
    parts: tuple[Ex, ...]


@dataclass(frozen=True)
class Mul:
    parts: tuple[Ex, ...]


@dataclass(frozen=True)
class Over:
    """The sum over one variable."""

    edge: int
    body: Ex


@dataclass(frozen=True)
class At:
    """An atom at its coordinates; `call` is how people see it."""

    label: Label
    coords: tuple[int, ...]


@dataclass(frozen=True)
class Delta:
    left: int
    right: int


@dataclass(frozen=True)
class Function:
    """A function of a vector, given cell by cell, at its coordinates."""

    label: Label
    coords: tuple[int, ...]
    cells: tuple[tuple[tuple[int, ...], Ex], ...]


@dataclass(frozen=True)
class Call:
    """A term at an index: a name for people, an expression for the checker."""

    term: Term
    at: tuple[Index, ...]
    body: Ex | None


Ex = Num | Gen | Neg | Add | Mul | Over | At | Delta | Function | Call


def _nothing(form: IndexForm, networks: Sequence[Network]) -> Groups:
    return ()


class Builder:
    """Makes expressions; its variables are the edges of one index form."""

    def __init__(self, names: Names, deep: bool) -> None:
        self.names, self.deep = names, deep
        self.form = IndexForm(names.split, _nothing)
        self.sort_of = self.form.sorts

    def cells(self, axes: Sequence[Axis]) -> Iterator[tuple[Index, ...]]:
        return self.form.cells(axes)

    def edges(self, cell: Sequence[Index]) -> list[int]:
        return list(edges(*cell))

    def coefficient(self, c: Number) -> Ex:
        """A number as a sum of monomials."""
        monomials: list[Ex] = []
        for k, generators in factors(c):
            parts: list[Ex] = [Num(abs(k))] if abs(k) != 1 or not generators else []
            for g in generators:
                parts.append(Gen(g))
            whole = parts[0] if len(parts) == 1 else Mul(tuple(parts))
            monomials.append(Neg(whole) if k < 0 else whole)
        return monomials[0] if len(monomials) == 1 else Add(tuple(monomials))

    def at(self, term: Term, at: Sequence[Index]) -> Ex:
        """The term at an index: a call, with what it stands for if the checker is to see it."""
        where = tuple(at)
        if isinstance(term, Atom):
            return Call(term, where, At(*node((term,), term.axes, at)))
        return Call(term, where, self.body(term, at) if self.deep else None)

    def body(self, term: Term, at: Sequence[Index]) -> Ex:
        """What a term that is no symbol is at an index."""
        if isinstance(term, Einsum):
            return self._einsum(term, at)
        if isinstance(term, Sum):
            parts: list[Ex] = []
            for c, t in term.parts:
                inner = self.at(t, at)
                if scalar(c) == scalar(1):
                    parts.append(inner)
                elif scalar(c) == scalar(-1):
                    parts.append(Neg(inner))
                else:
                    parts.append(Mul((self.coefficient(c), inner)))
            return parts[0] if len(parts) == 1 else Add(tuple(parts))
        if isinstance(term, Stack):
            part, i = locate([t.axes[term.axis] for t in term.parts], at[term.axis])
            return self.at(term.parts[part], [*at[: term.axis], i, *at[term.axis + 1 :]])
        if isinstance(term, Block):
            i = inject(term.blocks, term.which, at[term.axis])
            return self.at(term.term, [*at[: term.axis], i, *at[term.axis + 1 :]])
        if isinstance(term, Pick):
            key = (term.index, term.size())
            if key not in self.form.picked:
                self.form.picked[key] = self.form.fresh(key[1])
                self.names.picks.setdefault(key, self.names.name(f"position {term.index}"))
            i = Index(0, -1, (self.form.picked[key],))
            return self.at(term.term, [*at[: term.axis], i, *at[term.axis :]])
        if isinstance(term, Apply):
            return self._apply(term, at)
        return self.at(term, at)

    def _einsum(self, term: Einsum, at: Sequence[Index]) -> Ex:
        bound: dict[int, Index] = {}
        eqs: list[tuple[int, int]] = []
        for labels, i in zip(term.output, at, strict=True):
            for k, j in ungroup(term.labels, labels, i):
                if k not in bound:
                    bound[k] = j
                elif not self._unify(term.labels[k], bound[k], j, eqs):
                    return Add(())
        free = [k for k in range(len(term.labels)) if k not in bound]
        out: list[Ex] = []
        for cell in self.cells([term.labels[k] for k in free]):
            where = {**bound, **dict(zip(free, cell, strict=True))}
            parts: list[Ex] = [Delta(a, b) for a, b in eqs]
            for operand, pattern in term.operands:
                parts.append(self.at(operand, [group(term.labels, labels, where) for labels in pattern]))
            whole: Ex = parts[0] if len(parts) == 1 else Mul(tuple(parts))
            for e in reversed(self.edges(cell)):
                whole = Over(e, whole)
            out.append(whole)
        return out[0] if len(out) == 1 else Add(tuple(out))

    def _unify(self, axis: Axis, i: Index, j: Index, eqs: list[tuple[int, int]]) -> bool:
        """Add the deltas that make two indices of one axis equal; False where they lie in different cells."""
        if i.run != j.run or (i.copy < 0 and j.copy < 0 and i.copy != j.copy):
            return False
        run = axis.runs[i.run]
        if (i.copy < 0) != (j.copy < 0):
            raise NeedSplit(run.count)
        eqs += [(a, b) for a, b in zip((i.copy, *i.heads), (j.copy, *j.heads), strict=True) if a >= 0]
        return not (run.tail and i.tail and j.tail) or self._unify(run.tail, i.tail, j.tail, eqs)

    def _apply(self, term: Apply, at: Sequence[Index]) -> Ex:
        last = term.axes[-1]
        places = (*term.positions, len(term.axes) - 1)
        axes = [term.axes[p] for p in places]
        label, coords = node((term.function, last, *axes[:-1]), axes, [at[p] for p in places])
        self.names.function(label)
        cells = []
        for (i,) in self.cells([last]):
            cells.append((tuple(self.edges([i])), self.at(term.term, [*at[:-1], i])))
        return Function(label, coords, tuple(cells))


# ---- for people ----------------------------------------------------------------------------------------


class Printer:
    """The readable text of expressions; `terms` says how a term is called."""

    def __init__(self, names: Names, terms: TermNames, builder: Builder, edge: dict[int, str]) -> None:
        self.names, self.terms, self.builder, self.edge = names, terms, builder, edge

    def variable(self, e: int) -> str:
        if e not in self.edge:
            for key, picked in self.builder.form.picked.items():
                if picked == e:
                    return self.names.picks[key]
            self.edge[e] = f"i{len(self.edge)}"
        return self.edge[e]

    def text(self, e: Ex) -> str:
        if isinstance(e, Num):
            return f"{e.value}%:R"
        if isinstance(e, Gen):
            if isinstance(e.of, Var) and e.of.sign == "dimension":
                return f"#|{self.names.sort_text(e.of)}|%:R"
            return self.names.number_name(e.of) if isinstance(e.of, Generator) else f"{e.of}%:R"
        if isinstance(e, Neg):
            return f"(- {self.text(e.of)})"
        if isinstance(e, (Add, Mul)):
            sign, unit = ("+", "0%:R") if isinstance(e, Add) else ("*", "1%:R")
            if not e.parts:
                return unit
            out = self.text(e.parts[-1])
            for p in reversed(e.parts[:-1]):
                out = f"({self.text(p)} {sign} {out})"
            return out
        if isinstance(e, Over):
            sort = self.names.sort_text(self.builder.sort_of[e.edge])
            return f"(\\sum_({self.variable(e.edge)} : {sort}) {self.text(e.body)})"
        if isinstance(e, Delta):
            return f"({self.variable(e.left)} == {self.variable(e.right)})%:R"
        if isinstance(e, Function):
            return self._function(e)
        if isinstance(e, Call):
            for i in e.at:
                for edge in self.builder.edges([i]):
                    self.variable(edge)
            at = [self.names.index(a, i, self.edge | self._picked()) for a, i in zip(e.term.axes, e.at, strict=True)]
            return f"({' '.join([self.terms.call(e.term), *at])})" if at else self.terms.call(e.term)
        raise TypeError(e)

    def _picked(self) -> dict[int, str]:
        return {e: self.names.picks[key] for key, e in self.builder.form.picked.items() if key in self.names.picks}

    def _function(self, e: Function) -> str:
        kind, last, at = self.names.kinds, e.label[1], list(e.coords)
        if not isinstance(last, Axis):
            raise TypeError(last)
        axes = [a for a in e.label[2:] if isinstance(a, Axis)]
        runs = [r for r in e.label[2:] if isinstance(r, int)]
        where = []
        for axis in (*axes, last):
            i = unflatten(axis, runs, at)
            for edge in self.builder.edges([i]):
                self.variable(edge)
            where.append(self.names.index(axis, i, self.edge | self._picked()))
        name = kind[(e.label[0], last, *axes)]
        branches = []
        fresh = Builder(self.names, False)
        for (bound, body), (i,) in zip(e.cells, fresh.cells([last]), strict=True):
            to = dict(zip(fresh.edges([i]), bound, strict=True))
            pattern = self.names.index(last, i, {k: self.variable(b) for k, b in to.items()})
            branches.append(f"| {pattern} => {self.text(body)}")
        call = " ".join([name, *where[:-1]])
        vector = f"[ffun p_ : {self.names.axis(last)} => match p_ with {' '.join(branches)} end]"
        return f"({call} {vector} {where[-1]})"


def unflatten(axis: Axis, runs: list[int], coords: list[int]) -> Index:
    """The inverse of `flatten`: takes from the front of `runs` and `coords`."""
    several = len(axis.runs) > 1 or axis.runs[0].count > 1 or axis.runs[0].tail
    r = runs.pop(0) if several else 0
    count, heads, tail = axis.runs[r]
    copy = coords.pop(0) if several and count > 1 else -1
    own = tuple(coords.pop(0) for _ in heads)
    return Index(r, copy, own, unflatten(tail, runs, coords) if tail else None)


@dataclass
class Opened:
    """Terms with a hole, each a definition whose argument fills it: `argument` is the hole with its type."""

    prefix: str
    hole: str
    argument: str
    known: dict[Term, str] = field(default_factory=dict)
    definitions: list[str] = field(default_factory=list)

    def call(self, terms: TermNames, term: Term) -> str:
        if term not in self.known:
            text = terms.function(term)
            self.known[term] = f"{self.prefix}{len(self.known) + 1}"
            types = "".join(f"{terms.names.axis(a)} -> " for a in term.axes)
            self.definitions.append(f"Definition {self.known[term]} ({self.argument}) : {types}R :=\n  {text}.\n")
        return f"({self.known[term]} {self.hole})"


class TermNames:
    """A Coq definition for each term that is no symbol."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.known: dict[Term, str] = {}
        self.definitions: list[str] = []
        self.opened: Opened | None = None

    def _local(self, term: Term) -> bool:
        from symbolic_mla.kernel.node import names as spoken

        return bool(self.names.hidden & spoken(term))

    def call(self, term: Term) -> str:
        """How a term is called: a symbol by its name, another by its definition."""
        if isinstance(term, Atom):
            if term.name in self.names.hidden:
                return self.names.name(f"bound {term.name}")
            return self.names.symbol(term)
        if self._local(term):
            return self.opened.call(self, term) if self.opened else self.function(term)
        if term not in self.known:
            text = self.function(term)
            self.known[term] = f"t{len(self.known) + 1}"
            types = "".join(f"{self.names.axis(a)} -> " for a in term.axes)
            self.definitions.append(f"Definition {self.known[term]} : {types}R :=\n  {text}.")
        return self.known[term]

    def function(self, term: Term) -> str:
        """A term as a function of its indices."""
        builder = Builder(self.names, False)
        branches = []
        for cell in builder.cells(term.axes):
            printer = Printer(self.names, self, builder, {})
            for e in builder.edges(cell):
                printer.variable(e)
            patterns = [self.names.index(a, i, printer.edge) for a, i in zip(term.axes, cell, strict=True)]
            branches.append((patterns, printer.text(builder.body(term, cell))))
        if not term.axes:
            return branches[0][1]
        heads = [f"x{k}" for k in range(len(term.axes))]
        binders = " ".join(f"({h} : {self.names.axis(a)})" for h, a in zip(heads, term.axes, strict=True))
        rows = " ".join(f"| {', '.join(p)} => {body}" for p, body in branches)
        return f"(fun {binders} => match {', '.join(heads)} with {rows} end)"
