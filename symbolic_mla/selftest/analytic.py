"""Random statements about softmax, norms of rows, singular values and truncations: over the reals."""

from __future__ import annotations

from random import Random

import numpy as np

from symbolic_mla import algebra as al
from symbolic_mla.analysis.normal import normalize
from symbolic_mla.analysis.softmax import lipschitz
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws.order import entry
from symbolic_mla.laws.rank import rank
from symbolic_mla.laws.softmax import softmax
from symbolic_mla.selftest.case import Case, changed
from symbolic_mla.selftest.laws import law, rewritten
from symbolic_mla.selftest.modular import Array, Worlds
from symbolic_mla.selftest.terms import POSITIVE, REAL, N, P, Q, matrix, simple_axis, term_axis


def by_name(rng: Random) -> Case:
    """What is true of every function, said of softmax and normalize; or changed."""
    name = Substitution(functions=[("f", "softmax"), ("g", "normalize")])
    true = rng.random() < 0.6
    if rng.random() < 0.5:
        _, left, right = law(rng, 1, True)
    else:
        left = al.apply(rng.choice("fg"), matrix(rng, term_axis(rng), simple_axis(rng), 1, True))
        right = rewritten(rng, left, 2)
    if not true:
        right = changed(rng, right)
    return Case(f"named functions{'' if true else ', changed'}", name(Equation(left, right)), true, real=True)


def by_softmax(rng: Random) -> Case:
    """The laws of softmax and normalize, and what looks like them."""
    rows, cols = simple_axis(rng), rng.choice((P, Q, N))
    x, y, v = matrix(rng, rows, cols, 1), matrix(rng, rows, cols, 1), matrix(rng, cols, simple_axis(rng), 0)
    c = matrix(rng, rows, Axis.of(1), 0)
    along = al.matmul(c, al.ones(1, cols))
    up = al.matmul(al.ones(rows, 1), matrix(rng, Axis.of(1), cols, 0))
    sums, one = al.ones(cols, 1), al.ones(rows, 1)
    flat = al.scale(1 / cols.size(), al.ones(rows, cols))
    real, positive = al.scale(scalar(REAL), x), al.scale(scalar(POSITIVE), x)
    gram = al.matmul(x, al.transpose(x))
    loss = entry(al.squared(al.subtract(softmax(x), softmax(y))))
    choices: list[tuple[Statement, bool, tuple[str, ...]]] = [
        (Equation(al.matmul(softmax(x), sums), one), True, ("softmax-weights",)),
        (Equation(al.matmul(softmax(x), al.ones(cols, cols)), al.ones(rows, cols)), True, ("softmax-weights",)),
        (Equation(al.matmul(al.ones(1, rows), softmax(x)), al.ones(1, cols)), False, ("softmax-weights",)),
        (Equation(softmax(al.add(x, along)), softmax(x)), True, ("softmax-shift",)),
        (Equation(softmax(al.add(x, up)), softmax(x)), False, ("softmax-shift",)),
        (Equation(al.matmul(softmax(al.add(x, along)), v), al.matmul(softmax(x), v)), True, ("softmax-shift",)),
        (Equation(softmax(al.matmul(c, al.ones(1, cols))), flat), True, ("softmax-weights",)),
        (Equation(softmax(up), flat), False, ("softmax-weights",)),
        (Equation(softmax(real), softmax(x)), False, ("softmax-shift", "softmax-weights")),
        (Equation(normalize(positive), normalize(x)), True, ("normalize-lengths",)),
        (Equation(normalize(real), normalize(x)), False, ("normalize-lengths",)),
        (Equation(normalize(al.add(x, along)), normalize(x)), False, ("normalize-lengths", "softmax-shift")),
        (lipschitz(x, y), True, ("softmax-lipschitz",)),
        (Compare(loss * 8, "<=", entry(al.squared(al.subtract(x, y)))), False, ("softmax-lipschitz",)),
        (Compare(loss, "<=", entry(al.squared(x)) + entry(al.squared(y))), True, ("softmax-lipschitz",)),
        (Equation(normalize(normalize(x)), normalize(x)), True, ()),
        (Equation(softmax(softmax(x)), softmax(x)), False, ()),
        (Equation(al.transpose(softmax(gram)), softmax(gram)), False, ()),
    ]  # fmt: skip
    statement, true, cites = rng.choice(choices)
    return Case("softmax and norms", statement, true, cites=cites, real=True)


# ---- singular values ---------------------------------------------------------------------------------

