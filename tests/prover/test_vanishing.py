"""Equations that follow because a norm or a rank is 0 are proved; what looks like them is refuted."""

from __future__ import annotations

import pytest

from symbolic_mla import algebra as al
from symbolic_mla.algebra.certify import certificate
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws import replay
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.order import entry
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover.decide import Proved, Setting, decide
from tests.kernel.drawn import A, B, P, Q, S


def zero(t: Term) -> Equation:
    return Equation(t, al.zeros(*t.axes))


T, L = Atom("T", (P, P)), Atom("L", (Q, P))
NORM, GAP = entry(al.trace(matmul(A, transpose(A)))), al.subtract(A, B)
JUDGED: dict[str, tuple[tuple[Statement, ...], Statement, str]] = {
    "a norm is 0": ((Compare(NORM, "=", scalar(0)),), zero(A), "proved"),
    "a norm is at most 0": ((Compare(NORM, "<=", scalar(0)),), zero(A), "proved"),
    "a Gram matrix is 0": ((zero(matmul(transpose(A), A)),), zero(A), "proved"),
    "the distance is 0": ((Compare(entry(al.squared(GAP)), "<=", scalar(0)),), Equation(A, B), "proved"),
    "either of two": ((Compare(NORM + entry(al.squared(B)), "<=", scalar(0)),), zero(B), "proved"),
    "and the other way": ((), Iff(Equation(al.trace(matmul(A, transpose(A))), al.constant(0)), zero(A)), "proved"),
    "a rank is 0": ((Compare(rank(A), "=", scalar(0)),), zero(A), "proved"),
    "a rank is 0, and the other way": ((), Iff(Compare(rank(A), "=", scalar(0)), zero(A)), "proved"),
    "the other inverse": ((Equation(matmul(S, T), identity(P)),), Equation(matmul(T, S), identity(P)), "proved"),
    "a projection of full rank": ((Equation(matmul(S, S), S), Compare(rank(S), "=", P.size())),
                                  Equation(S, identity(P)), "proved"),
    "the other inverse, of no square": ((Equation(matmul(L, A), identity(Q)),), Equation(matmul(A, L), identity(P)),
                                        "refuted"),
    "a projection": ((Equation(matmul(S, S), S),), Equation(S, identity(P)), "refuted"),
    "a rank is at most 1": ((Compare(rank(A), "<=", scalar(1)),), zero(A), "refuted"),
    "a norm is 0, of another": ((Compare(NORM, "=", scalar(0)),), zero(B), "refuted"),
    "a norm is at most 1": ((Compare(NORM, "<=", scalar(1)),), zero(A), "refuted"),
    "a trace is 0": ((Compare(entry(al.trace(S)), "=", scalar(0)),), zero(S), "refuted"),
    "a square matrix squares to 0": ((zero(matmul(S, S)),), zero(S), "refuted"),
    "a difference of norms": ((Compare(NORM - entry(al.squared(B)), "<=", scalar(0)),), zero(A), "refuted"),
}  # fmt: skip


@pytest.mark.parametrize("name", JUDGED)
def test_what_follows_from_a_norm_or_a_rank_is_judged_rightly(name: str) -> None:
    """The verdict, and for a proof its certificate in the kernel, under these hypotheses alone."""
    given, claim, expected = JUDGED[name]
    verdict = decide(claim, Setting([derive("assume", h) for h in given], list(given)))
    assert verdict.verdict == expected
    if isinstance(verdict, Proved):
        (again,) = replay(certificate(verdict.theorem))
        assert again.conclusion == claim
        assert again.hypotheses <= set(given)
