"""The structured diagnostic that every front end shows: terminal, JSON, annotations, editor, notebook, pytest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from symbolic_mla.diagnostics.codes import CODES
from symbolic_mla.errors import Span
from symbolic_mla.record import record

Severity = Literal["error", "warning", "note"]
PartKind = Literal["shapes", "counterexample", "left-over", "hypothesis", "slip", "hint"]
ORDER: tuple[PartKind, ...] = ("shapes", "counterexample", "left-over", "hypothesis", "slip", "hint")
"""The order in which a diagnostic shows its parts."""


@record
class TextEdit:
    """The text at `span` (of the document) becomes `text`. An empty span is an insertion."""

    span: Span
    text: str


@record
class Repair:
    """Edits of the document that mend a finding: after them the step is proved.

    `slip` says in a few words what was wrong; `line` is the line as it reads then, without its indentation.
    """

    slip: str
    edits: tuple[TextEdit, ...]
    line: str


@record
class Part:
    """One thing that is known about a finding, over one or more lines."""

    kind: PartKind
    text: str


@record
class Diagnostic:
    """One thing to look at.

    `span` is the guilty part (None: the document as a whole); `excerpt` its line with carets beneath; `context` the
    step as it was read; `claim` the name of its claim, if it has one. `rewrites` are edits that prove nothing: another
    notation's spelling in ours, `refute` where a claim is false.
    """

    path: str
    code: str
    severity: Severity
    title: str
    message: str
    claim: str | None = None
    span: Span | None = None
    excerpt: str = ""
    context: str = ""
    parts: tuple[Part, ...] = ()
    repairs: tuple[Repair, ...] = ()
    rewrites: tuple[Repair, ...] = ()

    @property
    def rule(self) -> str:
        """The short name of its code: `refuted`, `shape`."""
        return CODES[self.code].rule

    @property
    def where(self) -> str:
        """`path:line:column`, as editors and terminals make a link of it."""
        return f"{self.path}:{self.span.line}:{self.span.column}" if self.span else self.path

    @property
    def lines(self) -> list[str]:
        """All of it for people.

        >>> print(*Diagnostic("a.md", "D001", "error", "a: refuted", "").lines, sep="\\n")
        a.md: D001 refuted
        """
        head = f"{self.where}: {self.code} {self.rule}"
        out = [f"{head}: {self.message}" if self.message else head]
        out += self.excerpt.split("\n") if self.excerpt else []
        for part in sorted(self.parts, key=lambda p: ORDER.index(p.kind)):
            out += part.text.split("\n")
        return out

    @property
    def text(self) -> str:
        """`lines` as one text, the step before them."""
        return "\n".join([*([self.context] if self.context else []), *self.lines])


def edited(source: str, edits: Sequence[TextEdit]) -> str:
    """A document's source after edits, which do not overlap.

    >>> edited("A = B\\nC", [TextEdit(Span(1, 5, 1, 6), "A")])
    'A = A\\nC'
    """
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for edit in sorted(edits, key=lambda e: (e.span.line, e.span.column), reverse=True):
        begin = starts[edit.span.line - 1] + edit.span.column - 1
        end = starts[edit.span.end_line - 1] + edit.span.end_column - 1
        source = source[:begin] + edit.text + source[end:]
    return source
