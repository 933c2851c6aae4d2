"""The bridge to SymPy: what comes in means what SymPy says at every size, and goes back to the same thing."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from sympy import (
    BlockDiagMatrix,
    BlockMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    symbols,
)
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import array_expressions as arrays

from symbolic_mla import algebra as al
from symbolic_mla.algebra.occurring import subterms, variables
from symbolic_mla.errors import (
    AxisOrderError,
    BudgetError,
    DomainError,
    InputError,
    NameUnknownError,
    ShapeError,
    SymbolicMLAError,
    TypeMismatchError,
    UnsupportedError,
)
from symbolic_mla.exact.bridge import equation_from_sympy, from_sympy
from symbolic_mla.exact.explicit import equal_explicitly, explicit
from symbolic_mla.exact.to_sympy import orders_of, to_sympy
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom, Einsum, Pick, Term
from tests.dense import World
from tests.rewriting import with_children
from tests.strategies import terms, worlds

m, n, p, G, d, H = symbols("m n p G d H", integer=True, positive=True)
c, a = Symbol("c", positive=True), Symbol("a", real=True)
X, Y = MatrixSymbol("X", m, n), MatrixSymbol("Y", n, p)
S, T = MatrixSymbol("S", n, n), MatrixSymbol("T", n, n)
V, Z = MatrixSymbol("v", n, 1), MatrixSymbol("Z", m + n, p)
W = MatrixSymbol("W", n * G * d, p)
A3 = arrays.ArraySymbol("A3", (m, n, p))
SIZES = ({"m": 2, "n": 3, "p": 1}, {"m": 1, "n": 2, "p": 2}, {"m": 3, "n": 1, "p": 2})

MEANINGS = [
    X, X.T, X * Y, 2 * X - Rational(1, 3) * X, S**3, S**0, S * S.T, Trace(S) * X, Trace(S * T) + n,
    Trace(S) ** 2, KroneckerProduct(X, Y, S), HadamardProduct(X, X), HadamardPower(X, 3),
    Identity(n) + 2 * OneMatrix(n, n),
    ZeroMatrix(m, n), BlockMatrix([[S, X.T], [X, OneMatrix(m, m)]]), BlockDiagMatrix(S, X),
    MatMul(S, T, S, evaluate=False),
    MatrixSlice(Z, (0, m), (0, p)), MatrixSlice(Z, (m, m + n), (0, p)), MatrixSlice(S, (0, n), (0, n)),
    DiagMatrix(V), DiagonalOf(S), DiagonalMatrix(S), Transpose(MatMul(X, Y, evaluate=False)), c * a * X, X / c,
    sympy.sqrt(2) * X, n * X / m, Matrix([[1, 2], [3, Rational(1, 2)]]), MatAdd(X, X, evaluate=False),
    arrays.ArrayTensorProduct(X, Y), arrays.ArrayContraction(arrays.ArrayTensorProduct(X, Y), (1, 2)),
    arrays.ArrayDiagonal(arrays.ArrayTensorProduct(X, Y), (1, 2)), arrays.PermuteDims(A3, [1, 2, 0]),
    arrays.ArrayContraction(A3, (1,)), arrays.ArrayAdd(A3, A3), arrays.ZeroArray(m, n, p), arrays.OneArray(m, n),
    arrays.ArrayContraction(arrays.ArrayTensorProduct(S, S, S), (1, 2, 4)), arrays.ArrayTensorProduct(n, X),
    arrays.Reshape(A3, (m * n, p)), arrays.Reshape(arrays.ArrayTensorProduct(X, Y), (m, n * n, p)),
]  # fmt: skip


def entries(value: Any) -> Any:
    """A matrix, array or number of SymPy as nested lists of expanded expressions in X_i_j."""
    if hasattr(value, "as_explicit"):
        value = value.as_explicit()
    if not hasattr(value, "tolist"):
        return sympy.expand(_named(value))
    return _mapped(value.tolist())


def _mapped(rows: Any) -> Any:
    return [_mapped(row) for row in rows] if isinstance(rows, list) else sympy.expand(_named(rows))


def _named(entry: Any) -> Any:
    entry = sympy.sympify(entry)
    entry = entry.replace(lambda e: isinstance(e, Trace), lambda e: e.arg.as_explicit().trace()).doit()
    elements = entry.atoms(sympy.matrices.expressions.matexpr.MatrixElement, arrays.ArrayElement)
    names = {}
    for e in elements:
        indices = e.indices if isinstance(e, arrays.ArrayElement) else e.args[1:]
        names[e] = Symbol("_".join([str(e.args[0].name), *map(str, indices)]))
    return entry.subs(names)


def ours(term: Term, sizes: dict[str, int]) -> Any:
    """The same of our side, dimensions replaced by their sizes."""
    return entries(explicit(term, **{v.name: sizes[v.name] for v in variables(term) if v.name in sizes}))


@pytest.mark.parametrize("expression", MEANINGS, ids=lambda e: " ".join(str(e).split())[:60])
def test_meaning_is_sympys(expression: Any) -> None:
    """At each of the sizes the term has the entries that SymPy gives its expression; and so has what goes back."""
    term = from_sympy(expression).term
    back = to_sympy(term)
    again = from_sympy(back, orders=orders_of(term)).term
    for sizes in SIZES:
        point = {s: sizes[s.name] for s in (m, n, p)}
        expected = entries(sympy.sympify(expression).subs(point))
        assert ours(term, sizes) == expected
        assert entries(sympy.sympify(back).subs(point)) == expected
        used = {v.name for v in variables(term, again)}
        assert equal_explicitly(term, again, {k: v for k, v in sizes.items() if k in used}).agreed


def renamed(term: Term) -> Term:
    """The term with a name of its own for each shape of a symbol: SymPy's symbols are told apart by name."""
    atoms = sorted({t for t in subterms(term) if isinstance(t, Atom)}, key=str)
    names = {t: Atom(f"{t.name}{k}", t.axes) for k, t in enumerate(atoms)}

    def walk(t: Term) -> Term:
        return names[t] if isinstance(t, Atom) else with_children(t, list(map(walk, t.children())))

    return walk(term)


