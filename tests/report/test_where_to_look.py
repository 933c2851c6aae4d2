"""proofs/README.md leads to claims that are there: every name is a link to a claim of the committed reports."""

from __future__ import annotations

import re
from pathlib import Path

from symbolic_mla.report.index import on_disk
from symbolic_mla.report.markdown import anchor

ROOT = Path(__file__).parents[2]


def test_every_name_is_a_link_to_its_claim() -> None:
    """Each name of a claim is linked to its heading in its report, and each document of a theorem is named."""
    text = (ROOT / "proofs" / "README.md").read_text(encoding="utf-8")
    found = {s.name: {c.id: c for c in s.claims} for s in on_disk(ROOT / "reports")}
    named = re.findall(r"`([\w-]+)#([\w-]+)`(?:\]\((\S+)\))?", text)[1:]
    assert len(named) > 50
    for document, claim, target in named:
        verdict = found[document][claim].verdict
        assert target == f"../reports/{document}.md#{anchor(f'{claim}: {verdict}')}"
    assert {s for s in found if s != "in-latex"} - {document for document, _, _ in named} == set()
