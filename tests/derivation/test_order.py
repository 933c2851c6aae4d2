"""Inequalities between traces: what follows from squares and known inequalities is proved, and nothing false is."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.crosscheck.agree import confirm_proved
from symbolic_mla.derivation.results import ClaimResult
from symbolic_mla.language.parse import parse_block
from symbolic_mla.laws import replay
from tests.derivation.documents import checked, claim, verdicts

SETTING = """
dims m, n, k, r, p, q
scalar c
scalar ε >= 0
given A, B : m × n
given C : n × k
given M : m × m
let square(X) = tr(Xᵀ X)
let cube(X) = einsum("i j k l, i j k l ->", X, X)
"""

PROVED = {
    "a square": "claim x: 0 <= square(A)",
    "a square by columns": "claim x: tr(A Aᵀ) >= 0",
    "a square as it is contracted": 'claim x: 0 <= einsum("i j, i j ->", A, A)',
    "a product of squares": "claim x: 0 <= square(A) square(B)",
    "the mean of two squares": "claim x: 2 tr(Aᵀ B) <= square(A) + square(B)",
    "a difference": "claim x: square(A - B) <= 2 square(A) + 2 square(B)",
    "a part of a stack": "claim x: square(stack(A, B)) = square(A) + square(B) >= square(B)",
    "a multiple": "claim x: 0 <= ε square(A)",
    "a dimension less one": "claim x: square(A) <= n square(A)",
    "a square of a number": "claim x: square(A) <= square(A) + c^2",
    "a trace squared": "claim x: 0 <= tr(M) tr(M)",
    "a projection": "given U : m × r with Uᵀ U = I(r)\n"
    "claim x: square(A - U Uᵀ A) = square(A) - square(Uᵀ A) <= square(A)",
    "a known bound": "given H : m × n with square(H) <= ε\nclaim x: square(H + A) <= 2*ε + 2 square(A)",
    "a bound times a square": "given H : m × n with square(H) <= ε\nclaim x: square(H) square(A) <= ε square(A)",
    "the inequality of Cauchy and Schwarz": """
claim lagrange: square(A) square(C) - square(A C)
    = 1/2 cube(einsum("i k, l j -> i k l j", A, C) - einsum("i l, k j -> i k l j", A, C))
claim x: square(A C) <= square(A) square(C) by lagrange""",
    "an inequality at other symbols": """
given H : p × q
given F : q × r
claim sums: square(A + B) <= 2 square(A) + 2 square(B)
given G : p × q
claim x: square(G + H) <= 2 square(G) + 2 square(H) by sums""",
}

REFUTED = {
    "a trace": "refute x: 0 <= tr(M)",
    "the trace of a square matrix squared": "refute x: 0 <= tr(M M)",
    "a square below itself": "refute x: square(A) square(A) <= square(A)",
    "a mean of the other sign": "refute x: square(A) + square(B) <= 2 tr(Aᵀ B)",
    "a factor of unknown sign": "refute x: 0 <= c square(A)",
    "an inequality times a number of unknown sign": "refute x: c square(A) <= c square(A) + c square(B)",
    "a bound by a number": "refute x: square(A) <= c",
    "a difference with one of the terms": "refute x: square(A - B) <= square(A) + square(B)",
    "a product the wrong way": "refute x: square(A) square(C) <= square(A C)",
    "a projection the wrong way": "given U : m × r with Uᵀ U = I(r)\nrefute x: square(A) <= square(A - U Uᵀ A)",
    "softmax moves as far": "refute x: square(A - B) <= square(softmax(A) - softmax(B))",
}

UNDECIDED = {
    "an inequality that is not assumed": "given H : m × n with square(H) <= ε\nclaim x: square(A) <= ε + 10^6",
    "an axiom where it says nothing": "claim x: square(A) <= square(B) by softmax-lipschitz",
    "a citation of what is refuted": "claim no: 0 <= tr(M)\nclaim x: 0 <= tr(M) + square(A) by no",
}


@pytest.mark.parametrize("name", PROVED)
def test_what_follows_from_squares_is_proved(name: str) -> None:
    """Proved, replayed from the certificate, and true at the instances of the evaluator of texts."""
    text = SETTING + PROVED[name]
    found = claim(text, "x")
    assert found.verdict == "proved"
    for t in found.theorems:
        (again,) = replay(certificate(t))
        assert (again.conclusion, again.hypotheses) == (t.conclusion, t.hypotheses)
    *items, last = parse_block(text)
    assert confirm_proved(items, last, range(len(found.steps)), seed=1) > 0  # type: ignore[arg-type]


@pytest.mark.parametrize("name", REFUTED)
def test_what_is_false_is_refuted(name: str) -> None:
    """With a counterexample, and never proved."""
    assert verdicts(SETTING + REFUTED[name])["x"] == "refuted"


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_does_not_follow_is_not_proved(name: str) -> None:
    """Whatever is cited."""
    assert verdicts(SETTING + UNDECIDED[name])["x"] != "proved"


@pytest.mark.parametrize("seed", range(12))
def test_a_quadratic_form_is_judged_as_its_matrix_says(seed: int) -> None:
    """a ‖A‖² + b ‖B‖² + c tr(Aᵀ B) + d >= 0 for all A and B iff a, b, d >= 0 and 4 a b >= c²: neither verdict is ever
    the wrong one, and half of the true forms here are within reach of the search."""
    rng = Random(seed)
    a, b, c, d = (rng.randint(low, 3) for low in (-1, -1, -3, 0))
    text = f"claim x: 0 <= {a} * square(A) + {b} * square(B) + {c} * tr(Aᵀ B) + {d}".replace("+ -", "- ")
    text = text.replace("<= -", "<= 0 - ")
    true = a >= 0 and b >= 0 and d >= 0 and 4 * a * b >= c * c
    assert verdicts(SETTING + text)["x"] in ({"proved", "undecided"} if true else {"refuted", "undecided"})


def test_a_bound_of_one_matrix_is_no_bound_of_another() -> None:
    """A hypothesis speaks of its own symbol alone."""
    found = checked(SETTING + "given H : m × n with square(H) <= ε\nclaim x: square(A) <= ε")
    (x,) = [p for p in found.parts if isinstance(p, ClaimResult)]
    assert x.verdict == "refuted"
    counterexample = x.steps[0].counterexample
    assert counterexample is not None
    assert all(isinstance(v, int | Fraction) for v in counterexample.scalars.values())
