"""Coefficients at explicit sizes: dimensions become numbers, scalars and roots symbols with relations.

A root of a rational number is a product of roots of primes, which are independent over the rationals, so that
equality is decided. The inverse of a polynomial b is a symbol v with v b = 1; an equation is cleared of it
before it is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy

from symbolic_mla.errors import DomainError, UnsupportedError
from symbolic_mla.exact.monomials import SYMBOLS, Coefficient, Polynomial, add_into, multiply, number, to_expression
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, Var

TRIALS = 3  # exact values of the scalars that are tried where a root of a scalar expression does not match


def symbol(sign: Any) -> Polynomial:
    """The polynomial of one SymPy object."""
    return {(number(sign),): 1}


def is_constant(polynomial: Polynomial) -> bool:
    """Whether this is a rational number."""
    return all(not monomial for monomial in polynomial)


@dataclass
class Coefficients:
    """Values of dimensions and scalars by name; scalars without a value are symbols.

    `squares`: the symbol of a root, and the polynomial that is its square. `inverses`: the symbol of an
    inverse, and the polynomial that it is the inverse of.
    """

    values: Mapping[str, Coefficient]
    squares: dict[int, Polynomial] = field(default_factory=dict)
    inverses: dict[int, Polynomial] = field(default_factory=dict)
    roots_of_scalars: set[int] = field(default_factory=set)
    scalars: dict[int, Var] = field(default_factory=dict)

    def polynomial(self, value: Number) -> Polynomial:
        """A coefficient of a term here. Raises: UnsupportedError for a rank, a min or a max."""
        if not isinstance(value, Scalar):
            return {(): _plain(Fraction(value))} if value else {}
        total: Polynomial = {}
        for monomial, c in value.terms.items():
            part: Polynomial = {(): _plain(c)}
            for generator, exponent in monomial:
                base = self._generator(generator, exponent < 0)
                part = reduce(multiply, [base] * abs(exponent), part)
            add_into(total, part)
        return self.normal(total)

    def _generator(self, generator: Generator, inverted: bool) -> Polynomial:
        if isinstance(generator, Var):
            known = self.values.get(generator.name)
            if known is not None:
                return {(): _inverse(known) if inverted else known} if known or inverted else {}
            sign = sympy.Symbol(generator.name, real=True, **_ASSUMPTIONS[generator.sign])
            self.scalars[number(sign)] = generator
            return self.inverse_of(symbol(sign), sign) if inverted else symbol(sign)
        if not isinstance(generator, Root):
            raise UnsupportedError(f"{generator.key} is a number of a statement, and no coefficient")
        radicand = self.polynomial(generator.radicand)
        if is_constant(radicand):
            square = Fraction(radicand.get((), 0))
            root = self._root(square)
            return multiply(root, {(): _inverse(square)}) if inverted else root
        name = sympy.Pow(to_expression(radicand), sympy.Rational(1, 2), evaluate=False)
        self.squares[number(name)] = radicand
        self.roots_of_scalars.add(number(name))
        return self.inverse_of(symbol(name), name) if inverted else symbol(name)

    def _root(self, square: Fraction) -> Polynomial:
        """The root of a rational number >= 0, as a rational number times roots of primes."""
        root: Polynomial = {(): _plain(Fraction(1, square.denominator))} if square else {}
        if square:
            for prime, exponent in sympy.factorint(square.numerator * square.denominator).items():
                root = multiply(root, {(): int(prime) ** (exponent // 2)})
                if exponent % 2:
                    name = sympy.sqrt(prime)
                    self.squares[number(name)] = {(): int(prime)}
                    root = multiply(root, symbol(name))
        return root

    def inverse_of(self, base: Polynomial, written: Any) -> Polynomial:
        """The inverse of a polynomial that is not zero; `written` is what SymPy shows under the 1."""
        if is_constant(base):
            return {(): _inverse(base[()])}
        name = sympy.Pow(written, -1, evaluate=False)
        self.inverses[number(name)] = base
        return symbol(name)

    def normal(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial with the squares of roots replaced, and x/x by 1 for symbols x."""
        if not self.squares and not self.inverses:
            return polynomial
        if not any(s in self.squares or s in self.inverses for monomial in polynomial for s in monomial):
            return polynomial
        total: Polynomial = {}
        for monomial, c in polynomial.items():
            add_into(total, self._normal_monomial(Counter(monomial), c))
        return total

    def _normal_monomial(self, powers: Counter[int], c: Coefficient) -> Polynomial:
        for v in [s for s in powers if s in self.inverses]:
            base = self.inverses[v]
            if len(base) == 1:
                ((monomial, one),) = base.items()
                if one == 1 and len(monomial) == 1:
                    shared = min(powers[v], powers[monomial[0]])
                    powers[v] -= shared
                    powers[monomial[0]] -= shared
        out: Polynomial = {(): c}
        for s in [s for s in powers if s in self.squares and powers[s] > 1]:
            half, powers[s] = divmod(powers[s], 2)
            out = reduce(multiply, [self.squares[s]] * half, out)
        rest = multiply(out, {tuple(sorted(powers.elements())): 1})
        return rest if out.keys() == {()} else self.normal(rest)

    def cleared(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial times what its inverses are the inverses of, so that none is left."""
        polynomial = self.normal(polynomial)
        while True:
            powers: Counter[int] = Counter()
            for monomial in polynomial:
                powers |= Counter(s for s in monomial if s in self.inverses)
            if not powers:
                return polynomial
            v, most = max(powers.items())
            total: Polynomial = {}
            for monomial, c in polynomial.items():
                rest = {tuple(s for s in monomial if s != v): c}
                add_into(total, reduce(multiply, [self.inverses[v]] * (most - monomial.count(v)), rest))
            polynomial = self.normal(total)

    def vanishes(self, polynomial: Polynomial) -> bool:
        """Whether this is zero at every value of its symbols.

        Raises: UnsupportedError where a root of a scalar expression does not match, and values of the scalars
        do not tell either.
        """
        rest = self.cleared(polynomial)
        if not rest:
            return True
        if not any(s in self.roots_of_scalars for monomial in rest for s in monomial):
            return False
        if any(self._at(rest, trial) for trial in range(1, TRIALS + 1)):
            return False
        raise UnsupportedError(
            f"{to_expression(rest)} was not decided: it has roots of scalar expressions",
            hint="give the scalars rational values",
        )

    def _at(self, polynomial: Polynomial, trial: int) -> Polynomial:
        """The value with a number for each scalar: other symbols stay, and only roots of primes are roots."""
        point: dict[int, Polynomial] = {
            s: {(): Fraction(k + 2, trial + 1) ** trial} for k, s in enumerate(sorted(self.scalars))
        }
        total: Polynomial = {}
        for monomial, c in polynomial.items():
            part: Polynomial = {(): c}
            for s in monomial:
                part = multiply(part, self._value(s, point, trial))
            add_into(total, part)
        return self.normal(total)

    def _value(self, s: int, point: dict[int, Polynomial], trial: int) -> Polynomial:
        if s not in point:
            square = self._at(self.squares[s], trial) if s in self.roots_of_scalars else None
            if square is not None and not is_constant(square):
                raise UnsupportedError(f"a root inside a root: {SYMBOLS[s]}", hint="give the scalars values")
            point[s] = {(s,): 1} if square is None else self._root(Fraction(square.get((), 0)))
        return point[s]


_ASSUMPTIONS: Mapping[str, Mapping[str, bool]] = {
    "dimension": {"integer": True, "positive": True},
    "positive": {"positive": True},
    "nonnegative": {"nonnegative": True},
    "real": {},
}


def minus(left: Polynomial, right: Polynomial) -> Polynomial:
    """left - right."""
    difference = dict(left)
    add_into(difference, {monomial: -c for monomial, c in right.items()})
    return difference


def _plain(value: Fraction) -> Coefficient:
    return value.numerator if value.denominator == 1 else value


def _inverse(value: Coefficient) -> Coefficient:
    if not value:
        raise DomainError("a division by zero at these values", hint="choose other values of the scalars")
    return _plain(1 / Fraction(value))
