"""The package's own evaluator: it agrees with the naive one, and it is certain of what it says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.algebra.occurring import subterms, variables
from symbolic_mla.instance.evaluate import Function, Instance, Tensor
from symbolic_mla.instance.functions import Polynomial, Table, interval_softmax
from symbolic_mla.instance.judge import equal, holds
from symbolic_mla.instance.values import enclosure, rank
from symbolic_mla.kernel.scalar import Number, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Atom, Pick, Term
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul
from symbolic_mla.laws.order import extreme
from symbolic_mla.laws.rank import rank as rank_of
from symbolic_mla.selftest import truth
from symbolic_mla.selftest.instances import fits
from tests.dense import World, axis_size, dense, same
from tests.prover.judging import named_apart, one_position_each
from tests.strategies import POSITIVE, REAL, TWO, P, Q, R, terms, worlds

some = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
A, B = Atom("A", (P, Q)), Atom("B", (P, Q))


def instance(w: World, *parts: Term) -> Instance:
    """The instance of a world."""
    found = list(subterms(*parts))
    numbers: dict[str, Number] = {v.name: w.value(v) for v in variables(*parts)}
    numbers = {k: int(x) if isinstance(x, Fraction) and x.denominator == 1 else x for k, x in numbers.items()}
    tensors = {}
    for a in (t for t in found if isinstance(t, Atom)):
        array = w.tensor(a)
        tensors[a.name] = Tensor(tuple(axis_size(x, w) for x in a.axes), tuple(array.reshape(-1).tolist()))
    positions = {t.index: w.pick(t.index, t.size()) for t in found if isinstance(t, Pick)}
    names = {t.function for t in found if isinstance(t, Apply)}
    return Instance(numbers, tensors, positions, {f: Table(f, w.seed) for f in names})


def _turned(f: Function) -> Any:
    return lambda x, positions: list(f(positions, x))


@some
@given(terms(2, functions=True), worlds(2))
def test_two_evaluators_agree(t: Term, w: World) -> None:
    """The value of any term, functions and positions included, is what the definition gives."""
    (t,) = named_apart(t)
    assume(one_position_each(t))
    assume(fits(w, t))
    at = instance(w, t)
    w.functions = {name: _turned(f) for name, f in at.functions.items()}
    value = at.value(t)
    array = np.empty(len(value.entries), dtype=object)
    array[:] = list(value.entries)
    assert same(array.reshape(value.shape), dense(t, w))


@some
@given(st.lists(st.lists(st.integers(-2, 2), min_size=3, max_size=3), min_size=1, max_size=4))
def test_rank_is_the_rank(rows: list[list[int]]) -> None:
    """Elimination without rounding, against elimination over the rationals."""
    assert rank(rows) == truth.rank([[Fraction(x) for x in row] for row in rows])


def nested() -> Number:
    """sqrt(3 + 2 sqrt 2), which is 1 + sqrt 2 and is not simplified."""
    return sqrt(3 + 2 * sqrt(2))


ONE_PLUS = 1 + sqrt(2)


def test_a_rank_that_is_not_certain_is_none() -> None:
    """Roots that may cancel give no rank by accident: the true rank here is 1."""
    at = Instance({}, {"M": Tensor((2, 2), (nested(), ONE_PLUS, 1, 1))})
    M = Atom("M", (TWO, TWO))
    assert holds(Compare(rank_of(M), "<=", scalar(1)), at) is not False
    assert holds(Compare(rank_of(M), "=", scalar(2)), at) is not True


def test_radicals_are_told_apart_by_value() -> None:
    """Equal values that look different are not told; different ones are; equal looks are equal."""
    at = Instance({})
    assert holds(Compare(scalar(nested()), "=", scalar(ONE_PLUS)), at) is not False
    assert holds(Compare(scalar(nested()), "=", scalar(ONE_PLUS) + Fraction(1, 10**12)), at) is False
    assert holds(Compare(sqrt(2), "<=", sqrt(3)), at) is True
    assert holds(Compare(sqrt(3), "<=", sqrt(2)), at) is False
    assert holds(Compare(sqrt(2) * sqrt(3), "=", sqrt(6)), at) is True
    assert equal(Tensor((1,), (nested(),)), Tensor((1,), (ONE_PLUS,))) is None
    assert equal(Tensor((1,), (sqrt(2),)), Tensor((1,), (sqrt(3),))) is False


@some
@given(st.fractions(-5, 5), st.integers(1, 50), st.integers(1, 50))
def test_an_enclosure_encloses(c: Fraction, j: int, k: int) -> None:
    """The interval of a constant holds its value, and is narrow."""
    inside = enclosure(scalar(c) + sqrt(j) * sqrt(k))
    value = float(c) + (j * k) ** 0.5
    assert inside.a <= value + 1e-9
    assert inside.b >= value - 1e-9
    assert inside.delta < 1e-9


def test_softmax_is_enclosed() -> None:
    """The enclosures of a softmax add up around 1, are positive, and hold the value of equal entries."""
    from mpmath import iv

    row = interval_softmax((), [iv.mpf(0), iv.mpf(0), iv.mpf(0)])
    assert all(1 in 3 * p for p in row)
    steep = interval_softmax((), [iv.mpf(-500), iv.mpf(0), iv.mpf(500)])
    assert all(p.a >= 0 for p in steep)
    assert 1 in sum(steep[1:], start=steep[0])


def test_a_table_is_a_function() -> None:
    """Equal arguments give equal values, other arguments or positions are drawn anew, and few collide."""
    f = Table("f", 0)
    assert f((), (1, 2)) == f((), (1, 2))
    assert f((), (Fraction(2, 2), 2)) == f((), (1, 2))
    assert len({f((k,), (1, 2, 3, 4)) for k in range(30)}) > 20
    assert len({f((), (k, 0, 0, 0)) for k in range(30)}) > 20


@some
@given(worlds(3))
def test_statements_hold_as_they_should(w: World) -> None:
    """Equations, comparisons with ranks and extremes, factorisations and equivalences, as by definition."""
    U, V = Atom("U", (P, R)), Atom("V", (R, Q))
    exists = Exists((U, V), (), (Equation(A, matmul(U, V)),))
    small = Compare(rank_of(A), "<=", extreme("min", (scalar(Var("r")), rank_of(B) + 1)))
    at = instance(w, A, B, U)
    for s in (Equation(A, B), Equation(A, A), small, exists, Iff(exists, small), Compare(rank_of(A), "=", rank_of(B))):
        assert holds(s, at) is truth.true_at(s, w)


@pytest.mark.parametrize("value", [scalar(REAL) * 2 - 1, 1 / scalar(POSITIVE), scalar(REAL) ** 3 + sqrt(4)])
def test_scalars_take_their_values(value: Number) -> None:
    """A number of a statement at given scalars."""
    at = Instance({"a": Fraction(-1, 2), "c": 4})
    w = World({}, scalars={REAL: Fraction(-1, 2), POSITIVE: Fraction(4)})
    assert at.number(value) == truth.value(value, w)


def test_a_polynomial_does_what_its_formula_says() -> None:
    """What a report shows of a function beside softmax is what was evaluated."""
    for width, positions in ((1, ()), (2, ()), (3, (1,))):
        f = Polynomial("f", 1)
        row = [3, -2, 5][:width]
        text = f.formula(positions, width).split(" = ")[1].replace("^", "**")
        names = {f"x{k + 1}": x for k, x in enumerate(row)}
        found = eval(text, {}, names)
        assert (found if isinstance(found, tuple) else (found,)) == tuple(f(positions, row))
