"""The naive meaning of terms for many instances at once: integers modulo a prime, a batch in one array.

What is equal for all real tensors is equal modulo every prime that divides no denominator, so a difference here
is one over the rationals; and two values that differ agree modulo the prime about once in a million. An entry that
differs is had again, exactly, by `dense` in the world of its number. `Reals` says the same of floating-point numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Self

import numpy as np

from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.scalar import Generator, Number, Scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank
from symbolic_mla.selftest.dense import NoMeaning, World, axis_size, number
from symbolic_mla.selftest.truth import factorised_sides

PRIME = 1_048_573  # below 2^20: the product of two residues, added up 2^20 times, stays below 2^63
MAX_ENTRIES = 2_000_000  # of one array, the batch included
DRAWS = 4  # of what is spoken of for all its values

Array = np.ndarray[Any, Any]


class Worlds:
    """A batch of worlds of equal sizes, scalars, positions and functions; their tensors differ."""

    kind: type[np.generic] = np.int64

    def __init__(self, world: World, batch: int) -> None:
        self.world, self.batch = world, batch
        self._rng = np.random.default_rng(abs(world.seed))
        self.tensors: dict[Atom, Array] = {}
        self._known: dict[int, tuple[Term, Array]] = {}

    def given(self, tensors: Mapping[Atom, Array]) -> Self:
        """The same worlds with other values for some symbols."""
        other = type(self)(self.world, self.batch)
        other.tensors = {**self.tensors, **tensors}
        return other

    def reduced(self, x: Array) -> Array:
        """Values as they are kept."""
        return np.asarray(x % PRIME)

    def number(self, n: Number) -> Any:
        """A coefficient."""
        return residue(n, self.world)

    def one(self, k: int) -> World:
        """The world of number k, for exact arithmetic."""
        w = self.world
        own = {a: t[k].astype(object) for a, t in self.tensors.items()}
        return World(w.sizes, w.seed, w.scalars, own, w.functions, w.picks, w.zero)

    def tensor(self, a: Atom) -> Array:
        """Small integers; in a quarter of the worlds only 0 and 1, in a few of them all equal."""
        if a not in self.tensors:
            shape = (self.batch, *(axis_size(x, self.world) for x in a.axes))
            drawn = self._rng.integers(-4, 5, shape)
            drawn[::4] &= 1
            drawn[3::8] = drawn[3::8].reshape(len(drawn[3::8]), -1)[:, :1].reshape(-1, *(1 for _ in a.axes))
            self.tensors[a] = drawn
        return self.tensors[a]

    def value(self, t: Term) -> Array:
        """The values of a term, the batch first."""
        if id(t) not in self._known:
            self._known[id(t)] = (t, self._value(t))
        return self._known[id(t)][1]

    def _value(self, t: Term) -> Array:
        w = self.world
        if isinstance(t, Atom):
            return self.reduced(self.tensor(t))
        if isinstance(t, Einsum):
            return self._einsum(t)
        if isinstance(t, Sum):
            out = np.zeros((self.batch, *(axis_size(a, w) for a in t.axes)), dtype=self.kind)
            for c, part in t.parts:
                out = self.reduced(out + self.number(c) * self.value(part))
            return out
        if isinstance(t, Stack):
            return np.concatenate([self.value(p) for p in t.parts], axis=t.axis + 1)
        if isinstance(t, Block):
            start = sum(axis_size(b, w) for b in t.blocks[: t.which])
            cut = slice(start, start + axis_size(t.blocks[t.which], w))
            return np.asarray(self.value(t.term)[(*(slice(None),) * (t.axis + 1), cut)])
        if isinstance(t, Pick):
            return np.asarray(np.take(self.value(t.term), w.pick(t.index, t.size()), axis=t.axis + 1))
        if isinstance(t, Apply):
            return self._apply(t)
        raise TypeError(type(t).__name__)

    def _einsum(self, t: Einsum) -> Array:
        sizes = [axis_size(a, self.world) for a in t.labels]
        if int(np.prod(sizes, dtype=object)) * self.batch > MAX_ENTRIES:
            raise MemoryError("too large for the naive evaluator")
        grid = np.indices(sizes, dtype=np.int32) if sizes else np.zeros((0,), dtype=np.int32)
        total = np.ones((self.batch, *sizes), dtype=self.kind)
        for operand, pattern in t.operands:
            where = tuple(np.broadcast_to(_flat(grid, sizes, group), sizes) for group in pattern)
            every: Any = slice(None)
            picked = self.value(operand)[(every, *where)]
            total = self.reduced(total * picked.reshape(self.batch, *(sizes if where else [1] * len(sizes))))
        if not t.output:
            return self.reduced(total.reshape(self.batch, -1).sum(axis=1))
        shape = [axis_size(a, self.world) for a in t.axes]
        flat = np.zeros(sizes, dtype=np.int64)
        for group, size in zip(t.output, shape, strict=True):
            flat = flat * size + _flat(grid, sizes, group)
        out = np.zeros((int(np.prod(shape)), self.batch), dtype=self.kind)
        np.add.at(out, np.broadcast_to(flat, sizes).reshape(-1), total.reshape(self.batch, -1).T)
        return self.reduced(out).T.reshape(self.batch, *shape)

    def _apply(self, t: Apply) -> Array:
        """The function that `World.function` stands for, on all rows at once."""
        x = self.value(t.term)
        if t.function in self.world.zero:
            return self.reduced(x * 0)
        a, b, c, d, e = self.world.function_coefficients(t.function, [t.axes[-1], *(t.axes[p] for p in t.positions)])
        j = np.arange(x.shape[-1])
        mixed = self.reduced(self.reduced((j + b) * x).sum(axis=-1, keepdims=True))
        shift = np.zeros((1,) * x.ndim, dtype=np.int64)
        for k, p in enumerate(t.positions):
            at = np.arange(x.shape[p + 1]).reshape(tuple(-1 if axis == p + 1 else 1 for axis in range(x.ndim)))
            shift = shift + (k + d) * at
        return self.reduced(self.reduced(a * x + j + c + mixed) * x + self.reduced(d * mixed + e + shift) * (j + 1))

    # ---- numbers of statements -------------------------------------------------------------------------

    def numbers(self, n: Number) -> Array:
        """The value of a number of a statement in each world, ranks and extremes included."""
        total = np.zeros(self.batch, dtype=object)
        for m, c in n.terms.items() if isinstance(n, Scalar) else [((), Fraction(n))]:
            part = np.full(self.batch, Fraction(c), dtype=object)
            for g, e in m:
                part = part * self.generator(g) ** e
            total = total + part
        return total

    def generator(self, g: Generator) -> Array:
        """What a number is a polynomial in, in each world."""
        if isinstance(g, Rank):
            return ranks(self.value(g.term)).astype(object)
        if isinstance(g, Extreme):
            least = (np.minimum if g.kind == "min" else np.maximum).reduce([self.numbers(x) for x in g.of])
            return np.asarray(least, dtype=object)
        if isinstance(g, Entry):
            raise NoMeaning("an order of residues")
        return np.full(self.batch, number(Scalar([(((g, 1),), Fraction(1))]), self.world), dtype=object)

    def same(self, left: Array, right: Array) -> Array:
        """In which worlds two values are equal."""
        return np.asarray((left == right).reshape(self.batch, -1).all(axis=1), dtype=bool)

    def ordered(self, left: Array, right: Array) -> Array:
        """In which worlds one number is at most the other."""
        return np.asarray(left <= right, dtype=bool)


def residue(n: Number, w: World) -> int:
    """A rational number modulo the prime."""
    x = Fraction(number(n, w))
    return x.numerator * pow(x.denominator, -1, PRIME) % PRIME


def _flat(grid: Array, sizes: Sequence[int], group: Sequence[int]) -> Array:
    out: Any = np.zeros((1,) * len(sizes), dtype=np.int64)
    for k in group:
        out = out * sizes[k] + grid[k]
    return np.asarray(out)


# ---- statements --------------------------------------------------------------------------------------


def holds(s: Statement, at: Worlds) -> Array:
    """For each world of a batch, whether a statement is true. Existence is judged by the rank of the stack."""
    if isinstance(s, Equation):
        return at.same(at.value(s.left), at.value(s.right))
    if isinstance(s, Compare):
        left, right = at.numbers(s.left), at.numbers(s.right)
        return at.same(left, right) if s.relation == "=" else at.ordered(left, right)
    if isinstance(s, Iff):
        return np.asarray(holds(s.left, at) == holds(s.right, at))
    if isinstance(s, Exists) and not s.unknowns:
        return np.asarray(np.all([holds(e, draw) for draw in _for_all(s, at) for e in s.equations], axis=0))
    if not isinstance(s, Exists):
        raise UnsupportedError(f"no value for a statement of the kind {type(s).__name__}")
    rows = np.concatenate([at.value(side) for side in factorised_sides(s)], axis=1)
    return np.asarray(ranks(rows) <= axis_size(s.unknowns[-1].axes[0], at.world))


def _for_all(s: Exists, at: Worlds) -> Iterator[Worlds]:
    """The same worlds with several draws of what is spoken of for all its values."""
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        yield at.given({a: rng.integers(-4, 5, (at.batch, *(axis_size(x, at.world) for x in a.axes))) for a in s.inner})


def ranks(batch: Array) -> Array:
    """The rank of each matrix of a batch, modulo the prime: with small entries, all but surely that over the reals."""
    return np.array([_rank(m.tolist()) for m in batch])


def _rank(matrix: list[list[int]]) -> int:
    found = 0
    for column in range(len(matrix[0])):
        pivot = next((r for r in range(found, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        inverse = pow(matrix[found][column], -1, PRIME)
        for r in range(found + 1, len(matrix)):
            factor = matrix[r][column] * inverse % PRIME
            if factor:
                matrix[r] = [(x - factor * y) % PRIME for x, y in zip(matrix[r], matrix[found], strict=True)]
        found += 1
    return found
