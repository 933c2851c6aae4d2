"""Pieces of Markdown, numbers as LaTeX: what goes in comes out as it was meant."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.kernel.scalar import Number, Scalar, Var, scalar
from symbolic_mla.report.equations import MAX_FORMULA, entry_block
from symbolic_mla.report.markdown import code, escaped, fenced, inline, message, table
from symbolic_mla.report.numbers import exact_latex, factor_latex, number_latex

n, d, z = scalar(Var("n")), scalar(Var("d")), scalar(Var("z", "real"))
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(
    lambda t: t.strip() == t and "  " not in t and t
)


@given(texts)
def test_code_is_read_back(text: str) -> None:
    """What stands between backquotes is the text itself, whatever it holds."""
    (paragraph,) = [t for t in MarkdownIt().parse("x " + code(text)) if t.type == "inline"]
    assert [c.content for c in paragraph.children or [] if c.type == "code_inline"] == [" ".join(text.split())]


@given(texts)
def test_a_fence_holds_any_text(text: str) -> None:
    """A block of code ends where it should."""
    (token,) = MarkdownIt().parse(fenced("text", text))
    assert token.content == text.rstrip() + "\n"


@given(st.text("ab*_`[]<>#|~$\\ ", min_size=1))
def test_escaped_text_has_no_markup(text: str) -> None:
    """Escaped text is text: no emphasis, no code, no link, no HTML."""
    (paragraph, *_) = [t for t in MarkdownIt().parse("x" + escaped(text)) if t.type == "inline"]
    assert {c.type for c in paragraph.children or []} <= {"text", "text_special"}


@given(st.lists(st.lists(texts.map(code), min_size=3, max_size=3), max_size=4))
def test_tables_keep_their_cells(rows: list[list[str]]) -> None:
    """Bars and line ends inside cells do not break a table."""
    tokens = MarkdownIt().enable("table").parse(table(["a", "b", "c"], rows))
    assert sum(t.type == "tr_open" for t in tokens) == len(rows) + 1
    assert sum(t.type == "td_open" for t in tokens) == 3 * len(rows)


def test_mathematics_in_a_table_has_no_bar() -> None:
    """A bar in a formula is a macro there, since an escape would be shown."""
    text = table(["a"], [[inline(r"|x| \mid \|y\|")]])
    assert text.split("\n")[2] == r"| $`\vert x\vert  \mid \Vert y\Vert `$ |"


def test_messages_keep_their_code() -> None:
    """What a message quotes stays code, and the rest is escaped."""
    assert message("`A_1` is m * k,\nand `B` is p") == r"`A_1` is m \* k, and `B` is p"
    assert message("one ` only") == r"one \` only"


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (0, "0"),
        (-1, "-1"),
        (Fraction(-2, 3), r"-\frac{2}{3}"),
        (n * d * 2, r"2\,d\,n"),
        (n * n - 1, "n^{2} - 1"),
        (1 / n, r"\frac{1}{n}"),
        (1 / sqrt(n), r"\frac{1}{\sqrt{n}}"),
        (sqrt(n) * n, r"n\,\sqrt{n}"),
        (1 / sqrt(n + d), r"\frac{1}{\sqrt{d + n}}"),
        (3 / (n + d), r"\frac{3}{d + n}"),
        (sqrt(2), r"\sqrt{2}"),
        (z - sqrt(3) / 2, r"-\frac{\sqrt{3}}{2} + z"),
    ],
)
def test_numbers_as_on_paper(value: Number, latex: str) -> None:
    """A table of coefficients and their LaTeX."""
    assert number_latex(value) == latex


def test_factors() -> None:
    """One is not written, a sum is in brackets."""
    assert [factor_latex(c) for c in (1, -1, 2, n, n - 1)] == ["", "-", "2\\,", "n\\,", "\\left(n - 1\\right)\\,"]


def test_intervals_show_certain_digits() -> None:
    """Only digits on which both ends agree are shown."""
    from mpmath import iv

    assert exact_latex(iv.mpf(1) / 3) == r"\approx 0.333333"
    assert exact_latex(iv.mpf(2)) == "2"
    assert exact_latex(iv.mpf([0.25, 0.75])) == r"[0.25,\,0.75]"
    assert exact_latex(iv.mpf([0, "inf"])) == r"\text{no bound}"


@given(st.integers(-50, 50), st.integers(1, 9), st.integers(-2, 2), st.integers(-1, 1))
def test_every_monomial_is_balanced(a: int, b: int, e: int, f: int) -> None:
    """Braces match for any coefficient."""
    value: Scalar = scalar(Fraction(a, b)) * n**e * sqrt(n + d) ** f
    text = number_latex(value)
    assert text.count("{") == text.count("}")


def test_long_formulas_are_taken_apart() -> None:
    """Readers of pages give up on a formula of many thousand characters: lines that do not fit begin another."""
    one, many = entry_block(["A &= B"] * 3), entry_block(["A &= " + "B " * 600] * 5)
    assert one.count("```math") == 1 and many.count("```math") == 3
    assert all(len(part) < MAX_FORMULA + 100 for part in many.split("\n\n"))
