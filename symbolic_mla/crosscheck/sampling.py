"""Random matrices that satisfy the hypotheses written about them: built where the form is known, else tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random

from symbolic_mla.crosscheck import arrays as ar
from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import Array
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.crosscheck.eliminate import inverse_matrix
from symbolic_mla.crosscheck.numbers import Number, rational
from symbolic_mla.crosscheck.scope import names_in
from symbolic_mla.language import syntax as s


def random_array(axes: Sequence[Axis], rng: Random, spread: int = 3) -> Array:
    """Small integers."""
    return ar.build(axes, lambda *_: rng.randint(-spread, spread))


def structured(axes: Sequence[Axis], rng: Random) -> Array:
    """One of the matrices that satisfy equations, or are special otherwise: zero, a multiple of I, a projection, an
    orthogonal, a sparse or a dense one, one of rank 1."""
    sizes = [ax.size(axis) for axis in axes]
    kind = rng.randrange(7)
    if len(axes) != 2 or kind == 6:
        return random_array(axes, rng, rng.choice([1, 1, 3]))
    if kind == 5:
        column, row = ([rng.randint(-2, 2) for _ in range(size)] for size in sizes)
        return ar.build(axes, lambda i, j: column[i] * row[j])
    if kind == 4:
        return ar.build(axes, lambda *_: rng.choice([0, 0, 0, 1, -1]))
    if kind == 3:
        return orthonormal(axes, rng)
    if kind == 0:
        return ar.build(axes, lambda *_: 0)
    factor = rng.choice([1, 1, -1, 2])
    bits = [rng.randrange(2) if kind == 2 else 1 for _ in range(min(sizes))]
    return ar.build(axes, lambda i, j: factor * bits[i] if i == j else 0)


def orthonormal(axes: Sequence[Axis], rng: Random) -> Array:
    """Orthonormal columns (rows, if the matrix is wide): of a signed permutation or of a Cayley transform."""
    height, width = (ax.size(axis) for axis in axes)
    n = max(height, width)
    square: list[list[Number]] = _cayley(n, rng) if n <= 5 and rng.random() < 0.5 else _permutation(n, rng)
    return ar.build(axes, lambda i, j: square[i][j])


def _permutation(n: int, rng: Random) -> list[list[Number]]:
    order = rng.sample(range(n), n)
    return [[rng.choice([1, -1]) if order[i] == j else 0 for j in range(n)] for i in range(n)]


def _cayley(n: int, rng: Random) -> list[list[Number]]:
    """(I - K)(I + K)⁻¹ is orthogonal for K = -Kᵀ, and I + K is always invertible."""
    upper = {(i, j): rng.randint(-1, 1) for i in range(n) for j in range(i + 1, n)}
    skew = [[upper.get((i, j), 0) - upper.get((j, i), 0) for j in range(n)] for i in range(n)]
    under = inverse_matrix([[int(i == j) + skew[i][j] for j in range(n)] for i in range(n)])
    over = [[int(i == k) - skew[i][k] for k in range(n)] for i in range(n)]
    columns = list(zip(*under, strict=True))
    rows = [[ar.dot(row, column) for column in columns] for row in over]
    return [[rational(x) if isinstance(x, Fraction) else x for x in row] for row in rows]


def invertible(axes: Sequence[Axis], rng: Random, symmetric: bool) -> Array:
    """L D R with unit triangular L and R, and D without a zero; R = Lᵀ for a symmetric one."""
    n = ax.size(axes[0])
    lower = [[int(i == j) if j >= i else rng.randint(-1, 1) for j in range(n)] for i in range(n)]
    upper = (
        [list(column) for column in zip(*lower, strict=True)]
        if symmetric
        else [[int(i == j) if j <= i else rng.randint(-1, 1) for j in range(n)] for i in range(n)]
    )
    middle = [rng.choice([1, 1, -1, 2]) for _ in range(n)]
    return ar.build(axes, lambda i, j: sum(lower[i][k] * middle[k] * upper[k][j] for k in range(n)))


def singular(axes: Sequence[Axis], rng: Random) -> tuple[Array, Array, Array, Array]:
    """W, U, S, V with W = U S Vᵀ exactly, U and V with orthonormal columns, S diagonal and ≥ 0."""
    small = axes[0] if ax.size(axes[0]) <= ax.size(axes[1]) else axes[1]
    u, v = orthonormal([axes[0], small], rng), orthonormal([axes[1], small], rng)
    values = sorted((rng.randint(0, 3) for _ in range(ax.size(small))), reverse=True)
    s_ = ar.build([small, small], lambda i, j: values[i] if i == j else 0)
    product = ar.times(ar.times(u, s_), ar.transpose(v))
    return (product if isinstance(product, Array) else u), u, s_, v


def first(triplets: Sequence[Array], inner: Axis) -> list[Array]:
    """The first singular triplets of U, S, V, as many as an axis has positions; filled up with zeros."""
    u, values, v = triplets
    return [_cut(u, [u.axes[0], inner]), _cut(values, [inner, inner]), _cut(v, [v.axes[0], inner])]


def _cut(matrix: Array, axes: Sequence[Axis]) -> Array:
    rows = [list(row) for row in matrix.rows()]
    return ar.build(axes, lambda i, j: rows[i][j] if i < len(rows) and j < len(rows[i]) else 0)


def sample_group(
    part: s.GivenGroup, axes: Sequence[Axis], rng: Random, attempt: int, evaluate: Callable[[s.Expr], Array]
) -> dict[str, Array]:
    """Values for the names of a group that may satisfy its hypotheses; the caller checks.

    `evaluate` gives the value of an expression in what was declared before.
    """
    square = len(axes) == 2 and ax.size(axes[0]) == ax.size(axes[1])
    words: dict[str, set[str]] = {}
    for hypothesis in part.hypotheses:
        if isinstance(hypothesis, s.Property) and isinstance(hypothesis.subject, s.Name):
            words.setdefault(hypothesis.subject.text, set()).add(hypothesis.word)
    found: dict[str, Array] = {}
    for name in (n.text for n in part.group.names):
        own = words.get(name, set())
        if square and "invertible" in own:
            found[name] = invertible(axes, rng, "symmetric" in own)
        elif square and "symmetric" in own:
            base = random_array(axes, rng)
            turned = ar.transpose(base)
            found[name] = ar.entrywise(lambda x, y: x + y, "+", base, turned if isinstance(turned, Array) else base)
        else:
            special = attempt > 0 if part.hypotheses else rng.random() < 0.25
            found[name] = structured(axes, rng) if special else random_array(axes, rng)
    for hypothesis in part.hypotheses:
        if not isinstance(hypothesis, s.Chain):
            continue
        unit = _orthonormal_name(hypothesis)
        if unit in found:
            found[unit] = orthonormal(axes, rng)
        defined = _definition(hypothesis, set(found))
        if defined is not None:
            found[defined[0]] = evaluate(defined[1])
    return found


def _orthonormal_name(chain: s.Chain) -> str:
    """U, of `Uᵀ U = ...` and `U Uᵀ = ...`, or nothing."""
    match chain.first:
        case s.Product("" | "*" | "@", s.Transpose(s.Name(left)), s.Name(right)) if left == right:
            return left
        case s.Product("" | "*" | "@", s.Name(left), s.Transpose(s.Name(right))) if left == right:
            return left
    return ""


def _definition(chain: s.Chain, names: set[str]) -> tuple[str, s.Expr] | None:
    """(U, expression) of `U = expression`, where the expression does not speak of the group."""
    if len(chain.steps) != 1 or chain.steps[0].relation != "=":
        return None
    for one, other in ((chain.first, chain.steps[0].right), (chain.steps[0].right, chain.first)):
        if isinstance(one, s.Name) and one.text in names and not names_in(other) & names:
            return one.text, other
    return None
