"""Names that a reader cannot tell apart: `A` in Latin, `А` in Cyrillic, `Α` in Greek, `Ａ` in full width.

A reader sees what is printed. Two names that look the same would let `A B = B А` say one thing and mean another.
The pairs are those of the letters of Unicode's confusables (UTS 39) that a formula is likely to hold.
"""

from __future__ import annotations

import unicodedata

_ALIKE = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳνο" "АВЕЅІЈКМНОРСТХҮԌԚԜ" "асеорхуіјѕԁһԛԝѵ" "ıℓ",
    "ABEZHIKMNOPTYXCjvo" "ABESIJKMHOPCTXYGQW" "aceopxyijsdhqwv" "il",
)  # fmt: skip
_FORMS = ("<wide>", "<narrow>", "<compat>", "<initial>", "<medial>", "<final>", "<isolated>")


def skeleton(name: str) -> str:
    """What a name looks like: two names with one skeleton are the same to a reader.

    >>> skeleton("А_Q") == "A_Q", skeleton("W₁") == "W1"
    (True, False)
    """
    if name.isascii():
        return name
    plain = "".join(
        unicodedata.normalize("NFKC", c) if unicodedata.decomposition(c).startswith(_FORMS) else c
        for c in unicodedata.normalize("NFD", name)
    )
    return unicodedata.normalize("NFC", plain.translate(_ALIKE))


def described(character: str) -> str:
    """A character by its number and name."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}" if character else "not there"
