"""A repair is offered only if, read from its printed text, the step is proved; and the usual slips are found."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.diagnostics.diagnostic import Diagnostic, Repair, edited
from symbolic_mla.diagnostics.of_document import diagnose
from symbolic_mla.diagnostics.repair import search
from symbolic_mla.diagnostics.repair.slips import slips
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import parse_document
from symbolic_mla.language.unparse import unparse
from tests.diagnostics.broken import MENDED, document

slow = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def checked(source: str) -> DocumentResult:
    """A document, checked."""
    return check_document(parse_document(source, path="a.md"))


def chain(result: DocumentResult, claim: str) -> s.Chain:
    """The chain of a claim."""
    statement = next(c for c in result.claims if c.id == claim).item.statement
    assert isinstance(statement, s.Chain)
    return statement


def hold(source: str, found: Diagnostic, repair: Repair) -> None:
    """The repaired document, through the whole pipeline: proved there, not trivial, and the first side as it was."""
    before, after = checked(source), checked(edited(source, repair.edits))
    assert after.fatal is None and found.claim is not None and found.span is not None
    old, new = chain(before, found.claim), chain(after, found.claim)
    (number,) = (k for k, x in enumerate(old.steps) if x.span.line <= found.span.line <= x.span.end_line)
    claims = {c.id: c for c in after.claims}
    assert claims[found.claim].steps[number].verdict == "proved"
    sides = [new.first, *(x.right for x in new.steps)]
    assert sides[number] != sides[number + 1]
    readable = before.claims[0].steps[0].error is None or old.first.span.line != found.span.line
    assert new.first == old.first or not readable
    assert repair.line in [line.strip() for line in edited(source, repair.edits).split("\n")]


@pytest.mark.parametrize("name", MENDED)
def test_the_slip_is_found(name: str) -> None:
    """The mended line is among what is offered, and everything offered holds when it is pasted."""
    text, line = MENDED[name]
    source = document(text)
    (found,) = diagnose(checked(source))
    assert line in [r.line for r in found.repairs]
    for repair in found.repairs:
        hold(source, found, repair)
        assert repair.line in "\n".join(found.lines) and repair.slip in "\n".join(found.lines)


def test_a_line_of_a_chain() -> None:
    """Of several mendings the one is offered from which the next line follows, and then that line needs none."""
    source = document("given A, B, C : m × m\nclaim c: (A + B) C = A C + B B\n  = B C + A C")
    found = list(diagnose(checked(source)))
    assert found[0].repairs[0].line == "claim c: (A + B) C = A C + B C"
    assert found[1].repairs == () and "it is proved once line 8 is mended" in found[1].text


def test_what_only_repeats_a_side_is_said_and_not_offered() -> None:
    """`A = A` is no repair; that the line then repeats the one before is what the reader wants to know."""
    (found,) = diagnose(checked(document("given Q, K : m × d\nclaim c: Q Kᵀ / sqrt(d) = Q Kᵀ / sqrt(r)")))
    assert found.repairs == ()
    assert "likely slip: `r` for `d` (with it mended this line repeats the side before it)" in found.text


@pytest.mark.parametrize(
    "text",
    [
        "given A, B, C : m × m\nclaim c: A B C = C + B",
        "given A : m × m\nclaim c: Aᵀ = A",
        "given A : m × m\nrefute c: A = A",
        "given A : m × m\nclaim c: softmax(A) = A",
        "given A, B : m × m\nclaim c: A B = B A",
        "given A : m × m\nclaim c: A = A\nclaim c: A = 2 A",
    ],
)
def test_nothing_is_offered_where_nothing_mends(text: str) -> None:
    """No slip away from the truth, true only by assuming the claim itself, or a name that stands for two claims."""
    for found in diagnose(checked(document(text))):
        assert found.repairs == ()


def test_the_search_is_counted_not_timed() -> None:
    """The same document gives the same repairs; a document of many faults is looked at up to a limit."""
    text = "given A, B : m × m\n" + "\n".join(f"claim c{k}: (A B)ᵀ = Aᵀ Bᵀ" for k in range(12))
    found = list(diagnose(checked(document(text))))
    assert [bool(d.repairs) for d in found] == [True] * 8 + [False] * 4
    assert found == list(diagnose(checked(document(text))))


def test_a_search_that_no_counter_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim whose repair is looked for without end is told without one."""

    def spin(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(search, "MENDING", 0.2)
    monkeypatch.setattr(search, "_mend", spin)
    (found,) = diagnose(checked(document("given A, B : m × m\nclaim c: A B = B A")))
    assert found.code == "D001" and found.repairs == ()


TRUE = (
    "(A B)ᵀ = Bᵀ Aᵀ",
    "(A + B) C = A C + B C",
    "tr(A B C) = tr(C A B)",
    "(A B C)ᵀ = Cᵀ (A B)ᵀ",
    "(A + B)² = A² + A B + B A + B²",
    "tile(A, n)ᵀ tile(B, n) = n Aᵀ B",
    "A (B - C) = A B - A C",
    "a (A + B) Cᵀ = a A Cᵀ + a B Cᵀ",
)


@slow
@given(st.sampled_from(TRUE), st.integers(0, 10**6))
def test_one_slip_away_from_the_truth_is_mended(true: str, seed: int) -> None:
    """A true step with one small slip in its right side: a mending is found, and all that is offered is proved."""
    source = document(f"given A, B, C : m × m\nclaim c: {true}")
    result = checked(source)
    right = chain(result, "c").steps[0].right
    wrong = random.Random(seed).choice([x for x in slips(right, result.scope) if x.cost <= 3]).side
    broken = source.replace(true, f"{true.split(' = ')[0]} = {unparse(wrong)}")
    found = list(diagnose(checked(broken)))
    assume(found)  # some slips change nothing: tr(A) for tr(Aᵀ)
    offered = found[0].repairs
    assert offered or "repeats the side before it" in found[0].text
    for repair in offered:
        hold(broken, found[0], repair)
