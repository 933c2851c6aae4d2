"""`prove PATHS` judges some documents: their reports are written, and the index goes on listing the others."""

from __future__ import annotations

from pathlib import Path

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.language.documents import parse_document
from symbolic_mla.report.index import FILE
from symbolic_mla.report.publish import publish, verify


def document(name: str, claim: str = "claim a: A + A = 2 A", prose: str = "") -> DocumentResult:
    text = f"# {name}\n\n{prose}\n\n```derivation\ndims m\ngiven A : m × m\n{claim}\n```\n"
    return check_document(parse_document(text, path=f"proofs/{name}.md"))


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_one_after_another_is_as_all_at_once(tmp_path: Path) -> None:
    """Byte for byte, and nothing is stale, whether some or all are asked about."""
    one, two = document("one", prose="See `two#a`."), document("two")
    assert publish([one, two], tmp_path / "all" / "reports", whole=True) == []
    assert publish([two], tmp_path / "some" / "reports") == [] and publish([one], tmp_path / "some" / "reports") == []
    assert files(tmp_path / "some" / "reports") == files(tmp_path / "all" / "reports")
    for asked, whole in (([one], False), ([two], False), ([one, two], True)):
        assert verify(asked, tmp_path / "all" / "reports", whole) == []


def test_a_document_that_changed_changes_its_own_report_and_the_index(tmp_path: Path) -> None:
    """Of some documents, `--check` names these two alone; of all, also what no document left behind."""
    publish([document("one"), document("two")], tmp_path, whole=True)
    changed = document("one", "claim a: A + A + A = 3 A")
    names = {p.split(";")[0].removeprefix(f"stale: {tmp_path.as_posix()}/") for p in verify([changed], tmp_path, False)}
    assert names == {"one.md", "certificates/one.a.txt", "README.md", FILE}
    assert "two.md" in "".join(verify([document("one")], tmp_path, True))


def test_a_report_that_is_gone_is_in_no_index(tmp_path: Path) -> None:
    """What the list of summaries names without a report is not shown; a list that is damaged is as none."""
    publish([document("one"), document("two")], tmp_path, whole=True)
    (tmp_path / "two.md").unlink()
    publish([document("one")], tmp_path)
    assert "two.md" not in (tmp_path / "README.md").read_text("utf-8")
    (tmp_path / FILE).write_text("[{}]")
    assert publish([document("two")], tmp_path) == []
    assert "one.md" not in (tmp_path / "README.md").read_text("utf-8")


def test_a_name_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    """A sentence names a claim that its document has not: no report is written."""
    (problem,) = publish([document("one", prose="See `two#b`."), document("two")], tmp_path)
    assert problem == "proofs/one.md: `two#b` is named, and there is no such claim"
    assert not (tmp_path / "README.md").exists()
