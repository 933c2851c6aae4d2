"""What a reader decides at once is decided: statements of newcomers that were once undecided."""

from __future__ import annotations

import pytest

from symbolic_mla.derivation.results import ClaimResult
from symbolic_mla.diagnostics.instances import counterexample_lines
from tests.derivation.documents import claim, verdicts

SCALARS = "dims n\nscalar a > 0, b > 0, c, e >= 0\nassume b >= 1\n"
PLAIN: dict[str, str] = {
    "refute c: a >= 1": SCALARS,
    "refute c: a <= 1": SCALARS,
    "refute c: c <= 1000": SCALARS,
    "refute c: c^2 >= 1": SCALARS,
    "refute c: e >= 1/100": SCALARS,
    "refute c: n a <= 5": SCALARS,
    "refute c: a b >= a^2": SCALARS,
    "claim c: b >= 1/2": SCALARS,
    "claim c: c^2 >= 0": SCALARS,
    "refute c: exists U : p × q for all X : p × q with U = X": "dims p, q\n",
    "refute c: exists U : p × p for all X : p × q with U X = 2 X, U X = X": "dims p, q\n",
    "refute c: exists U : p × p for all X : p × p with U X = X U + X": "dims p\n",
    "refute c: exists L : t × t for all X : t × D with f(X Xᵀ) X = L X": "dims t, D\nfunction f\n",
    "claim c: rank(W) - r <= rank(W + s B A) <= rank(W) + r":
        "dims p, q, r\nscalar s\ngiven W : p × q, B : p × r, A : r × q\n",
    "claim c: rank(interleave(I(G*d), n, groups=G)) = G*d": "dims n, G, d\n",
    "claim c: rank(ones(n) ones(n)ᵀ) = 1": "dims n\n",
    "claim c: rank(hstack(I(r), zeros(r, n))) = r": "dims n, r\n",
    "claim c: normalize(Q + a Q) = normalize(Q)": "dims t, d\nscalar a > 0\ngiven Q : t × d\n",
    "claim c: normalize(Q + Q) normalize(K/a)ᵀ = normalize(a Q) normalize(K + 2 K)ᵀ":
        "dims t, d\nscalar a > 0\ngiven Q, K : t × d\n",
    "refute c: normalize(Q - 2 Q) = normalize(Q)": "dims t, d\ngiven Q : t × d\n",
}  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_it_is_decided(text: str) -> None:
    """Proved or refuted, as the words say."""
    assert verdicts(PLAIN[text] + text)["c"] == ("refuted" if text.startswith("refute") else "proved")


@pytest.mark.parametrize(
    "text",
    [
        "claim c: exists U : p × p for all X : p × q with U X = X",
        "claim c: exists U : p × p for all X : p × q with U X = A X",
        "claim c: exists U, V : p × p for all X : p × q with U V X = X",
    ],
)
def test_true_existence_is_never_refuted(text: str) -> None:
    """No values of X exclude an unknown that does it."""
    assert verdicts(f"dims p, q\ngiven A : p × p\n{text}")["c"] != "refuted"


def shown(found: ClaimResult) -> list[str]:
    """What is said of the counterexample of the first step."""
    (step,) = found.steps
    assert step.counterexample is not None
    return [line.strip() for line in counterexample_lines(step, step.counterexample)]


@pytest.mark.parametrize(
    ("relation", "left", "right"),
    [("p >= 2", "1", "2"), ("p < q", "1", "1"), ("p > q", "1", "1"), ("p + q <= 1", "2", "1"), ("p q = 2", "1", "2")],
)
def test_sides_are_shown_as_they_are_written(relation: str, left: str, right: str) -> None:
    """The kernel turns `>=` round and says `<` as a + 1 <= b: the reader sees neither."""
    lines = shown(claim(f"dims p, q\nrefute c: {relation}", "c"))
    assert lines[-2:] == [f"left side  = {left}", f"right side = {right}"]


def test_what_excludes_the_unknowns_is_shown() -> None:
    """Behind `for all` there are no symbols of an instance: the values that leave no choice are shown."""
    lines = shown(claim("dims p\nrefute c: exists U : p × p for all X : p × p with U = X", "c"))
    assert lines[-3:] == ["no U does for all of these:", "X = [[0]]", "X = [[1]]"]


ARGUED = """
refute c:
    exists A : 1 × h, C : h × 1, D : 1 × 2 for all x : 1 × 2 with x E = x Dᵀ Cᵀ Aᵀ, x blocks([[0], [1]]) = x Dᵀ
    alike x = zeros(1, 2) and x = blocks([[-D[0, 1], D[0, 0]]])
    so D[0, 0] = 0
    alike x = zeros(1, 2) and x = blocks([[1, 0]])
"""


@pytest.mark.parametrize(
    ("assumed", "expected"),
    [
        ("", "refuted"),
        ("assume S = zeros(k_U, k_U)", "undecided"),  # then not every W is meant
        ("assume k_U <= 1", "undecided"),
        ("given Z : p × q with Z = W", "refuted"),
    ],
)
def test_a_decomposition_narrows_nothing(assumed: str, expected: str) -> None:
    """Every matrix has one: an argument that does not speak of its factors holds as it did before."""
    declared = "dims h, p, q\ngiven W : p × q\nlet E = blocks([[1], [0]])\nobtain U, S, V from svd(W)\n"
    assert verdicts(declared + assumed + ARGUED)["c"] == expected
