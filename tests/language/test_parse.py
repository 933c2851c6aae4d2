"""What is read from what is written: expressions, items, claims, line ends."""

import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla.errors import NameUnknownError, Span, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import load_document
from symbolic_mla.language.parse import (
    BUILTINS,
    ParseEnvironment,
    declared_names,
    parse_block,
    parse_expression,
)
from symbolic_mla.language.unparse import unparse

A, B, C, D = (s.Name(letter) for letter in "ABCD")
ONE, TWO = s.Number(1), s.Number(2)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A B C", s.Product("", s.Product("", A, B), C)),
        ("A @ B ⊗ C", s.Product("⊗", s.Product("@", A, B), C)),
        ("A · B ∘ C", s.Product("∘", s.Product("*", A, B), C)),
        ("A B'", s.Product("", A, s.Transpose(B))),
        ("(A B)ᵀ", s.Transpose(s.Product("", A, B))),
        ("A^T", s.Transpose(A)),
        ("A.T", s.Transpose(A)),
        ("A⊤", s.Transpose(A)),
        ("A ^ T", s.Transpose(A)),
        ("A^T2", s.Power(A, s.Name("T2"))),
        ("A^-1", s.Inverse(A)),
        ("A⁻¹ B", s.Product("", s.Inverse(A), B)),
        ("A^(-1)", s.Inverse(A)),
        ("A⁻ᵀ", s.Transpose(s.Inverse(A))),
        ("A^-T", s.Transpose(s.Inverse(A))),
        ("A²ᵀ", s.Transpose(s.Power(A, TWO))),
        ("A¹²", s.Power(A, s.Number(12))),
        ("A⁻²", s.Power(A, s.Negate(TWO))),
        ("Aⁿ", s.Power(A, s.Name("n"))),
        ("A^n'", s.Transpose(s.Power(A, s.Name("n")))),
        ("T^T", s.Transpose(s.Name("T"))),
        ("1/2 B C", s.Product("", s.Product("", s.Quotient(ONE, TWO), B), C)),
        ("A B / 2", s.Quotient(s.Product("", A, B), TWO)),
        ("1/n/2", s.Quotient(s.Quotient(ONE, s.Name("n")), TWO)),
        ("0.50", s.Number(Fraction(1, 2))),
        ("2.0", TWO),
        ("2A", s.Product("", TWO, A)),
        ("-A B", s.Negate(s.Product("", A, B))),
        ("A - B + C", s.Sum((A, s.Negate(B), C))),
        ("A − B", s.Sum((A, s.Negate(B)))),
        ("(A + B) + C", s.Sum((s.Sum((A, B)), C))),
        ("A[1]", s.Index(A, (ONE,))),
        ("A [:, 2]ᵀ", s.Transpose(s.Index(A, (s.Whole(), TWO)))),
        ("A (B)", s.Product("", A, B)),
        ("A(B)", s.Product("", A, B)),
        ("tr (B)", s.Call("tr", (B,))),
        ("A (B C)ᵀ", s.Product("", A, s.Transpose(s.Product("", B, C)))),
        ("f (B C)ᵀ", s.Transpose(s.Call("f", (s.Product("", B, C),)))),
        ("f A", s.Product("", s.Name("f"), A)),
        ("tile(A, n=2)", s.Call("tile", (A,), (s.Keyword(s.Name("n"), TWO),))),
        (
            "blocks([[A, B], [C, D]])",
            s.Call("blocks", (s.ListLiteral((s.ListLiteral((A, B)), s.ListLiteral((C, D)))),)),
        ),
        ('einsum("i j -> j i", A)', s.Call("einsum", (s.Text("i j -> j i"), A))),
        ("A\n+ B # a comment\n+ C", s.Sum((A, B, C))),
    ],
)
def test_expression(text: str, tree: s.Expr) -> None:
    """Each form, tightest first: postfix, products and quotients from left to right, sums."""
    assert parse_expression(text, env=ParseEnvironment(functions={"f"})) == tree