@settings(max_examples=150, deadline=None)
@given(terms(depth=2), worlds())
def test_terms_go_there_and_back(term: Term, world: World) -> None:
    """from_sympy(to_sympy(t)) is t at every size, wherever SymPy can say t; elsewhere the error says why."""
    term = renamed(term)
    try:
        orders = orders_of(term)
        expression = to_sympy(term)
        again = from_sympy(expression, orders=orders).term
    except (UnsupportedError, AxisOrderError) as error:
        assert error.message
        return
    sizes = {v.name: world.size(v) for v in variables(term, again) if v.sign == "dimension"}
    assert equal_explicitly(term, again, sizes).agreed


N, P, Q = (Axis.of(Var(x)) for x in "npq")
A, B, U = Atom("A", (N * P, Q)), Atom("B", (P, Q)), Atom("u", (P,))
ROUND_TRIPS = [
    al.tile(B, N), al.interleave(B, N, groups=P), al.reorder("(n p) q -> (p n) q", A, n=N), al.vec(B), al.diag(U),
    al.einsum("p q, p q, p q -> q", B, B, B), al.scale(al.trace(al.matmul(B, al.transpose(B))), B),
    al.matmul(B, al.transpose(B)), al.einsum("p q -> p q q", B), al.einsum("p -> n p p", U, n=N), al.matmul(U, U),
    al.stack(B, al.tile(B, N)), al.ones(N), Einsum((), (), (P,)), al.kron(B, B), al.hadamard(B, B), al.constant(3),
    al.zeros(N, P, Q), al.einsum("p () -> p", Atom("w", (P, al.as_axis(1)))),
    al.einsum("() -> ", Atom("s", (al.as_axis(1),))), al.select(al.stack(B, B), 1),
    al.add(al.matmul(U, U), al.constant(2)), al.add(U, al.scale(2, U)),
]  # fmt: skip


@pytest.mark.parametrize("term", ROUND_TRIPS, ids=range(len(ROUND_TRIPS)))
def test_einsums_have_a_sympy_form(term: Term) -> None:
    """Terms without functions and named positions go to SymPy and back, also where SymPy needs arrays for them."""
    again = from_sympy(to_sympy(term))
    sizes = {v.name: k + 2 for k, v in enumerate(sorted(variables(term, again.term), key=str))}
    own = {v.name for v in variables(term)}
    known = explicit(term, **{k: v for k, v in sizes.items() if k in own})
    assert entries(explicit(again.term, **sizes)) == entries(known)


