"""Results as JSON, for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symbolic_mla.derivation.results import ClaimResult, DocumentResult, StepResult
from symbolic_mla.diagnostics.diagnostic import Diagnostic, Repair
from symbolic_mla.diagnostics.of_document import diagnose
from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.instance.functions import stand_in

if TYPE_CHECKING:
    from symbolic_mla.prover.refute import Counterexample


def document_json(result: DocumentResult, only: str | None = None) -> dict[str, Any]:
    """A document with its claims (or just one), as the command's JSON has it."""
    out: dict[str, Any] = {
        "path": result.path,
        "claims": [_claim(c) for c in result.claims if only in (None, c.id)],
    }
    if result.error_blocks and only is None:
        out["errors"] = [
            {"line": b.block.span.line, "expected": b.block.expected_error, "met": b.met.kind if b.met else None}
            for b in result.error_blocks
        ]
    if result.fatal is not None:
        out["fatal"] = _error(result.fatal)
    if result.warnings:
        out["warnings"] = list(result.warnings)
    if result.notes:
        out["notes"] = list(result.notes)
    found = [diagnostic_json(d) for d in diagnose(result, only)]
    if found:
        out["diagnostics"] = found
    return out


def diagnostic_json(d: Diagnostic) -> dict[str, Any]:
    """A diagnostic: its code and rule, its place, what shows it, and the edits of each repair."""
    out: dict[str, Any] = {"code": d.code, "rule": d.rule, "severity": d.severity, "title": d.title, "text": d.text}
    if d.claim is not None:
        out["claim"] = d.claim
    if d.span is not None:
        out["span"] = _span(d.span)
    out["parts"] = [{"kind": p.kind, "text": p.text} for p in d.parts]
    out["repairs"] = [_repair(r) for r in d.repairs]
    if d.rewrites:
        out["rewrites"] = [_repair(r) for r in d.rewrites]
    return out


def _repair(r: Repair) -> dict[str, Any]:
    return {"slip": r.slip, "line": r.line, "edits": [{"span": _span(e.span), "text": e.text} for e in r.edits]}


def _span(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _claim(c: ClaimResult) -> dict[str, Any]:
    return {"id": c.id, "expected": c.expected, "verdict": c.verdict, "axioms": list(c.axioms),
            "steps": [_step(s) for s in c.steps]}  # fmt: skip


def _step(s: StepResult) -> dict[str, Any]:
    out: dict[str, Any] = {"line": s.span.line, "relation": s.relation, "verdict": s.verdict}
    if s.counterexample is not None:
        out["counterexample"] = counterexample_json(s.counterexample)
        unlisted = [name for name, rows in s.counterexample.functions.items() if not rows]
        statement, found = s.statement, s.counterexample
        formulas = [x for f in unlisted for x in stand_in(f, statement, found.sizes)] if statement else []
        if formulas:
            out["counterexample"]["formulas"] = formulas
    if s.argued is not None:
        out["argument"] = {
            "holds": s.argued.held,
            "lines": [{"line": span.line, "text": text, "gives": note or None} for span, text, note in s.argued.lines],
        }
    if s.verdict != "proved":
        out["message"] = s.message
    return out


def counterexample_json(c: Counterexample) -> dict[str, Any]:
    """Sizes, scalars, symbols and functions of a counterexample; numbers that are not integers are text."""
    out: dict[str, Any] = {"sizes": dict(c.sizes), "smallest": c.smallest}
    if c.scalars:
        out["scalars"] = {k: str(v) for k, v in c.scalars.items()}
    if c.positions:
        out["positions"] = dict(c.positions)
    out["symbols"] = {k: str(t) for k, t in c.tensors.items()}
    if c.functions:
        out["functions"] = {
            name: [{"positions": list(p), "argument": [str(x) for x in row], "value": list(v)}
                   for (p, row), v in rows.items()]
            for name, rows in c.functions.items()
        }  # fmt: skip
    return out


def _error(error: SymbolicMLAError) -> dict[str, Any]:
    out: dict[str, Any] = {"code": error.code, "kind": error.kind, "message": error.message}
    if error.span is not None:
        out |= {"line": error.span.line, "column": error.span.column}
    if error.hint:
        out["hint"] = error.hint
    return out
