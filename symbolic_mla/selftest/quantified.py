"""Random statements with quantifiers: factors, witnesses, equivalences, what is assumed for all values, and at one."""

from __future__ import annotations

from random import Random

import numpy as np

from symbolic_mla import algebra as al
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Pick, Term
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity
from symbolic_mla.laws.order import entry
from symbolic_mla.laws.rank import rank
from symbolic_mla.selftest.case import Case, Fill, changed
from symbolic_mla.selftest.laws import rewritten
from symbolic_mla.selftest.modular import Worlds
from symbolic_mla.selftest.terms import N, P, Q, R, matrix, simple_axis


def factors(t: Term, m: Axis) -> Exists:
    u, v = Atom("X", (t.axes[0], m)), Atom("Y", (m, t.axes[1]))
    return Exists((u, v), (), (Equation(t, al.matmul(u, v)),))


def shared_factors(a: Term, b: Term, m: Axis) -> Exists:
    """A = U V and B = Z V through one V."""
    u, z, v = Atom("X", (a.axes[0], m)), Atom("Z", (b.axes[0], m)), Atom("Y", (m, a.axes[1]))
    return Exists((u, z, v), (), (Equation(a, al.matmul(u, v)), Equation(b, al.matmul(z, v))))


def by_factors(rng: Random) -> Case:
    """A matrix, or two, through m rows: made so, or of any form."""
    m, p, q = rng.choice((P, Q, TWO_Q)), simple_axis(rng), simple_axis(rng)
    through = rng.random() < 0.5
    right = matrix(rng, m, q, 1)
    t, other = (al.matmul(matrix(rng, p, m, 1), right) if through else matrix(rng, p, q, 2) for _ in range(2))
    if rng.random() < 0.3:
        return Case(f"one factor of two{'' if through else ', by chance'}", shared_factors(t, other, m), through)
    return Case("factors" if through else "factors, by chance", factors(t, m), through)


TWO_Q = Q + Q


def by_witness(rng: Random) -> Case:
    """exists U for all X with T X = U X, by a witness; a changed witness shows nothing."""
    t = matrix(rng, P, Q, 1)
    u, x = Atom("X", (P, Q)), Atom("Y", (Q, R))
    right = rng.random() < 0.6
    witness = rewritten(rng, t) if right else changed(rng, t, False)
    if rng.random() < 0.2:  # a witness must not speak of what comes after it
        witness = al.add(witness, al.matmul(al.ones(P, Q), al.matmul(x, al.ones(R, Q))))
    s = Exists((u,), (x,), (Equation(al.matmul(t, x), al.matmul(u, x)),))

    def fill(w: Worlds) -> bool:
        w.tensors[u] = w.value(witness)  # the statement is then judged with its witness in the place of U
        return True

    return Case("witness" if right else "witness, changed", s, True, False, (), (witness,), fill)


# ---- equivalence -------------------------------------------------------------------------------------


def by_equivalence(rng: Random) -> Case:
    """What is so exactly where something else is, or not quite."""
    left, right, true = rng.choice((_factors_iff, _mirror_iff, _nothing_iff, _order_iff))(rng)
    if rng.random() < 0.5:
        left, right = right, left
    return Case(f"equivalence{'' if true else ', changed'}", Iff(left, right), true)


def _factors_iff(rng: Random) -> tuple[Statement, Statement, bool]:
    q, m = simple_axis(rng), rng.choice((P, Q))
    a, b = matrix(rng, simple_axis(rng), q, 1), matrix(rng, simple_axis(rng), q, 0)
    bound = m.size() + rng.choice((0, 0, 1))
    two = rng.random() < 0.4
    whole = al.stack(a, b) if two else a
    wrong = two and rng.random() < 0.3  # each of them through m rows is less than both through the same
    left = shared_factors(a, b, m) if two else factors(a, m)
    return left, Compare(rank(a if wrong else whole), "<=", scalar(bound)), bound == m.size() and not wrong


