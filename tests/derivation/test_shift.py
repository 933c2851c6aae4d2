"""What is added to a whole row of softmax changes nothing; what is added along another axis, or for another function,
does."""

from __future__ import annotations

import pytest

from tests.derivation.documents import claim, verdicts

DOCUMENT = """
dims H, t, s, d
given q : H × t × d
given k : H × s × d
given b : H × d
given S : t × s
given u : t
given v : s
given V : s × d
scalar c
function f
let scores(x, y) = einsum("h t d, h s d -> h t s", x, y)
"""
JUDGED = {
    "a bias of the keys": ('softmax(scores(q, k + einsum("h d -> h s d", b, s=s))) = softmax(scores(q, k))', "proved"),
    "a number": ("softmax(S + c ones(t, s)) V = softmax(S) V", "proved"),
    "a number in each row": ('softmax(S + einsum("t -> t s", u, s=s)) = softmax(S)', "proved"),
    "two of them": ('softmax(S - einsum("t -> t s", u, s=s)) = softmax(S + c ones(t, s))', "proved"),
    "centred rows": ("softmax(S - 1/s S ones(s, s)) = softmax(S)", "proved"),
    "inside a function": ("f(softmax(S + ones(t, s)) V) = f(softmax(S) V)", "proved"),
    "a bias of the queries": ('softmax(scores(q + einsum("h d -> h t d", b, t=t), k)) = softmax(scores(q, k))',
                              "refuted"),
    "a number in each column": ('softmax(S + einsum("s -> t s", v, t=t)) = softmax(S)', "refuted"),
    "a factor": ("softmax(2 S) = softmax(S)", "refuted"),
    "any function": ("f(S + ones(t, s)) = f(S)", "refuted"),
    "outside": ("softmax(S) + ones(t, s) = softmax(S)", "refuted"),
}  # fmt: skip


@pytest.mark.parametrize("name", JUDGED)
def test_a_shift_of_rows_changes_nothing(name: str) -> None:
    """Proved without a citation, and the axiom is named; the near misses have counterexamples."""
    text, expected = JUDGED[name]
    found = claim(f"{DOCUMENT}claim x:\n    {text}", "x")
    assert found.verdict == expected
    assert expected != "proved" or found.axioms == ("softmax-shift",)


def test_the_axiom_can_be_cited() -> None:
    """By its name, as the others; a step that does not need it does not name it."""
    found = claim(DOCUMENT + "claim x: softmax(S + ones(t, s)) = softmax(S) by softmax-shift", "x")
    assert (found.verdict, found.axioms) == ("proved", ("softmax-shift",))
    assert claim(DOCUMENT + "claim x: softmax(S + S) = softmax(2 S)", "x").axioms == ()
    assert verdicts(DOCUMENT + "claim x: softmax(2 S) = softmax(S) by softmax-shift")["x"] == "refuted"
