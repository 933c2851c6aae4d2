"""Attention in ball arithmetic: every entry is a midpoint with a certified radius (python-flint's Arb)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np

from symbolic_mla.errors import InputError
from symbolic_mla.numeric.balls import Balls, balls, working_precision
from symbolic_mla.numeric.contraction import run
from symbolic_mla.numeric.object_ops import (
    Array,
    ObjectOps,
    Row,
    check_digits,
    exact,
    no_softmax,
    not_finite,
    numbers,
    object_array,
    to_fractions,
)

_LOWEST = -1100  # half the smallest positive float is 2^-1075


class BallOps(ObjectOps):
    """The `Ops` of real balls: the exact result of exact inputs lies in the balls that come out.

    Products are matrix products of Arb, and a layer runs some fifteen times faster than in mpmath. Tensors are
    `Balls`, object arrays that can't be written to.

    >>> ops = BallOps(30)
    >>> values, radii = ops.read(ops.softmax(ops.array([[0, 1]])))
    >>> float(values[0, 1]), bool(radii[0, 1] < 1e-28)
    (0.7310585786300049, True)
    """

    def __init__(self, digits: int = 50) -> None:
        self.bits = int(check_digits(digits) * 3.3219280948873626) + 10

    def array(self, x: Any) -> Balls:
        """Floats, integers or fractions as balls (of radius 0 for floats, and for minus infinity in a mask).

        Raises:
            InputError: for NaN or plus infinity.
        """
        array = numbers(x)
        with working_precision(self.bits):
            if array.dtype.kind != "O":
                masked = np.isneginf(array) if array.dtype.kind == "f" else np.zeros(array.shape, bool)
                rationals = to_fractions(np.where(masked, 0, array))
                hidden = masked.ravel().tolist()
            else:
                rationals, hidden = to_fractions(array), [False] * array.size
            entries = [
                flint.arb.neg_inf() if out else self._ball(q)
                for q, out in zip(rationals.ravel().tolist(), hidden, strict=True)
            ]
        return balls(entries, array.shape)

    @staticmethod
    def _ball(q: Fraction) -> Any:
        power = q.denominator.bit_length() - 1
        if q.denominator == 1 << power:  # exact, however long the numerator
            return flint.arb((q.numerator, -power))
        return flint.arb(flint.fmpq(q.numerator, q.denominator))

    def product(self, a: Array, b: Array) -> Array:
        """The products of two stacks of matrices, each by Arb's matrix product."""
        (m, k), n, stack = a.shape[-2:], b.shape[-1], a.shape[:-2]
        entries: list[Any] = []
        with working_precision(self.bits):
            for x, y in zip(a.reshape(-1, m * k).tolist(), b.reshape(-1, k * n).tolist(), strict=True):
                entries += (flint.arb_mat(m, k, x) * flint.arb_mat(k, n, y)).entries()
        return object_array(entries, (*stack, m, n))

    def einsum(self, pattern: str, *operands: Array, **sizes: int) -> Balls:
        """The product by a pattern; raises ShapeError when pattern, shapes and sizes do not fit."""
        plan = self.plan(pattern, operands, sizes)
        with working_precision(self.bits):
            out = None
            if plan.turned is None:
                entries = run(plan, [x.view(np.ndarray) for x in operands], self.product, native=False).ravel().tolist()
            else:
                (a, b), (a_turned, b_turned) = operands, plan.turned
                out = _tensor(a).matrix(a_turned) * _tensor(b).matrix(b_turned)
                entries = out.entries()
        if plan.arithmetic and not self.finite(entries):
            raise not_finite(pattern, operands)
        return balls(entries, plan.shape, out)

    def finite(self, entries: list[Any]) -> bool:
        """Whether no ball is NaN, infinite or the whole line."""
        return all(map(flint.arb.is_finite, entries))

    def add(self, x: Array, y: Array) -> Balls:
        """The sum; raises ShapeError unless the shapes agree."""
        with working_precision(self.bits):
            return _tensor(super().add(x.view(np.ndarray), y.view(np.ndarray)))

    def scale(self, x: Array, factor: Any) -> Balls:
        """`x` times a ball, a float or a fraction."""
        with working_precision(self.bits):
            ball = factor if isinstance(factor, flint.arb) else self._ball(exact(factor))
            if not ball.is_finite():
                raise InputError(f"a tensor is scaled by a finite number, and not by {factor!r}")
            return _tensor(super().scale(x.view(np.ndarray), ball))

    def apply(self, function: Row, x: Array) -> Balls:
        """A function of rows of balls; raises ShapeError when it changes the length of a row."""
        with working_precision(self.bits):
            return _tensor(super().apply(function, x))

    def sqrt(self, dimension: int) -> Any:
        """The square root of a size, as a ball that divides at this precision."""
        return _Root(self.bits, dimension)

    def softmax(self, x: Array) -> Balls:
        """softmax over the last axis; raises InputError for a row that is masked out entirely."""
        flat, width = x.ravel().tolist(), x.shape[-1]
        entries: list[Any] = []
        with working_precision(self.bits):
            for start in range(0, len(flat), width):
                weights = _softmax_row(flat[start : start + width])
                if weights is None:
                    raise no_softmax(x.shape, start // width)
                entries += weights
        return balls(entries, x.shape)

    def read(self, x: Array) -> tuple[Array, np.ndarray[Any, np.dtype[np.float64]]]:
        """The midpoints as exact fractions, and upper bounds of the radii as float64.

        What lies far below every float is read as 0, for a weight exp(−10⁹) would fill the memory as a fraction; the
        radius covers it.
        """
        values, radii = [], []
        for ball in x.ravel().tolist():
            mantissa, exponent = (int(part) for part in ball.mid().man_exp())
            if exponent + mantissa.bit_length() < _LOWEST:
                mantissa, exponent = 0, 0  # the step up of the radius below is larger
            values.append(Fraction(mantissa) * Fraction(2) ** exponent)
            radii.append(float(np.nextafter(float(ball.rad()), np.inf)))
        return object_array(values, x.shape), np.array(radii).reshape(x.shape)


class _Root:
    """1 / root and root as balls at the precision of the backend, whatever the global one is."""

    def __init__(self, bits: int, dimension: int) -> None:
        self.bits, self.dimension = bits, dimension

    def __rtruediv__(self, numerator: int) -> Any:
        with working_precision(self.bits):
            return numerator / flint.arb(self.dimension).sqrt()


def _tensor(x: Array) -> Balls:
    return x if isinstance(x, Balls) else balls(x.ravel().tolist(), x.shape)


def _softmax_row(row: list[Any]) -> list[Any] | None:
    """The weights of a row, None where there are none."""
    weights = [entry.exp() for entry in row]  # of minus infinity it is 0, exactly
    total = sum(weights[1:], weights[0])
    if not (total > 0 and total.is_finite()):  # NaN, nothing to see, or scores beyond all exponents
        return _careful_row(row)
    inverse = 1 / total
    return [weight * inverse for weight in weights]


def _careful_row(row: list[Any]) -> list[Any] | None:
    seen = [entry for entry in row if entry.is_finite()]
    if not seen or not all(entry.is_finite() or entry == flint.arb.neg_inf() for entry in row):
        return None
    top = max(seen, key=float).mid()  # any shift is exact; this one avoids overflow
    weights = [(entry - top).exp() for entry in seen]
    inverse = 1 / sum(weights[1:], weights[0])
    found = (weight * inverse for weight in weights)
    # where the scores are known too badly, all that is left to say is that a weight lies between 0 and 1
    inside = iter([weight if weight.is_finite() else flint.arb(0.5, 0.5) for weight in found])
    return [next(inside) if entry.is_finite() else flint.arb(0) for entry in row]
