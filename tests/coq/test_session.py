"""A session of Coq reads a script up to its first error, and says so when it has no answer."""

from __future__ import annotations

import sys

import pytest

from symbolic_mla.coq import coq_version
from symbolic_mla.coq.session import Session
from symbolic_mla.errors import InputError

needs_coq = pytest.mark.skipif(coq_version() is None, reason="coqc is not installed")

GOOD = "Module A.\nSection S.\nLemma a : True.\nProof. exact I. Qed.\nEnd S.\nEnd A.\n"
WRONG = GOOD.replace("Module A", "Module B").replace("End A", "End B").replace("Proof.", "Proof. exact 0.")


@needs_coq
def test_what_follows_an_error_is_not_read() -> None:
    """After a step that fails nothing is tried but what closes a section, and the next script is read as ever."""
    with Session(["coqtop", "-q"], 60, 4000) as session:
        assert not session.read(WRONG + 'Goal True.\nidtac "read on". exact I. Qed.\nDefinition late := 1.\n')
        assert "late" in session.ask("Print late.") and "not a defined object" in session.ask("Print late.")
        assert session.read(GOOD) and "A.a" in session.ask("About A.a.")


@needs_coq
def test_no_answer_is_no_refusal() -> None:
    """A step that takes too long, and a Coq that ends, are errors of the run."""
    with Session(["coqtop", "-q"], 60, 4000) as session:
        session.ask("Fixpoint two n := match n with 0 => 1 | S m => two m + two m end.")
        session.wait = 0.2
        with pytest.raises(InputError, match=r"no answer within 0\.2 s"):
            session.read("Lemma a : two 40 = 0.\nProof. vm_compute. reflexivity. Qed.\n")
    with Session(["coqtop", "-q"], 60, 4000) as session, pytest.raises(InputError, match="ended early"):
        session.ask("Quit.")


ECHO = "import sys\nfor line in sys.stdin:\n    print(line[7:-3] if 'forall' in line else {!r}, flush=True)"


@pytest.mark.parametrize("said", ["Error: Stack overflow.", "Error: Out of memory.", 'Anomaly "Not_found"'])
def test_who_gives_up_refuses_nothing(said: str) -> None:
    """A step that Coq could not judge is an error of the run, and no changed step that was refused."""
    fake = [sys.executable, "-c", ECHO.format(said)]
    with Session(fake, 60, 4000) as session, pytest.raises(InputError, match="gave up"):
        session.read("Lemma a : True.")


@needs_coq
def test_scripts_without_what_they_rest_on_are_not_refused() -> None:
    """Where Coq does not read the beginning of all scripts, none of them is judged."""
    with Session(["coqtop", "-q"], 60, 4000) as session:
        session.begin("Require Import List.")
        with pytest.raises(InputError, match="what scripts begin with"):
            session.begin("From SymbolicMLA Require Import Network.")
