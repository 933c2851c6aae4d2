"""Which characters make a name, and which words are no names."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

from symbolic_mla.language.near_misses import CHARACTER_HINTS

ITEM_WORDS = {
    "dims": "DIMS",
    "dim": "DIMS",
    "assume": "ASSUME",
    "scalar": "SCALAR",
    "scalars": "SCALAR",
    "given": "GIVEN",
    "function": "FUNCTION",
    "functions": "FUNCTION",
    "let": "LET",
    "obtain": "OBTAIN",
    "claim": "CLAIM",
    "refute": "CLAIM",
}
"""The words that begin an item."""

INNER_WORDS = {
    "exists": "EXISTS",
    "with": "WITH",
    "for": "_FOR",
    "by": "_BY",
    "take": "_TAKE",
    "iff": "_IFF",
    "from": "_FROM",
    "at": "_AT",
    "alike": "_ALIKE",
    "and": "_AND",
    "so": "_SO",
    "or": "_OR",
}
"""The words that stand inside one."""

WORDS = ITEM_WORDS | INNER_WORDS

INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters of Unicode (the fillers of Hangul) that leave no mark on paper."""

CharacterClass = Literal["letter", "digit", "subscript", "mark", "superscript", "other"]


def _like_a_prime(character: str) -> bool:
    """Modifier letters and saltillos: `Aʹ` would be read as a transpose."""
    return unicodedata.category(character) == "Lm" or character in "\ua78b\ua78c"


@lru_cache(maxsize=4096)
def character_class(character: str) -> CharacterClass:
    """What a character can be in a name: subscripts (`W₁`) are part of it, superscripts (`A²`) never are."""
    decomposition = unicodedata.decomposition(character)
    if decomposition.startswith("<super>"):
        return "superscript"
    if decomposition.startswith("<sub>"):
        return "subscript"
    if character == "_":
        return "digit"
    if character in INVISIBLE or (_like_a_prime(character) and not decomposition):
        return "other"
    match unicodedata.category(character)[0], unicodedata.category(character):
        case "L", _:
            return "letter"
        case "M", _:
            return "mark"
        case _, "Nd":
            return "digit"
    return "other"


def is_name(text: str) -> bool:
    """Whether the text reads as one name: not a word of the language, and in NFC.

    >>> is_name("W_Q"), is_name("Q̂"), is_name("A²"), is_name("by")
    (True, True, False, False)
    """
    return (
        bool(text)
        and text not in WORDS
        and character_class(text[0]) == "letter"
        and all(character_class(c) in ("letter", "digit", "subscript", "mark") for c in text)
        and unicodedata.is_normalized("NFC", text)
    )


def describe_unknown(character: str) -> tuple[str, str | None]:
    """Message and hint for a character that begins no token."""
    if character in CHARACTER_HINTS:
        return f"`{character}` is not part of the language", CHARACTER_HINTS[character]
    name = unicodedata.name(character, "unnamed")
    shown = f"U+{ord(character):04X} {name}"
    kind = character_class(character)
    if kind in ("digit", "subscript"):
        return f"`{character}` ({shown}) cannot begin a name", "begin names with a letter"
    if kind == "mark":
        return f"a combining mark ({shown}) without a letter under it", "put it behind a letter"
    if _like_a_prime(character):
        return f"`{character}` ({shown}) is no letter of a name", "write `'` or `ᵀ` for the transpose"
    if character.isprintable() and character not in INVISIBLE:
        return f"`{character}` ({shown}) is not part of the language", None
    return f"an invisible character ({shown})", "delete it"
