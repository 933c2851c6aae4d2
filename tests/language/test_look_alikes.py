"""What looks the same to a reader is the same name, or an error that says which character is strange."""

from __future__ import annotations

import pytest

from symbolic_mla.errors import DocumentSyntaxError, NameUnknownError
from symbolic_mla.language.look_alikes import skeleton
from tests.derivation.documents import verdicts

ALIKE = {
    "Cyrillic": ("A", "\u0410"),
    "Greek": ("B_Q", "\u0392_Q"),
    "full width": ("A", "\uff21"),
    "dotless": ("xi", "x\u0131"),
    "small omicron": ("o", "\u03bf"),
    "under an accent": ("A\u0302", "\u0410\u0302"),
}
APART = [("W₁", "W1"), ("σ", "s"), ("Σ", "E"), ("ℝ", "R"), ("Ŵ", "W"), ("W̃", "W̄"), ("α", "a"), ("Δ", "A")]


@pytest.mark.parametrize("pair", ALIKE.values(), ids=list(ALIKE))
def test_two_names_that_look_the_same_are_refused(pair: tuple[str, str]) -> None:
    """`given А with А = 0` beside a Latin `A` would prove `А B = 0`, which reads as a statement about `A`."""
    one, other = pair
    text = f"dims n\ngiven {one}, B : n × n, {other} : n × n with {other} = 0\nclaim x: {other} B = 0"
    with pytest.raises(NameUnknownError, match=r"looks like `.*` and is another name: its .* is U\+"):
        verdicts(text)


@pytest.mark.parametrize("pair", APART)
def test_names_that_look_different_may_stand_together(pair: tuple[str, str]) -> None:
    """Subscripts, accents and Greek letters of their own shape."""
    assert skeleton(pair[0]) != skeleton(pair[1])
    one, other = pair
    text = f"dims n\ngiven {one}, {other} : n × n\nclaim x: {one} + {other} = {other} + {one}"
    assert verdicts(text) == {"x": "proved"}


def test_one_strange_name_alone_is_a_name() -> None:
    """Who writes in Cyrillic may: only two that look the same are a trap."""
    assert verdicts("dims \u043d\ngiven \u0410 : \u043d × \u043d\nclaim x: \u0410 = \u0410") == {"x": "proved"}


@pytest.mark.parametrize("character", ["\u3164", "\uffa0", "\u115f", "\u02b9", "\u02bc", "\ua78c", "\u200d", "\u2060"])
def test_what_is_not_seen_or_looks_like_a_prime_is_no_part_of_a_name(character: str) -> None:
    """`Aʹ` reads as a transpose, and a filler of Hangul is not seen at all."""
    with pytest.raises(DocumentSyntaxError, match=rf"U\+{ord(character):04X}"):
        verdicts(f"dims n\ngiven A{character} : n × n\nclaim x: A{character} = A{character}")
