"""The caret lands where the reader looks."""

import pytest

from symbolic_mla.errors import DocumentSyntaxError, Span
from symbolic_mla.language.diagnostics import caret_lines, display_width, render_diagnostic


@pytest.mark.parametrize(
    ("line", "span", "carets"),
    [
        ("A == B", Span(1, 3, 1, 5), "  ^^"),
        ("Q̂ == B", Span(1, 4, 1, 6), "  ^^"),
        ("行 == B", Span(1, 3, 1, 5), "   ^^"),
        ("A 行列 B", Span(1, 3, 1, 5), "  ^^^^"),
        ("\tA B", Span(1, 4, 1, 5), "      ^"),
        ("A =", Span(1, 4, 1, 5), "   ^"),
        ("A + (B", Span(1, 5, 3, 2), "    ^^"),
    ],
)
def test_caret(line: str, span: Span, carets: str) -> None:
    """Wide characters count twice, combining marks not at all, tabs as they are shown."""
    assert caret_lines([line], span).split("\n")[1] == "  | " + carets


def test_width() -> None:
    """Columns of a terminal, not code points."""
    assert [display_width(text) for text in ("", "abc", "W̃", "行", "Ａ", "a\u200bb")] == [0, 3, 1, 2, 2, 2]


def test_a_span_outside_of_the_source_shows_no_excerpt() -> None:
    """A diagnostic never fails for want of its source."""
    error = DocumentSyntaxError("wrong", span=Span(9, 1, 9, 2))
    assert render_diagnostic(error, path="a.md", lines=["A"]) == "a.md:9:1: D104 syntax: wrong"
    assert render_diagnostic(DocumentSyntaxError("wrong"), path="a.md") == "a.md: D104 syntax: wrong"