def test_inverses_are_symbols_with_hypotheses() -> None:
    """(S T)⁻¹ = T⁻¹ S⁻¹ with two hypotheses for each symbol; S⁻¹ goes back to Inverse(S)."""
    found = equation_from_sympy(Inverse(MatMul(S, T)), MatMul(Inverse(T), Inverse(S), evaluate=False))
    assert found.equation.left == found.equation.right
    eye, own = al.identity(Axis.of(Var("n"))), Atom("S", (Axis.of(Var("n")),) * 2)
    inverse = Atom("S⁻¹", own.axes)
    assert Equation(al.matmul(own, inverse), eye) in found.hypotheses
    assert Equation(al.matmul(inverse, own), eye) in found.hypotheses
    assert len(found.hypotheses) == 4
    assert to_sympy(inverse) == Inverse(S)
    for e in (Inverse(S).T, Inverse(KroneckerProduct(S, T)), Inverse(2 * S), S**-2, MatPow(Inverse(S), -1)):
        assert from_sympy(e).hypotheses
    assert from_sympy(Inverse(Identity(n))).term == eye
    assert from_sympy(MatMul(S, Inverse(S), evaluate=False)).term == al.matmul(own, inverse)


def test_sizes_keep_the_order_that_is_given() -> None:
    """SymPy sorts n*G*d; `orders` gives back the order, and without it the sides do not meet."""
    keys, tiled = MatrixSymbol("K", G * d, p), KroneckerProduct(OneMatrix(n, 1), MatrixSymbol("K", G * d, p))
    orders = {n * G * d: (n, G, d), G * d: (G, d)}
    assert from_sympy(W, orders=orders).term.axes[0] == al.as_axis(Var("n")) * al.as_axis(Var("G")) * al.as_axis(
        Var("d")
    )
    assert from_sympy(tiled + W, orders=orders).term.axes[0] == from_sympy(W, orders=orders).term.axes[0]
    assert str(from_sympy(MatrixSymbol("K", 2 * n * G * d, p), orders=orders).term.axes[0]) == "2*n*G*d"
    with pytest.raises(AxisOrderError, match="same size and a different order") as met:
        from_sympy(tiled + W)
    assert "orders={n*G*d: (n, G, d)}" in str(met.value)
    heads = from_sympy(MatrixSymbol("Q", H * d, p), orders={H: (n, G)})
    assert str(heads.term.axes[0]) in ("n*G*d", "d*n*G")
    assert from_sympy(H * keys, orders={H: (n, G)}).term.axes == from_sympy(keys).term.axes
    with pytest.raises(AxisOrderError, match="one size and different orders"):
        orders_of(al.interleave(B, N, groups=P), al.tile(B, N))
    with pytest.raises(InputError, match="which has another size"):
        from_sympy(W, orders={n * G: (n, n)})
    with pytest.raises(InputError, match="the order 'n G' of G"):
        from_sympy(W, orders={n * G: "n G"})


