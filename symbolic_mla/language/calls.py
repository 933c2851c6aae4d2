"""Builtin calls and functions: a line or two for each builtin, and what its arguments have to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from symbolic_mla.algebra import (
    apply,
    blocks,
    diag,
    einsum,
    hstack,
    identity,
    interleave,
    ones,
    reorder,
    stack,
    tile,
    trace,
    vec,
    zeros,
)
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.errors import AxisOrderError, ShapeError, SymbolicMLAError, TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.term import Einsum, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.arguments import Arguments, bound, no_row
from symbolic_mla.language.builtins import BUILTINS
from symbolic_mla.language.environment import Function
from symbolic_mla.language.powers import inverse
from symbolic_mla.language.products import entrywise, multiply
from symbolic_mla.language.shapes import Shapes, axis_name, locate, quote
from symbolic_mla.language.values import Tensor, Value, axis_product, checked_axis, kind_of
from symbolic_mla.laws.order import extreme
from symbolic_mla.laws.rank import rank

if TYPE_CHECKING:
    from symbolic_mla.language.expressions import Evaluator


def call_builtin(evaluator: Evaluator, call: s.Call) -> Value:
    """The value of a builtin call.

    Raises: TypeMismatchError for a wrong number or kind of arguments; what the former raises, with its span.
    """
    builtin = BUILTINS[call.name]
    arguments = Arguments(evaluator, call)
    for kind, argument in bound(builtin, call):
        arguments.read(kind, argument)
    if builtin.sizes:
        for keyword in call.keywords:
            arguments.sizes[keyword.name.text] = evaluator.axis(keyword.value)
    value = _FORMERS[call.name](arguments)
    if isinstance(value, Tensor):
        for axis in value.axes:
            checked_axis(axis)
    return value


def apply_function(function: Function, value: Value, expr: s.Expr, shapes: Shapes) -> Tensor:
    """A function of the last axis; one that depends on positions finds the one axis that each belongs to.

    Raises: TypeMismatchError for a number; ShapeError when no axis, or more than one, is the declared one.
    """
    if isinstance(value, Scalar) or value.order == 0:
        raise TypeMismatchError(
            f"`{function.name}` acts on the last axis, and {quote(expr)} is a number",
            hint="apply it to a vector, a matrix or a tensor",
            span=expr.span,
        )
    positions = []
    for name, axis in function.positions:
        found = [k for k, met in enumerate(value.axes[:-1]) if met == axis and k not in positions]
        if len(found) != 1:
            problem = "has no such axis before its last" if not found else f"has {len(found)} such axes"
            raise ShapeError(
                f"`{function.name}` depends on the position along {name}, and {quote(expr)}, "
                f"{shapes.shape(value.axes)}, {problem}",
                hint="name the axis apart with another dimension, or bring it out with einsum",
                span=expr.span,
            )
        positions.append(found[0])
    return Tensor(apply(function.name, value.term, positions), value.row)


# ---- one former for each builtin -----------------------------------------------------------------------


def _tile(a: Arguments) -> Tensor:
    matrix = a.matrix()
    if matrix.order:
        axis_product(a.axes[0], matrix.axes[0])
    return Tensor(tile(matrix.term, a.axes[0]))


def _plain(a: Arguments) -> list[tuple[Tensor, s.Expr]]:
    return [(a.matrix(k), expr) for k, (_, expr) in enumerate(a.tensors)]


def _join(a: Arguments, parts: Sequence[tuple[Tensor, s.Expr]], along: int) -> Term:
    """stack (along 0) or hstack (along 1), after saying which parts do not fit."""
    first, source = parts[0]
    for other, expr in parts[1:]:
        if other.order != first.order:
            raise ShapeError(
                f"{quote(expr)} is {kind_of(other)} and {quote(source)} is {kind_of(first)}",
                hint="all parts need the same number of axes",
                span=expr.span,
            )
        for k, (met, expected) in enumerate(zip(other.axes, first.axes, strict=True)):
            if met != expected and k != (along if first.order > 1 else 0):
                name = axis_name(k, first.order)
                ours, theirs = a.shapes.shape(first.axes), a.shapes.shape(other.axes)
                error = a.shapes.disagree(
                    f"{quote(source)} is {ours} and {quote(expr)} is {theirs}",
                    f"the {name} of the second",
                    met,
                    f"the {name} of the first",
                    expected,
                    hint="side by side they need the same rows, one under the other the same columns",
                )
                locate(error, expr.span)
                raise error
    return (hstack if along else stack)(*(t.term for t, _ in parts))


def _blocks(a: Arguments) -> Tensor:
    a.rows = [[(_entry(tensor), expr) for tensor, expr in row] for row in a.rows]
    for row in a.rows:
        for tensor, expr in row:
            no_row(tensor, expr, "blocks")
            if tensor.order != 2:
                raise ShapeError(
                    f"the block {quote(expr)} is {kind_of(tensor)}",
                    hint="a block is a matrix",
                    span=expr.span,
                )
    bars = [Tensor(_join(a, row, 1)) for row in a.rows]
    _join(a, [(bar, row[0][1]) for bar, row in zip(bars, a.rows, strict=True)], 0)
    return Tensor(blocks([[t.term for t, _ in row] for row in a.rows]))


def _entry(tensor: Tensor) -> Tensor:
    """A number among blocks is a 1 × 1 matrix."""
    if tensor.order:
        return tensor
    return Tensor(Einsum(((tensor.term, ()),), ((0,), (1,)), (Axis.of(1), Axis.of(1))))


def _square(a: Arguments, what: str) -> Tensor:
    """The argument, a square matrix."""
    matrix, expr = a.matrix(), a.tensors[0][1]
    if matrix.order != 2:
        raise ShapeError(f"{what} of {quote(expr)}, {kind_of(matrix)}", hint="it is of a square matrix", span=expr.span)
    if matrix.axes[0] != matrix.axes[1]:
        where = f"{what} of {quote(expr)}, which is {a.shapes.shape(matrix.axes)}"
        error = a.shapes.disagree(where, "its columns", matrix.axes[1], "its rows", matrix.axes[0],
                                  hint="it is of a square matrix")  # fmt: skip
        locate(error, expr.span)
        raise error
    return matrix


def _diag(a: Arguments) -> Tensor:
    return Tensor(diag(a.matrix().term if a.matrix().order == 1 else _square(a, "the diagonal").term))


def _einsum(a: Arguments) -> Tensor:
    terms = [a.matrix(k).term for k in range(len(a.tensors))]
    try:
        build = einsum if a.call.name == "einsum" else reorder
        return Tensor(build(a.pattern.text, *terms, **a.sizes))
    except AxisOrderError as error:
        a.shapes.explain(error)
        locate(error, a.call.span)
        raise
    except SymbolicMLAError as error:
        a.shapes.explain(error)
        locate(error, a.pattern.span)
        raise


def _rank(a: Arguments) -> Scalar:
    matrix, expr = a.matrix(), a.tensors[0][1]
    if matrix.order != 2:
        raise (ShapeError if matrix.order else TypeMismatchError)(
            f"the rank of {quote(expr)}, {kind_of(matrix)}", hint="a rank is of a matrix", span=expr.span
        )
    return rank(matrix.term)


def _kron(a: Arguments) -> Value:
    (left, x), (right, y) = a.tensors
    return multiply("⊗", (left, x), (right, y), a.shapes)


def _inv(a: Arguments) -> Value:
    return inverse(a.tensors[0], a.evaluator.env.inverses, a.shapes)


_FORMERS: Mapping[str, Callable[[Arguments], Value]] = MappingProxyType(
    {
        "I": lambda a: Tensor(identity(a.axes[0])),
        "zeros": lambda a: Tensor(zeros(*a.axes)),
        "ones": lambda a: Tensor(ones(*a.axes)),
        "tile": _tile,
        "interleave": lambda a: Tensor(interleave(a.matrix().term, a.axes[0], groups=a.axes[1])),
        "stack": lambda a: Tensor(_join(a, _plain(a), 0)),
        "hstack": lambda a: Tensor(_join(a, _plain(a), 1)),
        "blocks": _blocks,
        "kron": _kron,
        "hadamard": lambda a: entrywise(a.tensors[0], a.tensors[1], a.shapes),
        "diag": _diag,
        "vec": lambda a: Tensor(vec(a.matrix().term)),
        "tr": lambda a: Tensor(trace(_square(a, "the trace").term)),
        "reorder": _einsum,
        "einsum": _einsum,
        "inv": _inv,
        "sqrt": lambda a: sqrt(a.numbers[0]),
        "softmax": lambda a: apply_function(Function("softmax"), *a.tensors[0], a.shapes),
        "normalize": lambda a: apply_function(Function("normalize"), *a.tensors[0], a.shapes),
        "rank": _rank,
        "min": lambda a: extreme("min", a.numbers),
        "max": lambda a: extreme("max", a.numbers),
    }
)
