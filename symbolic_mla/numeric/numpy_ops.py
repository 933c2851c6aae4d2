"""Attention in NumPy: float32 or float64, batched, each pattern compiled once to matrix products."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, nan, sqrt
from typing import Any

import numpy as np

from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.numeric.arrays import FLOATS, FloatName, Floats, all_finite
from symbolic_mla.numeric.contraction import compile_plan, run


def check_sum(x: Any, y: Any) -> None:
    """Raise ShapeError unless `y` has the shape of `x`, or that shape without its leading batch axes."""
    if y.shape != x.shape[max(0, x.ndim - y.ndim) :]:
        raise ShapeError(
            f"shapes {x.shape} and {y.shape} do not add (nothing is broadcast)",
            hint="a mask is query positions × key positions",
        )


def finite_float(factor: Any) -> float:
    """A scalar in float64; raises InputError for NaN, infinity, overflow, and what is no number."""
    try:
        value = nan if isinstance(factor, str) else float(factor)
    except (TypeError, ValueError, OverflowError):
        value = nan
    if not isfinite(value):
        raise InputError(f"a tensor is scaled by a finite number, and not by {factor!r}")
    return value


class NumpyOps:
    """The `Ops` of NumPy. Arrays may carry leading batch axes, which every batched array must share.

    No NaN and no infinity leaves it: an operand or a result that holds one is an error, except a mask,
    which may hold minus infinity as long as no row is masked out entirely.

    >>> NumpyOps().einsum("i j, j k -> i k", np.eye(2), np.ones((2, 3))).shape
    (2, 3)
    """

    def __init__(self, dtype: FloatName = "float64") -> None:
        if dtype not in FLOATS:
            raise InputError(f"{dtype!r} is not a precision of this backend", hint="'float32' or 'float64'")
        self.dtype: FloatName = dtype

    def einsum(self, pattern: str, *operands: Floats, **sizes: int) -> Floats:
        """The product by a pattern.

        Raises:
            InputError: for an operand of another dtype, or a product that is NaN or infinite.
            ShapeError: when pattern, shapes and sizes do not fit.
        """
        for x in operands:
            if x.dtype != self.dtype:
                raise InputError(
                    f'"{pattern}" met an array of dtype {x.dtype} and shape {x.shape}; '
                    f"this backend computes in {self.dtype}",
                    hint=f"x.astype('{self.dtype}'), if its rounding is meant",
                )
        plan = compile_plan(pattern, tuple(x.shape for x in operands), tuple(sizes.items()))
        with np.errstate(invalid="ignore", over="ignore"):
            out = run(plan, operands, np.matmul, native=True)
        if plan.arithmetic and not all_finite(out):
            met = ", ".join(str(x.shape) for x in operands)
            raise InputError(
                f'"{pattern}" on shapes {met} gives NaN or infinity',
                hint="an operand holds NaN or infinity, or the product overflows "
                f"{self.dtype}: look at np.isfinite(x).all() and np.abs(x).max()",
            )
        return out

    def add(self, x: Floats, y: Floats) -> Floats:
        """The sum; raises ShapeError unless the shapes agree."""
        check_sum(x, y)
        return np.add(x, y)

    def scale(self, x: Floats, factor: float) -> Floats:
        """`x` times a real number, in the precision of `x`; raises InputError for NaN, infinity, or no number."""
        return np.multiply(x, finite_float(factor))

    def sqrt(self, dimension: int) -> float:
        """The square root of a size, in float64."""
        return sqrt(dimension)

    def softmax(self, x: Floats) -> Floats:
        """softmax over the last axis, shifted by the maximum of each row.

        Raises:
            InputError: when a row is minus infinity throughout, or holds NaN or plus infinity.
        """
        top = x.max(axis=-1, keepdims=True)
        if not np.isfinite(top).all():
            raise masked_row(x, top)
        out: Floats = np.subtract(x, top)
        np.exp(out, out=out)
        out /= out.sum(axis=-1, keepdims=True)
        return out

    def apply(self, function: Callable[[Floats], Floats], x: Floats) -> Floats:
        """A function of the last axis, called with the whole array; it must keep shape and dtype.

        Raises:
            ShapeError: when the function changes the shape.
            InputError: when it changes the dtype, or gives NaN or infinity.
        """
        out = np.asarray(function(x))
        if out.shape != x.shape:
            raise ShapeError(f"the function of the last axis took shape {x.shape} and gave {out.shape}")
        if out.dtype != x.dtype or not all_finite(out):
            raise InputError(
                f"the function of the last axis took {x.dtype} and gave {out.dtype}, NaN or infinity"
            )
        return out


def masked_row(x: Floats, top: Floats) -> InputError:
    """The error for a row that has no finite maximum: all masked out, or NaN or plus infinity."""
    where = tuple(int(i) for i in np.argwhere(~np.isfinite(top[..., 0]))[0])
    if np.isneginf(top[(*where, 0)]):
        return InputError(
            f"row {where} of the scores, of shape {x.shape}, is masked out entirely",
            hint="let every query see at least one key",
        )
    return InputError(
        f"row {where} of the scores, of shape {x.shape}, holds NaN or plus infinity",
        hint="look for it in the inputs and in the mask (which may hold minus infinity only)",
    )
