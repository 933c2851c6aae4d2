"""The exact rank of a rational matrix, as four matrices that show it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symbolic_mla.errors import UnsupportedError
from symbolic_mla.instance.values import inverse, plain


def exact(x: object) -> Fraction:
    """A rational number. Raises UnsupportedError for any other."""
    x = plain(x)  # type: ignore[arg-type]
    if not isinstance(x, int | Fraction):
        raise UnsupportedError(f"{x} is not rational: this instance is not over `rat`")
    return Fraction(x)


def exact_rank(rows: Sequence[Sequence[Fraction]]) -> tuple[list[list[Fraction]], ...]:
    """U, V, L, S with M = U V and L M S = I, for the rank of M as inner size.

    >>> [len(m) for m in exact_rank([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]])]
    [2, 1, 1, 2]
    """
    height, width = len(rows), len(rows[0])
    work = [list(row) for row in rows]
    pivots: list[tuple[int, int]] = []
    for column in range(width):
        found = next((i for i in range(height) if work[i][column] and i not in {p for p, _ in pivots}), None)
        if found is None:
            continue
        for i in range(height):
            if i != found and i not in {p for p, _ in pivots} and work[i][column]:
                factor = work[i][column] / work[found][column]
                work[i] = [x - factor * y for x, y in zip(work[i], work[found], strict=True)]
        pivots.append((found, column))
    chosen, columns = [i for i, _ in pivots], [j for _, j in pivots]
    core = inverse([[rows[i][j] for j in columns] for i in chosen]) if pivots else []
    if core is None:
        raise UnsupportedError("the pivots of a matrix are not independent")
    b = [[exact(x) for x in row] for row in core]
    u = [[sum((rows[i][j] * b[k][m] for k, j in enumerate(columns)), start=Fraction(0)) for m in range(len(b))]
         for i in range(height)]  # fmt: skip
    v = [list(rows[i]) for i in chosen]
    left = [[b[m][chosen.index(i)] if i in chosen else Fraction(0) for i in range(height)] for m in range(len(b))]
    right = [[Fraction(int(columns[m] == j)) for m in range(len(b))] for j in range(width)]
    return u, v, left, right

