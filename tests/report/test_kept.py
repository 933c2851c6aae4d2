"""A report that is kept is the report that would be made; nothing else is ever taken for it."""

from pathlib import Path

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.language.documents import parse_document
from symbolic_mla.laws import replay
from symbolic_mla.report import making, publish
from symbolic_mla.report.kept import read

TEXT = "# Two\n\n```derivation\ndims m\ngiven A, B : m × m\nclaim a: A + B = B + A\nrefute b: A B = B A\n```\n"


class Notebook:
    """A folder in memory."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def read(self, key: str) -> str | None:
        return self.texts.get(key)

    def write(self, key: str, text: str) -> None:
        self.texts[key] = text


def judged(text: str = TEXT) -> list[DocumentResult]:
    return [check_document(parse_document(text, path="proofs/two.md"))]


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents of which the engines were asked."""
    found: list[str] = []
    ask = making.opinions

    def opinions(result: DocumentResult) -> object:
        found.append(result.path)
        return ask(result)

    monkeypatch.setattr(making, "opinions", opinions)
    return found


def test_the_same_report_without_asking_again(tmp_path: Path, asked: list[str]) -> None:
    """The second run writes byte for byte what the first wrote, and asks no engine."""
    kept = Notebook()
    reports = tmp_path / "reports"
    assert publish.publish(judged(), reports, kept) == [] and len(asked) == 1
    first = files(reports)
    assert publish.publish(judged(), reports, kept) == [] and len(asked) == 1
    assert files(reports) == first


def test_another_document_is_asked_of(tmp_path: Path, asked: list[str]) -> None:
    """A word of prose is enough, and another folder of reports."""
    kept = Notebook()
    publish.publish(judged(), tmp_path / "a", kept)
    publish.publish(judged(TEXT + "\nMore.\n"), tmp_path / "a", kept)
    publish.publish(judged(), tmp_path / "b", kept)
    assert len(asked) == 3


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"name": "two"}'])
def test_what_is_no_report_is_not_taken_for_one(tmp_path: Path, asked: list[str], text: str) -> None:
    """A damaged entry is made anew."""
    kept = Notebook()
    publish.publish(judged(), tmp_path, kept)
    first = files(tmp_path)
    kept.texts = dict.fromkeys(kept.texts, text)
    assert read(text) is None
    publish.publish(judged(), tmp_path, kept)
    assert len(asked) == 2 and files(tmp_path) == first


def test_a_check_takes_nothing_that_is_kept(tmp_path: Path, asked: list[str]) -> None:
    """`verify` has no folder to take a report from: a forged entry can't make a stale report look fresh."""
    publish.publish(judged(), tmp_path, Notebook())
    assert publish.verify(judged(), tmp_path) == [] and len(asked) == 2


def test_a_certificate_does_not_depend_on_who_made_its_parts() -> None:
    """A theorem that was replayed and one that was made now may be two objects: they are written as one."""
    m = Axis.of(Var("m"))
    A, B = Atom("A", (m, m)), Atom("B", (m, m))
    made = derive("assume", Equation(A, B))
    (again,) = replay(certificate(made))
    assert certificate(made, made) == certificate(made, again)
