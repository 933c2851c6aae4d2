"""Edits that prove nothing: `claim` for `refute` and the reverse, another notation's spelling in ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symbolic_mla.derivation.results import ClaimResult
from symbolic_mla.diagnostics.diagnostic import Repair, TextEdit
from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.language.documents import Document

_OTHER = {"claim": "refute", "refute": "claim"}


def other_word(claim: ClaimResult, document: Document) -> Repair | None:
    """`claim` where `refute` stands, or the reverse: after it the document expects what was found.

    None where the verdict is neither, and where no such word stands in the text.
    """
    if {claim.verdict, claim.expected} != {"proved", "refuted"}:
        return None
    old = "claim" if claim.expected == "proved" else "refute"
    lines = document.lines
    said = re.compile(rf"\b{old}(?=\s+{re.escape(claim.id)}\b)")
    for line in range(claim.item.span.line, 0, -1):  # the mark of a formula stands before it
        found = said.search(lines[line - 1])
        if found is not None:
            span = Span(line, found.start() + 1, line, found.end() + 1)
            return _rewrite(f"`{_OTHER[old]}` for `{old}`", TextEdit(span, _OTHER[old]), lines)
        if "```" in lines[line - 1] and line < claim.item.id.span.line:
            break
    return None


def respelling(error: SymbolicMLAError, lines: Sequence[str]) -> Repair | None:
    """The edit that writes what another notation says as the language has it."""
    span = error.span
    if error.spelling is None or span is None or span.line != span.end_line:
        return None
    return _rewrite(error.message.split("\n")[0], TextEdit(span, error.spelling), lines)


def _rewrite(why: str, edit: TextEdit, lines: Sequence[str]) -> Repair:
    line = lines[edit.span.line - 1]
    after = line[: edit.span.column - 1] + edit.text + line[edit.span.end_column - 1 :]
    return Repair(why, (edit,), after.split("\n")[0].strip())
