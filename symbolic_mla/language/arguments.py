"""The arguments of a builtin call, read by the table of builtins: by position, then by name, each of its kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symbolic_mla.errors import TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.language import syntax as s
from symbolic_mla.language.builtins import BUILTINS, Builtin, Kind
from symbolic_mla.language.shapes import Shapes, quote
from symbolic_mla.language.values import Tensor

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
        no_row(tensor, expr, self.call.name)
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


def no_row(tensor: Tensor, expr: s.Expr, name: str) -> None:
    if tensor.row:
        raise TypeMismatchError(
            f"`{name}` of the row vector {quote(expr)}",
            hint="give it the vector itself, without the transpose",
            span=expr.span,
        )


def bound(builtin: Builtin, call: s.Call) -> list[tuple[Kind, s.Argument]]:
    """Each argument with its kind: by position, then by name."""
    names = {} if builtin.sizes else dict(builtin.parameters)
    keywords = {k.name.text: k for k in call.keywords}
    for k in call.keywords:
        if k.name.text not in names and not builtin.sizes:
            raise TypeMismatchError(
                f"`{builtin.name}` has no argument named `{k.name.text}`", hint=builtin.signature, span=k.span
            )
    positional = list(call.arguments)
    found: list[tuple[Kind, s.Argument]] = []
    for name, kind in builtin.parameters:
        if name in names and name in keywords and len(positional) <= len(found):
            found.append((kind, keywords.pop(name).value))
        elif len(found) < len(positional):
            found.append((kind, positional[len(found)]))
        else:
            raise TypeMismatchError(
                f"`{builtin.name}` lacks its argument `{name}`", hint=builtin.signature, span=call.span
            )
    extra = positional[len(builtin.parameters) :]
    twice = [name for name in keywords if name in names]
    if (extra and builtin.rest is None) or twice or len({k.name.text for k in call.keywords}) < len(call.keywords):
        given = len(positional) + len(call.keywords)
        raise TypeMismatchError(
            f"`{builtin.name}` takes {len(builtin.parameters)} arguments; {given} given",
            hint=builtin.signature,
            span=call.span,
        )
    if builtin.rest is not None:
        if len(extra) < builtin.least:
            raise TypeMismatchError(f"`{builtin.name}` of nothing", hint=builtin.signature, span=call.span)
        found += [(builtin.rest, argument) for argument in extra]
    return found
