"""An entry proves nothing by being there: whatever it says is judged again, and a forged one shows nothing."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.cache.entries import judged, written
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.prover.decide import Proved, Refuted, Setting
from tests.cache.statements import questions

ASKED = list(questions())
PROVED = [q for q in ASKED if isinstance(q[2], Proved)]
REFUTED = [q for q in ASKED if isinstance(q[2], Refuted)]
KEPT = [q for q in ASKED if written(q[2]) is not None]


def entry(verdict: Proved | Refuted) -> str:
    text = written(verdict)
    assert text is not None
    return text


def test_an_entry_gives_its_verdict_back() -> None:
    """Proofs prove the same, counterexamples refute by the same instance and leave the same over."""
    back = 0
    for statement, setting, verdict in KEPT:
        found = judged(entry(verdict), statement, setting)
        if found is None:
            continue
        back += 1
        assert found.verdict == verdict.verdict
        if isinstance(found, Proved):
            assert certificate(found.theorem) == certificate(verdict.theorem)
        else:
            assert found.counterexample == verdict.counterexample
            assert (found.left_over is None) == (verdict.left_over is None)
    assert back >= len(KEPT) - 1, "nearly all entries are of use"
    assert len(PROVED) >= 6 and len(REFUTED) >= 6


def test_an_entry_of_another_statement_shows_nothing() -> None:
    """Entries under each other's keys: none proves or refutes what it was not about, unless that is true."""
    for (_, _, mine), (statement, setting, theirs) in [(a, b) for a in KEPT for b in KEPT if a is not b]:
        found = judged(entry(mine), statement, setting)
        assert found is None or found.verdict == theirs.verdict


def test_a_false_statement_assumed_is_not_proved() -> None:
    """A certificate that assumes what it should prove is refused: its theorem has a hypothesis more."""
    for statement, setting, _ in REFUTED:
        assert judged(f"proved\n{certificate(derive('assume', statement))}", statement, setting) is None


def test_a_proof_that_assumes_more_than_the_setting_is_refused() -> None:
    """The same certificate is good in a setting that grants its hypotheses, and refused without."""
    uses = [q for q in PROVED if q[2].theorem.hypotheses]
    assert uses
    for statement, setting, verdict in uses:
        assert judged(entry(verdict), statement, setting) is not None
        assert judged(entry(verdict), statement, Setting()) is None


def test_a_proof_by_another_axiom_is_refused() -> None:
    """What the setting rests on by its own words, a certificate can't replace by another axiom."""
    resting = [q for q in PROVED if q[2].theorem.axioms]
    assert resting
    for statement, setting, verdict in resting:
        other = Setting(setting.facts, setting.hypotheses, setting.divides, "svd")
        assert judged(entry(verdict), statement, other) is None


@pytest.mark.parametrize("part", [0, 0.2, 0.5, 0.8, 0.95, 0.999])
def test_a_truncated_entry_shows_nothing(part: float) -> None:
    """Cut anywhere, it is no entry; what lacks only the line end may be whole."""
    for statement, setting, verdict in KEPT:
        text = entry(verdict)
        cut = text[: min(int(part * len(text)), len(text) - 2)]
        assert judged(cut, statement, setting) is None


def test_an_edited_counterexample_is_evaluated() -> None:
    """Zero matrices refute none of these; sizes, shapes, signs and names that do not fit are refused."""
    for statement, setting, verdict in [q for q in REFUTED if written(q[2]) is not None]:
        body = json.loads(entry(verdict).partition("\n")[2])
        for name, (shape, entries) in body["tensors"].items():
            for changed in (
                [shape, [0] * len(entries)] if statement_vanishes(body, name) else None,
                [[*shape, 1], entries],
                [shape, entries[1:]],
                [shape, [*entries[:-1], "one"]],
                [shape, [*entries[:-1], 0.5]],
                [shape, [*entries[:-1], True]],
            ):
                if changed is not None:
                    forged = {**body, "tensors": {**body["tensors"], name: changed}}
                    assert judged(f"refuted\n{json.dumps(forged)}", statement, setting) is None
        for size in body["sizes"]:
            for value in (0, -1, "2", 2.0, 10**9):
                forged = {**body, "sizes": {**body["sizes"], size: value}}
                assert judged(f"refuted\n{json.dumps(forged)}", statement, setting) is None
        for forged in ({**body, "sizes": {**body["sizes"], "q": 1}}, {**body, "functions": {"g": []}}, [], None, {}):
            assert judged(f"refuted\n{json.dumps(forged)}", statement, setting) is None


def statement_vanishes(body: dict[str, object], name: str) -> bool:
    """Whether the statements about two matrices alone hold where one is zero."""
    return set(body["tensors"]) == {"A", "B"} and not body["scalars"] and not body["functions"]  # type: ignore[call-overload]


def test_a_negative_number_for_a_positive_one_is_refused() -> None:
    """A scalar that is declared positive has no other value."""
    ((statement, setting, verdict),) = [q for q in REFUTED if q[2].counterexample.scalars]
    body = json.loads(entry(verdict).partition("\n")[2])
    for value in (-3, 0, "-1/2"):
        assert judged(f"refuted\n{json.dumps({**body, 'scalars': {'c': value}})}", statement, setting) is None


def test_smallest_is_shown_and_not_believed() -> None:
    """A larger counterexample refutes, and is never called the smallest because an entry says so."""
    ((statement, setting, verdict),) = questions("```derivation\ndims m\ngiven A, B : m × m\nrefute x: A B = B A\n```")
    assert isinstance(verdict, Refuted) and verdict.counterexample.smallest
    body = json.loads(entry(verdict).partition("\n")[2])
    again = judged(f"refuted\n{json.dumps(body)}", statement, setting)
    assert isinstance(again, Refuted) and again.counterexample == verdict.counterexample
    shape, _ = body["tensors"]["A"]
    assert shape == [2, 2]
    for tensors in ({"A": [[2, 2], [1, 1, 0, 0]], "B": [[2, 2], [0, 1, 1, 1]]},):
        larger = {**body, "tensors": tensors}
        assert judged(f"refuted\n{json.dumps(larger)}", statement, setting) is None
        modest = judged(f"refuted\n{json.dumps({**larger, 'smallest': False})}", statement, setting)
        assert isinstance(modest, Refuted) and not modest.counterexample.smallest


def test_undecided_is_not_kept() -> None:
    """Nothing could be judged again there."""
    from symbolic_mla.prover.decide import Undecided

    assert written(Undecided("no budget")) is None


def test_the_order_of_questions_does_not_matter() -> None:
    """Each question is its own: neighbours have different entries."""
    texts = [entry(v) for _, _, v in KEPT]
    assert all(a != b for a, b in pairwise(texts))
