"""Random statements of the kernel: equations, hypotheses, ranks, existence, equivalence; true by laws, or changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity
from symbolic_mla.laws.order import extreme
from symbolic_mla.laws.rank import rank
from symbolic_mla.selftest.dense import axis_size
from symbolic_mla.selftest.laws import law, rewritten, with_children
from symbolic_mla.selftest.modular import PRIME, Array, Worlds
from symbolic_mla.selftest.terms import POSITIVE, N, P, Q, R, matrix, simple_axis, term_axis

Fill = Callable[[Worlds], bool]  # gives symbols values that satisfy the hypotheses; False: none at these sizes


@dataclass(frozen=True)
class Case:
    """A statement to be judged. `true` says that laws make it so: then it must not be refuted. `decidable`: it has no
    hypothesis, so that it must not be undecided either."""

    kind: str
    statement: Statement
    true: bool = False
    decidable: bool = False
    hypotheses: tuple[Statement, ...] = ()
    witnesses: tuple[Term, ...] | None = None
    fill: Fill = lambda _: True


def drawn(seed: str) -> tuple[Case, Random]:
    """The random statement of a seed, and what is left to draw from."""
    rng = Random(seed)
    return rng.choice(KINDS)(rng), rng


# ---- equations ---------------------------------------------------------------------------------------


def by_law(rng: Random) -> Case:
    functions = rng.random() < 0.5
    _, left, right = law(rng, 1, functions)
    return Case(f"law, {'functions' if functions else 'no function'}", Equation(left, right), True, True)


def by_rewriting(rng: Random) -> Case:
    t = matrix(rng, term_axis(rng), term_axis(rng), 2, functions=rng.random() < 0.5)
    return Case("rewritten", Equation(rewritten(rng, t, 2), rewritten(rng, t, 3)), True, True)


def by_change(rng: Random) -> Case:
    """Two terms that differ in one place, or a law with one side changed."""
    functions = rng.random() < 0.5
    if rng.random() < 0.5:
        t = matrix(rng, term_axis(rng), term_axis(rng), 2, functions)
        return Case("changed", Equation(t, changed(rng, rewritten(rng, t, 1), functions)), decidable=True)
    _, left, right = law(rng, 1, functions)
    return Case("law, changed", Equation(left, changed(rng, right, functions)), decidable=True)


def by_chance(rng: Random) -> Case:
    rows, cols = term_axis(rng), term_axis(rng)
    left, right = (matrix(rng, rows, cols, 2, True) for _ in range(2))
    return Case("unrelated", Equation(left, right), decidable=True)


def by_nesting(rng: Random) -> Case:
    """Functions of functions: written in two ways, or with one place changed."""
    rows, cols = term_axis(rng), term_axis(rng)
    inner = al.apply(rng.choice("fg"), matrix(rng, rows, cols, 1, True))
    outer = al.apply("f", al.add(al.hadamard(inner, matrix(rng, rows, cols, 0)), matrix(rng, rows, cols, 1)))
    if rng.random() < 0.6:
        return Case("nested functions", Equation(outer, rewritten(rng, outer, 3)), True, True)
    return Case("nested functions, changed", Equation(outer, changed(rng, rewritten(rng, outer, 1))), decidable=True)


def by_root(rng: Random) -> Case:
    """Scalars with roots: sqrt(c x)^k against the power of c that it is, or another."""
    c, k, t = scalar(POSITIVE), rng.randint(-3, 4), matrix(rng, P, Q, 1)
    square, root = rng.choice(((1, 1), (4, 2), (c**2, c)))  # x, and its root
    left = al.scale(sqrt(c * square) ** k * sqrt(c) ** (k % 2), t)
    if rng.random() < 0.3:
        other = rewritten(rng, left, 2) if rng.random() < 0.5 else al.scale(sqrt(c), changed(rng, left))
        return Case("roots, changed", Equation(left, other), decidable=True)
    off = rng.choice((0, 0, 1))
    power = scalar(root) ** k * c ** ((k + k % 2) // 2 + off)
    return Case("roots", Equation(left, rewritten(rng, al.scale(power, t), 1)), not off, True)


def by_size(rng: Random) -> Case:
    """What is summed over an edge that touches nothing is the size of the edge, and not another number."""
    a, b, t = term_axis(rng), simple_axis(rng), matrix(rng, P, Q, 1)
    whole = al.matmul(al.transpose(al.tile(al.identity(b), N)), al.tile(al.identity(b), N))
    left, size = rng.choice((
        (al.scale(al.trace(al.identity(a)), t), a.size()),
        (al.scale(al.trace(al.matmul(al.ones(a, b), al.ones(b, a))), t), a.size() * b.size()),
        (al.scale(al.trace(whole), t), N.size() * b.size()),
    ))  # fmt: skip
    wrong = rng.choice((None, None, scalar(1), size * size, N.size()))
    right = al.scale(size if wrong is None else wrong, rewritten(rng, t, 1))
    return Case(f"sizes{', changed' if wrong is not None else ''}", Equation(left, right), wrong is None, True)


def by_function(rng: Random) -> Case:
    """A function beside tiles, orders of rows and deltas; one that depends on the position does not pass them."""
    a, b, cols = rng.choice((N, P)), rng.choice((P, Q)), simple_axis(rng)
    places = rng.choice(((), (0,)))
    name = "m" if places else "f"

    def f(t: Term) -> Term:
        return al.apply(name, t, places)

    def turned(t: Term) -> Term:
        return al.reorder("(b a) j -> (a b) j", t, a=a, b=b)

    x, y = matrix(rng, a, cols, 1), matrix(rng, b * a, cols, 1)
    kind = rng.choice(("tile", "reorder", "delta", "sum"))
    true = not places
    if kind == "tile":
        left, right = f(al.tile(x, b)), al.tile(f(x), b)
    elif kind == "reorder":
        left, right = turned(f(y)), f(turned(y))
    elif kind == "sum":
        true = rng.random() < 0.5
        left, right = f(al.add(x, al.scale(2, x))), f(al.scale(3, x)) if true else al.scale(3, f(x))
    else:  # the sum over j of f(delta_ij x_i) is f(x_i) + (a - 1) f(0)
        off = rng.choice((-1, -1, 0))
        left = al.einsum("i j k -> i k", al.apply("f", al.einsum("i k -> i i k", x)))
        zero = al.apply("f", al.scale(0, x))
        left, right = left, al.add(al.apply("f", x), al.scale(a.size() + off, zero))
        true = off == -1
    return Case(f"functions, {kind}", Equation(left, right), true, True)


def changed(rng: Random, t: Term, functions: bool = True) -> Term:
    """The term with one thing in it changed; it may by chance still be equal."""
    children = list(t.children())
    if children and rng.randint(0, 3):
        k = rng.randint(0, len(children) - 1)
        children[k] = changed(rng, children[k], functions)
        return with_children(t, children)
    return matrix(rng, *t.axes, 1, functions) if len(t.axes) == 2 else al.scale(2, t)


# ---- under hypotheses --------------------------------------------------------------------------------

M, MI, S, J, U = Atom("M", (P, P)), Atom("L", (P, P)), Atom("S", (P, P)), Atom("J", (P, P)), Atom("U", (P, Q))
W = Atom("W", (P, Q))


def by_hypothesis(rng: Random) -> Case:
    """An equation that is true under a hypothesis, and what it becomes when it is changed."""
    kind = rng.choice(sorted(_HYPOTHESES))
    hypotheses, left, right, fill = _HYPOTHESES[kind](rng)
    if rng.random() < 0.3:
        false = Equation(left, changed(rng, right, False))
        return Case(f"{kind}, changed", false, False, False, hypotheses, None, fill)
    both = Equation(left, rewritten(rng, right, rng.randint(0, 2)))
    return Case(kind, both, True, False, hypotheses, None, fill)


def _inverse(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    x = matrix(rng, P, simple_axis(rng), 1)
    left, right = rng.choice(((x, al.matmul(M, al.matmul(MI, x))), (al.matmul(MI, al.matmul(M, x)), x)))
    eye = identity(P)
    return (Equation(al.matmul(M, MI), eye), Equation(al.matmul(MI, M), eye)), left, right, _unimodular


def _symmetric(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    x, y = matrix(rng, simple_axis(rng), P, 1), matrix(rng, P, simple_axis(rng), 1)
    left = al.matmul(al.matmul(x, S), y)
    right = al.matmul(x, al.transpose(al.matmul(al.transpose(y), S)))

    def fill(w: Worlds) -> bool:
        drawn = w.tensor(S)
        w.tensors[S] = drawn + drawn.transpose(0, 2, 1)
        return True

    return (Equation(al.transpose(S), S),), left, right, fill


def _idempotent(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    x = matrix(rng, P, simple_axis(rng), 1)
    left, right = al.matmul(J, x), al.matmul(al.power(J, rng.randint(2, 3)), x)

    def fill(w: Worlds) -> bool:
        _unimodular(w)
        m, mi = w.tensors[M], w.tensors[MI]
        w.tensors[J] = m @ ((w.tensor(J)[:, :1] & 1) * np.eye(m.shape[1], dtype=np.int64)) @ mi
        return True

    return (Equation(al.matmul(J, J), J),), left, right, fill


def _defined(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    value = matrix(rng, P, Q, 1)
    x, y = matrix(rng, simple_axis(rng), P, 0), matrix(rng, Q, simple_axis(rng), 0)
    left, right = (al.matmul(al.matmul(x, t), y) for t in (W, value))

    def fill(w: Worlds) -> bool:
        w.tensors[W] = (w.value(value) + PRIME // 2) % PRIME - PRIME // 2  # small again, where it was
        return bool((np.abs(w.tensors[W]) < PRIME // 4).all())

    return (Equation(W, value),), left, right, fill


def _orthonormal(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    x = matrix(rng, Q, simple_axis(rng), 1)
    left, right = x, al.matmul(al.transpose(U), al.matmul(U, x))

    def fill(w: Worlds) -> bool:
        rows, cols = (axis_size(a, w.world) for a in U.axes)
        if rows < cols:
            return False
        order = np.argsort(np.random.default_rng(abs(w.world.seed)).random((w.batch, rows)), axis=1)
        w.tensors[U] = np.eye(rows, dtype=np.int64)[order][:, :, :cols]
        return True

    return (Equation(al.matmul(al.transpose(U), U), identity(Q)),), left, right, fill


def _unimodular(w: Worlds) -> bool:
    """M = L R with unit triangles, and its inverse: integers both."""
    drawn, size = np.sign(w.tensor(M)), w.tensor(M).shape[1]
    eye = np.eye(size, dtype=np.int64)
    low, high = np.tril(drawn, -1), np.triu(drawn, 1)

    def inverse(nilpotent: Array) -> Array:  # (I + n)^-1 = I - n + n^2 - ...
        total, power = np.broadcast_to(eye, drawn.shape), np.broadcast_to(eye, drawn.shape)
        for _ in range(size - 1):
            power = -power @ nilpotent
            total = total + power
        return total

    w.tensors[M] = (eye + low) @ (eye + high)
    w.tensors[MI] = inverse(high) @ inverse(low)
    return True


_HYPOTHESES = {
    "inverse": _inverse, "symmetric": _symmetric, "idempotent": _idempotent, "definition": _defined,
    "orthonormal": _orthonormal,
}  # fmt: skip


# ---- numbers, existence, equivalence -----------------------------------------------------------------


def by_rank(rng: Random) -> Case:
    """A true statement about ranks, or one that is off by one or turned around."""
    p, q, r = (simple_axis(rng) for _ in range(3))
    a, b, c = matrix(rng, p, q, 1), matrix(rng, p, q, 1), matrix(rng, q, r, 1)
    left, relation, right = rng.choice((
        (rank(al.tile(a, N)), "=", rank(a)),
        (rank(al.matmul(a, c)), "<=", extreme("min", (rank(a), rank(c)))),
        (rank(al.add(a, b)), "<=", rank(a) + rank(b)),
        (rank(al.kron(a, c)), "=", rank(a) * rank(c)),
        (rank(a), "<=", extreme("min", (p.size(), q.size()))),
        (rank(al.matmul(al.transpose(a), a)), "=", rank(a)),
        (rank(rewritten(rng, a)), "=", rank(a)),
        (rank(al.stack(a, b)), "<=", rank(a) + rank(b)),
        (rank(a), "<=", rank(al.hstack(a, b))),
        (rank(a) + rank(c), "<=", rank(al.matmul(a, c)) + q.size()),
    ))  # fmt: skip
    wrong = rng.choice(("true", "true", "off by one", "turned"))
    if wrong == "off by one":
        right = right + (-1 if relation == "<=" else rng.choice((-1, 1)))
    elif wrong == "turned":
        left, relation, right = right, "<=", left
    return Case(f"ranks, {wrong}", Compare(left, relation, right), wrong == "true")


def factors(t: Term, m: Axis) -> Exists:
    u, v = Atom("X", (t.axes[0], m)), Atom("Y", (m, t.axes[1]))
    return Exists((u, v), (), (Equation(t, al.matmul(u, v)),))


def by_factors(rng: Random) -> Case:
    """A matrix through m rows: made so, or of any form."""
    m, p, q = rng.choice((P, Q, TWO_Q)), simple_axis(rng), simple_axis(rng)
    through = rng.random() < 0.5
    t = al.matmul(matrix(rng, p, m, 1), matrix(rng, m, q, 1)) if through else matrix(rng, p, q, 2)
    return Case("factors" if through else "factors, by chance", factors(t, m), through)


TWO_Q = Q + Q


def by_witness(rng: Random) -> Case:
    """exists U for all X with T X = U X, by a witness; a changed witness shows nothing."""
    t = matrix(rng, P, Q, 1)
    u, x = Atom("X", (P, Q)), Atom("Y", (Q, R))
    right = rng.random() < 0.6
    witness = rewritten(rng, t) if right else changed(rng, t, False)
    s = Exists((u,), (x,), (Equation(al.matmul(t, x), al.matmul(u, x)),))

    def fill(w: Worlds) -> bool:
        w.tensors[u] = w.value(witness)  # the statement is then judged with its witness in the place of U
        return True

    return Case("witness" if right else "witness, changed", s, True, False, (), (witness,), fill)


def by_equivalence(rng: Random) -> Case:
    """A factorisation iff a bound on a rank; an equation iff its mirror, or iff another."""
    if rng.random() < 0.5:
        t = matrix(rng, simple_axis(rng), simple_axis(rng), 1)
        m = rng.choice((P, Q))
        bound = m.size() + rng.choice((0, 0, 1))
        true = bound == m.size()
        return Case("factors iff rank", Iff(factors(t, m), Compare(rank(t), "<=", scalar(bound))), true)
    a, b = matrix(rng, P, Q, 1), matrix(rng, P, Q, 1)
    true = rng.random() < 0.6
    other = Equation(rewritten(rng, b, 1), a) if true else Equation(al.scale(2, a), changed(rng, b, False))
    return Case("equation iff equation", Iff(Equation(a, b), other), true)


KINDS: Sequence[Callable[[Random], Case]] = (
    *[by_law] * 3, *[by_rewriting] * 4, *[by_change] * 3, by_chance, by_nesting, by_function, by_size, *[by_root] * 2,
    *[by_hypothesis] * 2, *[by_rank] * 2, by_factors, by_witness, by_equivalence,
)  # fmt: skip
"""Equations come most often: they are decided fast, and all else is built on them."""
