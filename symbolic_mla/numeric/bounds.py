"""Bounds that are theorems: residuals and norms of float64 matrices, certified in float64 arithmetic.

No rounding mode is set, for a threaded BLAS may ignore it: each product comes with the a-priori bound
|fl(AB) − AB| ≤ γₖ |A||B|, which holds for any order of summation and with fused operations, and what is
computed of the bound itself is inflated by the same theorem. (S. Rump, *Verification methods*, 2010.)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf, nextafter, sqrt
from typing import Any

import flint
import numpy as np

from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.numeric.arrays import Floats, all_finite, as_array, matrix
from symbolic_mla.numeric.rounding_ops import gamma, inflate

_U = 2.0**-53
_TINY = float(np.finfo(np.float64).smallest_normal)


def up(x: float, roundings: int = 4) -> float:
    """A non-negative scalar that was computed with at most so many roundings, rounded up."""
    return nextafter(x * (1.0 + 2.0 * gamma(roundings + 1, _U)) + _TINY, inf)


@dataclass(frozen=True)
class Residual:
    """W − U V, as computed (`value`), and a bound of the rounding in each entry (`radius`)."""

    value: Floats
    radius: Floats

    @property
    def size(self) -> Floats:
        """An upper bound of every |W − U V| entry."""
        return inflate(np.abs(self.value) + self.radius, 2)

    @property
    def largest(self) -> float:
        """A certified bound of max |W − U V|."""
        return float(self.size.max())

    @property
    def spectral(self) -> float:
        """A certified bound of the spectral norm ‖W − U V‖₂."""
        return min(frobenius(self.size), up(spectral(self.value) + frobenius(self.radius), 1))

    def rows(self, start: int, stop: int) -> Residual:
        """The residual of some rows of W."""
        return Residual(self.value[start:stop], self.radius[start:stop])


def frobenius(x: Floats) -> float:
    """A certified upper bound of the Frobenius norm of a float64 array.

    >>> frobenius(np.array([[3.0, 4.0]])) >= 5.0
    True
    """
    scale = float(np.abs(x).max(initial=0.0))
    if scale == 0.0:
        return 0.0
    if not np.isfinite(scale):
        return inf
    power = 2.0 ** min(1000, -int(np.frexp(scale)[1]))
    part = x * power  # a power of two; entries that it flushes are charged below
    total = up(float(np.sum(part * part)) + x.size * _TINY, x.size + 4)
    return up(up(sqrt(total), 1) / power, 1)


def _operands(w: Any, left: Any, right: Any) -> tuple[Floats, Floats, Floats]:
    w, left, right = (matrix(n, x, dtype="float64") for n, x in (("W", w), ("U", left), ("V", right)))
    if left.shape[1] != right.shape[0] or w.shape != (left.shape[0], right.shape[1]):
        raise ShapeError(f"W, {w.shape}, is no product of U, {left.shape}, and V, {right.shape}")
    return w, left, right


def magnitudes(left: Floats, right: Floats) -> Floats:
    """An upper bound of |U| |V|, as a product in float32, which costs half of one in float64.

    Both factors are scaled to at most 1, so nothing overflows; every float32 rounding is within 2^-24 of the
    rounded number or, where it underflows, within 2^-126, and both are added to the result.
    """
    terms = left.shape[1]
    if not (left.any() and right.any()):
        return np.zeros((len(left), right.shape[1]))
    if terms > 2**20:  # γ of float32 would no longer be small
        product: Floats = np.abs(left) @ np.abs(right)
        product *= 1.0 + 2.0 * gamma(terms + 2, _U)
        product += terms * _TINY
        return product
    powers, halves = [], []
    for x in (left, right):
        size = np.abs(x)
        powers.append(int(np.frexp(size.max())[1]))
        if abs(powers[-1]) < 1000:
            size *= 2.0 ** -powers[-1]
        else:
            size = np.ldexp(size, -powers[-1])
        halves.append(size.astype(np.float32))
    out: Floats = (halves[0] @ halves[1]).astype(np.float64)
    out *= 1.0 + 2.0 * gamma(terms + 4, 2.0**-24)
    out += terms * 2.0**-122
    if sum(powers):
        out = np.ldexp(out, sum(powers))
        out += _TINY  # a subnormal result was rounded
    return out


def residual(w: Any, left: Any, right: Any) -> Residual:
    """W − U V for float matrices with a certified bound in every entry, for two matrix products.

    Raises:
        InputError: when an entry is not finite.
        ShapeError: when the shapes do not fit.

    >>> r = residual([[1.0, 2.0]], [[0.1]], [[10.0, 20.0]])
    >>> r.largest < 1e-14
    True
    """
    w, left, right = _operands(w, left, right)
    terms = left.shape[1]
    with np.errstate(over="ignore", invalid="ignore"):
        product = left @ right
        value = np.subtract(w, product, out=product)
        radius = magnitudes(left, right)
        # the rounding of the product, and of the subtraction, whose result errs by u |value|
        radius *= gamma(terms, _U) * (1.0 + 4.0 * _U)
        radius += np.abs(value) * (1.01 * _U)
    radius += 2 * (terms + 2) * _TINY
    if not (all_finite(value) and all_finite(radius)):
        raise InputError(
            f"U V of shapes {left.shape}, {right.shape} overflows float64", hint="exact_residual(W, U, V)"
        )
    return Residual(value, radius)


def exact_residual(w: Any, left: Any, right: Any) -> Fraction:
    """max |W − U V| exactly, in integers. Arguments and errors as for `residual`.

    >>> exact_residual([[1.0]], [[0.5]], [[1.0]])
    Fraction(1, 2)
    """
    w, left, right = _operands(w, left, right)
    (a, ea), (b, eb), (c, ec) = integers(left), integers(right), integers(w)
    shift = min(ea + eb, ec)
    difference = c * flint.fmpz(2) ** (ec - shift) - a * b * flint.fmpz(2) ** (ea + eb - shift)
    return Fraction(int(max(abs(x) for x in difference.entries()))) * Fraction(2) ** shift


def integers(x: Floats) -> tuple[Any, int]:
    """A float64 matrix as an integer matrix times 2 to a power, exactly."""
    (rows, columns), (mantissa, exponent) = x.shape, np.frexp(x)
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    exponents = np.where(whole == 0, np.int64(1 << 20), exponent.astype(np.int64) - 53)
    low = int(exponents.min())
    if low == 1 << 20:
        return flint.fmpz_mat(rows, columns), 0
    shifts = np.where(whole == 0, 0, exponents - low)
    entries = [m << e for m, e in zip(whole.ravel().tolist(), shifts.ravel().tolist(), strict=True)]
    return flint.fmpz_mat(rows, columns, entries), low


def orthonormality(u: Floats) -> float:
    """A certified bound of ‖UᵀU − I‖ (Frobenius, hence spectral) for a float64 matrix U."""
    return frobenius(residual(np.eye(u.shape[1]), u.T, u).size)


def spectral(x: Floats) -> float:
    """A certified upper bound of the spectral norm of a float64 matrix, tight to rounding.

    From a computed SVD X ≈ P S Qᵀ: ‖X‖ ≤ max(S) √((1 + ‖PᵀP − I‖)(1 + ‖QᵀQ − I‖)) + ‖X − P S Qᵀ‖.

    Raises:
        InputError, ShapeError: unless `x` is a non-empty matrix of finite floats.

    >>> 5.0 <= spectral(np.array([[3.0, 4.0]])) < 5.00001
    True
    """
    x = matrix("the matrix", x, dtype="float64")
    if not x.any():
        return 0.0
    whole = frobenius(x)
    if not 1e-100 < whole < 1e100:  # out there the products of the bound could underflow
        return whole
    p, s, qt = np.linalg.svd(x, full_matrices=False)
    stretch = sqrt((1.0 + orthonormality(p)) * (1.0 + orthonormality(qt.T)))
    scaled = p * s  # rounds: its distance from P S is below u times its size
    rest = frobenius(residual(x, scaled, qt).size)
    rounding = up(_U * frobenius(scaled) * frobenius(qt), 4)
    return min(whole, up(float(s[0]) * stretch + rest + rounding, 8))


def singular_value_errors(w: Any, u: Any, s: Any, vt: Any) -> float:
    """A certified bound of every |σᵢ(W) − sᵢ| from a computed thin SVD of W, float64.

    With E = W − U S Vᵀ and ρ = ‖UᵀU − I‖, ρ' likewise: σᵢ(U S Vᵀ) lies within sᵢ times
    √((1 − ρ)(1 − ρ')) and √((1 + ρ)(1 + ρ')) (Ostrowski), and ‖E‖ moves no singular value further (Weyl).

    Raises:
        InputError, ShapeError: as `residual`.
    """
    w, u, vt = (matrix(n, x, dtype="float64") for n, x in (("W", w), ("U", u), ("Vᵀ", vt)))
    s = matrix("σ", np.atleast_2d(as_array("σ", s)), dtype="float64").ravel()
    if min(w.shape) != len(s):
        raise ShapeError(f"{len(s)} singular values of shape {w.shape}: a thin SVD has {min(w.shape)}")
    rho, rho_t = orthonormality(u), orthonormality(vt.T)
    if max(rho, rho_t) >= 1.0:
        return inf
    scaled = u * s
    rest = residual(w, scaled, vt).spectral + up(_U * frobenius(scaled) * frobenius(vt), 4)
    high = up(sqrt((1 + rho) * (1 + rho_t)), 6) - 1
    low = 1 - sqrt((1 - rho) * (1 - rho_t)) * (1 - 8 * _U)
    return up(rest + float(s.max()) * (max(high, low) + 4 * _U), 8)
