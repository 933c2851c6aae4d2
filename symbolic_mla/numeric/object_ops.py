"""Attention over Python numbers in object arrays: the part that mpmath, balls and rationals share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.numeric.arrays import FLOATS, as_array, is_whole
from symbolic_mla.numeric.contraction import Plan, compile_plan, run
from symbolic_mla.numeric.numpy_ops import check_sum

Array = NDArray[Any]
Row = Callable[[list[Any]], list[Any]]

DIGITS_LIMIT = 1000


def check_digits(digits: int) -> int:
    """`digits`, or InputError when it is outside 1 to DIGITS_LIMIT."""
    if not is_whole(digits) or not 1 <= digits <= DIGITS_LIMIT:
        raise InputError(f"{digits!r} digits of precision: from 1 to {DIGITS_LIMIT} are supported")
    return int(digits)


def object_array(entries: list[Any], shape: tuple[int, ...]) -> Array:
    """An object array of `shape` with these entries, none of which NumPy looks into."""
    return np.fromiter(entries, dtype=object, count=len(entries)).reshape(shape)


def numbers(x: Any) -> Array:
    """`x` as an array of float32, float64, integers, or Python numbers.

    Raises:
        InputError: for another dtype: half precision, complex numbers, booleans, text.

    >>> numbers(np.zeros((2, 3), np.float16))
    Traceback (most recent call last):
    symbolic_mla.errors.InputError: an array of float16 and shape (2, 3): float32, float64, integers or exact \
numbers are taken
      try: x.astype('float64'), if this is meant
    """
    array = as_array("an array", x)
    if array.dtype.kind in "iuO" or array.dtype.name in FLOATS:
        return array
    raise InputError(
        f"an array of {array.dtype} and shape {array.shape}: float32, float64, integers or exact numbers are taken",
        hint="np.where(seen, 0.0, -np.inf) is an additive mask"
        if array.dtype == bool
        else "x.astype('float64'), if this is meant",
    )


def exact(factor: Any) -> Fraction:
    """A scalar as a fraction; raises InputError for NaN, infinity and what is no number."""
    try:
        if not isinstance(factor, str):
            return Fraction(factor)
    except (TypeError, ValueError, OverflowError):
        pass
    raise InputError(f"a tensor is scaled by a finite number, and not by {factor!r}")


def no_softmax(shape: tuple[int, ...], row: int) -> InputError:
    """The error for a row, counted over all leading axes, of which softmax has no value."""
    where = tuple(int(i) for i in np.unravel_index(row, shape[:-1])) if shape[:-1] else ()
    return InputError(
        f"row {where} of the scores, of shape {shape}, is masked out entirely, or holds NaN or plus infinity: softmax "
        "has no value",
        hint="let every query see at least one key",
    )


def to_fractions(x: Any) -> Array:
    """The exact rational values of an array of floats, integers or fractions.

    Raises:
        InputError: for NaN, infinity, another dtype, or an entry that is no rational number.

    >>> to_fractions([[0.5, 3]]).tolist()
    [[Fraction(1, 2), Fraction(3, 1)]]
    """
    array = numbers(x)
    try:
        return object_array([Fraction(entry) for entry in array.ravel().tolist()], array.shape)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(
            f"an entry in shape {array.shape} has no exact rational value: {error}",
            hint="no NaN and no infinity",
        ) from error


def not_finite(pattern: str, operands: Sequence[Array]) -> InputError:
    """The error for a product that is NaN or infinite."""
    met = ", ".join(str(x.shape) for x in operands)
    return InputError(
        f'"{pattern}" on shapes {met} gives NaN or infinity', hint="minus infinity may stand in a mask only"
    )


class ObjectOps:
    """`Ops` on object arrays. A subclass says how rows and scalars are treated, and may multiply faster."""

    def product(self, a: Array, b: Array) -> Array:
        """The products of two stacks of matrices."""
        out: Array = np.matmul(a, b)
        return out

    def plan(self, pattern: str, operands: Sequence[Array], sizes: Mapping[str, int]) -> Plan:
        """The compiled pattern; raises InputError for arrays that do not hold Python numbers."""
        for x in operands:
            if x.dtype != object:
                raise InputError(
                    f'"{pattern}" met an array of {x.dtype} of shape {x.shape}, and '
                    "not this backend's numbers",
                    hint="ops.array(x)",
                )
        return compile_plan(pattern, tuple(x.shape for x in operands), tuple(sizes.items()))

    def einsum(self, pattern: str, *operands: Array, **sizes: int) -> Array:
        """The product by a pattern; raises ShapeError when pattern, shapes and sizes do not fit."""
        plan = self.plan(pattern, operands, sizes)
        out = run(plan, operands, self.product, native=False)
        if plan.arithmetic and not self.finite(out.ravel().tolist()):
            raise not_finite(pattern, operands)
        return out

    def finite(self, entries: list[Any]) -> bool:
        """Whether no entry is NaN or infinite, where this backend's numbers can be."""
        return True

    def add(self, x: Array, y: Array) -> Array:
        """The sum; raises ShapeError unless the shapes agree."""
        check_sum(x, y)
        out: Array = x + y
        return out

    def scale(self, x: Array, factor: Any) -> Array:
        """`x` times a scalar."""
        out: Array = x * factor
        return out

    def apply(self, function: Row, x: Array) -> Array:
        """A function of the last axis, called with each row as a list, of which it must keep the length.

        Raises:
            ShapeError: when the function changes the length of a row.
        """
        width = x.shape[-1]
        entries: list[Any] = []
        for row in x.reshape(-1, width).tolist():
            out = list(function(row))
            if len(out) != width:
                raise ShapeError(f"the function of the last axis took {width} entries and gave {len(out)}")
            entries += out
        return object_array(entries, x.shape)
