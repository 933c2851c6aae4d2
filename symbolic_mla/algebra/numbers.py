"""Roots and quotients of numbers as people write them: squares, contents and positive variables taken out."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, isqrt, lcm

from symbolic_mla.kernel.scalar import Generator, Monomial, Number, Root, Scalar, number, reducible, scalar

MAX_PRIME = 10_000


def sqrt(value: Number) -> Scalar:
    """The square root, with squares of numbers and of positive variables taken out: sqrt(4 n) = 2 sqrt(n).

    Raises DomainError unless the value is known to be >= 0. sqrt(a^2) stays as it is for a real a.
    """
    if not scalar(value).terms:
        return scalar(0)
    content, shared, rest = common(scalar(value))
    out = _root_of_integer(content.numerator * content.denominator) * Fraction(1, content.denominator)
    for g, e in shared:
        out = out * scalar(g) ** (e // 2) * (scalar(Root(scalar(g))) if e % 2 else 1)
    return out if rest == scalar(1) else out * scalar(Root(rest))


def inverse(value: Number) -> Scalar:
    """1/value in the form that equal quotients share: 1/(2 n + 2 d) = 1/2 * 1/(n + d).

    Raises DomainError unless the value is known to be positive, or is a number that is not 0.
    """
    if len(scalar(value).terms) < 2:
        return scalar(value) ** -1
    content, shared, rest = common(scalar(value))
    return rest**-1 * _divided(scalar(1), content, shared)


def common(p: Scalar) -> tuple[Fraction, Monomial, Scalar]:
    """p as (a positive rational) * (a monomial of positive generators) * rest, for p that is not 0."""
    bottom = lcm(*(c.denominator for c in p.terms.values()))
    content = Fraction(gcd(*(int(c * bottom) for c in p.terms.values())), bottom)
    found = sorted({g for m in p.terms for g, _ in m if g.sign in ("dimension", "positive")}, key=lambda g: g.key)
    lows = ((g, min(dict(m).get(g, 0) for m in p.terms)) for g in found)
    shared = tuple((g, e) for g, e in lows if e)
    return content, shared, _divided(p, content, shared)


def _divided(p: Scalar, content: Fraction, shared: Monomial) -> Scalar:
    """p / (content * shared), exponent by exponent; powers of roots that can be reduced are multiplied out."""

    def term(m: Monomial, c: Fraction) -> tuple[Scalar, list[tuple[Generator, int]]]:
        powers = dict(m)
        for g, e in shared:
            powers[g] = powers.get(g, 0) - e
        found = sorted(((g, e) for g, e in powers.items() if e), key=lambda power: power[0].key)
        whole = tuple((g, e) for g, e in found if not reducible(g, e))
        return Scalar([(whole, c / content)]), [(g, e) for g, e in found if reducible(g, e)]

    return number(term(m, c) for m, c in p.terms.items())


def _root_of_integer(k: int) -> Scalar:
    out, p = scalar(1), 2
    while p * p <= k and p < MAX_PRIME:
        while k % (p * p) == 0:
            k, out = k // (p * p), out * p
        if k % p == 0:
            k, out = k // p, out * scalar(Root(scalar(p)))
        p += 1
    return out * (isqrt(k) if isqrt(k) ** 2 == k else scalar(Root(scalar(k))))
