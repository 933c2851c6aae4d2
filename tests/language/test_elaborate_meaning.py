"""The term that an expression becomes has the value that the expression has, by an evaluator that reads the syntax."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.crosscheck import arrays as ar
from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck import scope as names
from symbolic_mla.crosscheck.eliminate import inverse_matrix
from symbolic_mla.crosscheck.evaluate import Evaluator
from symbolic_mla.crosscheck.functions import random_table
from symbolic_mla.errors import ShapeError
from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.language import syntax as s
from symbolic_mla.language.parse import ParseEnvironment, parse_block, parse_expression
from symbolic_mla.language.scope import Scope

DECLARED = """
dims n, G, d, p, q, t, s
dim H = n*G
dim D = H*d
dim r = G*d
scalar a > 0, e < 0
given A, C : p × q, B : q × p, S : p × p, W : r × D, x, y : p, z : q
given M, N : p × p with M invertible, N invertible
given X : t × s × p, K : (p + q + 1) × d, F : (G*(n + 1 + 1)*d) × p, L : 3 × q, l : 2
function f, g(t)
let both(P, Q) = P Qᵀ + Q Pᵀ
let wide(P, m) = tile(P, m) / m
let T = tile(W, n)
let size = 2*p
"""
SYMBOLS = {
    "A": "p q", "C": "p q", "B": "q p", "S": "p p", "W": "r D", "x": "p", "y": "p", "z": "q", "M": "p p",
    "N": "p p", "X": "t s p", "K": "p+q+1 d", "F": "G*(n+1+1)*d p", "L": "3 q", "l": "2",
}  # fmt: skip
SIZES = ("n", "G", "d", "p", "q", "t", "s")


class Both:
    """One instance, seen by both evaluators."""

    def __init__(self, seed: int) -> None:
        rng = Random(seed)
        self.parsed, self.scope = ParseEnvironment(), Scope()
        lets: list[s.Let] = []
        for item in parse_block(DECLARED, env=self.parsed):
            self.scope.declare(item)  # type: ignore[arg-type]
            lets += [item] if isinstance(item, s.Let) else []
        sizes = {name: rng.randint(1, 3) for name in SIZES}
        table = random_table(seed)
        self.instance = Instance(
            {**sizes, "a": rng.randint(1, 3), "|e|": rng.randint(1, 3)},
            functions={f: (lambda at, row, f=f: table(f, at, tuple(row))) for f in "fg"},  # type: ignore[misc]
        )
        own = {name: names.Size(ax.symbol(name, size)) for name, size in sizes.items()}
        self.names = names.Scope(dict(own))
        self.evaluator = Evaluator(table, positions={"i": 0, "j": 0, "k": 0})
        self.instance.positions = {"i": 0, "j": 0, "k": 0}
        for name, body in {"H": "n*G", "D": "n*G*d", "r": "G*d"}.items():
            self.names.names[name] = names.Size(self.evaluator.axis(parse_expression(body), self.names))
        numbers = self.instance.numbers
        self.names.names["a"] = names.Known(numbers["a"])  # type: ignore[arg-type]
        self.names.names["e"] = names.Known(-numbers["|e|"])  # type: ignore[arg-type, operator]
        for name, shape in SYMBOLS.items():
            self._tensor(name, shape, rng)
        for let in lets:
            value: names.Binding = names.Delayed(let.body, self.names)
            if let.parameters:
                value = names.Definition(tuple(x.text for x in let.parameters), let.body, self.names)
            self.names.names[let.name.text] = value
        for f, at in (("f", ()), ("g", ("t",))):
            self.names.names[f] = names.Function(at)

    def _tensor(self, name: str, shape: str, rng: Random) -> None:
        axes = [self.evaluator.axis(parse_expression(x), self.names) for x in shape.split()]
        array = ar.build(axes, lambda *_: rng.randint(-3, 3))
        if name in "MN":
            while True:
                try:
                    inverse = inverse_matrix(array.rows())
                    break
                except Exception:
                    array = ar.build(axes, lambda *_: rng.randint(-3, 3))
            self.instance.tensors[name + "⁻¹"] = Tensor(array.shape, tuple(x for row in inverse for x in row))
        self.names.names[name] = names.Known(array)
        self.instance.tensors[name] = Tensor(array.shape, array.data)

    def agree(self, expr: s.Expr) -> None:
        """Both evaluators give the same entries."""
        expected = self.evaluator.value(expr, self.names)
        met = self.instance.value(self.scope.term(expr))
        entries = expected.data if isinstance(expected, ar.Array) else (expected,)
        shape = expected.shape if isinstance(expected, ar.Array) else ()
        assert met.shape == shape
        assert [Fraction(v) for v in met.entries] == [Fraction(v) for v in entries]  # type: ignore[arg-type]


FORMS = [
    "A B", "A B S", "A * B", "A @ B", "xᵀ A z", "xᵀ y", "x yᵀ", "A z", "Aᵀ x", "xᵀ A", "A ∘ C", "A ⊗ B", "x ⊗ y",
    "hadamard(A, C)", "kron(A, B)", "A + C", "A - C + A", "-A B", "2 A", "A * 4", "1/2 A",
    "A / 2 / a", "a A - A / e", "n p - q/2", "tr(S) A", "A tr(S)", "tr(A B) + p", "tr(S) / n", "S^3", "S²ᵀ", "S^0",
    "p^2 n", "Aᵀ", "x", "M⁻¹", "inv(M N)", "M^-2", "(2 M)⁻¹", "(M ⊗ N)⁻¹", "M⁻ᵀ", "I(p)", "I(r)",
    "zeros(p, q)", "ones(n, G*d)", "ones(p)", "tile(A, n)", "tile(A, 2)", "tile(x, n)", "T",
    "interleave(W, n, groups=G)", "interleave(T, 2, groups=H)", "stack(A, C)", "stack(A, Bᵀ, C)", "stack(x, z)",
    "hstack(A, S)", "blocks([[A, S], [C, M]])", "blocks([[S, A], [B, B A]])", "diag(x)", "diag(S)", "vec(A)",
    "vec(A B)", "tr(S)", 'reorder("i j -> j i", A)', 'reorder("(n g d) c -> (g n d) c", T)',
    'reorder("(g d) c -> (d g) c", W)', 'einsum("i j, j k -> i k", A, B)', 'einsum("i i ->", S)',
    'einsum("i, j -> (i j)", x, z)', 'einsum("i j -> n i j", A, n=n)', 'einsum("(g d) (n g d) -> n", W, g=G)',
    'einsum("t s k, s k -> t", X, X[i])', 'einsum("i i -> i", S)', 'einsum("i -> i i", x)',
    "f(A)", "f(A B)ᵀ", "f(x)", "g(X)", "f(X)", "g(einsum(\"t s k -> s t k\", X))", "both(A, C)", "wide(A, n)",
    "wide(both(S, S), 2)", "I(size)", "size A", "X[i]", "X[i, j]", "X[:, j]", "X[i, :, k]", "X[:, :, k]",
    "T[i]", "W[i]", "W[:, i]", "K[0]", "K[1]", "K[2]", "F[i]", "F[i][0]", "F[i][2]", "L[2]", "L[0, j]",
    "l[1]", "stack(A, C)[1]", "tile(A, 2)[0]", "stack(x, z)[1]", "A[i, j]", "(A z)[i] x", "blocks([[A, S], [C, M]])[0]",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    """Every form of the language, at three instances."""
    for seed in range(3):
        both = Both(seed)
        both.agree(parse_expression(text, env=both.parsed))


Shape = tuple[str, str]
NAMED = {("p", "q"): "A C", ("q", "p"): "B", ("p", "p"): "S M N", ("q", "q"): ""}


@st.composite
def matrices(draw: st.DrawFn, shape: Shape, depth: int) -> str:
    """The source of a matrix of this shape."""
    rows, columns = shape
    leaves = [*NAMED[shape].split(), f"ones({rows}, {columns})", f"zeros({rows}, {columns})"]
    leaves += [f"I({rows})"] if rows == columns else []
    if depth == 0:
        return draw(st.sampled_from(leaves))

    def sub(r: str, c: str) -> str:
        return "(" + draw(matrices((r, c), depth - 1)) + ")"

    middle = draw(st.sampled_from("pq"))
    forms = {
        "product": lambda: f"{sub(rows, middle)} {sub(middle, columns)}",
        "sum": lambda: f"{sub(rows, columns)} - {sub(rows, columns)} + {sub(rows, columns)}",
        "transpose": lambda: f"{sub(columns, rows)}ᵀ",
        "scaled": lambda: f"-2/3 {sub(rows, columns)} / n",
        "entrywise": lambda: f"{sub(rows, columns)} ∘ {sub(rows, columns)}",
        "trace": lambda: f"tr({sub(middle, middle)}) {sub(rows, columns)}",
        "outer": lambda: f"({sub(rows, 'p')} x) ({sub(columns, 'q')} z)ᵀ",
        "function": lambda: f"f({sub(rows, columns)})",
        "block": lambda: f"stack({sub(rows, columns)}, {sub(middle, columns)})[0]",
        "copy": lambda: f"tile({sub(rows, columns)}, n)[i]",
        "groups": lambda: f"interleave(tile({sub(rows, columns)}, G), n, groups=G)[i][j]",
        "call": lambda: f"both({sub(rows, middle)}, {sub(rows, middle)})" if rows == columns else sub(rows, columns),
        "einsum": lambda: f'einsum("i k, k j -> i j", {sub(rows, middle)}, {sub(middle, columns)})',
        "regrouped": lambda: f'reorder("(n i) j -> i n j", tile({sub(rows, columns)}, n))[:, j]',
        "blocks": lambda: (
            f"blocks([[{sub(rows, columns)}, {sub(rows, 'q')}], [B, {sub('q', 'q')}]])[0][:, 0]"
            if columns == "p"
            else sub(rows, columns)
        ),
        "power": lambda: f"{sub(rows, rows)}² {sub(rows, columns)}",
    }
    return draw(st.sampled_from(sorted(forms)).flatmap(lambda name: st.builds(forms[name])))


@settings(deadline=None, max_examples=150)
@given(st.data(), st.integers(0, 50))
def test_random_expressions(data: st.DataObject, seed: int) -> None:
    """Forms inside forms, at random sizes 1 to 3."""
    shape = data.draw(st.sampled_from(sorted(NAMED)))
    text = data.draw(matrices(shape, data.draw(st.integers(1, 3))))
    both = Both(seed)
    both.agree(parse_expression(text, env=both.parsed))


def test_what_is_unfolded_again_is_the_same() -> None:
    """A call that was evaluated before has the value that it has in a scope which never saw it, at any later place."""
    scope, parsed = Scope(), ParseEnvironment()
    for item in parse_block(DECLARED, env=parsed):
        scope.declare(item)  # type: ignore[arg-type]
    calls = ["both(A, C)", "wide(A, n)", "wide(A, n*G)", "wide(A, G*n)", "both(A, both(A, C) A)", "both(A, C)"]
    values = {}
    for text in calls * 2:
        expr = parse_expression(text, env=parsed)
        met = scope.copy().value(expr)
        values[text] = scope.value(expr)
        assert values[text] == met and scope.value(expr) is values[text]
    assert values["wide(A, n*G)"] != values["wide(A, G*n)"]


def test_a_name_that_was_forgotten_takes_its_calls_along() -> None:
    """A declaration that failed leaves nothing behind: its names may be declared again, with other shapes."""
    scope, parsed = Scope(), ParseEnvironment()
    for item in parse_block(DECLARED, env=parsed):
        scope.declare(item)  # type: ignore[arg-type]
    (failing,) = parse_block("given Z : p × q with both(Z, A) = I(p), Z A = A", env=parsed.copy())
    (sound,) = parse_block("given Z : q × p", env=parsed)
    with pytest.raises(ShapeError):
        scope.declare(failing)  # type: ignore[arg-type]
    scope.declare(sound)  # type: ignore[arg-type]
    value = scope.term(parse_expression("both(Z, B)", env=parsed))
    assert [str(axis) for axis in value.axes] == ["q", "q"]
    with pytest.raises(ShapeError):
        scope.term(parse_expression("both(Z, A)", env=parsed))
