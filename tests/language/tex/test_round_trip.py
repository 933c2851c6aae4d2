"""LaTeX out, read back in, is the same term: `latex` and the reader of formulas are inverse to one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.latex import latex, statement_latex
from symbolic_mla.language.parse import parse_block, parse_expression
from tests.language.tex.reading import DECLARED, read, read_expression, scope

Draw = Callable[[st.SearchStrategy[Any]], Any]
P, Q, N = (s.Name(x) for x in "pqn")
ONE = "1"


def call(name: str, *arguments: s.Argument) -> s.Call:
    return s.Call(name, arguments)


@st.composite
def matrices(draw: Draw, rows: str, columns: str, depth: int = 3) -> s.Expr:
    """A matrix of this shape (`p`, `q`), built by any form that fits."""

    def sub(r: str, c: str) -> s.Expr:
        return draw(matrices(r, c, depth - 1))  # type: ignore[no-any-return]

    leaves: dict[tuple[str, str], list[s.Expr]] = {
        ("p", "q"): [s.Name("A"), s.Name("W_UK"), s.Name("Q\u0302"), call("zeros", P, Q), call("ones", P, Q)],
        ("q", "p"): [s.Name("B"), s.Transpose(s.Name("A"))],
        ("p", "p"): [s.Name("S"), s.Name("M"), s.Inverse(s.Name("M")), call("I", P), call("diag", s.Name("x"))],
        ("q", "q"): [call("I", Q), s.Name("σ")],
    }
    if depth <= 0:
        return draw(st.sampled_from(leaves[rows, columns]))  # type: ignore[no-any-return]
    middle = draw(st.sampled_from("pq"))
    number = draw(st.sampled_from([s.Number(2), s.Name("c"), P, call("sqrt", Q), call("tr", s.Name("S"))]))
    positive = draw(st.sampled_from([s.Number(3), P, call("sqrt", Q), s.Product("*", P, Q)]))
    forms: list[Callable[[], s.Expr]] = [
        lambda: draw(st.sampled_from(leaves[rows, columns])),
        lambda: s.Product(draw(st.sampled_from(["", "*"])), sub(rows, middle), sub(middle, columns)),
        lambda: s.Product("", number, sub(rows, columns)),
        lambda: s.Product("∘", sub(rows, columns), sub(rows, columns)),
        lambda: s.Quotient(sub(rows, columns), positive),
        lambda: s.Transpose(sub(columns, rows)),
        lambda: s.Negate(sub(rows, columns)),
        lambda: s.Sum(tuple(sub(rows, columns) for _ in range(draw(st.integers(2, 3))))),
        lambda: call("f", sub(rows, columns)),
        lambda: call("softmax", sub(rows, columns)),
        lambda: call("twice", sub(rows, columns)),
        lambda: s.Call("einsum", (s.Text("i j, j k -> i k"), sub(rows, middle), sub(middle, columns))),
        lambda: s.Call("reorder", (s.Text("i j -> j i"), sub(columns, rows))),
    ]
    if rows == columns:
        forms.append(lambda: s.Power(sub(rows, columns), s.Number(2)))
    return draw(st.sampled_from(forms))()  # type: ignore[no-any-return]


@st.composite
def terms(draw: Draw) -> s.Expr:
    """Matrices, and what is made of several of them: stacks, Kronecker products, copies, entries, numbers."""
    a, b = draw(matrices("p", "q")), draw(matrices("p", "q"))
    return draw(  # type: ignore[no-any-return]
        st.sampled_from(
            [
                a,
                call("stack", a, b),
                call("hstack", a, b),
                call("blocks", s.ListLiteral((s.ListLiteral((a, b)), s.ListLiteral((b, a))))),
                s.Product("⊗", a, b),
                call("kron", a, b),
                call("tile", a, N),
                s.Product("", a, s.Transpose(b)),
                s.Index(a, (s.Name("i"), s.Name("j"))),
                s.Index(a, (s.Whole(), s.Name("j"))),
                s.Product("", s.Transpose(s.Name("x")), s.Product("", a, s.Name("y"))),
                call("tr", s.Product("", a, s.Transpose(b))),
                call("vec", a),
                s.Product("", a, s.Name("y")),
                s.Call("einsum", (s.Text("i j -> (n i) j"), a), (s.Keyword(N, N),)),
                s.Call("einsum", (s.Text("i j, i j ->"), a, b)),
                s.Product("∘", s.Product("", s.Name("S"), a), b),
                s.Product("", s.Product("∘", s.Name("S"), s.Name("M")), a),
            ]
        )
    )


@given(terms())
def test_what_is_written_is_read_back(expr: s.Expr) -> None:
    """The LaTeX of a well-formed expression means what the expression means."""
    here = scope()
    try:
        meant = here.term(expr)
    except SymbolicMLAError:
        return  # too large to mean anything
    assert here.term(read_expression(latex(expr))) == meant, latex(expr)


@pytest.mark.parametrize(
    "text",
    [
        "A B = S",
        "rank(A) <= min(p, q) < q + p",
        "tr(A B) = tr(B A) = p",
        "exists U : p × n, V : n × q with A = U V",
        "exists L : p × p for all X : p × q with L X = X, X = L X",
        "rank(A) <= n iff exists U : p × n, V : n × q with A = U V",
        "(A + A) / sqrt(q) = 2 A",
        "einsum(\"i j, j -> i\", A, y) = A y",
        "A[0, j] = 1",
    ],
)
def test_statements_too(text: str) -> None:
    """A statement's LaTeX is a formula that makes the same claim."""
    (item,) = parse_block(f"claim a: {text}")
    assert isinstance(item, s.Claim)
    (found,) = read(f"```math claim a\n{statement_latex(item)}\n```", DECLARED).values()
    assert statement_latex(found) == statement_latex(item)


@pytest.mark.parametrize("text", ["A B ⊗ B", "A ∘ A B", "1/2 A", "A (B A)", "A - (A - A)", "(A + A) B"])
def test_grouping_is_kept(text: str) -> None:
    """Products of different kinds are written with brackets, which the reader asks for."""
    expr = parse_expression(text)
    assert latex(read_expression(latex(expr))) == latex(expr)
