"""Write the golden reports and the tutorial again: `python tests/golden/make.py`. Read the difference first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from runpy import run_path

from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document
from symbolic_mla.report.document import render_report
from symbolic_mla.report.index import write_reports
from symbolic_mla.report.made import Report

HERE = Path(__file__).parent
EXTRAS: Mapping[str, Mapping[str, str]] = {"false": {"A section of others": "What they say."}}


def golden_reports() -> list[Report]:
    """The reports of tests/golden/documents."""
    found = []
    for path in sorted((HERE / "documents").glob("*.md")):
        document = parse_document(path.read_text(encoding="utf-8"), path=path.name)
        extras = EXTRAS.get(path.stem, {})
        found.append(render_report(check_document(document), source_path=f"documents/{path.name}", extras=extras))
    return found


if __name__ == "__main__":
    run_path(str(HERE.parent / "tutorial.py"), run_name="__main__")
    print("\n".join(write_reports(HERE / "reports", golden_reports())) or "nothing changed")
