"""What laws say of softmax is true of it, and of no other function."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.certify import certificate
from symbolic_mla.errors import CertificateError, ShapeError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Atom, Einsum, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws import replay
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.rank import rank
from symbolic_mla.laws.softmax import row_sums, softmax
from symbolic_mla.selftest.truth import true_at
from tests.dense import World
from tests.kernel.drawn import p, q, quick, r
from tests.strategies import P, Q, R

S, T, a = Atom("S", (P, Q)), Atom("T", (P, Q)), Atom("a", (P, R))
MOVED = Sum(((1, softmax(S)), (-1, softmax(T))), (P, Q))
ROWS = ((0,), (1,))


def weighed(moved: Term = MOVED, *others: Any, output: Any = ((0,), (1,), (2,)),
            labels: tuple[Axis, ...] = (P, Q, R)) -> Einsum:  # fmt: skip
    """(softmax(S) - softmax(T))[b, i] a[b, c]."""
    return Einsum(((moved, ROWS), *(others or ((a, ((0,), (2,))),))), output, labels)


def vanishing(left: Term) -> Theorem:
    return derive("assume", Equation(left, al.zeros(*left.axes)))


def soft(x: Any) -> Any:
    e = np.exp(np.array(x, dtype=float) - np.max(np.array(x, dtype=float), axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@quick
@given(st.integers(0, 2**30), st.lists(st.booleans(), min_size=3, max_size=3))
def test_equal_weights_have_scores_that_differ_by_a_constant(seed: int, alike: list[bool]) -> None:
    """Where the premise holds (a row is shifted, or its number is 0) the conclusion does; elsewhere it may fail."""
    rng = np.random.default_rng(seed)
    w = World({p: 3, q: 2, r: 2}, seed)
    s = rng.integers(-3, 4, (3, 2))
    t = s + rng.integers(-3, 4, (3, 1))
    t[~np.array(alike)] += np.array([0, 1])
    x = rng.integers(1, 4, (3, 2)) * np.array(alike)[:, None]
    for atom, value in ((S, s), (T, t), (a, x)):
        w.tensors[atom] = np.vectorize(Fraction)(value.astype(object))
    premise = np.einsum("bi,bc->bic", soft(s) - soft(t), x)
    assert np.abs(premise).max() < 1e-12
    law = derive("softmax-injective", vanishing(weighed()))
    assert (law.hypotheses, law.axioms) == ({vanishing(weighed()).conclusion}, {"softmax-injective"})
    assert true_at(law.conclusion, w)
    w.tensors[a] = w.tensors[a] * 0 + 1
    assert true_at(law.conclusion, w) == all(alike)


NOT_INJECTIVE: dict[str, Term] = {
    "the places of a row are summed": weighed(output=((0,), (2,))),
    "the rows are summed": weighed(output=((1,), (2,))),
    "another factor speaks of the place": weighed(MOVED, (Atom("c", (P, Q, R)), ((0,), (1,), (2,)))),
    "a diagonal of places": weighed(output=((0,), (1,), (1,), (2,))),
    "any function": weighed(Sum(((1, Apply("f", S)), (-1, Apply("f", T))), (P, Q))),
    "one of them any function": weighed(Sum(((1, softmax(S)), (-1, Apply("f", T))), (P, Q))),
    "a sum": weighed(Sum(((1, softmax(S)), (1, softmax(T))), (P, Q))),
    "a multiple": weighed(Sum(((1, softmax(S)), (-2, softmax(T))), (P, Q))),
    "three": weighed(Sum(((1, softmax(S)), (-1, softmax(T)), (1, softmax(S))), (P, Q))),
    "one": weighed(softmax(S)),
    "no product": Atom("x", (P, Q)),
    "of nothing": Einsum((), ((0,),), (P,)),
}


@pytest.mark.parametrize("name", NOT_INJECTIVE)
def test_another_form_says_nothing_of_the_scores(name: str) -> None:
    """Sums over places or rows may cancel, and what is no difference of two softmaxes has other zeros."""
    with pytest.raises((CertificateError, ShapeError)):
        derive("softmax-injective", vanishing(NOT_INJECTIVE[name]))


def test_only_what_vanishes_is_used() -> None:
    """An equation with another right side, or no equation."""
    for s in (Equation(weighed(), weighed()), Equation(weighed(), al.ones(P, Q, R)), Compare(rank(S), "<=", rank(T)),
              Exists((), (a,), (Equation(weighed(), al.zeros(P, Q, R)),))):  # fmt: skip
        with pytest.raises(CertificateError):
            derive("softmax-injective", derive("assume", s))


def test_a_label_of_several_factors_is_no_place() -> None:
    """The last axis as a product of two labels: each is only a part of a place."""
    x, y = Atom("X", (P, Q * R)), Atom("Y", (P, Q * R))
    moved = Sum(((1, softmax(x)), (-1, softmax(y))), (P, Q * R))
    left = Einsum(((moved, ((0,), (1, 2))),), ((0,), (1,), (2,)), (P, Q, R))
    with pytest.raises(CertificateError, match="not one label"):
        derive("softmax-injective", vanishing(left))


def test_the_weights_of_a_row_add_up_to_1() -> None:
    """No hypothesis, and an axiom that is named."""
    law = derive("softmax-rows", S)
    assert (law.hypotheses, law.axioms) == (frozenset(), {"softmax-weights"})
    (again,) = replay(certificate(law))
    assert again.conclusion == law.conclusion == row_sums(S)
    assert np.allclose(soft([[1, 2], [3, 3]]).sum(-1), 1)
    with pytest.raises((ShapeError, LookupError, ValueError)):
        derive("softmax-rows", Atom("x", ()))


@pytest.mark.parametrize("rule", ["softmax-rows", "softmax-injective"])
def test_what_is_known_of_softmax_is_not_true_of_every_function(rule: str) -> None:
    """No instance puts another function in the place of softmax; softmax may take the place of any."""
    law = derive(rule, S if rule == "softmax-rows" else vanishing(weighed()))
    for functions in ((("softmax", "f"),), (("softmax", "softmax"), ("softmax", "f"))):
        with pytest.raises(CertificateError, match="no variable"):
            derive("instance", law, (), (), (), functions)
    assert derive("instance", law, (), (), (), (("softmax", "softmax"),)).conclusion == law.conclusion
    any_ = derive("assume", Equation(Apply("f", S), T))
    assert derive("instance", any_, (), (), (), (("f", "softmax"),)).conclusion == Equation(softmax(S), T)
