"""Whatever stands in a formula gives a tree or one clear error at a place of the document, and never a crash."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language.documents import parse_document
from symbolic_mla.language.parse import read_block
from symbolic_mla.language.tex.refused import HINTS
from symbolic_mla.language.unparse import unparse
from tests.language.tex.reading import environment

WORDS = [
    "A", "B", "W", "x", "i", "j", "n", "p", "T", "I", "1", "0", "12", "{", "}", "(", ")", "[", "]", "^", "_", "&", "'",
    "=", "<", "+", "-", "*", "/", ",", ";", ":", ".", "|", "!", "%", "\\\\", "\n", " ", "_{", "^{", "^\\top", "^{-1}",
    "\\mathbf{W}", "\\mathbf", "\\tilde", "\\hat{A}", "\\sigma", "\\frac{A}{n}", "\\frac", "\\sqrt", "\\sqrt{p}",
    "\\begin{bmatrix}", "\\end{bmatrix}", "\\begin{aligned}", "\\end{aligned}", "\\begin{cases}", "\\end{cases}",
    "\\underbrace{", "}_{n}", "\\left", "\\right", "\\left.", "\\right\\}", "\\{", "\\}", "\\|", "\\langle", "\\rangle",
    "\\sum_{i=1}^{n}", "\\sum", "\\sum_i", "x_i", "A_{ij}", "u_0", "\\cdots", "\\vdots", "\\cdot", "\\otimes", "\\circ",
    "\\operatorname{rank}", "\\min", "\\text{if}", "\\text{", "\\quad", "\\in", "\\mathbb{R}^{p \\times q}", "\\exists",
    "\\forall", "\\iff", ":=", "\\coloneqq", "\\overset{a}{=}", "\\le", "\\mid", "\\tag{1}", "\\label{a b}", "\\times",
    "\\", "é", "\u0303", "⊗", "ᵀ", "²", "∑", "\u200b", "W_{K}", "W^{UK}", "I_{p}", "\\mathbf{1}_{p}", "f(A)", "\\bf",
    "\\phantom{A}", "\\color{red}", "\\,", "\\:", "~", *HINTS,
]  # fmt: skip
MARKS = ["claim a", "refute a", "given", "let", "assume", "obtain"]
soup = st.lists(st.sampled_from(WORDS) | st.characters(codec="utf-8"), max_size=25).map("".join)


def outcome(text: str, mark: str) -> None:
    """Read a document; every error has a message and, where it is of a formula, a place inside the document."""
    text = text.replace("\r", "\n")
    source = f"```math {mark}\n{text}\n```\n"
    lines = source.split("\n")
    env = environment()
    try:
        for block in parse_document(source).blocks:
            for item in read_block(block, env):
                if hasattr(item, "statement"):
                    unparse(item.statement)
    except SymbolicMLAError as error:
        assert error.message.strip()
        assert error.span is not None, error.message
        assert 1 <= error.span.line <= len(lines), error.message
        assert 1 <= error.span.column <= len(lines[error.span.line - 1]) + 1, error.message
        assert (error.span.line, error.span.column) <= (error.span.end_line, error.span.end_column), error.message


@settings(deadline=None)
@given(soup, st.sampled_from(MARKS))
def test_any_formula_gives_a_tree_or_an_error(text: str, mark: str) -> None:
    """Random pieces of LaTeX in every role."""
    outcome(text, mark)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_document_is_taken_apart(text: str) -> None:
    """Where every displayed formula is read, dollars and brackets may stand anywhere."""
    try:
        document = parse_document("<!-- derivation math -->\n\n" + text.replace("x", "$$").replace("y", "\\["))
        for block in document.blocks:
            read_block(block, environment())
    except SymbolicMLAError as error:
        assert error.message and error.span is not None


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(["(", "{", "\\frac{1}{", "\\sqrt{", "\\left(", "\\tilde{", "A^{", "\\begin{bmatrix}"]),
       st.integers(1, 3000))  # fmt: skip
def test_nesting_has_a_limit(opening: str, times: int) -> None:
    """However deep, the reader answers before Python's stack does."""
    outcome(opening * times + "A", "claim a")


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(["A ", "+ A ", "^\\top", "\\cdot A", "A = ", "' ", "\\\\ A = B", "{A}", "(A)", "\\tilde "]),
       st.integers(1, 3000))  # fmt: skip
def test_length_has_a_limit(piece: str, times: int) -> None:
    """Nor does a long formula crash it."""
    outcome("A" + piece * times + "A = A", "claim a")
