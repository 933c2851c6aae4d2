"""Expressions to values: numbers and well-shaped kernel terms, or an error at the guilty part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from symbolic_mla.algebra import scale, transpose
from symbolic_mla.errors import (
    BudgetError,
    ShapeError,
    Span,
    SymbolicMLAError,
    TypeMismatchError,
    UnsupportedError,
)
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar, scalar
from symbolic_mla.language import syntax as s
from symbolic_mla.language.builtins import BUILTINS
from symbolic_mla.language.calls import apply_function, call_builtin
from symbolic_mla.language.environment import Argument, Environment
from symbolic_mla.language.powers import inverse, quotient, raise_to
from symbolic_mla.language.products import multiply, same_shape
from symbolic_mla.language.selections import selected
from symbolic_mla.language.shapes import locate, quote
from symbolic_mla.language.sizes import axis_of
from symbolic_mla.language.values import Tensor, Value, added, as_term, kind_of, plus, whole_number

MAX_FRAMES = 640  # of Python's stack, which has 1,000
FRAMES, CALL_FRAMES = 3, 7  # what one operation, and one call, takes of them
MAX_STEPS = 100_000  # operations of one expression, definitions unfolded

_Result = TypeVar("_Result")


@dataclass(slots=True)
class Effort:
    """How deep and how long an evaluation has gone."""

    depth: int = 0
    steps: int = 0

    def enter(self, expr: s.Expr) -> int:
        """Begin one operation; how deep the evaluation was before. Raises: BudgetError."""
        before = self.depth
        self.depth += CALL_FRAMES if isinstance(expr, s.Call) else FRAMES
        self.steps += 1
        if self.depth > MAX_FRAMES:
            self.depth = before
            raise BudgetError(
                "calls and operations are nested too deeply, definitions unfolded",
                hint="name an inner part with `let`",
            )
        if self.steps > MAX_STEPS:
            raise BudgetError(f"definitions that unfold to more than {MAX_STEPS:,} operations", hint="unfold less")
        return before


class Evaluator:
    """The meaning of expressions in an environment."""

    __slots__ = ("effort", "env")

    def __init__(self, environment: Environment, effort: Effort | None = None) -> None:
        self.env = environment
        self.effort = Effort() if effort is None else effort

    def at(self, environment: Environment) -> Evaluator:
        """The same evaluation, where names have other meanings."""
        return Evaluator(environment, self.effort)

    # ---- values ----------------------------------------------------------------------------------------

    def value(self, expr: s.Expr) -> Value:
        """The number or tensor that an expression means.

        Raises: SymbolicMLAError, with the span of the part that has no meaning.
        """
        before = self.effort.enter(expr)
        try:
            return self._value(expr)
        except SymbolicMLAError as error:
            if error.span is None:
                self.env.shapes.explain(error)
            locate(error, expr.span)
            raise
        finally:
            self.effort.depth = before

    def _value(self, expr: s.Expr) -> Value:
        match expr:
            case s.Name():
                return self._name(expr)
            case s.Number(number):
                return scalar(number)
            case s.Product(operator, left, right):
                return multiply(operator, (self.value(left), left), (self.value(right), right), self.env.shapes)
            case s.Sum(terms):
                return self._sum([(self.value(t), t) for t in terms])
            case s.Transpose(operand):
                return self._transpose(self.value(operand), operand)
            case s.Negate(operand):
                value = self.value(operand)
                return -value if isinstance(value, Scalar) else Tensor(scale(-1, value.term), value.row)
            case s.Quotient(numerator, denominator):
                return quotient(self.value(numerator), (self.value(denominator), denominator))
            case s.Call():
                return self._call(expr)
            case s.Power(base, exponent):
                return raise_to((self.value(base), base), self.exponent(exponent), self.env.inverses, self.env.shapes)
            case s.Inverse(operand):
                return inverse((self.value(operand), operand), self.env.inverses, self.env.shapes)
            case s.Index():
                return selected(self, expr)
        raise UnsupportedError(f"no meaning for {type(expr).__name__}")

    def term(self, expr: s.Expr) -> Tensor:
        """The tensor that an expression means; a number becomes a tensor of no axes.

        Raises: as `value`; UnsupportedError for a rank, which is no coefficient.
        """
        value = self.value(expr)
        try:
            return value if isinstance(value, Tensor) else Tensor(as_term(value))
        except SymbolicMLAError as error:
            locate(error, expr.span)
            raise

    def number(self, expr: s.Expr) -> Scalar:
        """The number that an expression means: of dimensions, scalars, roots, ranks, min and max.

        Raises: as `value`; TypeMismatchError for a tensor, a trace included.
        """
        value = self.value(expr)
        if isinstance(value, Scalar):
            return value
        met = kind_of(value) if value.order else "a trace or a contraction, whose value is not known,"
        raise TypeMismatchError(
            f"{quote(expr)} is {met} where a number was expected",
            hint="numbers are built from dimensions, scalars, sqrt, rank, min and max",
            span=expr.span,
        )

    def exponent(self, expr: s.Expr) -> int:
        """A literal integer. Raises: as `number`; UnsupportedError for anything else."""
        exponent = whole_number(self.number(expr))
        if exponent is None:
            raise UnsupportedError(
                f"the exponent {quote(expr)}; a literal integer was expected",
                hint="write `sqrt(d)` for a root, `1/sqrt(d)` for one below the line"
                if isinstance(expr, s.Number | s.Quotient | s.Negate)
                else "the language has powers with literal exponents: A^2, n^3",
                span=expr.span,
            )
        return exponent

    def axis(self, expr: s.Expr) -> Axis:
        """The axis that a size means, factor by factor.

        Raises: TypeMismatchError for what is no product or sum of dimensions and integers; ShapeError for 0;
        UnsupportedError for differences and quotients; BudgetError.
        """
        before = self.effort.enter(expr)
        try:
            return axis_of(self, expr)
        except SymbolicMLAError as error:
            locate(error, expr.span)
            raise
        finally:
            self.effort.depth = before

    def _name(self, expr: s.Name) -> Value:
        name, env = expr.text, self.env
        if name in env.arguments:
            argument = env.arguments[name]
            if argument.value is None:
                argument.value = self.at(argument.environment).value(argument.expr)
            return argument.value
        if name in env.symbols:
            return Tensor(env.symbols[name])
        if name in env.dims:
            return env.dims[name].size()
        if name in env.scalars:
            return env.scalars[name]
        if name in env.lets:
            value = env.lets[name].value
            if value is not None:
                return value
        if name not in env.bound and (env.what(name) or name in BUILTINS):
            raise TypeMismatchError(
                f"`{name}` is a function, and stands here without its arguments", hint=f"write `{name}(...)`"
            )
        raise env.unknown(name, expr.span)

    def _sum(self, values: list[tuple[Value, s.Expr]]) -> Value:
        if all(isinstance(v, Scalar) for v, _ in values):
            total = scalar(0)
            for v, _ in values:
                total = plus(total, v)  # type: ignore[arg-type] # all are Scalars here
            return total
        tensors: list[tuple[Tensor, s.Expr]] = []
        order = max(v.order for v, _ in values if isinstance(v, Tensor))
        for v, t in values:
            if isinstance(v, Tensor):
                tensors.append((v, t))
            elif order:
                big, other = next((w, e) for w, e in values if isinstance(w, Tensor) and w.order == order)
                raise TypeMismatchError(
                    f"a sum of {quote(t)}, a number, and {quote(other)}, {kind_of(big)}",
                    hint="write c I(p), or c ones(p, q), for a number as a matrix",
                    span=t.span,
                )
            else:
                tensors.append((Tensor(as_term(v)), t))
        for part in tensors[1:]:
            try:
                same_shape(tensors[0], part, self.env.shapes, "a sum")
            except SymbolicMLAError as error:
                locate(error, part[1].span)
                raise
        return Tensor(added([t.term for t, _ in tensors]), tensors[0][0].row)

    def _transpose(self, value: Value, expr: s.Expr) -> Value:
        if isinstance(value, Scalar) or value.order == 0:
            return value
        if value.order == 1:
            return Tensor(value.term, not value.row)
        if value.order > 2:
            raise ShapeError(
                f"{quote(expr)}, {self.env.shapes.shape(value.axes)}, is {kind_of(value)}, without transpose",
                hint='name the order of the axes: einsum("i j k -> k j i", A)',
            )
        return Tensor(transpose(value.term))

    # ---- calls -----------------------------------------------------------------------------------------

    def _call(self, call: s.Call) -> Value:
        if call.name in self.env.lets:
            return self._unfolded(call)
        if call.name in self.env.functions:
            if len(call.arguments) != 1 or call.keywords:
                given = len(call.arguments) + len(call.keywords)
                raise TypeMismatchError(
                    f"`{call.name}` takes one argument; {given} given",
                    hint="a function acts on the last axis of one tensor",
                )
            argument = _expression(call.arguments[0])
            function = self.env.functions[call.name]
            return apply_function(function, self.value(argument), argument, self.env.shapes)
        if call.name in BUILTINS:
            return call_builtin(self, call)
        raise self.env.unknown(call.name, call.span)

    def _unfolded(self, call: s.Call) -> Value:
        """The value of a definition at its arguments. What has been unfolded here is known, and counts as if it were
        unfolded again; far down the stack nothing is looked up, for there is no room left to compare expressions."""
        known, effort = self.env.unfolded, self.effort
        if effort.depth > MAX_FRAMES // 2:
            return self.unfold(call, lambda inner, body: inner.value(body))
        value, steps = known.get(call, (None, 0))
        if value is not None and effort.steps + steps <= MAX_STEPS:
            effort.steps += steps
            return value
        before = effort.steps
        value = self.unfold(call, lambda inner, body: inner.value(body))
        known[call] = value, effort.steps - before
        return value

    def unfold(self, call: s.Call, read: Callable[[Evaluator, s.Expr], _Result]) -> _Result:
        """What the body of a definition means, with its parameters replaced by the arguments of the call.

        Raises: as `value`; an error of the body is shown at the call.
        """
        definition = self.env.lets[call.name]
        if not definition.parameters or call.keywords or len(call.arguments) != len(definition.parameters):
            given = len(call.arguments) + len(call.keywords)
            raise TypeMismatchError(
                f"`{call.name}` takes {len(definition.parameters)} arguments; {given} given",
                hint=f"{call.name}({', '.join(definition.parameters)}), without names",
            )
        local = definition.environment.copy()
        for name, argument in zip(definition.parameters, call.arguments, strict=True):
            local.arguments[name] = Argument(_expression(argument), self.env)
        try:
            return read(self.at(local), definition.body)
        except SymbolicMLAError as error:
            if error.span is not None and _within(error.span, call.span):
                raise
            message = error.message  # an error from further inside names its own definition
            if not message.startswith("in `"):
                message = f"in `{call.name}`, defined on line {definition.span.line}: {message}"
            raise type(error)(message, hint=error.hint, span=call.span) from None


def _within(inner: Span, outer: Span) -> bool:
    """Whether a place is inside another: an error in an argument stays where it is."""
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def _expression(argument: s.Argument) -> s.Expr:
    if isinstance(argument, (s.Text, s.ListLiteral)):
        raise TypeMismatchError(
            f"{quote(argument)} where an expression was expected",
            hint="patterns are for einsum and reorder, lists for blocks",
            span=argument.span,
        )
    return argument
