"""Coefficients: Laurent polynomials in dimensions, real scalars and square roots, with rational numbers, exactly.

A monomial is a sorted tuple of (generator, exponent). A generator knows its sign, and an exponent is negative only
where the generator is *known* to be positive, so no quotient is ever undefined. A root that meets itself becomes
its radicand; 1/(n + d) is sqrt(n + d)^-2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, reduce
from typing import TypeGuard, Union

from symbolic_mla.errors import BudgetError, DomainError

MAX_TERMS, MAX_EXPONENT, MAX_BITS, MAX_TEXT = 4000, 200, 20_000, 4_000


class Generator:
    """What a scalar is a polynomial in. `key` orders monomials; `sign`: dimension, positive, nonnegative or real."""

    key: str
    sign: str


def is_name(text: object) -> bool:
    """A letter, then letters, digits, `_`, marks: no statement is misread. `A⁻¹`, `|a|`, `□` are names too."""
    if type(text) is not str or not (text[:1].isalpha() or text[:1] in ("|", "□")):
        return False
    rest = all(c.isalnum() or c in "_|⁻" or unicodedata.combining(c) for c in text[1:])
    return rest and unicodedata.is_normalized("NFC", text)


@dataclass(frozen=True)
class Var(Generator):
    """A dimension (an integer >= `low`) or a real scalar of known sign."""

    name: str
    sign: str = "dimension"
    low: int = 1

    def __post_init__(self) -> None:
        signs = ("dimension", "positive", "nonnegative", "real")
        if not is_name(self.name) or self.sign not in signs or type(self.low) is not int or self.low < 1:
            raise DomainError(f"no such variable: {self.name!r}, {self.sign!r}, {self.low!r}")

    def __hash__(self) -> int:
        return hash(self.name)  # a text keeps its hash

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
            total[m] = c = total[m] + c if m in total else c
            if c.numerator.bit_length() + c.denominator.bit_length() > MAX_BITS:
                raise BudgetError(f"a coefficient grew beyond {MAX_BITS} bits")
            for g, e in m:
                if e < 0 and g.sign not in ("dimension", "positive"):
                    hint = "declare its sign (scalar a > 0) or a lower bound (dims n >= 2)"
                    raise DomainError(f"division by {g.key}, which is not known to be positive", hint=hint)
                if e != 1 and reducible(g, e):
                    raise DomainError(f"{g.key}^{e} is not reduced: numbers are made by products")
                if abs(e) > MAX_EXPONENT:
                    raise BudgetError(f"an exponent grew beyond {MAX_EXPONENT}")
        if len(total) > MAX_TERMS:
            raise BudgetError(f"a coefficient grew beyond {MAX_TERMS} monomials")
        self.terms = {m: c for m, c in total.items() if c}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scalar) and self.terms == other.terms

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:  # made at the first look, and kept: a root is hashed within its roots
            self._hash: int = hash(frozenset(self.terms.items()))
            return self._hash

    def __add__(self, other: Number) -> Scalar:
        return self if type(other) is int and not other else Scalar((*self.terms.items(), *scalar(other).terms.items()))

    def __mul__(self, other: Number) -> Scalar:
        if type(other) is int and other == 1:
            return self
        pairs = ((*t, *u) for t in self.terms.items() for u in scalar(other).terms.items())
        return Scalar(t for m, c, k, e in pairs for t in (_times(m, k, c * e) if m and k else [(m or k, c * e)]))

    def __pow__(self, exponent: int) -> Scalar:
        if abs(exponent) > MAX_EXPONENT:
            raise BudgetError(f"an exponent of {exponent} is beyond {MAX_EXPONENT}")
        base = self if exponent >= 0 else _inverse(self)
        return reduce(lambda a, _: a * base, range(abs(exponent) - 1), base) if exponent else scalar(1)

    def __neg__(self) -> Scalar:
        return 0 - self

    def __sub__(self, other: Number) -> Scalar:
        return Scalar((*self.terms.items(), *((m, -c) for m, c in scalar(other).terms.items())))

    def __rsub__(self, other: Number) -> Scalar:
        return scalar(other) - self

    def __truediv__(self, other: Number) -> Scalar:
        return self * scalar(other) ** -1

    def __rtruediv__(self, other: Number) -> Scalar:
        return scalar(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __repr__(self) -> str:
        def one(m: Monomial, c: Fraction) -> str:
            factors = [g.key if e == 1 else f"{g.key}^{e}" for g, e in m]
            return "*".join(([] if abs(c) == 1 and factors else [str(abs(c))]) + factors)

        ordered = sorted(self.terms.items(), key=lambda t: (-sum(e for _, e in t[0]), [(g.key, -e) for g, e in t[0]]))
        text = "".join((" - " if c < 0 else " + ") + one(m, c) for m, c in ordered) or " + 0"
        return ("-" if text[1] == "-" else "") + text[3:]

    def generators(self) -> set[Generator]:
        """Every generator that occurs, those under a root included."""
        own = {g for m in self.terms for g, _ in m}
        return own | {h for g in own if isinstance(g, Root) for h in g.radicand.generators()}


@dataclass(frozen=True)
class Root(Generator):
    """The square root of a number that is known to be >= 0."""

    radicand: Scalar

    def __post_init__(self) -> None:
        if not never_negative(self.radicand):
            hint = "declare the sign: scalar a > 0"
            raise DomainError(f"the square root of {self.radicand}, which is not known to be >= 0", hint=hint)
        bounded(self.key)

    @cached_property
    def key(self) -> str:  # type: ignore[override]
        return f"sqrt({self.radicand})"

    @cached_property
    def sign(self) -> str:  # type: ignore[override]
        return "positive" if positive(self.radicand) else "nonnegative"


def reducible(g: Generator, e: int) -> TypeGuard[Root]:
    """Whether a power is that of a root which can be written with the root to exponent 0 or 1."""
    return isinstance(g, Root) and (e > 1 or (e < 1 and len(g.radicand.terms) == 1))


def bounded(text: str) -> None:
    """Raise BudgetError for a generator that is too long to write: sharing must not hide an exponential size."""
    if len(text) > MAX_TEXT:
        raise BudgetError(f"a number grew beyond {MAX_TEXT} characters")


@lru_cache(maxsize=4096)
def _lifted(value: int | Fraction | Generator) -> Scalar:
    return Scalar([(((value, 1),), Fraction(1))] if isinstance(value, Generator) else [((), Fraction(value))])


def scalar(value: Number | Generator) -> Scalar:
    """A number or a generator as a Scalar."""
    if isinstance(value, Scalar):
        return value
    if not isinstance(value, Generator) and type(value) not in (int, Fraction):
        raise DomainError(f"a number is an integer, a fraction or a Scalar, and not {value!r}")
    return _lifted(value)


def _times(a: Monomial, b: Monomial, c: Fraction) -> Iterable[tuple[Monomial, Fraction]]:
    """c a b, with roots reduced: to exponent 0 or 1 where the radicand is a monomial, else to at most 1."""
    powers = dict(a)
    for g, e in b:
        powers[g] = powers.get(g, 0) + e
    extra = None
    for g, e in list(powers.items()):
        if reducible(g, e):
            half, powers[g] = divmod(e, 2)
            extra = (extra or scalar(1)) * g.radicand**half
    product = (tuple(sorted((p for p in powers.items() if p[1]), key=lambda p: p[0].key)), c)
    return (Scalar([product]) * extra).terms.items() if extra else [product]


def _inverse(p: Scalar) -> Scalar:
    if not p.terms:
        raise DomainError("division by zero", hint="the divisor is 0 for every value of its variables")
    if len(p.terms) > 1:
        return Scalar([(((Root(p), -2),), Fraction(1))])
    ((m, c),) = p.terms.items()
    return Scalar(_times((), tuple((g, -e) for g, e in m), 1 / c))


def number(terms: Iterable[tuple[Number, Iterable[tuple[Number | Generator, int]]]]) -> Scalar:
    """The sum of c * x^e * y^f * ..., computed: nothing that is given is taken for normal."""
    return scalar(sum(reduce(lambda a, t: a * scalar(t[0]) ** t[1], m, scalar(c)) for c, m in terms))


def _cleared(p: Scalar) -> Scalar:
    """p times a positive monomial, without negative exponents."""
    while up := {g: -e for m in p.terms for g, e in m if e < 0}:
        p = Scalar(t for m, c in p.terms.items() for t in _times(m, tuple(up.items()), c))
    return p


def _from_low(p: Scalar) -> Scalar:
    """p, cleared, after x -> low + x for every dimension, so that every dimension now starts at zero."""
    p = _cleared(p)
    low: dict[Generator, Scalar] = {
        g: scalar(g) + g.low for g in p.generators() if isinstance(g, Var) and g.sign == "dimension"
    }
    return number((c, [(low.get(g, scalar(g)), e) for g, e in m]) for m, c in p.terms.items())


def _signed(p: Scalar) -> Iterator[bool]:
    """Of each monomial, whether no value of its generators makes it negative."""
    return (c > 0 and all(g.sign != "real" or e % 2 == 0 for g, e in m) for m, c in p.terms.items())


def is_zero(value: Number) -> bool:
    """True only if the value is 0 for all values of its variables."""
    return not _cleared(value).terms if isinstance(value, Scalar) else value == 0


def never_negative(value: Number) -> bool:
    """True only if value >= 0 for all values of its variables (every dimension at its lower bound or above)."""
    return all(_signed(_from_low(scalar(value))))


def positive(value: Number) -> bool:
    """True only if value > 0 for all values of its variables."""
    p = _from_low(scalar(value))
    return all(_signed(p)) and any(all(g.sign == "positive" for g, _ in m) for m in p.terms)
