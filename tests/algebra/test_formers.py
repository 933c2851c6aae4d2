"""Each former does what the NumPy function that it names does, at random sizes with 1 among them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.errors import AxisOrderError, BudgetError, ShapeError, SymbolicMLAError, TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.laws import notation
from tests.dense import Array, World, axis_size, dense, same
from tests.strategies import ONE, POSITIVE, THREE, TWO, N, P, Q, R, coefficients, matrices, term_axes, worlds

quick = settings(deadline=None)
shapes = term_axes()


def matrix(name: str, rows: Axis, cols: Axis) -> Atom:
    return Atom(name, (rows, cols))


def checked(term: Term, value: Array, w: World) -> None:
    assert same(dense(term, w), np.asarray(value, dtype=object))


@quick
@given(shapes, shapes, shapes, worlds(3))
def test_products_and_transposes(p: Axis, q: Axis, r: Axis, w: World) -> None:
    """matmul of matrices and vectors is @, and transpose is .T."""
    a, b, x, y = matrix("A", p, q), matrix("B", q, r), Atom("x", (q,)), Atom("y", (q,))
    checked(al.matmul(a, b), w.tensor(a) @ w.tensor(b), w)
    checked(al.matmul(a, x), w.tensor(a) @ w.tensor(x), w)
    checked(al.matmul(x, b), w.tensor(x) @ w.tensor(b), w)
    checked(al.matmul(x, y), w.tensor(x) @ w.tensor(y), w)
    checked(al.transpose(a), w.tensor(a).T, w)


@quick
@given(st.sampled_from((P, TWO, P + ONE, P * Q)), st.integers(0, 4), worlds(2))
def test_powers(p: Axis, k: int, w: World) -> None:
    """power is the repeated product, and its zeroth the identity; of a number too."""
    a, t = matrix("A", p, p), Atom("t", ())
    value = np.eye(axis_size(p, w), dtype=int).astype(object)
    for _ in range(k):
        value = value @ w.tensor(a)
    checked(al.power(a, k), value, w)
    checked(al.power(t, k), w.tensor(t)[()] ** k, w)


@quick
@given(shapes, shapes, worlds(3))
def test_constants(p: Axis, q: Axis, w: World) -> None:
    """identity, zeros, ones and constant."""
    m, n = axis_size(p, w), axis_size(q, w)
    checked(al.identity(p), np.eye(m, dtype=int), w)
    checked(al.zeros(p, q), np.zeros((m, n), dtype=int), w)
    checked(al.ones(p, q), np.ones((m, n), dtype=int), w)
    checked(al.ones(), np.array(1), w)
    checked(al.constant(Fraction(2, 3)), np.array(Fraction(2, 3)), w)


@quick
@given(shapes, shapes, st.sampled_from((N, TWO, ONE, P * Q, 3, Var("n"))), worlds(3))
def test_tile_is_np_tile(p: Axis, q: Axis, n: al.Size, w: World) -> None:
    """tile repeats the whole, of matrices and of vectors."""
    a, x, k = matrix("A", p, q), Atom("x", (p,)), axis_size(al.as_axis(n), w)
    checked(al.tile(a, n), np.tile(w.tensor(a), (k, 1)), w)
    checked(al.tile(x, n), np.tile(w.tensor(x), k), w)


@quick
@given(
    st.sampled_from((P, TWO, ONE, P + ONE, P * Q)), shapes, st.sampled_from((N, TWO, ONE, P * Q)), worlds(2)
)
def test_interleave_is_np_repeat_of_groups(g: Axis, rest: Axis, n: Axis, w: World) -> None:
    """interleave repeats each group in place; when a group is one row it is np.repeat."""
    a = matrix("A", g * rest, Q)
    rows, k = axis_size(rest, w), axis_size(n, w)
    grouped = w.tensor(a).reshape(axis_size(g, w), rows, -1)
    checked(al.interleave(a, n, groups=g), np.repeat(grouped, k, axis=0).reshape(-1, axis_size(Q, w)), w)
    checked(
        al.interleave(matrix("B", g, Q), n, groups=g), np.repeat(w.tensor(matrix("B", g, Q)), k, axis=0), w
    )


@quick
@given(shapes, shapes, shapes, shapes, worlds(3))
def test_stacks_and_blocks(p: Axis, q: Axis, r: Axis, s: Axis, w: World) -> None:
    """stack, hstack and blocks are np.concatenate and np.block; vectors are joined."""
    a, b, c, d = matrix("A", p, q), matrix("B", p, r), matrix("C", s, q), matrix("D", s, r)
    v = {t: w.tensor(t) for t in (a, b, c, d)}
    checked(al.stack(a, c), np.concatenate([v[a], v[c]], axis=0), w)
    checked(al.hstack(a, b), np.concatenate([v[a], v[b]], axis=1), w)
    checked(al.blocks([[a, b], [c, d]]), np.block([[v[a], v[b]], [v[c], v[d]]]), w)
    x, y = Atom("x", (p,)), Atom("y", (q,))
    both = np.concatenate([w.tensor(x), w.tensor(y)])
    checked(al.stack(x, y), both, w)
    checked(al.hstack(x, y), both, w)


@quick
@given(shapes, st.sampled_from((P, Q, R, ONE, TWO, P + ONE)), worlds(2))
def test_products_by_entries(p: Axis, q: Axis, w: World) -> None:
    """kron, hadamard, diag, vec and trace are np.kron, *, np.diag, column-major ravel and np.trace."""
    a, b, c, s, x = (
        matrix("A", p, q),
        matrix("B", p, q),
        matrix("C", q, R),
        matrix("S", q, q),
        Atom("x", (q,)),
    )
    checked(al.kron(a, c), np.kron(w.tensor(a), w.tensor(c)), w)
    checked(al.kron(x, x), np.kron(w.tensor(x), w.tensor(x)), w)
    checked(al.hadamard(a, b), w.tensor(a) * w.tensor(b), w)
    checked(al.diag(x), np.diag(w.tensor(x)), w)
    checked(al.diag(s), np.diag(w.tensor(s)), w)
    checked(al.vec(a), w.tensor(a).ravel(order="F"), w)
    checked(al.trace(s), np.trace(w.tensor(s)), w)


@quick
@given(shapes, shapes, coefficients(), worlds(3))
def test_linear_combinations(p: Axis, q: Axis, c: int, w: World) -> None:
    """scale, add and subtract; sums inside sums are flattened, scaled or not."""
    from tests.dense import number

    a, b, t = matrix("A", p, q), matrix("B", p, q), Atom("t", ())
    va, vb, k = w.tensor(a), w.tensor(b), np.asarray(number(c, w), dtype=object)
    checked(al.scale(c, a), k * va, w)
    checked(al.scale(t, a), w.tensor(t)[()] * va, w)
    total = al.subtract(al.add(a, al.scale(c, al.add(a, b))), al.add(b, a))
    checked(total, va + k * (va + vb) - (vb + va), w)
    assert [type(part).__name__ for _, part in total.parts] == ["Atom"] * 5


def test_coefficients_stay_exact() -> None:
    """Scaling by roots and quotients of what is positive keeps symbols; integers stay integers."""
    d = scalar(Var("d"))
    inner = al.scale(1 / sqrt(d), matrix("A", P, Q))
    assert al.scale(sqrt(d), inner).parts[0][0] == scalar(1)  # type: ignore[attr-defined]
    assert al.scale(2, al.scale(3, matrix("A", P, Q))).parts[0][0] == 6  # type: ignore[attr-defined]
    assert al.scale(scalar(POSITIVE), matrix("A", P, Q)).axes == (P, Q)


@quick
@given(matrices(P, Q, 1), matrices(Q, R, 1))
def test_the_kernel_s_own_notation_is_the_same(a: Term, b: Term) -> None:
    """matmul, transpose, kron and identity build the very terms that the kernel's rules speak of."""
    assert al.matmul(a, b) == notation.matmul(a, b)
    assert al.transpose(a) == notation.transpose(a)
    assert al.kron(a, b) == notation.kron(a, b)
    assert al.identity(P) == notation.identity(P)


