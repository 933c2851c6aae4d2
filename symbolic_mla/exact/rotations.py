"""Orthogonal matrices with rational entries."""

from __future__ import annotations

import random
from fractions import Fraction

import flint

from symbolic_mla.errors import InputError
from symbolic_mla.exact.rational import Rows, from_flint, rational_rows, to_flint


def hadamard_rotation(size: int) -> Rows:
    """An orthogonal matrix with dyadic entries: Sylvester's Hadamard matrices of sizes 4ᵏ, divided by 2ᵏ.

    The largest block that fits comes first, so that sizes other than 4ᵏ are block diagonal.
    Raises: InputError for a size below 1. Source: J. J. Sylvester, Phil. Mag. 34 (1867).

    >>> [[str(x) for x in row] for row in hadamard_rotation(4)][1]
    ['1/2', '-1/2', '1/2', '-1/2']
    """
    _check_size(size)
    rows = [[Fraction(0)] * size for _ in range(size)]
    start = 0
    while start < size:
        level = ((size - start).bit_length() - 1) // 2
        for i in range(4**level):
            for j in range(4**level):
                rows[start + i][start + j] = Fraction((-1) ** (i & j).bit_count(), 2**level)
        start += 4**level
    return tuple(map(tuple, rows))


def cayley_rotation(skew: object) -> Rows:
    """Cayley's rotation (I − K)(I + K)⁻¹ of a rational K with Kᵀ = −K.

    I + K is invertible for every real K of this kind. Source: A. Cayley, J. reine angew. Math. 32 (1846).
    Raises: InputError for a matrix that is not square and skew, or not rational.

    >>> [[str(x) for x in row] for row in cayley_rotation([[0, 2], [-2, 0]])]
    [['-3/5', '-4/5'], ['4/5', '-3/5']]
    """
    rows = rational_rows(skew)
    size = len(rows)
    if size != len(rows[0]):
        raise InputError(f"a matrix of {size} × {len(rows[0])} is not square", hint="give K with Kᵀ = −K")
    for i in range(size):
        for j in range(i + 1):
            if rows[i][j] != -rows[j][i]:
                raise InputError(f"Kᵀ = −K fails at ({i}, {j})", hint="for any A, take K = A − Aᵀ")
    identity = flint.fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    k = to_flint(rows)
    return from_flint((identity - k) * (identity + k).inv())


def random_skew(size: int, seed: int) -> Rows:
    """A skew matrix of integers from −2 to 2, the same for the same seed.

    Raises: InputError for a size below 1.
    """
    _check_size(size)
    source = random.Random(seed)
    rows = [[Fraction(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            rows[i][j] = Fraction(source.randint(-2, 2))
            rows[j][i] = -rows[i][j]
    return tuple(map(tuple, rows))


def _check_size(size: int) -> None:
    if size < 1:
        raise InputError(f"a size of {size} was given; sizes start at 1")
