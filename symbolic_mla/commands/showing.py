"""Judged documents on the terminal, and in the formats that machines read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symbolic_mla.errors import InputError

if TYPE_CHECKING:
    from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult

FORMATS = click.Choice(["text", "json", "github", "junit", "sarif"])
_FOR_MACHINES = ("github", "junit", "sarif")
SIGN = {"proved": ("✓", "green"), "refuted": ("✗", "red"), "undecided": ("?", "yellow"), "error": ("!", "magenta")}


def show(results: Sequence[DocumentResult], form: str, only: str | None) -> None:
    """Print judged documents in one of FORMATS."""
    click.echo(text_of(results, form, only), nl=False)


def text_of(results: Sequence[DocumentResult], form: str, only: str | None) -> str:
    """Judged documents in one of FORMATS. It ends with a line end, unless there is nothing to say."""
    if form == "json":
        import json

        from symbolic_mla.formats.json_form import document_json

        documents = [document_json(r, only) for r in results]
        return json.dumps({"documents": documents}, ensure_ascii=False, indent=2) + "\n"
    if form in _FOR_MACHINES:
        from symbolic_mla.formats import render

        return render(form, results, only)
    return "".join(f"{line}\n" for result in results for line in _lines(result, only))


def destination(text: str) -> tuple[str, str]:
    """`FORMAT=FILE` as the two. Raises: InputError."""
    form, _, path = text.partition("=")
    if form not in FORMATS.choices or not path:
        names = ", ".join(FORMATS.choices)
        raise InputError(f"--save {text}: a format, = and a file were expected",
                         hint=f"--save sarif=check.sarif; the formats are {names}")  # fmt: skip
    return form, path


def save(path: str, text: str) -> None:
    """Write a file whole or not at all, without the colours of a terminal. Raises: InputError where that fails."""
    from symbolic_mla.report.files import replace_file

    place, data = Path(path), click.unstyle(text).encode()
    try:
        if place.exists() and not place.is_file():  # a device or a pipe is written to, and never replaced
            place.write_bytes(data)
        else:
            replace_file(place, data)
    except OSError as error:
        raise InputError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None


def _lines(result: DocumentResult, only: str | None) -> Iterator[str]:
    from symbolic_mla.derivation.results import ClaimResult, ErrorBlockResult

    yield click.style(result.path, bold=True)
    for part in result.parts:
        if isinstance(part, ErrorBlockResult) and only is None:
            yield from _error_block(part, result)
        elif isinstance(part, ClaimResult) and only in (None, part.id):
            yield from claim_lines(part, result)
    for warning in (*result.warnings, *result.notes):
        yield f"  note: {warning}"
    if result.fatal is not None:
        from symbolic_mla.diagnostics.of_document import of_fatal

        for diagnostic in of_fatal(result):
            yield from diagnostic.lines


def _error_block(part: ErrorBlockResult, result: DocumentResult) -> Iterator[str]:
    kind = part.block.expected_error
    if part.as_expected:
        yield f"  {click.style('✓', fg='green')} the {kind} error that line {part.block.span.line} expects"
        return
    met = f"an error of kind {part.met.kind}" if part.met else "no error"
    yield f"  {click.style('✗', fg='red')} line {part.block.span.line} expects an error of kind {kind}: {met}"
    if part.met is not None:
        from symbolic_mla.diagnostics.of_step import of_error

        yield from of_error(part.met, result.path, result.document.lines).lines


def claim_lines(claim: ClaimResult, result: DocumentResult) -> Iterator[str]:
    """A claim with its verdict, and its steps where they say more."""
    from symbolic_mla.diagnostics.lines import step_lines

    sign, colour = SIGN["proved" if claim.as_expected else "refuted" if claim.verdict == "proved" else claim.verdict]
    note = "" if claim.as_expected and claim.expected == "proved" else (
        ", as the document says" if claim.as_expected else f"; {claim.expected} was expected")  # fmt: skip
    axioms = f"  (axiom: {', '.join(claim.axioms)})" if claim.axioms else ""
    yield f"  {click.style(sign, fg=colour)} {claim.id}: {claim.verdict}{note}{axioms}"
    for step in claim.steps:
        if len(claim.steps) > 1 or step.verdict != "proved":
            yield from step_lines(step, claim, result)
    if claim.verdict == "proved" and not claim.as_expected:
        from symbolic_mla.diagnostics.of_document import of_claim

        for diagnostic in of_claim(claim, result):
            yield from (f"        {line}" for line in diagnostic.lines)


def exit_code(result: DocumentResult, claim: str | None) -> int:
    """The exit of one document, or of one of its claims."""
    if claim is None or result.fatal is not None:
        return result.exit_code
    return 0 if all(c.as_expected for c in result.claims if c.id == claim) else 1
