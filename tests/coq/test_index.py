"""A report says that Coq re-checked a claim only where the index has the digest of exactly this statement."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from symbolic_mla.coq.documents import left_out, scripts
from symbolic_mla.coq.index import Index, index_of, load
from symbolic_mla.derivation.check import check_document
from symbolic_mla.errors import InputError
from symbolic_mla.language.documents import parse_document
from symbolic_mla.report.claims import Recheck
from symbolic_mla.report.document import render_report
from symbolic_mla.report.index import render_index

TEXT = """# Two

```derivation
dims m
given A, B : m × m
claim sum: A + B = B + A
refute product: A B = B A
refute named: softmax(A + B) = softmax(A) + softmax(B)
```
"""
RESULT = check_document(parse_document(TEXT, path="proofs/two.md"))
EXPORTED = scripts([RESULT])
INDEX = index_of(EXPORTED, EXPORTED.scripts, "8.16.1")


def test_what_was_accepted_is_said_and_what_has_no_script_is_listed() -> None:
    """A proved and a refuted claim have the line; the one without a script is in the README with the reason."""
    reasons = left_out(RESULT, INDEX)
    assert reasons["sum"] is None and reasons["product"] is None
    assert reasons["named"] == "softmax has no values over the rational numbers"
    recheck = Recheck(f"Coq {INDEX.release}", reasons)
    report = render_report(RESULT, source_path="proofs/two.md", recheck=recheck)
    assert report.markdown.count("Re-checked by Coq 8.16.") == 2
    index = render_index([report.summary])
    assert "Coq 8.16 has accepted 2 of the 3 claims" in index
    assert "`named`: softmax has no values over the rational numbers." in index
    assert "Re-checked" not in render_report(RESULT, source_path="proofs/two.md").markdown


@pytest.mark.parametrize("other", [
    replace(INDEX, library="0"),
    replace(INDEX, statements={**INDEX.statements, "two_sum": "0"}),
    replace(INDEX, statements={k: v for k, v in INDEX.statements.items() if k != "two_sum"}),
])  # fmt: skip
def test_another_statement_or_library_is_not_rechecked(other: Index) -> None:
    """A digest that differs or is missing, or another library, takes the line away."""
    assert left_out(RESULT, other)["sum"] == "the index of what Coq accepted does not have this statement"


def test_an_index_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The file gives back the index; no file gives none; anything else is an error."""
    path = tmp_path / "coq.json"
    assert load(path) is None
    path.write_text(INDEX.text(), encoding="utf-8")
    assert load(path) == INDEX
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match=r"is no index of Coq's"):
        load(path)


def test_some_documents_alone_leave_the_rest_as_it_is() -> None:
    """What was asked again has what Coq says now, or nothing; the rest stays, but not over another library."""
    old = replace(INDEX, statements={"two_sum": "0", "refused": "1", "other": "2"}, left_out={"more": "why"})
    both = INDEX.within(old, {*INDEX.statements, *INDEX.left_out, "refused"})
    assert both.statements == {**INDEX.statements, "other": "2"}
    assert both.left_out == {**INDEX.left_out, "more": "why"}
    assert INDEX.within(replace(old, library="0"), ()) == INDEX == INDEX.within(None, ())
