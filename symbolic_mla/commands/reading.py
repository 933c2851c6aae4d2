"""What the paths of a command line name: documents, certificates."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from symbolic_mla.errors import InputError, SymbolicMLAError
from symbolic_mla.limit import READING, processor_time

if TYPE_CHECKING:
    from symbolic_mla.cache.memory import Memory
    from symbolic_mla.derivation.results import ClaimResult, DocumentResult
    from symbolic_mla.language.documents import Document


def read(path: str) -> str:
    """The text of a certificate."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {_reason(error)}", hint="name a certificate under reports/certificates/") from None


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "not UTF-8 text"


def documents(paths: Sequence[str]) -> Iterator[str]:
    """The documents that paths name: folders stand for the Markdown files in them."""
    for path in paths:
        folder = Path(path)
        if path != "-" and folder.is_dir():
            inside = sorted(p.as_posix() for p in folder.rglob("*.md"))
            if not inside:
                raise InputError(f"{path}: no .md file in this folder", hint="name a document")
            yield from inside
        else:
            yield path


def checked(path: str, claim: str | None, memory: Memory | None = None) -> DocumentResult:
    """A document judged; one that cannot be read is a result that says so. `memory` is what is known from before."""
    from symbolic_mla.derivation.check import check_document
    from symbolic_mla.derivation.memory import FRESH

    try:
        with processor_time(READING, path):
            document = _loaded(path)
    except SymbolicMLAError as error:
        from symbolic_mla.diagnostics.of_document import unreadable

        return unreadable(path, error)
    if memory is None or claim is not None or path == "-":
        return check_document(document, claim, memory=memory or FRESH)
    with memory.together(path):
        return check_document(document, memory=memory)


def one_claim(result: DocumentResult, claim: str | None) -> ClaimResult:
    """The claim of a name, or the only one of a document. Raises: what is wrong with the document; InputError."""
    if result.fatal is not None:
        from symbolic_mla.language.diagnostics import render_diagnostic

        raise InputError(render_diagnostic(result.fatal, path=result.path, lines=result.document.lines))
    found = [c for c in result.claims if claim in (None, c.id)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(c.id for c in result.claims) or "none"
    raise InputError(f"{result.path}: which claim? It has {names}", hint="name one with --claim ID")


def _loaded(path: str) -> Document:
    from symbolic_mla.language.documents import decode, load_document, parse_document

    try:
        if path != "-":
            return load_document(path)
        if sys.stdin is None:
            raise InputError("-: standard input is closed", hint="name a document")
        return parse_document(decode(sys.stdin.buffer.read()), path="-")
    except OSError as error:
        hint = "name a Markdown document, or - for standard input"
        raise InputError(f"{path}: {_reason(error)}", hint=hint) from None
