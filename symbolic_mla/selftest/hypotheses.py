"""Random equations under hypotheses: what they say of inverses, symmetry, projections, definitions, norms and ranks."""

from __future__ import annotations

from random import Random

import numpy as np

from symbolic_mla import algebra as al
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.laws.notation import identity
from symbolic_mla.laws.order import entry
from symbolic_mla.laws.rank import rank
from symbolic_mla.selftest.case import Case, Fill, changed
from symbolic_mla.selftest.dense import axis_size
from symbolic_mla.selftest.laws import rewritten
from symbolic_mla.selftest.modular import PRIME, Array, Worlds
from symbolic_mla.selftest.terms import P, Q, matrix, simple_axis

M, MI, S, J, U = Atom("M", (P, P)), Atom("L", (P, P)), Atom("S", (P, P)), Atom("J", (P, P)), Atom("U", (P, Q))
W, V = Atom("W", (P, Q)), Atom("V", (P, Q))


def by_hypothesis(rng: Random) -> Case:
    """An equation that is true under a hypothesis, and what it becomes when it is changed."""
    kind = rng.choice(LONG if rng.random() < 0.15 else sorted(_HYPOTHESES.keys() - set(LONG)))
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


def _one_sided(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    """A left inverse of a square matrix is its right inverse."""
    x = matrix(rng, P, simple_axis(rng), 0)
    return (Equation(al.matmul(M, MI), identity(P)),), al.matmul(MI, al.matmul(M, x)), x, _unimodular


def _square_orthonormal(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    x = matrix(rng, P, simple_axis(rng), 0)

    def fill(w: Worlds) -> bool:
        drawn = w.tensor(J)
        order = np.argsort(drawn[:, 0] + 0.1 * np.arange(drawn.shape[1]), axis=1)
        w.tensors[J] = np.eye(drawn.shape[1], dtype=np.int64)[order]
        return True

    gram = Equation(al.matmul(al.transpose(J), J), identity(P))
    return (gram,), al.matmul(J, al.matmul(al.transpose(J), x)), x, fill


def _nothing(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    """What has norm 0, rank 0, or a Gram matrix of zeros, is zero."""
    x, y = matrix(rng, simple_axis(rng), P, 0), matrix(rng, Q, simple_axis(rng), 0)
    left = al.matmul(al.matmul(x, W), y)
    hypothesis = rng.choice((
        Compare(entry(al.squared(W)), "<=", scalar(0)), Compare(rank(W), "<=", scalar(0)),
        Equation(al.matmul(al.transpose(W), W), al.zeros(Q, Q)), Compare(entry(al.squared(W)), "=", scalar(0)),
    ))  # fmt: skip

    def fill(w: Worlds) -> bool:
        w.tensors[W] = w.tensor(W) * 0
        return True

    return (hypothesis,), left, al.zeros(*left.axes), fill


def _no_distance(rng: Random) -> tuple[tuple[Statement, ...], Term, Term, Fill]:
    """Two matrices whose difference has norm 0, or rank 0."""
    gap, x = al.subtract(W, V), matrix(rng, Q, simple_axis(rng), 0)
    of = rng.choice((entry(al.squared(gap)), rank(gap)))

    def fill(w: Worlds) -> bool:
        w.tensors[W] = w.tensor(V)
        return True

    return (Compare(of, "<=", scalar(0)),), al.matmul(W, x), al.matmul(V, x), fill


_HYPOTHESES = {
    "inverse": _inverse, "symmetric": _symmetric, "idempotent": _idempotent, "definition": _defined,
    "orthonormal": _orthonormal, "one-sided inverse": _one_sided, "square orthonormal": _square_orthonormal,
    "nothing": _nothing, "no distance": _no_distance,
}  # fmt: skip
LONG = ("no distance", "nothing", "one-sided inverse", "square orthonormal")  # the search for a proof takes seconds


