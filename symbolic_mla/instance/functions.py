"""Interpretations of functions at an instance: arbitrary exact tables, and the named ones in interval arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import product
from types import MappingProxyType
from typing import Any

from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.instance.values import size
from symbolic_mla.kernel.scalar import Number
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Apply, Term

MAX_FORMULAS = 8  # written out for one function

NAMED = ("softmax", "normalize")
"""Functions with a meaning of their own; every other name stands for any function."""


class Table:
    """An arbitrary function of the last axis: each argument gets small integers, drawn once from a seed.

    >>> f = Table("f", seed=1)
    >>> f((), (1, 2)) == f((), (1, 2))
    True
    """

    def __init__(self, name: str, seed: int, spread: int = 2) -> None:
        self.name, self.seed, self.spread = name, seed, spread
        self.rows: dict[tuple[tuple[int, ...], tuple[Number, ...]], tuple[int, ...]] = {}

    def __call__(self, positions: tuple[int, ...], row: Sequence[Any]) -> Sequence[int]:
        key = (positions, tuple(row))
        if key not in self.rows:
            text = f"{self.name}|{self.seed}|{positions}|{'|'.join(map(str, row))}"
            digest = blake2b(text.encode(), digest_size=max(1, min(64, len(row)))).digest()
            width = 2 * self.spread + 1
            values = [digest[k % len(digest)] % width - self.spread for k in range(len(row))]
            self.rows[key] = tuple(values)
        return self.rows[key]


class Polynomial:
    """A function for interval arithmetic: a quadratic map with integer coefficients drawn from a seed."""

    def __init__(self, name: str, seed: int) -> None:
        self.name, self.seed = name, seed

    def _coefficient(self, *place: object) -> int:
        digest = blake2b(f"{self.name}|{self.seed}|{place}".encode(), digest_size=1).digest()
        return digest[0] % 5 - 2

    def __call__(self, positions: tuple[int, ...], row: Sequence[Any]) -> list[Any]:
        out = []
        for j in range(len(row)):
            total = row[0] * 0 + self._coefficient(positions, len(row), j)
            for k, x in enumerate(row):
                total = total + self._coefficient(positions, j, k) * x + self._coefficient(positions, k, j, 2) * x * x
            out.append(total)
        return out

    def formula(self, positions: tuple[int, ...], width: int) -> str:
        """What it does to a row of so many entries, as text.

        >>> Polynomial("f", 1).formula((), 1)
        'f(x1) = (2*x1 - x1^2)'
        """
        names = [f"x{k + 1}" for k in range(width)]
        images = []
        for j in range(width):
            terms = [(self._coefficient(positions, width, j), "")]
            for k, x in enumerate(names):
                terms += [(self._coefficient(positions, j, k), x), (self._coefficient(positions, k, j, 2), f"{x}^2")]
            shown = "".join(_signed(c, x) for c, x in terms if c) or " + 0"
            images.append(("-" if shown[1] == "-" else "") + shown[3:])
        at = f"[{', '.join(map(str, positions))}]" if positions else ""
        return f"{self.name}{at}({', '.join(names)}) = ({', '.join(images)})"


def _signed(c: int, x: str) -> str:
    size = str(abs(c)) if abs(c) != 1 or not x else ""
    return f" {'-' if c < 0 else '+'} {size}{'*' if size and x else ''}{x}"


def formulas(name: str, terms: Iterable[Term], sizes: Mapping[str, Number]) -> list[str]:
    """The polynomial that stands for a function beside softmax, for each row that terms give it at these sizes."""
    met = {
        (positions, size(t.axes[-1], sizes))
        for t in terms if isinstance(t, Apply) and t.function == name
        for positions in product(*(range(size(t.axes[p], sizes)) for p in t.positions))
    }  # fmt: skip
    return [Polynomial(name, 1).formula(*where) for where in sorted(met)][:MAX_FORMULAS]


def interval_softmax(positions: tuple[int, ...], row: Sequence[Any]) -> list[Any]:
    """softmax of a row of mpmath intervals, as enclosures."""
    from mpmath import iv

    powers = [iv.exp(x) for x in row]
    total = sum(powers[1:], start=powers[0])
    return [p / total for p in powers]


def interval_normalize(positions: tuple[int, ...], row: Sequence[Any]) -> list[Any]:
    """A row of mpmath intervals divided by its length, as enclosures; 0 stays 0.

    Raises: UnsupportedError where it is not certain that the row is not 0.
    """
    from mpmath import iv

    if all(x == 0 for x in row):
        return list(row)
    squares = [x**2 for x in row]
    total = sum(squares[1:], start=squares[0])
    if 0 in total:
        raise UnsupportedError("whether a row is 0 is not certain")
    return [x / iv.sqrt(total) for x in row]


ENCLOSED = MappingProxyType({"softmax": interval_softmax, "normalize": interval_normalize})
"""Named functions on rows of intervals."""


def stand_in(name: str, statement: Statement, sizes: Mapping[str, Number]) -> list[str]:
    """What stands for a function of a statement beside softmax: `f(x1, x2) = (...)` for each length of row; empty where
    the statement has no softmax, and the function is a table."""
    terms = list(subterms(*terms_of(statement)))
    beside = any(isinstance(t, Apply) and t.function in NAMED for t in terms)
    return formulas(name, terms, sizes) if beside else []
