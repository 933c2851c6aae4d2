"""What a person has to look at in a checked document: a place, a rule, a level and a message for each."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from symbolic_mla.derivation.explain import step_lines
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult, StepResult
from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.language.diagnostics import render_diagnostic
from symbolic_mla.language.documents import ERROR_KINDS, Document
from symbolic_mla.language.scope import Scope

Level = Literal["error", "warning", "note"]


def _summary(error: type) -> str:
    return " ".join((error.__doc__ or "").split())


RULES: Mapping[str, str] = MappingProxyType(
    {
        "refuted": "A step of a claim is false: there is a counterexample.",
        "undecided": "A step was neither proved nor refuted within the budget. It may be true or false.",
        "not-refuted": "A claim that the document calls false was proved.",
        "no-error": "A block that expects an error of one kind met another, or none.",
        "document": "Nothing was checked in a document, or its hypotheses were not seen to be satisfiable.",
    }
    | {kind: _summary(error) for kind, error in ERROR_KINDS.items()}
    | {"error": "An error of no particular kind."}
)
"""The rules that a finding can break, with what they mean. Errors have the kind that an error block names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    `claim` is the name of its claim, if it has one; `title` one line; `text` all that is known, over several
    lines; `span` is absent when the document as a whole is meant.
    """

    path: str
    rule: str
    level: Level
    title: str
    text: str
    claim: str | None = None
    span: Span | None = None


def findings(result: DocumentResult, only: str | None = None) -> Iterator[Finding]:
    """What is not as the document expects, in its order; then its warnings, and what could not be read."""
    for part in result.parts:
        if isinstance(part, ClaimResult) and only in (None, part.id):
            yield from claim_findings(part, result)
        elif isinstance(part, ErrorBlockResult) and only is None:
            yield from block_findings(part, result)
    for warning in result.warnings:
        level: Level = "warning" if result.claims else "note"
        yield Finding(result.path, "document", level, warning, warning)
    yield from fatal_findings(result)


def _rule(error: SymbolicMLAError) -> str:
    return error.kind if error.kind in RULES else "error"


def claim_findings(claim: ClaimResult, result: DocumentResult) -> Iterator[Finding]:
    """The steps for which a claim is not as expected; the claim itself when it was to be refuted and is true."""
    if claim.as_expected:
        return
    faulty = [step for step in claim.steps if step.verdict not in ("proved", claim.expected)]
    for step in faulty:
        yield _step(step, claim, result)
    if not faulty:
        title = f"{claim.id}: {claim.verdict}; {claim.expected} was expected"
        yield Finding(result.path, "not-refuted", "error", title, title, claim.id, claim.item.id.span)


def _step(step: StepResult, claim: ClaimResult, result: DocumentResult) -> Finding:
    span = step.error.span if step.error is not None and step.error.span is not None else step.span
    rule = _rule(step.error) if step.error is not None else step.verdict
    first, *rest = step_lines(step, result)
    head = f"{first.strip().lstrip('✓✗?! ')}: {step.verdict}"
    text = "\n".join([head, textwrap.dedent("\n".join(rest))]).rstrip()
    return Finding(result.path, rule, "error", f"{claim.id}: {rule}", text, claim.id, span)


def block_findings(block: ErrorBlockResult, result: DocumentResult) -> Iterator[Finding]:
    """An error block that did not meet its error."""
    if block.as_expected:
        return
    met = f"an error of kind {block.met.kind}" if block.met else "no error"
    title = f"an error of kind {block.block.expected_error} was expected here, and {met} was met"
    shown = render_diagnostic(block.met, path=result.path, lines=result.document.lines) if block.met else ""
    yield Finding(result.path, "no-error", "error", title, f"{title}\n{shown}".rstrip(), None, block.block.span)


def fatal_findings(result: DocumentResult) -> Iterator[Finding]:
    """What could not be read."""
    if result.fatal is not None:
        shown = render_diagnostic(result.fatal, path=result.path, lines=result.document.lines)
        title = f"{result.fatal.kind}: {result.fatal.message}"
        yield Finding(result.path, _rule(result.fatal), "error", title, shown, None, result.fatal.span)


def unreadable(path: str, error: SymbolicMLAError) -> DocumentResult:
    """A document that cannot be read at all, as a result whose `fatal` says why."""
    return DocumentResult(Document(path, path, "", ()), Scope(), fatal=error)
