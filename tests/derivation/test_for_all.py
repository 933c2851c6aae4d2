"""What is assumed for all inputs is used at any of them, and what it gives is no more than follows."""

from __future__ import annotations

import pytest

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language.parse import parse_block
from symbolic_mla.language.unparse import unparse
from tests.derivation.documents import judged

HEAD = "dims p, q, n\ngiven A, B : p × q, S : q × q, w : q\n"
AGREE = "assume for all x : q with A x = B x\n"


def verdicts(text: str) -> dict[str, str]:
    result = judged(text)
    assert not result.faults, [str(f) for f in result.faults]
    return {c.id: c.verdict for c in result.claims}


def error(text: str) -> SymbolicMLAError:
    (fault, *_) = judged(text).faults
    return fault


AT_J = "claim a: A (I(q)[:, j]) = B (I(q)[:, j])\n"
PROVED: dict[str, str] = {
    "at a symbol": "claim c: A w = B w",
    "at a term": "claim c: A (S w + w) = B (S w + w)",
    "inside a function": "function f\nclaim c: f(A w) = f(B w)",
    "twice": "claim c: A w + A (S w) = B w + B (S w)",
    "everywhere": AT_J + "claim c: A = B by a",
    "everywhere in two axes": AT_J + "claim b: A[i, j] = B[i, j] by a\nclaim c: A = B by b",
    "an instance of a claim": "claim a: A w = B w\nclaim c: A (2 w) = B (2 w) by a",
}


@pytest.mark.parametrize("name", PROVED)
def test_what_holds_for_all_inputs_is_used(name: str) -> None:
    """At symbols, terms and positions; a position of which nothing is assumed is every position."""
    assert verdicts(HEAD + AGREE + PROVED[name])["c"] == "proved"


FALSE: dict[str, str] = {
    "of another matrix": "given C : p × q\nclaim c: C w = A w",
    "of the transpose": "given y : p\nclaim c: Aᵀ y = 2 Bᵀ y",
    "of a function of the input": "function f\nclaim c: A f(w) = B w",
    "of the hypothesis' name": "claim c: A w = B (2 w)",
}


@pytest.mark.parametrize("name", FALSE)
def test_nothing_else_follows(name: str) -> None:
    """What does not follow is undecided: no instance shows that something holds for all inputs."""
    assert verdicts(HEAD + AGREE + FALSE[name]) == {"c": "undecided"}


ONE_POSITION: dict[str, str] = {
    "under a hypothesis about the inputs": "given v : q with A v = B v\nclaim a: A v = B v\nclaim c: A = B by a",
    "the diagonal": "given T : q × q\nclaim a: (S ∘ I(q))[j, j] = S[j, j]\nclaim c: S ∘ I(q) = S by a",
    "one row": "claim a: (S I(q)[:, i])[i] = S[i, i]\nclaim c: S = Sᵀ by a",
    "of another size": "given v : p × p\nclaim a: A[i] = A[i]\nclaim c: A = B by a",
}


@pytest.mark.parametrize("name", ONE_POSITION)
def test_one_position_is_not_every_position(name: str) -> None:
    """A position that stands twice, or of which something is assumed, gives nothing about the whole."""
    assert verdicts(HEAD + ONE_POSITION[name])["c"] != "proved"


def test_a_named_position_is_every_position() -> None:
    """S[i, j] = S[j, i] for named positions i and j is symmetry; from S[i, i] it does not follow."""
    symmetric = "given M : q × q with M = S + Sᵀ\n"
    assert verdicts(HEAD + symmetric + "claim a: M[i, j] = M[j, i]\nclaim c: M = Mᵀ by a")["c"] == "proved"
    assert verdicts(HEAD + "claim a: S[i, i] = S[i, i]\nclaim c: S = Sᵀ by a")["c"] != "proved"


def test_what_nothing_satisfies_proves_anything_and_says_so() -> None:
    """No model of the hypotheses is met, and the document warns that its claims may be vacuous."""
    result = judged(HEAD + "assume for all x : q with x = zeros(q)\nclaim a: w = zeros(q)")
    assert [c.verdict for c in result.claims] == ["proved"]
    assert any("may be vacuous" in w for w in result.warnings)


