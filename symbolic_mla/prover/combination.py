"""An equation as a rational combination of facts as they stand: Gaussian elimination over classes of networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.prover.difference import Difference, difference


def combination(d: Difference, facts: Sequence[Theorem]) -> Difference | None:
    """What is left, as a rational combination of facts as they stand: Gaussian elimination over classes of networks."""
    usable = [t for t in facts if isinstance(t.conclusion, Equation) and t.conclusion.left.axes == d.left.axes]
    columns = [_classes(difference(e.left, e.right)) for t in usable if isinstance(e := t.conclusion, Equation)]
    wanted = _classes(d)
    if wanted is None or None in columns or not columns:
        return None
    factors = solve([c for c in columns if c is not None], wanted)
    if factors is None:
        return None
    uses = tuple((c, t) for c, t in zip(factors, usable, strict=True) if c)
    found = difference(d.left, d.right, (*d.uses, *uses))
    return found if found.vanishes else None


def _classes(d: Difference) -> dict[tuple[int, int], Fraction] | None:
    """The coefficient of each class of networks, by cell and invariant; None where one is not rational."""
    total: dict[tuple[int, int], Fraction] = {}
    for number, (_, networks) in enumerate(d.cells):
        for n in networks:
            c = scalar(n.coef).terms
            if set(c) != {()}:
                return None
            key = (number, d.matcher.invariant(d.form, n, {}))
            total[key] = total.get(key, Fraction(0)) + c[()]
    return {k: c for k, c in total.items() if c}


def solve(columns: Sequence[Mapping[tuple[int, int], Fraction]],
          wanted: Mapping[tuple[int, int], Fraction]) -> list[Fraction] | None:  # fmt: skip
    """Rational factors with sum of factor * column = wanted, or None."""
    keys = sorted({k for c in (*columns, wanted) for k in c})
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
