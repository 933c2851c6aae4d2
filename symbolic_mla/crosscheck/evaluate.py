"""Expressions of the syntax tree at an instance: each form by its definition, one rule for each node."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from symbolic_mla.crosscheck import arrays as ar
from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import Array, Value
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.crosscheck.calls import call_builtin
from symbolic_mla.crosscheck.eliminate import inverse_matrix
from symbolic_mla.crosscheck.functions import apply_function
from symbolic_mla.crosscheck.numbers import Number, inverse, power, root
from symbolic_mla.crosscheck.scope import Definition, Delayed, Function, FunctionTable, Known, Scope, Size
from symbolic_mla.errors import BudgetError, DomainError, NameUnknownError, ShapeError, TypeMismatchError
from symbolic_mla.language import syntax as s

_DEPTH_LIMIT = 120
_CALLS_LIMIT = 20_000


@dataclass(slots=True)
class Evaluator:
    """What the rules need to know: function tables, the positions that free indices stand for, a source of
    positions for the others."""

    table: FunctionTable
    positions: dict[str, int] = field(default_factory=dict)
    rng: Random | None = None
    depth: int = 0
    calls: int = 0

    def value(self, expr: s.Expr, scope: Scope) -> Value:
        """The value of an expression: a number or an array. Raises: the errors of the tree."""
        match expr:
            case s.Name(text):
                return self.named(text, scope)
            case s.Number(number):
                return number
            case s.Transpose(operand):
                return ar.transpose(self.value(operand, scope))
            case s.Negate(operand):
                return ar.times(-1, self.value(operand, scope))
            case s.Inverse(operand):
                return self.inverse(self.value(operand, scope))
            case s.Power(base, exponent):
                return self.power(self.value(base, scope), self.number(exponent, scope))
            case s.Index(base, indices):
                return self.selection(self.value(base, scope), indices, scope)
            case s.Product(operator, left, right):
                return self.product(operator, self.value(left, scope), self.value(right, scope))
            case s.Quotient(numerator, denominator):
                return ar.times(inverse(self.number(denominator, scope)), self.value(numerator, scope))
            case s.Sum(terms):
                values = [self.value(term, scope) for term in terms]
                total = values[0]
                for value in values[1:]:
                    total = self.sum(total, value)
                return total
            case s.Call(name, arguments, keywords):
                return self.call(name, arguments, keywords, scope)

    # --- Names and calls

    def named(self, name: str, scope: Scope) -> Value:
        """The value of a name."""
        binding = scope.get(name)
        match binding:
            case Size(axis):
                return ax.size(axis)
            case Known(value):
                return value
            case Delayed():
                if binding.value is None:
                    binding.value = self.nested(binding.body, binding.scope)
                return binding.value
        raise TypeMismatchError(f"`{name}` is a function", hint=f"apply it: `{name}(...)`")

    def nested(self, body: s.Expr, scope: Scope) -> Value:
        """The body of a definition. Raises: BudgetError for definitions nested too deeply, or too many calls."""
        self.depth += 1
        self.calls += 1
        try:
            if self.depth > _DEPTH_LIMIT or self.calls > _CALLS_LIMIT:
                raise BudgetError("definitions nested too deeply", hint="write fewer levels of `let`")
            return self.value(body, scope)
        finally:
            self.depth -= 1

    def call(
        self, name: str, arguments: tuple[s.Argument, ...], keywords: tuple[s.Keyword, ...], scope: Scope
    ) -> Value:
        """A definition, a function or a builtin, applied."""
        binding = scope.find(name)
        match binding:
            case Definition(parameters, body, around):
                local: dict[str, Delayed] = {}
                for parameter, argument in zip(parameters, arguments, strict=False):
                    if isinstance(argument, (s.Text, s.ListLiteral)):
                        raise TypeMismatchError(f"a pattern or a list for `{name}`", hint="give expressions")
                    local[parameter] = Delayed(argument, scope)
                for keyword in keywords:
                    local[keyword.name.text] = Delayed(keyword.value, scope)
                if local.keys() != set(parameters) or len(arguments) + len(keywords) != len(parameters):
                    raise TypeMismatchError(f"the arguments of `{name}`", hint=f"it takes {', '.join(parameters)}")
                return self.nested(body, around.inside(local))
            case Function(positions):
                (argument,) = self.expressions(name, arguments)
                axes = [self.axis(s.Name(dim), scope) for dim in positions]
                return apply_function(self.table, name, axes, self.value(argument, scope))
            case None:
                return call_builtin(self, name, arguments, {k.name.text: k.value for k in keywords}, scope)
        raise TypeMismatchError(f"`{name}` is not a function", hint="write a product with `*`")

    def expressions(self, name: str, arguments: tuple[s.Argument, ...], count: int | None = 1) -> list[s.Expr]:
        """The arguments, if they are so many expressions. Raises: TypeMismatchError."""
        found = [a for a in arguments if not isinstance(a, (s.Text, s.ListLiteral))]
        if len(found) != len(arguments) or (count is not None and len(found) != count):
            raise TypeMismatchError(f"{len(arguments)} arguments for `{name}`", hint=f"it takes {count}")
        return found

    # --- Numbers and sizes

    def number(self, expr: s.Expr, scope: Scope) -> Number:
        """The value, if it is a number. Raises: TypeMismatchError."""
        value = self.value(expr, scope)
        if isinstance(value, Array):
            raise TypeMismatchError(f"{ar.shown(value)} where a number is expected", hint="take `tr` or `rank`")
        return value

    def integer(self, expr: s.Expr, scope: Scope) -> int:
        """The value, if it is an integer. Raises: TypeMismatchError."""
        value = self.number(expr, scope)
        if not isinstance(value, (int, Fraction)) or value.denominator != 1:
            raise TypeMismatchError(f"{value} where an integer is expected", hint="use dimensions")
        return value.numerator

    def axis(self, expr: s.Expr, scope: Scope) -> Axis:
        """The axis that a size stands for, its factors in the order in which they are written."""
        match expr:
            case s.Name(text):
                binding = scope.get(text)
                if isinstance(binding, Size):
                    return binding.axis
                if isinstance(binding, Delayed):
                    return self.axis(binding.body, binding.scope)
            case s.Product("" | "*", left, right):
                return ax.product([self.axis(left, scope), self.axis(right, scope)])
            case s.Power(base, exponent):
                times = self.integer(exponent, scope)
                if 0 < times <= 20:
                    return ax.product([self.axis(base, scope)] * times)
            case s.Sum(terms) if not any(isinstance(term, s.Negate) for term in terms):
                return ax.direct_sum([self.axis(term, scope) for term in terms])
        size = self.integer(expr, scope)
        if size < 1:
            raise DomainError(f"an axis of size {size}", hint="sizes are positive")
        return ax.literal(size) if isinstance(expr, s.Number) else ax.opaque(repr(expr), size)

    # --- Operations

    def sum(self, left: Value, right: Value) -> Value:
        """Two numbers, or two arrays of one shape."""
        if isinstance(left, Array) and isinstance(right, Array):
            return ar.entrywise(lambda x, y: x + y, "+", left, right)
        if isinstance(left, Array) or isinstance(right, Array):
            raise ShapeError(f"{ar.shown(left)} + {ar.shown(right)}", hint="write `c I(m)` for a multiple of I")
        return left + right

    def product(self, operator: s.ProductOperator, left: Value, right: Value) -> Value:
        """The product that its operator and its operands call for."""
        if operator == "⊗":
            return ar.kron(left, right)
        if operator == "∘" and isinstance(left, Array) and isinstance(right, Array):
            return ar.entrywise(lambda x, y: x * y, "∘", left, right)
        return ar.times(left, right)

    def inverse(self, value: Value) -> Value:
        """1/x, or the inverse of a square matrix."""
        if not isinstance(value, Array):
            return inverse(value)
        ar.require(value, 2, "inv")
        if value.shape[0] != value.shape[1]:
            raise ShapeError(f"the inverse of {ar.shown(value)}", hint="only a square matrix has one")
        return ar.matrix((value.axes[1], value.axes[0]), inverse_matrix(value.rows()))

    def power(self, base: Value, exponent: Number) -> Value:
        """base^exponent: integers for matrices, integers and halves for numbers."""
        if not isinstance(exponent, (int, Fraction)) or exponent.denominator > 2:
            raise TypeMismatchError(f"the exponent {exponent}", hint="use an integer")
        if not isinstance(base, Array):
            return power(base if exponent.denominator == 1 else root(base), exponent.numerator)
        ar.require(base, 2, "power")
        if exponent.denominator != 1 or base.shape[0] != base.shape[1]:
            raise ShapeError(f"{ar.shown(base)} to the power {exponent}", hint="a square matrix, an integer")
        if exponent < 0:
            return self.power(self.inverse(base), -exponent)
        if exponent > 1000:
            raise BudgetError(f"the exponent {exponent}", hint="choose a smaller one")
        result: Value = ar.build(base.axes, lambda i, j: int(i == j))
        for _ in range(exponent.numerator):
            result = ar.times(result, base)
        return result

    # --- Selections

    def selection(self, base: Value, indices: tuple[s.Expr | s.Whole, ...], scope: Scope) -> Value:
        """`A[h]`: one position, counted from 0, of the first factor of an axis; or a block of a direct sum."""
        if not isinstance(base, Array) or base.row or len(indices) > len(base.axes):
            raise ShapeError(f"{len(indices)} indices for {ar.shown(base)}", hint="one for each axis at the most")
        axes: list[Axis] = []
        chosen: list[range] = []
        for place, axis in enumerate(base.axes):
            index = indices[place] if place < len(indices) else s.Whole()
            if isinstance(index, s.Whole):
                axes.append(axis)
                chosen.append(range(ax.size(axis)))
                continue
            rest, taken = self.pick(index, axis, scope)
            chosen.append(taken)
            if rest is not None:
                axes.append(rest)
        strides = [0] * len(base.axes)
        step = 1
        for place in reversed(range(len(base.axes))):
            strides[place] = step
            step *= base.shape[place]
        offsets = [0]
        for stride, taken in zip(strides, chosen, strict=True):
            offsets = [at + stride * k for at in offsets for k in taken]
        data = tuple(base.data[at] for at in offsets)
        return Array(tuple(axes), data) if axes else data[0]

    def pick(self, index: s.Expr, axis: Axis, scope: Scope) -> tuple[Axis | None, range]:
        """What is left of an axis (None: nothing), and the positions taken."""
        if not axis:
            raise ShapeError("an index into an axis of size 1", hint="leave the index out")
        first, rest = axis[0], axis[1:]
        parts = first.parts
        blocks = len(parts) if parts else first.size
        at = self.position(index, blocks, scope)
        if not 0 <= at < blocks:
            raise DomainError(f"the index {at} of {blocks}", hint="positions count from 0")
        inner = ax.size(rest)
        if parts:
            start = sum(ax.size(part) for part in parts[:at]) * inner
            block = ax.product([parts[at], rest])
            return block, range(start, start + ax.size(block))
        return rest or None, range(at * inner, (at + 1) * inner)

    def position(self, index: s.Expr, count: int, scope: Scope) -> int:
        """An index: a number, or a free name that stands for any position."""
        if not isinstance(index, s.Name) or scope.find(index.text) is not None:
            return self.integer(index, scope)
        if index.text not in self.positions:
            if self.rng is None:
                raise NameUnknownError(f"no position for the index `{index.text}`", hint="give its value")
            self.positions[index.text] = self.rng.randrange(count)
        return self.positions[index.text]
