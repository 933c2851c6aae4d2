"""Whether a statement is true in a world, by definitions: ranks by elimination over the rationals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.kernel.scalar import Number, Root, Scalar, Var
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank
from symbolic_mla.selftest.dense import NoMeaning, World, alike, axis_size, dense, less, same

DRAWS = 8  # of what is spoken of for all its values


def true_at(s: Statement, w: World) -> bool:
    """Whether a statement is true here. Existence is judged for A_i = U_i V, through the rank of the stack."""
    if isinstance(s, Equation):
        return same(dense(s.left, w), dense(s.right, w))
    if isinstance(s, Compare):
        left, right = value(s.left, w), value(s.right, w)
        return alike(left, right) or (s.relation == "<=" and less(left, right))
    if isinstance(s, Iff):
        return true_at(s.left, w) == true_at(s.right, w)
    if isinstance(s, Exists) and not s.unknowns:
        return all(true_at(e, draw) for draw in _for_all(s, w) for e in s.equations)
    if isinstance(s, Exists):
        rows = [list(row) for side in factorised_sides(s) for row in dense(side, w)]
        return rank(rows) <= axis_size(s.unknowns[-1].axes[0], w)
    raise NoMeaning(type(s).__name__)


def _for_all(s: Exists, w: World) -> Iterator[World]:
    """The world with several draws of what is spoken of for all its values."""
    for number in range(DRAWS):
        rng = w.rng("for all", number)
        drawn = {}
        for a in s.inner:
            out = np.empty([axis_size(x, w) for x in a.axes], dtype=object)
            for at in np.ndindex(out.shape):
                out[at] = rng.randint(-4, 4)
            drawn[a] = out
        yield replace(w, tensors={**w.tensors, **drawn})


def factorised_sides(s: Exists) -> list[Term]:
    """The A_i of A_i = U_i V. Raises NoMeaning for another existence: there is no criterion for it here."""
    products = [e.right.children() for e in s.equations]
    if s.inner or any(len(p) != 2 or e.right != matmul(*p) for e, p in zip(s.equations, products, strict=True)):
        raise NoMeaning("no criterion for this existence")
    factors = {p[0] for p in products} | {p[1] for p in products}
    one_shared = len({p[1] for p in products}) == 1 and len(factors) == len(products) + 1
    if not one_shared or factors != {*s.unknowns} or factors & {*subterms(*(e.left for e in s.equations))}:
        raise NoMeaning("no criterion for this existence")
    return [e.left for e in s.equations]


def value(n: Number, w: World) -> Any:
    """A number of a statement, ranks and extremes included."""
    if not isinstance(n, Scalar):
        return Fraction(n)
    total: Any = Fraction(0)
    for m, c in n.terms.items():
        part: Any = Fraction(c)
        for g, e in m:
            if isinstance(g, Rank):
                part *= Fraction(rank([list(row) for row in dense(g.term, w)])) ** e
            elif isinstance(g, Entry):
                part *= dense(g.term, w).item() ** e
            elif isinstance(g, Extreme):
                part *= (min if g.kind == "min" else max)(value(x, w) for x in g.of) ** e
            elif isinstance(g, Var):
                part *= w.value(g) ** e
            elif isinstance(g, Root) and e % 2 == 0:
                part *= value(g.radicand, w) ** (e // 2)
            elif isinstance(g, Root):
                under = value(g.radicand, w)
                root = Fraction(isqrt(under.numerator), isqrt(under.denominator))
                if root**2 != under:
                    raise ValueError(f"the root of {under} is no rational number")
                part *= root**e
            else:
                raise NoMeaning(type(g).__name__)
        total += part
    return total


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank of a rational matrix, by elimination."""
    matrix = [[Fraction(x) for x in row] for row in rows]
    found = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((r for r in range(found, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for r in range(found + 1, len(matrix)):
            factor = matrix[r][column] / matrix[found][column]
            matrix[r] = [x - factor * y for x, y in zip(matrix[r], matrix[found], strict=True)]
        found += 1
    return found
