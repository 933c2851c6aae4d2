"""What a formula may hold and this reader does not read: the answer to each, by its spelling."""

from __future__ import annotations

from collections.abc import Mapping

_BAR = "`|A|` may be a determinant, an absolute value or a number of elements: none is in the language"
_DOTS = (
    "dots are read in a matrix alone: first entry, dots, last entry, as [u_1, \\dots, u_r], or n copies of one block "
    "with \\underbrace{...}_{n}; elsewhere write a \\sum"
)
_FUNCTION = "declare it as a function of the last axis (`function f`), and write f(A)"

HINTS: Mapping[str, str] = {
    "|": _BAR, "\\vert": _BAR, "\\lvert": _BAR, "\\rvert": _BAR, "\\det": _BAR,
    "\\dots": _DOTS, "\\ldots": _DOTS, "\\cdots": _DOTS, "\\vdots": _DOTS, "\\ddots": _DOTS, "\\dotsc": _DOTS,
    "\\dotsb": _DOTS, "\\dotsm": _DOTS,
    "\\pm": "state the two signs as two formulas", "\\mp": "state the two signs as two formulas",
    "\\oplus": "write a matrix of blocks: \\begin{bmatrix} A & 0 \\\\ 0 & B \\end{bmatrix}",
    "\\bigoplus": "write a matrix of blocks: \\begin{bmatrix} A & 0 \\\\ 0 & B \\end{bmatrix}",
    "\\prod": "write the factors out; a power has a literal exponent",
    "\\int": "integrals are not in the language", "\\lim": "limits are not in the language",
    "\\partial": "derivatives are not in the language", "\\nabla": "derivatives are not in the language",
    "\\infty": "sizes are finite", "\\mathbb": "a space such as \\mathbb{R} stands behind \\in",
    "\\exp": _FUNCTION, "\\log": _FUNCTION, "\\ln": _FUNCTION, "\\sin": _FUNCTION, "\\cos": _FUNCTION,
    "\\tanh": _FUNCTION, "\\arg": _FUNCTION, "\\argmax": _FUNCTION, "\\argmin": _FUNCTION,
    "\\sup": "write \\max of what is listed", "\\inf": "write \\min of what is listed",
    "\\dim": "write the size itself", "\\ker": "kernels are not in the language; use ranks",
    "\\lfloor": "write the quotient as a dimension: n = G m", "\\lceil": "write the quotient as a dimension: n = G m",
    "\\{": "sets are not in the language; group with ( ) or [ ], and write \\min\\{a, b\\}",
    "\\ne": "mark the formula `refute NAME` and write `=`: the claim is that the equation fails",
    "\\neq": "mark the formula `refute NAME` and write `=`: the claim is that the equation fails",
    "\\not": "mark the formula `refute NAME`: the claim is that the relation fails",
    "\\approx": "only exact relations can be proved: write =", "\\simeq": "only exact relations can be proved: write =",
    "\\equiv": "write =, or := for a definition", "\\cong": "only exact relations can be proved: write =",
    "\\sim": "only exact relations can be proved: write =", "\\propto": "write the factor out, and =",
    "\\ll": "write < or \\le", "\\gg": "write > or \\ge",
    "\\implies": "what is assumed stands in a formula marked `given` or `assume`, before the claim",
    "\\Rightarrow": "what is assumed stands in a formula marked `given` or `assume`, before the claim",
    "\\Longrightarrow": "what is assumed stands in a formula marked `given` or `assume`, before the claim",
    "\\to": "maps are not in the language; declare `function f`", "\\rightarrow": "write = for equality",
    "\\mapsto": "write f(X) := ... for a definition", "\\leftarrow": "write := for a definition",
    "\\gets": "write := for a definition",
    "\\subset": "write \\in \\mathbb{R}^{m \\times n}", "\\subseteq": "write \\in \\mathbb{R}^{m \\times n}",
    "\\notin": "shapes are stated by \\in", "\\perp": "write U^\\top V = 0",
    "\\succeq": "definiteness is not in the language", "\\preceq": "definiteness is not in the language",
    "\\land": "write two formulas, or a comma", "\\wedge": "write two formulas, or a comma",
    "\\lor": "alternatives are not in the language", "\\vee": "alternatives are not in the language",
    "\\therefore": "leave it out", "\\because": "put the reason into the prose, or into the mark: claim NAME by REASON",
    "\\cancel": "write the terms that stay", "\\bcancel": "write the terms that stay",
    "\\phantom": "leave it out", "\\hphantom": "leave it out", "\\vphantom": "leave it out",
    "\\begin{vmatrix}": _BAR, "\\begin{Vmatrix}": "norms are read as \\|A\\|_F^2",
    "\\begin{cases}": "state each case as a claim of its own", "\\cup": "sets are not in the language",
    "\\cap": "sets are not in the language", "\\emptyset": "sets are not in the language",
    "!": "factorials are not in the language", "\\binom": "write the number out",
    "\\mathbb{E}": "expectations are not in the language", "\\Pr": "probabilities are not in the language",
    "\\star": "write \\cdot for a product", "\\bmod": "write k \\mid m for divisibility",
    "\\mod": "write k \\mid m for divisibility", "\\pmod": "write k \\mid m for divisibility",
    "\\qedhere": "leave it out", "\\%": "write the fraction", "\\#": "write the number itself",
    "\\top": "a transpose stands above its matrix: A^\\top",
}  # fmt: skip
"""What to try, by what was met."""
