"""Coefficients: Laurent polynomials in dimensions, real scalars and square roots, with rational numbers, exactly.

A scalar is a dict from monomials to rationals; a monomial is a sorted tuple of (generator, exponent). A
generator knows its sign, and an exponent is negative only where the generator is *known* to be positive, so
no quotient is ever undefined. A root that meets itself becomes its radicand; 1/(n + d) is sqrt(n + d)^-2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from math import gcd, isqrt, lcm
from typing import Union

from symbolic_mla.errors import BudgetError, DomainError

SIGNS = ("dimension", "positive", "nonnegative", "real")
MAX_TERMS, MAX_EXPONENT, MAX_BITS, MAX_PRIME, MAX_TEXT = 4000, 200, 20_000, 10_000, 4_000


class Generator:
    """What a scalar is a polynomial in. `key` orders monomials; `sign` is one of SIGNS."""

    __slots__ = ()
    key: str
    sign: str


def is_name(text: object) -> bool:
    """A letter, then letters, digits, `_`, marks: no statement is misread. `A⁻¹`, `|a|`, `□` are names too."""
    if type(text) is not str or not (text[:1].isalpha() or text[:1] in ("|", "□")):
        return False
    rest = all(c.isalnum() or c in "_|⁻" or unicodedata.combining(c) for c in text[1:])
    return rest and unicodedata.is_normalized("NFC", text)


@dataclass(frozen=True, slots=True)
class Var(Generator):
    """A dimension (an integer >= `low`) or a real scalar of known sign."""

    name: str
    sign: str = "dimension"
    low: int = 1

    def __post_init__(self) -> None:
        if not is_name(self.name) or self.sign not in SIGNS or type(self.low) is not int or self.low < 1:
            raise DomainError(f"no such variable: {self.name!r}, {self.sign!r}, {self.low!r}")

    @property
    def key(self) -> str:  # type: ignore[override]
        return self.name


Monomial = tuple[tuple[Generator, int], ...]
Number = Union[int, Fraction, "Scalar"]


class Scalar:
    """A coefficient. `==` is structural; two values are the same iff `is_zero(a - b)`."""

    __slots__ = ("_hash", "terms")
    terms: Mapping[Monomial, Fraction]

    def __init__(self, terms: Iterable[tuple[Monomial, Fraction]]) -> None:
        total: dict[Monomial, Fraction] = {}
        for m, c in terms:
            total[m] = c = total.get(m, Fraction(0)) + c
            if c.numerator.bit_length() + c.denominator.bit_length() > MAX_BITS:
                raise BudgetError(f"a coefficient grew beyond {MAX_BITS} bits")
            for g, e in m:
                if e < 0 and g.sign not in ("dimension", "positive"):
                    hint = "declare its sign (scalar a > 0) or a lower bound (dims n >= 2)"
                    raise DomainError(f"division by {g.key}, which is not known to be positive", hint=hint)
                if abs(e) > MAX_EXPONENT:
                    raise BudgetError(f"an exponent grew beyond {MAX_EXPONENT}")
        if len(total) > MAX_TERMS:
            raise BudgetError(f"a coefficient grew beyond {MAX_TERMS} monomials")
        object.__setattr__(self, "terms", {m: c for m, c in total.items() if c})
        object.__setattr__(self, "_hash", hash(frozenset(self.terms.items())))

    def __setattr__(self, *_: object) -> None:
        raise AttributeError("a Scalar does not change")

    def __reduce__(self) -> tuple[object, ...]:
        return Scalar, (tuple(self.terms.items()),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scalar) and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash  # type: ignore[attr-defined, no-any-return]

    def __add__(self, other: Number) -> Scalar:
        return Scalar((*self.terms.items(), *scalar(other).terms.items()))

    def __mul__(self, other: Number) -> Scalar:
        if type(other) is int:
            return self if other == 1 else Scalar((m, c * other) for m, c in self.terms.items())
        return Scalar(t for m, c in self.terms.items() for k, e in scalar(other).terms.items()
                      for t in _times(m, k, c * e))  # fmt: skip

    def __neg__(self) -> Scalar:
        return self * -1

    def __sub__(self, other: Number) -> Scalar:
        return Scalar((*self.terms.items(), *((m, -c) for m, c in scalar(other).terms.items())))

    def __rsub__(self, other: Number) -> Scalar:
        return -self + other

    def __truediv__(self, other: Number) -> Scalar:
        return self * scalar(other) ** -1

    def __rtruediv__(self, other: Number) -> Scalar:
        return scalar(other) / self

    def __pow__(self, exponent: int) -> Scalar:
        if abs(exponent) > MAX_EXPONENT:
            raise BudgetError(f"an exponent of {exponent} is beyond {MAX_EXPONENT}")
        if exponent < 0:
            content, shared, rest = _primitive(self)
            inverse = Scalar([(tuple((g, -e) for g, e in shared), 1 / content)])
            if len(rest.terms) > 1:  # 1/p is sqrt(p)^-2
                inverse = inverse * Scalar([(((Root(rest), -2),), Fraction(1))])
            return inverse**-exponent
        return reduce(lambda a, _: a * self, range(exponent), scalar(1))

    __radd__, __rmul__ = __add__, __mul__

    def __str__(self) -> str:
        def one(m: Monomial, c: Fraction) -> str:
            factors = [g.key if e == 1 else f"{g.key}^{e}" for g, e in m]
            return "*".join(([] if abs(c) == 1 and factors else [str(abs(c))]) + factors)

        ordered = sorted(self.terms.items(), key=lambda t: (-sum(e for _, e in t[0]), [(g.key, -e) for g, e in t[0]]))
        text = "".join((" - " if c < 0 else " + ") + one(m, c) for m, c in ordered) or " + 0"
        return ("-" if text[1] == "-" else "") + text[3:]

    __repr__ = __str__

    def generators(self) -> set[Generator]:
        """Every generator that occurs, those under a root included."""
        own = {g for m in self.terms for g, _ in m}
        return own | {h for g in own if isinstance(g, Root) for h in g.radicand.generators()}


@dataclass(frozen=True, slots=True)
class Root(Generator):
    """The square root of a number that is known to be >= 0."""

    radicand: Scalar

    def __post_init__(self) -> None:
        if not never_negative(self.radicand):
            raise DomainError(f"the square root of {self.radicand}, which is not known to be >= 0",
                              hint="declare the sign: scalar a > 0")  # fmt: skip
        bounded(self.key)

    @property
    def key(self) -> str:  # type: ignore[override]
        return _root_text(self.radicand)[0]

    @property
    def sign(self) -> str:  # type: ignore[override]
        return _root_text(self.radicand)[1]


@lru_cache(maxsize=4096)  # a value is a graph: what is computed of it is computed once
def _root_text(radicand: Scalar) -> tuple[str, str]:
    return f"sqrt({radicand})", "positive" if positive(radicand) else "nonnegative"


def bounded(text: str) -> None:
    """Raise BudgetError for a generator that is too long to write: sharing must not hide an exponential size."""
    if len(text) > MAX_TEXT:
        raise BudgetError(f"a number grew beyond {MAX_TEXT} characters")


def scalar(value: Number | Generator) -> Scalar:
    """A number or a generator as a Scalar."""
    if isinstance(value, Scalar):
        return value
    if not isinstance(value, Generator) and type(value) not in (int, Fraction):
        raise DomainError(f"a number is an integer, a fraction or a Scalar, and not {value!r}")
    return _lifted(value)


@lru_cache(maxsize=4096)
def _lifted(value: int | Fraction | Generator) -> Scalar:
    return Scalar([(((value, 1),), Fraction(1))] if isinstance(value, Generator) else [((), Fraction(value))])


def _times(a: Monomial, b: Monomial, c: Fraction) -> Iterable[tuple[Monomial, Fraction]]:
    """c a b, with roots reduced: to exponent 0 or 1 where the radicand is a monomial, else to at most 1."""
    powers = dict(a)
    for g, e in b:
        powers[g] = powers.get(g, 0) + e
    extra = None
    for g, e in list(powers.items()):
        if isinstance(g, Root) and (e > 1 or (e < 0 and len(g.radicand.terms) == 1)):
            half, powers[g] = divmod(e, 2)
            extra = (extra or scalar(1)) * g.radicand**half
    product = (tuple(sorted(((g, e) for g, e in powers.items() if e), key=lambda p: p[0].key)), c)
    return (Scalar([product]) * extra).terms.items() if extra else [product]


def _primitive(p: Scalar) -> tuple[Fraction, Monomial, Scalar]:
    """p as content * shared monomial * rest; of variables, only those known to be positive are taken out."""
    if not p.terms:
        raise DomainError("division by zero", hint="the divisor is 0 for every value of its variables")
    coefficients, monomials = list(p.terms.values()), [dict(m) for m in p.terms]
    bottom = lcm(*(c.denominator for c in coefficients))
    content = Fraction(gcd(*(int(c * bottom) for c in coefficients)), bottom)
    shared = tuple((g, min(m.get(g, 0) for m in monomials)) for g in sorted({g for m in monomials for g in m},
                   key=lambda g: g.key) if g.sign in ("dimension", "positive") or len(monomials) == 1)  # fmt: skip
    shared = tuple((g, e) for g, e in shared if e)
    content = -content if len(monomials) == 1 and coefficients[0] < 0 else content
    down = Scalar([(tuple((g, -e) for g, e in shared), 1 / content)]) if all(
        g.sign in ("dimension", "positive") for g, _ in shared) else None  # fmt: skip
    return content, shared, scalar(1) if down is None else p * down


def _cleared(p: Scalar) -> Scalar:
    """p times a positive monomial, without negative exponents."""
    lows: dict[Generator, int] = {}
    for m in p.terms:
        for g, e in m:
            lows[g] = min(lows.get(g, 0), e)
    up = tuple(sorted(((g, -e) for g, e in lows.items() if e), key=lambda t: t[0].key))
    return _cleared(Scalar(t for m, c in p.terms.items() for t in _times(m, up, c))) if up else p


def _from_low(p: Scalar) -> Scalar:
    """p, cleared, after x -> low + x for every dimension, so that every dimension now starts at zero."""
    p = _cleared(p)
    found = (g for m in p.terms for g, _ in m)
    low: dict[Generator, Scalar] = {g: scalar(g) + g.low for g in found if isinstance(g, Var) and g.sign == "dimension"}
    return sum((reduce(lambda a, t: a * low.get(t[0], scalar(t[0])) ** t[1], m, scalar(c))
                for m, c in p.terms.items()), start=scalar(0))  # fmt: skip


def _signed(p: Scalar) -> bool:
    return all(c > 0 and all(g.sign != "real" or e % 2 == 0 for g, e in m) for m, c in p.terms.items())


def is_zero(value: Number) -> bool:
    """True only if the value is 0 for all values of its variables."""
    return not _cleared(value).terms if isinstance(value, Scalar) else value == 0


def never_negative(value: Number) -> bool:
    """True only if value >= 0 for all values of its variables (every dimension at its lower bound or above)."""
    return _signed(_from_low(scalar(value)))


def positive(value: Number) -> bool:
    """True only if value > 0 for all values of its variables."""
    p = _from_low(scalar(value))
    return _signed(p) and any(all(g.sign == "positive" for g, _ in m) for m in p.terms)


def sqrt(value: Number) -> Scalar:
    """The square root, with squares of numbers and of positive variables taken out: sqrt(4 n) = 2 sqrt(n).

    Raises DomainError unless the value is known to be >= 0. sqrt(a^2) stays as it is for a real a.
    """
    if not scalar(value).terms:
        return scalar(0)
    content, shared, rest = _primitive(scalar(value))
    if any(g.sign not in ("dimension", "positive") for g, _ in shared):
        content, shared, rest = Fraction(1), (), scalar(value)
    out = scalar(Fraction(1, content.denominator)) * _root_of_integer(content.numerator * content.denominator)
    for g, e in shared:
        out = out * scalar(g) ** (e // 2) * (scalar(Root(scalar(g))) if e % 2 else 1)
    return out if rest == scalar(1) else out * scalar(Root(rest))


def _root_of_integer(k: int) -> Scalar:
    out, p = scalar(1), 2
    while p * p <= k and p < MAX_PRIME:
        half = 0
        while k % p == 0:
            k, half = k // p, half + 1
        out, p = out * p ** (half // 2) * (scalar(Root(scalar(p))) if half % 2 else 1), p + 1
    if k > 0 and isqrt(k) ** 2 == k:
        return out * isqrt(k)
    return out * scalar(Root(scalar(k)))


def substitute(value: Number, image: Callable[[Generator], Number | None]) -> Number:
    """The value with every generator that has an image replaced by it, under roots and in denominators too."""
    if not isinstance(value, Scalar):
        return value

    def one(g: Generator) -> Scalar:
        found = image(g)
        if found is None and isinstance(g, Root):
            return sqrt(substitute(g.radicand, image))
        return scalar(g if found is None else found)

    return sum((reduce(lambda a, t: a * one(t[0]) ** t[1], m, scalar(c)) for m, c in value.terms.items()),
               start=scalar(0))  # fmt: skip
