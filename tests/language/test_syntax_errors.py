"""Must fail, with these words: what was met, what to try, and where."""

import time

import pytest

from symbolic_mla.errors import DocumentSyntaxError
from symbolic_mla.language.parse import parse_block, parse_expression


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("claim a: A == B", 12, "`==` is not a relation", "write `=`"),
        ("claim a A = B", 9, "`:` is missing behind the name `a`", "write `claim a: ...`"),
        ("claim: A = B", 6, "the claim has no name", "write `claim NAME: ...`"),
        ("claim a: A =", 13, "the right side of `=` is missing", "next line"),
        ("claim a: A =\nlet T = A", 13, "the right side of `=` is missing", "next line"),
        ("claim a: A B", 13, "a claim states a relation", "LEFT = RIGHT"),
        ("claim a: A ≠ B", 12, "`≠` is not a relation of statements", "refute"),
        ("claim a: A = B let C = D", 16, "met `let`", "on a line of its own"),
        ("claim a: A = B iff C = D iff D = A", 26, "met `iff`", "one `iff`"),
        ("claim a: A = B take U = C", 21, "this claim has no `exists`", "use `let`"),
        ("claim a: exists U, V with A = U V", 17, "the shape of the unknown is missing", "exists U : D × r"),
        ("claim a: exists U : m × n", 26, "the item ends here", "what the unknowns satisfy"),
        ("claim a: forall X : m with A = B", 17, "met `X`", "for all X"),
        ("claim a: A = B by", 18, "the item ends here; expected a name", None),
        ("let T = (A + B", 9, "`(` is never closed", "missing `)`"),
        ("let T = A + B)", 14, "`)` closes nothing", "remove it"),
        ("let T = (A + B]", 15, "`(` at line 1, column 9 is closed by `]`", "close it with `)`"),
        ("let T = A × B", 11, "`×` stands only between sizes", "`A ⊗ B`"),
        ("let T = A * -B", 13, "expected an expression", "into brackets"),
        ("let T = 1/2n", 11, "can be read in two ways", "put a space behind 2"),
        ("let T = A^2n", 11, "can be read in two ways", "end the exponent"),
        ("let T = A 2", 11, "follows a factor without an operator", "write the number first"),
        ("let T = 1e-3 A", 9, "scientific notation", "10^-3"),
        ("let T = A**2", 10, "`**` is not an operator", "`A^2`"),
        ("let T = A^\\top", 10, "`^\\top` is LaTeX", "`ᵀ`"),
        ("let T = A^{T}", 10, "`^{` is LaTeX", "round brackets"),
        ("let T = A.dot(B)", 10, "there are no attributes", "A @ B"),
        ('let T = "abc"', 9, 'met `"abc"`', "first argument of `einsum"),
        ("let T = A, U = B", 10, "met `,`", "one `let` on each line"),
        ("let T = g(A, B)", 12, "met `,`", "`g` is not a function here"),
        ("let T = [A, B]", 9, "met `[`", "blocks([[A, B], [C, D]])"),
        ("let T = tile(n=2, A)", 19, "follows a named one", "put `n=...` last"),
        ("let T = tile(A = B = C)", 20, "met `=`", "inside brackets"),
        ("let A : m × n", 7, "met `:`", "given A : m × n"),
        ("let with = A", 5, "met `with`", "a word of the language"),
        ("let T = 1ₙ", 9, "a number has no subscript", "ones(n)"),
        ("let T = A⁻", 10, "`⁻` is not an exponent", "`⁻¹`"),
        ("let T = A⊙B", 10, "`⊙` is not part of the language", "hadamard"),
        ("let T = A\u200bB", 10, "an invisible character (U+200B", "delete it"),
        ('let T = einsum("i j, A)', 16, "not closed on this line", "patterns stand between"),
        ("given A", 8, "the shape is missing", "given A : m × n"),
        ("given A = B", 7, "`given` declares names with a shape", "a definition in `let`"),
        ("given A : m n", 11, "two sizes without `×` or `*`", "`m × n`"),
        ("given A : m + 1 × n", 13, "met `+`", "sum of sizes into brackets"),
        ("given A : 2x3", 11, "no space around `x`", "`2 x ...`"),
        ("given A : m × m with A = B by c", 31, "a hypothesis has none", "remove it"),
        ("dims n <= 3", 6, "is not a lower bound", "`n >= 3`"),
        ("scalar a > 1", 8, "declared with its sign", "`scalar a > 0` and, on a line of its own, `assume a >= 1`"),
        ("scalar a <= 1", 8, "declared with its sign", "`scalar a` and, on a line of its own, `assume a <= 1`"),
        ("obtain U, V svd(A)", 13, "expected `,` or `from`", None),
        ("A = B", 1, "met `A` at the start of an item", "write `let A = ...` to define it"),
        ("A", 1, "met `A` at the start of an item", "begin it with `dims`"),
        ("A : m × n", 1, "met `A` at the start of an item", "`given A : ...`"),
        ("given A : (m, n)", 13, "met `,`", "stand between `×`, without brackets"),
        ("claim my claim: A = A", 10, "`:` is missing", "`claim my-claim: ...`"),
        ("let A in R^{m}", 11, "a shape is said in another way", "given A : m × n"),
        ("let S = Q K / d**-0.5", 16, "is not an operator", "1/sqrt(d)"),
        ("let S = A.reshape(m, n)", 10, "there are no attributes", "einsum("),
        ("let S = einsum('i j -> j', A)", 21, "only inside a quoted pattern", "double quotes"),
        ("A is a matrix.", 14, "not part of the language", "prose stands outside the block"),
        ("theorem a: A = B", 1, "met `theorem` at the start", "write `claim`"),
        ("clam a: A = B", 1, "met `clam` at the start", "write `claim`"),
        ("let T = A\nB + C", 1, "met `B` at the start", "a `let` goes on"),
        ("take U = A", 1, "met `take` at the start", "inside a claim"),
    ],
)
def test_message(text: str, column: int, message: str, hint: str | None) -> None:
    """Each near miss is recognised, where it stands, and the right spelling is offered."""
    with pytest.raises(DocumentSyntaxError) as caught:
        parse_block(text)
    assert message in caught.value.message
    assert (hint or "") in (caught.value.hint or "")
    assert caught.value.span is not None and caught.value.span.column == column


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 10_000 + "A" + ")" * 10_000,
        "tr(" * 10_000 + "A" + ")" * 10_000,
        "A" + "'" * 10_000,
        "A" + "^2" * 10_000,
        " ".join("A" * 10_000),
        "A[" * 10_000,
        "9" * 1_000_000,
        "A" + "²" * 10_000,
    ],
)
def test_recursion_bombs(text: str) -> None:
    """Ten thousand of anything that nests is refused at once, and no stack overflows."""
    begin = time.perf_counter()
    with pytest.raises(DocumentSyntaxError, match=r"deeper than 200|at most 1000|absurd"):
        parse_expression(text)
    assert time.perf_counter() - begin < 20  # not a benchmark: only that it is not quadratic


def test_a_long_sum_is_no_bomb() -> None:
    """A sum counts one level, however many terms it has."""
    assert parse_expression(" + ".join("A" * 5_000))


def test_an_empty_expression() -> None:
    """Nothing is not an expression."""
    with pytest.raises(DocumentSyntaxError, match="an empty expression"):
        parse_expression(" # nothing")
