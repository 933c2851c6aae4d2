"""The report of a checked document, made now: every engine is asked, and the sweep is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from symbolic_mla.coq.documents import left_out
from symbolic_mla.coq.index import load
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.report.claims import NOT_RECHECKED, Recheck
from symbolic_mla.report.document import render_report
from symbolic_mla.report.engines import Opinion, engines_section, instance_section, opinions
from symbolic_mla.report.evidence import TITLE, Evidence, evidence
from symbolic_mla.report.made import Known, Report
from symbolic_mla.report.sentences import unknown


def make(
    result: DocumentResult, source: str, directory: Path, rechecked: str, known: Known
) -> tuple[Report, list[str]]:
    """The report, and the problems met: what an engine contradicts, what the sweep measured above its bounds.

    Raises InputError where the folder's file `rechecked` is no index of Coq's.
    """
    index = load(directory / rechecked)
    found = opinions(result)
    measured = evidence(result)
    problems = [*(o.problem for o in found if o.problem), *(measured.problems if measured else ())]
    problems += [f"{result.path}: `{n}` is named, and there is no such claim" for n in unknown(result, known)]
    recheck = Recheck(f"Coq {index.release}", left_out(result, index)) if index else NOT_RECHECKED
    report = render_report(result, source_path=source, directory=directory.as_posix(),
                           extras=_extras(result, found, measured), figures=measured.figures if measured else {},
                           recheck=recheck, known=known)  # fmt: skip
    agreed = {o.claim: o.agreeing for o in found}
    claims = tuple(replace(c, engines=agreed.get(c.id, c.engines)) for c in report.summary.claims)
    return replace(report, summary=replace(report.summary, claims=claims)), problems


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
