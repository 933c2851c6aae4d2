"""Attention in floats together with a certified bound of its rounding: NumPy's result, and a radius.

The values are those of `NumpyOps`, computed by it; beside each tensor runs a float64 tensor of radii,
so the distance of the computed result from the exact one is bounded by theorem, not by experience:

* a sum of k products, in any order, fused or not: |fl(Σ) − Σ| ≤ γₖ Σ|aᵢ||bᵢ|, γₖ = k u / (1 − k u)
  (N. Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, section 3.1);
* softmax: arguments known to δᵢ give pᵢ within a factor exp(±(δᵢ + maxⱼ δⱼ));
* results below the smallest normal number are charged that number, so flushing to zero is covered.

Nothing depends on the rounding mode. What is assumed: products of matrices are sums of products (no
Strassen), and `exp` errs by at most `EXP_ULPS` units in the last place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symbolic_mla.errors import UnsupportedError
from symbolic_mla.numeric.arrays import FloatName, Floats
from symbolic_mla.numeric.contraction import compile_plan
from symbolic_mla.numeric.numpy_ops import NumpyOps, check_sum, finite_float

EXP_ULPS = 8
_U64 = 2.0**-53


def gamma(terms: int, unit: float) -> float:
    """γ = k u / (1 − k u), rounded up; infinite when k u ≥ ½, where it says nothing.

    >>> gamma(1, 2.0**-53) >= 2.0**-53
    True
    """
    ku = terms * unit
    return ku / (1.0 - ku) * (1.0 + 2.0**-50) if ku < 0.5 else float("inf")


def inflate(radius: Floats, operations: int) -> Floats:
    """An expression in non-negative float64 numbers, of at most `operations` roundings, rounded up."""
    out: Floats = radius * (1.0 + 4.0 * gamma(operations + 4, _U64)) + np.finfo(np.float64).smallest_normal
    return out


@dataclass(frozen=True)
class Rounded:
    """A computed tensor, and how far each entry may be from the exact one."""

    value: Floats
    radius: Floats

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the tensor."""
        return tuple(self.value.shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return int(self.value.ndim)


@dataclass(frozen=True)
class Approximate:
    """A scalar and a bound on its relative error."""

    value: float
    error: float

    def __rtruediv__(self, numerator: float) -> Approximate:
        return Approximate(numerator / self.value, self.error + 4 * _U64)


class RoundingOps:
    """The `Ops` that compute what `NumpyOps(dtype)` computes, and a radius for every entry.

    >>> ops = RoundingOps("float32")
    >>> out = ops.softmax(ops.array(np.array([[0.0, 1.0]], dtype=np.float32)))
    >>> bool(abs(out.value[0, 1] - 0.7310585786300049) <= out.radius[0, 1] < 1e-5)
    True
    """

    def __init__(self, dtype: FloatName = "float64") -> None:
        self.inner = NumpyOps(dtype)
        self.unit = float(np.finfo(dtype).eps) / 2
        self.tiny = float(np.finfo(dtype).smallest_normal)

    def array(self, x: Floats) -> Rounded:
        """An exact input: radius 0."""
        return Rounded(x, np.zeros(x.shape))

    def einsum(self, pattern: str, *operands: Rounded, **sizes: int) -> Rounded:
        """The product of at most two operands by a pattern.

        Raises:
            UnsupportedError: for three operands or more.
            InputError, ShapeError: as `NumpyOps.einsum`.
        """
        if len(operands) > 2:
            raise UnsupportedError(
                f'"{pattern}" has {len(operands)} operands; a certified bound takes two',
                hint="write it as several products",
            )
        value = self.inner.einsum(pattern, *(x.value for x in operands), **sizes)
        plan = compile_plan(pattern, tuple(x.shape for x in operands), tuple(sizes.items()))
        wide = NumpyOps("float64").einsum
        if len(operands) == 1:
            (x,) = operands
            radius = wide(pattern, x.radius, **sizes)
            if plan.arithmetic:
                size = wide(pattern, np.abs(x.value).astype(np.float64), **sizes)
                radius = radius + gamma(plan.terms, self.unit) * size
            return Rounded(value, inflate(radius, plan.terms + 2) if plan.arithmetic else radius)
        a, b = operands
        size_a, size_b = np.abs(a.value).astype(np.float64), np.abs(b.value).astype(np.float64)
        rounding = gamma(plan.terms, self.unit)
        radius = wide(pattern, size_a, inflate(b.radius + rounding * size_b, 2), **sizes)
        if a.radius.any():
            radius = radius + wide(pattern, a.radius, inflate(size_b + b.radius, 1), **sizes)
        return Rounded(value, inflate(radius + plan.terms * self.tiny, 2 * plan.terms + 4))

    def add(self, x: Rounded, y: Rounded) -> Rounded:
        """The sum; raises ShapeError unless the shapes agree."""
        check_sum(x, y)
        value = self.inner.add(x.value, y.value)
        known = np.isfinite(value)  # minus infinity from a mask is exact
        size = np.where(known, np.abs(value), 0).astype(np.float64)
        radius = np.where(known, x.radius + y.radius + self.unit * size, 0.0)
        return Rounded(value, inflate(radius, 3))

    def scale(self, x: Rounded, factor: float | Approximate) -> Rounded:
        """`x` times a scalar: a float is taken as exact, a root with the error it carries."""
        c = factor if isinstance(factor, Approximate) else Approximate(finite_float(factor), 0.0)
        value = self.inner.scale(x.value, c.value)
        size = np.abs(x.value).astype(np.float64)
        # the factor is rounded to the precision of x, the product once more
        relative = c.error + 2.5 * self.unit
        radius = abs(c.value) * (1 + relative) * (x.radius + relative * size) + self.tiny
        return Rounded(value, inflate(radius, 6))

    def sqrt(self, dimension: int) -> Approximate:
        """The square root of a size, within one rounding."""
        return Approximate(self.inner.sqrt(dimension), 2 * _U64)

    def softmax(self, x: Rounded) -> Rounded:
        """softmax over the last axis; raises InputError for a row that is masked out entirely."""
        value = self.inner.softmax(x.value)
        u = self.unit
        top = x.value.max(axis=-1, keepdims=True)
        seen = np.isfinite(x.value)
        shifted = np.where(seen, np.subtract(x.value, top, where=seen, out=np.zeros_like(x.value)), 0)
        shifted = np.abs(shifted).astype(np.float64)
        # float64, to size the errors: the true weights and those that the softmax computed are within `error`
        weight = np.where(seen, np.exp(-shifted), 0.0)
        with np.errstate(over="ignore"):
            # beyond an exponent of 700 every weight is far below `tiny`
            relative = np.expm1(np.minimum(1.01 * u * shifted, 700.0) + 5 * EXP_ULPS * u)
            error = weight * relative + np.where(seen, 4 * self.tiny, 0.0)
            spread = np.expm1(x.radius + np.where(seen, x.radius, 0.0).max(axis=-1, keepdims=True))
        total = weight.sum(axis=-1, keepdims=True)
        total_error = error.sum(axis=-1, keepdims=True)
        total_error = total_error + gamma(x.shape[-1], u) * (total + total_error)
        # each sum holds the largest weight, which is 1 but for rounding, so a quarter is below both
        low = np.maximum(total - total_error, 0.25)
        most = (weight + error) / low
        rounding = 2 * error / low + 2 * most * total_error / low + 3 * u * most + self.tiny
        radius = np.where(seen, inflate(rounding + most * spread, x.shape[-1] + 40), 0.0)
        return Rounded(value, np.minimum(radius, 1.0 + 8 * u))

    def apply(self, function: Any, x: Rounded) -> Rounded:
        """Not supported: nothing is known of the rounding of an arbitrary function.

        Raises:
            UnsupportedError: always.
        """
        raise UnsupportedError(
            "a certified bound knows softmax, and no other function of the last axis",
            hint="leave Scoring.function and the norms at None",
        )
