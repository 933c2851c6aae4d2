"""Markdown documents: which parts are derivation blocks, and where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType

from markdown_it import MarkdownIt

from symbolic_mla.errors import (
    AxisOrderError,
    BudgetError,
    CertificateError,
    DocumentSyntaxError,
    DomainError,
    InputError,
    NameUnknownError,
    ShapeError,
    Span,
    SymbolicMLAError,
    TypeMismatchError,
    UnsupportedError,
)
from symbolic_mla.language.displays import Comment, Display, Mark, mark_of, pieces, states_something
from symbolic_mla.record import record

ERROR_KINDS: Mapping[str, type[SymbolicMLAError]] = MappingProxyType(
    {
        error.kind: error
        for error in (
            ShapeError,
            AxisOrderError,
            NameUnknownError,
            DocumentSyntaxError,
            DomainError,
            TypeMismatchError,
            UnsupportedError,
            BudgetError,
            CertificateError,
            InputError,
        )
    }
)
"""The words that a ```` ```derivation error KIND ```` block may expect."""


@record
class Block:
    """One derivation block, or one displayed formula that is read.

    `first_line` is the document's line of the first line of `text`; `offsets[i]` is how many characters of
    the document stand before line i of it; `expected_error` is the KIND of an `error` block; `span` is what
    opens it; `mark` says what a formula is.
    """

    text: str
    first_line: int
    offsets: tuple[int, ...]
    expected_error: str | None
    span: Span
    mark: Mark | None = None


@record
class Prose:
    """A stretch of Markdown that is not read; `first_line` is its line in the document."""

    text: str
    first_line: int


@dataclass(frozen=True)
class Document:
    """A document: its blocks, and all of it in order as `parts`.

    `source` has `\\n` for every line end; `note` says why there is nothing to check, if there is nothing;
    `unread` are the lines of displayed formulas that state something and are not marked.
    """

    path: str
    title: str
    source: str
    parts: tuple[Prose | Block, ...]
    note: str | None = None
    unread: tuple[int, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(part for part in self.parts if isinstance(part, Block))

    @property
    def prose(self) -> tuple[Prose, ...]:
        return tuple(part for part in self.parts if isinstance(part, Prose))

    @cached_property
    def lines(self) -> Sequence[str]:
        return tuple(self.source.split("\n"))


@cache
def _markdown() -> MarkdownIt:
    # Inline rules never run: only blocks matter here.
    return MarkdownIt("commonmark").disable(["inline", "text_join"], ignoreInvalid=True)


def decode(data: bytes) -> str:
    """UTF-8 bytes, with or without a byte order mark, as text with `\\n` line ends.

    Raises: InputError with the line and column of the first byte that is not UTF-8.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        raise InputError(
            f"not UTF-8: byte 0x{data[error.start]:02X} at line {line}, column {column}",
            hint="save the document as UTF-8",
            span=Span(line, column, line, column + 1),
        ) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def load_document(path: str | Path) -> Document:
    """Read a Markdown file.

    Raises: InputError when it cannot be read or is not UTF-8; DocumentSyntaxError as `parse_document`.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror or error}", hint="give the path of a Markdown file"
        ) from None
    return parse_document(decode(data), path=str(path))


def parse_document(source: str, *, path: str = "-") -> Document:
    """Find the derivation blocks and the marked formulas of a Markdown text, and its title (the first level-one
    heading).

    Raises: DocumentSyntaxError for a fence or a marked formula that is never closed, for an info string that begins
    with `derivation` and is no kind of block, and for a mark without a formula.

    >>> document = parse_document("# A title\\n\\n```derivation\\ndims m\\n```\\n")
    >>> document.title, document.blocks[0].first_line, document.blocks[0].text
    ('A title', 4, 'dims m\\n')
    """
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return _parsed(source, path)
    except SymbolicMLAError as error:
        error.source = source
        raise


def _parsed(source: str, path: str) -> Document:
    lines = source.split("\n")
    title = ""
    parts = _Parts(lines)
    tokens = _markdown().parse(source)
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and not title:
            title = tokens[position + 1].content.strip()
        if token.type == "fence" and token.map is not None:
            parts.fence(token.info, token.content, token.markup, *token.map)
        elif token.type == "code_block" and token.map is not None:
            parts.code |= set(range(*token.map))
    parts.prose(len(lines))
    parts.refuse_pending()
    note = None
    if not source.strip():
        note = "skipped: the document is empty"
    elif not any(isinstance(part, Block) for part in parts.found):
        note = "skipped: no ```derivation block"
    fallback = Path(path).stem if path != "-" else "standard input"
    return Document(path, title or fallback, source, parts.parts(), note, tuple(parts.unread))


