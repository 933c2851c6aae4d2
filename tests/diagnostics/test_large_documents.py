"""What is said of a document takes time in proportion to it: repairs are looked for a counted number of times."""

from __future__ import annotations

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.diagnostics.of_document import diagnose
from symbolic_mla.diagnostics.repair import search
from symbolic_mla.language.documents import parse_document

HEAD = "```derivation\ndims n\ngiven A, B : n × n\n"


def wrong(claims: int) -> str:
    return HEAD + "".join(f"claim c{k}: (A + B)^2 = A^2 + 2 A B + B^2\n" for k in range(claims)) + "```\n"


def test_a_document_is_read_again_for_so_many_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """With enough to read every step that is looked at is mended; with a document's worth, the first alone."""
    mended = []
    for most in (2_000_000, len(wrong(6)) + 10):
        monkeypatch.setattr(search, "MAX_READ", most)
        mended.append(sum(bool(d.repairs) for d in diagnose(check_document(parse_document(wrong(6))))))
    assert mended[0] == 6
    assert mended[1] == 1


def test_steps_beyond_the_limit_are_not_staged(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands before a claim is gathered only for the claims that are looked at."""
    staged = []
    before = search.Stage.before
    monkeypatch.setattr(search.Stage, "before", lambda *a: staged.append(1) or before(*a))
    found = list(diagnose(check_document(parse_document(wrong(search.MAX_STEPS + 20)))))
    assert len(found) == search.MAX_STEPS + 20
    assert len(staged) == search.MAX_STEPS


def test_a_claim_may_be_named_like_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name of a claim stands for what the repairs have taken."""
    text = wrong(3).replace("c0:", "steps:").replace("c1:", "named:")
    monkeypatch.setattr(search, "MAX_STEPS", 2)
    assert sum(bool(d.repairs) for d in diagnose(check_document(parse_document(text)))) == 2
