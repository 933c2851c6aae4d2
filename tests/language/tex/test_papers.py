"""Formulas as they stand in papers and forums are read and judged, once their symbols are declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document


def verdicts(text: str) -> dict[str, str]:
    """What a document's claims are found to be."""
    result = check_document(parse_document(text))
    assert result.fatal is None, result.fatal
    errors = [step.error for claim in result.claims for step in claim.steps if step.error is not None]
    assert errors == []
    return {claim.id: claim.verdict for claim in result.claims}


PAPERS = {
    "deepseek-v2": {"eq-absorb-keys": "proved", "tag-absorb-values": "proved"},
    "attention": {"folded": "proved", "call": "proved"},
    "gqa": {"mean-of-equal-heads": "proved", "cache": "proved", "rank": "proved"},
    "transmla": {
        "repeated-after-is-repeated-before": "proved",
        "rank": "proved",
        "split": "proved",
        "gram": "proved",
    },
    "forum": {
        "formula-1-shape": "proved",
        "rank": "proved",
        "svd": "proved",
        "entries": "proved",
        "wrong-factor": "refuted",
        "right-factor": "proved",
    },
}


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_is_checked_as_it_stands(paper: str) -> None:
    """Definitions are taken in, claims have the verdicts that they should have."""
    text = Path(__file__).with_name("papers").joinpath(f"{paper}.md").read_text(encoding="utf-8")
    assert verdicts(text) == PAPERS[paper]
