"""Random well-shaped terms over every former: one generator, for the campaign here and for the tests.

Each function takes a `random.Random`. Hypothesis offers one too, whose draws shrink.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from random import Random
from typing import Any

from symbolic_mla import algebra as al
from symbolic_mla.algebra.factors import splits
from symbolic_mla.kernel.axis import UNIT, Axis
from symbolic_mla.kernel.scalar import Number, Var, scalar
from symbolic_mla.kernel.term import Atom, Block, Einsum, Pick, Term

DIMENSIONS = tuple(Var(x) for x in "pqrn")
P, Q, R, N = (Axis.of(v) for v in DIMENSIONS)
REAL, POSITIVE = Var("a", "real"), Var("c", "positive")
ONE, TWO, THREE = (Axis.of(k) for k in (1, 2, 3))
AXES = (
    P, Q, R, N, ONE, TWO, THREE, P * Q, N * P, N * P * Q, P * N * Q, P + Q, P + ONE, P + P, TWO * P, P * TWO,
    N * (P + Q), (P + Q) * N, P * (N + TWO) * Q, TWO + P, P + Q + P,
)  # fmt: skip
COEFFICIENTS: tuple[Number, ...] = (
    1, 2, -1, -3, Fraction(1, 2), scalar(DIMENSIONS[0]), scalar(REAL), 1 / scalar(POSITIVE), scalar(DIMENSIONS[3]) - 1,
)  # fmt: skip


def simple_axis(rng: Random) -> Axis:
    """A dimension symbol or a literal 1..3."""
    return rng.choice((P, Q, R, N, ONE, TWO, THREE))


def term_axis(rng: Random) -> Axis:
    """An axis that is good for terms: structured and small."""
    return rng.choice(AXES)


def coefficient(rng: Random) -> Number:
    """An integer, a fraction, a dimension, a scalar of known sign, a quotient by what is positive."""
    return rng.choice(COEFFICIENTS)


# ---- terms -------------------------------------------------------------------------------------------


def symbol(rng: Random, *shape: Axis) -> Atom:
    """One of two symbols of this shape."""
    return named(rng.choice("AB"), *shape)


def named(letter: str, *shape: Axis) -> Atom:
    """A symbol whose name says its shape: one name never stands for two things, as in a document."""
    text = "_".join(map(str, shape)).translate(_SPELLED)
    return Atom(f"{letter}_{text}", shape)


_SPELLED = str.maketrans({"*": "x", "+": "s", "(": "b", ")": "e", " ": None})


def matrix(rng: Random, rows: Axis, cols: Axis, depth: int = 3, functions: bool = False) -> Term:
    """A matrix term of this shape, built by any former that fits it."""

    def sub(r: Axis, c: Axis) -> Term:
        return matrix(rng, r, c, depth - 1, functions)

    if depth <= 0:
        leaves: list[Term] = [named(letter, rows, cols) for letter in "AB"]
        leaves += [*leaves, al.ones(rows, cols), al.zeros(rows, cols)]
        leaf: Term = rng.choice(leaves + ([al.identity(rows)] * 2 if rows == cols else []))
        return leaf
    makers = dict(_everywhere(rng, sub, rows, cols))
    makers |= _by_structure(rng, sub, rows, cols)
    if functions:
        makers |= _with_functions(rng, sub, rows, cols)
    made: Term = makers[rng.choice(sorted(makers))]()
    return made


def _everywhere(rng: Random, sub: Callable[[Axis, Axis], Term], rows: Axis, cols: Axis) -> dict[str, Any]:
    """Formers that fit any shape."""

    def k() -> Axis:
        return simple_axis(rng)

    def traced() -> Term:
        m = k()
        return al.scale(al.trace(sub(m, m)), sub(rows, cols))

    def product() -> Term:
        m = k()
        return al.matmul(sub(rows, m), sub(m, cols))

    def vectors() -> Term:
        column = al.einsum("i j -> i", sub(rows, k()))
        row = al.matmul(al.ones(rows), sub(rows, cols))
        return al.einsum("i, j -> i j", column, row)

    def block() -> Term:
        other = k()
        return Block(sub(rows + other, cols), 0, (rows, other), 0)

    def last_block() -> Term:
        other = k()
        return Block(sub(rows, other + cols), 1, (other, cols), 1)

    def copy() -> Term:
        whole = sub(TWO * rows, cols)
        first = rows
        return Block(whole, 0, (first, first), rng.randint(0, 1))

    def pick() -> Term:
        whole = sub(N * rows, cols)
        cube = Einsum(((whole, ((0, 1), (2,))),), ((0,), (1,), (2,)), (N, rows, cols))
        return Pick(cube, 0, rng.choice("hk"))

    def cubes() -> Term:
        m = rng.choice((P, Q, TWO))
        return al.einsum("i m j, m i j -> i j", symbol(rng, rows, m, cols), symbol(rng, m, rows, cols))

    def square() -> Term:
        return al.matmul(al.power(sub(rows, rows), 2), sub(rows, cols))

    def diagonal() -> Term:
        return al.matmul(al.diag(al.diag(sub(rows, rows))), sub(rows, cols))

    return {
        "add": lambda: al.add(sub(rows, cols), sub(rows, cols)),
        "subtract": lambda: al.subtract(sub(rows, cols), sub(rows, cols)),
        "scale": lambda: al.scale(coefficient(rng), sub(rows, cols)),
        "hadamard": lambda: al.hadamard(sub(rows, cols), sub(rows, cols)),
        "transpose": lambda: al.transpose(sub(cols, rows)),
        "matmul": product, "trace": traced, "vectors": vectors, "block": block, "last block": last_block,
        "copy": copy, "pick": pick, "cubes": cubes, "power": square, "diag": diagonal,
    }  # fmt: skip


def _by_structure(rng: Random, sub: Callable[[Axis, Axis], Term], rows: Axis, cols: Axis) -> dict[str, Any]:
    """Formers that need the axes to be products or sums."""
    makers: dict[str, Any] = {}
    row_pairs, col_pairs = splits(rows), [*splits(cols), (UNIT, cols), (cols, UNIT)]
    if row_pairs:

        def pair() -> tuple[Axis, Axis]:
            return rng.choice(row_pairs)

        def tiled() -> Term:
            n, rest = pair()
            return al.tile(sub(rest, cols), n)

        def kron() -> Term:
            (a, b), (c, d) = pair(), rng.choice(col_pairs)
            return al.kron(sub(a, c), sub(b, d))

        def turned() -> Term:
            a, b = pair()
            return al.reorder("(b a) j -> (a b) j", sub(b * a, cols), a=a, b=b)

        def stored() -> Term:
            a, b = pair()
            inside = splits(b)
            n, rest = rng.choice(inside) if inside else (b, UNIT)
            return al.interleave(sub(a * rest, cols), n, groups=a)

        makers |= {"tile": tiled, "kron": kron, "reorder": turned, "interleave": stored}
    if row_cuts := cuts(rows):

        def stacked() -> Term:
            a, b = rng.choice(row_cuts)
            return al.stack(sub(a, cols), sub(b, cols))

        makers["stack"] = stacked
    if col_cuts := cuts(cols):

        def beside() -> Term:
            a, b = rng.choice(col_cuts)
            return al.hstack(sub(rows, a), sub(rows, b))

        makers["hstack"] = beside
    if row_cuts and col_cuts:

        def block_matrix() -> Term:
            (a, b), (c, d) = rng.choice(row_cuts), rng.choice(col_cuts)
            return al.blocks([[sub(a, c), sub(a, d)], [sub(b, c), sub(b, d)]])

        makers["blocks"] = block_matrix
    return makers


def _with_functions(rng: Random, sub: Callable[[Axis, Axis], Term], rows: Axis, cols: Axis) -> dict[str, Any]:
    def tied() -> Term:
        """A function whose argument has a delta between two batch axes, contracted over one of them."""
        diagonal = al.einsum("i k -> i i k", sub(rows, cols))
        rest = rng.choice((named("C", rows, rows, cols), diagonal))
        inside = al.apply("f", al.add(diagonal, rest))
        return al.einsum("i j k, i j -> i k", inside, sub(rows, rows))

    return {
        "tied": tied,
        "function": lambda: al.apply(rng.choice("fg"), sub(rows, cols)),
        "positional": lambda: al.apply("m", sub(rows, cols), (0,)),
    }


def cuts(axis: Axis) -> list[tuple[Axis, Axis]]:
    """Every way to write an axis as a + b."""
    parts = [Axis((run._replace(count=1),)) for run in axis.runs for _ in range(run.count)]
    return [(reduce(Axis.__add__, parts[:k]), reduce(Axis.__add__, parts[k:])) for k in range(1, len(parts))]


def term(rng: Random, depth: int = 3, functions: bool = False) -> Term:
    """A matrix term of any shape."""
    return matrix(rng, term_axis(rng), term_axis(rng), depth, functions)
