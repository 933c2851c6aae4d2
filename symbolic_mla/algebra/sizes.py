"""Sizes as axes, and shapes as text."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.errors import ShapeError, TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Term

Size = Axis | Var | int


def as_axis(size: Size) -> Axis:
    """An axis, a dimension symbol or a positive integer, as an axis.

    Raises:
        ShapeError: for an integer below 1 and for a scalar that is no dimension.
        TypeMismatchError: for anything else.

    >>> as_axis(Var("n")) * as_axis(3)
    n*(3)
    """
    if isinstance(size, Axis):
        return size
    if isinstance(size, bool) or not isinstance(size, (int, Var)):
        raise TypeMismatchError(
            f"a size is a dimension, an axis or a positive integer, and {size!r} is none", hint="n, n*G or 3"
        )
    if isinstance(size, int) and size < 1:
        raise ShapeError(f"an axis of size {size}", hint="sizes are at least 1; leave the axis out")
    if isinstance(size, Var) and size.sign != "dimension":
        raise ShapeError(f"{size.name} is a real scalar and no size", hint=f"declare it by dims {size.name}")
    return Axis.of(size)


def shape_text(axes: Sequence[Axis]) -> str:
    """A shape as one writes it.

    >>> shape_text((as_axis(Var("t")), as_axis(Var("n")) * as_axis(Var("d"))))
    't × n*d'
    >>> shape_text(())
    'a number'
    """
    return " × ".join(map(str, axes)) if axes else "a number"


def need_order(name: str, term: Term, *orders: int, hint: str | None = None) -> None:
    """Raise unless the term has one of these numbers of axes.

    Raises:
        ShapeError: naming the former, the shape that was met and the one that was expected.
    """
    if len(term.axes) not in orders:
        words = {0: "a number", 1: "a vector", 2: "a matrix"}
        expected = " or ".join(words.get(k, f"a tensor of {k} axes") for k in orders)
        met = "a number" if not term.axes else f"a tensor of {len(term.axes)} axes, {shape_text(term.axes)}"
        raise ShapeError(f"{name} takes {expected}, and this is {met}", hint=hint)
