"""The index of all reports: every claim with its verdict, and a graph of what rests on what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from symbolic_mla.derivation.citations import AXIOMS
from symbolic_mla.errors import InputError
from symbolic_mla.report.files import drop_orphans, stale_files, write_files
from symbolic_mla.report.made import ClaimSummary, Report, Summary, from_json
from symbolic_mla.report.markdown import anchor, bullets, code, escaped, fenced, join, table
from symbolic_mla.report.rests import CLAIMS, DOCUMENTS, WRITTEN, claims_graph, documents_graph, trusted

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


def render_index(summaries: Iterable[Summary]) -> str:
    """`README.md` of the reports. Raises: InputError where two documents would share a report."""
    found = sorted(summaries, key=lambda s: s.name)
    _distinct(found)
    claims = [c for s in found for c in s.claims]
    parts = ["# Reports", _counts(found, claims)]
    if claims:
        parts += [
            "## Documents",
            table(["document", "proved", "refuted", "open", "axioms, arguments"], [_whole(s) for s in found]),
            "## Claims",
            table(
                ["document", "claim", "verdict", "statement", "sizes", "axioms", "engines that agree"],
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
    parts += _graphs(found)
    parts += _rechecked(found)
    used = sorted({a for c in claims for a in c.axioms})
    if used:
        parts += ["## Axioms", bullets(f"{code(a)}: {AXIOMS.get(a, '')}. Used by {_users(found, a)}." for a in used)]
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


def _users(found: Sequence[Summary], axiom: str) -> str:
    return ", ".join(
        f"[{code(f'{s.name}#{c.id}')}]({s.name}.md#{anchor(f'{c.id}: {c.verdict}')})"
        for s in found
        for c in s.claims
        if axiom in c.axioms
    )


def _link(s: Summary) -> str:
    return f"[{escaped(s.title)}]({s.name}.md)"


def _whole(s: Summary) -> list[str]:
    """A document in one line; open is what is neither, or not as the document says."""
    fine = [c for c in s.claims if c.as_expected]
    counts = [sum(c.verdict == v for c in fine) for v in ("proved", "refuted")]
    by = sorted({a for c in s.claims for a in trusted(c)})
    return [_link(s), *map(str, counts), str(len(s.claims) - sum(counts)),
            ", ".join(a if a == WRITTEN else code(a) for a in by) or "none"]  # fmt: skip


def _rows(s: Summary) -> list[list[str]]:
    """The claims of a document; only the first of them repeats its title."""
    return [[_link(s) if not k else "", *_row(s, c)] for k, c in enumerate(s.claims)]


def _row(s: Summary, c: ClaimSummary) -> list[str]:
    link = f"[{code(c.id)}]({s.name}.md#{anchor(f'{c.id}: {c.verdict}')})"
    statement = c.statement or "long: see the report"
    verdict = f"✅ {c.verdict}" if c.as_expected else f"❌ {c.verdict}, **expected: {c.expected}**"
    by = ", ".join(a if a == WRITTEN else code(a) for a in trusted(c)) or "none"
    return [link, verdict.replace(" ", "\u00a0", 1), statement, c.sizes, by, c.engines]


# ---- what rests on what --------------------------------------------------------------------------------


def _graphs(found: Sequence[Summary]) -> list[str]:
    if not found:
        return []
    documents, alone = documents_graph(found)
    parts = ["## What rests on what", "### Documents"]
    parts += [DOCUMENTS, documents] if documents else ["No document rests on another, or on an axiom."]
    if documents and alone:
        names = ", ".join(f"[{escaped(name)}]({name}.md)" for name in alone)
        parts.append(f"Not drawn, since they rest on nothing but the rules of the kernel: {names}.")
    claims, lines = claims_graph(found)
    none = f"The graph has {lines} lines, too many to be drawn." if lines else "No claim rests on another."
    return [*parts, "### Claims", *([CLAIMS, claims] if claims else [none])]


# ---- files ---------------------------------------------------------------------------------------------


FILE = "index.json"  # what the index needs of each document: so one can be judged again without the others


def all_files(reports: Iterable[Report], others: Iterable[Summary] = ()) -> dict[str, str]:
    """Every file of the directory of reports, by name. `others` are documents whose reports stay as they are.

    Raises: InputError where two documents would share a report.
    """
    made = list(reports)
    found = sorted((*(r.summary for r in made), *others), key=lambda s: s.name)
    files = {"README.md": render_index(found), FILE: _kept(found)}
    for report in made:
        files.update(report.files)
    return files


def _kept(found: Sequence[Summary]) -> str:
    """The summaries as JSON, a line for each claim."""
    documents = []
    for s in found:
        parts = _fields(s)
        claims = ",\n".join(json.dumps(_fields(c), ensure_ascii=False) for c in parts.pop("claims"))
        documents.append(f'{json.dumps(parts, ensure_ascii=False)[:-1]}, "claims": [\n{claims}\n]}}')
    return "[\n" + ",\n".join(documents) + "\n]\n"


def _fields(summary: Summary | ClaimSummary) -> dict[str, Any]:
    """A summary as JSON takes it. (`asdict` copies every text of every tuple.)"""
    return {name: getattr(summary, name) for name in summary.__match_args__}


def on_disk(directory: str | Path) -> list[Summary]:
    """The summaries of the documents whose reports a directory holds; none where its index can't be read."""
    try:
        found = [from_json(s) for s in json.loads((Path(directory) / FILE).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []
    return [s for s in found if (Path(directory) / f"{s.name}.md").is_file()]


def write_reports(
    directory: str | Path, reports: Iterable[Report], whole: bool = False, others: Iterable[Summary] = ()
) -> list[str]:
    """Write all reports and their index; the names of the files that changed. `whole`: there are no other documents,
    and what is left behind by those that went away is removed. Raises: InputError."""
    files = all_files(reports, others)
    changed = write_files(directory, files)
    return changed + (drop_orphans(directory, files) if whole else [])


def stale(
    directory: str | Path, reports: Iterable[Report], whole: bool = True, others: Iterable[Summary] = ()
) -> list[str]:
    """The names of files below a directory that are not what the reports say: missing or changed; and, if these are
    the reports of all documents, left behind."""
    return stale_files(directory, all_files(reports, others), whole)
