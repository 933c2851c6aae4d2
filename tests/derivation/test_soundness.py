"""What attacks found, each as a test: nothing rests on what was not given, and nothing true is refuted."""

from __future__ import annotations

import pytest

from symbolic_mla.diagnostics.instances import counterexample_lines
from tests.derivation.documents import checked, claim, verdicts

ORTHONORMAL = "dims n, m\ngiven U : n × m with Uᵀ U = I(m)\nclaim lemma: U Uᵀ U = U\n"

BORROWED = {
    "an equation": ORTHONORMAL + "given V : n × m\nclaim x: V Vᵀ V = V by lemma",
    "a decomposition": "dims n, m\ngiven W, X : n × m\nobtain U, S, V from svd(W)\n"
    "claim lemma: W = U S Vᵀ\nclaim x: X = U S Vᵀ by lemma",
    "sizes": "dims n, m, p, q\nassume n <= m\ngiven A : n × m\ngiven B : p × q\n"
    "claim lemma: n + rank(A) <= 2*m\nclaim x: p + rank(B) <= 2*q by lemma",
    "a definition": "dims n, m\ngiven W, X : n × m with W = X\ngiven Y : n × m\nclaim lemma: W = X\n"
    "claim x: W = Y by lemma",
    "a symmetry": "dims n\ngiven S : n × n with Sᵀ = S\ngiven A : n × n\nclaim lemma: S Sᵀ = Sᵀ S\n"
    "claim x: A Aᵀ = Aᵀ A by lemma",
    "a rank": "dims n, m\ngiven U : n × m with Uᵀ U = I(m)\ngiven V : n × m\n"
    "claim lemma: rank(U Uᵀ U) = rank(U)\nclaim x: V Vᵀ V = V by lemma",
}  # fmt: skip


@pytest.mark.parametrize("name", BORROWED)
def test_a_citation_does_not_bring_in_a_hypothesis_that_is_not_given(name: str) -> None:
    """A lemma under a hypothesis, used at another symbol, needs that hypothesis of the other symbol."""
    found = verdicts(BORROWED[name])
    assert found["lemma"] == "proved"
    assert found["x"] != "proved"


@pytest.mark.parametrize("text", [*BORROWED.values(), ORTHONORMAL + "claim x: U Uᵀ U Uᵀ = U Uᵀ by lemma"])
def test_a_proved_step_rests_on_what_the_document_gives(text: str) -> None:
    """Every hypothesis of every theorem is one that the document declares."""
    result = checked(text)
    given = {h.statement for h in result.hypotheses}
    for c in result.claims:
        assert c.hypotheses <= given, c.id


def test_a_lemma_is_cited_where_its_hypothesis_holds() -> None:
    """The same hypothesis given for another symbol makes the citation good."""
    text = ORTHONORMAL + "given V : n × m with Vᵀ V = I(m)\nclaim x: V Vᵀ V = V by lemma"
    assert verdicts(text)["x"] == "proved"


def test_an_svd_is_listed_as_an_axiom() -> None:
    """Whatever rests on a decomposition says so, directly and through citations."""
    text = (
        "dims n, m\ngiven W : n × m\nobtain U, S, V from svd(W)\nclaim a: U Uᵀ W = W\n"
        "claim b: U Uᵀ U Uᵀ W = W by a\nclaim c: 2 W = W + W"
    )
    result = {c.id: c for c in checked(text).claims}
    assert [result[k].verdict for k in "abc"] == ["proved"] * 3
    assert [result[k].axioms for k in "abc"] == [("svd",), ("svd",), ()]


TRUE_NUMBERS = {
    "the square of a large prime": "claim x: sqrt(100140049) = 10007",
    "two large primes": "claim x: sqrt(10007)*sqrt(10009) = sqrt(100160063)",
    "a root in a root": "claim x: sqrt(3 + 2*sqrt(2)) = 1 + sqrt(2)",
    "a quotient": "claim x: 1/(1 + sqrt(2)) = sqrt(2) - 1",
    "at every size": "dims n\nclaim x: sqrt(n^2 + 2*n + 1) = n + 1",
    "in a matrix": "dims n\ngiven A : n × n\nclaim x: sqrt(3 + 2*sqrt(2)) A = A + sqrt(2) A",
    "in a rank": "claim x: rank(blocks([[sqrt(3 + 2*sqrt(2)) ones(1, 1), ones(1, 1)], "
    "[sqrt(3 + 2*sqrt(2)) ones(1, 1) + ones(1, 1), sqrt(2) ones(1, 1)]])) <= 2",
    "the rank of nested roots": "claim x: rank(blocks([[sqrt(3 + 2*sqrt(2)) ones(1, 1), (1 + sqrt(2)) ones(1, 1)], "
    "[ones(1, 1), ones(1, 1)]])) <= 1",
}  # fmt: skip

TRUE_WITH_SOFTMAX = {
    "equal entries in a row": "dims n, m\ngiven x : n × 1\nclaim x1: rank(softmax(x ones(1, m))) <= 1",
    "rows add up to one": "dims n, m\ngiven A : n × m\nclaim x1: softmax(A) ones(m, n) = ones(n, n)",
    "a shift of the row": "dims n, m\ngiven A : n × m\ngiven x : n × 1\n"
    "claim x1: softmax(A + x ones(1, m)) = softmax(A)",
    "of one column": "dims n\ngiven x : n × 1\nclaim x1: softmax(x) = ones(n, 1)",
    "one factor": "dims n, m\ngiven x : n × 1\n"
    "claim x1: exists u : n × 1, v : 1 × m with softmax(x ones(1, m)) = u v",
    "with a hypothesis on another function": "dims n\nfunction f\ngiven A : n × n with f(A) = A\n"
    "claim x1: softmax(f(f(f(A)))) f(f(A)) f(A) = softmax(f(A)) A A",
}  # fmt: skip


