"""Facts about values of functions rewrite those values, wherever they stand as they are written."""

from __future__ import annotations

import pytest

from symbolic_mla import algebra as al
from symbolic_mla.algebra.certify import certificate
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom, Term
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws import replay
from symbolic_mla.laws.notation import matmul
from symbolic_mla.prover.decide import Proved, Setting, decide
from tests.kernel.drawn import A, B, P, Q, R, S


def f(t: Term) -> Term:
    return Apply("f", t)


ONE = Axis.of(1)
V, ROW = Atom("V", (Q, R)), Atom("b", (ONE, R))
ROWS_ADD_UP = Equation(matmul(f(A), al.ones(Q, ONE)), al.ones(P, ONE))
KNOWN, NESTED = Equation(f(A), B), Equation(f(f(S)), f(S))
JUDGED: dict[str, tuple[Equation, Equation, str]] = {
    "rows that add up": (ROWS_ADD_UP, Equation(matmul(f(A), al.add(V, matmul(al.ones(Q, ONE), ROW))),
                                               al.add(matmul(f(A), V), matmul(al.ones(P, ONE), ROW))), "proved"),
    "in a product": (KNOWN, Equation(matmul(f(A), V), matmul(B, V)), "proved"),
    "in another function": (KNOWN, Equation(Apply("g", f(A)), Apply("g", B)), "proved"),
    "two values": (NESTED, Equation(al.add(f(f(S)), f(S)), al.scale(2, f(S))), "proved"),
    "of another argument": (KNOWN, Equation(f(al.scale(2, A)), B), "refuted"),
    "another function": (KNOWN, Equation(Apply("g", A), B), "refuted"),
}  # fmt: skip


@pytest.mark.parametrize("name", JUDGED)
def test_facts_about_values_are_used(name: str) -> None:
    """The verdict, and for a proof its certificate under that fact alone."""
    fact, claim, expected = JUDGED[name]
    verdict = decide(claim, Setting([derive("assume", fact)], [fact]))
    assert verdict.verdict == expected
    if isinstance(verdict, Proved):
        (again,) = replay(certificate(verdict.theorem))
        assert (again.conclusion, again.hypotheses) == (claim, {fact})


def test_a_fact_that_is_proved_is_no_longer_assumed() -> None:
    """A fact with a proof of its own brings its hypotheses, and not itself."""
    h = Equation(A, al.scale(3, B))
    fact = derive("congruence", f(Atom("X", (P, Q))), Atom("X", (P, Q)), derive("assume", h))
    goal = Equation(matmul(f(A), V), matmul(f(al.scale(3, B)), V))
    verdict = decide(goal, Setting([fact], [h]))
    assert isinstance(verdict, Proved)
    assert verdict.theorem.hypotheses <= {h}
