"""What cannot be read is named at its place, all of it, and what does not rest on it is judged."""

from __future__ import annotations

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.diagnostics.of_document import diagnose
from symbolic_mla.language.documents import parse_document

TEXT = "```derivation\ndims m\ngiven A, B : m × m\n{}\nclaim after: A = A\n```\n"
LATEX = (
    "<!-- derivation math -->\n$$ m \\in \\mathbb{{N}}, \\quad A, B \\in \\mathbb{{R}}^{{m \\times m}} $$\n\n"
    "{}\n\n<!-- claim after -->\n$$ A = A $$\n"
)


def checked(source: str) -> DocumentResult:
    """A document, checked."""
    return check_document(parse_document(source, path="a.md"))


def verdicts(result: DocumentResult) -> dict[str, str]:
    """The verdict of each claim that was read."""
    return {c.id: c.verdict for c in result.claims}


@pytest.mark.parametrize(
    "claim",
    ["claim x: A (B = A", "claim x: A B =", "claim x: A == B", 'claim x: einsum("i j', "refute x: = A"],
)
def test_a_claim_that_is_half_typed_leaves_the_others(claim: str) -> None:
    """It is named on its line, the document cannot be accepted, and the claim behind it has its verdict."""
    result = checked(TEXT.format(claim))
    assert verdicts(result) == {"after": "proved"} and result.exit_code == 2
    (found,) = diagnose(result)
    assert found.span is not None and found.span.line == 4 and found.code in ("D104", "D111")


@pytest.mark.parametrize(
    "formula",
    [
        "<!-- claim x -->\n$$ A B = \\hbar $$",
        "$$ A B = \\int_0^1 A $$",
        "<!-- claim x -->\n$$ A = \\xi_{j $$",
        "<!-- let -->\n$$ C = \\oint A $$",
        "$$ C \\in \\mathbb{C}^{m \\times m} $$",
    ],
)
def test_a_formula_that_is_not_read_leaves_the_others(formula: str) -> None:
    """The same in LaTeX, statements and declarations."""
    result = checked(LATEX.format(formula))
    assert verdicts(result) == {"after": "proved"} and result.exit_code == 2
    (found,) = diagnose(result)
    assert found.span is not None and found.code == "D104"


def test_all_of_it_is_named() -> None:
    """Each in its place, in the order of the document; statements beside one that is not read are judged."""
    result = checked(LATEX.format("$$ A B = \\hbar, \\qquad A + B = B + A $$\n\n<!-- claim y -->\n$$ \\oint A = B $$"))
    assert set(verdicts(result).values()) == {"proved"} and len(result.claims) == 2
    assert [d.span.line for d in diagnose(result) if d.span] == [4, 7]


def test_what_may_have_been_declared_is_not_defined_by_its_next_use() -> None:
    """`C = A B` says something of a C whose declaration was not read; it does not make C the product."""
    result = checked(LATEX.format("$$ C \\in \\mathbb{C}^{m \\times m} $$\n\n$$ C = A B $$\n\n$$ C = A B + 0 B $$"))
    assert [c.verdict for c in result.claims] == ["error", "error", "proved"]


@pytest.mark.parametrize(
    "declaration", ["given C : m × (", "given C : m × m invertible", "given C m", "let C == A", "theorem x: A = A"]
)
def test_a_declaration_in_the_text_ends_the_reading(declaration: str) -> None:
    """What stands before it is judged; what stands behind it would speak of names that nobody declared."""
    result = checked(TEXT.format(f"claim before: A = A\n{declaration}") + "\n```derivation\nclaim last: A = A\n```\n")
    assert verdicts(result) == {"before": "proved"} and result.exit_code == 2 and len(result.faults) == 1
    (found,) = diagnose(result)
    assert found.span is not None and found.span.line == 5
