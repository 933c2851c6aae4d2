"""A sentence is checked if it names a claim; every other one is listed as commentary, and no claim is left out."""

from __future__ import annotations

from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document
from symbolic_mla.report.sentences import sentences, sentences_section

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
