"""Quotients, powers and inverses of values, and when there is none."""

from __future__ import annotations

from collections.abc import Mapping

from symbolic_mla.algebra import MAX_POWER, power, scale
from symbolic_mla.errors import BudgetError, DomainError, ShapeError, SymbolicMLAError, TypeMismatchError
from symbolic_mla.kernel.scalar import Scalar, scalar
from symbolic_mla.kernel.term import Atom
from symbolic_mla.language import syntax as s
from symbolic_mla.language.inverse import invert
from symbolic_mla.language.shapes import Shapes, locate, quote
from symbolic_mla.language.values import Tensor, Value, coefficient, count_words, divided, kind_of, raised

Operand = tuple[Value, s.Expr]
Inverses = Mapping[Atom, Atom]


def quotient(top: Value, bottom: Operand) -> Value:
    """`top / bottom`, by a number that is known to be positive (or negative).

    Raises: TypeMismatchError for a division by a matrix; DomainError for one by what may be 0.
    """
    divisor, expr = bottom
    if isinstance(divisor, Tensor):
        if divisor.order:
            raise TypeMismatchError(
                f"a division by {quote(expr)}, {kind_of(divisor)}",
                hint="inv(A) B or B inv(A)",
                span=expr.span,
            )
        raise DomainError(
            f"a division by {quote(expr)}, a trace or a contraction, which may be 0",
            hint="multiply both sides by it",
            span=expr.span,
        )
    try:
        inverse = divided(scalar(1), divisor)
    except SymbolicMLAError as error:
        locate(error, expr.span)
        raise
    if isinstance(top, Scalar):
        return divided(top, divisor)
    return Tensor(scale(coefficient(inverse), top.term), top.row)


def raise_to(base: Operand, exponent: int, inverses: Inverses, shapes: Shapes) -> Value:
    """A number or a square matrix to a literal power; a negative one through the inverse.

    Raises: ShapeError for what is not square; DomainError for the inverse of what may have none; BudgetError.
    """
    value, expr = base
    if isinstance(value, Scalar):
        return raised(value, exponent)
    if value.order not in (0, 2):
        raise ShapeError(
            f"a power of {quote(expr)}, {kind_of(value)}", hint="entry by entry it is A ∘ A", span=expr.span
        )
    if abs(exponent) > MAX_POWER:
        raise BudgetError(
            f"the exponent {count_words(exponent)}; the limit for matrices is {MAX_POWER}",
            hint="name a smaller power with `let`, or prove the step that is repeated",
        )
    if exponent < 0:
        return raise_to((inverse(base, inverses, shapes), expr), -exponent, inverses, shapes)
    if value.order == 2 and value.axes[0] != value.axes[1]:
        where = f"a power of {quote(expr)}, which is {shapes.shape(value.axes)}"
        error = shapes.disagree(where, "its columns", value.axes[1], "its rows", value.axes[0], hint=_SQUARE)
        locate(error, expr.span)
        raise error
    return Tensor(power(value.term, exponent))


_SQUARE = "only a square matrix has powers"


def inverse(operand: Operand, inverses: Inverses, shapes: Shapes) -> Value:
    """The inverse of a number or a matrix.

    Raises: DomainError for what is not known to have one, with the reason.
    """
    value, expr = operand
    if isinstance(value, Scalar):
        return divided(scalar(1), value)
    found = invert(value.term, inverses) if value.order == 2 else None
    if found is not None:
        return Tensor(found)
    why = "which is not known to be invertible"
    if value.order != 2:
        why = kind_of(value)
    elif value.axes[0] != value.axes[1]:
        why = f"which is {shapes.shape(value.axes)} and not square"
    raise DomainError(
        f"the inverse of {quote(expr)}, {why}",
        hint="an inverse is of a matrix declared so (given A : p × p with A invertible), and of products, "
        "transposes, Kronecker products and powers of such; anything else may have none, and would prove all",
        span=expr.span,
    )
