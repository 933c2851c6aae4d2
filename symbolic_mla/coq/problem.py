"""Why an expression vanishes, as data for the checker (`Network.v`, `hint`).

This mirrors the checker's own steps: distribute, solve deltas, count variables that touch nothing, name the
summed variables of isomorphic networks alike, and add up the coefficients of each class. It is not trusted:
where it is wrong the checker refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from symbolic_mla.coq.coefficients import Poly, Relations, Token, plus
from symbolic_mla.coq.data import listed, pairs, poly, seq
from symbolic_mla.coq.expression import Add, At, Builder, Call, Delta, Ex, Function, Gen, Mul, Neg, Num, Over
from symbolic_mla.coq.names import Inverse, Sort
from symbolic_mla.coq.nets import Factor, Net, kinds, rename_factor, replace_variable, same_factor, sw, variables
from symbolic_mla.coq.tables import Tables
from symbolic_mla.errors import BudgetError, UnsupportedError
from symbolic_mla.kernel.network import Box, IndexForm, Network
from symbolic_mla.kernel.scalar import Generator, Scalar, scalar
from symbolic_mla.prover.matching import Matcher

MAX_NETWORKS = 4000


@dataclass
class Class:
    """Networks that are equal: the summed variables and factors that all of them get, and their total."""

    first: Net
    network: Network
    image: dict[int, int]
    inner: list[int]
    facs: list[Factor]
    total: Poly = field(default_factory=dict)


class Problem:
    """One equation at one cell: its variables, and the data that convince the checker."""

    def __init__(self, builder: Builder, tables: Tables) -> None:
        self.builder, self.tables, self.names = builder, tables, builder.names
        self.number: dict[int, int] = {}
        self.shared: dict[tuple[object, ...], int] = {}
        self.sums: dict[int, int] = {}  # by the level of a cell: how many sums it has so far
        self.form = IndexForm(self.names.split, lambda _f, _n: ())
        self.relations = Relations(self.names.numbers, tables.token)
        self.depth = 1

    # ---- variables ---------------------------------------------------------------------------------

    def fresh(self, sort: Sort) -> int:
        self.names.sort(sort)
        return self.form.fresh(sort)

    def variable(self, edge: int) -> int:
        if edge not in self.number:
            self.number[edge] = self.fresh(self.builder.sort_of[edge])
        return self.number[edge]

    def _shared(self, key: tuple[object, ...], sort: Sort) -> int:
        if key not in self.shared:
            self.shared[key] = self.fresh(sort)
        return self.shared[key]

    def own(self, e: Ex, level: int = 0) -> Ex:
        """The expression in the variables of this problem, calls opened.

        A variable that a cell of a function sums over is numbered by its place there: equal cells get equal letters,
        and the checker sees that they are equal without a hint.
        """
        if isinstance(e, Call):
            if e.body is None:
                raise UnsupportedError("a call without a body")
            return self.own(e.body, level)
        if isinstance(e, Neg):
            return Neg(self.own(e.of, level))
        if isinstance(e, Add):
            return Add(tuple(self.own(p, level) for p in e.parts))
        if isinstance(e, Mul):
            return Mul(tuple(self.own(p, level) for p in e.parts))
        if isinstance(e, Over):
            if level:
                sort = self.builder.sort_of[e.edge]
                self.number[e.edge] = self._shared(("sum", sort, level, self.sums[level]), sort)
                self.sums[level] += 1
            return Over(self.variable(e.edge), self.own(e.body, level))
        if isinstance(e, Delta):
            return Delta(self.variable(e.left), self.variable(e.right))
        if isinstance(e, At):
            out = replace(e, coords=self._coords(e.coords))
            self.tables.atom(out)
            return out
        if isinstance(e, Function):
            cells = []
            for number, (bound, body) in enumerate(e.cells):
                for place, b in enumerate(bound):
                    key = (e.label[0], e.label[1], number, place, level)
                    self.number[b] = self._shared(key, self.builder.sort_of[b])
                self.sums[level + 1] = 0
                cells.append((tuple(self.number[b] for b in bound), self.own(body, level + 1)))
            out_f = Function(e.label, self._coords(e.coords), tuple(cells))
            self.tables.function(out_f)
            self.depth = max(self.depth, level + 2)
            return out_f
        return e

    def _coords(self, coords: Sequence[int]) -> tuple[int, ...]:
        return tuple(c if c < 0 else self.variable(c) for c in coords)

    # ---- networks ----------------------------------------------------------------------------------

    def networks(self, e: Ex) -> list[Net]:
        """The same distribution, in the same order, as `nf`."""
        if isinstance(e, Num):
            return [Net(e.value, [], [], [])]
        if isinstance(e, Gen):
            return [Net(1, [self.tables.token(e.of)], [], [])] if isinstance(e.of, Generator) else []
        if isinstance(e, Neg):
            return [replace(n, z=-n.z) for n in self.networks(e.of)]
        if isinstance(e, Add):
            return [n for p in e.parts for n in self.networks(p)] if e.parts else [Net(0, [], [], [])]
        if isinstance(e, Mul):
            if not e.parts:
                return [Net(1, [], [], [])]
            lists = [self.networks(p) for p in e.parts]
            out = lists[-1]
            for left in reversed(lists[:-1]):
                if len(left) * len(out) > MAX_NETWORKS:
                    raise BudgetError(f"more than {MAX_NETWORKS} networks")
                out = [Net(a.z * b.z, a.gens + b.gens, a.inner + b.inner, a.facs + b.facs) for a in left for b in out]
            return out
        if isinstance(e, Over):
            return [replace(n, inner=[e.edge, *n.inner]) for n in self.networks(e.body)]
        if isinstance(e, (At, Delta, Function)):
            return [Net(1, [], [], [e])]
        raise TypeError(e)

    def reduce(self, n: Net) -> tuple[Net, list[tuple[int, int]]]:
        """Deltas solved, one after the other, and variables that touch nothing counted."""
        steps = []
        inner, facs = list(n.inner), list(n.facs)
        settled: set[tuple[int, int]] = set()
        while True:
            delta = next((f for f in facs if isinstance(f, Delta) and f.left != f.right
                          and (f.left, f.right) not in settled), None)  # fmt: skip
            if delta is None:
                break
            x, y = sorted((delta.left, delta.right))
            if y not in inner and x in inner:
                x, y = y, x
            steps.append((x, y))
            rest = [f for f in facs if not (isinstance(f, Delta) and {f.left, f.right} == {x, y})]
            rest = [replace_variable(f, y, x) for f in rest]
            rest = [f for f in rest if not (isinstance(f, Delta) and f.left == f.right)]
            if y in inner:
                inner.remove(y)
                facs = rest
            else:
                facs = [Delta(y, x), *rest]
                settled = {(y, x)} | {(sw(y, x, a), sw(y, x, b)) for a, b in settled}
        facs = [f for f in facs if not (isinstance(f, Delta) and f.left == f.right)]
        touched = {v for f in facs for v in variables(f)}
        sizes = [(True, self.names.sort(self.form.sorts[k])) for k in inner if k not in touched]
        return Net(n.z, sizes + n.gens, [k for k in inner if k in touched], facs), steps

    # ---- classes -----------------------------------------------------------------------------------

    def kernel_network(self, n: Net, coefficient: bool = False) -> Network:
        """The network as the matcher reads it."""
        coef: Scalar | int = 1
        if coefficient:
            coef = reduce(lambda a, t: a * self._value(t), n.gens, scalar(n.z))
        eqs = tuple(sorted((min(f.left, f.right), max(f.left, f.right)) for f in n.facs if isinstance(f, Delta)))
        atoms = tuple((f.label, f.coords) for f in n.facs if isinstance(f, At))
        boxes = tuple(self._box(f) for f in n.facs if isinstance(f, Function))
        return Network(coef, eqs, tuple(n.inner), atoms, boxes)

    def _value(self, t: Token) -> Scalar:
        if t[0]:
            return scalar(self.names.sorts[t[1]])
        g = self.names.numbers[t[1]]
        return 1 / scalar(g.of) if isinstance(g, Inverse) else scalar(g)

    def _box(self, f: Function) -> Box:
        cells = []
        for bound, body in f.cells:
            inside = [self.kernel_network(self.reduce(m)[0], True) for m in self.networks(body)]
            form = IndexForm(self.names.split, Matcher())
            form.sorts = self.form.sorts
            cells.append((bound, tuple(form.normal([m for m in inside if m.coef != 0]))))
        return Box(f.label, f.coords, tuple(cells))

    def vanishes(self, e: Ex) -> str:
        """The hint with which the checker sees that e = 0. Raises UnsupportedError where it does not."""
        classes: list[Class] = []
        rows = []
        for raw in self.networks(e):
            n, steps = self.reduce(raw)
            network = self.kernel_network(n)
            where, image, order = self._classify(classes, n, network)
            found = classes[where]
            names = [(v, image[v]) for v in n.inner]
            renamed = [rename_factor(f, image) for f in n.facs]
            boxes = [self._arguments(renamed[k], g) for k, g in zip(order, found.facs, strict=True)]
            while boxes and boxes[-1] == "[::]":
                boxes.pop()
            found.total = plus(found.total, {tuple(sorted(n.gens)): n.z})
            rows.append(f"HNet {pairs(steps)} {pairs(names)} {where} {seq(order)} [:: {'; '.join(boxes)}]"
                        if boxes else f"HNet {pairs(steps)} {pairs(names)} {where} {seq(order)} [::]")  # fmt: skip
        ends = []
        for c in classes:
            why = self.relations.why_zero(c.total)
            cofactors = "; ".join(f"({poly(q)}, {k})" for q, k in why)
            facs = "; ".join(self.text(f) for f in c.facs)
            ends.append(f"HCls {seq(c.inner)} {listed(facs)} {listed(cofactors)}")
        return f"(Hint {listed('; '.join(rows))} {listed('; '.join(ends))})"

    def _classify(self, classes: list[Class], n: Net, network: Network) -> tuple[int, dict[int, int], list[int]]:
        key = kinds(n)
        for where, c in enumerate(classes):
            if kinds(c.first) != key:
                continue
            found = Matcher().isomorphism(self.form, c.network, network)
            if found is None:
                continue
            to = self._completed(found[0], n, c.first)
            if to is None:
                continue
            image = {e: c.image[to[e]] for e in n.inner}
            order = self._order(n, c, image, [t for t, _ in found[1]])
            if order is not None:
                return where, image, order
        image = {e: self.fresh(self.form.sorts[e]) for e in n.inner}
        facs = [rename_factor(f, image) for f in n.facs]
        classes.append(Class(n, network, image, [image[e] for e in n.inner], facs))
        return len(classes) - 1, image, list(range(len(facs)))

    def _completed(self, to: Mapping[int, int], n: Net, first: Net) -> dict[int, int] | None:
        """A bijection of summed variables, with those too that only arguments of functions speak of, and in vain."""
        missing = [e for e in n.inner if e not in to]
        left = [e for e in first.inner if e not in to.values()]
        by_sort = [sorted(rest, key=lambda e: (str(self.form.sorts[e]), e)) for rest in (missing, left)]
        if [self.form.sorts[e] for e in by_sort[0]] != [self.form.sorts[e] for e in by_sort[1]]:
            return None
        return {**{e: to[e] for e in n.inner if e in to}, **dict(zip(*by_sort, strict=True))}

    def _order(self, n: Net, c: Class, image: dict[int, int], boxes: list[int]) -> list[int] | None:
        """For each factor of the class, which factor of the network it is."""
        mine = [rename_factor(f, image) for f in n.facs]
        left = list(range(len(mine)))
        functions = [k for k, f in enumerate(mine) if isinstance(f, Function)]
        targets = [k for k, f in enumerate(c.facs) if isinstance(f, Function)]
        to = {targets[t]: functions[b] for b, t in enumerate(boxes)}
        out = []
        for k, g in enumerate(c.facs):
            at = to[k] if k in to else next((i for i in left if same_factor(mine[i], g)), None)
            if at is None or at not in left:
                return None
            left.remove(at)
            out.append(at)
        return out

    def _arguments(self, f: Factor, g: Factor) -> str:
        if not (isinstance(f, Function) and isinstance(g, Function)):
            return "[::]"
        if f.cells == g.cells:
            return "[::]"
        hints = [self.vanishes(Add((a, Neg(b)))) for (_, a), (_, b) in zip(f.cells, g.cells, strict=True)]
        return f"[:: {'; '.join(hints)}]"

    # ---- text --------------------------------------------------------------------------------------

    def text(self, e: Ex) -> str:
        """The expression as data."""
        if isinstance(e, Num):
            return f"(Nt {e.value})"
        if isinstance(e, Gen) and isinstance(e.of, Generator):
            size, k = self.tables.token(e.of)
            return f"(Cd {k})" if size else f"(Gn {k})"
        if isinstance(e, Neg):
            return f"(Op {self.text(e.of)})"
        if isinstance(e, (Add, Mul)):
            sign, unit = ("Ad", "(Nt 0)") if isinstance(e, Add) else ("Ml", "(Nt 1)")
            if not e.parts:
                return unit
            out = self.text(e.parts[-1])
            for p in reversed(e.parts[:-1]):
                out = f"({sign} {self.text(p)} {out})"
            return out
        if isinstance(e, Over):
            return f"(Sm {e.edge} {self.text(e.body)})"
        if isinstance(e, At):
            return f"(At {self.tables.atom(e)} {seq([c for c in e.coords if c >= 0])})"
        if isinstance(e, Delta):
            return f"(Dl {e.left} {e.right})"
        if isinstance(e, Function):
            cells = "Nl"
            for bound, body in reversed(e.cells):
                cells = f"(Cl {seq(bound)} {self.text(body)} {cells})"
            return f"(Fn {self.tables.function(e)} {seq([c for c in e.coords if c >= 0])} {cells})"
        raise TypeError(e)
