"""What the tests of rules draw from: sizes, symbols, numbers, theorems that are true, worlds of low rank."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.kernel.scalar import Number, Var, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul
from symbolic_mla.prover.equations import prove_equation
from tests.dense import World, axis_size
from tests.strategies import DIMENSIONS, P, Q, R

quick = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
p, q, r, n = DIMENSIONS
REAL, NONNEGATIVE, POSITIVE = Var("a", "real"), Var("b", "nonnegative"), Var("c", "positive")
A, B = Atom("A", (P, Q)), Atom("B", (P, Q))
S = Atom("S", (P, P))
HOLE = Atom("□", (P, Q))
LOW, HIGH = Var("m", "dimension", 3), Var("m", "dimension", 1)
U, V = Atom("U", (P, R)), Atom("V", (R, Q))
FACTORS = Exists((U, V), (), (Equation(A, matmul(U, V)),))


def equal(left: Term, right: Term) -> Theorem:
    """A theorem of the prover that is true."""
    found = prove_equation(left, right)
    assert isinstance(found, Theorem)
    return found


def low_rank(w: World, *terms: Term) -> World:
    """The world with matrices of small rank for its symbols: ranks that are all full show little."""
    for t in subterms(*terms):
        if isinstance(t, Atom):
            shape = [axis_size(a, w) for a in t.axes]
            rng = w.rng("low", t.name, t.axes)
            out = np.ones(shape, dtype=object)
            for k, size in enumerate(shape):
                along = np.array([rng.randint(-1, 1) for _ in range(size)], dtype=object)
                out = out * along.reshape([-1 if j == k else 1 for j in range(len(shape))])
            if rng.random() < 0.5:
                out = out + np.array([rng.choice((0, 0, 1)) for _ in range(out.size)], dtype=object).reshape(shape)
            w.tensors[t] = out
    return w


def numbers() -> st.SearchStrategy[Number]:
    """Polynomials and quotients in dimensions and scalars, with roots of squares' sums."""
    leaves: list[Number] = [0, 1, -2, Fraction(1, 3), *map(scalar, (*DIMENSIONS, REAL, NONNEGATIVE, POSITIVE)),
                            scalar(LOW), 1 / scalar(p), 1 / (scalar(POSITIVE) + scalar(n)),
                            sqrt(scalar(p) ** 2)]  # fmt: skip
    return st.recursive(
        st.sampled_from(leaves),
        lambda x: st.tuples(x, x, st.sampled_from("+-*")).map(
            lambda t: t[0] + t[1] if t[2] == "+" else t[0] - t[1] if t[2] == "-" else scalar(t[0]) * t[1]
        ),
        max_leaves=6,
    )


def seeds() -> st.SearchStrategy[World]:
    return st.integers(0, 10_000).map(lambda s: World({}, s))
