"""Errors: of the right kind, at the guilty part, naming both sides in the reader's words, with a way out."""

import pytest

from symbolic_mla.errors import BudgetError
from tests.language.reading import FIELD, claim, declaration_error, marked, only_error

SHAPES = [
    ("A A = S", "A A", "`A` is p × q and `A` is p × q: the columns of the first are q, the rows of the second are p"),
    ("B S Aᵀ = S", "B S Aᵀ", "the columns of the first are p, the rows of the second are q"),
    ("A x = y", "A x", "the columns of the first are q, the entries of the second are p"),
    ("A + S = A", "S", "the columns of the first are q, the columns of the second are p"),
    ("A = S", "S", "`A` is p × q and `S` is p × p"),
    ("A = T", "T", "the rows of the first are p, the rows of the second are D = n*G*d"),
    ("A ∘ B = A", "A ∘ B", "the rows of the first are p, the rows of the second are q"),
    ("tr(A) = 1", "A", "its columns are q, its rows are p"),
    ("A^2 = S", "A", "its columns are q, its rows are p"),
    ("diag(A) = x", "A", "the diagonal of `A`, which is p × q"),
    ("stack(A, B) = A", "B", "the columns of the second are p, the columns of the first are q"),
    ("hstack(A, B) = A", "B", "the rows of the second are q, the rows of the first are p"),
    ("blocks([[A, B]]) = A", "B", "the rows of the second are q"),
    ("blocks([[x, x]]) = A", "x", "the block `x` is a vector"),
    ("x A = z", "x A", "`x` is a column vector"),
    ("xᵀ A = z", "z", "`xᵀ A` is a row vector, q, and `z` is a vector, q"),
    ("A xᵀ = A", "A xᵀ", "a row vector, which stands behind a column only"),
    ("X A = X", "X", "a tensor with 3 axes, t × s × p"),
    ("Xᵀ = X", "Xᵀ", "without transpose"),
    ("rank(x) = 1", "x", "the rank of `x`, a vector"),
    ("X[i, j, k, l] = 1", "X[i, j, k, l]", "4 indices"),
    ("X[0] = X", "0", "no direct sum"),
    ("I(0) = S", "0", "size 0"),
    ("g(A) = A", "A", "has no such axis before its last"),
    ("g(Y) = Y", "Y", "has 2 such axes"),
    ("interleave(W, n, groups=n) = W", "interleave(W, n, groups=n)", "do not begin with the n groups (r = G*d)"),
    ("attend(A, B) = S", "attend(A, B)", "in `attend`, defined on line 11: `Q` is p × q and `Kᵀ` is p × q"),
    ('einsum("i j, j k -> i k", A, A) = S', '"i j, j k -> i k"', "j is q, and meets the axis p"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "message"), SHAPES)
def test_shapes(text: str, where: str, message: str) -> None:
    """A shape error marks the part whose axes do not fit, and names them."""
    error = only_error(text)
    assert error.kind == "shape"
    assert message in error.message
    assert error.hint or "einsum" in text
    assert marked(error, FIELD + f"claim k: {text}") == where


