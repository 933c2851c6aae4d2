"""Builtin calls and functions: arguments are read by the table of builtins, then one line makes the term."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
from symbolic_mla.errors import AxisOrderError, ShapeError, SymbolicMLAError, TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar, sqrt
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import extreme, rank
from symbolic_mla.language import syntax as s
from symbolic_mla.language.builtins import BUILTINS, Builtin, Kind
from symbolic_mla.language.environment import Function
from symbolic_mla.language.powers import inverse
from symbolic_mla.language.products import entrywise, multiply
from symbolic_mla.language.shapes import Shapes, axis_name, locate, quote
from symbolic_mla.language.values import Tensor, Value, axis_product, checked_axis, kind_of

if TYPE_CHECKING:
    from symbolic_mla.language.expressions import Evaluator


@dataclass(slots=True)
class Arguments:
    """The arguments of a call by kind, in order, each with its source."""

    evaluator: Evaluator
    call: s.Call
    tensors: list[tuple[Tensor, s.Expr]] = field(default_factory=list)
    axes: list[Axis] = field(default_factory=list)
    numbers: list[Scalar] = field(default_factory=list)
    pattern: s.Text = field(default_factory=lambda: s.Text(""))
    rows: list[list[tuple[Tensor, s.Expr]]] = field(default_factory=list)
    sizes: dict[str, Axis] = field(default_factory=dict)

    @property
    def shapes(self) -> Shapes:
        return self.evaluator.env.shapes

    def matrix(self, position: int = 0) -> Tensor:
        """A tensor argument that is no row: a builtin looks at axes, and not at where a vector stands."""
        tensor, expr = self.tensors[position]
        _no_row(tensor, expr, self.call.name)
        return tensor

    def read(self, kind: Kind, argument: s.Argument) -> None:
        """Take one argument in. Raises: SymbolicMLAError at the argument."""
        if kind == "pattern":
            if not isinstance(argument, s.Text):
                raise TypeMismatchError(
                    f"{quote(argument)} where a quoted pattern was expected",
                    hint=BUILTINS[self.call.name].signature,
                    span=argument.span,
                )
            self.pattern = argument
        elif kind == "rows":
            self._rows(argument)
        elif isinstance(argument, (s.Text, s.ListLiteral)):
            raise TypeMismatchError(
                f"{quote(argument)} where an expression was expected",
                hint=BUILTINS[self.call.name].signature,
                span=argument.span,
            )
        elif kind == "axis":
            self.axes.append(self.evaluator.axis(argument))
        elif kind == "number":
            self.numbers.append(self.evaluator.number(argument))
        else:
            self.tensors.append((self.evaluator.term(argument), argument))

    def _rows(self, argument: s.Argument) -> None:
        rows = argument.elements if isinstance(argument, s.ListLiteral) else ()
        for row in rows:
            line = []
            for entry in row.elements if isinstance(row, s.ListLiteral) else ():
                if isinstance(entry, s.ListLiteral):
                    raise _not_rows(entry)
                line.append((self.evaluator.term(entry), entry))
            if not line:
                raise _not_rows(argument)
            self.rows.append(line)
        if not rows:
            raise _not_rows(argument)


def _not_rows(argument: s.Argument) -> TypeMismatchError:
    return TypeMismatchError(
        f"{quote(argument)} where rows of blocks were expected",
        hint="blocks([[A, B], [C, D]])",
        span=argument.span,
    )


def _no_row(tensor: Tensor, expr: s.Expr, name: str) -> None:
    if tensor.row:
        raise TypeMismatchError(
            f"`{name}` of the row vector {quote(expr)}",
            hint="give it the vector itself, without the transpose",
            span=expr.span,
        )


def call_builtin(evaluator: Evaluator, call: s.Call) -> Value:
    """The value of a builtin call.

    Raises: TypeMismatchError for a wrong number or kind of arguments; what the former raises, with its span.
    """
    builtin = BUILTINS[call.name]
    arguments = Arguments(evaluator, call)
    for kind, argument in _bound(builtin, call):
        arguments.read(kind, argument)
    if builtin.sizes:
        for keyword in call.keywords:
            arguments.sizes[keyword.name.text] = evaluator.axis(keyword.value)
    value = _FORMERS[call.name](arguments)
    if isinstance(value, Tensor):
        for axis in value.axes:
            checked_axis(axis)
    return value


def _bound(builtin: Builtin, call: s.Call) -> list[tuple[Kind, s.Argument]]:
    """Each argument with its kind: by position, then by name."""
    names = {} if builtin.sizes else dict(builtin.parameters)
    keywords = {k.name.text: k for k in call.keywords}
    for k in call.keywords:
        if k.name.text not in names and not builtin.sizes:
            raise TypeMismatchError(
                f"`{builtin.name}` has no argument named `{k.name.text}`", hint=builtin.signature, span=k.span
            )
    positional = list(call.arguments)
    bound: list[tuple[Kind, s.Argument]] = []
    for name, kind in builtin.parameters:
        if name in names and name in keywords and len(positional) <= len(bound):
            bound.append((kind, keywords.pop(name).value))
        elif len(bound) < len(positional):
            bound.append((kind, positional[len(bound)]))
        else:
            raise TypeMismatchError(
                f"`{builtin.name}` lacks its argument `{name}`", hint=builtin.signature, span=call.span
            )
    extra = positional[len(builtin.parameters) :]
    twice = [name for name in keywords if name in names]
    if (
        (extra and builtin.rest is None)
        or twice
        or len({k.name.text for k in call.keywords}) < len(call.keywords)
    ):
        given = len(positional) + len(call.keywords)
        raise TypeMismatchError(
            f"`{builtin.name}` takes {len(builtin.parameters)} arguments; {given} given",
            hint=builtin.signature,
            span=call.span,
        )
    if builtin.rest is not None:
        if len(extra) < builtin.least:
            raise TypeMismatchError(f"`{builtin.name}` of nothing", hint=builtin.signature, span=call.span)
        bound += [(builtin.rest, argument) for argument in extra]
    return bound


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
        ours, theirs = a.shapes.shape(first.axes), a.shapes.shape(other.axes)
        where = f"{quote(source)} is {ours} and {quote(expr)} is {theirs}"
        for k, (met, expected) in enumerate(zip(other.axes, first.axes, strict=True)):
            if met != expected and k != (along if first.order > 1 else 0):
                name = axis_name(k, first.order)
                error = a.shapes.disagree(
                    where,
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
    for row in a.rows:
        for tensor, expr in row:
            _no_row(tensor, expr, "blocks")
            if tensor.order != 2:
                raise ShapeError(
                    f"the block {quote(expr)} is {kind_of(tensor)}",
                    hint="a block is a matrix",
                    span=expr.span,
                )
    bars = [Tensor(_join(a, row, 1)) for row in a.rows]
    _join(a, [(bar, row[0][1]) for bar, row in zip(bars, a.rows, strict=True)], 0)
    return Tensor(blocks([[t.term for t, _ in row] for row in a.rows]))


def _square(a: Arguments, what: str) -> Tensor:
    """The argument, a square matrix."""
    matrix, expr = a.matrix(), a.tensors[0][1]
    if matrix.order != 2:
        raise ShapeError(
            f"{what} of {quote(expr)}, {kind_of(matrix)}", hint="it is of a square matrix", span=expr.span
        )
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
        "rank": _rank,
        "min": lambda a: extreme("min", a.numbers),
        "max": lambda a: extreme("max", a.numbers),
    }
)