def test_a_model_is_found_where_ones_and_zeros_are_one() -> None:
    """What holds for all inputs is proved at literal sizes, and the instance is shown."""
    result = judged(HEAD + AGREE + "claim a: A w = B w")
    assert result.model is not None
    assert not result.warnings
    assert result.model.tensors["A"] == result.model.tensors["B"]


@pytest.mark.parametrize("text", ["refute r: A w = 2 B w", "refute r: A = B", "refute r: rank(A) = rank(B) + 1"])
def test_nothing_is_refuted_where_the_hypothesis_is_not_seen_to_hold(text: str) -> None:
    """A counterexample would have to satisfy it, and no instance shows that: the answer is open."""
    assert verdicts(HEAD + AGREE + text) == {"r": "undecided"}


def test_what_it_does_not_speak_of_is_refuted_as_ever_if_at_all() -> None:
    """A claim about other symbols alone: refuted, or open; never proved."""
    assert verdicts(HEAD + AGREE + "refute r: S S = S")["r"] in ("refuted", "undecided")


FAULTY: dict[str, tuple[str, str]] = {
    "a name that is taken": ("assume for all w : q with A w = B w", "already"),
    "a name that is taken later": (AGREE + "given x : p", "bound by `for all`"),
    "a name that means nothing outside": (AGREE + "assume A x = w", "only inside"),
    "no equation speaks of it": ("assume for all x, y : q with A x = B x", "no equation speaks of `y`"),
    "numbers": ("assume for all x : q × q with rank(x) <= p", "between numbers"),
    "another shape": ("assume for all x : p with A x = B x", "p"),
    "a position": ("assume for all x : q with A x = B[:, i]", "position"),
    "a reason": ("assume for all x : q with A x = B x by svd", "reason"),
    "two of one name": ("assume for all x, x : q with A x = B x", "already"),
    "twice the same": (AGREE + "assume for all x : q with A x = A x", "already"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_one_says_what_is_wrong(name: str) -> None:
    """And declares nothing."""
    text, message = FAULTY[name]
    assert message in f"{error(HEAD + text)} {error(HEAD + text).hint}"


def test_a_softmax_that_stays_fixes_the_scores_but_for_a_constant() -> None:
    """The step from weights to scores; not for any function, and not where places are summed."""
    head = (
        "dims b, t, k\ngiven X, Y : b × t, a : b × k\n"
        'given P : b × t × k with P = einsum("b t, b k -> b t k", softmax(X) - softmax(Y), a), P = zeros(b, t, k)\n'
    )
    first = 'claim a1: einsum("b t, b k -> b t k", softmax(X) - softmax(Y), a) = zeros(b, t, k)\n'
    scores = 'einsum("b t, b k -> b t k", X - Y, a)'
    constant = f'einsum("b t k, s -> b t k s", {scores}, ones(t)) = einsum("b s k, t -> b t k s", {scores}, ones(t))'
    assert verdicts(f"{head}{first}claim c: {constant} by a1")["c"] == "proved"
    assert verdicts(f"{head}{first}claim c: {scores} = zeros(b, t, k) by a1")["c"] != "proved"
    other = (head + first).replace("softmax", "f")
    assert verdicts(f"function f\n{other}claim c: {constant} by a1")["c"] != "proved"


def test_what_is_known_of_softmax_goes_to_no_other_function() -> None:
    """A claim about softmax, cited for f."""
    text = (
        "dims b, t\nfunction f\ngiven X : b × t\n"
        "claim sums: softmax(X) ones(t) = ones(b) by softmax-weights\n"
        "claim c: f(X) ones(t) = ones(b) by sums"
    )
    assert verdicts(text)["c"] != "proved"


def test_it_is_written_as_it_was_read() -> None:
    """The text of the item, read again, is the same item."""
    text = "assume for all X : t × D, y : D with A X y = B X y, X y = y"
    (item,) = parse_block(text)
    again = "assume " + ", ".join(map(unparse, item.facts))  # type: ignore[union-attr]
    assert list(parse_block(again)) == [item]
