"""From checked documents to the folder of reports: write it, or compare it with what would be written.

A report speaks of claims of other documents. So each document first tells what others may say of it (`told`), and is
rendered when all have told; the two may happen in another process than the writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from symbolic_mla.derivation.results import DocumentResult, Verdict
from symbolic_mla.record import record
from symbolic_mla.report.index import on_disk, stale, write_reports
from symbolic_mla.report.kept import Folder, key_of, read, written
from symbolic_mla.report.made import Known, Report, Summary, report_name
from symbolic_mla.report.sentences import mentioned

RECHECKED = "coq.json"  # which statements another prover has accepted, in the folder of reports


@record
class Outcome:
    """What others may say of a claim."""

    verdict: Verdict
    as_expected: bool


@dataclass(frozen=True)
class Claims:
    """The claims of a document by name, under the name of its report; `reported`: it has something to report."""

    name: str
    reported: bool
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)


@record
class Rendered:
    """What a document gives: its report, if it has one, and the problems met, in words."""

    path: str
    fatal: bool
    report: Report | None = None
    problems: tuple[str, ...] = ()


def told(result: DocumentResult) -> Claims:
    """What a document lets others say of it."""
    reported = result.fatal is None and bool(result.claims or result.error_blocks)
    outcomes = {c.id: Outcome(c.verdict, c.as_expected) for c in result.claims} if reported else {}
    return Claims(report_name(Path(result.path).as_posix()), reported, outcomes)


def known_of(judged: Iterable[Claims], others: Sequence[Summary]) -> Known:
    """The claims of all documents, judged now or not."""
    return {s.name: {c.id: Outcome(c.verdict, c.as_expected) for c in s.claims} for s in others} | {
        c.name: c.outcomes for c in judged if c.reported
    }


def others_of(judged: Iterable[Claims], directory: Path, whole: bool) -> list[Summary]:
    """The documents that have reports and are not judged now; none where these are the whole."""
    names = {c.name for c in judged}
    return [] if whole else [s for s in on_disk(directory) if s.name not in names]


def rendered(result: DocumentResult, directory: Path, known: Known, folder: Folder | None = None) -> Rendered:
    """The report as `folder` keeps it; else made now, with what the engines say, and kept if they have no objection.

    Raises InputError where the directory's index of Coq's is none.
    """
    if not told(result).reported:
        return Rendered(result.path, result.fatal is not None)
    source = Path(result.path).as_posix()
    outside = _rechecked(directory) + "\0".join(sorted(mentioned(result, known)))
    key = None if folder is None else key_of(result, source, directory.as_posix(), outside)
    if folder is not None and key is not None:
        text = folder.read(key)
        kept = read(text) if text is not None else None
        if kept is not None:
            return Rendered(result.path, False, kept)
    from symbolic_mla.report.making import make  # the engines are imported where they are asked

    report, problems = make(result, source, directory, RECHECKED, known)
    if folder is not None and key is not None and not problems:
        folder.write(key, written(report))
    return Rendered(result.path, False, report, tuple(problems))


def write(found: Sequence[Rendered], directory: Path, whole: bool, others: Sequence[Summary]) -> list[str]:
    """Write each report and the index of all. The problems met, in words; empty if none. `whole`: there are no other
    documents, and their reports are removed; else the index goes on listing `others`.

    Raises InputError where the directory can't be written.
    """
    reports, problems = _together(found)
    if any(r.fatal for r in found):
        problems.append("no report was written: a document could not be read")
    if not problems:
        write_reports(directory, reports, whole, others)
    return problems


def compare(found: Sequence[Rendered], directory: Path, whole: bool, others: Sequence[Summary]) -> list[str]:
    """The problems met, and the reports on disk that are not what would be written. Not `whole`: these are some of
    the documents, and nothing is said of the others' reports."""
    reports, problems = _together(found)
    old = [(directory / name).as_posix() for name in stale(directory, reports, whole, others)]
    return problems + [f"stale: {path}; run `make prove`" for path in old]


def publish(
    results: Sequence[DocumentResult], directory: Path, folder: Folder | None = None, whole: bool = False
) -> list[str]:
    """`write` for checked documents; a report that `folder` keeps is written as it is."""
    found, others = _rendered(results, directory, folder, whole)
    return write(found, directory, whole, others)


def verify(results: Sequence[DocumentResult], directory: Path, whole: bool = True) -> list[str]:
    """`compare` for checked documents, every engine asked anew."""
    found, others = _rendered(results, directory, None, whole)
    return compare(found, directory, whole, others)


def _rendered(
    results: Sequence[DocumentResult], directory: Path, folder: Folder | None, whole: bool
) -> tuple[list[Rendered], list[Summary]]:
    judged = [told(r) for r in results]
    others = others_of(judged, directory, whole)
    known = known_of(judged, others)
    return [rendered(r, directory, known, folder) for r in results], others


def _together(found: Sequence[Rendered]) -> tuple[list[Report], list[str]]:
    problems: list[str] = []
    names: dict[str, str] = {}
    for document in found:
        problems += document.problems
        if document.report is None:
            continue
        name = document.report.name
        if name in names:
            problems.append(f"{document.path}: a report {name}.md is already that of {names[name]}")
        names[name] = document.path
    return [document.report for document in found if document.report is not None], problems


def _rechecked(directory: Path) -> str:
    """What the folder says of another prover, as a part of the key of a report."""
    try:
        return (directory / RECHECKED).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
