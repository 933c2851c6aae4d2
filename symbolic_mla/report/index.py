"""The index of all reports: every claim with its verdict, and a graph of what rests on what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from symbolic_mla.derivation.citations import AXIOMS
from symbolic_mla.errors import InputError
from symbolic_mla.report.diagram import quoted
from symbolic_mla.report.document import Report
from symbolic_mla.report.files import drop_orphans, stale_files, write_files
from symbolic_mla.report.markdown import anchor, bullets, code, escaped, fenced, join, table
from symbolic_mla.report.summary import ClaimSummary, Summary

MAX_LINES = 200  # GitHub draws no graph with more than a few hundred lines

MEANING = (
    "*Proved* is for all sizes and all real matrices; *refuted* comes with a counterexample; *undecided* is neither."
)
HOW = (
    "Everything here is made from the documents by the first command; the second fails if any of it is out of date, "
    "and the third proves one claim again from its certificate alone."
)
ENGINES = (
    "Engines that agree: *replay*, the kernel from the certificate's text; *text*, the second evaluator at random "
    "instances (of an argument: at random weights); *SymPy*, explicit sizes. A counterexample is confirmed as it is "
    "found."
)
COMMANDS = "symbolic-mla prove\nsymbolic-mla prove --check\nsymbolic-mla replay reports/certificates/NAME.txt"
RECHECKED = (
    "{by} has accepted {n} of the {all} claims over Mathematical Components: what is proved, for all sizes and any "
    "commutative ring (field, or real field, where rank asks for one), from no axiom; what is refuted, at an instance "
    "over the rational numbers. `symbolic-mla coq --verify` writes each step as a script and asks it again. The "
    "digests of the statements that it accepted are in [coq.json](coq.json)."
)
ARROWS = (
    "An arrow goes from a claim to what it cites, a dotted one to an axiom. A claim is called proved here only if "
    "everything that it rests on is."
)


def render_index(reports: Iterable[Report]) -> str:
    """`README.md` of the reports. Raises: InputError where two documents would share a report."""
    found = sorted((r.summary for r in reports), key=lambda s: s.name)
    _distinct(found)
    claims = [c for s in found for c in s.claims]
    parts = ["# Reports", _counts(found, claims)]
    if claims:
        parts += [
            "## Claims",
            table(
                ["document", "claim", "statement", "verdict", "sizes", "axioms", "engines that agree"],
                [row for s in found for row in _rows(s)],
            ),
            ENGINES,
        ]
    blocks = [(s, line, kind, fine) for s in found for line, kind, fine in s.error_blocks]
    if blocks:
        rows = [
            [_link(s), f"the block on line {line}", code(kind), "✅ as expected" if fine else "❌ **not met**"]
            for s, line, kind, fine in blocks
        ]
        parts += ["## Errors that documents expect", table(["document", "block", "kind", "outcome"], rows)]
    parts += _graph(found)
    parts += _rechecked(found)
    used = sorted({a for c in claims for a in c.axioms})
    if used:
        parts += ["## Axioms", bullets(f"{code(a)}: {AXIOMS.get(a, '')}" for a in used)]
    return join([*parts, "## How to check this", HOW, fenced("sh", COMMANDS)])


def _distinct(found: Sequence[Summary]) -> None:
    seen: dict[str, Summary] = {"readme": Summary("README", "", "the index of the reports", 0, (), ())}
    for s in found:
        other = seen.setdefault(s.name.casefold(), s)
        if other is not s:
            raise InputError(
                f"{other.source_path} and {s.source_path} would share the report {s.name}.md",
                hint="give the documents names of their own",
            )


def _counts(found: Sequence[Summary], claims: Sequence[ClaimSummary]) -> str:
    good = sum(c.as_expected for c in claims)
    verdicts = {v: sum(c.verdict == v for c in claims) for v in ("proved", "refuted", "undecided", "error")}
    shown = ", ".join(f"{n} {v}" for v, n in verdicts.items() if n)
    counts = f"{len(found)} documents with {len(claims)} claims" + (f" ({shown})" if shown else "")
    return f"{counts}; {good} of them are as their documents expect (✅). {MEANING}"


def _rechecked(found: Sequence[Summary]) -> list[str]:
    """What another prover has checked again, and what it has not, with the reason."""
    given = [s for s in found if s.rechecked_by]
    if not given:
        return []
    by = given[0].rechecked_by
    claims = [c for s in given for c in s.claims]
    checked = sum(c.left_out is None for c in claims)
    out = [f"## Re-checked by {by}", RECHECKED.format(by=by, n=checked, all=len(claims))]
    missing = [f"{_link(s)}, {code(c.id)}: {escaped(c.left_out)}." for s in given for c in s.claims if c.left_out]
    return [*out, *(["Not re-checked:", bullets(missing)] if missing else [])]


def _link(s: Summary) -> str:
    return f"[{escaped(s.title)}]({s.name}.md)"


def _rows(s: Summary) -> list[list[str]]:
    """The claims of a document; only the first of them repeats its title."""
    return [[_link(s) if not k else "", *_row(s, c)] for k, c in enumerate(s.claims)]


def _row(s: Summary, c: ClaimSummary) -> list[str]:
    link = f"[{code(c.id)}]({s.name}.md#{anchor(f'{c.id}: {c.verdict}')})"
    statement = c.statement or "long: see the report"
    verdict = f"✅ {c.verdict}" if c.as_expected else f"❌ {c.verdict}, **expected: {c.expected}**"
    return [link, statement, verdict.replace(" ", "\u00a0", 1), c.sizes, ", ".join(map(code, c.axioms)) or "none",
            c.engines]  # fmt: skip


# ---- what rests on what --------------------------------------------------------------------------------


def resting(s: Summary) -> Mapping[str, bool]:
    """For each claim of a document: is it proved, and so is all that it rests on?"""
    by_id = {c.id: c for c in reversed(s.claims)}
    known: dict[str, bool] = {}
    for c in s.claims:  # a citation only ever names an earlier claim
        own = by_id[c.id].verdict == "proved"
        known.setdefault(c.id, own and all(known.get(x, False) for x in c.cites))
    return known


def _graph(found: Sequence[Summary]) -> list[str]:
    lines: list[str] = []
    nodes: list[str] = []
    axioms: dict[str, str] = {}
    alone = 0
    for number, s in enumerate(found):
        cited = {x for c in s.claims for x in c.cites}
        drawn = [c for c in s.claims if c.cites or c.axioms or c.id in cited]
        alone += sum(c.verdict == "proved" for c in s.claims if c not in drawn)
        if not drawn:
            continue
        rests = resting(s)
        place = {c.id: f"d{number}c{k}" for k, c in enumerate(drawn)}
        nodes.append(f'  subgraph d{number}["{quoted(s.name)}"]')
        for c in drawn:
            mark = "proved" if rests[c.id] else "not all proved" if c.verdict == "proved" else c.verdict
            nodes.append(f'    {place[c.id]}["{quoted(c.id)}: {mark}"]')
            lines += [f"  {place[c.id]} --> {place[x]}" for x in c.cites if x in place]
            for a in c.axioms:
                axioms.setdefault(a, f"x{len(axioms)}")
                lines.append(f"  {place[c.id]} -.-> {axioms[a]}")
        nodes.append("  end")
    nodes += [f'  {node}(["axiom {quoted(a)}"])' for a, node in axioms.items()]
    rest = f"{alone} more claims are proved and rest on nothing but the rules of the kernel; they are not drawn."
    out = ["## What rests on what"]
    if not lines:
        return [*out, "No claim cites another, and none uses an axiom."] if found else []
    if len(lines) > MAX_LINES:
        return [*out, f"The graph has {len(lines)} lines, too many to be drawn."]
    graph = fenced("mermaid", "\n".join(["flowchart LR", *nodes, *lines]))
    return [*out, ARROWS, graph, *([rest] if alone else [])]


# ---- files ---------------------------------------------------------------------------------------------


def all_files(reports: Iterable[Report]) -> dict[str, str]:
    """Every file of the directory of reports, by name."""
    found = list(reports)
    files = {"README.md": render_index(found)}
    for report in found:
        files.update(report.files)
    return files


def write_reports(directory: str | Path, reports: Iterable[Report], whole: bool = False) -> list[str]:
    """Write all reports and their index; the names of the files that changed. `whole`: there are no other documents,
    and what is left behind by those that went away is removed. Raises: InputError."""
    files = all_files(reports)
    changed = write_files(directory, files)
    return changed + (drop_orphans(directory, files) if whole else [])


def stale(directory: str | Path, reports: Iterable[Report]) -> list[str]:
    """The names of files below a directory that are not what the reports say: missing, changed, or left behind."""
    return stale_files(directory, all_files(reports))