@pytest.mark.parametrize("name", ["W_Q", "Q̂", "W̃", "σ", "x", "T", "W₁", "A2", "é", "even", "all", "divides"])
def test_names(name: str) -> None:
    """A name may hold digits, `_`, subscripts and combining marks, and is kept in NFC."""
    for form in ("NFC", "NFD"):
        assert parse_expression(unicodedata.normalize(form, name)) == s.Name(
            unicodedata.normalize("NFC", name)
        )


def test_a_superscript_never_becomes_a_digit() -> None:
    """NFKC would read `A²` as the name A2."""
    assert parse_expression("A²") == s.Power(A, TWO) != parse_expression("A2")


def _one(text: str, **functions: str) -> s.Item:
    (item,) = parse_block(text, env=ParseEnvironment(functions=set(functions)))
    return item


def _names(*texts: str) -> tuple[s.Name, ...]:
    return tuple(s.Name(text) for text in texts)


n, G, m, k, X = (s.Name(text) for text in ("n", "G", "m", "k", "X"))
EQUAL = s.Chain(A, (s.Step("=", B),))


@pytest.mark.parametrize(
    ("text", "item"),
    [
        (
            "dims n >= 1, G, d > 2",
            s.Dims((s.DimSymbol(n, 1), s.DimSymbol(G), s.DimSymbol(s.Name("d"), 3))),
        ),
        ("dim H = n*G", s.DimDefinition(s.Name("H"), s.Product("*", n, G))),
        (
            "assume n <= G, m even, k divides m",
            s.Assume((s.Chain(n, (s.Step("<=", G),)), s.Property(m, "even"), s.Divides(k, m))),
        ),
        (
            "scalar c, a > 0, b ≠ 0",
            s.Scalars(
                (
                    s.ScalarSymbol(s.Name("c")),
                    s.ScalarSymbol(s.Name("a"), ">"),
                    s.ScalarSymbol(s.Name("b"), "!="),
                )
            ),
        ),
        (
            "given A, B : m × n, X : k x m",
            s.Given(
                (s.GivenGroup(s.Group((A, B), (m, n))), s.GivenGroup(s.Group((X,), (k, m)))),
            ),
        ),
        (
            "given A : m x m with A invertible, A = B, X : m",
            s.Given(
                (
                    s.GivenGroup(s.Group((A,), (m, m)), (s.Property(A, "invertible"), EQUAL)),
                    s.GivenGroup(s.Group((X,), (m,))),
                )
            ),
        ),
        (
            "given A : m × m with A = B, C, D : n × n",
            s.Given(
                (
                    s.GivenGroup(s.Group((A,), (m, m)), (EQUAL,)),
                    s.GivenGroup(s.Group((C, D), (n, n))),
                )
            ),
        ),
        ("function f", s.Functions((s.FunctionSymbol(s.Name("f")),))),
        (
            "function f, g(t)",
            s.Functions((s.FunctionSymbol(s.Name("f")), s.FunctionSymbol(s.Name("g"), _names("t")))),
        ),
        ("let T = A B", s.Let(s.Name("T"), (), s.Product("", A, B))),
        ("let S(K, n) = K n", s.Let(s.Name("S"), _names("K", "n"), s.Product("", s.Name("K"), n))),
        ("obtain U, S, V from svd(A)", s.Obtain(_names("U", "S", "V"), s.Call("svd", (A,)))),
        (
            "obtain U, V from rank-factorisation(A, n=n)",
            s.Obtain(_names("U", "V"), s.Call("rank-factorisation", (A,), (s.Keyword(s.Name("n"), n),))),
        ),
    ],
)
def test_declaration(text: str, item: s.Item) -> None:
    """Every item that declares something."""
    assert _one(text) == item


