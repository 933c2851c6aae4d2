"""What a person has to look at in a checked document: a diagnostic for each."""

from __future__ import annotations

from collections.abc import Iterator

from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult
from symbolic_mla.diagnostics.diagnostic import Diagnostic, Part
from symbolic_mla.diagnostics.of_step import of_error, of_step
from symbolic_mla.diagnostics.repair.rewrites import other_word
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language.diagnostics import caret_lines
from symbolic_mla.language.documents import Document
from symbolic_mla.language.scope import Scope


def diagnose(result: DocumentResult, only: str | None = None, *, repairs: bool = True) -> Iterator[Diagnostic]:
    """What is not as the document expects, in its order; then its warnings, and what could not be read.

    `only` names a claim. Without `repairs` no repair is looked for, which takes a fraction of the time.

    >>> from symbolic_mla.derivation.check import check_document
    >>> from symbolic_mla.language.documents import parse_document
    >>> text = "```derivation\\ndims m\\nclaim small: m <= 2\\n```\\n"
    >>> [(d.code, d.where) for d in diagnose(check_document(parse_document(text, path="a.md")))]
    [('D001', 'a.md:3:19')]
    """
    for part in result.parts:
        if isinstance(part, ClaimResult) and only in (None, part.id):
            yield from of_claim(part, result, repairs=repairs)
        elif isinstance(part, ErrorBlockResult) and only is None:
            yield from of_block(part, result)
    for warning in result.warnings:
        checked = bool(result.claims)
        code, severity = ("D005", "warning") if checked else ("D006", "note")
        yield Diagnostic(result.path, code, severity, warning, warning)  # type: ignore[arg-type]
    yield from of_fatal(result)


def of_claim(claim: ClaimResult, result: DocumentResult, *, repairs: bool = True) -> Iterator[Diagnostic]:
    """The steps for which a claim is not as expected; the claim itself when it was to be refuted and is true."""
    if claim.as_expected:
        return
    faulty = [step for step in claim.steps if step.verdict not in ("proved", claim.expected)]
    for step in faulty:
        yield of_step(step, claim, result, repairs=repairs)
    if not faulty:
        span = claim.item.id.span
        title = f"{claim.id}: {claim.verdict}; {claim.expected} was expected"
        other = other_word(claim, result.document)
        parts = (Part("hint", f"  try: {other.line}"),) if other else ()
        yield Diagnostic(result.path, "D003", "error", title, title, claim.id, span,
                         caret_lines(result.document.lines, span), parts=parts,
                         rewrites=(other,) if other else ())  # fmt: skip


def of_block(block: ErrorBlockResult, result: DocumentResult) -> Iterator[Diagnostic]:
    """An error block that did not meet its error."""
    if block.as_expected:
        return
    met = f"an error of kind {block.met.kind}" if block.met else "no error"
    title = f"an error of kind {block.block.expected_error} was expected here, and {met} was met"
    inner = of_error(block.met, result.path, result.document.lines).lines if block.met else []
    yield Diagnostic(result.path, "D004", "error", title, title, None, block.block.span, "\n".join(inner))


def of_fatal(result: DocumentResult) -> Iterator[Diagnostic]:
    """What could not be read."""
    faults = result.faults or ([result.fatal] if result.fatal is not None else [])
    for error in sorted(faults, key=lambda e: e.span.line if e.span else 0):  # what has no tokens was met first
        yield of_error(error, result.path, result.document.lines)


def unreadable(path: str, error: SymbolicMLAError) -> DocumentResult:
    """A document that cannot be read at all, as a result whose `fatal` says why."""
    return DocumentResult(Document(path, path, error.source or "", ()), Scope(), fatal=error)
