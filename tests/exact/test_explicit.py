"""Terms at explicit sizes: the entries are those of the definition, and equality is that of polynomials."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.algebra.occurring import subterms, variables
from symbolic_mla.errors import BudgetError, InputError, ShapeError, UnsupportedError
from symbolic_mla.exact.explicit import Agreement, FirstDifference, equal_explicitly, explicit, to_sympy_tensor
from symbolic_mla.exact.monomials import SYMBOLS
from symbolic_mla.exact.world import World as Explicit
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.term import Atom, Pick, Term
from tests.dense import World, dense
from tests.rewriting import laws
from tests.strategies import DIMENSIONS, terms, worlds

N, G, D, P, Q, R = (Axis.of(Var(x)) for x in "nGdpqr")
W = Atom("W", (G * D, Q))
X = Atom("X", (P, P))


def at(world: World, *used: Term) -> dict[str, object]:
    """The sizes of a dense world, for the dimensions that occur."""
    return {v.name: world.size(v) for v in variables(*used) if v.sign == "dimension"}


def numeric(entry: Any, spoken: Explicit, world: World, atoms: dict[str, Atom]) -> Any:
    """An entry at the numbers of a dense world."""
    point: dict[Any, Any] = {}
    for n, (name, place) in spoken.symbols.items():
        point[SYMBOLS[n]] = world.tensor(atoms[name])[place]
    for n, var in spoken.coefficients.scalars.items():
        value = world.value(var)
        point[SYMBOLS[n]] = sympy.Rational(value.numerator, value.denominator)
    return entry.subs(point).doit()


@settings(max_examples=60, deadline=None)
@given(terms(depth=2), worlds())
def test_entries_are_those_of_the_definition(term: Term, world: World) -> None:
    """At the numbers of a dense world each entry of `explicit` has the value that the definition gives."""
    sizes = at(world, term)
    for index in {t.index for t in subterms(term) if isinstance(t, Pick)}:
        for v in DIMENSIONS:
            world.picks[index, v] = 0
        sizes[index] = 0
    spoken = Explicit.of([term], sizes)
    symbolic = to_sympy_tensor(spoken.value(term))
    atoms = {t.name: t for t in subterms(term) if isinstance(t, Atom)}
    atoms |= {f"{t.name}⟨{'×'.join(map(str, t.axes))}⟩": t for t in subterms(term) if isinstance(t, Atom)}
    expected = dense(term, world)
    for (i, j), value in np.ndenumerate(expected):
        assert numeric(symbolic[i, j], spoken, world, atoms) == sympy.Rational(value.numerator, value.denominator)


@settings(max_examples=150, deadline=None)
@given(laws(depth=1), worlds())
def test_laws_hold_entry_by_entry(law: tuple[str, Term, Term], world: World) -> None:
    """Both sides of a law of matrix algebra are equal polynomials at every size."""
    _, left, right = law
    assert equal_explicitly(left, right, at(world, left, right)).agreed


@settings(max_examples=60, deadline=None)
@given(laws(depth=0, functions=True), worlds())
def test_laws_of_functions_hold_entry_by_entry(law: tuple[str, Term, Term], world: World) -> None:
    """A function of equal rows has equal entries, whatever is done to the other axes."""
    _, left, right = law
    assert equal_explicitly(left, right, at(world, left, right)).agreed


@settings(max_examples=60, deadline=None)
@given(terms(depth=1), worlds())
def test_a_fresh_symbol_makes_a_difference(term: Term, world: World) -> None:
    """T + Z is T nowhere: the difference is found, with its entry."""
    found = equal_explicitly(al.add(term, Atom("Z", term.axes)), term, at(world, term))
    assert isinstance(found, FirstDifference)
    assert all(k == 0 for k in found.index)


@pytest.mark.parametrize(
    ("term", "values", "text"),
    [
        (al.tile(Atom("W", (P, Q)), N), {"n": 2, "p": 1, "q": 2}, "Matrix([[W_0_0, W_0_1], [W_0_0, W_0_1]])"),
        (al.matmul(X, X), {"p": 1}, "Matrix([[X_0_0**2]])"),
        (al.trace(X), {"p": 2}, "X_0_0 + X_1_1"),
        (al.scale(1 / sqrt(scalar(Var("p"))), al.ones(P, 1)), {"p": 2}, "Matrix([[sqrt(2)/2], [sqrt(2)/2]])"),
        (al.apply("f", Atom("x", (P,))), {"p": 2}, "Matrix([[f[0](x_0, x_1)], [f[1](x_0, x_1)]])"),
        (al.apply("m", Atom("W", (Q, P)), (0,)), {"p": 1, "q": 2}, "Matrix([[m(0)[0](W_0_0)], [m(1)[0](W_1_0)]])"),
        (Pick(Atom("W", (Q, P)), 0, "h"), {"p": 1, "q": 2, "h": 1}, "Matrix([[W_1_0]])"),
        (Atom("T", (P, P, P)), {"p": 1}, "[[[T_0_0_0]]]"),
        (al.scale(scalar(Var("c", "positive")), al.ones(P)), {"p": 1, "c": Fraction(1, 3)}, "Matrix([[1/3]])"),
        (al.scale(1 / scalar(Var("c", "positive")), al.ones(P)), {"p": 1}, "Matrix([[1/c]])"),
        (al.zeros(P, 1), {"p": 2}, "Matrix([[0], [0]])"),
    ],
)  # fmt: skip
def test_explicit_forms(term: Term, values: dict[str, object], text: str) -> None:
    """Each form of term has the explicit form that a reader expects."""
    assert str(explicit(term, **values)) == text


C, A_REAL = scalar(Var("c", "positive")), scalar(Var("a", "real"))
ROOTS = [
    (sqrt(C + 1) * sqrt(C + 1), C + 1),
    ((C + 1) / (C + 1), scalar(1)),
    (1 / sqrt(scalar(Var("p"))) * scalar(Var("p")), sqrt(scalar(Var("p")))),
    (sqrt(scalar(Var("p")) + 1) / (scalar(Var("p")) + 1), 1 / sqrt(scalar(Var("p")) + 1)),
    (sqrt(scalar(6)), sqrt(scalar(2)) * sqrt(scalar(3))),
]


@pytest.mark.parametrize(("left", "right"), ROOTS)
def test_roots_and_quotients_are_exact(left: Any, right: Any) -> None:
    """Equal coefficients are equal, however they are written, and also as arguments of a function."""
    one = Atom("x", (P,))
    sides = al.scale(left, one), al.scale(right, one)
    for p in (1, 2, 6):
        assert equal_explicitly(*sides, {"p": p}).agreed
        assert equal_explicitly(al.apply("f", sides[0]), al.apply("f", sides[1]), {"p": p}).agreed
        assert not equal_explicitly(sides[0], al.scale(right + 1, one), {"p": p}).agreed


def test_unmatched_roots_are_separated_by_values() -> None:
    """sqrt(a² + 1) is not sqrt(a² + 2): an exact value of a tells."""
    x, a2 = Atom("x", (P,)), A_REAL * A_REAL
    found = equal_explicitly(al.scale(sqrt(a2 + 1), x), al.scale(sqrt(a2 + 2), x), {"p": 1})
    assert not found.agreed


def test_roots_that_values_do_not_tell_apart_stay_open() -> None:
    """sqrt(c² + 2c + 1) = c + 1 is true and not decided: it is never called different."""
    x = Atom("x", (P,))
    left, right = al.scale(sqrt(C * C + 2 * C + 1), x), al.scale(C + 1, x)
    with pytest.raises(UnsupportedError, match="roots of scalar expressions"):
        equal_explicitly(left, right, {"p": 1})
    assert equal_explicitly(left, right, {"p": 1, "c": Fraction(1, 2)}).agreed


def test_tile_and_interleave_differ_by_a_permutation() -> None:
    """The published tile order and the order of real models agree after reorder, and have other rows before."""
    tiled, stored = al.tile(W, N), al.interleave(W, N, groups=G)
    values = {"n": 2, "G": 2, "d": 1, "q": 2}
    assert equal_explicitly(al.reorder("(n g d) c -> (g n d) c", tiled, n=N, g=G), stored, values).agreed
    assert explicit(tiled, **values) != explicit(stored, **values)
    with pytest.raises(ShapeError, match="same size and a different order"):
        equal_explicitly(tiled, stored, values)


def test_named_positions_take_each_value() -> None:
    """A[h] = B[h] is compared at every h; a difference names the position."""
    a, b = Atom("A", (P, Q)), Atom("B", (P, Q))
    mixed = al.stack(Atom("x", (al.as_axis(1), Q)), Atom("y", (al.as_axis(1), Q)))
    assert isinstance(equal_explicitly(Pick(a, 0, "h"), Pick(a, 0, "h"), {"p": 3, "q": 2}), Agreement)
    found = equal_explicitly(Pick(a, 0, "h"), Pick(b, 0, "h"), {"p": 3, "q": 2})
    assert "entry (0,) is A_0_0 on the left and B_0_0 on the right, at p = 3, q = 2, h = 0" in str(found)
    assert equal_explicitly(mixed, mixed, {"q": 1}).agreed


@pytest.mark.parametrize(("first", "second"), [("W_1", "W"), ("W", "W_0"), ("W_0_1", "W_0")])
def test_entries_of_different_symbols_are_different(first: str, second: str) -> None:
    """W_1[2] and W[1, 2] have two symbols, however the matrices are called; so have two shapes of one name."""
    one = {str(s) for s in explicit(Atom(first, (P,)), p=3).free_symbols}
    assert one.isdisjoint({str(s) for s in explicit(Atom(second, (P, P)), p=3).free_symbols})
    sides = al.matmul(Atom("A", (P, Q)), al.ones(Q, P)), al.matmul(Atom("A", (Q, P)), al.ones(P, Q))
    assert not equal_explicitly(al.trace(sides[0]), al.trace(sides[1]), {"p": 1, "q": 1}).agreed


BAD = [
    ({"n": 2, "G": 2, "d": 2}, "no size for q", "sizes: G, d, n, q"),
    ({"n": 2, "G": 2, "d": 2, "q": 1, "H": 4}, "a value for H, which does not occur", "sizes: G, d, n, q"),
    ({"n": 0, "G": 2, "d": 2, "q": 1}, "n = 0; at least 1 was expected", "n=2"),
    ({"n": -1, "G": 2, "d": 2, "q": 1}, "n = -1; at least 1 was expected", "n=2"),
    ({"n": 2.0, "G": 2, "d": 2, "q": 1}, "n = 2.0; an integer >= 1 was expected", "n=2"),
    ({"n": True, "G": 2, "d": 2, "q": 1}, "n = True; an integer >= 1 was expected", "n=2"),
    ({"n": "2", "G": 2, "d": 2, "q": 1}, "n = '2'; an integer >= 1 was expected", "n=2"),
]


@pytest.mark.parametrize(("values", "message", "hint"), BAD)
def test_bad_sizes_are_named(values: dict[str, object], message: str, hint: str) -> None:
    """A size that is missing, unknown or no positive integer is an error that says what is accepted."""
    with pytest.raises(InputError) as met:
        explicit(al.tile(W, N), **values)
    assert (met.value.message, met.value.hint) == (message, hint)


def test_other_bad_values_are_named() -> None:
    """Lower bounds, signs, positions, sizes beyond the limit: each has its message."""
    even = Axis.of(Var("d", "dimension", 2))
    scaled = al.scale(C, al.ones(P))
    with pytest.raises(InputError, match="d = 1; at least 2 was expected"):
        explicit(al.ones(even), d=1)
    with pytest.raises(InputError, match="c = 0, and it is declared positive"):
        explicit(scaled, p=1, c=0)
    with pytest.raises(InputError, match=r"c = 0\.5; a rational number was expected"):
        explicit(scaled, p=1, c=0.5)
    with pytest.raises(InputError, match=r"the position h is 3, and the axis has the positions 0 to 1"):
        explicit(Pick(X, 0, "h"), p=2, h=3)
    with pytest.raises(InputError, match="the position h is not given"):
        explicit(Pick(X, 0, "h"), p=2)
    with pytest.raises(InputError, match="the name p has two meanings"):
        explicit(al.scale(scalar(Var("p", "real")), X), p=2)
    with pytest.raises(BudgetError, match=r"2000 × 2000 has 4000000 entries; the limit is 1048576"):
        explicit(X, p=2000)
    with pytest.raises(BudgetError, match="pairs of monomials"):
        explicit(al.matmul(X, X), p=300)
