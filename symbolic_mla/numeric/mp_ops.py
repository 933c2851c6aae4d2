"""Attention in mpmath, at any number of digits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from symbolic_mla.errors import InputError
from symbolic_mla.numeric.object_ops import Array, ObjectOps, check_digits, no_softmax, numbers, object_array


class MpOps(ObjectOps):
    """The `Ops` of mpmath at `digits` decimal digits, in a context of its own: `mpmath.mp` is not touched.

    >>> ops = MpOps(30)
    >>> print(ops.softmax(ops.array([[0, 1]]))[0, 1])
    0.731058578630004879251159241822
    """

    def __init__(self, digits: int = 50) -> None:
        self.context: Any = mpmath.MPContext()
        self.context.dps = check_digits(digits)

    def array(self, x: Any) -> Array:
        """An array of floats, integers, fractions or mpmath numbers, rounded to the digits of this backend.

        Raises:
            InputError: for NaN or plus infinity, or an entry that is no real number.
        """
        ctx, array = self.context, numbers(x)
        entries = []
        for entry in array.ravel().tolist():
            try:
                rational = hasattr(entry, "denominator")
                value = ctx.mpf(entry.numerator) / entry.denominator if rational else ctx.mpf(entry)
            except (TypeError, ValueError) as error:
                raise InputError(f"{entry!r} is no real number, in shape {array.shape}") from error
            if ctx.isnan(value) or value == ctx.inf:
                raise InputError(f"an array of shape {array.shape} holds NaN or plus infinity")
            entries.append(value)
        return object_array(entries, array.shape)

    def sqrt(self, dimension: int) -> Any:
        """The square root of a size."""
        return self.context.sqrt(dimension)

    def softmax(self, x: Array) -> Array:
        """softmax over the last axis; raises InputError for a row that is masked out entirely."""
        entries: list[Any] = []
        for at, row in enumerate(x.reshape(-1, x.shape[-1]).tolist()):
            weights = self._softmax_row(row)
            if weights is None:
                raise no_softmax(x.shape, at)
            entries += weights
        return object_array(entries, x.shape)

    def scale(self, x: Array, factor: Any) -> Array:
        """`x` times a number of this backend, a float or a fraction; raises InputError for NaN and infinity."""
        scalar = None if isinstance(factor, (str, list, tuple, np.ndarray)) else self.array([factor])[0]
        if scalar is None or not self.context.isfinite(scalar):
            raise InputError(f"a tensor is scaled by a finite number, and not by {factor!r}")
        return super().scale(x, scalar)

    def finite(self, entries: list[Any]) -> bool:
        """Whether no entry is NaN or infinite."""
        return all(map(self.context.isfinite, entries))

    def _softmax_row(self, row: list[Any]) -> list[Any] | None:
        ctx = self.context
        top = max(row)
        if not ctx.isfinite(top) or any(map(ctx.isnan, row)):
            return None
        weights = [ctx.exp(entry - top) for entry in row]
        total = ctx.fsum(weights)
        return [weight / total for weight in weights]
