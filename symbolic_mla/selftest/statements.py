"""Random statements of the kernel: equations, true by laws or changed; and every kind of statement that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Term
from symbolic_mla.selftest.analytic import by_name, by_softmax, by_svd, by_truncation
from symbolic_mla.selftest.case import Case, changed
from symbolic_mla.selftest.hypotheses import by_hypothesis
from symbolic_mla.selftest.laws import law, rewritten
from symbolic_mla.selftest.orders import by_bound, by_order, by_rank
from symbolic_mla.selftest.quantified import by_equivalence, by_factors, by_for_all, by_place, by_witness
from symbolic_mla.selftest.rules import by_rule
from symbolic_mla.selftest.terms import POSITIVE, N, P, Q, matrix, simple_axis, term_axis


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


KINDS: Sequence[Callable[[Random], Case]] = (
    *[by_law] * 9, *[by_rewriting] * 12, *[by_change] * 8, *[by_chance] * 3, *[by_nesting] * 4, *[by_function] * 3,
    *[by_size] * 3, *[by_root] * 4, *[by_hypothesis] * 4, *[by_rank] * 4, *[by_order] * 3, *[by_bound] * 3, by_factors,
    *[by_witness] * 3, *[by_equivalence] * 2, by_for_all, *[by_place] * 3, *[by_name] * 2, *[by_softmax] * 2, by_svd,
    by_truncation, *[by_rule] * 18,
)  # fmt: skip
"""Equations come most often: they are decided fast, and all else is built on them."""
