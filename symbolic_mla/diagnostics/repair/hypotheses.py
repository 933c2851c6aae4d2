"""Hypotheses that are often left unsaid: symmetric, orthonormal columns, invertible, commuting, an order of sizes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from symbolic_mla.algebra import matmul, transpose
from symbolic_mla.derivation.results import ClaimResult, DocumentResult
from symbolic_mla.diagnostics.diagnostic import TextEdit
from symbolic_mla.diagnostics.repair.stage import Stage
from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.kernel.node import terms_of, variables
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, subterms
from symbolic_mla.language import syntax as s
from symbolic_mla.language.elaborated import ElaboratedStep

MAX_SYMBOLS = 6  # of a step of which hypotheses are tried


def hypotheses(step: ElaboratedStep, stage: Stage, claim: ClaimResult,
               result: DocumentResult) -> Iterator[tuple[str, TextEdit, Statement | None]]:  # fmt: skip
    """Facts with the edit that states each, and with the statement that it is, where one is compared with the goal."""
    if step.statement is None:
        return
    named = {t.name: t for t in subterms(*terms_of(step.statement)) if isinstance(t, Atom)}
    given = {n.text: g for item in stage.declared if isinstance(item, s.Given)
             for g in item.groups for n in g.group.names}  # fmt: skip
    symbols = [(n, a) for n, a in sorted(named.items()) if n in given and len(a.axes) == 2][:MAX_SYMBOLS]
    sign = "ᵀ" if "ᵀ" in result.document.source else "'"
    for name, atom in symbols:
        rows, columns = atom.axes
        if rows == columns:
            yield _stated(f"{name} symmetric", given[name], Equation(transpose(atom), atom))
        for fact, axis in ((f"{name}{sign} {name}", columns), (f"{name} {name}{sign}", rows)):
            size = _name_of(axis, stage)
            yield _stated(f"{fact} = I({size})", given[name], None)
        if rows == columns:
            yield _stated(f"{name} invertible", given[name], None)
    order = list(given)
    for (a, x), (b, y) in combinations(symbols, 2):
        if x.axes == y.axes and x.axes[0] == x.axes[1]:
            later = max(a, b, key=order.index)
            yield _stated(f"{a} {b} = {b} {a}", given[later], Equation(matmul(x, y), matmul(y, x)))
    if isinstance(step.statement, Compare):
        line = claim.item.span.line
        indent = result.document.lines[line - 1][: claim.item.span.column - 1]
        at = Span(line, claim.item.span.column, line, claim.item.span.column)
        spoken = {v.name for v in variables(*terms_of(step.statement))}
        spoken |= {g.name for side in (step.statement.left, step.statement.right) for g in side.generators()
                   if isinstance(g, Var)}  # fmt: skip
        for p, q in permutations(sorted(spoken & set(stage.scope.dims)), 2):
            fact = f"{p} <= {q}"
            yield fact, TextEdit(at, f"assume {fact}\n{indent}"), _order(stage, p, q)


def _stated(fact: str, group: s.GivenGroup, goal: Statement | None) -> tuple[str, TextEdit, Statement | None]:
    """The edit that adds a fact behind a group of `given`."""
    span = group.span
    at = Span(span.end_line, span.end_column, span.end_line, span.end_column)
    return fact, TextEdit(at, f"{', ' if group.hypotheses else ' with '}{fact}"), goal


def _order(stage: Stage, p: str, q: str) -> Statement | None:
    try:
        return Compare(stage.scope.number(s.Name(p)), "<=", stage.scope.number(s.Name(q)))
    except SymbolicMLAError:
        return None


def _name_of(axis: object, stage: Stage) -> str:
    return next((name for name, known in stage.scope.dims.items() if known == axis), str(axis))