@quick
@given(shapes, shapes, shapes, worlds(3))
def test_blocks_are_slices(p: Axis, q: Axis, r: Axis, w: World) -> None:
    """stack(A, B, C)[k] is the k-th part, for every k; the axis is the part's own."""
    parts = [matrix("A", p, R), matrix("B", q, R), matrix("C", r, R)]
    for k, part in enumerate(parts):
        chosen = al.select(al.stack(*parts), k)
        assert chosen.axes == part.axes
        checked(chosen, w.tensor(part), w)


@quick
@given(st.sampled_from((P + Q, TWO * P, THREE, N + ONE + ONE, N * P + TWO, ONE)), worlds(3))
def test_summands_are_slices(p: Axis, w: World) -> None:
    """A[k] of a sum of axes is its k-th summand, a copy of a literal count each for itself."""
    a = matrix("A", p, R)
    start = 0
    for k, axis in enumerate(al.summands(a)):
        stop = start + axis_size(axis, w)
        checked(al.select(a, k), w.tensor(a)[start:stop], w)
        start = stop
    assert start == axis_size(p, w)


@quick
@given(st.sampled_from((P, Q * R, P + Q, P * (Q + ONE))), st.integers(0, 1), worlds(3))
def test_a_named_position_is_a_slice(rest: Axis, axis: int, w: World) -> None:
    """A[h] takes the slice at h of the first factor, along either axis; of a whole symbol the axis goes."""
    shape = (N * rest, R) if axis == 0 else (R, N * rest)
    a, x = Atom("A", shape), Atom("x", (N, R))
    at = w.pick("h", Var("n"))
    cube = np.moveaxis(w.tensor(a), axis, 0).reshape(axis_size(N, w), axis_size(rest, w), -1)
    checked(al.select(a, "h", axis), np.moveaxis(cube[at], 0, axis), w)
    checked(al.select(x, "h"), w.tensor(x)[at], w)


