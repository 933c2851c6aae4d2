"""A mended tree as edits of the source: the author's words stay, and only what changes is replaced."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.diagnostics.diagnostic import TextEdit, edited
from symbolic_mla.errors import Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.unparse import Notation, unparse_as

_SIGNS = ("ᵀ", "'", ".T", "^T", "′", "⊤")


def notation(lines: Sequence[str], span: Span) -> Notation:
    """How the author of a document writes: the text of what stands in it, and the sign of a transpose."""
    near = "\n".join(lines[max(0, span.line - 12) : span.end_line + 2])
    whole = "\n".join(lines)
    sign = next((x for text in (near, whole) for x in _SIGNS if x in text), "ᵀ")

    def quote(node: s.Expr) -> str | None:
        at = node.span
        if at == s.NOWHERE or at.line != at.end_line or at.line > len(lines):
            return None
        return lines[at.line - 1][at.column - 1 : at.end_column - 1] or None

    return Notation(quote, sign)


def replaced(lines: Sequence[str], old: s.Expr, new: s.Expr) -> TextEdit:
    """The edit that puts the text of one expression in place of another's."""
    return trimmed(lines, TextEdit(old.span, unparse_as(new, notation(lines, old.span))))


def trimmed(lines: Sequence[str], edit: TextEdit) -> TextEdit:
    """The same edit without what it leaves as it is, on one line; words stay whole."""
    span = edit.span
    if span.line != span.end_line:
        return edit
    old = lines[span.line - 1][span.column - 1 : span.end_column - 1]
    new = edit.text
    shortest = min(len(old), len(new))
    front = next((k for k in range(shortest) if old[k] != new[k]), shortest)
    back = next((k for k in range(shortest - front) if old[-1 - k] != new[-1 - k]), shortest - front)
    while front and _word(old, front) and _word(old, front - 1):
        front -= 1
    while back and _word(old, len(old) - back - 1) and _word(old, len(old) - back):
        back -= 1
    return TextEdit(
        Span(span.line, span.column + front, span.line, span.end_column - back), new[front : len(new) - back]
    )


def _word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def line_after(source: str, edits: Sequence[TextEdit], line: int) -> str:
    """A line of the document as it reads after edits that stand on it or on single lines before it."""
    inserted = sum(e.text.count("\n") - (e.span.end_line - e.span.line) for e in edits if e.span.line < line)
    return edited(source, edits).split("\n")[line - 1 + inserted].strip()
