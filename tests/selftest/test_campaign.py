"""The campaign finds nothing wrong, can find what is wrong, and meets the same cases again from a seed."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.text import statement_text
from symbolic_mla.derivation import check
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel import network
from symbolic_mla.kernel import scalar as scalars
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom
from symbolic_mla.prover.decide import Proved, Undecided, decide
from symbolic_mla.selftest import core, rules, statements, surface
from symbolic_mla.selftest.campaign import run, run_round, summary
from symbolic_mla.selftest.dense import World, dense
from symbolic_mla.selftest.instances import fits
from symbolic_mla.selftest.modular import PRIME, Worlds
from symbolic_mla.selftest.statements import KINDS, Case, drawn
from symbolic_mla.selftest.tally import Tally
from symbolic_mla.selftest.terms import DIMENSIONS, P
from symbolic_mla.selftest.texts import document
from tests.strategies import terms

A, B = Atom("A", (P, P)), Atom("B", (P, P))
FALSE = Equation(al.matmul(A, B), al.matmul(B, A))


def test_a_short_campaign_finds_nothing_wrong() -> None:
    """`symbolic-mla selftest` runs as many rounds as one likes."""
    tally = run(seed=3, minutes=5, rounds=1).tally
    assert not tally.failed, summary(tally)
    assert tally.evaluations > 1000
    assert tally.replayed > 5


def test_a_seed_meets_the_same_cases_again() -> None:
    """A case is had again from its seed alone."""
    for k in range(12):
        try:
            once, again = (statement_text(drawn(f"s|{k}")[0].statement) for _ in range(2))
        except SymbolicMLAError:
            continue
        assert once == again
        assert document(f"s|{k}").text() == document(f"s|{k}").text()


def test_every_kind_of_statement_is_met() -> None:
    """Each kind can be drawn, and is judged without a crash."""
    tally = Tally()
    for kind in sorted(set(KINDS) - {statements.by_rule}, key=lambda f: f.__name__):
        core.judge_case(kind(Random(1)), "x", Random(1), tally)
    assert not tally.failed, summary(tally)


@pytest.mark.parametrize("name", sorted(rules.MAKERS))
def test_every_rule_is_tried(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule takes some of what it is given and refuses some; what it gives is true where it is evaluated."""
    monkeypatch.setattr(rules, "MAKERS", {name: rules.MAKERS[name]})
    tally, refused = Tally(), 0
    for number in range(30):
        try:
            core.judge_case(rules.by_rule(Random(number)), "x", Random(number), tally)
        except SymbolicMLAError:
            refused += 1
    assert not tally.failed, summary(tally)
    assert tally.evaluations > 0
    assert refused or name in NEVER_REFUSED


NEVER_REFUSED = {"congruence", "entry", "rank-equal", "rank-factor", "rank-gram", "rank-identity", "rank-kron",
                 "rank-size", "rank-sylvester", "softmax-rows"}


# ---- it can fail -------------------------------------------------------------------------------------


def judged(case: Case) -> Tally:
    tally = Tally()
    core.judge_case(case, "x", Random(0), tally)
    return tally


def test_something_false_that_is_proved_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the evaluator, by the statement of the theorem, and by the replay."""
    genuine = decide(Equation(A, A))
    assert isinstance(genuine, Proved)
    lie = object.__new__(type(genuine.theorem))
    for name in ("hypotheses", "axioms", "proof"):
        object.__setattr__(lie, name, getattr(genuine.theorem, name))
    object.__setattr__(lie, "conclusion", FALSE)
    monkeypatch.setattr(core, "decide", lambda *_: Proved(lie))
    said = "\n".join(judged(Case("x", FALSE)).disagreements)
    assert "proved, and false at" in said
    assert "the certificate gives another theorem" in said
    assert "another statement was proved" in "\n".join(judged(Case("x", Equation(B, B))).disagreements)


def test_something_true_that_is_refuted_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the law that makes it true, and at its counterexample."""
    found = decide(FALSE)
    monkeypatch.setattr(core, "decide", lambda *_: found)
    said = judged(Case("x", Equation(al.add(A, B), al.add(B, A)), true=True)).disagreements
    assert len(said) == 2
    assert "true by a law, and refuted" in said[0]
    assert "it holds at its counterexample" in said[1]


