"""A witness sees only what comes before it; "for all" says no more than what was shown of any value."""

from __future__ import annotations

from typing import Any

import pytest

from symbolic_mla import algebra as al
from symbolic_mla.errors import CertificateError, ShapeError
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Atom, Pick, Term
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul, transpose
from tests.kernel.drawn import HOLE, A, B, U, equal, p, q
from tests.strategies import P, Q, R


def test_a_witness_does_not_see_what_comes_after_it() -> None:
    """exists L for all X: L may not mention X, nor an unknown of the same quantifier."""
    L, X, f = Atom("L", (P, P)), Atom("X", (P, Q)), "f"
    gram = Apply(f, matmul(X, transpose(X)))
    goal = Exists((L,), (X,), (Equation(matmul(gram, X), matmul(L, X)),))
    proof = equal(matmul(gram, X), matmul(gram, X))
    with pytest.raises(CertificateError, match="quantified after it"):
        derive("exists-witness", goal, (gram,), (proof,))
    free = Exists((L,), (), goal.equations)
    assert derive("exists-witness", free, (gram,), (proof,)).conclusion == free


def test_a_witness_rests_on_no_hypothesis_about_what_is_quantified() -> None:
    """A hypothesis about X can't serve a claim for all X."""
    L, X = Atom("L", (P, P)), Atom("X", (P, Q))
    wanted = Equation(X, al.zeros(P, Q))
    goal = Exists((L,), (X,), (wanted,))
    with pytest.raises(CertificateError, match="quantified symbol"):
        derive("exists-witness", goal, (identity(P),), (derive("assume", wanted),))


def test_a_witness_proves_its_own_equations() -> None:
    """Another equation, one of two, or none, is refused."""
    two = Exists((U,), (), (Equation(U, U), Equation(U, al.zeros(P, R))))
    zero = al.zeros(P, R)
    proof = equal(zero, zero)
    assert derive("exists-witness", two, (zero,), (proof, proof)).conclusion == two
    for proofs in ((proof,), (), (proof, equal(U, U)), (proof, proof, proof)):
        with pytest.raises((CertificateError, ValueError)):
            derive("exists-witness", two, (zero,), proofs)
    with pytest.raises((CertificateError, ValueError)):
        derive("exists-witness", two, (), (proof, proof))


# ---- for all -----------------------------------------------------------------------------------------

X_, Y_ = Atom("X", (P, Q)), Atom("Y", (Q, R))
HELD = Exists((), (X_, Y_), (Equation(X_, A), Equation(matmul(X_, Y_), matmul(B, Y_))))
FOR_ALL = derive("assume", HELD)


def test_what_holds_for_all_values_holds_for_these() -> None:
    """The terms stand for the inner symbols in the chosen equation; hypotheses come along."""
    t = derive("forall-use", FOR_ALL, (al.add(A, B), al.zeros(Q, R)), 1)
    assert t.conclusion == Equation(matmul(al.add(A, B), al.zeros(Q, R)), matmul(B, al.zeros(Q, R)))
    assert t.hypotheses == {HELD}


def test_terms_that_speak_of_the_quantified_names_are_no_capture() -> None:
    """X := Y and Y := X at once: each is replaced once, and what comes in is not replaced again."""
    x, y = Atom("X", (P, P)), Atom("Y", (P, P))
    s = Exists((), (x, y), (Equation(matmul(x, y), al.zeros(P, P)),))
    t = derive("forall-use", derive("assume", s), (y, x), 0)
    assert t.conclusion == Equation(matmul(y, x), al.zeros(P, P))


@pytest.mark.parametrize("wrong", [
    (FOR_ALL, (A,), 0), (FOR_ALL, (A, Y_, B), 0), (FOR_ALL, (), 0), (FOR_ALL, (transpose(A), Y_), 0),
    (FOR_ALL, (Y_, X_), 0), (FOR_ALL, (A, Y_), 2), (FOR_ALL, (A, Y_), "0"), (FOR_ALL, (A, Y_), slice(0, 2)),
    (derive("assume", Equation(A, B)), (), 0), (derive("assume", Compare(scalar(p), "<=", scalar(q))), (A,), 0),
    (derive("assume", Exists((Atom("U", (P, Q)),), (), (Equation(Atom("U", (P, Q)), A),))), (), 0),
    (derive("assume", Exists((Atom("U", (P, Q)),), (X_,), (Equation(Atom("U", (P, Q)), A),))), (A,), 0),
])  # fmt: skip
def test_for_all_is_used_at_terms_of_its_shapes_alone(wrong: tuple[Any, ...]) -> None:
    """One term of the right shape for each symbol, an equation that is there, and no unknowns."""
    with pytest.raises((CertificateError, ShapeError, ValueError, TypeError, LookupError)):
        derive("forall-use", *wrong)


def test_for_all_is_introduced_where_nothing_is_assumed_of_the_symbol() -> None:
    """An equation that is proved for X holds for all X; under a hypothesis about X it does not."""
    zero = Equation(al.subtract(X_, X_), al.zeros(P, Q))
    goal = Exists((), (X_,), (zero,))
    assert derive("exists-witness", goal, (), (equal(zero.left, zero.right),)).conclusion == goal
    with pytest.raises(CertificateError, match="quantified symbol"):
        derive("exists-witness", Exists((), (X_,), (Equation(X_, A),)), (), (derive("assume", Equation(X_, A)),))
    for empty in (lambda: Exists((), (), (zero,)), lambda: Exists((), (X_,), ()),
                  lambda: Exists((), (X_, X_), (zero,))):  # fmt: skip
        with pytest.raises(ShapeError):
            empty()


def test_a_symbol_is_not_brought_under_a_quantifier_of_its_name() -> None:
    """B := X in `for all X : X = B` would say something else."""
    with pytest.raises(CertificateError, match="captured"):
        derive("instance", FOR_ALL, (), (), ((B, X_),), ())


def at(t: Term, axis: int = 0, name: str = "j") -> Term:
    return Pick(t, axis, name)


def test_equal_everywhere_is_equal() -> None:
    """An equation at a named position of which nothing is assumed; what is assumed of other symbols comes along."""
    h = Equation(A, B)
    t = derive("everywhere", derive("congruence", at(HOLE), HOLE, derive("assume", h)))
    assert (t.conclusion, t.hypotheses) == (h, {h})


X0 = Atom("C", (P, P))
NOT_EVERYWHERE: dict[str, Equation] = {
    "the hypothesis is about the position": Equation(at(A), at(B)),
    "two positions": Equation(at(A, 0, "i"), at(B, 0, "j")),
    "two axes": Equation(at(X0, 0), at(X0, 1)),
    "one side is a tensor at a position": Equation(at(A), al.zeros(Q)),
    "no position": Equation(A, B),
}


@pytest.mark.parametrize("name", NOT_EVERYWHERE)
def test_equal_at_a_position_is_not_equal_everywhere(name: str) -> None:
    """What is assumed at one position holds there."""
    with pytest.raises(CertificateError):
        derive("everywhere", derive("assume", NOT_EVERYWHERE[name]))


def test_the_position_occurs_nowhere_else() -> None:
    """A[j, k] = A[j, j]: no equation for all k, since j occurs on the right; nor where it is below a rank."""
    diagonal = Equation(at(at(X0, 1, "j"), 0, "j"), at(at(X0, 1, "j"), 0, "j"))
    with pytest.raises(CertificateError, match="occurs elsewhere"):
        derive("everywhere", equal(diagonal.left, diagonal.right))