class _Parts:
    """The parts of a document, from its first line to its last.

    `reading` is true from the words `derivation math` on: then all displayed formulas are read. `pending` is a mark
    whose formula has to come next.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.found: list[Prose | Block] = []
        self.texts: dict[int, list[str]] = {}  # of the prose among them, put together at the end
        self.prose_end = -1
        self.unread: list[int] = []
        self.code: set[int] = set()
        self.reached = 0
        self.reading = False
        self.pending: tuple[Mark, Span] | None = None
        self.unmarked = 0
        self.commented = False

    def fence(self, info: str, content: str, markup: str, start: int, end: int) -> None:
        """A fence on the lines from `start` to `end`; what is no derivation and no formula goes on as prose."""
        words = info.split()
        self.prose(start)
        fence = self.lines[start]
        span = Span(start + 1, fence.find(markup) + 1, start + 1, len(fence) + 1)
        block: Block | None = None
        if words[:1] == ["derivation"]:
            self.refuse_pending()
            self.reading = self.reading or words[1:] == ["math"]
            expected = None if words[1:] == ["math"] else _expected_error(info, span)
            block = replace(_block(content, markup, self.lines, start, end, span), expected_error=expected)
        elif words[:1] == ["math"]:
            mark = self.mark(" ".join(words[1:]), span)
            if mark is not None:
                block = _marked(_block(content, markup, self.lines, start, end, span), mark)
            elif self.is_unread(content):
                self.unread.append(start + 1)
        else:
            self.refuse_pending()
        if block is not None:
            self.found.append(block)
        else:
            self.add_prose("\n".join(self.lines[start:end]), start)
        self.reached = end

    def mark(self, said: str, span: Span) -> Mark | None:
        """The mark of the formula that stands here; None if it is commentary."""
        own = mark_of(said, span) if said else None
        if own is not None and self.pending is not None:
            raise DocumentSyntaxError("two marks on one formula", hint="keep one of them", span=span)
        mark = own or (self.pending[0] if self.pending is not None else None)
        self.pending = None
        if mark is None and self.reading:
            self.unmarked += 1
            mark = Mark("unmarked", f"formula-{self.unmarked}")
        self.commented = mark is not None and mark.role == "commentary"
        return None if self.commented else mark

    def is_unread(self, formula: str) -> bool:
        """Whether a formula that is not read should be spoken of."""
        return not self.commented and states_something(formula)

    def prose(self, end: int) -> None:
        """The lines up to `end`: prose, and the displayed formulas in it."""
        if end <= self.reached:
            return
        text = "\n".join(self.lines[self.reached : end])
        first, at = self.reached, 0
        starts = [0, *accumulate(len(line) + 1 for line in self.lines[self.reached : end])]
        for piece in pieces(text):
            begin = piece.start if isinstance(piece, Comment) else piece.outer[0]
            within = bisect_right(starts, begin) - 1
            line = first + within
            if line in self.code:
                continue
            column = begin - starts[within] + 1
            if isinstance(piece, Comment):
                self.between(text, at, begin)
                self.comment(piece, Span(line + 1, column, line + 1, column + 4))
                if self.pending is not None:
                    self.add_prose(text[at:begin], first + bisect_right(starts, at) - 1)
                    at = piece.end
                continue
            self.between(text, at, begin)
            span = Span(line + 1, column, line + 1, column + len(piece.opening))
            if not piece.closed and self.pending is None and not self.reading:
                continue
            mark = self.mark("", span)
            if mark is None:
                if self.is_unread(text[piece.start : piece.end]):
                    self.unread.append(line + 1)
                continue
            if not piece.closed:
                raise DocumentSyntaxError(
                    "this formula is never closed", hint=f"close what `{piece.opening}` opens", span=span
                )
            self.add_prose(text[at:begin], first + bisect_right(starts, at) - 1)
            inside = first + bisect_right(starts, piece.start)
            self.found.append(_marked(_display_block(text, piece, inside, span), mark))
            at = piece.outer[1]
        self.between(text, at, len(text))
        self.add_prose(text[at:], first + bisect_right(starts, at) - 1)
        self.reached = end

    def comment(self, comment: Comment, span: Span) -> None:
        if comment.text.split() == ["derivation", "math"]:
            self.reading = True
            return
        mark = mark_of(comment.text, span)
        if mark is not None:
            self.refuse_pending()
            self.pending = (mark, span)

    def between(self, text: str, start: int, end: int) -> None:
        """What stands between a mark and its formula: nothing."""
        if self.pending is not None and text[start:end].strip(" \t\n>"):
            self.refuse_pending()

    def refuse_pending(self) -> None:
        if self.pending is not None and self.pending[0].role != "commentary":
            mark, span = self.pending
            raise DocumentSyntaxError(
                f"the mark `{mark.role} {mark.name}`".replace(" `", "`") + " has no displayed formula behind it",
                hint="a mark stands directly before its $$...$$ or its ```math fence",
                span=span,
            )
        self.pending = None

    def add_prose(self, text: str, line: int) -> None:
        """Prose on the lines from `line` on; what goes on from the line before belongs to the part before."""
        last = len(self.found) - 1
        if last in self.texts and self.prose_end == line:
            self.texts[last].append(text)
        elif text.strip():
            self.texts[last + 1] = [text]
            self.found.append(Prose("", line + 1))
        else:
            return
        self.prose_end = line + text.count("\n") + 1

    def parts(self) -> tuple[Prose | Block, ...]:
        """What was found, in order."""
        return tuple(replace(part, text="\n".join(self.texts[k])) if k in self.texts else part
                     for k, part in enumerate(self.found))  # fmt: skip


def _marked(block: Block, mark: Mark) -> Block:
    if mark.role != "error":
        return replace(block, mark=mark)
    _expected_error(f"derivation error {mark.by}", block.span)
    return replace(block, mark=Mark("claim", "error"), expected_error=mark.by)


_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)*")


def _display_block(text: str, piece: Display, first_line: int, span: Span) -> Block:
    """A displayed formula as a block, line by line without the marks of a quotation. `first_line` has its content's
    first character."""
    line_start = text.rfind("\n", 0, piece.start) + 1
    quoted = _QUOTED.match(text, line_start)
    deep = quoted is not None and ">" in quoted.group()
    lines = text[piece.start : piece.end].split("\n")
    offsets = [piece.start - line_start]
    for k, line in enumerate(lines[1:], 1):
        prefix = _QUOTED.match(line) if deep else None
        cut = prefix.end() if prefix is not None else 0
        lines[k] = line[cut:]
        offsets.append(cut)
    return Block("\n".join(lines), first_line, tuple(offsets), None, span)


def _block(content: str, markup: str, lines: Sequence[str], start: int, end: int, span: Span) -> Block:
    texts = content.split("\n")[:-1]
    if end - start - 1 == len(texts):
        raise DocumentSyntaxError(
            "this block is never closed", hint=f"end it with a line {markup}", span=span
        )
    # Inside a quotation or a list the Markdown reader takes a prefix off every line.
    offsets = tuple(
        len(line) - len(text) if line.endswith(text) else 0
        for line, text in zip(lines[start + 1 : end - 1], texts, strict=True)
    )
    return Block(content, start + 2, offsets, None, span)


def _expected_error(info: str, span: Span) -> str | None:
    words = info.split()[1:]
    if not words:
        return None
    kinds = ", ".join(f"`{kind}`" for kind in ERROR_KINDS)
    if words[0] != "error":
        raise DocumentSyntaxError(
            f"`{info.strip()}` is not a kind of block",
            hint="write ```derivation, ```derivation math, or ```derivation error KIND",
            span=span,
        )
    if len(words) != 2 or words[1] not in ERROR_KINDS:
        met = " ".join(words[1:]) or "nothing"
        raise DocumentSyntaxError(
            f"an error block names one kind of error; met {met}", hint=f"the kinds are {kinds}", span=span
        )
    return words[1]
