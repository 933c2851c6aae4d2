"""Selections: `A[0]` a block, `A[i]` any position, `A[:, j]` along the second axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbolic_mla.algebra import select
from symbolic_mla.errors import NameUnknownError, ShapeError, SymbolicMLAError, TypeMismatchError
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.term import Einsum, Stack, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.builtins import BUILTINS
from symbolic_mla.language.shapes import locate, quote
from symbolic_mla.language.values import Tensor, Value, kind_of, whole_number

if TYPE_CHECKING:
    from symbolic_mla.language.expressions import Evaluator


def selected(ev: Evaluator, expr: s.Index) -> Value:
    """The block or slice of a tensor. `X[i]` of a matrix is its row i, as a vector; `x[0]` of 3 entries a number.

    Raises: ShapeError for too many indices and for a block that is not there; as `position`.
    """
    base = ev.value(expr.base)
    if isinstance(base, Scalar) or len(expr.indices) > base.order:
        raise ShapeError(
            f"{len(expr.indices)} indices on {quote(expr.base)}, {kind_of(base)}",
            hint="one index for an axis, from the first; `:` for the whole axis",
        )
    term = base.term
    for axis in reversed(range(len(expr.indices))):  # from the last, since a position takes its axis away
        index = expr.indices[axis]
        if isinstance(index, s.Whole):
            continue
        try:
            term = _at(term, position(ev, index), axis)
        except SymbolicMLAError as error:
            if error.span is None:
                ev.env.shapes.explain(error)
            locate(error, index.span)
            raise
    return Tensor(term, base.row and len(term.axes) == 1)


def _at(term: Term, where: int | str, axis: int) -> Term:
    """One selection; an entry of a literal axis takes the axis away, as any position does."""
    literal = len(term.axes[axis].runs) == 1 and not term.axes[axis].runs[0].heads
    block = select(term, where, axis)
    if isinstance(where, str) or not literal or (isinstance(term, Stack) and term.axis == axis):
        return block
    kept = [k for k in range(len(block.axes)) if k != axis]
    read = tuple((kept.index(k),) if k != axis else () for k in range(len(block.axes)))
    return Einsum(((block, read),), tuple((k,) for k in range(len(kept))), tuple(block.axes[k] for k in kept))


def position(ev: Evaluator, expr: s.Expr) -> int | str:
    """An index: a literal number (from 0), or a name that nothing declares, for any position.

    Raises: NameUnknownError for a name that is declared; TypeMismatchError for what is no number from 0.
    """
    if isinstance(expr, s.Name):
        argument = ev.env.arguments.get(expr.text)
        if argument is not None:
            return position(ev.at(argument.environment), argument.expr)
        met = ev.env.what(expr.text)
        if met is None and expr.text not in BUILTINS:
            return expr.text
        if met != "a definition":
            raise NameUnknownError(
                f"`{expr.text}` is {met or 'built in'}, and cannot be a position",
                hint="a position is a number from 0, or a name that nothing declares: A[i]",
                span=expr.span,
            )
    number = whole_number(ev.number(expr))
    if number is None or number < 0:
        raise TypeMismatchError(
            f"the position {quote(expr)}; a number from 0 or a new name was expected",
            hint="A[0] for the first block, A[i] for any position",
            span=expr.span,
        )
    return number
