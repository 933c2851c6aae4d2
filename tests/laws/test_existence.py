"""Existence by witness: a witness sees only what is declared before it, and proves its own equations."""

from __future__ import annotations

import pytest

from symbolic_mla import algebra as al
from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul, transpose
from tests.kernel.drawn import (
    U,
    equal,
)
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
