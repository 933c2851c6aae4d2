"""LaTeX of the surface syntax: readable, balanced, and with macros that GitHub renders."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla.language import syntax as s
from symbolic_mla.language.latex import latex, statement_latex
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.language.parse import ParseEnvironment, parse_block, parse_expression

ENV = ParseEnvironment(functions={"f", "attend"})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("A", "A"),
        ("W_K", "W_{K}"),
        ("W_UK", "W_{UK}"),
        ("Q\u0302", r"\hat{Q}"),
        ("W\u0303_K", r"\tilde{W}_{K}"),
        ("ŷ", r"\hat{y}"),
        ("σ", r"\sigma"),
        ("ΔW_K", r"\Delta W_{K}"),
        ("σv", r"\mathit{\sigma v}"),
        ("Σ_2", r"\Sigma_{2}"),
        ("W₁", "W_{1}"),
        ("W_Q_h", "W_{Q,h}"),
        ("tokens", r"\mathit{tokens}"),
        ("A2", r"\mathit{A2}"),
        ("gqa_scores", r"\mathit{gqa}_{\mathit{scores}}"),
        ("k_pe", r"k_{pe}"),
        ("k_U", "k_{U}"),
    ],
)
def test_names(name: str, expected: str) -> None:
    """Marks become accents, Greek letters macros, and what follows an underscore an index."""
    assert name_latex(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A B", r"A\,B"),
        ("2 A", r"2\,A"),
        ("2 * 3", r"2 \cdot 3"),
        ("(A + B) C", r"(A + B)\,C"),
        ("A - (B - C)", "A - (B - C)"),
        ("-A B", r"-A\,B"),
        ("Aᵀ", r"A^{\top}"),
        ("(Aᵀ)²", r"(A^{\top})^{2}"),
        ("(A B)ᵀ", r"(A\,B)^{\top}"),
        ("A⁻¹", "A^{-1}"),
        ("A⁻ᵀ", r"A^{-\top}"),
        ("inv(A B)", r"(A\,B)^{-1}"),
        ("A ⊗ B ∘ C", r"(A \otimes B) \circ C"),
        ("A B ⊗ C", r"(A\,B) \otimes C"),
        ("2 A ⊗ C", r"2\,A \otimes C"),
        ("kron(A + B, C)", r"(A + B) \otimes C"),
        ("A / sqrt(d)", r"\frac{A}{\sqrt{d}}"),
        ("0.5", r"\frac{1}{2}"),
        ("I(r)", "I_{r}"),
        ("zeros(p, q)", r"0_{p \times q}"),
        ("ones(n + 1)", r"\mathbf{1}_{n + 1}"),
        ("tile(W_K, n)ᵀ", r"\mathrm{tile}(W_{K}, n)^{\top}"),
        ("stack(A, B)", r"\begin{bmatrix} A \\ B \end{bmatrix}"),
        ("hstack(A, B)", r"\begin{bmatrix} A & B \end{bmatrix}"),
        ("blocks([[A, B], [C, D]])", r"\begin{bmatrix} A & B \\ C & D \end{bmatrix}"),
        ("rank(A)", r"\mathrm{rank}(A)"),
        ("min(p, q)", r"\min(p, q)"),
        ("f(A)", "f(A)"),
        ("attend(A, B)", r"\mathrm{attend}(A, B)"),
        ("A[i, :]", r"A{}_{[i, :]}"),
        ('einsum("i j, j k -> i k", A, B)', r"\left[\sum_{j} A_{i, j}\,B_{j, k}\right]_{i, k}"),
        ('einsum("i i ->", A)', r"\left[\sum_{i} A_{i, i}\right]"),
        ('einsum("i -> n i", x, n=n)', r"\left[x_{i}\right]_{n, i}"),
        ('einsum("i -> c i", x, c=n)', r"\left[x_{i}\right]_{c, i; c = n}"),
        ('reorder("(n g) c -> (g n) c", W_K)', r"\left[W_{K}{}_{(n\,g), c}\right]_{(g\,n), c}"),
        ('einsum("i j -> j i", a_turn)', r"\left[a_{\mathit{turn}}{}_{i, j}\right]_{j, i}"),
        ("einsum(A)", r"\mathrm{einsum}(A)"),
    ],
)
def test_expressions(text: str, expected: str) -> None:
    """Each form, with brackets exactly where they are needed."""
    assert latex(parse_expression(text, env=ENV)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("claim k: A = B", "A = B"),
        ("claim k: rank(A) <= p", r"\mathrm{rank}(A) \le p"),
        ("claim k: A = B = C", "\\begin{aligned}\nA &= B \\\\\n&= C\n\\end{aligned}"),
        (
            "claim k: exists U : D × r, V : r × D with T = U V",
            r"\exists\, U \in \mathbb{R}^{D \times r},\, V \in \mathbb{R}^{r \times D}:\quad T = U\,V",
        ),
        (
            "claim k: exists L : t × t for all X : t × D with L X = X",
            r"\exists\, L \in \mathbb{R}^{t \times t}\;\; \forall\, X \in \mathbb{R}^{t \times D}:\quad "
            r"L\,X = X",
        ),
        (
            "claim k: rank(A) <= m iff exists U : p × m, V : m × q with A = U V",
            r"\mathrm{rank}(A) \le m \iff (\exists\, U \in \mathbb{R}^{p \times m},\, "
            r"V \in \mathbb{R}^{m \times q}:\quad A = U\,V)",
        ),
    ],
)
def test_statements(text: str, expected: str) -> None:
    """Chains are aligned at their relations; quantifiers stand in their order."""
    (claim,) = parse_block(text)
    assert isinstance(claim, s.Claim) and statement_latex(claim) == expected


def test_facts() -> None:
    """Facts of `assume` read as on paper."""
    (item,) = parse_block("assume k divides m, d even")
    assert isinstance(item, s.Assume)
    assert [statement_latex(fact) for fact in item.facts] == [r"k \mid m", r"d\ \text{even}"]


names = st.sampled_from(["A", "B_1", "Q\u0302", "σ", "n"]).map(s.Name)
expressions = st.recursive(
    names | st.integers(0, 9).map(s.Number),
    lambda inner: st.one_of(
        st.builds(s.Transpose, inner),
        st.builds(s.Inverse, inner),
        st.builds(s.Power, inner, st.integers(0, 3).map(s.Number)),
        st.builds(s.Negate, inner),
        st.builds(s.Quotient, inner, inner),
        st.builds(s.Product, st.sampled_from(["", "*", "⊗", "∘"]), inner, inner),
        st.builds(s.Sum, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(lambda a, b: s.Call("stack", (a, b)), inner, inner),
        st.builds(lambda a, b: s.Call("einsum", (s.Text("i j, j k -> i k"), a, b)), inner, inner),
        st.builds(lambda a: s.Index(a, (s.Name("i"), s.Whole())), inner),
    ),
    max_leaves=12,
)


@given(expressions)
def test_latex_is_well_formed(expr: s.Expr) -> None:
    """Braces and brackets balance, no index or exponent is doubled, and GitHub knows every macro."""
    text = latex(expr)
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert text.count(r"\left") == text.count(r"\right")
    assert text.count(r"\begin") == text.count(r"\end")
    assert not re.search(r"\^\{[^{}]*\}\^|_\{[^{}]*\}_", text)
    assert r"\operatorname" not in text


@given(expressions, expressions)
def test_different_expressions_look_different(one: s.Expr, other: s.Expr) -> None:
    """What reads differently in the source reads differently in LaTeX, `*` and juxtaposition apart."""

    def plain(e: s.Expr) -> str:
        return repr(e).replace("'*'", "''")

    if latex(one) == latex(other):
        assert plain(one) == plain(other)
