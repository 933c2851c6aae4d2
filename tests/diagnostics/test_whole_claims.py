"""Existence claims, equivalences and formulas in LaTeX are mended too, and all that is printed holds."""

from __future__ import annotations

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.diagnostics.diagnostic import Diagnostic, edited
from symbolic_mla.diagnostics.of_document import diagnose
from symbolic_mla.language.documents import parse_document
from tests.diagnostics.broken import document

GIVEN = "given W_K, W_V : G*d × D, A : m × p, B : n × p\n"
WHOLE: dict[str, tuple[str, str]] = {
    "r for 2 r": (
        "claim c: exists U, V : D × r, L : r × D\n  with tile(W_K, n) = U L, tile(W_V, n) = V L".replace("r", "G*d"),
        "claim c: exists U, V : D × 2*G*d, L : 2*G*d × D",
    ),
    "a bound on a rank": (
        "claim c: exists U, V : D × r, L : r × D with tile(W_K, n) = U L, tile(W_V, n) = V L",
        "assume rank(stack(tile(W_K, n), tile(W_V, n))) <= r",
    ),
    "one size for another": (
        "claim c: exists U : m × d, V : d × p with A = U V",
        "claim c: exists U : m × m, V : m × p with A = U V",
    ),
    "sizes that do not meet": (
        "claim c: exists U : m × p, V : n × p with A = U V",
        "claim c: exists U : m × p, V : p × p with A = U V",
    ),
    "a witness": (
        "claim c: exists U : D × G*d, V : G*d × D with tile(W_K, n) = U V\n  take U = tile(I(G*d), n), V = W_V",
        "take U = tile(I(G*d), n), V = W_K",
    ),
    "a relation in an equivalence": (
        "claim c: (exists U : m × d, V : d × p with A = U V) iff rank(A) < d",
        "claim c: (exists U : m × d, V : d × p with A = U V) iff rank(A) <= d",
    ),
    "one matrix for two": (
        "claim c: (exists U : m × d, X : n × d, V : d × p with A = U V, B = X V) iff rank(A) <= d",
        "claim c: (exists U : m × d, X : n × d, V : d × p with A = U V, B = X V) iff rank(stack(A, B)) <= d",
    ),
}

LATEX_HEAD = r"""# Broken

<!-- derivation math -->
$$
n, G, d \in \mathbb{N}, \quad r = Gd, \quad D = nr, \quad \mathbf{W}^{K}, \mathbf{W}^{V} \in \mathbb{R}^{r \times D},
\quad \mathbf{A}, \mathbf{B} \in \mathbb{R}^{r \times r}, \quad
\tilde{\mathbf{W}}^{K} := (\mathbf{1}_n \otimes \mathbf{I}_r) \mathbf{W}^{K}
$$

<!-- claim c -->
"""
LATEX: dict[str, tuple[str, str]] = {
    "twice the size": (
        r"$$ \exists \mathbf{U}, \mathbf{V} \in \mathbb{R}^{r \times r}, \mathbf{L} \in \mathbb{R}^{r \times D} :"
        r" \mathbf{W}^K = \mathbf{U} \mathbf{L}, \mathbf{W}^V = \mathbf{V} \mathbf{L} $$",
        r"$$ \exists \mathbf{U}, \mathbf{V} \in \mathbb{R}^{r \times 2 r}, \mathbf{L} \in \mathbb{R}^{2 r \times D} :"
        r" \mathbf{W}^K = \mathbf{U} \mathbf{L}, \mathbf{W}^V = \mathbf{V} \mathbf{L} $$",
    ),
    "a transpose under a bold letter": (
        r"$$ {\mathbf{W}^K}^\top \mathbf{A} = \left( \mathbf{A} \mathbf{W}^K \right)^\top $$",
        r"$$ {\mathbf{W}^K}^\top \mathbf{A} = (\mathbf{A}^\top \mathbf{W}^K)^\top $$",
    ),
    "the square of a sum": (
        "$$\n\\begin{aligned}\n"
        r"(\mathbf{A} + \mathbf{B})^2 &= \mathbf{A}^2 + 2 \mathbf{A} \mathbf{B} + \mathbf{B}^2"
        "\n\\end{aligned}\n$$",
        r"(\mathbf{A} + \mathbf{B})^2 &= \mathbf{A}^2 + \mathbf{A} \mathbf{B} + \mathbf{B} \mathbf{A} + \mathbf{B}^2",
    ),
    "a factor n": (
        r"$$ \left(\tilde{\mathbf{W}}^{K}\right)^\top \tilde{\mathbf{W}}^{K} = {\mathbf{W}^K}^\top \mathbf{W}^K $$",
        r"$$ \left(\tilde{\mathbf{W}}^{K}\right)^\top \tilde{\mathbf{W}}^{K} = n {\mathbf{W}^K}^\top \mathbf{W}^K $$",
    ),
    "a bound": (
        r"$$ \operatorname{rank} \begin{bmatrix} \mathbf{W}^K \\ \mathbf{W}^V \end{bmatrix} \leq r $$",
        r"$$ \operatorname{rank} \begin{bmatrix} \mathbf{W}^K \\ \mathbf{W}^V \end{bmatrix} \leq 2 r $$",
    ),
    "a relation": (
        r"$$ \operatorname{rank}(\mathbf{A} \mathbf{W}^K) \geq \operatorname{rank}(\mathbf{A}) $$",
        r"$$ \operatorname{rank}(\mathbf{A} \mathbf{W}^K) \leq \operatorname{rank}(\mathbf{A}) $$",
    ),
    "a hypothesis": (
        r"$$ (\mathbf{A} \mathbf{W}^K)^\top = {\mathbf{W}^K}^\top \mathbf{A} $$",
        r"<!-- assume --> $$ \mathbf{A}^\top = \mathbf{A} $$",
    ),
}


