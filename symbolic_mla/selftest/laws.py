"""True laws of matrix algebra between random terms, and random rewriting by such laws."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.kernel.axis import UNIT, Axis
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.term import Apply, Block, Einsum, Pick, Stack, Sum, Term
from symbolic_mla.selftest.terms import ONE, POSITIVE, TWO, N, P, coefficient, cuts, matrix, named, simple_axis

Sides = tuple[Term, Term]


class Laws:
    """Each public method is a law: its name, and two sides on fresh random terms of random shapes."""

    def __init__(self, rng: Random, depth: int, functions: bool) -> None:
        self._rng, self._depth, self._functions = rng, depth, functions
        self._p, self._q, self._r, self._s = (simple_axis(rng) for _ in range(4))
        self._n: Axis = rng.choice((N, P, TWO))
        self._a, self._b = self._m(self._p, self._q), self._m(self._q, self._r)

    def _m(self, rows: Axis, cols: Axis, depth: int | None = None) -> Term:
        depth = self._depth if depth is None else depth
        return matrix(self._rng, rows, cols, depth, self._functions)

    def distribute(self) -> Sides:
        d = self._m(self._q, self._r)
        return al.matmul(self._a, al.add(self._b, d)), al.add(
            al.matmul(self._a, self._b), al.matmul(self._a, d)
        )

    def associate(self) -> Sides:
        a, b, d = self._a, self._b, self._m(self._r, self._s, 0)
        return al.matmul(al.matmul(a, b), d), al.matmul(a, al.matmul(b, d))

    def transpose_of_a_product(self) -> Sides:
        a, b = self._a, self._b
        return al.transpose(al.matmul(a, b)), al.matmul(al.transpose(b), al.transpose(a))

    def tile_as_a_product(self) -> Sides:
        return al.tile(self._a, self._n), al.matmul(al.tile(al.identity(self._p), self._n), self._a)

    def tile_as_kron(self) -> Sides:
        return al.tile(self._a, self._n), al.kron(al.ones(self._n, UNIT), self._a)

    def tile_twice(self) -> Sides:
        return al.tile(al.tile(self._a, self._n), self._r), al.tile(self._a, self._r * self._n)

    def two_copies(self) -> Sides:
        return al.tile(self._a, 2), al.stack(self._a, self._a)

    def associate_stack(self) -> Sides:
        a, d, e = self._a, self._m(self._r, self._q), self._m(self._s, self._q, 0)
        return al.stack(a, al.stack(d, e)), al.stack(al.stack(a, d), e)

    def stack_times(self) -> Sides:
        a, b, d = self._a, self._b, self._m(self._s, self._q, 0)
        return al.matmul(al.stack(a, d), b), al.stack(al.matmul(a, b), al.matmul(d, b))

    def hstack_times_stack(self) -> Sides:
        a, b, d, e = self._a, self._b, self._m(self._p, self._s, 0), self._m(self._s, self._r, 0)
        return al.matmul(al.hstack(a, d), al.stack(b, e)), al.add(al.matmul(a, b), al.matmul(d, e))

    def add_and_subtract(self) -> Sides:
        d = self._m(self._p, self._q)
        return self._a, al.subtract(al.add(self._a, d), d)

    def scalar_moves(self) -> Sides:
        c = coefficient(self._rng)
        return al.matmul(al.scale(c, self._a), self._b), al.scale(c, al.matmul(self._a, self._b))

    def trace_is_cyclic(self) -> Sides:
        d = self._m(self._q, self._p)
        return al.trace(al.matmul(self._a, d)), al.trace(al.matmul(d, self._a))

    def trace_of_kron(self) -> Sides:
        d, e = self._m(self._p, self._p), self._m(self._q, self._q)
        return al.trace(al.kron(d, e)), al.scale(al.trace(d), al.trace(e))

    def mixed_product(self) -> Sides:
        a, b, d, e = self._a, self._b, self._m(self._n, self._s, 0), self._m(self._s, ONE, 0)
        return al.matmul(al.kron(a, d), al.kron(b, e)), al.kron(al.matmul(a, b), al.matmul(d, e))

    def vec_of_a_product(self) -> Sides:
        a, b, d = self._a, self._b, self._m(self._r, self._s, 0)
        return al.vec(al.matmul(al.matmul(a, b), d)), al.matmul(al.kron(al.transpose(d), a), al.vec(b))

    def hadamard_commutes(self) -> Sides:
        d = self._m(self._p, self._q)
        return al.hadamard(self._a, d), al.hadamard(d, self._a)

    def diagonal_is_hadamard(self) -> Sides:
        d = self._m(self._p, self._p)
        return al.diag(al.diag(d)), al.hadamard(d, al.identity(self._p))

    def identity(self) -> Sides:
        return al.matmul(al.identity(self._p), self._a), self._a

    def block_of_stack(self) -> Sides:
        return al.select(al.stack(self._a, self._m(self._s, self._q)), 0), self._a

    def stack_of_blocks(self) -> Sides:
        d, parts = self._m(self._p + self._s, self._q), (self._p, self._s)
        return al.stack(Block(d, 0, parts, 0), Block(d, 0, parts, 1)), d

    def two_orders(self) -> Sides:
        d = self._m(self._p * self._q, self._r)
        sizes = {"n": self._n, "g": self._p, "d": self._q}
        tiled = al.reorder("(n g d) j -> (g n d) j", al.tile(d, self._n), **sizes)
        return al.interleave(d, self._n, groups=self._p), tiled

    def pick_of_a_product(self) -> Sides:
        d = self._m(N, self._p, 0)
        return Pick(al.matmul(d, self._a), 0, "h"), al.matmul(Pick(d, 0, "h"), self._a)


class FunctionLaws(Laws):
    """Laws of a function of the last axis: it commutes with whatever is done to the other axes."""

    def f_of_tile(self) -> Sides:
        return al.apply("f", al.tile(self._a, self._n)), al.tile(al.apply("f", self._a), self._n)

    def f_of_stack(self) -> Sides:
        d = self._m(self._s, self._q)
        return al.apply("f", al.stack(self._a, d)), al.stack(al.apply("f", self._a), al.apply("f", d))

    def f_of_reorder(self) -> Sides:
        d = self._m(self._p * self._n, self._q)
        pattern, sizes = "(a b) j -> (b a) j", {"a": self._p, "b": self._n}
        return al.apply("f", al.reorder(pattern, d, **sizes)), al.reorder(pattern, al.apply("f", d), **sizes)

    def f_of_equals(self) -> Sides:
        return al.apply("f", al.matmul(al.identity(self._p), self._a)), al.apply("f", self._a)

    def f_of_a_slice(self) -> Sides:
        d = self._m(N, self._q)
        return al.apply("f", Pick(d, 0, "h")), Pick(al.apply("f", d), 0, "h")

    def f_of_a_repeat(self) -> Sides:
        pattern = "i j -> i k j"
        inside = al.apply("f", al.einsum(pattern, self._a, k=self._n))
        return inside, al.einsum(pattern, al.apply("f", self._a), k=self._n)


def _names(kind: type[Laws]) -> list[str]:
    return sorted(name for name in dir(kind) if not name.startswith("_"))


def law(rng: Random, depth: int = 1, functions: bool = False) -> tuple[str, Term, Term]:
    """A true equation between random terms: its name and its two sides."""
    kind = FunctionLaws if functions else Laws
    name = rng.choice(_names(kind))
    left, right = getattr(kind(rng, depth, functions), name)()
    return name, left, right


def rewritten(rng: Random, term: Term, steps: int = 3) -> Term:
    """A term that is equal to this one by true laws, applied at random places."""
    for _ in range(steps):
        term = _somewhere(rng, term)
    return term


def _somewhere(rng: Random, t: Term) -> Term:
    children = t.children()
    k = rng.randint(-1, len(children) - 1)
    if k < 0:
        return _rewrite(rng, t)
    return with_children(t, [_somewhere(rng, c) if j == k else c for j, c in enumerate(children)])


def with_children(t: Term, children: list[Term]) -> Term:
    """The term with other children of the same shapes."""
    if isinstance(t, Einsum):
        return Einsum(
            tuple((c, p) for c, (_, p) in zip(children, t.operands, strict=True)), t.output, t.labels
        )
    if isinstance(t, Sum):
        return Sum(tuple((k, c) for c, (k, _) in zip(children, t.parts, strict=True)), t.axes)
    if isinstance(t, Stack):
        return Stack(tuple(children), t.axis)
    if isinstance(t, Block):
        return Block(children[0], t.axis, t.blocks, t.which)
    if isinstance(t, Pick):
        return Pick(children[0], t.axis, t.index)
    if isinstance(t, Apply):
        return Apply(t.function, children[0], t.positions)
    return t


def _rewrite(rng: Random, t: Term) -> Term:
    """One law, read in one direction, at the root."""
    other = named("Z", *t.axes)
    options: list[Callable[[], Term]] = [
        lambda: al.subtract(al.add(t, other), other),
        lambda: al.scale(Fraction(1, 2), al.add(t, t)),
        lambda: al.scale(scalar(POSITIVE), al.scale(1 / scalar(POSITIVE), t)),
        lambda: al.scale(sqrt(scalar(POSITIVE)), al.scale(1 / sqrt(scalar(POSITIVE)), t)),
    ]
    if len(t.axes) == 2:
        options += [
            lambda: al.transpose(al.transpose(t)),
            lambda: al.matmul(al.identity(t.axes[0]), t),
            lambda: al.matmul(t, al.identity(t.axes[1])),
            lambda: al.hadamard(t, al.ones(*t.axes)),
        ]
    for k, axis in enumerate(t.axes):
        for a, b in cuts(axis)[:2]:
            options.append(lambda k=k, a=a, b=b: Stack((Block(t, k, (a, b), 0), Block(t, k, (a, b), 1)), k))  # type: ignore[misc]
    if isinstance(t, Einsum):
        options.append(lambda: Einsum(tuple(reversed(t.operands)), t.output, t.labels))
        for k, (operand, pattern) in enumerate(t.operands):
            if isinstance(operand, Sum):

                def distributed(k: int = k, operand: Sum = operand, pattern: Any = pattern) -> Term:
                    def one(part: Term) -> Term:
                        return Einsum(
                            (*t.operands[:k], (part, pattern), *t.operands[k + 1 :]), t.output, t.labels
                        )

                    return Sum(tuple((c, one(part)) for c, part in operand.parts), t.axes)

                options.append(distributed)
    if isinstance(t, Sum):
        options.append(lambda: Sum(tuple(reversed(t.parts)), t.axes))
    if (
        isinstance(t, Apply)
        and isinstance(t.term, Stack)
        and t.term.axis < len(t.axes) - 1
        and not t.positions
    ):
        inside = t.term
        options.append(lambda: Stack(tuple(Apply(t.function, p) for p in inside.parts), inside.axis))
    made: Term = rng.choice(options)()
    return made