def _closed_edges_lost(form: network.IndexForm, n: network.Network) -> network.Network:
    touched = network.free_edges(n._replace(inner=()))
    return n._replace(inner=tuple(e for e in n.inner if e in touched))


def _positions_lost(expand: Any) -> Any:
    def wrong(form: network.IndexForm, t: Any, at: Any) -> Any:
        return expand(form, Apply(t.function, t.term) if isinstance(t, Apply) else t, at)

    return wrong


def _roots_lost(a: Any, b: Any, c: Any) -> Any:
    powers = Counter(dict(a))
    powers.update(dict(b))
    kept = {g: e % 2 if isinstance(g, scalars.Root) and e > 1 else e for g, e in powers.items()}
    return [(tuple(sorted(((g, e) for g, e in kept.items() if e), key=lambda p: p[0].key)), c)]


@pytest.mark.parametrize(
    ("where", "name", "wrong"),
    [
        (network.IndexForm, "_touched", _closed_edges_lost),
        (network.IndexForm, "expand", _positions_lost(network.IndexForm.expand)),
        (scalars, "_times", _roots_lost),
    ],
)
def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, wrong: Any) -> None:
    """Sizes of closed edges dropped, positions of functions forgotten, a root that meets itself gone: each is met."""
    monkeypatch.setattr(statements, "KINDS", (statements.by_size, statements.by_function, statements.by_root))
    monkeypatch.setattr(where, name, wrong)
    tally = Tally()
    for number in range(300):
        core.judge_core(f"planted|{number}", tally)
        if tally.failed:
            return
    pytest.fail("300 statements and no disagreement")


def test_what_is_left_open_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An equation without hypotheses is decided, unless a limit was met that is named."""
    for reason, failed in (("no proof was found within the budget", True), ("more than 20000 networks", False)):
        verdict = Undecided(reason)
        monkeypatch.setattr(core, "decide", lambda *_, verdict=verdict: verdict)
        assert judged(Case("x", FALSE, decidable=True)).failed is failed


def test_a_crash_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither verdict nor error of ours: it is counted, and the campaign goes on."""

    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(core, "decide", crash)
    monkeypatch.setattr(surface, "check_document", crash)
    found = run_round("x").tally
    assert len(found.disagreements) > 30
    assert all("crashed: ZeroDivisionError" in d for d in found.disagreements)


def test_a_false_verdict_on_a_text_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The evaluator of the text contradicts a proof of what is false."""
    genuine = check.FRESH.decide

    def gullible(statement: object, *rest: object) -> object:
        found = genuine(statement, *rest)  # type: ignore[arg-type]
        return genuine(Equation(A, A)) if found.verdict == "refuted" else found

    monkeypatch.setattr(check.FRESH, "decide", gullible)
    tally = Tally()
    for k in range(3):
        surface.judge_text(f"lie|{k}", tally)
    assert tally.failed


# ---- the evaluator of many worlds --------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(terms(2, functions=True), st.integers(0, 1000), st.lists(st.integers(1, 3), min_size=4, max_size=4))
def test_many_worlds_at_once_are_each_of_them(t: object, seed: int, sizes: list[int]) -> None:
    """Every world of a batch has the value, modulo the prime, that the exact evaluator gives there."""
    world = World(dict(zip(DIMENSIONS, sizes, strict=True)), seed)
    assume(fits(world, t))  # type: ignore[arg-type]
    batch = Worlds(world, 4)
    values = batch.value(t)  # type: ignore[arg-type]
    for k in range(4):
        exact = np.ravel(dense(t, batch.one(k)))  # type: ignore[arg-type]
        residues = [x.numerator * pow(x.denominator, -1, PRIME) % PRIME for x in exact]
        assert residues == list(np.ravel(values[k]))