def found(source: str) -> list[Diagnostic]:
    """What has to be looked at in a document."""
    return list(diagnose(check_document(parse_document(source, path="a.md"))))


def pasted(source: str, line: str) -> None:
    """The line is among what is offered; what is offered is printed, and proved when the document is read anew."""
    (one,) = found(source)
    offered = [x for r in one.repairs for x in r.line.split("\n")]
    assert line in offered
    for repair in one.repairs:
        after = check_document(parse_document(edited(source, repair.edits)))
        assert after.fatal is None and [c.verdict for c in after.claims] == ["proved"]
        assert repair.line in one.text


@pytest.mark.parametrize("name", WHOLE)
def test_a_claim_that_is_judged_whole_is_mended(name: str) -> None:
    """Sizes of unknowns, witnesses, sides and relations."""
    text, line = WHOLE[name]
    pasted(document(GIVEN + text), line)


@pytest.mark.parametrize("name", LATEX)
def test_a_formula_is_mended_in_latex(name: str) -> None:
    """In the author's own spelling of each name, so that the line can be pasted."""
    text, line = LATEX[name]
    pasted(f"{LATEX_HEAD}{text}\n", line)


def test_two_equations_are_not_made_one() -> None:
    """`A = U V, A = X V` for `A = U V, B = X V` would be true, and says nothing of B."""
    (one,) = found(document(GIVEN + "claim c: exists U : m × d, X : n × d, V : d × p with A = U V, B = X V"))
    assert all("B = X V" in r.line for r in one.repairs if "exists" in r.line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("refute c: A = A", "claim c: A = A"),
        ("claim c: A Aᵀ = B Bᵀ + 1/2 I(m)", "refute c: A Aᵀ = B Bᵀ + 1/2 I(m)"),
    ],
)
def test_the_other_word_is_offered(text: str, line: str) -> None:
    """A `refute` that is true is a claim, and a false claim that nothing mends may be meant to be false."""
    source = document("given A, B : m × m\n" + text)
    (one,) = found(source)
    assert [r.line for r in one.rewrites] == [line] and line in one.text and one.repairs == ()
    assert found(edited(source, one.rewrites[0].edits)) == []


def test_the_other_word_of_a_formula() -> None:
    """It stands in the comment before it."""
    source = LATEX_HEAD.replace("claim c", "refute c") + "$$ \\mathbf{A} = \\mathbf{A} $$\n"
    (one,) = found(source)
    assert [r.line for r in one.rewrites] == ["<!-- claim c -->"]
    assert found(edited(source, one.rewrites[0].edits)) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("given T : m × m invertible", "given T : m × m with T invertible"),
        ("given A : m × n, S, T : m × m symmetric", "given A : m × n, S, T : m × m with S symmetric, T symmetric"),
        ("given T : m × m, T invertible", "given T : m × m with T invertible"),
        ("given T : m × m such that Tᵀ = T", "given T : m × m with Tᵀ = T"),
        ("given A : m × m\nclaim c: A == A", "claim c: A = A"),
        ("given A : m × m\nclaim c: A**2 = A A", "claim c: A^2 = A A"),
        ('given A : m × m\nclaim c: einsum("ij->ji", A) = Aᵀ', 'claim c: einsum("i j -> j i", A) = Aᵀ'),
        ("given A : m × m\nclaim c: \u0410 = A", "claim c: A = A"),
        ("given W_K : m × m\nclaim c: W_k = W_K", "claim c: W_K = W_K"),
    ],
)
def test_a_near_miss_is_respelt_by_an_edit(text: str, line: str) -> None:
    """What an editor offers for another notation, for a fact without `with`, for a letter of another alphabet."""
    source = document(text)
    one = found(source)[0]
    (rewrite,) = one.rewrites
    assert rewrite.line == line
    after = found(edited(source, rewrite.edits))
    assert all(d.code == "D006" for d in after)