noninteger = Symbol("q", integer=False)
WRONG: list[tuple[Any, type[SymbolicMLAError], str]] = [
    (X * X, ShapeError, r"in X\*\*2: X is m × n, and only a square matrix has powers"),
    (X * X * X, ShapeError, r"in X\*\*3: X is m × n"),
    (X * MatrixSymbol("B", m, n), ShapeError, r"in X\*B: the inner axes of a product, m × n by m × n"),
    (X + MatrixSymbol("B", n, m), ShapeError, r"in B \+ X: .* met where . was expected"),
    (X + S, ShapeError, r"in S \+ X"),
    (HadamardProduct(X, S), ShapeError, "axis 1 of an entrywise product"),
    (Trace(MatrixSymbol("R", n, n)) * X * X, ShapeError, "only a square matrix has powers"),
    (Inverse(X), ShapeError, "in an inverse: X is m × n"),
    (Inverse(MatMul(X, X.T)), ShapeError, "in an inverse: X"),
    (X**-1, ShapeError, "in an inverse: X is m × n"),
    (Inverse(S + T), DomainError, r"the inverse of S \+ T, which is not known to have one"),
    (Inverse(a * S), DomainError, "a may be 0"),
    (S**p, UnsupportedError, "the exponent of a matrix is a literal integer"),
    (S**100, BudgetError, "the exponent 100; the limit is 64"),
    (arrays.Reshape(A3, (n, m * p)), UnsupportedError, "a Reshape of m × n × p"),
    (MatrixSlice(X, (0, 2), (0, n)), UnsupportedError, "2 is no boundary between the blocks of the axis m"),
    (MatrixSlice(Z, (0, m + n, 2), (0, p)), UnsupportedError, "a slice with step 2"),
    (sympy.Adjoint(X), UnsupportedError, "Adjoint is not in the language"),
    (X.applyfunc(sympy.sin), UnsupportedError, "ElementwiseApplyFunction is not in the language"),
    (X[0, 1], UnsupportedError, "MatrixElement is not in the language"),
    (sympy.Determinant(S), UnsupportedError, r"Determinant is not in the language: Determinant\(S\)"),
    (sympy.FunctionMatrix(3, 3, sympy.Lambda((m, n), m + n)), UnsupportedError, "FunctionMatrix is not in the"),
    (1.5 * X, TypeMismatchError, r"the float 1\.5"),
    (sympy.I * X, UnsupportedError, "the number I"),
    (sympy.pi * X, UnsupportedError, "the number pi"),
    (sympy.nan * X, UnsupportedError, "the number nan"),
    (MatMul(sympy.oo, X), UnsupportedError, "the number oo"),
    (sympy.exp(a) * X, UnsupportedError, r"the number exp\(a\)"),
    (X / a, DomainError, "division by a"),
    (sympy.sqrt(a) * X, DomainError, "square root of a"),
    (a ** Rational(1, 3) * X, UnsupportedError, "the power"),
    (c**a * X, UnsupportedError, r"the power c\*\*a"),
    (Symbol("z", imaginary=True) * X, UnsupportedError, "which is not real"),
    (MatrixSymbol("B", n - 1, m), UnsupportedError, "the size n - 1"),
    (MatrixSymbol("B", n / 2, m), UnsupportedError, "the size n/2"),
    (MatrixSymbol("B", 0, m), ShapeError, "an axis of size 0"),
    (X + MatrixSymbol("X", n, m).T, NameUnknownError, "two symbols of SymPy are called X"),
    (MatrixSymbol("m", m, n), NameUnknownError, "two symbols of SymPy are called m"),
    (X * Symbol("n"), NameUnknownError, "two symbols of SymPy are called n"),
    (MatrixSymbol("A B", n, n), NameUnknownError, "the name 'A B'"),
    (Inverse(S) + MatrixSymbol("S⁻¹", n, n), NameUnknownError, "two symbols of SymPy are called S⁻¹"),
    (Matrix(20, 20, lambda i, j: i), BudgetError, "an explicit matrix of 20 × 20"),
    ("X*Y", InputError, "str is no SymPy expression"),
    (3, InputError, "int is no SymPy expression"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "kind", "message"), WRONG, ids=lambda e: str(e)[:40])
def test_what_is_refused_by_name(expression: Any, kind: type[SymbolicMLAError], message: str) -> None:
    """Wrong shapes that SymPy accepts or rewrites, and all that the language does not have, are errors by name."""
    with pytest.raises(kind, match=message):
        from_sympy(expression)


def test_what_sympy_hides() -> None:
    """S*S**-1 arrives as I and cannot be seen; unevaluated, it keeps its inverse and the hypotheses."""
    assert from_sympy(S * S**-1).hypotheses == ()
    assert len(from_sympy(MatMul(S, Inverse(S), evaluate=False)).hypotheses) == 2


def test_deep_expressions_end_in_an_error() -> None:
    """A nest of a thousand transposes is refused, and not a crash."""
    deep: Any = X
    for _ in range(3000):
        deep = Transpose.__new__(Transpose, deep)
    with pytest.raises(BudgetError, match="nested too deeply"):
        from_sympy(deep)


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (Apply("softmax", B), "the function softmax of the last axis"),
        (Pick(B, 0, "h"), "the named position h"),
        (al.stack(al.vec(B), al.vec(B)), "a stack of what is no matrix expression"),
        (al.select(al.vec(al.stack(B, B)), "h"), "the named position h"),
    ],
)
def test_what_has_no_sympy_form(term: Term, message: str) -> None:
    """Functions of an axis, named positions and stacks of arrays are refused by name."""
    with pytest.raises(UnsupportedError, match=message):
        to_sympy(term)


def test_coefficients_go_back_exactly() -> None:
    """Roots, quotients and signs of scalars survive the way there and back."""
    x = al.scale(scalar(Var("c", "positive")) / scalar(Var("n")) * 3, Atom("X", (Axis.of(Var("m")), Axis.of(Var("n")))))
    assert from_sympy(to_sympy(x)).term == x
