"""Whatever the documents of the project prove or refute is true, or false, when evaluated by other code."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import StepResult
from symbolic_mla.instance.judge import holds
from symbolic_mla.kernel.certificate import certificate, replay
from symbolic_mla.language.documents import load_document
from tests.derivation.instances import instance_of
from tests.must_fail.forge import false_somewhere

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*(ROOT / "tests" / "language" / "examples").glob("*.md"), *(ROOT / "proofs").glob("*.md")])


def steps(path: Path) -> list[StepResult]:
    """Every judged step of a document."""
    return [step for c in check_document(load_document(path)).claims for step in c.steps]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_verdict_of_a_document_stands(path: Path) -> None:
    """A proved step replays to the same theorem, and is true at small worlds; a refuted one fails at its instance."""
    judged = steps(path)
    for step in judged:
        if step.theorem is not None:
            (again,) = replay(certificate(step.theorem))
            t = step.theorem
            assert (again.conclusion, again.hypotheses, again.axioms) == (t.conclusion, t.hypotheses, t.axioms)
            assert t.conclusion == step.statement
            assert false_somewhere(t) is None
        if step.counterexample is not None and step.statement is not None:
            at = instance_of(step.counterexample)
            assert holds(step.statement, at) in (False, None)


def test_there_are_documents() -> None:
    """The examples at least are there to be checked."""
    assert len(DOCUMENTS) >= 5