OTHERS = [
    ("foo = A", "foo", "name", "nothing declares `foo`"),
    ("f(foo) = A", "foo", "name", "nothing declares `foo`"),
    ("X[t] = X", "t", "name", "`t` is a dimension, and cannot be a position"),
    ("X[A] = X", "A", "name", "`A` is a matrix, and cannot be a position"),
    ("A <= A", "A", "type", "never entrywise"),
    ("A B < S", "A B", "type", "never entrywise"),
    ("A = 1", "1", "type", "`1` is a number, and `A` is a matrix, p × q"),
    ("A + 1 = A", "1", "type", "a sum of `1`, a number, and `A`, a matrix"),
    ("A / A = A", "A", "type", "a division by `A`, a matrix"),
    ("f = A", "f", "type", "is a function"),
    ("tile = A", "tile", "type", "is a function"),
    ("f(2) = 1", "2", "type", "acts on the last axis"),
    ("f(A, A) = A", "f(A, A)", "type", "takes one argument; 2 given"),
    ("attend(A) = A", "attend(A)", "type", "takes 2 arguments; 1 given"),
    ("I(A) = A", "A", "type", "`A` is a matrix where a size was expected"),
    ("I(sqrt(d)) = A", "sqrt(d)", "type", "where a size was expected"),
    ("tile(A) = A", "tile(A)", "type", "lacks its argument `n`"),
    ("tile(A, n, n) = A", "tile(A, n, n)", "type", "takes 2 arguments; 3 given"),
    ("tile(A, m=n) = A", "m=n", "type", "has no argument named `m`"),
    ("min() = 1", "min()", "type", "of nothing"),
    ("ones() = 1", "ones()", "type", "of nothing"),
    ("min(A, 1) = 1", "A", "type", "`A` is a matrix where a number was expected"),
    ("min(tr(S), 1) = 1", "tr(S)", "type", "whose value is not known"),
    ("blocks(A) = A", "A", "type", "rows of blocks were expected"),
    ("einsum(A, A) = A", "A", "type", "a quoted pattern was expected"),
    ("tile(xᵀ, n) = A", "xᵀ", "type", "of the row vector `xᵀ`"),
    ("rank(2) = 1", "2", "type", "the rank of `2`, a number"),
    ("2 ⊗ A = A", "2", "type", "`2` is a number"),
    ("A[0.5] = A", "0.5", "type", "a number from 0"),
    ("I(p - q) = S", "p - q", "unsupported", "sizes have no differences"),
    ("I(p / 2) = S", "p / 2", "unsupported", "no quotients"),
    ("S^n = S", "n", "unsupported", "a literal integer was expected"),
    ("tr(S) < p", "tr(S)", "unsupported", "not known to be an integer"),
    ("c < p", "c", "unsupported", "not known to be an integer"),
    ("rank(A) A = A", "rank(A) A", "unsupported", "a number of a statement"),
    ("rank(A) + tr(S) = 1", "rank(A) + tr(S)", "unsupported", "a number of a statement"),
    ("A / c = A", "c", "domain", "not known to be positive"),
    ("A / tr(S) = A", "tr(S)", "domain", "which may be 0"),
    ("1 / 0 = A", "0", "domain", "division by zero"),
    ("sqrt(c) = 1", "sqrt(c)", "domain", "not known to be >= 0"),
    ("sqrt(p - q) = 1", "sqrt(p - q)", "domain", "not known to be >= 0"),
    ("inv(T) = T", "T", "domain", "the inverse of `T`, which is not known to be invertible"),
    ("inv(tile(M, n)) = T", "tile(M, n)", "domain", "which is n*p × p and not square"),
    ("S⁻¹ = S", "S", "domain", "not known to be invertible"),
    ("inv(M + N) = S", "M + N", "domain", "not known to be invertible"),
    ("inv(M S) = S", "M S", "domain", "not known to be invertible"),
    ('einsum("ij,jk->ik", A, B) = S', '"ij,jk->ik"', "syntax", "in NumPy's style"),
]


@pytest.mark.parametrize(("text", "where", "kind", "message"), OTHERS)
def test_other_errors(text: str, where: str, kind: str, message: str) -> None:
    """Every error has its kind, its place, a message in words and a hint."""
    error = only_error(text)
    assert (error.kind, marked(error, FIELD + f"claim k: {text}")) == (kind, where)
    assert message in error.message
    assert error.hint


def test_tile_order_against_interleaved_order() -> None:
    """Axes of one size and another order are an error of their own, which shows the ways out."""
    error = only_error("interleave(W, n, groups=G) = T")
    assert error.kind == "axis-order"
    assert "the rows of the first are G*n*d, the rows of the second are D = n*G*d" in error.message
    assert error.hint is not None
    assert 'reorder("(g n d) c -> (n g d) c", ...)' in error.hint and "interleave" in error.hint


