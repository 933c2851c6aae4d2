"""The laws of rank: each is true at random exact instances of every rank, and its side conditions hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.errors import CertificateError, ShapeError, SymbolicMLAError
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom, Sum, Term
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul, transpose
from symbolic_mla.laws.rank import rank
from symbolic_mla.selftest.instances import fits
from symbolic_mla.selftest.truth import true_at
from tests.dense import World
from tests.kernel.drawn import (
    FACTORS,
    REAL,
    A,
    B,
    S,
    U,
    V,
    equal,
    low_rank,
    p,
    quick,
    r,
)
from tests.prover.judging import named_apart
from tests.strategies import N, P, Q, R, matrices, simple_axes, worlds


@st.composite
def three(draw: Any) -> tuple[Term, Term, Term]:
    """Matrices that can be multiplied in a row."""
    i, j, k, m = (draw(simple_axes()) for _ in range(4))
    return tuple(draw(matrices(x, y, 1)) for x, y in ((i, j), (j, k), (k, m)))


RANK_RULES: dict[str, Any] = {
    "rank-size": lambda a, b, c, k: (a, k),
    "rank-factor": lambda a, b, c, k: (a, b, k),
    "rank-identity": lambda a, b, c, k: (a.axes[k],),
    "rank-kron": lambda a, b, c, k: (a, c),
    "rank-gram": lambda a, b, c, k: (a,),
    "rank-sylvester": lambda a, b, c, k: (a, b),
    "rank-frobenius": lambda a, b, c, k: (a, b, c),
    "rank-sum": lambda a, b, c, k: (al.add(a, al.scale(scalar(REAL), a), al.ones(*a.axes)),),
    "rank-equal": lambda a, b, c, k: (equal(transpose(transpose(a)), a),),
}


@pytest.mark.parametrize("rule", RANK_RULES)
@quick
@given(three(), worlds(3), st.integers(0, 1))
def test_a_rule_about_rank_says_what_is_true(rule: str, abc: tuple[Term, Term, Term], w: World, k: int) -> None:
    """Its conclusion holds for the exact ranks of matrices of every rank."""
    a, b, c = named_apart(*abc)
    assume(fits(w, a, b, c, matmul(matmul(a, b), c), al.kron(a, c)))
    theorem = derive(rule, *RANK_RULES[rule](a, b, c, k))
    assert not theorem.hypotheses
    assert true_at(theorem.conclusion, low_rank(w, a, b, c))


def test_a_rank_is_of_a_matrix() -> None:
    """No rule speaks of the rank of a vector or a cube."""
    vector = Atom("v", (P,))
    for rule in ("rank-size", "rank-gram"):
        with pytest.raises((ShapeError, CertificateError, SymbolicMLAError)):
            derive(rule, vector, 0) if rule == "rank-size" else derive(rule, vector)


def test_factors_must_fit() -> None:
    """A product of matrices whose axes differ, in size or only in order, has no rank."""
    with pytest.raises(ShapeError, match="met where"):
        derive("rank-factor", A, A, 0)
    with pytest.raises(ShapeError, match="different order"):
        derive("rank-factor", Atom("C", (P, N * Q)), Atom("D", (Q * N, P)), 0)


BOUND = derive("assume", Compare(rank(A), "<=", scalar(r)))
def test_only_the_zero_matrix_has_rank_0() -> None:
    """rank A <= 0 gives A = 0; a bound of another number, or on another matrix, gives nothing."""
    h = Compare(rank(A), "<=", scalar(0))
    nothing = derive("rank-zero", derive("assume", h), A)
    assert (nothing.conclusion, nothing.hypotheses) == (Equation(A, Sum((), A.axes)), {h})
    for wrong in (Compare(scalar(0), "<=", rank(A)), Compare(rank(A), "<=", scalar(1)),
                  Compare(rank(B), "=", scalar(0)), Compare(rank(A) - 1, "<=", scalar(0)), Equation(A, B)):  # fmt: skip
        with pytest.raises(CertificateError):
            derive("rank-zero", derive("assume", wrong), A)


NOT_FACTORED = {
    "a square": Exists((S,), (), (Equation(Atom("T", (P, P)), matmul(S, S)),)),
    "an unknown on both sides": Exists((U, V), (), (Equation(al.add(A, matmul(U, V)), matmul(U, V)),)),
    "inner inputs": Exists((U, V), (Atom("X", (Q, Q)),), (Equation(A, matmul(U, V)),)),
    "a third unknown": Exists((U, V, Atom("Z", (P, P))), (), (Equation(A, matmul(U, V)),)),
    "a factor that is given": Exists((U,), (), (Equation(A, matmul(U, V)),)),
    "two right factors": Exists((U, V, Atom("Z", (P, R)), Atom("Y", (R, Q))), (),
                                (Equation(A, matmul(U, V)), Equation(B, matmul(Atom("Z", (P, R)), Atom("Y", (R, Q)))))),
    "one left factor twice": Exists((U, V), (), (Equation(A, matmul(U, V)), Equation(B, matmul(U, V)))),
    "a transposed factor": Exists((U, Atom("Y", (Q, R))), (), (Equation(A, matmul(U, transpose(Atom("Y", (Q, R))))),)),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_FACTORED)
def test_only_factorisations_go_through_rank(name: str) -> None:
    """Existence through rank is for A_i = U_i V with distinct unknowns that occur nowhere else."""
    s = NOT_FACTORED[name]
    bounds = [derive("assume", Compare(rank(x), "<=", scalar(v)))
              for x in (s.equations[0].left, A, al.stack(A, B)) for v in (r, p)]  # fmt: skip
    for bound in bounds:
        with pytest.raises((CertificateError, ShapeError)):
            derive("exists-rank", s, bound, "svd")
    with pytest.raises((CertificateError, ShapeError)):
        derive("rank-of-exists", derive("assume", s))


def test_a_factorisation_needs_the_bound_on_its_own_rank() -> None:
    """The rank of another matrix, another size, or a lower bound, is refused; so is an axiom of another name."""
    good = derive("exists-rank", FACTORS, BOUND, "rank-factorisation")
    assert good.axioms == {"rank-factorisation"}
    assert good.hypotheses == BOUND.hypotheses
    for wrong in (Compare(rank(B), "<=", scalar(r)), Compare(rank(A), "<=", scalar(r) + 1),
                  Compare(scalar(r), "<=", rank(A)), Compare(rank(A) - 1, "<=", scalar(r))):  # fmt: skip
        with pytest.raises(CertificateError):
            derive("exists-rank", FACTORS, derive("assume", wrong), "svd")
    for axiom in ("choice", "", 0, None):
        with pytest.raises(CertificateError):
            derive("exists-rank", FACTORS, BOUND, axiom)


def test_a_bound_may_not_speak_of_the_unknowns() -> None:
    """A hypothesis about U can't serve a claim that there is a U."""
    bound = derive("rank-equal", derive("assume", Equation(A, matmul(U, V))))
    step = derive("arithmetic", rank(A), "<=", scalar(r),
                  ((1, bound), (1, derive("rank-factor", U, V, 0)), (1, derive("rank-size", U, 1))))  # fmt: skip
    with pytest.raises(CertificateError, match="quantified symbol"):
        derive("exists-rank", FACTORS, step, "svd")


@quick
@given(worlds(3))
def test_existence_and_rank_are_equivalent(w: World) -> None:
    """rank-of-exists and exists-rank are true where their premises are, for one matrix and for a shared factor."""
    L = Atom("L", (P, R))
    shared = Exists((U, L, V), (), (Equation(A, matmul(U, V)), Equation(B, matmul(L, V))))
    for s in (FACTORS, shared):
        back = derive("rank-of-exists", derive("assume", s)).conclusion
        low_rank(w, A, B)
        assert true_at(back, w) == true_at(s, w)
