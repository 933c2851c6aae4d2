"""Hypotheses that are often left unsaid: symmetric, orthonormal columns, invertible, commuting, an order of sizes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from symbolic_mla.algebra import matmul, transpose
from symbolic_mla.algebra.occurring import subterms, terms_of, variables
from symbolic_mla.diagnostics.diagnostic import TextEdit
from symbolic_mla.diagnostics.repair.stage import Stage
from symbolic_mla.diagnostics.repair.texts import Writer
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom
from symbolic_mla.language import syntax as s
from symbolic_mla.language.elaborated import ElaboratedStep

MAX_SYMBOLS = 6  # of a step of which hypotheses are tried

Stated = tuple[str, TextEdit, Statement | None]
"""A fact, the edit that states it, and the statement that it is, where one is compared with the goal."""


def hypotheses(step: ElaboratedStep, stage: Stage, writer: Writer) -> Iterator[Stated]:
    """Facts that may have been meant, the likeliest first."""
    if step.statement is None:
        return
    named = {t.name: t for t in subterms(*terms_of(step.statement)) if isinstance(t, Atom)}
    given = {n.text: g for item in stage.declared if isinstance(item, s.Given)
             for g in item.groups for n in g.group.names}  # fmt: skip
    symbols = [(n, a) for n, a in sorted(named.items()) if n in given and len(a.axes) == 2][:MAX_SYMBOLS]
    for name, atom in symbols:
        rows, columns = atom.axes
        A = s.Name(name)
        if rows == columns:
            yield from _stated(_symmetric(A, writer), given[name], writer, Equation(transpose(atom), atom))
        for gram, axis in ((s.Product("", s.Transpose(A), A), columns), (s.Product("", A, s.Transpose(A)), rows)):
            yield from _stated(_equal(gram, s.Call("I", (_name_of(axis, stage),))), given[name], writer, None)
        if rows == columns:
            yield from _stated(s.Property(A, "invertible"), given[name], writer, None)
    order = list(given)
    for (a, x), (b, y) in combinations(symbols, 2):
        if x.axes == y.axes and x.axes[0] == x.axes[1]:
            later = max(a, b, key=order.index)
            commute = _equal(s.Product("", s.Name(a), s.Name(b)), s.Product("", s.Name(b), s.Name(a)))
            yield from _stated(commute, given[later], writer, Equation(matmul(x, y), matmul(y, x)))
    if isinstance(step.statement, Compare):
        spoken = {v.name for v in variables(*terms_of(step.statement))}
        spoken |= {g.name for side in (step.statement.left, step.statement.right) for g in side.generators()
                   if isinstance(g, Var)}  # fmt: skip
        for p, q in permutations(sorted(spoken & set(stage.scope.dims)), 2):
            fact = _at_most(s.Name(p), s.Name(q))
            edit = writer.assume(fact)
            if edit is not None:
                yield writer.text(fact), edit, _order(stage, p, q)


def factorable(exists: s.Exists, writer: Writer) -> Iterator[Stated]:
    """The bound on a rank that a factorisation A = U V needs: of several with one factor in common, stacked."""
    unknowns = {n.text: g for g in exists.groups for n in g.names}
    wholes: list[s.Expr] = []
    rights, lefts, inner = set(), set(), set()
    for equation in exists.equations:
        if len(equation.steps) != 1:
            return
        sides = equation.first, equation.steps[0].right
        products = [x for x in sides if _names(x, unknowns) is not None]
        if len(products) != 1:
            return
        left, right = _names(products[0], unknowns) or ("", "")
        wholes.append(sides[0] if products[0] is sides[1] else sides[1])
        lefts.add(left)
        rights.add(right)
        inner.add(unknowns[right].sizes[0])
    if len(inner) != 1 or (len(wholes) > 1 and len(rights) > 1 and len(lefts) > 1):
        return
    joined = wholes[0] if len(wholes) == 1 else s.Call("stack" if len(rights) == 1 else "hstack", tuple(wholes))
    fact = _at_most(s.Call("rank", (joined,)), inner.pop())
    edit = writer.assume(fact)
    if edit is not None:
        yield writer.text(fact), edit, None


def _names(side: s.Expr, unknowns: dict[str, s.Group]) -> tuple[str, str] | None:
    """The two unknowns of a product."""
    match side:
        case s.Product("" | "*" | "@", s.Name(left), s.Name(right)) if left in unknowns and right in unknowns:
            return left, right
        case _:
            return None


def _equal(left: s.Expr, right: s.Expr) -> s.Chain:
    return s.Chain(left, (s.Step("=", right),))


def _at_most(left: s.Expr, right: s.Expr) -> s.Chain:
    return s.Chain(left, (s.Step("<=", right),))


def _symmetric(A: s.Name, writer: Writer) -> s.Fact:
    return _equal(s.Transpose(A), A) if writer.tex else s.Property(A, "symmetric")


def _stated(fact: s.Fact, group: s.GivenGroup, writer: Writer, goal: Statement | None) -> Iterator[Stated]:
    """The edit that adds a fact behind a group of `given`, or before the claim where the group is a formula."""
    edit = writer.hypothesis(group, fact)
    if edit is not None:
        yield writer.text(fact), edit, goal


def _order(stage: Stage, p: str, q: str) -> Statement | None:
    try:
        return Compare(stage.scope.number(s.Name(p)), "<=", stage.scope.number(s.Name(q)))
    except SymbolicMLAError:
        return None


def _name_of(axis: Axis, stage: Stage) -> s.Expr:
    """The name of a dimension, or its factors."""
    return s.Name(next((name for name, known in stage.scope.dims.items() if known == axis), str(axis)))
