"""One relation between two sides as a statement of the kernel, and facts as hypotheses."""

from __future__ import annotations

from symbolic_mla.algebra import zeros
from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.errors import ShapeError, SymbolicMLAError, TypeMismatchError, UnsupportedError
from symbolic_mla.kernel.scalar import Scalar, Var
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Pick, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.products import same_shape
from symbolic_mla.language.shapes import Shapes, locate, quote
from symbolic_mla.language.values import Tensor, Value, as_term, integer_valued, kind_of, weighed
from symbolic_mla.laws.order import entry

Side = tuple[Value, s.Expr]

_SAME = "both sides of an equation have the same axes"


def relate(relation: s.Relation, left: Side, right: Side, shapes: Shapes) -> Statement:
    """`left relation right` as the kernel states it: an equation of tensors, or a comparison of numbers.

    A trace or a contraction is a tensor of no axes; a number beside it becomes one. The number 0 may stand
    for the zero tensor. `a < b` of integers is a + 1 <= b.

    Raises: ShapeError or AxisOrderError when the two sides have different axes; TypeMismatchError for an
    inequality between matrices, and for a number against a matrix; UnsupportedError for `<` of real numbers.
    """
    a, b = left[0], right[0]
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return _numbers(relation, (a, left[1]), (b, right[1]))
    for value, expr in (left, right):
        if isinstance(value, Tensor) and value.order and relation != "=":
            raise TypeMismatchError(
                f"`{relation}` with {quote(expr)}, {kind_of(value)}: it is between numbers, never entrywise",
                hint="compare numbers: ranks, sizes, traces",
                span=expr.span,
            )
    if relation != "=":
        return _numbers(relation, (_as_number(a), left[1]), (_as_number(b), right[1]))
    return _equation(left, right, shapes)


def _as_number(value: Value) -> Scalar:
    """A number; a trace or a full contraction as one."""
    return value if isinstance(value, Scalar) else entry(value.term)


def _equation(left: Side, right: Side, shapes: Shapes) -> Statement:
    sides: list[tuple[Tensor, s.Expr]] = []
    for (value, expr), (other, source) in ((left, right), (right, left)):
        if isinstance(value, Scalar) and isinstance(other, Tensor) and other.order:
            if expr != s.Number(0):
                raise TypeMismatchError(
                    f"{quote(expr)} is a number, and {quote(source)} is {kind_of(other)}, {shapes.shape(other.axes)}",
                    hint="write I(p), c I(p) or ones(p, q) for a number as a matrix",
                    span=expr.span,
                )
            sides.append((Tensor(zeros(*other.axes), other.row), expr))
        else:
            sides.append((value if isinstance(value, Tensor) else Tensor(as_term(value)), expr))
    try:
        same_shape(sides[0], sides[1], shapes, "the two sides differ", hint=_SAME)
    except SymbolicMLAError as error:
        locate(error, right[1].span)
        raise
    return Equation(weighed(sides[0][0].term), weighed(sides[1][0].term))


def _numbers(relation: s.Relation, left: tuple[Scalar, s.Expr], right: tuple[Scalar, s.Expr]) -> Statement:
    if relation in (">", ">="):
        left, right = right, left
    low = left[0]
    if relation in ("<", ">"):
        for number, expr in (left, right):
            if not integer_valued(number):
                raise UnsupportedError(
                    f"`{relation}` with {quote(expr)}, which is not known to be an integer",
                    hint="strict inequalities are between integers (dimensions, ranks), a + 1 <= b; use <=",
                    span=expr.span,
                )
        low = low + 1
    statement = Compare(low, "=" if relation == "=" else "<=", right[0])
    for term in terms_of(statement):
        weighed(term)
    return statement


def one_size_each(statement: Statement) -> None:
    """Raise where one named position runs over two sizes: it would stand for two things. Raises: ShapeError."""
    sizes: dict[str, Var] = {}
    for t in terms_of(statement):
        if isinstance(t, Pick) and sizes.setdefault(t.index, t.size()) != t.size():
            raise ShapeError(
                f"the position `{t.index}` runs over {sizes[t.index].name} and over {t.size().name}",
                hint="a name for each: A[i, j]",
            )


def no_positions(terms: list[Term] | tuple[Term, ...], where: str, instead: str) -> None:
    """Raise where a named position (`A[i]`) has no place among the quantifiers.

    Raises: UnsupportedError.
    """
    for t in subterms(*terms):
        if isinstance(t, Pick):
            raise UnsupportedError(f"the named position `{t.index}` in {where}", hint=instead)


def square(value: Value, expr: s.Expr, shapes: Shapes, *, word: str) -> Tensor:
    """The matrix that a property (`A symmetric`) speaks of. Raises: ShapeError unless it is square."""
    if isinstance(value, Scalar) or value.order != 2:
        raise ShapeError(f"{quote(expr)} is {kind_of(value)}", hint=f"a matrix may be {word}", span=expr.span)
    if value.axes[0] != value.axes[1]:
        where = f"{quote(expr)} is {shapes.shape(value.axes)}"
        error = shapes.disagree(
            where,
            "its columns",
            value.axes[1],
            "its rows",
            value.axes[0],
            hint=f"only a square matrix is {word}",
        )
        locate(error, expr.span)
        raise error
    return value
