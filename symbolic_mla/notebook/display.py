"""What a notebook shows: Markdown with formulas for cells, verdicts and theorems, LaTeX for terms and numbers.

A front end that has no Markdown, a terminal for one, shows the text that `symbolic-mla check` prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult, StepResult
from symbolic_mla.language import syntax as s
from symbolic_mla.language.parse import declared_names
from symbolic_mla.report.markdown import code, escaped, fenced, inline, join, message, table

if TYPE_CHECKING:
    from symbolic_mla.api import Dim, Number, Tensor
    from symbolic_mla.kernel.axis import Axis
    from symbolic_mla.kernel.term import Term
    from symbolic_mla.kernel.theorem import Theorem
    from symbolic_mla.notebook.session import CellResult
    from symbolic_mla.prover.decide import Proved, Refuted, Undecided
    from symbolic_mla.prover.refute import Counterexample
    from symbolic_mla.report.proof import Names

NOTHING = "nothing is declared here, and nothing claimed"
_SIGN = {"proved": "✓", "refuted": "✗", "undecided": "?", "error": "!"}


def for_jupyter(markdown: str) -> str:
    """GitHub's mathematics as Jupyter writes it: $...$ in a line, $$...$$ on lines of its own.

    >>> for_jupyter("so $`a`$ is\\n\\n```math\\nb\\n```")
    'so $a$ is\\n\\n$$\\nb\\n$$'
    """
    text = re.sub(r"^```math\n(.*?)\n```$", lambda m: f"$$\n{m[1]}\n$$", markdown, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\$`(.*?)`\$", lambda m: f"${m[1]}$", text)


# ---- a cell ----------------------------------------------------------------------------------------------


def cell_text(cell: CellResult) -> str:
    """A cell as the command line shows a document."""
    from click import unstyle

    from symbolic_mla.commands.showing import text_of

    names = ", ".join(n.text for p in cell.result.parts for n in _names_of(p))
    declared = [f"  declared: {names}"] if names else []
    nothing = [f"  {NOTHING}"] if _is_empty(cell.result) else []
    first, *rest = unstyle(text_of([cell.result], "text", None)).rstrip().split("\n")
    return "\n".join([*_notes(cell), first, *declared, *nothing, *rest])


def _names_of(part: object) -> tuple[s.Name, ...]:
    if isinstance(part, (ClaimResult, ErrorBlockResult)):
        return ()
    functions, values = declared_names(part)  # type: ignore[arg-type] # an item, then
    return (*functions, *values)


def _is_empty(result: DocumentResult) -> bool:
    return not result.parts and result.fatal is None


def cell_markdown(cell: CellResult) -> str:
    """Each line with its verdict; below it what shows a step to be false, and what is wrong with it."""
    return for_jupyter(join([*map(escaped, _notes(cell)), *_result(cell.result)]))


def document_markdown(result: DocumentResult) -> str:
    """A judged document, line by line."""
    return for_jupyter(join(_result(result)))


def _notes(cell: CellResult) -> list[str]:
    notes = [f"This takes the place of {' and '.join(cell.replaced)}."] if set(cell.replaced) - {cell.label} else []
    return [*notes, *(f"Changed: {change}." for change in cell.changes)]


def _result(result: DocumentResult) -> Iterator[str]:
    from symbolic_mla.language.diagnostics import render_diagnostic

    rows = [row for part in result.parts for row in _rows(part)]
    if rows:
        yield table(["line", "", "verdict", "why"], rows)
    if _is_empty(result):
        yield f"{NOTHING[0].upper()}{NOTHING[1:]}."
    for part in result.parts:
        if isinstance(part, ClaimResult):
            for step in part.steps:
                yield from _details(step, part, result)
        elif isinstance(part, ErrorBlockResult) and part.met is not None:
            yield fenced("text", render_diagnostic(part.met, path=result.path, lines=result.document.lines))
    if result.fatal is not None:
        yield "**This cannot be read, so nothing of it counts:**"
        yield fenced("text", render_diagnostic(result.fatal, path=result.path, lines=result.document.lines))
    yield from (f"Note: {escaped(warning)}" for warning in result.warnings)


def _rows(part: object) -> Iterator[list[str]]:
    from symbolic_mla.language.latex import statement_latex
    from symbolic_mla.report.symbols import declared

    if isinstance(part, ClaimResult):
        yield from _claim(part)
    elif isinstance(part, ErrorBlockResult):
        wanted = part.block.expected_error
        met = f"an error of kind {part.met.kind}" if part.met else "no error"
        verdict = "✓ as expected" if part.as_expected else f"✗ **{met}**"
        yield [str(part.block.span.line), f"an error of kind {wanted} is expected", verdict, ""]
    elif isinstance(part, s.Assume):
        facts = ", ".join(inline(statement_latex(fact)) for fact in part.facts)
        yield [str(part.span.line), facts, "assumed", ""]
    elif isinstance(part, (s.Dims, s.DimDefinition, s.Scalars, s.Given, s.Functions, s.Let, s.Obtain)):
        for (what, line), group in groupby(declared(part), key=lambda row: row[1:]):
            symbols = ", ".join(symbol for symbol, *_ in group)
            text = what.removeprefix("size: ")
            yield [str(line), text if isinstance(part, s.DimDefinition) else f"{symbols}: {text}", "declared", ""]
        for fact in (fact for g in part.groups for fact in g.hypotheses) if isinstance(part, s.Given) else ():
            yield [str(fact.span.line), inline(statement_latex(fact)), "assumed", ""]


def _claim(claim: ClaimResult) -> Iterator[list[str]]:
    from symbolic_mla.report.claims import short_statement, step_latex

    line = str(claim.item.span.line)
    word = "refute" if claim.expected == "refuted" else "claim"
    if len(claim.steps) == 1:
        why = "; ".join(filter(None, [_why(claim.steps[0]), *(f"axiom: {a}" for a in claim.axioms)]))
        yield [line, f"{word} {code(claim.id)}: {inline(short_statement(claim))}", _verdict(claim), why]
        return
    yield [line, f"{word} {code(claim.id)}", _verdict(claim), ", ".join(f"axiom: {a}" for a in claim.axioms)]
    for step, text in zip(claim.steps, step_latex(claim), strict=True):
        shown = inline(text) if text is not None else "the whole statement"
        yield [str(step.span.line), shown, f"{_SIGN[step.verdict]} {step.verdict}", _why(step)]


def _verdict(claim: ClaimResult) -> str:
    if claim.as_expected:
        return f"**✓ {claim.verdict}**{', as it should be' if claim.verdict == 'refuted' else ''}"
    sign = _SIGN["refuted" if claim.verdict == "proved" else claim.verdict]
    return f"**{sign} {claim.verdict}**, {claim.expected} was expected"


def _why(step: StepResult) -> str:
    return message(step.reason.split("\n")[0]) if step.reason else ""


def _details(step: StepResult, claim: ClaimResult, result: DocumentResult) -> Iterator[str]:
    from symbolic_mla.diagnostics.lines import argument_lines
    from symbolic_mla.diagnostics.of_step import of_step
    from symbolic_mla.report.instances import counterexample

    if step.verdict == "proved":
        return
    if step.verdict != claim.expected:
        found = of_step(step, claim, result)
        shown = replace(found, parts=tuple(p for p in found.parts if p.kind != "counterexample"))
        yield fenced("text", "\n".join(shown.lines))
    if step.counterexample is not None and step.statement is not None:
        yield f"Line {step.span.line} fails here:"
        yield from counterexample(step, step.statement, step.counterexample)
    if step.argued is not None:
        yield fenced("text", "\n".join(argument_lines(step.argued)))


# ---- what Python returns ---------------------------------------------------------------------------------


def tensor_latex(tensor: Tensor) -> str:
    """A term with its shape; and where it is more than products and sums, its entries.

    >>> from symbolic_mla import dims, matrices, tile
    >>> n, p = dims("n p")
    >>> (A,) = matrices("A", (p, p))
    >>> print(tensor_latex(tile(A, n) @ A))
    $\\displaystyle \\mathrm{tile}(A, n)\\,A \\;\\in\\; \\mathbb{R}^{n\\,p \\times p}$
    """
    return _term_latex(tensor.term)


def _term_latex(term: Term) -> str:
    from symbolic_mla.algebra.occurring import subterms
    from symbolic_mla.errors import SymbolicMLAError
    from symbolic_mla.report.equations import Pictures, entries

    names = _names()
    shown = names.shown(term)
    shape = r" \times ".join(map(_axis_latex, term.axes))
    space = rf"\mathbb{{R}}^{{{shape}}}" if shape else r"\mathbb{R}"
    lines = [rf"{shown} \;\in\; {space}"]
    avoid = {getattr(t, "name", "") for t in subterms(term)} | {g.key for a in term.axes for g in a.size().generators()}
    for new, name in names.new.items():
        try:
            lines += [line.replace("&=", "=") for line in entries(name, new, Pictures(avoid))]
        except SymbolicMLAError:
            continue  # too large to be written out: the name and the shape remain
    return f"$\\displaystyle {lines[0]}$" if len(lines) == 1 else _gathered(lines)


def _gathered(lines: list[str]) -> str:
    body = " \\\\\n".join(lines)
    return f"$$\n\\begin{{gathered}}\n{body}\n\\end{{gathered}}\n$$"


def _names() -> Names:
    from symbolic_mla.report.proof import Names

    return Names({}, "M")


def number_latex_of(number: Number) -> str:
    """A number of a statement, ranks and extremes in it."""
    from symbolic_mla.report.numbers import number_latex

    return f"${number_latex(number.value, _names().shown)}$"


def dim_latex(dim: Dim) -> str:
    """A size, its factors in their order."""
    return f"${_axis_latex(dim.axis)}$"


def _axis_latex(axis: Axis) -> str:
    """An axis with its factors in their order, which its size forgets."""
    from symbolic_mla.language.latex_names import name_latex

    words = re.split(r"([*+() ]+)", str(axis))
    return "".join(name_latex(w) if w[:1].isalpha() else w.replace("*", r"\,") for w in words)


def theorem_markdown(theorem: Theorem) -> str:
    """What a theorem says, and what it rests on."""
    from symbolic_mla.algebra.text import statement_text
    from symbolic_mla.report.proof import WORDS, statement_latex

    names = _names()
    parts = [f"**✓ proved** $\\;{statement_latex(theorem.conclusion, names)}$, for all sizes and all values"]
    if theorem.hypotheses:
        assumed = sorted(theorem.hypotheses, key=statement_text)
        parts.append("assumes " + ", ".join(f"${statement_latex(h, names)}$" for h in assumed))
    if theorem.axioms:
        parts.append("axioms: " + ", ".join(sorted(theorem.axioms)))
    parts.append(f"by {WORDS.get(theorem.proof[0], theorem.proof[0])}")
    return "; ".join(parts) + "."


def proved_markdown(proved: Proved) -> str:
    """What was proved."""
    return theorem_markdown(proved.theorem)


def counterexample_markdown(found: Counterexample) -> str:
    """Sizes, numbers, matrices and functions at which a statement fails."""
    from symbolic_mla.report.instances import gathered, instance_parts, sizes_latex

    kind = "the smallest" if found.smallest else "the smallest that was found"
    sizes = f" at {inline(sizes_latex(found.sizes))}" if found.sizes else ""
    equations, functions = instance_parts(found)
    shown = [gathered(equations)] if equations else []
    return for_jupyter(join([f"A counterexample{sizes} ({kind}):", *shown, *functions]))


def refuted_markdown(refuted: Refuted) -> str:
    """A counterexample, and the verdict in front of it."""
    return f"**✗ refuted.** {counterexample_markdown(refuted.counterexample)}"


def undecided_markdown(undecided: Undecided) -> str:
    """Why neither was found."""
    return f"**? undecided**: {message(undecided.reason)}. It may be true or false."


Show = Callable[[Any], str]
LATEX: Mapping[tuple[str, str], Show] = MappingProxyType(
    {
        ("symbolic_mla.api", "Tensor"): tensor_latex,
        ("symbolic_mla.api", "Number"): number_latex_of,
        ("symbolic_mla.api", "Dim"): dim_latex,
    }
)
MARKDOWN: Mapping[tuple[str, str], Show] = MappingProxyType(
    {
        ("symbolic_mla.prover.decide", "Proved"): proved_markdown,
        ("symbolic_mla.prover.decide", "Refuted"): refuted_markdown,
        ("symbolic_mla.prover.decide", "Undecided"): undecided_markdown,
        ("symbolic_mla.prover.refute", "Counterexample"): counterexample_markdown,
        ("symbolic_mla.kernel.theorem", "Theorem"): theorem_markdown,
        ("symbolic_mla.derivation.results", "DocumentResult"): document_markdown,
    }
)
"""Which types are shown how, by name: none of their modules is imported before a value of it is there."""
