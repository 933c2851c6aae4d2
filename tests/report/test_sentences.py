"""A sentence is checked if it names a claim; every other one is listed as commentary, and no claim is left out. The
claims of other documents are named too, and what is said to rest on what is read."""

from __future__ import annotations

from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document
from symbolic_mla.report.made import ClaimSummary
from symbolic_mla.report.prose import sentences, words
from symbolic_mla.report.sentences import sentences_section, unknown

TEXT = """# T

Twice A is A + A (`doubled`). This is a remark. So is `this`.

```derivation
dims m
given A : m × m
claim doubled: 2 A = A + A
claim silent: A = A
```
"""


def test_sentences_end_where_they_end() -> None:
    """Lines and abbreviations do not end one, headings and code are none."""
    assert list(sentences(TEXT)) == ["Twice A is A + A (`doubled`).", "This is a remark.", "So is `this`."]


def test_each_sentence_and_each_claim_is_accounted_for() -> None:
    """One is checked by its claim, two are commentary, and a claim that no sentence names is listed."""
    text = "\n".join(sentences_section(check_document(parse_document(TEXT))))
    assert "| Twice A is A + A (`doubled`). | [`doubled`](#doubled-proved) |" in text
    assert "2 sentences are commentary" in text
    assert "- This is a remark." in text
    assert "named by no sentence: [`silent`](#silent-proved)" in text


OTHER = ClaimSummary("there", "refuted", True, "refuted", None, "fails", (), ())


def test_a_claim_of_another_document_carries_a_sentence() -> None:
    """It is linked to its own report; a name that the other document lacks is found, an unknown document is let be."""
    text = TEXT + "\nNot so elsewhere (`x#there`), nor (`x#nowhere`). See `y#any`.\n"
    result = check_document(parse_document(text))
    shown = "\n".join(sentences_section(result, {"x": {"there": OTHER}}))
    assert "[`x#there`](x.md#there-refuted) |" in shown
    assert "- See `y#any`." in shown
    assert unknown(result, {"x": {"there": OTHER}}) == ["x#nowhere"]


def test_what_is_said_to_rest_on_what() -> None:
    """What stands before the words rests on what stands behind them; of nothing before, the document does."""
    text = "`a` and `b` rest on `c`, and `x#d`. It rests on `a`, since `b` does. The rest is `b`."
    found = words(text, frozenset("abc"))
    assert found.rests == {"a": ("c", "x#d"), "b": ("c", "x#d"), "": ("a", "b")}
    assert found.named == ("a", "b", "c", "x#d")


def test_rows_of_tables_are_sentences() -> None:
    """A row that names a claim is checked by it; the head of a table is none."""
    assert list(sentences("| m | n |\n|--|--|\n| One | `a` |\n| Two |  |\n")) == ["One: `a`", "Two: "]


def test_code_and_formulas_of_a_sentence_stay_what_they_are() -> None:
    """Formulas are shown as formulas, prices and emphasis are not."""
    text = TEXT + "\nWith $G_d$ *groups* of A_b, `x|y` costs $5 or $6.\n\n$$ a = b $$\n"
    shown = "\n".join(sentences_section(check_document(parse_document(text))))
    assert "- With $`G_d`$ groups of A\\_b, `x|y` costs \\$5 or \\$6." in shown and "a = b" not in shown
