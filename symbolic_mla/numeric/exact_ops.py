"""Attention in exact rational numbers, with an uninterpreted function in the place of softmax."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from math import isqrt
from typing import Any

from symbolic_mla.errors import DomainError
from symbolic_mla.numeric.object_ops import Array, ObjectOps, exact, to_fractions


class UninterpretedFunction:
    """A function of a row about which nothing is known but that equal rows have equal values.

    The value is a pseudo-random rational vector, drawn from the row itself, so two computations agree
    under it exactly when every argument that they pass agrees.

    >>> f = UninterpretedFunction(seed=1)
    >>> f([Fraction(1), Fraction(2)]) == f([Fraction(1), Fraction(2)])
    True
    >>> f([Fraction(1), Fraction(2)]) == f([Fraction(2), Fraction(1)])
    False
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def __call__(self, row: list[Any]) -> list[Fraction]:
        """The value at a row of rationals."""
        key = f"{self.seed}|" + ",".join(str(Fraction(entry)) for entry in row)
        values = []
        for i in range(len(row)):
            digest = sha256(f"{key}|{i}".encode()).digest()
            values.append(Fraction(int.from_bytes(digest[:3], "big") - 2**23, 1 + digest[3]))
        return values


class ExactOps(ObjectOps):
    """The `Ops` of rational numbers: `softmax` stands for an unknown function of the last axis.

    Equality under it is equality for a random interpretation: evidence about every function at once,
    never a proof; a difference is exact, and refutes.

    >>> ops = ExactOps()
    >>> ops.einsum("i j, j k -> i k", ops.array([[0.5, 1]]), ops.array([[2], [3]])).tolist()
    [[Fraction(4, 1)]]
    """

    def __init__(self, seed: int = 0) -> None:
        self.function = UninterpretedFunction(seed)

    def array(self, x: Any) -> Array:
        """The exact values of floats, integers or fractions; raises InputError for NaN and infinity."""
        return to_fractions(x)

    def sqrt(self, dimension: int) -> Fraction:
        """The square root of a square.

        Raises:
            DomainError: when the root is irrational.
        """
        root = isqrt(dimension)
        if root * root != dimension:
            raise DomainError(
                f"√{dimension} is irrational, and this backend has only rational numbers",
                hint="Scoring(scale=Fraction(1, 3)), or a head size that is a square",
            )
        return Fraction(root)

    def scale(self, x: Array, factor: Any) -> Array:
        """`x` times a number, exactly; raises InputError for NaN and infinity."""
        return super().scale(x, exact(factor))

    def softmax(self, x: Array) -> Array:
        """The uninterpreted function of the last axis."""
        return self.apply(self.function, x)
