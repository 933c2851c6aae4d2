"""Products, typed by their factors: numbers scale, vectors are columns, matrices multiply."""

from __future__ import annotations

from symbolic_mla.algebra import hadamard, kron, matmul, scale
from symbolic_mla.algebra.formers import wire
from symbolic_mla.errors import AxisOrderError, ShapeError, SymbolicMLAError, TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.language import syntax as s
from symbolic_mla.language.shapes import Shapes, axis_name, flipped, quote
from symbolic_mla.language.values import Tensor, Value, axis_product, coefficient, kind_of, times

Factor = tuple[Value, s.Expr]


def multiply(operator: s.ProductOperator, left: Factor, right: Factor, shapes: Shapes) -> Value:
    """`left operator right`.

    Raises: ShapeError or AxisOrderError for axes that do not meet; TypeMismatchError for `⊗`, `∘` of numbers.
    """
    a, b = left[0], right[0]
    if operator in ("⊗", "∘"):
        if not isinstance(a, Tensor) or not isinstance(b, Tensor) or not (a.order and b.order):
            number = left if isinstance(a, Scalar) or not a.order else right
            raise TypeMismatchError(
                f"`{operator}` joins two matrices, and {quote(number[1])} is a number",
                hint="write `*`, or a space, for a number times a matrix",
                span=number[1].span,
            )
        return _kronecker(a, b) if operator == "⊗" else entrywise(left, right, shapes)
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return times(a, b)
    for x, y in ((a, b), (b, a)):
        if isinstance(x, Scalar) and isinstance(y, Tensor):
            return Tensor(scale(coefficient(x), y.term), y.row)
        if isinstance(x, Tensor) and isinstance(y, Tensor) and not x.order:
            return Tensor(scale(x.term, y.term), y.row)
    return _matrices(left, right, shapes)


def _matrices(left: Factor, right: Factor, shapes: Shapes) -> Tensor:
    (a, x), (b, y) = left, right
    if not isinstance(a, Tensor) or not isinstance(b, Tensor):
        raise TypeMismatchError("a product of numbers is none of matrices")
    for tensor, expr in ((a, x), (b, y)):
        if tensor.order > 2:
            raise ShapeError(
                f"{quote(expr)} is {kind_of(tensor)}, {shapes.shape(tensor.axes)}, "
                "and a product is of matrices and vectors",
                hint='say which axes meet: einsum("i j k, k l -> i j l", A, B)',
                span=expr.span,
            )
    match (a.order, a.row, b.order, b.row):
        case (2, _, 2, _):
            _meet(left, right, shapes)
            return Tensor(matmul(a.term, b.term))
        case (2, _, 1, False) | (1, True, 1, False):
            _meet(left, right, shapes)
            return Tensor(matmul(a.term, b.term))
        case (1, True, 2, _):
            _meet(left, right, shapes)
            return Tensor(matmul(a.term, b.term), True)
        case (1, False, 1, True):
            return Tensor(wire([(a.term, "i"), (b.term, "j")], ["i", "j"]))
    if b.row:
        raise ShapeError(
            f"{quote(x)} is {kind_of(a)} and {quote(y)} a row vector, which stands behind a column only",
            hint=f"write {quote(x)} times the vector itself, or einsum",
        )
    raise ShapeError(
        f"{quote(x)} is a column vector, and cannot stand on the left of {quote(y)}, {kind_of(b)}",
        hint=f"write {flipped(x)} there; for entry times entry write `∘`",
    )


def _meet(left: Factor, right: Factor, shapes: Shapes) -> None:
    """Raise unless the last axis of the left factor is the first of the right one."""
    (a, x), (b, y) = left, right
    if not isinstance(a, Tensor) or not isinstance(b, Tensor) or a.axes[-1] == b.axes[0]:
        return
    where = f"{quote(x)} is {shapes.shape(a.axes)} and {quote(y)} is {shapes.shape(b.axes)}"
    ours, theirs = axis_name(a.order - 1, a.order), axis_name(0, b.order)
    error = shapes.disagree(
        where, f"the {ours} of the first", a.axes[-1], f"the {theirs} of the second", b.axes[0],
        hint=_other_order(a, x, b, y),
    )  # fmt: skip
    raise _told(error, left, right, shapes, (ours, a.axes[-1]), (theirs, b.axes[0]))


