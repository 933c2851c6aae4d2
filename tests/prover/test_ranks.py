"""Verdicts about ranks, existence, sizes and hypotheses, held against exact ranks by elimination."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from symbolic_mla import algebra as al
from symbolic_mla.algebra.certify import certificate
from symbolic_mla.algebra.occurring import terms_of
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws import replay
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.order import extreme
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover.decide import Proved, Refuted, Setting, Verdict, decide
from symbolic_mla.selftest.instances import fits, world_of
from symbolic_mla.selftest.truth import true_at
from tests.dense import World
from tests.strategies import DIMENSIONS, N, P, Q

Rng = random.Random


def worlds(seeds: range, prepare: Callable[[World, Rng], None] | None = None) -> Iterator[World]:
    """Small worlds in which ranks are of every size."""
    for seed in seeds:
        rng = Rng(seed)
        w = World({v: rng.randint(1, 3) for v in DIMENSIONS}, seed)
        _low(w, rng)
        if prepare is not None:
            prepare(w, rng)
        yield w


def _low(w: World, rng: Rng) -> None:
    original = w.tensor

    def tensor(a: Atom) -> Any:
        if a not in w.tensors:
            full = original(a)
            kind = rng.randrange(4)
            if kind == 0:
                w.tensors[a] = full * 0
            elif kind == 1 and full.ndim == 2:
                w.tensors[a] = np.outer(full[:, 0], full[0])
            elif kind == 2 and full.ndim == 2:
                rows, columns = full.shape
                w.tensors[a] = np.array([[int(i == j) for j in range(columns)] for i in range(rows)], dtype=object)
        return w.tensors[a]

    w.tensor = tensor  # type: ignore[method-assign]


def hold(
    s: Statement, setting: Setting | None = None, prepare: Callable[[World, Rng], None] | None = None, seeds: int = 12
) -> Verdict:
    """Decide, and hold the verdict against the truth: in worlds with the hypotheses, or at the counterexample."""
    setting = setting or Setting()
    verdict = decide(s, setting)
    terms = [x for h in (s, *setting.hypotheses) for x in terms_of(h)]
    if isinstance(verdict, Proved):
        t = verdict.theorem
        assert t.conclusion == s
        assert t.hypotheses <= set(setting.hypotheses)
        for w in worlds(range(seeds), prepare):
            if fits(w, *terms) and all(true_at(h, w) for h in t.hypotheses):
                assert true_at(s, w), f"proved, and false at {w.sizes} {w.tensors}"
        (again,) = replay(certificate(t))
        assert (again.conclusion, again.hypotheses, again.axioms) == (t.conclusion, t.hypotheses, t.axioms)
    elif isinstance(verdict, Refuted):
        w = world_of(verdict.counterexample, s, *setting.hypotheses)
        assert all(true_at(h, w) for h in setting.hypotheses), "the counterexample breaks a hypothesis"
        assert not true_at(s, w), "the counterexample is none"
    return verdict


# ---- random claims about ranks -----------------------------------------------------------------------

A, B, C, S, T = (Atom("A", (P, Q)), Atom("B", (P, Q)), Atom("C", (Q, P)), Atom("S", (P, P)), Atom("T", (P, P)))


def some_matrix(rng: Rng, depth: int = 2) -> Term:
    """A matrix made of a few symbols, of any shape."""
    if depth == 0:
        return rng.choice((A, B, C, S, T, identity(P), al.ones(P, Q)))
    x = some_matrix(rng, depth - 1)
    y = some_matrix(rng, depth - 1)
    makers: list[Callable[[], Term]] = [
        lambda: transpose(x), lambda: al.tile(x, N), lambda: al.scale(rng.choice((2, -1, Fraction(1, 2))), x),
        lambda: al.kron(x, y), lambda: matmul(transpose(x), x), lambda: al.tile(x, 2),
        lambda: matmul(x, transpose(x)),
    ]  # fmt: skip
    if x.axes == y.axes:
        makers += [lambda: al.add(x, y), lambda: al.subtract(x, y), lambda: al.hadamard(x, y), lambda: al.stack(x, y),
                   lambda: al.hstack(x, y)]  # fmt: skip
    if x.axes[1] == y.axes[0]:
        makers += [lambda: matmul(x, y)] * 3
    return rng.choice(makers)()


def some_claim(rng: Rng) -> Compare:
    """A comparison of ranks and sizes, true or false."""
    x, y = some_matrix(rng, rng.choice((1, 2))), some_matrix(rng, rng.choice((0, 1)))
    inside = [a for a in (A, B, C, S, T) if a in (x, *x.children(), *(z for k in x.children() for z in k.children()))]
    y = rng.choice([*inside, y])
    p, q = (scalar(v) for v in DIMENSIONS[:2])
    rights: list[Scalar] = [rank(y), rank(y) * 2, rank(y) + rank(A), rank(y) * rank(x)]
    rights += [extreme("min", (p, q)), p, q, scalar(1)]
    left, right = rank(x), rng.choice(rights)
    if rng.random() < 0.2:
        left, right = right, left
    return Compare(left, rng.choice(("<=", "<=", "=")), right)


def random_claims(count: int, start: int = 0) -> dict[str, int]:
    """Judge so many random claims about ranks; how many of each verdict. Raises AssertionError at a wrong one."""
    counts: dict[str, int] = {}
    for seed in range(start, start + count):
        verdict = hold(some_claim(Rng(seed)))
        counts[verdict.verdict] = counts.get(verdict.verdict, 0) + 1
    return counts


def test_random_claims_about_ranks_are_judged_rightly() -> None:
    """Proved ones hold at exact matrices of every rank; refuted ones fail at their counterexample."""
    counts = random_claims(30)
    assert counts["proved"] > 2
    assert counts["refuted"] > 2


RANK_FACTS: dict[str, Compare] = {
    "transpose": Compare(rank(transpose(A)), "=", rank(A)),
    "tile": Compare(rank(al.tile(A, N)), "=", rank(A)),
    "interleave": Compare(rank(al.interleave(Atom("W", (N * P, Q)), P, groups=N)), "=", rank(Atom("W", (N * P, Q)))),
    "a scalar": Compare(rank(al.scale(Fraction(-1, 3), A)), "=", rank(A)),
    "Gram": Compare(rank(matmul(transpose(A), A)), "=", rank(A)),
    "the other Gram": Compare(rank(matmul(A, transpose(A))), "=", rank(A)),
    "a product": Compare(rank(matmul(A, C)), "<=", extreme("min", (rank(A), rank(C)))),
    "a sum": Compare(rank(al.add(A, B)), "<=", rank(A) + rank(B)),
    "a summand": Compare(rank(A), "<=", rank(al.add(A, B)) + rank(B)),
    "a summand with factors": Compare(rank(al.scale(3, A)), "<=", rank(al.subtract(al.scale(2, B), A)) + rank(B)),
    "a summand in a product": Compare(rank(matmul(A, C)), "<=", rank(matmul(al.add(A, B), C)) + rank(matmul(B, C))),
    "two sums": Compare(rank(al.add(A, B)), "<=", rank(al.subtract(A, B)) + rank(B)),
    "a stack": Compare(rank(al.stack(A, B)), "<=", rank(A) + rank(B)),
    "a part of a stack": Compare(rank(A), "<=", rank(al.stack(A, B))),
    "a stack of one": Compare(rank(al.stack(A, A)), "=", rank(A)),
    "Kronecker": Compare(rank(al.kron(A, C)), "=", rank(A) * rank(C)),
    "sizes": Compare(rank(A), "<=", extreme("min", (scalar(DIMENSIONS[0]), scalar(DIMENSIONS[1])))),
    "Sylvester": Compare(rank(A) + rank(C), "<=", rank(matmul(A, C)) + scalar(DIMENSIONS[1])),
    "identity": Compare(rank(identity(P)), "=", scalar(DIMENSIONS[0])),
    "ones": Compare(rank(al.ones(P, Q)), "=", scalar(1)),
    "a tiled identity": Compare(rank(al.tile(identity(P), N)), "=", scalar(DIMENSIONS[0])),
    "a tiled identity, turned": Compare(rank(transpose(al.tile(identity(P), N))), "=", scalar(DIMENSIONS[0])),
    "zeros": Compare(rank(al.zeros(P, Q)), "=", scalar(0)),
    "never negative": Compare(scalar(0), "<=", rank(A)),
}  # fmt: skip


@pytest.mark.parametrize("name", RANK_FACTS)
def test_what_is_known_of_ranks_is_proved(name: str) -> None:
    """The facts of the textbook, each true at random exact matrices."""
    assert hold(RANK_FACTS[name]).verdict == "proved"


FALSE_RANKS: dict[str, Compare] = {
    "a Hadamard product": Compare(rank(al.hadamard(A, B)), "<=", rank(A)),
    "a Kronecker product": Compare(rank(al.kron(A, B)), "<=", rank(A)),
    "a sum": Compare(rank(al.add(A, B)), "<=", rank(A)),
    "a summand": Compare(rank(A), "<=", rank(al.add(A, B))),
    "two sums": Compare(rank(al.add(A, B)), "<=", rank(al.subtract(A, B)) + 1),
    "a stack": Compare(rank(al.stack(A, B)), "<=", rank(A)),
    "a product from below": Compare(rank(A), "<=", rank(matmul(A, C))),
    "a square": Compare(rank(S), "<=", rank(matmul(S, S))),
    "a commuted product": Compare(rank(matmul(S, T)), "=", rank(matmul(T, S))),
    "the diagonal": Compare(rank(al.diag(al.diag(S))), "<=", rank(S)),
    "the trace": Compare(rank(al.scale(scalar(DIMENSIONS[0]) - 1, A)), "=", rank(A)),
    "ones": Compare(rank(al.ones(P, Q)), "<=", scalar(0)),
    "subtracting": Compare(rank(A) - rank(B), "=", rank(al.subtract(A, B))),
    "one more than rank": Compare(rank(A) + 1, "<=", extreme("min", (scalar(DIMENSIONS[0]), scalar(DIMENSIONS[1])))),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE_RANKS)
def test_what_looks_like_a_fact_is_refuted(name: str) -> None:
    """Near misses of those facts, each with an instance."""
    assert hold(FALSE_RANKS[name]).verdict == "refuted"


# ---- hypotheses --------------------------------------------------------------------------------------

U, V = Atom("U", (P, Q)), Atom("V", (P, Q))


def orthonormal(w: World, rng: Rng) -> None:
    """U with UᵀU = I: a signed permutation, cut off."""
    w.sizes[DIMENSIONS[1]] = min(w.sizes[DIMENSIONS[0]], w.sizes[DIMENSIONS[1]])
    rows, columns = w.sizes[DIMENSIONS[0]], w.sizes[DIMENSIONS[1]]
    order = rng.sample(range(rows), rows)
    entries = [[rng.choice((1, -1)) * int(order[j] == i) for j in range(columns)] for i in range(rows)]
    w.tensors[U] = np.array(entries, dtype=object)


def symmetric(w: World, rng: Rng) -> None:
    size = w.sizes[DIMENSIONS[0]]
    half = [[rng.randint(-2, 2) for _ in range(size)] for _ in range(size)]
    w.tensors[S] = np.array([[half[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)], dtype=object)


def commuting(w: World, rng: Rng) -> None:
    size = w.sizes[DIMENSIONS[0]]
    a = np.array([[rng.randint(-2, 2) for _ in range(size)] for _ in range(size)], dtype=object)
    w.tensors[S], w.tensors[T] = a, a @ a + 2 * a


def projection(w: World, rng: Rng) -> None:
    size = w.sizes[DIMENSIONS[0]]
    w.tensors[S] = np.array([[Fraction(1, size)] * size] * size, dtype=object)
    if rng.random() < 0.5:
        w.tensors[S] = np.array([[int(i == j and i % 2 == 0) for j in range(size)] for i in range(size)], dtype=object)


def equal_matrices(w: World, rng: Rng) -> None:
    w.tensors[B] = w.tensor(A)


HYPOTHESES: dict[str, tuple[Equation, Callable[[World, Rng], None], tuple[Term, ...]]] = {
    "orthonormal": (Equation(matmul(transpose(U), U), identity(Q)), orthonormal, (U, transpose(U), A, C)),
    "symmetric": (Equation(transpose(S), S), symmetric, (S, transpose(S), A, T)),
    "commuting": (Equation(matmul(S, T), matmul(T, S)), commuting, (S, T, transpose(S), A)),
    "a projection": (Equation(matmul(S, S), S), projection, (S, transpose(S), A)),
    "equal": (Equation(A, B), equal_matrices, (A, B, C, S)),
}


def some_product(rng: Rng, letters: tuple[Term, ...], rows: Axis, cols: Axis, length: int) -> Term | None:
    for _ in range(40):
        word = [rng.choice(letters) for _ in range(rng.randint(1, length))]
        if word[0].axes[0] == rows and word[-1].axes[1] == cols and all(
            x.axes[1] == y.axes[0] for x, y in pairwise(word)
        ):
            out = word[0]
            for x in word[1:]:
                out = matmul(out, x)
            return out
    return None


def with_hypotheses(name: str, count: int, start: int = 0) -> dict[str, int]:
    """Judge so many random equations of products under a hypothesis; how many of each verdict."""
    hypothesis, prepare, letters = HYPOTHESES[name]
    setting = Setting([derive("assume", hypothesis)], [hypothesis])
    counts: dict[str, int] = {}
    for seed in range(start, start + count):
        rng = Rng(seed)
        rows, cols = rng.choice((P, Q)), rng.choice((P, Q))
        left, right = (some_product(rng, letters, rows, cols, 4) for _ in range(2))
        if left is None or right is None or left == right:
            continue
        if rng.random() < 0.3:
            left, right = al.add(left, right), al.add(right, right)
        verdict = hold(Equation(left, right), setting, prepare, 6)
        counts[verdict.verdict] = counts.get(verdict.verdict, 0) + 1
    return counts


@pytest.mark.parametrize("name", HYPOTHESES)
def test_equations_under_a_hypothesis_are_judged_rightly(name: str) -> None:
    """Proved ones hold wherever the hypothesis does; a counterexample satisfies the hypothesis."""
    counts = with_hypotheses(name, 9)
    assert sum(counts.values()) > 2


I_S, I_U = al.subtract(identity(P), S), al.subtract(identity(P), matmul(U, transpose(U)))
p, q = map(scalar, DIMENSIONS[:2])
COMPLEMENTS: dict[str, tuple[str, Compare, str]] = {
    "a projection and its complement": ("a projection", Compare(rank(S) + rank(I_S), "=", p), "proved"),
    "what is left of an orthonormal basis": ("orthonormal", Compare(rank(I_U), "=", p - q), "proved"),
    "half of that": ("orthonormal", Compare(q + rank(I_U), "<=", p), "proved"),
    "a sum that is no identity": ("a projection", Compare(rank(S) + rank(al.add(identity(P), S)), "=", p), "refuted"),
    "no projection": ("symmetric", Compare(rank(S) + rank(I_S), "<=", p), "refuted"),
    "of any matrix": ("symmetric", Compare(p, "<=", rank(S) + rank(I_S)), "proved"),
    "too little": ("a projection", Compare(rank(S) + rank(I_S) + 1, "<=", p), "refuted"),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPLEMENTS)
def test_ranks_of_complements_add_up(name: str) -> None:
    """rank A + rank B is p where A B = 0 and A + B = I(p), and only the half that holds is proved where one does."""
    given, claim, expected = COMPLEMENTS[name]
    hypothesis, prepare, _ = HYPOTHESES[given]
    setting = Setting([derive("assume", hypothesis)], [hypothesis])
    assert hold(claim, setting, prepare).verdict == expected


# ---- existence ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "size", "expected"),
    [
        (A, P, "proved"), (A, Q, "proved"), (al.tile(A, N), P, "proved"), (al.tile(A, N), Q, "proved"),
        (A, N, "refuted"), (S, Axis.of(1), "refuted"), (al.ones(P, Q), Axis.of(1), "proved"),
        (al.stack(A, B), P, "refuted"), (al.stack(A, B), P + P, "proved"), (al.hadamard(A, B), N, "refuted"),
        (matmul(Atom("X", (P, N)), Atom("Y", (N, Q))), N, "proved"), (al.add(A, B), P + P, "proved"),
        (al.kron(A, Atom("x", (N, Axis.of(1)))), P, "proved"),
    ],
)  # fmt: skip
def test_factorisations_exist_as_far_as_the_rank_allows(term: Term, size: Axis, expected: str) -> None:
    """X = L R through m rows is proved where rank X <= m is, and refuted at an instance of larger rank."""
    left, right = Atom("L", (term.axes[0], size)), Atom("R", (size, term.axes[1]))
    verdict = hold(Exists((left, right), (), (Equation(term, matmul(left, right)),)))
    assert verdict.verdict == expected
    if isinstance(verdict, Proved):
        assert verdict.theorem.axioms == {"rank-factorisation"}
