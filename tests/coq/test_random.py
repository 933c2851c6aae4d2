"""Random equations, true and false: Coq accepts what the kernel proves, and what it refutes (COQ_EXAMPLES for more)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symbolic_mla.coq import coq_version, verify
from tests.coq.campaign import scripts


def test_random_statements_are_read_back_as_they_are() -> None:
    """Whatever the kernel decides of random pairs, the exported statement says the same at small sizes."""
    found, counts = scripts(40, 1)
    assert found and counts["proved"] and counts["refuted"]


@pytest.mark.skipif(coq_version() is None, reason="coqc is not installed")
def test_coq_agrees_on_random_equations(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Proofs and counterexamples of random equations are accepted."""
    found, _ = scripts(int(os.environ.get("COQ_EXAMPLES", "8")), 0)
    assert [v for v in verify(found, jobs=2, cache=Path(tmp_path_factory.getbasetemp()) / "coq") if not v.ok] == []