# ---- errors ------------------------------------------------------------------------------------------

A, CUBE, X = matrix("A", P, Q), Atom("T", (P, Q, R)), Atom("x", (P,))
NUMBER = Atom("t", ())
TILED, STORED = matrix("T", N * P * Q, R), matrix("S", P * N * Q, R)

FAILURES: list[tuple[Callable[[], object], type[SymbolicMLAError], str]] = [
    (
        lambda: al.matmul(A, A),
        ShapeError,
        "inner axes of a product, p × q by p × q: p met where q was expected",
    ),
    (
        lambda: al.matmul(al.transpose(TILED), STORED),
        AxisOrderError,
        "p\\*n\\*q and n\\*p\\*q have the same size",
    ),
    (lambda: al.matmul(CUBE, A), ShapeError, "3 axes, p × q × r\n  try: say which axes meet: einsum"),
    (lambda: al.matmul(NUMBER, A), ShapeError, "takes a vector or a matrix, and this is a number"),
    (
        lambda: al.transpose(CUBE),
        ShapeError,
        'try: name the order of the axes: einsum\\("i j k -> k j i", A\\)',
    ),
    (lambda: al.transpose(X), ShapeError, "a transpose takes a matrix, and this is a tensor of 1 axes, p"),
    (lambda: al.power(A, 2), ShapeError, "a power of a matrix p × q"),
    (lambda: al.power(al.identity(P), -1), TypeMismatchError, "the exponent -1.*\n  try: inv"),
    (lambda: al.power(al.identity(P), 65), BudgetError, "the exponent 65; the limit is 64"),
    (lambda: al.power(al.identity(P), True), TypeMismatchError, "the exponent True"),
    (lambda: al.identity(0), ShapeError, "an axis of size 0"),
    (lambda: al.zeros(P, 1.5), TypeMismatchError, "1.5 is none"),  # type: ignore[arg-type]
    (lambda: al.tile(A, POSITIVE), ShapeError, "c is a real scalar and no size"),
    (lambda: al.tile(NUMBER, N), ShapeError, "tile acts on an axis, and a number has none"),
    (
        lambda: al.interleave(STORED, R, groups=N),
        ShapeError,
        "rows are p\\*n\\*q, and do not begin with the n groups",
    ),
    (lambda: al.stack(), ShapeError, "stack of nothing"),
    (lambda: al.stack(A, X), ShapeError, "stack of p × q takes a matrix, and this is a tensor of 1 axes"),
    (lambda: al.stack(A, matrix("B", P, R)), ShapeError, "axis 2 of a stack: r met where q was expected"),
    (lambda: al.hstack(A, matrix("B", R, Q)), ShapeError, "axis 1 of a stack"),
    (lambda: al.blocks([]), ShapeError, "blocks of nothing"),
    (lambda: al.blocks([[A], []]), ShapeError, "a row of blocks of nothing"),
    (lambda: al.blocks([[X]]), ShapeError, "a block takes a matrix"),
    (lambda: al.kron(A, X), ShapeError, "a Kronecker product with p × q"),
    (lambda: al.hadamard(A, al.transpose(A)), ShapeError, "axis 1 of an entrywise product: q met where p"),
    (lambda: al.diag(A), ShapeError, "the diagonal of a matrix p × q"),
    (lambda: al.vec(X), ShapeError, "vec takes a matrix"),
    (lambda: al.trace(A), ShapeError, "the trace of a matrix p × q"),
    (lambda: al.scale(X, A), ShapeError, "a scalar factor takes a number"),
    (lambda: al.scale(0.5, A), TypeMismatchError, "0.5; an exact number"),  # type: ignore[arg-type]
    (lambda: al.add(), ShapeError, "a sum of nothing"),
    (lambda: al.add(TILED, STORED), AxisOrderError, "term 2 of a sum, axis 1: p\\*n\\*q and n\\*p\\*q"),
    (lambda: al.add(A, X), ShapeError, "a sum with p × q takes a matrix"),
    (lambda: al.apply("f", NUMBER), ShapeError, "f acts on the last axis, and a number has none"),
    (lambda: al.apply("f", A, (1,)), ShapeError, "positions of the axes before the last"),
    (lambda: al.select(A, 0), ShapeError, "\\[0\\] selects a block, and the axis p is no direct sum"),
    (
        lambda: al.select(al.tile(A, 2), 2),
        ShapeError,
        "\\[2\\] is no block of 2\\*p\n  try: blocks 0 to 1: p, p",
    ),
    (
        lambda: al.select(al.tile(A, 2), "h"),
        ShapeError,
        "the named position h runs over a dimension, and 2\\*p",
    ),
    (lambda: al.select(A, -1), ShapeError, "\\[-1\\] selects a block"),
    (lambda: al.select(A, 1.0), TypeMismatchError, "the position 1.0"),  # type: ignore[arg-type]
    (lambda: al.select(NUMBER, 0), ShapeError, "a selection acts on an axis"),
]


@pytest.mark.parametrize(("call", "kind", "message"), FAILURES, ids=lambda x: x if isinstance(x, str) else "")
def test_what_does_not_fit_says_so(
    call: Callable[[], object], kind: type[SymbolicMLAError], message: str
) -> None:
    """A former that does not fit raises an error that names what was met and what to try."""
    with pytest.raises(kind, match=message) as caught:
        call()
    assert type(caught.value) is kind