def test_mixed_dims_keep_their_order() -> None:
    """A definition stands between the symbols that come before and after it."""
    kinds = [type(item).__name__ for item in parse_block("dims n, G, H = n*G, d")]
    assert kinds == ["Dims", "DimDefinition", "Dims"]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("D x r", "D × r"),
        ("x x x", "x × x"),
        ("x × x x x", "x × x × x"),
        ("n x d x r", "n × d × r"),
        ("2 x 3", "2 × 3"),
        ("(n*G) x d", "(n*G) × d"),
        ("x", "x"),
        ("x*n x x", "x*n × x"),
        ("(r + x) x (x + r)", "(r + x) × (x + r)"),
    ],
)
def test_x_between_sizes(text: str, sizes: str) -> None:
    """`x` is `×` where a size stands on either side, and otherwise a name."""
    assert _one(f"given A : {text}") == _one(f"given A : {sizes}")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("claim a: A = B", s.Claim(s.Name("a"), "proved", EQUAL)),
        ("refute a-b2: A = B", s.Claim(s.Name("a-b2"), "refuted", EQUAL)),
        (
            "claim a:\n  A\n  = B by one-two\n <= C\n by svd",
            s.Claim(
                s.Name("a"),
                "proved",
                s.Chain(A, (s.Step("=", B, s.Name("one-two")), s.Step("<=", C))),
                by=s.Name("svd"),
            ),
        ),
        (
            "claim a:\n  A\n  = B\n   by one\n = C",
            s.Claim(s.Name("a"), "proved", s.Chain(A, (s.Step("=", B, s.Name("one")), s.Step("=", C)))),
        ),
        (
            "claim a: exists A : m × n with A = B\n take A = B\n by svd",
            s.Claim(
                s.Name("a"),
                "proved",
                s.Exists((s.Group((A,), (m, n)),), (), (EQUAL,)),
                by=s.Name("svd"),
                take=(s.Witness(A, B),),
            ),
        ),
        (
            "claim a: exists A : m × n for all B : m × n, C : n\n with A = B, A = B by svd",
            s.Claim(
                s.Name("a"),
                "proved",
                s.Exists(
                    (s.Group((A,), (m, n)),),
                    (s.Group((B,), (m, n)), s.Group((C,), (n,))),
                    (EQUAL, EQUAL),
                ),
                by=s.Name("svd"),
            ),
        ),
        (
            "claim a: (exists A : m × n with A = B) iff rank(C) <= n",
            s.Claim(
                s.Name("a"),
                "proved",
                s.Iff(
                    s.Exists((s.Group((A,), (m, n)),), (), (EQUAL,)),
                    s.Chain(s.Call("rank", (C,)), (s.Step("<=", n),)),
                ),
            ),
        ),
    ],
)
def test_claim(text: str, claim: s.Claim) -> None:
    """Statements, witnesses, and where a reason belongs."""
    assert _one(text) == claim


def test_a_function_is_known_in_the_blocks_that_follow() -> None:
    """The environment persists; a copy does not leak into it."""
    env = ParseEnvironment()
    parse_block("function f\nlet g(X) = f(X)", env=env)
    inner = env.copy()
    parse_block("function h", env=inner)
    (let,) = parse_block("let T = f(A) g(A) h(A)", env=env)
    assert isinstance(let, s.Let)
    assert unparse(let.body) == "f(A) g(A) h A"
    assert env.functions == {"f", "g"} and inner.functions == {"f", "g", "h"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("given f : m × m\nfunction f", "`f` is already a value"),
        ("function f\nlet f = A", "`f` is already a function"),
        ("function f\nlet g(f) = f", "`f` is already a function"),
        ("given I : m × m", "`I` is built in"),
        ("let rank(A) = A", "`rank` is built in"),
    ],
)
def test_a_name_that_is_both_is_refused(text: str, message: str) -> None:
    """`f(X)` must have one reading."""
    with pytest.raises(NameUnknownError, match=message):
        parse_block(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("let T = A\nlet U = B", 2),
        ("let T = A\n\n  # a comment\n  + B", 1),
        ("let T = (A\nB)", 1),
        ("let T = A +\n B", 1),
        ("let T =\n  A\n  - B\n  * C", 1),
        ("given A : m × m,\n B : m × m", 1),
        ("claim c:\n A\n = B\n\nlet T = A", 2),
        ("", 0),
        ("# nothing\n\n", 0),
    ],
)
def test_line_ends(text: str, count: int) -> None:
    """A newline ends an item, unless something is open or the next line goes on."""
    assert len(parse_block(text)) == count


