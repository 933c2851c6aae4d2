"""Whatever the documents of the project prove or refute is true, or false, when evaluated by other code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import StepResult
from symbolic_mla.instance.judge import holds
from symbolic_mla.language.documents import load_document
from symbolic_mla.laws import replay
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
    made: dict[Any, Any] = {}  # each step has its own certificate; what they have in common is made once
    for step in judged:
        if step.theorem is not None:
            (again,) = replay(certificate(step.theorem), made)
            t = step.theorem
            assert (again.conclusion, again.hypotheses, again.axioms) == (t.conclusion, t.hypotheses, t.axioms)
            assert t.conclusion == step.statement
            if not t.axioms & {"softmax-weights", "softmax-injective"}:  # worlds have any function for softmax
                assert false_somewhere(t) is None
        if step.counterexample is not None and step.statement is not None:
            at = instance_of(step.counterexample)
            assert holds(step.statement, at) in (False, None)


def test_there_are_documents() -> None:
    """The examples at least are there to be checked."""
    assert len(DOCUMENTS) >= 5


def test_verdicts_do_not_depend_on_the_seed_of_hashes() -> None:
    """Two processes with other hashes give the same certificates and the same counterexamples."""
    program = (
        "import sys, hashlib\n"
        "from symbolic_mla.derivation.check import check_document\n"
        "from symbolic_mla.algebra.certify import certificate\n"
        "from symbolic_mla.language.documents import load_document\n"
        "for path in sys.argv[1:]:\n"
        "    for c in check_document(load_document(path)).claims:\n"
        "        for s in c.steps:\n"
        "            text = certificate(s.theorem) if s.theorem else repr(s.counterexample)\n"
        "            print(c.id, s.verdict, hashlib.sha256(text.encode()).hexdigest())\n"
    )
    paths = [str(p) for p in DOCUMENTS if p.parent.name == "examples"]
    outputs = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program, *paths],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        )
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1
