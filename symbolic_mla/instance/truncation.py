"""The first singular triplets, exactly, of matrices that are diagonal up to the order of rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symbolic_mla.instance.evaluate import Tensor


def truncated(w: Tensor, r: int) -> tuple[Tensor, Tensor, Tensor] | None:
    """U, S and V with r columns, for a matrix with at most one non-zero entry in each row and column; else None.

    >>> [str(t) for t in truncated(Tensor((2, 2), (0, -3, 1, 0)), 1)]
    ['[[-1], [0]]', '[[3]]', '[[0], [1]]']
    """
    p, q = w.shape
    if not all(isinstance(x, int | Fraction) for x in w.entries):
        return None
    places = [(i, j, x) for i, row in enumerate(w.rows()) for j, x in enumerate(row) if x]
    rows, columns = {i for i, _, _ in places}, {j for _, j, _ in places}
    if len(rows) < len(places) or len(columns) < len(places):
        return None
    places.sort(key=lambda place: -abs(place[2]))
    left = [i for i in range(p) if i not in rows]
    right = [j for j in range(q) if j not in columns]
    triplets = [(i, j, x) for i, j, x in places] + [(i, j, 0) for i, j in zip(left, right, strict=False)]
    u, s, v = ([[0] * r for _ in range(n)] for n in (p, r, q))
    for k, (i, j, x) in enumerate(triplets[:r]):
        u[i][k], s[k][k], v[j][k] = -1 if x < 0 else 1, abs(x), 1
    return _tensor(u), _tensor(s), _tensor(v)


def _tensor(rows: Sequence[Sequence[Any]]) -> Tensor:
    return Tensor((len(rows), len(rows[0])), tuple(x for row in rows for x in row))


def is_best(w: Tensor, u: Tensor, s: Tensor, v: Tensor) -> bool:
    """Whether triplets that satisfy their equations are the first: what is left has no larger singular value.

    That is, s² I - Eᵀ E has no negative eigenvalue, for E = W - U S Vᵀ and the least s on the diagonal of S; and a
    column is 0 only where W has not so many singular values.
    """
    entries = [w, u, s, v]
    if not all(isinstance(x, int | Fraction) for t in entries for x in t.entries):
        return False
    big, left, middle, right = (t.rows() for t in entries)
    r = len(middle)
    if not all(_units(columns, min(r, len(left), len(right))) for columns in (left, right)):
        return False
    rest = [[x - sum(left[i][a] * middle[a][b] * right[j][b] for a in range(r) for b in range(r))
             for j, x in enumerate(row)] for i, row in enumerate(big)]  # fmt: skip
    if any(middle[a][a] < 0 for a in range(r)):
        return False
    least = min(middle[a][a] ** 2 for a in range(r))
    size = len(right)
    return _nonnegative([[(least if i == j else 0) - sum(row[i] * row[j] for row in rest) for j in range(size)]
                         for i in range(size)])  # fmt: skip


def _units(matrix: list[list[Any]], count: int) -> bool:
    """Whether so many columns are orthonormal, and the others 0."""
    columns = list(zip(*matrix, strict=True))
    gram = [[sum(x * y for x, y in zip(a, b, strict=True)) for b in columns] for a in columns]
    diagonal = [row[k] for k, row in enumerate(gram)]
    rest = [x for k, row in enumerate(gram) for j, x in enumerate(row) if j != k]
    return not any(rest) and sorted(diagonal) == [0] * (len(columns) - count) + [1] * count


def _nonnegative(matrix: list[list[Any]]) -> bool:
    """Whether a symmetric rational matrix has no negative eigenvalue: symmetric elimination."""
    a = [[Fraction(x) for x in row] for row in matrix]
    while a:
        if a[0][0] < 0 or (a[0][0] == 0 and any(a[0])):
            return False
        top, rest = a[0], a[1:]
        a = [[x - row[0] * y / top[0] if top[0] else x for x, y in zip(row[1:], top[1:], strict=True)]
             for row in rest]  # fmt: skip
    return True
