"""Text and tree are two views of one thing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla.language import syntax as s
from symbolic_mla.language.parse import ParseEnvironment, parse_block, parse_expression
from symbolic_mla.language.unparse import unparse

ENVIRONMENT = ParseEnvironment(functions={"f", "attend"})

names = st.sampled_from(["A", "B", "W_Q", "Q̂", "W₁", "T", "x", "σ", "even", "all"]).map(s.Name)
numbers = st.one_of(
    st.integers(0, 99), st.sampled_from([Fraction(1, 2), Fraction(1, 8), Fraction(301, 100), Fraction(1, 50)])
).map(s.Number)
patterns = st.sampled_from(["i j, j k -> i k", "(n g d) c -> (g n d) c"]).map(s.Text)


def _wider(parts: st.SearchStrategy[s.Expr]) -> st.SearchStrategy[s.Expr]:
    lists = st.lists(parts, min_size=1, max_size=2).map(lambda row: s.ListLiteral(tuple(row)))
    arguments = st.lists(st.one_of(parts, patterns, lists), max_size=3).map(tuple)
    keywords = st.lists(st.builds(s.Keyword, names, parts), max_size=2).map(tuple)
    exponents = st.one_of(parts, parts.map(s.Negate)).filter(lambda e: e != s.Negate(s.Number(1)))
    indices = st.lists(st.one_of(parts, st.just(s.Whole())), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(s.Call, st.sampled_from(["f", "attend", "tile", "I"]), arguments, keywords),
        st.builds(s.Transpose, parts),
        st.builds(s.Inverse, parts),
        st.builds(s.Power, parts, exponents),
        st.builds(s.Index, parts, indices),
        st.builds(s.Product, st.sampled_from(["", "*", "@", "⊗", "∘"]), parts, parts),
        st.builds(s.Quotient, parts, parts),
        st.builds(s.Negate, parts),
        st.lists(parts, min_size=2, max_size=4).map(lambda terms: s.Sum(tuple(terms))),
    )


expressions = st.recursive(st.one_of(names, numbers), _wider, max_leaves=12)


def _chains(*, reasons: bool) -> st.SearchStrategy[s.Chain]:
    by = st.one_of(st.none(), st.sampled_from(["svd", "eckart-young"]).map(s.Name)) if reasons else st.none()
    steps = st.builds(s.Step, st.sampled_from(["=", "<=", ">=", "<", ">"]), expressions, by)
    return st.builds(s.Chain, expressions, st.lists(steps, min_size=1, max_size=3).map(tuple))


sizes = st.lists(expressions, min_size=1, max_size=3).map(tuple)
groups = st.builds(s.Group, st.lists(names, min_size=1, max_size=2).map(tuple), sizes)
exists = st.builds(
    s.Exists,
    st.lists(groups, min_size=1, max_size=2).map(tuple),
    st.lists(groups, max_size=2).map(tuple),
    st.lists(_chains(reasons=False), min_size=1, max_size=2).map(tuple),
)
clauses = st.one_of(_chains(reasons=False), exists)
statements = st.one_of(_chains(reasons=True), exists, st.builds(s.Iff, clauses, clauses))


@given(expressions)
def test_expressions_survive_the_round_trip(expression: s.Expr) -> None:
    """parse(unparse(e)) == e, whatever the brackets, operators and names."""
    assert parse_expression(unparse(expression), env=ENVIRONMENT) == expression


@given(statements)
def test_statements_survive_the_round_trip(statement: s.Statement) -> None:
    """A claim that is printed and read again states the same."""
    (claim,) = parse_block(f"claim again: {unparse(statement)}", env=ENVIRONMENT.copy())
    assert isinstance(claim, s.Claim)
    assert claim.statement == statement


@given(expressions)
def test_printing_is_stable(expression: s.Expr) -> None:
    """The text of what was read is the text itself."""
    text = unparse(expression)
    assert unparse(parse_expression(text, env=ENVIRONMENT)) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("A' B^T C.T", "Aᵀ Bᵀ Cᵀ"),
        ("(A B)⁻ᵀ", "(A B)⁻¹ᵀ"),
        ("A^(-1)", "A⁻¹"),
        ("-(A + B) - (-C)", "-(A + B) - (-C)"),
        ("1/2 B C", "1 / 2 B C"),
        ("n^-2", "n^(-2)"),
        ("(A)[h, :]", "A[h, :]"),
        ("blocks([[A, B], [C, D]])", "blocks([[A, B], [C, D]])"),
        ("einsum('i', A)".replace("'", '"'), 'einsum("i", A)'),
    ],
)
def test_printed_form(text: str, printed: str) -> None:
    """One spelling for each operation, brackets only where they are needed."""
    assert unparse(parse_expression(text)) == printed


def test_numbers_without_a_decimal_are_quotients() -> None:
    """1/3 has no finite decimal; it is printed as what it is."""
    assert unparse(s.Product("", s.Number(Fraction(1, 3)), s.Name("A"))) == "(1/3) A"
    assert unparse(s.Number(-2)) == "-2"
