"""What is wrong with one step: where, and what shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbolic_mla.derivation.results import ClaimResult, DocumentResult, StepResult
from symbolic_mla.diagnostics.codes import code_of
from symbolic_mla.diagnostics.diagnostic import Diagnostic, Part, Repair
from symbolic_mla.diagnostics.instances import counterexample_lines
from symbolic_mla.diagnostics.left_over import guilty_terms, left_over_text
from symbolic_mla.diagnostics.lines import step_line
from symbolic_mla.diagnostics.repair.rewrites import other_word, respelling
from symbolic_mla.diagnostics.repair.search import mend
from symbolic_mla.errors import NameUnknownError, ShapeError, Span, SymbolicMLAError
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.language import syntax as s
from symbolic_mla.language.diagnostics import caret_lines
from symbolic_mla.language.shapes import Shapes

_CODES = {"refuted": "D001", "undecided": "D002"}


def of_step(step: StepResult, claim: ClaimResult, result: DocumentResult, *, repairs: bool = True) -> Diagnostic:
    """The diagnostic of a step that is refuted, undecided or an error; without `repairs`, no repair is looked for."""
    mended, found = _mended(step, claim, result) if repairs else ([], ())
    if step.error is not None:
        whole = of_error(step.error, result.path, result.document.lines, step.span)
    else:
        whole = _of_verdict(step, claim, result, found)
    title = f"{claim.id}: {whole.rule}"
    context = f"{step_line(step)[2:]}: {step.verdict}"
    parts = [*whole.parts, *mended]
    other = other_word(claim, result.document)
    if repairs and other is not None and not mended:
        parts.append(Part("hint", f"  try: if it is meant to be false, {other.line}"))
    if repairs and step.verdict != "error" and _beside_declarations(claim, result):
        assumed = "what a formula without a mark states beside its declarations is a claim; if it is assumed, put"
        parts.append(Part("hint", f"  try: {assumed} <!-- given --> before the formula"))
    rewrites = (*whole.rewrites, *([other] if other else []))
    return replace(whole, title=title, claim=claim.id, context=context, parts=tuple(parts), repairs=tuple(found),
                   rewrites=rewrites)  # fmt: skip


def _beside_declarations(claim: ClaimResult, result: DocumentResult) -> bool:
    """Whether a claim is a part of a formula without a mark that declares symbols too."""
    for block in result.document.blocks:
        lines = range(block.first_line, block.first_line + block.text.count("\n") + 1)
        if block.mark is not None and block.mark.role == "unmarked" and claim.item.span.line in lines:
            return any(isinstance(part, s.Given) and part.span.line in lines for part in result.parts)
    return False


def of_error(error: SymbolicMLAError, path: str, lines: Sequence[str], span: Span | None = None) -> Diagnostic:
    """An error with its place in the source; `span` is taken where it has none of its own."""
    where = error.span or span
    message, parts = error.message, []
    if isinstance(error, ShapeError) and error.brief is not None:
        message = error.brief
        width = max(len(text) for text, _ in error.shapes)
        parts.append(Part("shapes", "\n".join(f"  {text.ljust(width)} : {shape}" for text, shape in error.shapes)))
    if error.hint:
        parts.append(Part("hint", f"  try: {error.hint}"))
    excerpt = caret_lines(lines, where) if where else ""
    title = f"{error.kind}: {error.message}"
    ours = respelling(error, lines)
    return Diagnostic(path, code_of(error).code, "error", title, message, None, where, excerpt, parts=tuple(parts),
                      rewrites=(ours,) if ours else ())  # fmt: skip


def _of_verdict(step: StepResult, claim: ClaimResult, result: DocumentResult, found: Sequence[Repair]) -> Diagnostic:
    message = step.reason if step.verdict == "undecided" else ""
    lines = result.document.lines
    parts = []
    if isinstance(step.statement, Equation):
        shape = Shapes(result.scope.environment.dims).shape(step.statement.left.axes)
        parts.append(Part("shapes", f"both sides are {shape}"))
    if step.counterexample is not None:
        parts.append(Part("counterexample", "\n".join(counterexample_lines(step, step.counterexample))))
    guilty: list[Span] = []
    if isinstance(step.statement, Equation):
        rest = left_over_text(step.statement)
        if rest is not None:
            parts.append(Part("left-over", f"when like terms cancel, {rest}"))
        side = written(step, claim)
        guilty = guilty_terms(step.statement, side, result.scope) if side is not None else []
    span, carets = _place(step, guilty, found)
    return Diagnostic(result.path, _CODES[step.verdict], "error", "", message, claim.id, span,
                      caret_lines(lines, *carets), parts=tuple(parts))  # fmt: skip


def written(step: StepResult, claim: ClaimResult) -> s.Expr | None:
    """The right side of a step of a chain, as it was parsed."""
    statement = claim.item.statement
    if not isinstance(statement, s.Chain):
        return None
    return next((x.right for x in statement.steps if x.span == step.span), None)


def _place(step: StepResult, guilty: Sequence[Span], found: Sequence[Repair]) -> tuple[Span, Sequence[Span]]:
    """The guilty part: the terms left over, else what the first repair changes, else the whole line."""
    if guilty and all(g.line == g.end_line == guilty[0].line for g in guilty):
        return guilty[0], guilty
    changed = [e.span for e in found[0].edits if e.span.line == step.span.line] if found else []
    if changed and changed[0].end_line == changed[0].line and changed[0].end_column > changed[0].column:
        return changed[0], changed[:1]
    whole = step.span
    if whole.end_line > whole.line:
        whole = replace(whole, end_line=whole.line, end_column=10**6)
    return step.span, [whole]


def _together(repair: Repair, step: StepResult) -> str:
    """Which lines have to be mended as well."""
    others = sorted({e.span.line for e in repair.edits} - set(range(step.span.line, step.span.end_line + 1)))
    return f" (with line {', '.join(map(str, others))} mended too)" if others else ""


def _mended(step: StepResult, claim: ClaimResult, result: DocumentResult) -> tuple[list[Part], tuple[Repair, ...]]:
    """What mends a step: the parts that say so, and the repairs, slips first."""
    number = next(k for k, other in enumerate(claim.steps) if other is step)
    found = mend(claim, result)
    if number in found.follows:
        line = found.follows[number]
        return [Part("slip", f"it is proved once line {line} is mended")], ()
    slips, missing = found.repairs.get(number, ()), found.hypotheses.get(number, ())
    parts = [Part("hypothesis", f"{r.slip}; write\n  {r.line}") for r in missing]
    parts += [Part("slip", f"likely slip{_together(r, step)}: {r.slip}; write\n  {r.line}") for r in slips]
    unread = isinstance(step.error, NameUnknownError)  # another name is meant, and the line says nothing of it
    if number in found.repeats and not unread and not (slips and found.repeats[number] == slips[0].slip):
        again = "with it mended this line repeats the side before it"
        parts.append(Part("slip", f"likely slip: {found.repeats[number]} ({again})"))
    return parts, (*slips, *missing)
