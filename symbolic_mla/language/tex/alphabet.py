"""Commands that are letters, accents and fonts: the inverse of `latex_names`."""

from __future__ import annotations

from symbolic_mla.language.latex_names import ACCENTS, GREEK

LETTERS = {command: letter for letter, command in GREEK.items()} | {
    "ell": "ℓ", "omicron": "ο", "Alpha": "Α", "Beta": "Β", "varSigma": "Σ", "varTheta": "Θ", "varOmega": "Ω",
    "varLambda": "Λ", "varPhi": "Φ", "varPsi": "Ψ", "varPi": "Π", "varGamma": "Γ", "varDelta": "Δ",
}  # fmt: skip
"""Each command of a letter."""

MARKS = {command: mark for mark, command in ACCENTS.items()} | {
    "widehat": "\u0302", "widetilde": "\u0303", "overline": "\u0304", "widebar": "\u0304", "underline": "\u0332",
    "overrightarrow": "\u20d7",
}  # fmt: skip
"""Each command of an accent, and the mark that it puts on a letter."""

BOLD = frozenset({"mathbf", "bm", "boldsymbol", "mathbfit", "pmb", "bf", "symbf", "vb", "mat"})
WORDS = frozenset(
    {"mathrm", "mathit", "operatorname", "operatorname*", "mathop", "mathtt", "texttt", "rm", "it", "mathnormal"}
)
OTHER_FONTS = frozenset({"mathcal", "mathscr", "mathfrak", "mathsf", "cal", "sf", "mathsfit"})
FONTS = BOLD | WORDS | OTHER_FONTS | {"mathbb"}

TWINS = {"ϕ": "φ", "φ": "ϕ", "ϵ": "ε", "ε": "ϵ", "ϑ": "θ", "ϱ": "ρ"}
"""Letters of which a document may declare the one and write the command of the other."""

_ROMAN = {letter: command.removeprefix("var") for letter, command in GREEK.items()}


def spellings_of(letter: str) -> list[str]:
    """The names that a letter may have in a document: itself, its twin, its Greek name in Latin letters.

    >>> spellings_of("ϕ"), spellings_of("W")
    (['ϕ', 'φ', 'phi'], ['W'])
    """
    found = [letter]
    if letter in TWINS:
        found.append(TWINS[letter])
    if letter in _ROMAN:
        found.append(_ROMAN[letter])
    return found
