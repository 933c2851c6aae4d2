"""Arguments in documents: right ones refute, wrong ones leave the claim undecided, what is true is never refuted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.crosscheck.agree import Disagreement
from symbolic_mla.crosscheck.arguments import confirm_argument
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import ErrorBlockResult
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import load_document
from tests.derivation.documents import judged

PROOFS = Path(__file__).parents[2] / "proofs"
GQA = """
dims h, e
let K = blocks([[1], [0]])
let V = blocks([[0], [1]])
let gqa(x, q) = einsum("h s, s v -> h", softmax(einsum("t h, s k -> h s", q, stack(x, q) K)), stack(x, q) V)
let mla(x, q, Q, A, B, O, C) = einsum("h s, s (h e), c (h e) -> c",
    softmax(einsum("t (h e), s (h e) -> h s", q Qᵀ, stack(x, q) Cᵀ Aᵀ, h=h)), stack(x, q) Cᵀ Bᵀ, O)
refute c: exists Q : (h*e) × 2, A, B : (h*e) × {m}, O : 2 × (h*e), C : {m} × 2 for all x, q : 1 × 2
    with gqa(x, q) = mla(x, q, Q, A, B, O, C)
"""
FIRST = "    alike x = zeros(1, 2), q = blocks([[1, 0]]) and x = blocks([[-C[0, 1], C[0, 0]]])\n"
SO = "    so C[0, 0] = 0\n"
SECOND = "    alike x = zeros(1, 2), q = blocks([[1, 1]]) and x = blocks([[1, 0]])\n"


def verdict(text: str) -> str:
    result = judged(text)
    assert result.fatal is None, result.fatal
    return result.claims[-1].verdict


def test_the_whole_argument_refutes() -> None:
    """J1, for all numbers of heads and all their sizes."""
    assert verdict(GQA.format(m=1) + FIRST + SO + SECOND) == "refuted"


@pytest.mark.parametrize(
    "argument",
    [
        FIRST,
        FIRST + SO,
        SECOND,  # the MLA sees the difference, as C[0, 0] may not be 0
        SO + SECOND,  # what is said does not follow
        FIRST + "    so C[0, 1] = 0\n" + SECOND,
        FIRST + SO + "    alike x = zeros(1, 2), q = blocks([[1, 1]]) and x = blocks([[0, 1]])\n",
        FIRST + SO + "    alike x = zeros(1, 2), q = blocks([[1, 1]]) and x = zeros(1, 2)\n",
        "    at x = zeros(1, 2), q = blocks([[1, 0]])\n",  # sizes that are symbols are looked into
    ],
)
def test_a_wrong_argument_refutes_nothing(argument: str) -> None:
    """Each of these leaves the claim undecided: never refuted, and no crash."""
    assert verdict(GQA.format(m=1) + argument) == "undecided"


def test_the_same_argument_fails_where_the_claim_is_true() -> None:
    """With a latent of two rows there are such weights, and J1's inputs refute nothing."""
    assert verdict(GQA.format(m=2) + FIRST + SO + SECOND) == "undecided"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("refute c: exists A : 1 × 1 for all x : 1 × 1 with x = A x\n    at y = I(1)", "name"),
        ("refute c: exists A : 1 × 1 for all x : 1 × 1 with x = A x\n    at x = I(2)", "shape"),
        ("refute c: exists A : 1 × 1 for all x : 1 × 1 with x = A x\n    at x = x", "name"),
        ("refute c: exists A : 1 × 1 for all x : 1 × 1 with x = A x\n    so rank(A) = 1", "unsupported"),
    ],
)
def test_errors_are_errors(text: str, kind: str) -> None:
    """A move that does not read is an error of the claim."""
    step = judged(text).claims[0].steps[0]
    assert step.verdict == "error"
    assert step.error is not None
    assert step.error.kind == kind


@pytest.mark.parametrize("hypothesis", ["B = B + I(2)", "tr(B) = 3, B = I(2)"])
def test_where_no_model_is_found_nothing_is_refuted(hypothesis: str) -> None:
    """A claim under hypotheses that nothing satisfies is true, also where they share no symbol with it."""
    argued = "refute c: exists A : 1 × 1 for all x : 1 × 1 with x = 0 A x\n    at x = I(1)"
    assert verdict(f"given B : 2 × 2 with {hypothesis}\n{argued}") == "undecided"
    assert verdict(f"given B : 2 × 2 with B = I(2)\n{argued}") == "refuted"


def test_an_argument_stands_behind_refute_exists() -> None:
    """`claim`, or a chain, cannot be argued against."""
    for text in ("claim c: exists A : 1 × 1 for all x : 1 × 1 with x = A x\n    at x = I(1)",):
        fatal = judged(text).fatal
        assert fatal is not None
        assert fatal.kind == "syntax"


matrices = st.lists(st.integers(-2, 2), min_size=4, max_size=4)


@settings(max_examples=30, deadline=None)
@given(matrices, st.lists(matrices, min_size=1, max_size=3), st.booleans())
def test_what_some_weights_do_is_never_refuted(planted: list[int], inputs: list[list[int]], normed: bool) -> None:
    """The equations hold for planted weights, whatever the inputs are."""

    def matrix(m: list[int]) -> str:
        return f"blocks([[{m[0]}, {m[1]}], [{m[2]}, {m[3]}]])"

    f = "normalize" if normed else "softmax"
    body = f"refute c: exists A, B : 2 × 2 for all x : 2 × 2 with {f}(x {matrix(planted)}) x = {f}(x A) x Bᵀ Bᵀ\n"
    assert verdict(body + "".join(f"    at x = {matrix(m)}\n" for m in inputs)) == "undecided"


@pytest.mark.parametrize("name", sorted(p.name for p in PROOFS.glob("*.md") if "\n    at " in p.read_text("utf-8")))
def test_random_weights_fail_at_the_inputs(name: str) -> None:
    """The second evaluator reads the text: at random weights some equation fails at some input of each argument."""
    result = check_document(load_document(PROOFS / name))
    items = [p for p in result.parts if isinstance(p, s.Dims | s.Let | s.Given | s.Scalars | s.Functions)]
    argued = [c for c in result.claims if c.item.argument]
    assert argued
    for c in argued:
        assert c.verdict == "refuted"
        assert confirm_argument(items, c.item, seed=1, count=3) == 3


def test_the_second_evaluator_contradicts_a_false_argument() -> None:
    """For equations that hold at the inputs it finds no failure, and says so."""
    claim = judged("refute c: exists A : 1 × 1 for all x : 1 × 1 with 0 x = 0 A x\n    at x = I(1)").claims[0]
    assert claim.verdict == "undecided"
    assert not isinstance(claim, ErrorBlockResult)
    with pytest.raises(Disagreement):
        confirm_argument([], claim.item, seed=0)
