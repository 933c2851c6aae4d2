"""What a person reads of a broken document, as a snapshot: `python -m tests.diagnostics.test_golden` writes it anew."""

from __future__ import annotations

from pathlib import Path

from symbolic_mla.commands.showing import text_of
from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document

HERE = Path(__file__).parent / "golden"


def shown() -> str:
    """The text of a check, without colours."""
    from click import unstyle

    document = parse_document((HERE / "broken.md").read_text(encoding="utf-8"), path="broken.md")
    return unstyle(text_of([check_document(document)], "text", None))


def test_the_output_is_the_snapshot() -> None:
    """Place, caret, shapes, counterexample, what is left over, hypothesis, slip: in this order, for each step."""
    assert shown() == (HERE / "broken.txt").read_text(encoding="utf-8")


def test_the_order_of_the_parts() -> None:
    """Shapes first, then the counterexample, what is left over, the hypothesis, the slip."""
    squared = shown().split("squared: refuted")[1].split("mixed: ")[0]
    marks = ["both sides are", "smallest counterexample", "when like terms cancel", "a hypothesis is missing", "likely"]
    assert [squared.index(m) for m in marks] == sorted(squared.index(m) for m in marks)


if __name__ == "__main__":
    (HERE / "broken.txt").write_text(shown(), encoding="utf-8")
