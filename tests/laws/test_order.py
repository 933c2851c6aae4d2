"""Entries and extremes as numbers: what is proved of them is true at random instances."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.certify import certificate
from symbolic_mla.errors import CertificateError, ShapeError, SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Number, never_negative, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom, Einsum, Sum, Term
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws import replay
from symbolic_mla.laws.order import entry, extreme
from symbolic_mla.selftest.instances import fits
from symbolic_mla.selftest.truth import true_at, value
from tests.dense import World, dense
from tests.kernel.drawn import (
    A,
    B,
    S,
    equal,
    n,
    numbers,
    p,
    q,
    quick,
    seeds,
)
from tests.strategies import P, Q, matrices, worlds


def contracted(*operands: tuple[Term, Any], labels: tuple[Axis, ...] = (P, Q)) -> Term:
    """A full contraction."""
    return Einsum(operands, (), labels)


PLAIN, TURNED = ((0,), (1,)), ((1,), (0,))


@quick
@given(matrices(P, Q, 2, True), worlds(2))
def test_a_sum_of_squares_is_never_negative(t: Term, w: World) -> None:
    """Both operands the same term at the same labels: no assignment makes it negative."""
    assume(fits(w, t))
    theorem = derive("arithmetic", scalar(0), "<=", entry(contracted((t, PLAIN), (t, PLAIN))), ())
    assert not theorem.hypotheses
    assert true_at(theorem.conclusion, w)


NO_SQUARES: dict[str, Term] = {
    "tr(A)": contracted((S, ((0,), (0,))), labels=(P,)),
    "tr(A A)": contracted((S, PLAIN), (S, TURNED), labels=(P, P)),
    "tr(Aᵀ B)": contracted((A, PLAIN), (B, PLAIN)),
    "the sum of all entries": contracted((A, PLAIN)),
    "a cube": contracted((A, PLAIN), (A, PLAIN), (A, PLAIN)),
    "a symbol": Atom("x", ()),
    "a sum of squares, less one": Sum(((1, contracted((A, PLAIN), (A, PLAIN))), (-1, al.constant(1))), ()),
}


@pytest.mark.parametrize("name", NO_SQUARES)
def test_what_is_no_square_may_be_negative(name: str) -> None:
    """The sign is read off the structure alone, and only of two equal operands."""
    assert not never_negative(entry(NO_SQUARES[name]))
    with pytest.raises(CertificateError, match="does not follow"):
        derive("arithmetic", scalar(0), "<=", entry(NO_SQUARES[name]), ())


def test_an_entry_is_of_a_tensor_without_axes() -> None:
    """A matrix is no number, and only an equation says that two entries are equal."""
    with pytest.raises(ShapeError, match="not a number"):
        entry(A)
    with pytest.raises(ShapeError, match="not a number"):
        derive("entry", equal(A, A))
    with pytest.raises(CertificateError, match="equation"):
        derive("entry", derive("assume", Compare(scalar(p), "<=", scalar(q))))


@quick
@given(matrices(P, P, 1, True), matrices(Q, Q, 1, True), worlds(2))
def test_the_entry_of_a_product_of_numbers_is_the_product(a: Term, b: Term, w: World) -> None:
    """Sums and products are taken apart, and the value stays."""
    x, y = al.trace(a), al.trace(b)
    term = Sum(((2, Einsum(((x, ()), (y, ())), (), ())), (scalar(n), x)), ())
    assume(fits(w, term))
    assert entry(term) == 2 * entry(x) * entry(y) + scalar(n) * entry(x)
    assert value(entry(term), w) == dense(term, w).item()


def test_entries_add_up() -> None:
    """The entry of a sum is the sum of the entries, a number beside a trace its multiple; hypotheses come along."""
    x, y = Atom("x", ()), Atom("y", ())
    t = derive("entry", derive("assume", Equation(x, Sum(((2, y), (scalar(n), al.constant(1))), ()))))
    assert t.conclusion == Compare(entry(x), "=", 2 * entry(y) + scalar(n))
    assert t.hypotheses == {Equation(x, Sum(((2, y), (scalar(n), al.constant(1))), ()))}


@quick
@given(st.lists(numbers(), min_size=1, max_size=3), numbers(), st.sampled_from(("min", "max")), seeds())
def test_extremes_are_extremes(of: list[Number], x: Number, kind: str, w: World) -> None:
    """min <= each <= max, and a bound on each is a bound on the extreme."""
    for k in range(len(of)):
        assert true_at(derive("extreme-bound", kind, tuple(map(scalar, of)), k).conclusion, w)
    sides = [(scalar(x), scalar(y)) if kind == "min" else (scalar(y), scalar(x)) for y in of]
    bounds = tuple(derive("assume", Compare(a, "<=", b)) for a, b in sides)
    theorem = derive("extreme-intro", kind, bounds)
    if all(true_at(h, w) for h in theorem.hypotheses):
        assert true_at(theorem.conclusion, w)


def test_extremes_of_nothing_and_of_others_are_refused() -> None:
    """No min of nothing, no third kind, no bound that is not listed, no bounds of two numbers."""
    three_ = (scalar(p), scalar(q), scalar(3))
    up = [derive("assume", Compare(scalar(v), "<=", scalar(n))) for v in (p, q)]
    for arguments in (("extreme-bound", "min", (), 0), ("extreme-bound", "median", three_, 0),
                      ("extreme-intro", "min", ()), ("extreme-bound", "min", three_, 3),
                      ("extreme-bound", "min", three_, -1),
                      ("extreme-intro", "min", tuple(up))):  # fmt: skip
        with pytest.raises((SymbolicMLAError, IndexError)):
            derive(*arguments)
    assert isinstance(derive("extreme-intro", "max", tuple(up)).conclusion, Compare)
    assert value(extreme("max", three_), World({p: 2, q: 5})) == 5


def test_antisymmetry_needs_two_that_face_each_other() -> None:
    """p <= q and p <= q is not p = q."""
    up = derive("assume", Compare(scalar(p), "<=", scalar(q)))
    with pytest.raises(CertificateError, match="face each other"):
        derive("antisymmetry", up, up)


def test_squares_add_up_to_nothing_only_at_zero() -> None:
    """Σ a² <= 0 gives a = 0, for a matrix, a sum, a number; what is assumed comes along."""
    for t in (A, al.subtract(A, B), al.stack(A, B), Atom("x", ())):
        h = Compare(entry(al.squared(t)), "<=", scalar(0))
        nothing = derive("zero-squares", derive("assume", h), t)
        assert nothing.conclusion == Equation(t, Sum((), t.axes))
        assert nothing.hypotheses == {h}
        assert replay(certificate(nothing))[0].conclusion == nothing.conclusion


NO_SQUARE_IS_AT_MOST_0: dict[str, Compare] = {
    "the other way": Compare(scalar(0), "<=", entry(al.squared(A))),
    "at most 1": Compare(entry(al.squared(A)), "<=", scalar(1)),
    "another tensor": Compare(entry(al.squared(B)), "<=", scalar(0)),
    "a product of two": Compare(entry(contracted((A, PLAIN), (B, PLAIN))), "<=", scalar(0)),
    "the square of a trace": Compare(entry(al.trace(S)) ** 2, "<=", scalar(0)),
    "a difference of squares": Compare(entry(al.squared(A)) - entry(al.squared(B)), "<=", scalar(0)),
    "less than squares": Compare(entry(al.squared(A)), "<=", entry(al.squared(B))),
}


@pytest.mark.parametrize("name", NO_SQUARE_IS_AT_MOST_0)
def test_what_says_less_makes_nothing_zero(name: str) -> None:
    """Only that the squares of this very tensor add up to at most 0."""
    for t in (A, S):
        with pytest.raises(CertificateError, match="squares"):
            derive("zero-squares", derive("assume", NO_SQUARE_IS_AT_MOST_0[name]), t)
    with pytest.raises(CertificateError):
        derive("zero-squares", derive("assume", Equation(A, al.zeros(P, Q))), A)