def _mirror_iff(rng: Random) -> tuple[Statement, Statement, bool]:
    a, b = matrix(rng, P, Q, 1), matrix(rng, P, Q, 1)
    true = rng.random() < 0.6
    other = Equation(rewritten(rng, b, 1), a) if true else Equation(al.scale(2, a), changed(rng, b, False))
    return Equation(a, b), other, true


def _nothing_iff(rng: Random) -> tuple[Statement, Statement, bool]:
    """Zero iff its norm, its rank or its Gram matrix is; and not iff its trace or its square is."""
    a = matrix(rng, P, P, 1)
    gone = Equation(a, al.zeros(P, P))
    right, true = rng.choice((
        (Compare(entry(al.squared(a)), "<=", scalar(0)), True),
        (Compare(rank(a), "=", scalar(0)), True),
        (Equation(al.matmul(al.transpose(a), a), al.zeros(P, P)), True),
        (Equation(al.matmul(a, a), al.zeros(P, P)), False),
        (Compare(entry(al.trace(a)), "=", scalar(0)), False),
        (Compare(rank(a), "<=", scalar(1)), False),
        (Compare(entry(al.trace(al.matmul(a, a))), "<=", scalar(0)), False),
    ))  # fmt: skip
    return gone, right, true


def _order_iff(rng: Random) -> tuple[Statement, Statement, bool]:
    a, b = matrix(rng, P, Q, 0), matrix(rng, P, Q, 0)
    x, y = rng.choice(((rank(a), rank(b)), (entry(al.squared(a)), entry(al.squared(b)))))
    right, true = rng.choice((
        (Compare(2 * x, "<=", 2 * y), True), (Compare(x + N.size(), "<=", y + N.size()), True),
        (Compare(x, "<=", 2 * y), False), (Compare(y, "<=", x), False), (Compare(x, "=", y), False),
    ))  # fmt: skip
    return Compare(x, "<=", y), right, true


# ---- for all, and at one position --------------------------------------------------------------------

E, F, X, Y = Atom("E", (P, P)), Atom("F", (P, P)), Atom("X", (P, Q)), Atom("Y", (P, Q))


def by_for_all(rng: Random) -> Case:
    """What is assumed for all X, used at other terms; or what does not follow."""
    kind = rng.choice((_equal_maps, _form, _commutes, _skew, _under_a_function, _nothing))
    hypothesis, consequences, fill = kind(rng)
    left, right = rng.choice(consequences)
    if rng.random() < 0.3:
        right = changed(rng, right, False)
    elif rng.random() < 0.3:
        left, right = rewritten(rng, left, 1), rewritten(rng, right, 1)
    return Case("for all", Equation(left, right), False, False, (hypothesis,), None, fill)


Drawn = tuple[Exists, list[tuple[Term, Term]], Fill]


def _for_all(left: Term, right: Term, *inner: Atom) -> Exists:
    return Exists((), inner or (X,), (Equation(left, right),))


def _same(w: Worlds) -> bool:
    w.tensors[E] = w.tensor(F)
    return True


def _equal_maps(rng: Random) -> Drawn:
    t = matrix(rng, P, Q, 1)
    more = [(al.matmul(E, t), al.matmul(F, t)), (E, F), (al.transpose(E), F), (al.matmul(t, al.transpose(t)), E)]
    return _for_all(al.matmul(E, X), al.matmul(F, X)), more, _same


def _form(rng: Random) -> Drawn:
    s, t = matrix(rng, P, Q, 1), matrix(rng, P, Q, 1)

    def form(a: Term, b: Term, c: Term) -> Term:
        return al.trace(al.matmul(al.transpose(a), al.matmul(b, c)))

    more = [(form(s, E, t), form(s, F, t)), (form(s, E, t), form(t, F, s)), (E, F), (E, al.transpose(F))]
    return _for_all(form(X, E, Y), form(X, F, Y), X, Y), more, _same


