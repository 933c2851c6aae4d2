"""Names as LaTeX: accents from combining marks, Greek letters, indices behind an underscore.

Only macros that GitHub renders are used; it refuses \\operatorname, so words are set by \\mathrm.
"""

from __future__ import annotations

import unicodedata

ACCENTS = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "\u0306": "breve",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u030a": "mathring",
    "\u030c": "check",
    "\u0331": "underline",
    "\u0332": "underline",
    "\u20d7": "vec",
}
_GREEK_NAMES = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho varsigma sigma tau",
    "upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega phi epsilon",
    "vartheta varrho",
)
GREEK = dict(zip("αβγδεζηθικλμνξπρςστυφχψωΓΔΘΛΞΠΣΥΦΨΩϕϵϑϱ", " ".join(_GREEK_NAMES).split(), strict=True))
_SUBSCRIPTS = {chr(0x2080 + k): str(k) for k in range(10)}


def name_latex(name: str) -> str:
    """A name as LaTeX, different names differently.

    >>> print(*map(name_latex, ["W_K", "Q\u0302", "σ", "W_UK_1", "A2", "k_full"]))
    W_{K} \\hat{Q} \\sigma W_{UK,1} \\mathit{A2} k_{\\mathit{full}}
    """
    head, *indices = name.split("_")
    text = unicodedata.normalize("NFD", head)
    body = text.rstrip("".join(_SUBSCRIPTS))
    lower = [_SUBSCRIPTS[c] for c in text[len(body) :]]
    subscripts = [*(["".join(lower)] if lower else []), *(_index(i) for i in indices)]
    base = _letters(body)
    return f"{base}_{{{','.join(subscripts)}}}" if subscripts else base


def _clusters(text: str) -> list[tuple[str, str]]:
    """Each letter with the marks that stand on it."""
    out: list[tuple[str, str]] = []
    for character in text:
        if unicodedata.combining(character) and out:
            out[-1] = (out[-1][0], out[-1][1] + character)
        else:
            out.append((character, ""))
    return out


def _letters(text: str) -> str:
    clusters = _clusters(text)
    if len(clusters) == 1:
        return _accented(*clusters[0])
    if not any(marks for _, marks in clusters) and text.isascii():
        return rf"\mathit{{{text}}}"
    if len(clusters) == 2 and clusters[0] == ("Δ", ""):
        return rf"\Delta {_accented(*clusters[1])}"
    letters = [_accented(*c) for c in clusters]
    ended = [x + " " if x.startswith("\\") and x[1:].isalpha() else x for x in letters[:-1]]  # \sigma v, not \sigmav
    return rf"\mathit{{{''.join([*ended, letters[-1]])}}}"


def _accented(letter: str, marks: str) -> str:
    out = "\\" + GREEK[letter] if letter in GREEK else letter
    for mark in marks:
        if mark not in ACCENTS:
            return unicodedata.normalize("NFC", letter + marks)  # MathJax shows the letter as it is
        out = rf"\{ACCENTS[mark]}{{{out}}}"
    return out


def _index(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    if decomposed.isascii():  # a word is set as one, and is no product of its letters
        return rf"\mathit{{{text}}}" if len(text) > 2 and text.isalpha() and text.islower() else text
    return "".join(_accented(*c) for c in _clusters(decomposed))
