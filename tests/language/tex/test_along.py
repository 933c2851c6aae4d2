"""softmax along an index is softmax of the last axis, entry by entry; witnesses stand behind `take`."""

from __future__ import annotations

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.diagnostics.of_document import diagnose
from symbolic_mla.language.documents import parse_document
from tests.language.tex.reading import DECLARED

SOFTMAX = r"\operatorname{softmax}"
FACTORED = r"\exists U \in \mathbb{R}^{p \times q}, V \in \mathbb{R}^{q \times q} :"
STATED = [
    (rf"{SOFTMAX}_j(S_{{ij}}) = {SOFTMAX}(S)_{{ij}}", "proved"),
    (rf"{SOFTMAX}_{{i}}\left(S_{{ij}}\right) = {SOFTMAX}(S^\top)_{{ji}}", "proved"),
    (rf"{SOFTMAX}_i(S_{{ij}}) = {SOFTMAX}(S)_{{ij}}", "refuted"),
    (rf"{SOFTMAX}_j(S_{{ij}}) = {SOFTMAX}_k(S_{{ik}})", "error"),
    (rf"\sum_k {SOFTMAX}_k(S_{{ik}}) A_{{kj}} = ({SOFTMAX}(S) A)_{{ij}}", "proved"),
    (rf"\sum_k {SOFTMAX}_k(\sum_c A_{{ic}} A_{{kc}} / a) A_{{kj}} = ({SOFTMAX}(A A^\top / a) A)_{{ij}}", "proved"),
    (rf"\sum_k {SOFTMAX}_i(S_{{ik}}) A_{{kj}} = ({SOFTMAX}(S) A)_{{ij}}", "refuted"),
    (rf"2 {SOFTMAX}_j(S_{{ij}} + M_{{ij}}) = 2 {SOFTMAX}(S + M)_{{ij}}", "proved"),
    (rf"{SOFTMAX}_j(S_{{ik}}) = S_{{ij}}", "error"),
    (rf"{SOFTMAX}_j(S) = S_{{ij}}", "error"),
    (rf"{SOFTMAX}_{{jk}}(S_{{ij}}) = S_{{ij}}", "error"),
    (rf"{SOFTMAX}_j S_{{ij}} = S_{{ij}}", "error"),
    (FACTORED + r" A = U V, \text{take } U = A, V = I_q", "proved"),
    (
        "\\begin{aligned}\n" + FACTORED + r"\quad & A = U V \\" + "\n"
        "\\text{namely}\\quad & U = A,\\; V = I_q\n\\end{aligned}",
        "proved",
    ),
    (FACTORED + r" A = U V, \text{take } U = 2 A, V = I_q", "undecided"),
    (r"\exists U \in \mathbb{R}^{p \times q} : A = 2 U, \text{take } A, U", "error"),
    (r"\exists U \in \mathbb{R}^{p \times q} : A = 2 U, \text{take } V = A", "error"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "verdict"), STATED)
def test_it_means_what_it_says(formula: str, verdict: str) -> None:
    """Each with its verdict; what has no reading is an error in the formula."""
    source = f"```derivation\n{DECLARED}```\n\n<!-- claim c -->\n$$\n{formula}\n$$\n"
    result = check_document(parse_document(source, path="a.md"))
    if verdict != "error":
        assert [c.verdict for c in result.claims] == [verdict]
        return
    found = list(diagnose(result))
    assert found and found[0].code not in ("D001", "D002", "D003") and found[0].span is not None
    assert found[0].span.line > source.count("\n") - formula.count("\n") - 3
