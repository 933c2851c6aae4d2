"""A report: what a document claims, what was found, and how to see that it is so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from types import MappingProxyType

from markdown_it import MarkdownIt

from symbolic_mla.derivation.citations import AXIOMS
from symbolic_mla.derivation.results import DocumentResult, ErrorBlockResult
from symbolic_mla.report.claims import (
    NOT_RECHECKED,
    Certificate,
    Context,
    Recheck,
    axioms_of,
    make_certificate,
    outcome,
    section,
)
from symbolic_mla.report.instances import model
from symbolic_mla.report.made import Known, Report, report_name
from symbolic_mla.report.markdown import anchor, bullets, code, escaped, fenced, join, message, table
from symbolic_mla.report.sentences import NOTHING, sentences_section
from symbolic_mla.report.summary import summary
from symbolic_mla.report.symbols import hypotheses, symbols

NO_EXTRAS: Mapping[str, str] = MappingProxyType({})
_RELATIVE_LINK = re.compile(r"!?\[([^\]]*)\]\((?!https?:)[^)]*\)")
CHECKED = (
    "Checked, line by line: what stands in {what} of the source, shown below as it was understood. "
    "Commentary, which no tool reads: all prose of the source that names no claim; the sentences are listed below."
)
LEGEND_TITLE = "How to read the index forms"
LEGEND = """\
- Every expression is written out entry by entry. Indices under a sum run over their size, counted from 0. An axis of
  size n·G·d has an index for each factor, the first most significant.
- δ is 1 where its indices agree, and else 0. A number in the place of an index is that position, and `[b]` before an
  index is block b of a direct sum; both are counted from 0.
- `f⟨ j ↦ … ⟩` at k is entry k of the function f, applied to the row with these entries.
- In a picture a box is a matrix, a line is an index that its two ends share, a small circle is an index with more ends
  or fewer, a frame is a function around its argument, and the rounded nodes are the rows and columns of the result.