K = Axis.of(Var("t"))  # a random term has positions that are called k
U, S, V = Atom("U", (P, K)), Atom("S", (K, K)), Atom("V", (Q, K))
H = Atom("H", (P, Q))


def by_svd(rng: Random) -> Case:
    """What a singular value decomposition gives, and what it does not."""
    w = rng.choice((H, matrix(rng, P, Q, 1)))
    ut, vt = al.transpose(U), al.transpose(V)
    product = al.matmul(al.matmul(U, S), vt)
    gram, square = al.matmul(al.transpose(w), w), al.matmul(S, S)
    statement: Statement = rng.choice((
        Equation(w, product), Equation(al.matmul(w, V), al.matmul(U, S)), Equation(al.matmul(ut, w), al.matmul(S, vt)),
        Equation(gram, al.matmul(al.matmul(V, square), vt)), Equation(S, al.transpose(S)),
        Equation(al.trace(gram), al.trace(square)), Compare(rank(w), "=", rank(S)), Compare(rank(w), "<=", K.size()),
        Compare(entry(al.squared(w)), "=", entry(al.squared(S))), Compare(rank(U), "=", K.size()),
        Equation(al.matmul(U, ut), al.identity(P)), Equation(al.matmul(V, vt), al.identity(Q)),
        Compare(rank(w), "=", K.size()), Compare(P.size(), "<=", K.size()), Equation(S, al.identity(K)),
        Equation(al.matmul(w, al.matmul(V, vt)), w),
    ))  # fmt: skip
    if isinstance(statement, Equation) and rng.random() < 0.3 and statement.left.axes == statement.right.axes:
        statement = Equation(statement.left, changed(rng, statement.right, False))
    facts = tuple(derive("svd", w, U, S, V, k) for k in range(6))

    def fill(worlds: Worlds) -> bool:
        sizes = worlds.world.sizes
        p, q = (sizes[a.runs[0].heads[0]] for a in (P, Q))
        sizes[K.runs[0].heads[0]] = k = min(p, q)
        return _triplets(worlds, w, k)

    hypotheses = tuple(t.conclusion for t in facts)
    return Case("singular values", statement, False, False, hypotheses, None, fill, None, facts, real=True)


def _triplets(worlds: Worlds, w: Term, r: int) -> bool:
    """U, S and V get the first r singular triplets of w, and zeros beyond its last."""
    u, s, vt = np.linalg.svd(worlds.value(w), full_matrices=False)
    k = min(r, s.shape[1])

    def wide(x: Array, rows: int) -> Array:
        return np.concatenate([x, np.zeros((worlds.batch, rows, r - k))], axis=2)

    diagonal = np.zeros((worlds.batch, r, r))
    diagonal[:, range(k), range(k)] = s[:, :k]
    worlds.tensors[U] = wide(u[:, :, :k], u.shape[1])
    worlds.tensors[S] = diagonal
    worlds.tensors[V] = wide(vt[:, :k].transpose(0, 2, 1), vt.shape[2])
    return True


def by_truncation(rng: Random) -> Case:
    """The first singular triplets are the best approximation through as many rows, and of no more."""
    u, s, v = Atom("U", (P, N)), Atom("S", (N, N)), Atom("V", (Q, N))
    t = Truncation(H, u, s, v)
    left, right = matrix(rng, P, N, 0), matrix(rng, N, Q, 0)
    wide = al.matmul(matrix(rng, P, Q, 0), matrix(rng, Q, Q, 0))

    def loss(x: Term) -> Term:
        return al.squared(al.subtract(H, x))

    statement: Statement = rng.choice((
        t.best(left, right), Compare(entry(loss(t.product)), "<=", entry(loss(wide))),
        Compare(entry(loss(al.matmul(left, right))), "<=", entry(loss(t.product))),
        Compare(entry(loss(t.product)), "<=", entry(al.squared(H))), Equation(t.product, H),
        Equation(al.matmul(H, v), al.matmul(u, s)), Equation(al.matmul(al.transpose(u), u), al.identity(N)),
        Compare(rank(t.product), "<=", N.size()), Compare(entry(al.squared(s)), "<=", entry(al.squared(H))),
    ))  # fmt: skip

    def fill(worlds: Worlds) -> bool:
        done = _triplets(worlds, H, worlds.world.sizes[N.runs[0].heads[0]])
        for old, new in ((U, u), (S, s), (V, v)):
            worlds.tensors[new] = worlds.tensors.pop(old)
        return done

    return Case("truncations", statement, False, False, t.facts(), None, fill, cites=("eckart-young",),
                truncations=(t,), real=True)  # fmt: skip