def test_axis_order_inside_products_sums_and_stacks() -> None:
    """The trap is caught wherever two axes meet, and never reported as a difference of size."""
    for text in (
        "interleave(W, n, groups=G)ᵀ T = S",
        "T + interleave(W, n, groups=G) = T",
        "hstack(T, interleave(W, n, groups=G)) = T",
        "tr(T interleave(W, n, groups=G)ᵀ) = 1",
        'einsum("i j, i k -> j k", T, interleave(W, n, groups=G)) = T',
        "T ∘ interleave(W, n, groups=G) = T",
    ):
        assert only_error(text).kind == "axis-order", text


def test_blocks_in_another_order() -> None:
    """p + q and q + p are different axes too, and reorder is not the way out."""
    error = only_error("blocks([[A, S], [S, A]]) = A")
    assert error.kind == "axis-order" and "q + p" in error.message and "swaps the two blocks" in (error.hint or "")


def test_a_product_in_the_wrong_order_is_recognised() -> None:
    """(A B)ᵀ = Aᵀ Bᵀ is the commonest slip; the hint shows the order that fits."""
    fits = only_error("Bᵀ Cᵀ = A", before="dims m, k, p\ngiven A : m × k, B : k × p, C : p × m\n")
    assert fits.hint is not None and "`Cᵀ Bᵀ`" in fits.hint


def test_a_near_name_is_offered() -> None:
    """A slip of the pen gets the name that was meant."""
    error = only_error("W_kk = W", before=FIELD + "given W_k : p\n")
    assert error.hint == "did you mean `W_k`?"


BOMBS = [
    "S^1000000000 = S",
    "S^(10^9) = S",
    "2^1000000000 = 1",
    "((10^200)^200)^200 = 1",
    "(c + a + p + q)^100 = 1",
    "1/(c + a + p + q)^50 = 1",
    "tile(A, 1000000000000000000000000000000) = A",
    "tile(tile(A, 1000000), 1000000) = A",
    "I((p + q)^64) = S",
    "I(((p^64)^64)^64) = S",
    "tr(S)^100 = 1",
    "stack(" * 190 + "S" + ")" * 190 + " = S",
    "f(" * 190 + "S" + ")" * 190 + " = S",
    "(" * 60 + "S" + ")^2" * 60 + " = S",
]


@pytest.mark.parametrize("text", BOMBS)
def test_bombs_end_in_a_message(text: str) -> None:
    """Huge powers, sizes and depths are refused at once, and never crash."""
    assert isinstance(only_error(text), BudgetError)


def chained(first: str, step: str, count: int) -> str:
    lets = [f"let u0{first}", *(f"let u{k}{step.format(k - 1)}" for k in range(1, count))]
    return "\n".join(lets) + "\n"


@pytest.mark.parametrize(
    ("first", "step"),
    [
        (" = S", " = u{0} + u{0}"),
        (" = S", " = u{0} u{0}"),
        (" = S", " = u{0} S"),
        (" = S", " = u{0} ⊗ u{0}"),
        (" = x", ' = einsum("i, j -> (i j)", u{0}, u{0})'),
        (" = p", " = u{0}*u{0}"),
    ],
)
def test_definitions_that_grow_are_refused(first: str, step: str) -> None:
    """Doubling by definition upon definition ends in a budget error at the line that goes too far."""
    text = chained(first, step, 250)
    error = declaration_error(text)
    assert isinstance(error, BudgetError) and error.span is not None and error.span.line > 13


@pytest.mark.parametrize(("first", "step"), [("(v) = v", "(v) = u{0}(v)"), ("(v) = v + v", "(v) = u{0}(u{0}(v))")])
def test_definitions_with_parameters_that_grow(first: str, step: str) -> None:
    """So does unfolding, at the call."""
    error = only_error(chained(first, step, 300) + "claim k: u299(S) = S")
    assert isinstance(error, BudgetError) and "in `u" in error.message


def test_long_sums_and_deep_brackets_are_fine() -> None:
    """Length is no trouble: 1,000 terms, 180 brackets, 190 factors."""
    for text in ("S" + " + S" * 999 + " = S", "(" * 180 + "S" + ")" * 180 + " = S", "S " * 190 + "= S"):
        assert not claim(text).errors