- Two expressions with the same picture are equal for all sizes and all real matrices. That the pictures are the same
  is checked by the kernel, which reads the renaming of indices from the certificate."""


def render_report(
    result: DocumentResult,
    *,
    source_path: str,
    extras: Mapping[str, str] = NO_EXTRAS,
    figures: Mapping[str, str] = NO_EXTRAS,
    directory: str = "reports",
    recheck: Recheck = NOT_RECHECKED,
    known: Known = NOTHING,
) -> Report:
    """The report of a checked document.

    `source_path` and `directory` are relative to the root of the project, with `/`; of an absolute one
    only the name is shown. `extras` adds sections
    at the end: title to Markdown; `figures` are SVG by file name, which they show from figures/. `recheck` says which
    claims another prover has checked again, and which prover; `known` has the claims of other documents, for the
    sentences that name them.

    >>> from symbolic_mla.derivation.check import check_document
    >>> from symbolic_mla.language.documents import parse_document
    >>> text = "# Two\\n\\n```derivation\\ndims m\\ngiven A : m × m\\nclaim a: A + A = 2 A\\n```\\n"
    >>> report = render_report(check_document(parse_document(text)), source_path="proofs/two.md")
    >>> sorted(report.files)
    ['certificates/two.a.txt', 'two.md']
    """
    name = report_name(source_path)
    link = None if source_path == "-" else posixpath.relpath(source_path, directory)
    if posixpath.isabs(source_path) or posixpath.isabs(directory):  # a report names no place on one machine
        link, source_path, directory = None, posixpath.basename(source_path), posixpath.basename(directory)
    context = Context.of(result, link, directory, recheck)
    found: dict[str, Certificate] = {}
    for claim in result.claims:
        certificate = make_certificate(name, claim)
        if certificate is not None:
            found[claim.id] = certificate
    parts = [f"# {escaped(result.document.title)}", *_lead(result), *_verdict(result, source_path, link)]
    parts += sentences_section(result, known)
    declared = symbols(result)
    if declared:
        parts += ["## Symbols", *declared]
    assumed = hypotheses(result)
    if assumed:
        parts += ["## Hypotheses", *assumed]
        if result.model is not None:
            parts += model(result.model, [v for v in result.scope.dims if v not in result.scope.environment.defined])
    if result.claims:
        parts += ["## Claims"]
        if any(step.statement is not None for claim in result.claims for step in claim.steps):
            parts.append(f"The notation is explained [below](#{anchor(LEGEND_TITLE)}).")
    for claim in result.claims:
        parts += section(claim, context, found.get(claim.id) if claim.theorems else None)
    for block_ in result.error_blocks:
        parts += _error_block(block_, context)
    parts += _axioms(result)
    if any(step.statement is not None for claim in result.claims for step in claim.steps):
        parts += [f"## {LEGEND_TITLE}", LEGEND]
    for title, text in extras.items():
        parts += [f"## {escaped(title)}", text]
    certificates = {c.name: c.text for c in found.values()}
    return Report(name, join(parts), certificates, summary(result, name, source_path, recheck), figures)


def _lead(result: DocumentResult) -> list[str]:
    """The first paragraph of the document, in its own words, as a quotation."""
    text = first_paragraph(result.document.source)
    return [f"> {_RELATIVE_LINK.sub(lambda m: m[1], text)}"] if text else []


def first_paragraph(source: str) -> str:
    """The first paragraph of prose after the title, on one line."""
    tokens = MarkdownIt("commonmark").parse(source)
    for k, token in enumerate(tokens):
        if token.type == "paragraph_open" and token.level == 0:
            return " ".join(tokens[k + 1].content.split())
    return ""


def _verdict(result: DocumentResult, source_path: str, link: str | None) -> list[str]:
    source = code(source_path) if link is None else f"[{code(source_path)}]({link})"
    if result.fatal is not None:
        where = f" (line {result.fatal.span.line})" if result.fatal.span else ""
        out = [
            f"**Verdict: ⚠️ the document could not be read to its end**{where}. Source: {source}.",
            fenced("text", str(result.fatal)),
        ]
    elif result.exit_code == 0:
        out = [f"**Verdict: ✅ everything is as the document expects.** Source: {source}."]
    else:
        out = [f"**Verdict: ❌ not everything is as the document expects.** Source: {source}."]
    out += [f"Warning: {message(w)}." for w in result.warnings]
    rows = [[f"[{code(c.id)}](#{anchor(f'{c.id}: {c.verdict}')})", outcome(c)] for c in result.claims]
    rows += [[f"the block on line {b.block.span.line}", _block_outcome(b)] for b in result.error_blocks]
    if rows:
        out.append(table(["claim", "verdict"], rows))
    formulas = any(block.mark is not None for block in result.document.blocks)
    texts = not formulas or any(block.mark is None for block in result.document.blocks)
    what = ["the `derivation` blocks"] * texts + ["the displayed formulas"] * formulas
    out.append(CHECKED.format(what=" and ".join(what)))
    return out


def _block_outcome(found: ErrorBlockResult) -> str:
    expected = f"an error of kind `{found.block.expected_error}`"
    if found.as_expected:
        return f"✅ {expected}, as expected"
    met = f"an error of kind `{found.met.kind}`" if found.met is not None else "no error"
    return f"❌ {met}, **expected: {expected}**"


def _error_block(found: ErrorBlockResult, context: Context) -> list[str]:
    line = found.block.span.line
    out = [
        f"### The block on line {line}: an error that is expected",
        f"{_block_outcome(found)} (line {context.line(line)}).",
        fenced("text", found.block.text),
    ]
    if found.met is not None:
        out += ["The message:", fenced("text", str(found.met))]
    return out


def _axioms(result: DocumentResult) -> list[str]:
    used: dict[str, list[str]] = {}
    for claim in result.claims:
        for axiom in axioms_of(claim, result):
            used.setdefault(axiom, []).append(claim.id)
    if not used:
        return []
    lines = [f"{code(a)}, used by {', '.join(map(code, by))}. {AXIOMS.get(a, '')}" for a, by in sorted(used.items())]
    return ["## Axioms", "Theorems of analysis that the proofs take from the literature:", bullets(lines)]