def _told(error: ShapeError, left: Factor, right: Factor, shapes: Shapes,
          ours: tuple[str, Axis], theirs: tuple[str, Axis]) -> ShapeError:  # fmt: skip
    """The error with both shapes, for those who show them one beneath the other."""
    (a, x), (b, y) = left, right
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        error.shapes = ((quote(x), shapes.shape(a.axes)), (quote(y), shapes.shape(b.axes)))
    same = ": the same size, and a different order" if isinstance(error, AxisOrderError) else ""
    error.brief = (
        f"the {ours[0]} of {quote(x)} are {shapes.axis(ours[1])}, "
        f"the {theirs[0]} of {quote(y)} are {shapes.axis(theirs[1])}{same}"
    )
    return error


def _other_order(a: Tensor, x: s.Expr, b: Tensor, y: s.Expr) -> str:
    """What to try when A B does not fit: the nearest product that does."""
    first, second = quote(x), quote(y)
    if b.axes[-1] == a.axes[-1] and b.order == 2:
        return f"the columns on the left are the rows on the right; {flipped(y)} fits behind {first}"
    if a.axes[0] == b.axes[0] and a.order == 2:
        return f"the columns on the left are the rows on the right; {flipped(x)} fits before {second}"
    if b.axes[-1] == a.axes[0]:
        return f"the other order fits: {quote(s.Product('', y, x))}; remember that (A B)ᵀ = Bᵀ Aᵀ"
    return "a product needs as many columns on the left as rows on the right"


def _kronecker(a: Tensor, b: Tensor) -> Tensor:
    """A ⊗ B; a vector is a matrix of one column and a row one of one row."""
    if a.order == b.order and a.row == b.row:
        for p, q in zip(a.axes, b.axes, strict=True):
            axis_product(p, q)
        return Tensor(kron(a.term, b.term), a.row)
    if a.order > 2 or b.order > 2:
        raise ShapeError(
            f"`⊗` of {kind_of(a)} and {kind_of(b)}",
            hint="both need the same number of axes; einsum says it for any",
        )
    rows = ("i" if not a.row else "") + ("k" if not b.row else "")
    columns = ("i" if a.row else "j" if a.order == 2 else "") + ("k" if b.row else "l" if b.order == 2 else "")
    _checked_groups(a, b)
    return Tensor(wire([(a.term, "ij"[: a.order]), (b.term, "kl"[: b.order])], [rows, columns]))


def _checked_groups(a: Tensor, b: Tensor) -> None:
    for p in a.axes:
        for q in b.axes:
            axis_product(p, q)


def entrywise(left: Factor, right: Factor, shapes: Shapes) -> Tensor:
    """A ∘ B, of one shape. Raises: ShapeError, AxisOrderError."""
    a, b = left[0], right[0]
    if not isinstance(a, Tensor) or not isinstance(b, Tensor):
        raise TypeMismatchError("`∘` joins two tensors")
    same_shape(left, right, shapes, "an entrywise product")
    return Tensor(hadamard(a.term, b.term), a.row)


def same_shape(left: Factor, right: Factor, shapes: Shapes, what: str, *, hint: str | None = None) -> None:
    """Raise unless two tensors have the same axes, and are both rows or neither.

    Raises: ShapeError, AxisOrderError.
    """
    error = difference(left, right, shapes, what, hint=hint)
    if error is not None:
        raise error


def difference(
    left: Factor, right: Factor, shapes: Shapes, what: str, *, hint: str | None = None
) -> SymbolicMLAError | None:
    """Why two tensors do not have the same shape, or None."""
    (a, x), (b, y) = left, right
    if not isinstance(a, Tensor) or not isinstance(b, Tensor) or (a.axes == b.axes and a.row == b.row):
        return None
    where = f"{what}: {quote(x)} is {shapes.shape(a.axes)} and {quote(y)} is {shapes.shape(b.axes)}"
    if a.order != b.order or a.row != b.row:
        return ShapeError(
            f"{what}: {quote(x)} is {kind_of(a)}, {shapes.shape(a.axes)}, and {quote(y)} is {kind_of(b)}, "
            f"{shapes.shape(b.axes)}",
            hint=hint or "both sides need the same axes",
        )
    found: list[ShapeError] = []
    for k, (p, q) in enumerate(zip(a.axes, b.axes, strict=True)):
        if p != q:
            name = axis_name(k, a.order)
            error = shapes.disagree(
                where, f"the {name} of the first", p, f"the {name} of the second", q, hint=hint
            )
            found.append(_told(error, left, right, shapes, (name, p), (name, q)))
    sizes = [e for e in found if not isinstance(e, AxisOrderError)]
    return next(iter(sizes or found), None)
