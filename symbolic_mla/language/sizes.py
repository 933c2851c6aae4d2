"""Sizes: a product or a sum of dimensions and integers as an axis, factor by factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbolic_mla.algebra import MAX_POWER
from symbolic_mla.errors import BudgetError, ShapeError, TypeMismatchError, UnsupportedError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.language import syntax as s
from symbolic_mla.language.shapes import quote
from symbolic_mla.language.unparse import unparse
from symbolic_mla.language.values import axis_product, checked_axis, literal_axis

if TYPE_CHECKING:
    from symbolic_mla.language.expressions import Evaluator


def axis_of(ev: Evaluator, expr: s.Expr) -> Axis:
    """The axis that a size means.

    Raises: TypeMismatchError for what is no size; UnsupportedError for a difference or a quotient; ShapeError
    for 0; BudgetError.
    """
    match expr:
        case s.Name(text):
            return _named(ev, text, expr)
        case s.Number(int() as size) if size >= 1:
            return literal_axis(size)
        case s.Number(int()):
            raise ShapeError("an axis of size 0", hint="sizes are at least 1; leave the block out")
        case s.Product("" | "*", left, right):
            return axis_product(ev.axis(left), ev.axis(right))
        case s.Sum(terms) if not any(isinstance(t, s.Negate) for t in terms):
            total = ev.axis(terms[0])
            for t in terms[1:]:
                total = checked_axis(total + ev.axis(t))
            return total
        case s.Power(base, exponent):
            return _power(ev.axis(base), ev.exponent(exponent), exponent)
        case s.Call(name) if name in ev.env.lets:
            return ev.unfold(expr, lambda inner, body: inner.axis(body))
        case s.Sum() | s.Negate() | s.Quotient():
            raise UnsupportedError(
                f"the size {quote(expr)}: sizes have no differences and no quotients",
                hint=part_and_whole(expr),
            )
    raise TypeMismatchError(
        f"{quote(expr)} where a size was expected",
        hint="a size is a product or a sum of dimensions and integers",
    )


def part_and_whole(expr: s.Expr, part: str = "k") -> str:
    """How a size is said without the quotient or the difference that was written: by `part`, what that comes to."""
    match expr:
        case s.Quotient(s.Name(whole), s.Number() as by):
            declared, size = part, f"{unparse(by)}*{part}"
        case s.Quotient(s.Name(whole), by):
            declared, size = f"{part}, {unparse(by)}", f"{part}*{unparse(by)}"
        case s.Sum((s.Name(whole), s.Negate(less))):
            declared = part if isinstance(less, s.Number) else f"{part}, {unparse(less)}"
            size = f"{unparse(less)} + {part}"
        case _:
            return "declare the smallest part, and define the whole: dims h; dim d = 2*h"
    return f"declare the part, and define the whole: dims {declared}; dim {whole} = {size}"


def _power(factor: Axis, k: int, expr: s.Expr) -> Axis:
    if k < 1:
        raise ShapeError(f"a size to the power {quote(expr)}", hint="the exponent of a size is at least 1")
    if k > MAX_POWER:
        raise BudgetError(f"a size to a power above {MAX_POWER}", hint="use another dimension")
    total = factor
    for _ in range(k - 1):
        total = axis_product(total, factor)
    return total


def _named(ev: Evaluator, name: str, expr: s.Expr) -> Axis:
    env = ev.env
    if name in env.arguments:
        return ev.at(env.arguments[name].environment).axis(env.arguments[name].expr)
    if name in env.dims:
        return env.dims[name]
    if name in env.lets and not env.lets[name].parameters:
        return ev.at(env.lets[name].environment).axis(env.lets[name].body)
    met = env.what(name)
    if met is None:
        raise env.unknown(name, expr.span, size=True)
    raise TypeMismatchError(
        f"`{name}` is {met} where a size was expected", hint=f"declare a size by dims {name}", span=expr.span
    )
