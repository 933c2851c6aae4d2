"""Polynomials with rational coefficients in the symbols of SymPy, sparse in the symbols.

A polynomial is a dict from monomials to nonzero coefficients, a monomial the sorted tuple of its symbols'
numbers: two polynomials are equal exactly when the dicts are. SymPy's own rings store one exponent for
every symbol of the ring in each monomial, and a matrix with a symbol in every entry has thousands of
symbols (16,384 for G·d = 64, D = 256); here a monomial is as long as its degree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import count
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic_mla.errors import BudgetError, InputError

Coefficient = int | Fraction
Monomial = tuple[int, ...]
Polynomial = dict[Monomial, Coefficient]

MAX_TERMS = 1 << 18
MAX_DEGREE = 1 << 12

# A SymPy symbol once met keeps its number, so that the monomials of different matrices can be compared.
_NUMBERS: dict[Any, int] = {}
SYMBOLS: dict[int, Any] = {}
_COUNTER = count()
ONE: Polynomial = {(): 1}


def number(symbol: Any) -> int:
    """The number of a SymPy symbol, the same whenever it is met."""
    known = _NUMBERS.get(symbol)
    if known is None:
        known = _NUMBERS.setdefault(symbol, next(_COUNTER))
        SYMBOLS[known] = symbol
    return known


def add_into(target: Polynomial, terms: Polynomial) -> None:
    """target += terms, in place."""
    for monomial, coefficient in terms.items():
        total = target.get(monomial, 0) + coefficient
        if total:
            target[monomial] = total
        else:
            del target[monomial]


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """left · right. It may be one of the factors itself, so polynomials are never changed once stored."""
    if left == ONE:
        return right
    if right == ONE:
        return left
    product: Polynomial = {}
    for first, a in left.items():
        for second, b in right.items():
            monomial = tuple(sorted(first + second)) if first and second else first or second
            add_into(product, {monomial: a * b})
    return product


def from_expression(entry: Any, row: int, column: int) -> Polynomial:
    """The polynomial of a SymPy expression; row and column are for the message.

    Raises: InputError for what is no polynomial with rational coefficients; BudgetError for one that is
    too long.
    """
    if isinstance(entry, sympy.Symbol) and entry.is_commutative:  # by far the most frequent
        return {(number(entry),): 1}
    place = f"entry ({row}, {column})"
    terms, degree = _extent(entry)
    if terms > MAX_TERMS or degree > MAX_DEGREE:
        raise BudgetError(
            f"{place} would have more than {MAX_TERMS} terms, or a degree beyond {MAX_DEGREE}",
            hint="name a part of it by a symbol of its own",
        )
    polynomial = _expand(entry)
    if polynomial is None:
        raise InputError(
            f"{place} is {_shortened(entry)}, which is no polynomial with rational coefficients",
            hint="accepted: symbols, integers, Rational numbers, their sums, products and powers; "
            "write 0.5 as Rational(1, 2) and clear denominators",
        )
    return polynomial


def _expand(entry: Any) -> Polynomial | None:
    """The polynomial, multiplied out; None for what is none."""
    if (isinstance(entry, sympy.Symbol) and entry.is_commutative) or _is_entry(entry):
        return {(number(entry),): 1}
    if isinstance(entry, sympy.Rational):
        scalar = int(entry.p) if entry.q == 1 else Fraction(int(entry.p), int(entry.q))
        return {(): scalar} if scalar else {}
    if isinstance(entry, sympy.Add):
        total: Polynomial = {}
        for part in map(_expand, entry.args):
            if part is None:
                return None
            add_into(total, part)
        return total
    if isinstance(entry, sympy.Mul):
        factors = [_expand(factor) for factor in entry.args]
    elif isinstance(entry, sympy.Pow) and isinstance(entry.exp, sympy.Integer) and entry.exp > 0:
        factors = [_expand(entry.base)] * int(entry.exp)
    else:
        return None
    product = ONE
    for factor in factors:
        if factor is None:
            return None
        product = multiply(product, factor)
    return product


def _is_entry(expression: Any) -> bool:
    """Whether this is W[i, j], W a matrix symbol, i and j numbers: it is independent of all others."""
    if not isinstance(expression, MatrixElement):
        return False
    parent, *indices = expression.args
    return isinstance(parent, sympy.MatrixSymbol) and all(isinstance(i, sympy.Integer) for i in indices)


def _shortened(entry: Any) -> str:
    text = str(entry)
    return text if len(text) <= 80 else text[:77] + "..."


def _extent(entry: Any) -> tuple[int, int]:
    """Bounds for the number of terms and for the degree of `entry`, multiplied out."""
    if isinstance(entry, sympy.Add | sympy.Mul):
        terms, degrees = zip(*map(_extent, entry.args), strict=True)
        added = isinstance(entry, sympy.Add)
        return (sum(terms), max(degrees)) if added else (math.prod(terms), sum(degrees))
    if isinstance(entry, sympy.Pow) and isinstance(entry.exp, sympy.Integer):
        power = abs(int(entry.exp))
        width, degree = _extent(entry.base)
        if min(power, width - 1) > 18:  # the binomial coefficient is at least 2¹⁸
            return MAX_TERMS + 1, power * degree
        return math.comb(power + width - 1, min(power, width - 1)), power * degree
    return 1, 1


def to_expression(polynomial: Polynomial) -> Any:
    """The SymPy expression of a polynomial, expanded."""
    terms = (
        sympy.Mul(sympy.Rational(c.numerator, c.denominator), *(SYMBOLS[symbol] for symbol in monomial))
        for monomial, c in polynomial.items()
    )
    return sympy.Add(*terms)


def value(polynomial: Polynomial, numbers: Mapping[int, Coefficient]) -> Coefficient:
    """The value at the given numbers. Raises: KeyError for a symbol without one."""
    total: Coefficient = 0
    for monomial, coefficient in polynomial.items():
        for symbol in monomial:
            coefficient *= numbers[symbol]
        total += coefficient
    return total
