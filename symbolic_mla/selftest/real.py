"""The naive meaning of terms over the reals, for many instances at once: orders, softmax, norms and singular values.

Floating-point numbers, and a tolerance that grows with the largest value met on the way: what they call false is false.
Where nothing but integers was drawn and no function is transcendental, it is had again exactly by `dense`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any, Self

import numpy as np

from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar
from symbolic_mla.kernel.statement import Compare, Statement
from symbolic_mla.kernel.term import Apply
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank
from symbolic_mla.selftest.dense import number
from symbolic_mla.selftest.modular import Array, Worlds

TOLERANCE = 1e-8


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _normalize(x: Array) -> Array:
    length = np.sqrt((x * x).sum(axis=-1, keepdims=True))
    return np.asarray(x / np.where(length == 0, 1, length))


NAMED: dict[str, Callable[[Array], Array]] = {"softmax": _softmax, "normalize": _normalize}


class Reals(Worlds):
    """A batch of worlds whose tensors have real entries."""

    kind = np.float64
    largest = 1.0

    def exact(self, *statements: Statement) -> bool:
        """Whether these statements can be had again with rational numbers in these worlds."""
        parts = list(subterms(*(t for s in statements for t in terms_of(s))))
        named = any(isinstance(t, Apply) and t.function in NAMED for t in parts)
        return not named and all(np.issubdtype(t.dtype, np.integer) for t in self.tensors.values())

    def given(self, tensors: Any) -> Self:
        other = super().given(tensors)
        other.largest = self.largest
        return other

    def reduced(self, x: Array) -> Array:
        out = np.asarray(x, dtype=np.float64)
        self.largest = max(self.largest, float(np.abs(out).max(initial=0)))
        return out

    def number(self, n: Number) -> Any:
        terms = n.terms.items() if isinstance(n, Scalar) else [((), Fraction(n))]
        return sum(float(c) * prod(self._of(g) ** e for g, e in m) for m, c in terms)

    def _of(self, g: Generator) -> float:
        return float(self.number(g.radicand)) ** 0.5 if isinstance(g, Root) else float(number(_alone(g), self.world))

    def _apply(self, t: Apply) -> Array:
        if t.function in NAMED and not t.positions:
            return self.reduced(NAMED[t.function](self.value(t.term)))
        return super()._apply(t)

    def generator(self, g: Generator) -> Array:
        if isinstance(g, Entry):
            return self.value(g.term)
        if isinstance(g, Rank):
            return np.asarray(np.linalg.matrix_rank(self.value(g.term)), dtype=np.float64)
        if isinstance(g, Extreme):
            least = (np.minimum if g.kind == "min" else np.maximum).reduce([self.numbers(x) for x in g.of])
            return np.asarray(least, dtype=np.float64)
        return np.full(self.batch, self._of(g))

    def numbers(self, n: Number) -> Array:
        return self.reduced(super().numbers(n).astype(float))

    def same(self, left: Array, right: Array) -> Array:
        off = np.abs(left - right).reshape(self.batch, -1).max(axis=1, initial=0)
        return np.asarray(off <= TOLERANCE * self.largest)

    def ordered(self, left: Array, right: Array) -> Array:
        return np.asarray(left - right <= TOLERANCE * self.largest)


def speaks_of_reals(*statements: Statement) -> bool:
    """Whether residues will not do: orders, softmax, norms, roots."""
    parts = list(subterms(*(t for s in statements for t in terms_of(s))))
    numbers = [n for s in statements for n in _numbers(s)]
    return any(isinstance(t, Apply) and t.function in NAMED for t in parts) or any(
        isinstance(g, Entry) for n in numbers for g in _generators(n))


def _numbers(s: Statement) -> list[Scalar]:
    if isinstance(s, Iff):
        return _numbers(s.left) + _numbers(s.right)
    return [s.left, s.right] if isinstance(s, Compare) else []


def _generators(n: Scalar) -> set[Generator]:
    own = n.generators()
    return own.union(*(_generators(x) for g in own if isinstance(g, Extreme) for x in g.of))


def _alone(g: Generator) -> Scalar:
    return Scalar([(((g, 1),), Fraction(1))])
