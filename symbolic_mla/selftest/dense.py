"""A second, naive meaning of the kernel's terms: dense arrays of exact numbers at given sizes.

It shares no code with the package's evaluators and reads only the kernel's data. An axis is enumerated run by
run, copy by copy, head by head (first head slowest), then through its tail.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt
from typing import Any

import mpmath
import numpy as np

from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, Var
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term

Array = np.ndarray[Any, Any]
Function = Callable[[list[Any], tuple[int, ...]], list[Any]]


class NoMeaning(TypeError):
    """Something has no value here."""


@dataclass
class World:
    """Values for all that a term can mention; what is not given is drawn from the seed when it is met."""

    sizes: dict[Var, int]
    seed: int = 0
    scalars: dict[Var, Fraction] = field(default_factory=dict)
    tensors: dict[Atom, Array] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    picks: dict[tuple[str, Var], int] = field(default_factory=dict)
    zero: frozenset[str] = frozenset()  # functions that are 0 everywhere

    def rng(self, *key: object) -> random.Random:
        return random.Random(f"{self.seed} {key}")

    def size(self, v: Var) -> int:
        if v not in self.sizes:
            self.sizes[v] = self.rng("size", v.name).randint(v.low, v.low + 1)
        return self.sizes[v]

    def value(self, v: Var) -> Fraction:
        if v.sign == "dimension":
            return Fraction(self.size(v))
        if v not in self.scalars:  # one that is not negative is a square, so that its root is rational
            low = {"positive": 1, "nonnegative": 0}.get(v.sign, -3)
            drawn = self.rng("scalar", v.name).randint(low, 3)
            self.scalars[v] = Fraction(drawn if v.sign == "real" else drawn**2)
        return self.scalars[v]

    def tensor(self, a: Atom) -> Array:
        if a not in self.tensors:
            rng = self.rng("tensor", a.name, a.axes)
            out = np.empty(tuple(axis_size(x, self) for x in a.axes), dtype=object)
            for at in np.ndindex(out.shape):
                out[at] = rng.randint(-4, 4)
            self.tensors[a] = out
        return self.tensors[a]

    def pick(self, index: str, v: Var) -> int:
        if (index, v) not in self.picks:
            self.picks[index, v] = self.rng("pick", index, v.name).randrange(self.size(v))
        return self.picks[index, v]

    def function_coefficients(self, name: str, axes: Sequence[Axis]) -> list[int]:
        """What the function of a name is made of: another one for each last axis and each axes of its positions."""
        rng = self.rng("function", name, axes)
        return [rng.randint(1, 9) for _ in range(5)]

    def function(self, name: str, axes: Sequence[Axis]) -> Function:
        """A name stands for one function for each last axis and each axes of its positions."""
        a, b, c, d, e = self.function_coefficients(name, axes)

        def f(x: list[Any], at: tuple[int, ...]) -> list[Any]:
            mixed = sum((j + b) * v for j, v in enumerate(x))
            shift = sum((k + d) * p for k, p in enumerate(at))
            return [
                a * v * v + (i + c + mixed) * v + (d * mixed + e + shift) * (i + 1) for i, v in enumerate(x)
            ]

        return self.functions.get(name, (lambda x, _: [0] * len(x)) if name in self.zero else f)


def axis_size(axis: Axis, w: World) -> int:
    total = 0
    for count, heads, tail in axis.runs:
        for h in heads:
            count *= w.size(h)
        total += count * (axis_size(tail, w) if tail else 1)
    return total


def number(n: Number, w: World) -> Fraction:
    if not isinstance(n, Scalar):
        return Fraction(n)
    return sum((c * _power_product(m, w) for m, c in n.terms.items()), start=Fraction(0))


def _power_product(m: Sequence[tuple[Generator, int]], w: World) -> Fraction:
    out = Fraction(1)
    for g, e in m:
        if isinstance(g, Var):
            out *= w.value(g) ** e
        elif isinstance(g, Root):
            under = number(g.radicand, w)
            top, bottom = isqrt(under.numerator), isqrt(under.denominator)
            if (top * top, bottom * bottom) != (under.numerator, under.denominator):
                raise ValueError(f"the root of {under} is no rational number")
            out *= Fraction(top, bottom) ** e
        else:
            raise NoMeaning(f"no value for {g!r}")
    return out


# ---- terms -------------------------------------------------------------------------------------------


def dense(t: Term, w: World) -> Array:
    """The value of a term, as an object array of exact numbers."""
    shape = tuple(axis_size(a, w) for a in t.axes)
    if isinstance(t, Atom):
        out = w.tensor(t)
    elif isinstance(t, Einsum):
        out = _einsum(t, w)
    elif isinstance(t, Sum):
        out = np.zeros(shape, dtype=object)
        for c, part in t.parts:
            out = out + np.asarray(number(c, w), dtype=object) * dense(part, w)
    elif isinstance(t, Stack):
        out = np.concatenate([dense(p, w) for p in t.parts], axis=t.axis)
    elif isinstance(t, Block):
        start = sum(axis_size(b, w) for b in t.blocks[: t.which])
        out = np.take(dense(t.term, w), range(start, start + axis_size(t.blocks[t.which], w)), axis=t.axis)
    elif isinstance(t, Pick):
        out = np.take(dense(t.term, w), w.pick(t.index, t.size()), axis=t.axis)
    elif isinstance(t, Apply):
        axes = [t.axes[-1], *(t.axes[p] for p in t.positions)]
        f, x = w.function(t.function, axes), dense(t.term, w)
        out = np.empty(shape, dtype=object)
        for at in np.ndindex(shape[:-1]):
            out[at] = np.array(f(list(x[at]), tuple(at[p] for p in t.positions)), dtype=object)
    else:
        raise TypeError(type(t).__name__)
    return np.asarray(out, dtype=object).reshape(shape)


def _einsum(t: Einsum, w: World) -> Array:
    sizes = [axis_size(a, w) for a in t.labels]
    if np.prod(sizes, dtype=object) > 300_000:
        raise MemoryError("too large for the naive evaluator")
    grid = np.indices(sizes) if sizes else np.zeros((0,), dtype=int)
    total = np.ones(sizes, dtype=object)
    for operand, pattern in t.operands:
        value = dense(operand, w)
        total = total * value[tuple(_flat(grid, sizes, group) for group in pattern)]
    if not t.output:
        return np.array(np.sum(np.asarray(total, dtype=object)), dtype=object)
    out = np.zeros([axis_size(a, w) for a in t.axes], dtype=object)
    where = tuple(np.broadcast_to(_flat(grid, sizes, group), sizes) for group in t.output)
    np.add.at(out, where, total)
    # a label of the output alone repeats, one of neither side is summed: both are what np.add.at does
    return out


def _flat(grid: Array, sizes: Sequence[int], group: Sequence[int]) -> Array:
    out: Any = np.zeros(sizes, dtype=int)
    for k in group:
        out = out * sizes[k] + grid[k]
    return np.asarray(out)


def same(left: Array, right: Array) -> bool:
    """Whether two values are equal; within 40 digits, where some are not rational."""
    if left.shape != right.shape:
        return False
    return all(alike(x, y) for x, y in zip(left.reshape(-1), right.reshape(-1), strict=True))


def alike(x: Any, y: Any) -> bool:
    """Whether two numbers are equal, or cannot be told apart."""
    return bool(x == y or (PRECISE.mpf in (type(x), type(y)) and abs(_gap(x, y)) < PRECISE.mpf(10) ** -40))


def less(x: Any, y: Any) -> bool:
    """Whether one number is less than another."""
    return bool(_gap(x, y) > 0)


def _gap(x: Any, y: Any) -> Any:
    return y + -1 * x  # a fraction and a float of this precision have no difference, but a sum


# ---- functions of a known meaning --------------------------------------------------------------------

PRECISE = mpmath.mp.clone()
PRECISE.dps = 60


def _softmax(x: list[Any], at: tuple[int, ...]) -> list[Any]:
    weights = [PRECISE.exp(v) for v in x]
    return [w / sum(weights) for w in weights]


def _normalize(x: list[Any], at: tuple[int, ...]) -> list[Any]:
    length = PRECISE.sqrt(sum(v * v for v in x))
    return [v * (1 / length) for v in x] if length else x


NAMED: dict[str, Function] = {"softmax": _softmax, "normalize": _normalize}
