"""From checked documents to the folder of reports: write it, or compare it with what would be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from symbolic_mla.coq.documents import left_out
from symbolic_mla.coq.index import FILE, Index, load
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.report.claims import NOT_RECHECKED, Recheck
from symbolic_mla.report.document import Report, render_report
from symbolic_mla.report.engines import Opinion, engines_section, instance_section, opinions
from symbolic_mla.report.evidence import TITLE, Evidence, evidence
from symbolic_mla.report.index import stale, write_reports
from symbolic_mla.report.kept import Folder, key_of, read, written


def publish(
    results: Sequence[DocumentResult], directory: Path, folder: Folder | None = None, whole: bool = False
) -> list[str]:
    """Write a report for each document and the index of all. The problems met, in words; empty if none. A report that
    `folder` keeps is written as it is. `whole`: reports of no document among these are removed.

    Raises InputError where the directory can't be written.
    """
    reports, problems = _rendered(results, directory, folder)
    if any(r.fatal is not None for r in results):
        problems.append("no report was written: a document could not be read")
    if not problems:
        write_reports(directory, reports, whole)
    return problems


def verify(results: Sequence[DocumentResult], directory: Path) -> list[str]:
    """The problems met, every engine asked anew, and the reports on disk that are not what would be written."""
    reports, problems = _rendered(results, directory, None)
    old = [(directory / name).as_posix() for name in stale(directory, reports)]
    return problems + [f"stale: {path}; run `make prove`" for path in old]


def _rendered(
    results: Sequence[DocumentResult], directory: Path, folder: Folder | None
) -> tuple[list[Report], list[str]]:
    reports: list[Report] = []
    problems: list[str] = []
    index = load(directory / FILE)
    names: dict[str, str] = {}
    for result in results:
        if result.fatal is not None or not (result.claims or result.error_blocks):
            continue
        report, found = _report(result, directory.as_posix(), folder, index)
        problems += found
        if report.name in names:
            problems.append(f"{result.path}: a report {report.name}.md is already that of {names[report.name]}")
        names[report.name] = result.path
        reports.append(report)
    return reports, problems


def _report(
    result: DocumentResult, directory: str, folder: Folder | None, index: Index | None
) -> tuple[Report, list[str]]:
    """The report as it is kept; else made now, with what the engines say, and kept if they have no objection."""
    source = Path(result.path).as_posix()
    key = key_of(result, source, directory, index.text() if index else "") if folder is not None else None
    if folder is not None and key is not None:
        text = folder.read(key)
        kept = read(text) if text is not None else None
        if kept is not None:
            return kept, []
    found = opinions(result)
    measured = evidence(result)
    problems = [*(o.problem for o in found if o.problem), *(measured.problems if measured else ())]
    recheck = Recheck(f"Coq {index.release}", left_out(result, index)) if index else NOT_RECHECKED
    report = render_report(result, source_path=source, directory=directory, extras=_extras(result, found, measured),
                           figures=measured.figures if measured else {}, recheck=recheck)  # fmt: skip
    agreed = {o.claim: o.agreeing for o in found}
    claims = tuple(replace(c, engines=agreed.get(c.id, c.engines)) for c in report.summary.claims)
    report = replace(report, summary=replace(report.summary, claims=claims))
    if folder is not None and key is not None and not problems:
        folder.write(key, written(report))
    return report, problems


def _extras(result: DocumentResult, found: Sequence[Opinion], measured: Evidence | None) -> dict[str, str]:
    extras = {}
    shown = instance_section(result)
    if shown is not None:
        extras["The theorem at a small size"] = shown
    if found:
        extras["Engines that agree"] = engines_section(found)
    if measured is not None:
        extras[TITLE] = measured.markdown
    return extras
