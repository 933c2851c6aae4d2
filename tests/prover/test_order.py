"""Inequalities between entries: what holds for all numbers holds for those of matrices of ones and of zeros too."""

from __future__ import annotations

from itertools import product

import pytest

from symbolic_mla import algebra as al
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar, Var
from symbolic_mla.kernel.statement import Compare
from symbolic_mla.kernel.term import Atom, Pick, Term
from symbolic_mla.laws.order import entry
from symbolic_mla.prover.decide import Proved, Refuted, decide

N, P = Var("n"), Var("p")
SHAPE = (Axis.of(N), Axis.of(P))
A, B = Atom("A", SHAPE), Atom("B", SHAPE)
ONES = al.ones(*SHAPE)
TENSORS: dict[str, Term] = {
    "A": A, "B": B, "ones": ONES, "ones ∘ ones": al.hadamard(ONES, ONES), "A ∘ ones": al.hadamard(A, ONES),
    "A + ones": al.add(A, ONES), "I A": al.matmul(al.identity(N), A), "A ∘ A": al.hadamard(A, A),
}  # fmt: skip


def number(name: str) -> Scalar:
    """The entry at the named positions i and j."""
    return entry(Pick(Pick(TENSORS[name], 0, "i"), 0, "j"))


@pytest.mark.parametrize(("one", "other"), list(product(TENSORS, repeat=2)))
def test_a_product_is_at_most_the_mean_of_the_squares(one: str, other: str) -> None:
    """2 x y <= x^2 + y^2, however the two numbers are spelled."""
    x, y = number(one), number(other)
    assert isinstance(decide(Compare(x * y * 2, "<=", x**2 + y**2)), Proved)


@pytest.mark.parametrize(("one", "other"), [("A", "B"), ("A", "ones ∘ ones"), ("A + ones", "ones")])
def test_three_times_a_product_may_be_more(one: str, other: str) -> None:
    """3 x y <= x^2 + y^2 fails where x = y is not 0."""
    x, y = number(one), number(other)
    assert isinstance(decide(Compare(x * y * 3, "<=", x**2 + y**2)), Refuted)