@pytest.mark.parametrize("name", [*TRUE_NUMBERS, *TRUE_WITH_SOFTMAX])
def test_nothing_true_is_refuted(name: str) -> None:
    """What the prover cannot do is undecided: a radical or an interval that does not match refutes nothing."""
    text = TRUE_NUMBERS.get(name) or TRUE_WITH_SOFTMAX[name]
    (verdict,) = verdicts(text).values()
    assert verdict in ("proved", "undecided")


FALSE_NUMBERS = [
    "refute x: sqrt(2) + sqrt(3) = sqrt(10)",
    "refute x: sqrt(3 + 2*sqrt(2)) = 2 + sqrt(2)",
    "refute x: sqrt(100140049) = 10009",
    "dims n\nrefute x: sqrt(n + 1) = sqrt(n) + 1",
    "dims n\nrefute x: sqrt(n) <= 1",
    "dims n\ngiven A : n × n\nrefute x: sqrt(2) A = sqrt(3) A",
]


@pytest.mark.parametrize("text", FALSE_NUMBERS)
def test_radicals_that_differ_are_refuted(text: str) -> None:
    """Radicals whose values are apart do refute."""
    assert verdicts(text) == {"x": "refuted"}


NO_CRASH = {
    "softmax in a hypothesis": "dims n\ngiven A : n × n with softmax(A) = A\nclaim x: A A = A",
    "a literal tile in a rank": "dims n, m\ngiven A : n × m\nclaim x: rank(tile(I(n), 3)ᵀ tile(A, 3)) = rank(A)",
    "a literal stack in a rank": "dims n, m\ngiven A : 2*n × m\nclaim x: rank(stack(A[0], A[1])) = rank(A)",
    "a literal kron in a rank": "dims n\ngiven A : 2 × n\ngiven B : 3 × n\nclaim x: rank(A ⊗ B) = rank(A) * rank(B)",
    "a large literal": "given A : 1000000 × 1000000\nclaim x: A A = A A + A - A",
    "a huge literal": "given A : 10 × 10\nclaim x: tile(A, 1000000000000000000000000000000) = A",
    "softmax and a rank": "dims n\ngiven A : n × n\nclaim x: rank(softmax(A)) <= rank(A)",
    "softmax in an existence": "dims n\ngiven A : n × n\nclaim x: exists u : n × 1, v : 1 × n with softmax(A) = u v",
    "an iff of sizes": "dims n, m\ngiven A : n × m\nclaim x: rank(A) <= 1 iff n <= 1",
    "a hypothesis of an existence": "dims n\ngiven A : n × n\nclaim l: exists u : n × 1, v : 1 × n with A = u v\n"
    "claim x: rank(A) <= 1 by l",
    "a size inside min": "dims n\nclaim x: 3 <= min(n, 5)",
    "a size inside max": "dims n, m\ngiven A : n × n\nclaim x: rank(A) <= max(1, m)",
    "the root of a negative number": "dims n\nclaim x: sqrt(-1) = 1",
    "the root of a negative size": "dims n\nclaim x: sqrt(-n) = 1",
    "min and max of roots": "dims n, m\nclaim x: min(sqrt(n), sqrt(m)) <= sqrt(n + m)",
    "a rank inside min": "dims n, m\ngiven A, B : n × m\nclaim x: min(rank(A), rank(B)) <= rank(A + B)",
    "zeros doubled": "dims n\n" + "let Z0 = zeros(n, n)\n"
    + "".join(f"let Z{k + 1} = Z{k} + Z{k}\n" for k in range(16)) + "claim x: Z16 = zeros(n, n)",
}  # fmt: skip


@pytest.mark.parametrize("name", NO_CRASH)
def test_no_claim_ends_in_a_traceback(name: str) -> None:
    """Every claim gets a verdict, or an error of ours."""
    for c in checked(NO_CRASH[name]).claims:
        assert c.verdict in ("proved", "refuted", "undecided", "error")
        assert all(step.message for step in c.steps if step.verdict != "proved")


def test_a_factor_in_front_of_softmax_may_not_be_cancelled() -> None:
    """softmax(2 A) is not softmax(A), and intervals show it."""
    found = claim("dims n, m\ngiven A : n × m\nrefute x: softmax(2 A) = softmax(A)", "x")
    assert found.verdict == "refuted"


def test_a_function_beside_softmax_is_shown() -> None:
    """The counterexample says which map stands for the function: without it nobody could check the refutation."""
    found = claim("dims n, m\nfunction f\ngiven A : n × m\nrefute x: f(softmax(A)) = softmax(f(A))", "x")
    (step,) = found.steps
    assert step.counterexample is not None
    assert any("f(x1" in line and ") = (" in line for line in counterexample_lines(step, step.counterexample))


SINGULAR = "dims n, m, r\ngiven W : n × m\nobtain U, S, V from svd(W{size})\n"


@pytest.mark.parametrize("size", ["", ", r"], ids=["whole", "first"])
def test_a_singular_value_is_not_negative_in_a_counterexample(size: str) -> None:
    """tr(S) >= 0 is true: it is not refuted, and the counterexample of what is false is a decomposition."""
    text = SINGULAR.replace("{size}", size)
    assert claim(text + "claim x: tr(S) >= 0", "x").verdict in ("proved", "undecided")
    found = claim(text + "refute x: tr(W Wᵀ) = tr(S)", "x")
    assert found.verdict == "refuted"
    (step,) = found.steps
    assert step.counterexample is not None
    assert all(x >= 0 for x in step.counterexample.tensors["S"].entries)  # type: ignore[operator]
