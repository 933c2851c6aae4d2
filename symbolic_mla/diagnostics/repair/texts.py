"""A mended tree as edits of the source: the author's words stay, and only what changes is replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from symbolic_mla.diagnostics.diagnostic import TextEdit, edited
from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import Block, Document
from symbolic_mla.language.latex import latex_as
from symbolic_mla.language.latex_author import Author
from symbolic_mla.language.parse import ParseEnvironment, read_block
from symbolic_mla.language.unparse import Notation, unparse_as, unparse_size

_SIGNS = ("ᵀ", "'", ".T", "^T", "′", "⊤")
_RELATION = re.compile(r"\\[A-Za-z]+|<=|>=|[=<>≤≥]")
_GROWING = re.compile(r"\\(left|[bB]igg?l?)\s*$")
_IN_LATEX = {"=": "=", "<=": r"\leq", ">=": r"\geq", "<": "<", ">": ">", "!=": r"\neq"}


class Writer:
    """Writes the edits of one claim as its author would: in the language, or in LaTeX."""

    def __init__(self, document: Document, claim: s.Claim) -> None:
        self.document = document
        self.claim = claim
        self.lines = document.lines
        self.block = _block_of(document, claim.span.line)
        self.tex = self.block is not None and self.block.mark is not None
        self._spellings = _spellings(document) if self.tex else {}

    def replaced(self, old: s.Expr, new: s.Expr) -> TextEdit:
        """The edit that puts the text of one expression in place of another's."""
        if self.tex:
            return self.trimmed(TextEdit(self._grown(old.span), self.latex(new)))
        return self.trimmed(TextEdit(old.span, unparse_as(new, self._notation(old.span))))

    def size(self, old: s.Expr, new: s.Expr) -> TextEdit:
        """The same for a size of a declaration."""
        if self.tex:
            return TextEdit(self._grown(old.span), self.latex(new))
        return TextEdit(old.span, unparse_size(new))

    def relation(self, step: s.Step, new: s.Relation) -> TextEdit | None:
        """The edit that puts another relation in front of a step."""
        line = self.lines[step.span.line - 1]
        old = _RELATION.match(line, step.span.column - 1)
        if old is None:
            return None
        text = _IN_LATEX[new] if self.tex else new
        return TextEdit(Span(step.span.line, old.start() + 1, step.span.line, old.end() + 1), text)

    def text(self, fact: s.Fact) -> str:
        """A fact in the language, with the author's sign of a transpose."""
        return unparse_as(fact, Notation(lambda node: None, self._sign(self.claim.span)))

    def hypothesis(self, group: s.GivenGroup, fact: s.Fact) -> TextEdit | None:
        """The edit that states a fact: behind a group of `given`, or before the claim if the group is a formula."""
        at = group.span
        block = _block_of(self.document, at.line)
        if self.tex or block is None or block.mark is not None:
            return self.assume(fact)
        end = Span(at.end_line, at.end_column, at.end_line, at.end_column)
        return TextEdit(end, f"{', ' if group.hypotheses else ' with '}{self.text(fact)}")

    def assume(self, fact: s.Fact) -> TextEdit | None:
        """The edit that assumes a fact right before the claim; None for a fact that a formula cannot state."""
        line, column = self.claim.span.line, self.claim.span.column
        if not self.tex or self.block is None:
            indent = self.lines[line - 1][: column - 1]
            return TextEdit(Span(line, column, line, column), f"assume {self.text(fact)}\n{indent}")
        line = self.block.span.line
        while line > 1 and self.lines[line - 2].lstrip().startswith("<!--"):
            line -= 1
        if not isinstance(fact, s.Chain) or self.lines[line - 1].lstrip().startswith(">"):
            return None
        sides = "".join(f" {_IN_LATEX[x.relation]} {self.latex(x.right)}" for x in fact.steps)
        text = f"<!-- assume --> $$ {self.latex(fact.first)}{sides} $$\n\n"
        return TextEdit(Span(line, 1, line, 1), text)

    def latex(self, new: s.Expr) -> str:
        """An expression as the author of a formula would write it."""
        return latex_as(new, Author(self.quote, self._spellings.get))

    def quote(self, node: s.Expr) -> str | None:
        """The text of a node that stands in the source, on one line."""
        at = self._grown(node.span) if self.tex else node.span
        if node.span == s.NOWHERE or at.line != at.end_line or at.line > len(self.lines):
            return None
        return self.lines[at.line - 1][at.column - 1 : at.end_column - 1] or None

    def trimmed(self, edit: TextEdit) -> TextEdit:
        """The same edit without what it leaves as it is, on one line; words stay whole."""
        span = edit.span
        if span.line != span.end_line:
            return edit
        old = self.lines[span.line - 1][span.column - 1 : span.end_column - 1]
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

    def _grown(self, span: Span) -> Span:
        r"""The span of a bracket that stands in LaTeX, with the `\left` before it."""
        line = self.lines[span.line - 1]
        before = _GROWING.search(line, 0, span.column - 1)
        if before is None or line[span.column - 1 : span.column] not in ("(", "["):
            return span
        return Span(span.line, before.start() + 1, span.end_line, span.end_column)

    def _notation(self, span: Span) -> Notation:
        """How the author writes: the text of what stands in the source, and the sign of a transpose."""
        return Notation(self.quote, self._sign(span))

    def _sign(self, span: Span) -> str:
        """The sign of a transpose, as it is written near a place."""
        near = "\n".join(self.lines[max(0, span.line - 12) : span.end_line + 2])
        whole = "\n".join(self.lines)
        return next((x for text in (near, whole) for x in _SIGNS if x in text), "ᵀ")


def _block_of(document: Document, line: int) -> Block | None:
    """The block that a line stands in: the last that begins before it."""
    inside = [b for b in document.blocks if b.first_line <= line]
    return inside[-1] if inside else None


def _spellings(document: Document) -> Mapping[str, str]:
    """How the formulas of a document first spell each name."""
    lines, names = document.lines, ParseEnvironment()
    found: dict[str, str] = {}
    with suppress(SymbolicMLAError, RecursionError):
        for block in document.blocks:
            if block.expected_error is not None:
                continue
            for item in read_block(block, names, []):
                for name in _names(item) if block.mark is not None else ():
                    at = name.span
                    if at.line == at.end_line and not _opening(block, at):
                        found.setdefault(name.text, lines[at.line - 1][at.column - 1 : at.end_column - 1])
    return found


def _opening(block: Block, span: Span) -> bool:
    """Whether a name stands where its formula opens: it is the name of a claim."""
    return (span.line, span.column) == (block.span.line, block.span.column)


def _names(root: object) -> Iterator[s.Name]:
    todo = [root]
    while todo:
        node = todo.pop(0)
        if isinstance(node, s.Name):
            yield node
        elif isinstance(node, tuple):
            todo += node
        elif hasattr(node, "__slots__") and hasattr(node, "span"):
            todo += [getattr(node, name) for name in node.__slots__ if name != "span"]


def _word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] in "_\\")


def line_after(source: str, edits: Sequence[TextEdit], line: int) -> str:
    """A line of the document as it reads after edits that stand on it or on single lines before it."""
    inserted = sum(e.text.count("\n") - (e.span.end_line - e.span.line) for e in edits if e.span.line < line)
    return edited(source, edits).split("\n")[line - 1 + inserted].strip()
