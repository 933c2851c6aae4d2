"""Shapes in the reader's words: `D = n*G*d` where a definition says so, and errors that name both sides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from symbolic_mla.errors import AxisOrderError, ShapeError, Span, SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import is_zero
from symbolic_mla.language import syntax as s
from symbolic_mla.language.unparse import unparse
from symbolic_mla.record import record

MAX_QUOTE = 48  # characters of source that a message repeats


def quote(node: s.Expr | s.Text | s.ListLiteral) -> str:
    """The source of an expression in a message, shortened in the middle.

    >>> quote(s.Transpose(s.Name("A")))
    '`Aᵀ`'
    """
    try:
        text = unparse(node)
    except RecursionError:  # a message never fails, however deep the evaluation is that it comes from
        return "this expression"
    if len(text) > MAX_QUOTE:
        text = f"{text[: MAX_QUOTE // 2]} … {text[-MAX_QUOTE // 3 :]}"
    return f"`{text}`"


def flipped(node: s.Expr) -> str:
    """The transpose of an expression in a message.

    >>> flipped(s.Name("A")), flipped(s.Transpose(s.Name("A")))
    ('`Aᵀ`', '`A`')
    """
    return quote(node.operand if isinstance(node, s.Transpose) else s.Transpose(node))


def locate(error: SymbolicMLAError, span: Span) -> None:
    """Give an error that does not know its place this one."""
    if error.span is None:
        error.span = span


def axis_name(index: int, order: int) -> str:
    """What people call an axis of a tensor with `order` axes.

    >>> axis_name(0, 2), axis_name(0, 1), axis_name(2, 3)
    ('rows', 'entries', 'axis 3')
    """
    return (
        {2: ("rows", "columns"), 1: ("entries",)}.get(order, ())[index : index + 1][0]
        if order < 3
        else (f"axis {index + 1}")
    )


def pattern_of(axis: Axis) -> list[str] | None:
    """Labels for the factors of an axis that is a product of different symbols, else None."""
    (run, *more) = axis.runs
    if more or run.count != 1 or run.tail is not None:
        return None
    labels = [head.name.lower() for head in run.heads]
    return labels if len(set(labels)) == len(labels) and all(x.isalnum() for x in labels) else None


@record
class Shapes:
    """The definitions of dimensions (`D` is n*G*d), by which messages name axes."""

    definitions: Mapping[str, Axis]

    def axis(self, axis: Axis) -> str:
        """`n*G*d`, or `D = n*G*d` where a definition says so."""
        for name, defined in self.definitions.items():
            if defined == axis and name != str(axis):
                return f"{name} = {axis}"
        return str(axis)

    def shape(self, axes: Sequence[Axis]) -> str:
        """`D × r`, each axis by the name of its definition where it has one."""
        if not axes:
            return "a number"
        return " × ".join(self.axis(axis).split(" = ")[0] for axis in axes)

    def explain(self, error: SymbolicMLAError) -> None:
        """Add to a message that speaks of n*G*d what the document calls it."""
        for name, axis in self.definitions.items():
            text = str(axis)
            whole = re.compile(rf"(?<![\w*]){re.escape(text)}(?![\w*])")
            if text != name and whole.search(error.message) and f"{name} = {text}" not in error.message:
                error.message += f" ({name} = {text})"
                error.args = (error.message,)

    def disagree(
        self, where: str, left: str, met: Axis, right: str, expected: Axis, *, hint: str | None = None
    ) -> ShapeError:
        """The error for two axes that should be the same: of different size, or only of another order.

        `left` and `right` say whose axes they are: "the columns of `A`".
        """
        if not is_zero(met.size() - expected.size()):
            return ShapeError(
                f"{where}: {left} are {self.axis(met)}, {right} are {self.axis(expected)}",
                hint=hint or "the two must be the same axis",
            )
        return AxisOrderError(
            f"{where}: {left} are {self.axis(met)}, {right} are {self.axis(expected)}: "
            "the same size, and a different order",
            hint=_reorder_hint(met, expected),
        )


def _reorder_hint(met: Axis, expected: Axis) -> str:
    if len(met.runs) > 1 or len(expected.runs) > 1:
        return "the blocks come in another order; stack(A[1], A[0]) swaps the two blocks of A"
    before, after = pattern_of(met), pattern_of(expected)
    if before and after and sorted(before) == sorted(after):
        other = next(x for x in ("c", "k", "x", "rest") if x not in before)
        swap = f"({' '.join(before)}) {other} -> ({' '.join(after)}) {other}"
        return (
            f'say how they relate: reorder("{swap}", ...) turns the one into the other; '
            "interleave(W, n, groups=G) repeats in place where tile(W, n) stacks copies"
        )
    return 'say how they relate: reorder("(a b) c -> (b a) c", ...), or interleave for tile'
