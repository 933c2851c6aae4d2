"""What two hypotheses give together is found, whichever is used first; and nothing that they do not give."""

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import ClaimResult
from symbolic_mla.language.documents import parse_document
from symbolic_mla.laws import replay

FOLLOWS = {
    "eigenvectors": (
        "scalar λ, μ\ngiven A : m × m with A symmetric\ngiven v, w : m with A v = λ v, A w = μ w",
        "λ vᵀ w = μ vᵀ w",
    ),
    "one inverse": ("given A, B, C : m × m with A B = I(m), B A = I(m), A C = I(m)", "B = C"),
    "left and right inverse": ("given A : m × p, B, C : p × m with B A = I(p), A C = I(m)", "B = C"),
    "one thing twice": ("given A : m × p, v : p, b, c : m with A v = b, A v = c", "b = c"),
    "what a projection keeps": ("given P : m × m with P P = P\ngiven w, b : m with P w = b", "P b = b"),
    "an orthogonal eigenvector": ("given Q : m × m, v : m with Qᵀ Q = I(m), Q v = v", "Qᵀ v = v"),
}
DOES_NOT = {
    "eigenvectors": (
        "scalar λ, μ\ngiven A : m × m\ngiven v, w : m with A v = λ v, A w = μ w",
        "λ vᵀ w = μ vᵀ w",
    ),
    "a left inverse": ("given A : m × p, B, C : p × m with B A = I(p), C A = I(p)", "B = C"),
    "an eigenvalue that may be 0": ("scalar λ\ngiven v, w : m with λ v = λ w", "v = w"),
    "another projection": ("given P, Q : m × m with P P = P, Q Q = Q", "P Q = Q P"),
}


def judged(givens: str, claim: str) -> ClaimResult:
    text = f"```derivation\ndims m, p\n{givens}\nclaim c: {claim}\n```\n"
    (found,) = check_document(parse_document(text)).claims
    return found


@pytest.mark.parametrize("name", FOLLOWS)
def test_what_follows_is_proved(name: str) -> None:
    """What two hypotheses give together is proved, and its certificate replays to it."""
    found = judged(*FOLLOWS[name])
    assert found.verdict == "proved"
    theorem = found.steps[0].theorem
    assert theorem is not None
    (again,) = replay(certificate(theorem))
    assert again.conclusion == theorem.conclusion


@pytest.mark.parametrize("name", DOES_NOT)
def test_what_does_not_follow_is_not(name: str) -> None:
    """Hypotheses that look like those, and give less, prove nothing."""
    assert judged(*DOES_NOT[name]).verdict != "proved"