def _commutes(rng: Random) -> Drawn:
    """A matrix that commutes with every other is a number times I; which one is not known."""
    z, t = Atom("X", (P, P)), matrix(rng, P, P, 1)
    more = [(al.matmul(E, t), al.matmul(t, E)), (E, identity(P)), (E, al.zeros(P, P)), (E, al.transpose(E)),
            (al.matmul(E, F), al.matmul(F, E)), (al.matmul(t, F), al.matmul(F, t))]  # fmt: skip

    def fill(w: Worlds) -> bool:
        w.tensors[E] = w.tensor(F)[:, :1, :1] * np.eye(w.tensor(F).shape[1], dtype=np.int64)
        return True

    return _for_all(al.matmul(E, z), al.matmul(z, E), z), more, fill


def _skew(rng: Random) -> Drawn:
    """xᵀ E x = 0 for all x makes E skew, and not zero."""
    x, y = Atom("X", (P,)), matrix(rng, P, Q, 1)

    def form(a: Term) -> Term:
        return al.einsum("i, i j, j ->", a, E, a)

    def fill(w: Worlds) -> bool:
        w.tensors[E] = w.tensor(F) - w.tensor(F).transpose(0, 2, 1)
        return True

    more = [(al.transpose(E), al.scale(-1, E)), (E, al.zeros(P, P)), (al.matmul(E, y), al.zeros(P, Q)),
            (al.trace(al.matmul(al.transpose(y), al.matmul(E, y))), al.scale(0, al.ones()))]  # fmt: skip
    return _for_all(form(x), al.scale(0, al.ones()), x), more, fill


def _under_a_function(rng: Random) -> Drawn:
    """What no function that is known to us tells apart may still differ: f may be zero."""
    t = matrix(rng, P, Q, 1)

    def fill(w: Worlds) -> bool:
        if w.world.seed % 2:
            w.world.zero = frozenset({"f"})
            return True
        return _same(w)

    e, f = al.matmul(E, t), al.matmul(F, t)
    more = [(E, F), (e, f), *((al.apply(name, e), al.apply(name, f)) for name in "fg")]
    return _for_all(al.apply("f", al.matmul(E, X)), al.apply("f", al.matmul(F, X))), more, fill


def _nothing(rng: Random) -> Drawn:
    t = matrix(rng, P, Q, 1)
    more = [(al.matmul(E, t), al.zeros(P, Q)), (E, al.zeros(P, P)), (F, al.zeros(P, P)), (al.matmul(F, E), E)]

    def fill(w: Worlds) -> bool:
        w.tensors[E] = w.tensor(F) * 0
        return True

    return _for_all(al.matmul(E, X), al.zeros(P, Q)), more, fill


A, B = Atom("W", (N, Q)), Atom("V", (N, Q))


def by_place(rng: Random) -> Case:
    """What is assumed at one named position says nothing of the others."""
    t = matrix(rng, Q, P, 0)

    def fill(w: Worlds) -> bool:
        k = w.world.pick("h", N.runs[0].heads[0])
        w.tensors[A] = w.tensor(A).copy()
        w.tensors[A][:, k] = w.tensor(B)[:, k]
        return True

    def at(x: Term, name: str = "h") -> Term:
        return Pick(x, 0, name)

    left, right = rng.choice((
        (at(al.matmul(A, t)), at(al.matmul(B, t))), (al.apply("f", at(A)), at(al.apply("f", B))), (A, B),
        (at(A, "k"), at(B, "k")), (al.matmul(A, t), al.matmul(B, t)),
        (al.einsum("i j -> j", A), al.einsum("i j -> j", B)),
        (at(al.hadamard(A, B)), at(al.hadamard(A, A))), (at(al.apply("m", A, (0,))), at(al.apply("m", B, (0,)))),
    ))  # fmt: skip
    return Case("at one position", Equation(left, right), False, False, (Equation(at(A), at(B)),), None, fill)
