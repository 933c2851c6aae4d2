"""A span shown in its source: `path:line:column`, the line, and a caret under the place."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from symbolic_mla.errors import Span, SymbolicMLAError

_TAB_WIDTH = 4
_MAX_WIDTH = 160


def display_width(text: str) -> int:
    """How many columns a terminal gives the text: two for wide characters, none for combining marks.

    >>> display_width("Q̂ = 行"), display_width("A")
    (6, 1)
    """
    width = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


def caret_lines(lines: Sequence[str], span: Span, *more: Span) -> str:
    """The span's first line of source and, beneath it, carets under the span; `""` outside of the source.

    Further spans of the same line, each behind the one before, get their carets too.
    """
    if not 1 <= span.line <= len(lines):
        return ""
    line = lines[span.line - 1]
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line.rstrip())
    before = line[:start].expandtabs(_TAB_WIDTH)
    marked = line[start : max(end, start)].expandtabs(_TAB_WIDTH)
    carets = "^" * max(1, display_width(marked))
    for other in more:
        gap = display_width(line[end : other.column - 1].expandtabs(_TAB_WIDTH))
        end = other.end_column - 1
        carets += " " * gap + "^" * max(1, display_width(line[other.column - 1 : end]))
    number = str(span.line)
    margin = " " * len(number)
    shown = "".join(c if c.isprintable() else " " for c in line.expandtabs(_TAB_WIDTH))
    at = display_width(before)
    if len(shown) > _MAX_WIDTH:  # a window of the line, with the place in it
        first = max(0, min(len(before) - _MAX_WIDTH // 3, len(shown) - _MAX_WIDTH))
        at -= display_width(shown[:first])
        shown, carets = shown[first : first + _MAX_WIDTH], carets[: max(1, _MAX_WIDTH - at)]
    return f"{number} | {shown}\n{margin} | {' ' * at}{carets}"


def render_diagnostic(error: SymbolicMLAError, *, path: str, lines: Sequence[str] = ()) -> str:
    """The error for people: where, what, the source line with carets, what to try.

    `lines` is the document's source, as `Document.lines`; columns count code points.

    >>> from symbolic_mla.errors import DocumentSyntaxError
    >>> error = DocumentSyntaxError("`==` is not a relation", hint="write `=`", span=Span(1, 3, 1, 5))
    >>> print(render_diagnostic(error, path="a.md", lines=["A == B"]))
    a.md:1:3: D104 syntax: `==` is not a relation
    1 | A == B
      |   ^^
      try: write `=`
    """
    where = f"{path}:{error.span.line}:{error.span.column}" if error.span else path
    parts = [f"{where}: {error.code} {error.kind}: {error.message}"]
    if error.span and (excerpt := caret_lines(lines, error.span)):
        parts.append(excerpt)
    if error.hint:
        parts.append(f"  try: {error.hint}")
    return "\n".join(parts)
