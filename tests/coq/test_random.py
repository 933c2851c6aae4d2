"""Random true laws are proved again by Coq; the number of them is small here and set by COQ_LAWS for a campaign."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from symbolic_mla.coq import coq_version, export, verify
from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.prover.equations import prove_equation
from tests.laws import laws


@pytest.mark.skipif(coq_version() is None, reason="coqc is not installed")
def test_coq_accepts_what_the_kernel_proves(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever the kernel proves of random laws, functions included, Coq proves from the exported script."""
    scripts: dict[str, str] = {}

    @settings(max_examples=int(os.environ.get("COQ_LAWS", "6")), deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck), phases=[Phase.generate])  # fmt: skip
    @given(laws(1, functions=True))
    def collect(law: tuple[str, Term, Term]) -> None:
        name, left, right = law
        try:
            theorem = prove_equation(left, right)
        except BudgetError:
            return
        if isinstance(theorem, Theorem):
            text = f"law_{len(scripts)}_{name}"
            scripts[text] = export(theorem, text)

    collect()
    assert scripts
    assert [v for v in verify(scripts, jobs=2, cache=Path(tmp_path_factory.getbasetemp()) / "coq") if not v.ok] == []
