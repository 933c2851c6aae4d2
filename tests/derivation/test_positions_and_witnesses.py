"""One position has one size; a witness inside an `iff` is used, and one that fails shows nothing."""

from __future__ import annotations

import pytest

from tests.derivation.documents import claim, verdicts

GIVEN = "dims n, m, k\ngiven A : n × m, B : n × n\n"
TWO_SIZES = ["A[i, j] = A[j, i]", "A[i][j] = A[j, i]", "A[i] = B[j] A[j, :] iff A[:, i] = A[:, i]", "A[i, i] = B[i, i]"]


@pytest.mark.parametrize("text", TWO_SIZES)
def test_a_position_of_two_sizes_is_an_error(text: str) -> None:
    """It stands for two things; an instance could not give it one value."""
    assert claim(GIVEN + f"claim x: {text}", "x").verdict == "error"


def test_the_error_names_both_sizes() -> None:
    """And a way out."""
    (step,) = claim(GIVEN + "claim x: A[i, j] = A[j, i]", "x").steps
    assert "runs over n and over m" in step.message or "runs over m and over n" in step.message
    assert "A[i, j]" in step.message


FOR_ALL = "exists L : n × n for all X : n × k with L X = B X iff n = n"


def test_a_witness_inside_an_equivalence_is_used() -> None:
    """Without it the claim is open: this existence is no factorisation."""
    assert verdicts(GIVEN + f"claim x: {FOR_ALL}") == {"x": "undecided"}
    assert verdicts(GIVEN + f"claim x: {FOR_ALL}\n  take L = B") == {"x": "proved"}
    assert verdicts(GIVEN + "claim x: n = n iff exists L : n × n for all X : n × k with L X = B X\n  take L = B") == {
        "x": "proved"
    }


def test_a_wrong_witness_inside_an_equivalence_shows_nothing() -> None:
    """It is no longer passed over, and refutes nothing."""
    (step,) = claim(GIVEN + f"claim x: {FOR_ALL}\n  take L = Bᵀ", "x").steps
    assert step.verdict == "undecided"
    assert "witness" in step.message
    factors = "exists U : n × k, V : k × m with A = U V iff rank(A) <= k"
    assert verdicts(GIVEN + f"claim x: {factors}") == {"x": "proved"}


def test_a_true_witness_makes_no_false_equivalence() -> None:
    """The other direction is still to be proved."""
    false = "exists U : n × m with U = A iff rank(A) <= 1\n  take U = A"
    assert verdicts(GIVEN + f"claim x: {false}")["x"] != "proved"
