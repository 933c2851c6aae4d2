"""What the index says of a document, gathered while its report is made."""

from __future__ import annotations

from dataclasses import replace

from symbolic_mla.derivation.results import ClaimResult, DocumentResult
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.language.syntax import Dims
from symbolic_mla.report.claims import (
    NOT_RECHECKED,
    Recheck,
    axioms_of,
    hypothesis_numbers,
    plain_statement,
    short_statement,
    statements,
)
from symbolic_mla.report.instances import sizes_latex, spoken
from symbolic_mla.report.made import ClaimSummary, Summary
from symbolic_mla.report.markdown import code, inline
from symbolic_mla.report.prose import words
from symbolic_mla.report.symbols import hypothesis_text

MAX_LATEX = 260  # a statement that is longer is not repeated in the index


def summary(
    result: DocumentResult, name: str, source_path: str, recheck: Recheck = NOT_RECHECKED
) -> Summary:  # fmt: skip
    """What the index needs of a checked document."""
    blocks = tuple((b.block.span.line, b.block.expected_error or "", b.as_expected) for b in result.error_blocks)
    rests = words(result.document.source, frozenset(c.id for c in result.claims)).rests
    claims = tuple(
        replace(_claim(c, result), left_out=recheck.left_out.get(c.id), rests=rests.get(c.id, ()))
        for c in result.claims
    )
    return Summary(
        name, result.document.title, source_path, result.exit_code, claims, blocks, recheck.by, rests.get("", ())
    )


def _claim(claim: ClaimResult, result: DocumentResult) -> ClaimSummary:
    statement: str | None = inline(short_statement(claim))
    if statement is not None and len(statement) > MAX_LATEX:
        written = plain_statement(claim)
        statement = code(written) if len(written) <= 120 else None
    return ClaimSummary(
        claim.id,
        claim.verdict,
        claim.as_expected,
        claim.expected,
        statement,
        _sizes(claim, result),
        tuple(axioms_of(claim, result)),
        tuple(dict.fromkeys(claim.cites)),
        argued=any(step.argued is not None and step.argued.held for step in claim.steps),
    )


def _sizes(claim: ClaimResult, result: DocumentResult) -> str:
    """The sizes that a claim holds for, or at which it fails."""
    if claim.verdict == "refuted":
        step = next((x for x in claim.steps if x.counterexample is not None), None)
        if step is None:  # by an argument, which looks into no size
            names = sorted(spoken(claim.steps[0].statement)) if claim.steps[0].statement is not None else []
            dims_ = [k for k in names if k in result.scope.dims]
            return f"fails for all {inline(', '.join(map(name_latex, dims_)))}" if dims_ else "fails"
        own = spoken(step.statement) if step.statement is not None else set()
        sizes = {k: v for k, v in (step.counterexample.sizes if step.counterexample else {}).items() if k in own}
        return f"fails at {inline(sizes_latex(sizes))}" if sizes else "fails"
    if claim.verdict != "proved":
        return "–"
    own = {name for statement in statements(claim) for name in spoken(statement)}
    low = {s.name.text: s.lower for item in result.parts if isinstance(item, Dims) for s in item.symbols}
    bounds = [rf"{name_latex(k)} \ge {v}" for k, v in low.items() if v > 1 and k in own]
    where = f"all {inline(', '.join(bounds))}" if bounds else "all"
    assumed = [hypothesis_text(result.hypotheses[k], result) for k in hypothesis_numbers(claim, result)]
    if not assumed:
        return where
    if len(assumed) > 2:
        return f"{where}, under {len(assumed)} hypotheses"
    return f"{where}, if {' and '.join(assumed)}"
