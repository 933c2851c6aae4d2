"""Non-negative solutions of linear equations over the rationals: the first phase of the simplex method.

Source: Bland, *New finite pivoting rules for the simplex method*, 1977: with his rule it never goes round in circles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

MAX_PIVOTS = 400

Column = Mapping[Any, Fraction]  # keys are hashable


def nonnegative(columns: Sequence[Column], wanted: Column) -> list[Fraction] | None:
    """Weights x >= 0 with Σ xⱼ columnⱼ = wanted; None where there are none, or none was found in time.

    >>> nonnegative([{"a": Fraction(1)}, {"a": Fraction(-1), "b": Fraction(2)}], {"b": Fraction(4)})
    [Fraction(2, 1), Fraction(2, 1)]
    >>> nonnegative([{"a": Fraction(1)}], {"a": Fraction(-1)}) is None
    True
    """
    keys = list(dict.fromkeys(k for c in (wanted, *columns) for k in c))
    n = len(columns)
    rows = []
    for k in keys:
        row = [c.get(k, Fraction(0)) for c in columns] + [wanted.get(k, Fraction(0))]
        rows.append([-x for x in row] if row[-1] < 0 else row)
    basis: list[int | None] = [None] * len(rows)  # None: what a row still misses
    for _ in range(MAX_PIVOTS):
        missing = [row for row, b in zip(rows, basis, strict=True) if b is None]
        if not any(row[-1] for row in missing):
            found = [Fraction(0)] * n
            for row, b in zip(rows, basis, strict=True):
                if b is not None:
                    found[b] = row[-1]
            return found
        enter = next((j for j in range(n) if j not in basis and sum(row[j] for row in missing) > 0), None)
        if enter is None:
            return None
        ratios = [(row[-1] / row[enter], n if b is None else b, r)
                  for r, (row, b) in enumerate(zip(rows, basis, strict=True)) if row[enter] > 0]  # fmt: skip
        leave = min(ratios)[2]
        pivot = rows[leave][enter]
        rows[leave] = top = [x / pivot for x in rows[leave]]
        for r, row in enumerate(rows):
            if r != leave and row[enter]:
                factor = row[enter]
                rows[r] = [x - factor * y for x, y in zip(row, top, strict=True)]
        basis[leave] = enter
    return None
