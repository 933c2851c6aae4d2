"""The SVD at 10 to 250 digits: a float64 SVD refined by integer matrix products, and certified.

Each step of the refinement squares the error of all singular triplets at once and costs a handful of
matrix products (T. Ogita and K. Aishima, *Iterative refinement for singular value decomposition based on
matrix multiplication*, J. Comput. Appl. Math. 369, 2020). Where singular values repeat, cluster or
vanish it does not converge, and mpmath's `svd_r` is used. Nothing rests on either: the result
is checked in integers afterwards, and the errors that come with it are certified.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any, Literal

import flint
import mpmath
import numpy as np

from symbolic_mla.errors import BudgetError, InputError, ShapeError
from symbolic_mla.numeric.arrays import as_array, is_whole
from symbolic_mla.numeric.fixed_point import FixedMatrix, diagonal, identity
from symbolic_mla.numeric.object_ops import Array, to_fractions
from symbolic_mla.numeric.svd import thin_svd

DIGITS_LIMIT = 250
_STEPS = 9  # from 15 digits, squaring the error: far more than 250 digits need


@dataclass(frozen=True)
class PreciseSVD:
    """W ≈ U diag(σ) Vᵀ, thin, in exact dyadic fractions, with certified errors relative to the size of W.

    `residual` bounds ‖W − U diag(σ) Vᵀ‖, `skew` both ‖UᵀU − I‖ and ‖VᵀV − I‖, and `error` every
    |σᵢ(W) − σᵢ|; residual and error are absolute. `method` says how it was found. ``u.fractions()`` is an
    array of exact fractions.
    """

    u: FixedMatrix
    singular_values: list[Fraction]
    vt: FixedMatrix
    residual: Fraction
    skew: Fraction
    error: Fraction
    method: Literal["refined", "mpmath"]


@dataclass(frozen=True)
class _Triplets:
    u: FixedMatrix
    s: list[Any]
    v: FixedMatrix


def _step(a: FixedMatrix, t: _Triplets, bits: int) -> tuple[_Triplets, int] | None:
    """One refinement and the size of its correction, or None where it is not defined."""
    n, one = len(t.s), 1 << bits
    r = (identity(n, 2 * bits) - t.u.T @ t.u).rounded(bits)
    s = (identity(n, 2 * bits) - t.v.T @ t.v).rounded(bits)
    av = (a @ t.v).rounded(bits)
    core = (t.u.T @ av).rounded(bits)
    rr, ss, tt = r.rows(), s.rows(), core.rows()
    values = [(tt[i][i] << bits) // (one - (rr[i][i] + ss[i][i]) // 2) for i in range(n)]
    if any(value <= 0 for value in values):
        return None
    zero = flint.fmpz(0)
    f, g = ([[zero] * n for _ in range(n)] for _ in range(2))
    for i in range(n):
        fi, gi, ti, ri, zi, si = f[i], g[i], tt[i], rr[i], ss[i], values[i]
        for j, sj in enumerate(values):
            if i == j:
                continue
            gap = (sj - si) * (sj + si)
            if gap == 0:
                return None
            alpha = (ti[j] << bits) + sj * ri[j]
            beta = (tt[j][i] << bits) + sj * zi[j]
            fi[j] = (sj * alpha + si * beta) // gap
            gi[j] = (si * alpha + sj * beta) // gap

    largest = max(max(map(abs, row)) for x in (f, g) for row in x)
    for i in range(n):
        f[i][i], g[i][i] = rr[i][i] // 2, ss[i][i] // 2

    def flat(x: list[list[Any]]) -> FixedMatrix:
        return FixedMatrix.of(chain.from_iterable(x), n, n, bits)

    u = t.u + (t.u @ flat(f)).rounded(bits)
    v = t.v + (t.v @ flat(g)).rounded(bits)
    if (
        a.shape[0] > n
    ):  # what A V has outside of the span of U, whose projector is U (UᵀU)⁻¹ Uᵀ ≈ U (I + R) Uᵀ
        inside = (t.u @ (core + (r @ core).rounded(bits))).rounded(bits)
        outside = (av - inside).rows()
        part = [(x << bits) // value for row in outside for x, value in zip(row, values, strict=True)]
        largest = max(largest, max(map(abs, part)))
        u = u + FixedMatrix.of(part, *a.shape, bits)
    return _Triplets(u, values, v), int(largest)


def _refine(a: FixedMatrix, start: tuple[Any, Any, Any], bits: int) -> _Triplets | None:
    u, s, vt = start
    t = _Triplets(FixedMatrix.nearest(u, bits), [0] * len(s), FixedMatrix.nearest(vt.T, bits))
    before = Fraction(1)
    for step in range(_STEPS):
        work = min(bits, 112 << step)  # a step cannot give more than twice the bits it was given
        done = _step(a.rounded(work), _Triplets(t.u.rounded(work), t.s, t.v.rounded(work)), work)
        if done is None:
            return None
        t, change = done
        if 16 * Fraction(change, 1 << work) > before:  # an error that squares falls faster
            return None
        if (
            work == bits and 2 * change.bit_length() < bits + 12
        ):  # what is left is its square, a few last places
            return t
        before = Fraction(change, 1 << work)
    return None


def _by_mpmath(a: FixedMatrix, digits: int, bits: int) -> _Triplets:
    ctx: Any = mpmath.MPContext()
    ctx.dps = digits + 10
    one = ctx.mpf(2) ** a.bits
    try:
        u, s, vt = ctx.svd_r(ctx.matrix([[ctx.mpf(int(x)) / one for x in row] for row in a.rows()]))
    except RuntimeError as error:
        raise BudgetError(f"mpmath's svd_r does not converge at {digits} digits: {error}") from error

    def fixed(x: Any, rows: int, columns: int) -> FixedMatrix:
        entries = [int(ctx.nint(ctx.ldexp(x[i, j], bits))) for i in range(rows) for j in range(columns)]
        return FixedMatrix.of(entries, rows, columns, bits)

    m, n = a.shape
    values = [max(0, int(ctx.nint(ctx.ldexp(x, bits)))) for x in s]
    return _Triplets(fixed(u, m, n), values, fixed(vt, n, n).T)


def _certify(
    a: FixedMatrix, rounding: Fraction, t: _Triplets, bits: int
) -> tuple[Fraction, Fraction, Fraction]:
    n = len(t.s)
    residual = (a - t.u @ diagonal(t.s, bits) @ t.v.T).frobenius() + rounding
    skew = max((identity(n, bits) - x.T @ x).frobenius() for x in (t.u, t.v))
    # Weyl for the residual, Ostrowski for the skewness: 1 − 2ρ ≤ σᵢ(U S Vᵀ)/sᵢ ≤ 1 + 2ρ for ρ < 1
    error = residual + 2 * skew * Fraction(int(max(t.s)), 1 << bits)
    return residual, skew, error


def precise_svd(
    w: Any, digits: int = 50, *, method: Literal["auto", "refined", "mpmath"] = "auto"
) -> PreciseSVD:
    """The thin SVD of a matrix of floats, integers or fractions, certified to `digits` digits of its norm.

    `"auto"` refines a float64 SVD and falls back to mpmath where that does not converge.

    Raises:
        InputError: for NaN, infinity, or digits outside 10 to 250.
        ShapeError: when `w` is no non-empty matrix.
        BudgetError: when no method reaches the digits (`"refined"` alone, where singular values cluster).

    >>> d = precise_svd(np.array([[3.0, 0.0], [4.0, 5.0]]), 40)  # σ = 3√5, √5
    >>> d.method, abs(d.singular_values[0] ** 2 - 45) < Fraction(1, 10**38)
    ('refined', True)
    """
    if not is_whole(digits) or not 10 <= digits <= DIGITS_LIMIT:
        raise InputError(f"{digits!r} digits of an SVD: from 10 to {DIGITS_LIMIT} are supported")
    digits = int(digits)
    if method not in ("auto", "refined", "mpmath"):
        raise InputError(f"the method {method!r} is not known", hint="'auto', 'refined' or 'mpmath'")
    values = as_array("W", w)
    if values.dtype != np.float64 or not np.isfinite(values).all():
        values = to_fractions(values)
    if values.ndim != 2 or 0 in values.shape:
        raise ShapeError(f"W has shape {values.shape}, and a non-empty matrix is needed")
    tall = values if values.shape[0] >= values.shape[1] else values.T
    most = Fraction(max(abs(q) for q in values.ravel().tolist()))
    if most == 0:
        raise InputError(
            f"W of shape {values.shape} is zero: every orthonormal basis belongs to an SVD of it"
        )
    exponent = most.numerator.bit_length() - most.denominator.bit_length() + 1
    unit = Fraction(2) ** exponent
    start = thin_svd(tall if tall.dtype == np.float64 else _floats(tall / unit))
    bits = int(digits * 3.3219280948873626) + 2 * max(tall.shape).bit_length() + 24
    a = FixedMatrix.nearest(tall, bits, exponent=exponent)
    rounding = Fraction(max(tall.shape), 2 << bits)  # half a last place in each entry
    goal = Fraction(1, 10**digits)
    tries: list[Literal["refined", "mpmath"]] = ["refined", "mpmath"] if method == "auto" else [method]
    for how in tries:
        found = _by_mpmath(a, digits, bits) if how == "mpmath" else _refine(a, start, bits)
        if found is None:
            continue
        residual, skew, error = _certify(a, rounding, found, bits)
        if max(skew, error) > goal / 4:  # the largest entry of the scaled matrix is at least 1/4
            continue
        order = sorted(range(len(found.s)), key=lambda i: -found.s[i])
        u, v = found.u.columns(order), found.v.columns(order)
        sigma = [Fraction(int(found.s[i]), 1 << bits) * unit for i in order]
        left, right = (u, v.T) if tall is values else (v, u.T)
        return PreciseSVD(left, sigma, right, residual * unit, skew, error * unit, how)
    raise BudgetError(
        f"no SVD of W, of shape {values.shape}, reached {digits} digits by {', '.join(tries)}",
        hint="method='auto', or more digits" if method != "mpmath" else "fewer digits",
    )


def _floats(x: Array) -> Any:
    return np.array([float(q) for q in x.ravel().tolist()]).reshape(x.shape)
