"""An equation as a rational combination of facts as they stand: Gaussian elimination over classes of networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import product

from symbolic_mla.errors import DomainError
from symbolic_mla.kernel.scalar import Monomial, Number, Scalar, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.prover.difference import Difference, difference


def combination(d: Difference, facts: Sequence[Theorem]) -> Difference | None:
    """What is left, as a rational combination of facts as they stand: Gaussian elimination over classes of networks."""
    usable = [t for t in facts if isinstance(t.conclusion, Equation) and t.conclusion.left.axes == d.left.axes]
    columns = [classes(difference(e.left, e.right)) for t in usable if isinstance(e := t.conclusion, Equation)]
    wanted = classes(d)
    if not columns:
        return None
    factors = solve(columns, wanted)
    if factors is None:
        return None
    uses = tuple((c, t) for c, t in zip(factors, usable, strict=True) if c)
    found = difference(d.left, d.right, (*d.uses, *uses))
    return found if found.vanishes else None


Key = tuple[int, int, Monomial]


def classes(d: Difference) -> dict[Key, Fraction]:
    """The rational coefficient of each monomial with each class of networks, by cell and invariant."""
    total: dict[Key, Fraction] = {}
    for number, (_, networks) in enumerate(d.cells):
        for n in networks:
            kind = d.matcher.invariant(d.form, n, {})
            for m, c in scalar(n.coef).terms.items():
                total[number, kind, m] = total.get((number, kind, m), Fraction(0)) + c
    return {k: c for k, c in total.items() if c}


def multiples(d: Difference, facts: Sequence[Theorem]) -> Iterator[tuple[Number, Theorem]]:
    """A fact times the quotient of a coefficient of what is left by one of its own, of the same class."""
    for t in facts:
        e = t.conclusion
        if isinstance(e, Equation) and e.left.axes == d.left.axes:
            left, own = classes(d), classes(difference(e.left, e.right))
            for there, here in product(left, own):
                if there[:2] == here[:2] and there != here:
                    with suppress(DomainError):
                        yield Scalar([(there[2], left[there])]) / Scalar([(here[2], own[here])]), t


def solve(columns: Sequence[Mapping[Key, Fraction]], wanted: Mapping[Key, Fraction]) -> list[Fraction] | None:
    """Rational factors with sum of factor * column = wanted, or None."""
    keys = list(dict.fromkeys(k for c in (*columns, wanted) for k in c))
    rows = [[c.get(k, Fraction(0)) for c in (*columns, wanted)] for k in keys]
    pivots: list[tuple[int, int]] = []
    for column in range(len(columns)):
        r = len(pivots)
        pivot = next((k for k in range(r, len(rows)) if rows[k][column]), None)
        if pivot is None:
            continue
        rows[r], rows[pivot] = rows[pivot], rows[r]
        rows[r] = [x / rows[r][column] for x in rows[r]]
        for k, row in enumerate(rows):
            if k != r and row[column]:
                rows[k] = [x - row[column] * y for x, y in zip(row, rows[r], strict=True)]
        pivots.append((r, column))
    if any(row[-1] for row in rows[len(pivots) :]):
        return None
    found = [Fraction(0)] * len(columns)
    for r, column in pivots:
        found[column] = rows[r][-1]
    return found