def test_two_equations_on_two_lines_are_no_product() -> None:
    """`A = B⏎C = D` is an error, never A = B C = D."""
    with pytest.raises(SymbolicMLAError, match="met `C` at the start of an item"):
        parse_block("claim a: A = B\nC = D")


def test_spans_are_absolute() -> None:
    """Lines count from the document's start, columns in code points, prefixes of a quoted fence included."""
    first, second = parse_block("let T = A\nlet U = Q̂ B", first_line=10, offsets=(2, 4))
    assert first.span == Span(10, 3, 10, 12)
    assert isinstance(second, s.Let) and isinstance(second.body, s.Product)
    assert second.body.left.span == Span(11, 13, 11, 15)
    assert second.body.right.span == Span(11, 16, 11, 17)


def test_a_bracket_belongs_to_the_span() -> None:
    """The caret under a bracketed factor covers its brackets."""
    (let,) = parse_block("let T = A (B + C)ᵀ")
    assert isinstance(let, s.Let) and isinstance(let.body, s.Product)
    assert let.body.right.span == Span(1, 11, 1, 19)


@pytest.mark.parametrize(
    "example", ["absorption", "gqa-as-mla", "hand-derivation", "interleaved", "shared-latent"]
)
def test_the_examples_of_the_repository_parse(example: str) -> None:
    """The documents that the language was designed on."""
    path = Path(__file__).parent / "examples" / f"{example}.md"
    env = ParseEnvironment()
    for block in load_document(path).blocks:
        assert parse_block(block.text, first_line=block.first_line, offsets=block.offsets, env=env)


def test_every_builtin_is_read_as_a_call() -> None:
    """No builtin falls back to a product."""
    for name in sorted(BUILTINS):
        assert parse_expression(f"{name} (A)") == s.Call(name, (A,))


def test_declared_names() -> None:
    """The names of an item, functions apart from values."""
    items = parse_block("dims m\ngiven A, B : m\nfunction f\nlet g(X) = X\nlet T = A\nclaim c: A = B")
    assert [tuple(tuple(x.text for x in side) for side in declared_names(item)) for item in items] == [
        ((), ("m",)),
        ((), ("A", "B")),
        (("f",), ()),
        (("g",), ()),
        ((), ("T",)),
        ((), ()),
    ]


WORDS = (
    "claim a : = <= A B f ( ) [ ] , + - * / ^ ᵀ ² ' 2 0.5 × x with exists for all take by iff given dims let "
    'function obtain from assume even divides # "i j" T . | ⊗ Q̂ \\top \u200b ₁ ⁻'
)
fragments = st.sampled_from([*WORDS.split(), "\n"])


@given(st.lists(fragments, max_size=25), st.sampled_from([" ", ""]))
def test_any_text_is_read_or_refused(words: list[str], glue: str) -> None:
    """No text brings the parser down: it gives items, or one of our errors with a span inside the text."""
    text = glue.join(words)
    try:
        parse_block(text)
    except SymbolicMLAError as error:
        assert error.span is not None
        assert 1 <= error.span.line <= text.count("\n") + 1
        assert error.message


@given(st.text(max_size=40))
def test_any_characters_are_read_or_refused(text: str) -> None:
    """The same for arbitrary Unicode."""
    try:
        parse_block(text)
    except SymbolicMLAError as error:
        assert error.span is not None
