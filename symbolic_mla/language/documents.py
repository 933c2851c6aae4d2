"""Markdown documents: which parts are derivation blocks, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
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


@dataclass(frozen=True, slots=True)
class Block:
    """One derivation block.

    `first_line` is the document's line of the first line of `text`; `offsets[i]` is how many characters of
    the document stand before line i of it; `expected_error` is the KIND of an `error` block; `span` is the
    opening fence.
    """

    text: str
    first_line: int
    offsets: tuple[int, ...]
    expected_error: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of Markdown that is not read; `first_line` is its line in the document."""

    text: str
    first_line: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its blocks, and all of it in order as `parts`.

    `source` has `\\n` for every line end; `note` says why there is nothing to check, if there is nothing.
    """

    path: str
    title: str
    source: str
    parts: tuple[Prose | Block, ...]
    note: str | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(part for part in self.parts if isinstance(part, Block))

    @property
    def prose(self) -> tuple[Prose, ...]:
        return tuple(part for part in self.parts if isinstance(part, Prose))

    @property
    def lines(self) -> list[str]:
        return self.source.split("\n")


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
    """Find the derivation blocks of a Markdown text, and its title (the first level-one heading).

    Raises: DocumentSyntaxError for a fence that is never closed, or whose info string is neither `derivation`
    nor `derivation error KIND`.

    >>> document = parse_document("# A title\\n\\n```derivation\\ndims m\\n```\\n")
    >>> document.title, document.blocks[0].first_line, document.blocks[0].text
    ('A title', 4, 'dims m\\n')
    """
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = source.split("\n")
    title = ""
    parts: list[Prose | Block] = []
    reached = 0
    tokens = _markdown().parse(source)
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and not title:
            title = tokens[position + 1].content.strip()
        if token.type != "fence" or token.map is None or token.info.split()[:1] != ["derivation"]:
            continue
        start, end = token.map
        _prose(parts, lines, reached, start)
        parts.append(_block(token.info, token.content, token.markup, lines, start, end))
        reached = end
    _prose(parts, lines, reached, len(lines))
    note = None
    if not source.strip():
        note = "skipped: the document is empty"
    elif not any(isinstance(part, Block) for part in parts):
        note = "skipped: no ```derivation block"
    fallback = Path(path).stem if path != "-" else "standard input"
    return Document(path, title or fallback, source, tuple(parts), note)


def _prose(parts: list[Prose | Block], lines: Sequence[str], start: int, end: int) -> None:
    text = "\n".join(lines[start:end])
    if text.strip():
        parts.append(Prose(text, start + 1))


def _block(info: str, content: str, markup: str, lines: Sequence[str], start: int, end: int) -> Block:
    fence = lines[start]
    span = Span(start + 1, fence.find(markup) + 1, start + 1, len(fence) + 1)
    texts = content.split("\n")[:-1]
    if end - start - 1 == len(texts):
        raise DocumentSyntaxError(
            "this block is never closed", hint=f"end it with a line `{markup}`", span=span
        )
    # Inside a quotation or a list the Markdown reader takes a prefix off every line.
    offsets = tuple(
        len(line) - len(text) if line.endswith(text) else 0
        for line, text in zip(lines[start + 1 : end - 1], texts, strict=True)
    )
    return Block(content, start + 2, offsets, _expected_error(info, span), span)


def _expected_error(info: str, span: Span) -> str | None:
    words = info.split()[1:]
    if not words:
        return None
    kinds = ", ".join(f"`{kind}`" for kind in ERROR_KINDS)
    if words[0] != "error":
        raise DocumentSyntaxError(
            f"`{info.strip()}` is not a kind of block",
            hint="write ```derivation, or ```derivation error KIND",
            span=span,
        )
    if len(words) != 2 or words[1] not in ERROR_KINDS:
        met = " ".join(words[1:]) or "nothing"
        raise DocumentSyntaxError(
            f"an error block names one kind of error; met {met}", hint=f"the kinds are {kinds}", span=span
        )
    return words[1]
