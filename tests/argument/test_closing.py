"""What is closed has no solution: facts that hold at a planted point are never contradicted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.argument.closing import follows
from symbolic_mla.argument.facts import Clause, vanishing
from symbolic_mla.argument.poles import Poles, consequences, read
from symbolic_mla.argument.values import ONE, ZERO, Value, exp, exponent_of, rational, unknown

X, Y, Z = (unknown(n) for n in "xyz")
monomials = st.sampled_from([ONE, X, Y, Z, X * Y, Y * Z, X * X, X * Y * Z])
polynomials = st.lists(st.tuples(st.integers(-2, 2), monomials), min_size=1, max_size=3).map(
    lambda parts: sum((m.scaled(c) for c, m in parts), start=ZERO)
)
points = st.fixed_dictionaries({n: st.integers(-2, 2) for n in "xyz"})


def at(p: Value, point: dict[str, int]) -> Fraction:
    total = Fraction(0)
    for (monomial, _), c in p.terms.items():
        part = Fraction(c)
        for f, e in monomial:
            part *= point[f.name] ** e
        total += part
    return total


@settings(max_examples=80, deadline=None)
@given(points, st.lists(st.lists(polynomials, min_size=1, max_size=3), max_size=4), st.lists(polynomials, max_size=2))
def test_what_holds_somewhere_is_not_contradicted(
    point: dict[str, int], drawn: list[list[Value]], goals: list[Value]
) -> None:
    """Clauses with one true alternative are satisfied at the point; a goal that follows from them holds there."""
    clauses = [Clause.of([ps[0] - rational(at(ps[0], point))], *([p] for p in ps[1:])) for ps in drawn]
    assert not follows([c for c in clauses if not c.trivial])
    false = [[g] for g in goals if at(g, point) != 0]
    assert not follows([c for c in clauses if not c.trivial], false)


@pytest.mark.parametrize(
    "facts",
    [
        [[X - ONE], [X]],
        [[X * Y - ONE], [X]],
        [[X * Y - ONE, X * Z - ONE, Y - Z - ONE]],
    ],
)
def test_contradictions_are_found(facts: list[list[Value]]) -> None:
    """x = 1 and x = 0; x y = 1 and x = 0; x y = x z = 1 and y - z = 1."""
    assert follows([Clause.of(f) for f in facts])


def test_alternatives_are_all_closed() -> None:
    """A goal that follows in one branch alone does not follow."""
    either = Clause.of([X], [Y])
    assert not follows([either], [[X]])
    assert follows([either], [[X * Y]])
    assert follows([either, Clause.of([X - ONE])], [[Y]])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (X * exp(Y) + X, [[X]]),
        (X * exp(Y) - X, [[X], [Y]]),
        (X * exp(rational(1)) - X.scaled(2), [[X]]),
        (exp(rational(1)) - exp(rational(2)), []),
        (X * exp(Y) - X.scaled(2), None),
        (X * exp(Y) + Z, None),
        (ZERO, None),
    ],
)
def test_what_a_vanishing_value_says(value: Value, expected: list[list[Value]] | None) -> None:
    """One sign: the factor vanishes. exp is injective. Powers of e that differ, differ. Else: nothing is said."""
    found = vanishing(value)
    assert (None if found is None else [list(a) for a in found.alternatives]) == expected


def family(poles: Poles, numbers: list[int]) -> list[tuple[Value, object]]:
    return [(poles.at(Fraction(c)), "t") for c in numbers]


def test_poles_need_enough_numbers() -> None:
    """With k exponents and a rest, k numbers say nothing and k + 1 say that the coefficients vanish."""
    poles = Poles(X, frozenset({(exponent_of(Y), Z), (exponent_of(Z), ONE)}))
    assert not consequences(family(poles, [1, 2])).clauses
    assert not consequences(family(poles, [1, 2, 2])).clauses
    assert consequences(family(poles, [1, 2, 3])).clauses
    for c in (1, 2, 5):
        assert read(poles.at(Fraction(c))) == (poles, c)


def test_poles_do_not_mix_families() -> None:
    """Values with other coefficients, or of other entries, are no family."""
    poles = Poles(ZERO, frozenset({(exponent_of(Y), Z), (exponent_of(Z), ONE)}))
    other = Poles(ZERO, frozenset({(exponent_of(Y), X), (exponent_of(Z), ONE)}))
    assert not consequences([*family(poles, [1]), *family(other, [2])]).clauses
    assert not consequences([(poles.at(Fraction(1)), "t"), (poles.at(Fraction(2)), "u")]).clauses
    assert consequences(family(poles, [1, 2])).clauses
