"""One claim in a document, and what the checker says of it."""

from __future__ import annotations

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import ClaimResult, DocumentResult
from symbolic_mla.language.documents import parse_document


def checked(text: str) -> DocumentResult:
    """A derivation, checked."""
    return check_document(parse_document(f"# A document\n\n```derivation\n{text.strip()}\n```\n"))


def judged(text: str) -> DocumentResult:
    """A derivation alone, checked: its first line is the second of the document."""
    return check_document(parse_document(f"```derivation\n{text}\n```\n"))


def verdicts(text: str) -> dict[str, str]:
    """The verdict of every claim. A document that can't be read has none: its error is raised."""
    result = checked(text)
    if result.fatal is not None:
        raise result.fatal
    return {c.id: c.verdict for c in result.claims}


def claim(text: str, name: str) -> ClaimResult:
    """One claim of a document."""
    return next(c for c in checked(text).claims if c.id == name)
