"""What could be misread is an error at its place, in words that say what to write."""

from __future__ import annotations

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.diagnostics.of_document import diagnose
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language.documents import parse_document
from tests.language.tex.reading import DECLARED, items

REFUSED = [
    (r"|S| = 1", "syntax", "`|` is not read", "|"),
    (r"[S, M] = 0", "syntax", "commutator", "[S, M]"),
    (r"A B \otimes B = 0", "syntax", "different kinds", "B"),
    (r"S \odot S A = 0", "syntax", "different kinds", "A"),
    (r"1/n p = 1", "syntax", "behind `/`", "p"),
    (r"S' = S", "name", "a prime", "S'"),
    (r"S^* = S", "name", "a star", "S^*"),
    (r"S^\dagger = S", "unsupported", "pseudo-inverse", r"^\dagger"),
    (r"S^12 = S", "syntax", "`^1` and then `2`", "^12"),
    (r"A_i = 0", "unsupported", "a row, a column", "A_i"),
    (r"I = S", "syntax", "which size", "I"),
    (r"A + \dots + A = 0", "syntax", r"`\dots`", r"\dots"),
    (r"\begin{bmatrix} x & x \end{bmatrix} = A", "syntax", "a vector", "x"),
    (r"\begin{bmatrix} A \\ \vdots \\ A \end{bmatrix} = A", "syntax", "how many copies", r"\begin"),
    (r"\sum_{i=2}^{p} x_i = 0", "syntax", "begins at 0 or at 1", r"_{i=2}^{p}"),
    (r"\sum_{i=1}^{p} \operatorname{tr} (S x_i) = 0", "syntax", "inside a function", "tr"),
    (r"\operatorname{tr} A B = 0", "syntax", "where the argument of `tr` ends", "B"),
    (r"S \approx M", "syntax", r"`\approx`", r"\approx"),
    (r"S = M \text{ if } S = 0", "syntax", "words", "if"),
    (r"S = M \text{ (if symmetric)}", "syntax", "may be a condition", "if"),
    (r"\underbrace{S}_{= M} = M", "syntax", "a relation at a brace", r"\underbrace"),
    (r"S = M \implies M = S", "syntax", r"`\implies`", r"\implies"),
    (r"\det S = 1", "syntax", r"`\det`", r"\det"),
    (r"\left( S = M", "syntax", "never closed", "("),
    (r"S \foo M = S", "syntax", r"`\foo`", r"\foo"),
    (r"\mathbb{E} S = S", "syntax", "expectations", ""),
    (r"\|A\|_F = 1", "syntax", "not squared", r"\|"),
    (r"W_{UK} = W^{UK}", "name", "would both be `W_UK`", "W^{UK}"),
    (r"\mathbf{S} = \mathcal{S}", "name", "would both be `S`", r"\mathcal"),
    (r"S", "syntax", "states nothing", "S"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "kind", "message", "place"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_can_be_misread_is_refused(formula: str, kind: str, message: str, place: str) -> None:
    """Each with its kind, what was met, and a place that begins where it stands."""
    with pytest.raises(SymbolicMLAError) as caught:
        items(formula)
    error = caught.value
    assert error.kind == kind
    assert message in error.message or message in (error.hint or "")
    assert error.span is not None and error.span.line >= 2
    line = formula.split("\n")[error.span.line - 2]
    assert place[:1] in line[error.span.column - 1 :] or not place


READ = [
    (r"S^T = S^{\mathsf T} = S^\intercal = S^{\mathrm{T}}", "a: Sᵀ = Sᵀ = Sᵀ = Sᵀ"),
    (r"{S^\top}^{-1} = S", "a: Sᵀ⁻¹ = S"),
    (r"M^{-\top} M^{2} = S", "a: M⁻¹ᵀ M^2 = S"),
    (r"\sigma y = y", "a: σ y = y"),
    (r"\hat{Q} + \widehat{Q} = 2 \hat Q", "a: Q̂ + Q̂ = 2 Q̂"),
    (r"\mathbf{W}^{UK} = \bm{W}^{\mathrm{UK}}", "a: W_UK = W_UK"),
    (r"\begin{align*} AB &= S \\ &= M \tag{2} \end{align*}", "a: A B = S = M"),
    (r"A B = S, \quad S = M", "a-1: A B = S"),
    (r"S \overset{(a)}{=} M", "a: S = M"),
    (r"A \in \mathbb{R}^{p \times q}", "a: A = A + zeros(p, q)"),
    (r"\frac12 A = \tfrac{1}{2} A", "a: 1 / 2 A = 1 / 2 A"),
    (r"A = \left.\begin{bmatrix} A\\ \vdots \\ A\end{bmatrix}\right\}n", "a: A = tile(A, n)"),
    (r"\operatorname{rank}(A) \leq \min\{p,q\}", "a: rank(A) <= min(p, q)"),
    (r"p \mid n", None),
]  # fmt: skip


def test_a_row_with_a_sign_may_be_a_statement() -> None:
    """`-A = -B` below `A = B` is no more of the first; behind a `&`, or without a relation, a sign goes on."""
    assert items("\\begin{aligned} S &= M \\\\ -S &= -M \\end{aligned}") == ["a-1: S = M", "a-2: -S = -M"]
    assert items("\\begin{aligned} S &= M \\\\ & - S = S \\end{aligned}") == ["a: S = M - S = S"]
    assert items("\\begin{aligned} S &= M \\\\ - S \\end{aligned}") == ["a: S = M - S"]


def test_definitions_without_a_mark_are_told() -> None:
    """A slip in a name on the left would make a definition of a step: the note shows it."""
    claims, notes = found(DOCUMENT + "\n<!-- derivation math -->\n$$Z = S S$$\n\n<!-- let -->\n$$Y = S$$\n")
    assert (claims, notes) == ({}, ["displayed formulas define the new names `Z` (line 11)"])


def test_a_difference_of_weights_is_one_name() -> None:
    r"""`\Delta W`, as papers on fine-tuning write it, unless the document has a Δ of its own."""
    formulas = ["<!-- derivation math -->", r"$$\Delta \mathbf{S}_K := 2 S$$", r"$$\Delta \mathbf{S}_K - S = S$$"]
    assert found(DOCUMENT + "\n\n".join(formulas)) == (
        {"formula-2": "proved"}, ["displayed formulas define the new names `ΔS_K` (line 11)"]
    )  # fmt: skip
    assert items(r"\Delta S = S", declared=DECLARED + "given Δ : p × p\n")[0] == "a: Δ S = S"


@pytest.mark.parametrize(
    ("formula", "hint"),
    [
        (r"Z Z = Z", r"Z \in \mathbb{R}^{m \times n}"),
        (r"X \in \mathbb{R}^{p \times m_1}", r"m_{1} \in \mathbb{N}"),
        (r"X \in \mathbb{R}^{p \times p}, X^\top X = I_p", "<!-- given --> before the formula"),
    ],
)
def test_what_is_missing_is_said_in_latex(formula: str, hint: str) -> None:
    """Who writes formulas is told what to do in formulas."""
    result = check_document(parse_document(f"{DOCUMENT}\n<!-- derivation math -->\n\n$${formula}$$\n"))
    assert hint in "\n".join(line for d in diagnose(result) for line in d.lines)


@pytest.mark.parametrize(("formula", "text"), READ, ids=[r[0] for r in READ])
def test_what_is_clear_is_read(formula: str, text: str | None) -> None:
    """Spellings of one thing are one thing."""
    if text is None:
        assert items(formula, "assume")
    else:
        assert items(formula)[0] == text


DOCUMENT = f"```derivation\n{DECLARED}```\n"


def found(markdown: str) -> tuple[dict[str, str], list[str]]:
    """Claims with their verdicts, and notes."""
    result = check_document(parse_document(markdown))
    assert result.fatal is None, result.fatal
    return {c.id: c.verdict for c in result.claims}, result.notes


def test_a_formula_without_a_mark_is_commentary_and_said_to_be() -> None:
    """Commentary is no error, and what states something is never passed over in silence."""
    claims, notes = found(DOCUMENT + "\n$$A = \\text{anything, really}$$\n\n$$x$$\n\n```math\n\\foo < 1\n```\n")
    assert claims == {}
    (note,) = notes
    assert "lines 10, 14 are commentary" in note


def test_a_mark_ends_the_note() -> None:
    """A formula that is marked as commentary is not spoken of; code and comments hold no formulas."""
    text = "<!-- commentary -->\n$$A = B$$\n\n`$$A = B$$`\n\n```python\nx = '$$A = B$$'\n```\n\n<!-- $$A = B$$ -->\n"
    assert found(DOCUMENT + text) == ({}, [])


def test_marks_name_claims_wherever_formulas_stand() -> None:
    """In a quotation, in a fence, in the middle of a line, in brackets, bare."""
    text = (
        "> <!-- claim quoted -->\n> $$\n> A B\n> = A B\n> $$\n\n```math claim fenced\nS = S\n```\n\n"
        "So <!-- claim inline --> $$S = S$$ holds.\n\n<!-- refute bracket -->\n\\[ S = M \\]\n\n"
        "<!-- claim bare -->\n\\begin{align}\nS &= S\n\\end{align}\n"
    )
    claims, notes = found(DOCUMENT + text)
    assert [*claims] == ["quoted", "fenced", "inline", "bracket", "bare"]
    assert claims.pop("bracket") == "refuted" and set(claims.values()) == {"proved"}
    assert notes == []


@pytest.mark.parametrize(
    "text", ["<!-- claim a -->\nno formula\n", "<!-- claim -->\n$$S = S$$\n", "<!-- claim a -->\n$$S = S\n"]
)
def test_a_mark_that_marks_nothing_is_an_error(text: str) -> None:
    """A claim that would silently go unchecked is refused."""
    with pytest.raises(SymbolicMLAError):
        parse_document(DOCUMENT + text)


def test_latex_is_imported_where_there_is_some() -> None:
    """A document without formulas reads no module of this package."""
    import subprocess
    import sys

    program = (
        "import sys\nfrom symbolic_mla.derivation.check import check_document\n"
        "from symbolic_mla.language.documents import parse_document\n"
        "check_document(parse_document('```derivation\\ndims m\\nclaim a: m = m\\n```\\n'))\n"
        "print(*[m for m in sys.modules if m.startswith('symbolic_mla.language.tex')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == ""
