"""What is left when like terms cancel: `left has P Q + Q P, right has 2 P Q`, and which term of a line is guilty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from symbolic_mla.algebra.text import term_text
from symbolic_mla.diagnostics.chains import chain_text
from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.kernel.scalar import Number, is_zero, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Sum
from symbolic_mla.language import syntax as s
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.language.scope import Scope
from symbolic_mla.language.values import Tensor
from symbolic_mla.prover.readback import network_term
from symbolic_mla.prover.sides import Cell, Class, Sides, both_sides

MAX_TERMS = 6  # of a side that are written out
MAX_TEXT = 160  # characters of one side


def left_over_text(statement: Equation) -> str | None:
    """`left has ..., right has ...`; None where the two are too large to show.

    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> from symbolic_mla.laws.notation import matmul
    >>> m = Axis.of(Var("m"))
    >>> P, Q = Atom("P", (m, m)), Atom("Q", (m, m))
    >>> left_over_text(Equation(matmul(P, Q), matmul(Q, P)))
    'left has P Q, right has Q P'
    """
    with suppress(SymbolicMLAError, RecursionError):
        sides = both_sides(statement.left, statement.right)
        left, right = (_side(sides, which) for which in (0, 1))
        if left is not None and right is not None and left != right:
            return f"left has {left}, right has {right}"
    return None


def _side(sides: Sides, which: int) -> str | None:
    """What one side has of the networks that do not agree, `nothing more` for none of them."""
    if any(c.network.boxes for c in sides.classes if not c.agrees):
        return None  # a function of an index form is no shorter than the line itself
    terms = [t for cell in sides.cells for c in cell.classes if not c.agrees for t in _term(sides, cell, c, which)]
    if len(terms) > MAX_TERMS:
        return None
    text = " + ".join(terms).replace("+ -", "- ") if terms else "nothing more"
    return text if len(text) <= MAX_TEXT else None


def _term(sides: Sides, cell: Cell, c: Class, which: int) -> Iterator[str]:
    coefficient = (c.left, c.right)[which]
    if is_zero(coefficient):
        return
    text = chain_text(c.network, cell.at) if len(sides.cells) == 1 else None
    if text is None:  # a direct sum is shown whole, with zeros beside its block
        whole = network_term(sides.form, c.network, sides.axes, cell.at)
        text = term_text(whole)
        if isinstance(whole, Sum) and len(whole.parts) == 1:
            text = term_text(whole.parts[0][1])
    yield _scaled(coefficient, text)


def _scaled(coefficient: Number, text: str) -> str:
    c = scalar(coefficient)
    if c == scalar(1):
        return text
    if c == scalar(-1):
        return f"-{text}"
    shown = str(c)
    factor = f"({shown})" if " " in shown and len(c.terms) > 1 else shown
    return factor if text == "1" else f"{factor} {text}"


def guilty_terms(statement: Equation, side: s.Expr, scope: Scope) -> list[Span]:
    """The terms of a side (a sum) that have no like among those that agree: where a reader should look."""
    if not isinstance(side, s.Sum):
        return []
    evaluator = Evaluator(scope.environment)
    rest = Sum(((1, statement.left), (-1, statement.right)), statement.left.axes)
    found: list[Span] = []
    with suppress(SymbolicMLAError, RecursionError):
        for term in side.terms:
            value = evaluator.value(term)
            if not isinstance(value, Tensor) or value.term.axes != rest.axes:
                return []
            classes = both_sides(value.term, rest).classes
            if any(not is_zero(c.left) and not is_zero(c.right) for c in classes):
                found.append(term.span)
        return found if len(found) < len(side.terms) else []
    return []
