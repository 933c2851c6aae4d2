"""Monomials as numbers multiply, divide and are ordered as products of factors are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla.argument.groebner import FIELD, MAX_DEGREE, Groebner, Monomials
from symbolic_mla.argument.values import ONE, Monomial, Unknown, unknown
from symbolic_mla.errors import BudgetError

NAMES = "uvwxyz"
MONOMIALS = Monomials(map(Unknown, NAMES))
exponents = st.tuples(*[st.integers(0, 3) | st.integers(0, MAX_DEGREE // len(NAMES))] * len(NAMES))


def monomial(powers: tuple[int, ...]) -> Monomial:
    return tuple((Unknown(n), e) for n, e in zip(NAMES, powers, strict=True) if e)


@given(exponents, exponents)
def test_monomials_are_numbers(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """Products, divisors and common multiples, factor by factor; by degree, then u before v before w."""
    m, n = MONOMIALS.number(monomial(a)), MONOMIALS.number(monomial(b))
    assert (m == n) == (a == b)
    assert (m < n) == ((sum(a), a) < (sum(b), b))
    assert MONOMIALS.divides(m, n) == all(x <= y for x, y in zip(a, b, strict=True))
    assert MONOMIALS.divides(m, m + n) and m + n - m == n
    top = MONOMIALS.common(m, n)
    assert MONOMIALS.divides(m, top) and MONOMIALS.divides(n, top)
    assert top == m + n - MONOMIALS.number(monomial(tuple(map(min, a, b))))


def test_a_degree_has_a_limit() -> None:
    """What has no room in a field is refused, and no field runs over into the next."""
    assert MONOMIALS.number(((Unknown("x"), MAX_DEGREE),)) < 1 << MONOMIALS.degree + FIELD - 1
    with pytest.raises(BudgetError, match="degree"):
        MONOMIALS.number(((Unknown("x"), MAX_DEGREE + 1),))


def test_a_basis_knows_what_follows() -> None:
    """x y = 1 and y z = 1 give x = z; with x = 2 z + 1 besides z = -1, and then z = 0 is a contradiction."""
    x, y, z = (unknown(n) for n in "xyz")
    given_ = [x * y - ONE, y * z - ONE]
    basis = Groebner.over([*given_, x, z])
    for p in given_:
        basis.add(basis.row(p))
    assert not basis.reduce(basis.row(x - z))
    assert not basis.reduce(basis.row((x - z) * (x * y + z)))
    assert basis.reduce(basis.row(x - ONE)) and not basis.contradiction
    more = basis.copy()
    more.add(more.row(x - z.scaled(2) - ONE))
    assert not more.reduce(more.row(z + ONE)) and not more.contradiction
    more.add(more.row(z))
    assert more.contradiction and not basis.contradiction
