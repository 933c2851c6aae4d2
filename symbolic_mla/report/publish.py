"""From checked documents to the folder of reports: write it, or compare it with what would be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from symbolic_mla.coq.documents import left_out
from symbolic_mla.coq.index import FILE, Index, load
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.report.claims import NOT_RECHECKED, Recheck
from symbolic_mla.report.document import Report, render_report, report_name
from symbolic_mla.report.engines import Opinion, engines_section, instance_section, opinions
from symbolic_mla.report.evidence import TITLE, Evidence, evidence
from symbolic_mla.report.index import on_disk, stale, write_reports
from symbolic_mla.report.kept import Folder, key_of, read, written
from symbolic_mla.report.sentences import mentioned, unknown
from symbolic_mla.report.summary import Known, Summary, summary


def publish(
    results: Sequence[DocumentResult], directory: Path, folder: Folder | None = None, whole: bool = False
) -> list[str]:
    """Write a report for each document and the index of all. The problems met, in words; empty if none. A report that
    `folder` keeps is written as it is. `whole`: there are no other documents, and their reports are removed; else the
    index goes on listing the documents whose reports are there.

    Raises InputError where the directory can't be written.
    """
    others = _others(results, directory, whole)
    reports, problems = _rendered(results, directory, folder, others)
    if any(r.fatal is not None for r in results):
        problems.append("no report was written: a document could not be read")
    if not problems:
        write_reports(directory, reports, whole, others)
    return problems


def verify(results: Sequence[DocumentResult], directory: Path, whole: bool = True) -> list[str]:
    """The problems met, every engine asked anew, and the reports on disk that are not what would be written. Not
    `whole`: these are some of the documents, and nothing is said of the others' reports."""
    others = _others(results, directory, whole)
    reports, problems = _rendered(results, directory, None, others)
    old = [(directory / name).as_posix() for name in stale(directory, reports, whole, others)]
    return problems + [f"stale: {path}; run `make prove`" for path in old]


def _others(results: Sequence[DocumentResult], directory: Path, whole: bool) -> list[Summary]:
    """The documents that have reports and are not judged now."""
    judged = {report_name(Path(r.path).as_posix()) for r in results}
    return [] if whole else [s for s in on_disk(directory) if s.name not in judged]


def _rendered(
    results: Sequence[DocumentResult], directory: Path, folder: Folder | None, others: Sequence[Summary]
) -> tuple[list[Report], list[str]]:
    reports: list[Report] = []
    problems: list[str] = []
    index = load(directory / FILE)
    names: dict[str, str] = {}
    reported = [r for r in results if r.fatal is None and (r.claims or r.error_blocks)]
    known = {s.name: {c.id: c for c in s.claims} for s in others}
    for result in reported:
        source = Path(result.path).as_posix()
        made = summary(result, report_name(source), source)
        known[made.name] = {c.id: c for c in made.claims}
    for result in reported:
        report, found = _report(result, directory.as_posix(), folder, index, known)
        problems += found
        if report.name in names:
            problems.append(f"{result.path}: a report {report.name}.md is already that of {names[report.name]}")
        names[report.name] = result.path
        reports.append(report)
    return reports, problems


def _report(
    result: DocumentResult, directory: str, folder: Folder | None, index: Index | None, known: Known
) -> tuple[Report, list[str]]:
    """The report as it is kept; else made now, with what the engines say, and kept if they have no objection."""
    source = Path(result.path).as_posix()
    outside = (index.text() if index else "") + "\0".join(sorted(mentioned(result, known)))
    key = key_of(result, source, directory, outside) if folder is not None else None
    if folder is not None and key is not None:
        text = folder.read(key)
        kept = read(text) if text is not None else None
        if kept is not None:
            return kept, []
    found = opinions(result)
    measured = evidence(result)
    problems = [*(o.problem for o in found if o.problem), *(measured.problems if measured else ())]
    problems += [f"{result.path}: `{n}` is named, and there is no such claim" for n in unknown(result, known)]
    recheck = Recheck(f"Coq {index.release}", left_out(result, index)) if index else NOT_RECHECKED
    report = render_report(result, source_path=source, directory=directory, extras=_extras(result, found, measured),
                           figures=measured.figures if measured else {}, recheck=recheck, known=known)  # fmt: skip
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
