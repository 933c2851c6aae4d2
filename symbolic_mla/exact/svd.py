"""Singular value decompositions in which every equation is exact.

Singular values are roots, so their *squares* are kept: a decomposition of a rational matrix is two rational
matrices with orthogonal columns and three rows of rational squares. The founding construction,
σ(tile(W, n)) = √n σ(W) with U = (1/√n) tile(U_W), then multiplies one row by n and divides another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symbolic_mla.errors import CertificateError, DomainError, InputError, ShapeError
from symbolic_mla.exact.rational import Rows, multiply, rational_rows, transpose


@dataclass(frozen=True)
class ExactSVD:
    """A = U Σ Vᵀ for A: m × n, U: m × r, V: n × r, exactly.

    Column i of U is √left_squares[i] · left[:, i], column i of V is √right_squares[i] · right[:, i], and the
    singular value σᵢ is √value_squares[i], in descending order. Singular values beyond r are 0.
    """

    left: Rows
    left_squares: tuple[Fraction, ...]
    value_squares: tuple[Fraction, ...]
    right: Rows
    right_squares: tuple[Fraction, ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.left), len(self.right)

    @property
    def rank(self) -> int:
        """The number of singular values that are not 0."""
        return sum(square != 0 for square in self.value_squares)

    def matrix(self) -> Rows:
        """A = U Σ Vᵀ, as rows of fractions.

        Raises: DomainError if an entry would be irrational.
        """
        squares = zip(self.left_squares, self.value_squares, self.right_squares, strict=True)
        weights = [_root(a * s * b) for a, s, b in squares]
        scaled = tuple(tuple(x * w for x, w in zip(row, weights, strict=True)) for row in self.left)
        return multiply(scaled, transpose(self.right))

    def check(self, matrix: object) -> None:
        """Check UᵀU = I, VᵀV = I, σ₀ >= σ₁ >= … >= 0 and U Σ Vᵀ = `matrix`, all exactly.

        Raises: CertificateError naming the equation that fails; InputError for what is no rational matrix.
        """
        for name, columns, squares in (
            ("Uᵀ U = I", self.left, self.left_squares),
            ("Vᵀ V = I", self.right, self.right_squares),
        ):
            gram = multiply(transpose(columns), columns)
            if len(gram) != len(squares) or any(square <= 0 for square in squares):
                raise CertificateError(f"{name} needs one positive square for each of {len(gram)} columns")
            for i, row in enumerate(gram):
                for j, entry in enumerate(row):
                    if entry * squares[i] != (i == j):
                        raise CertificateError(f"{name} fails at ({i}, {j})")
        descending = sorted(self.value_squares, reverse=True) == list(self.value_squares)
        if not descending or any(square < 0 for square in self.value_squares):
            raise CertificateError("the singular values are not in descending order, or negative")
        if not len(self.left_squares) == len(self.value_squares) == len(self.right_squares):
            raise CertificateError("U, Σ and V have different numbers of columns")
        if self.matrix() != rational_rows(matrix):
            raise CertificateError("U Σ Vᵀ is not the matrix")

    def tile(self, copies: int) -> ExactSVD:
        """The decomposition of tile(A, n): (1/√n) tile(U), √n Σ and the same V.

        Raises: InputError for fewer than one copy.

        >>> tiled = hadamard_svd(4, 4, [2, 1]).tile(3)
        >>> tiled.check(hadamard_svd(4, 4, [2, 1]).matrix() * 3)
        >>> [str(square) for square in tiled.value_squares]
        ['12', '3']
        """
        if copies < 1:
            raise InputError(f"{copies} copies were asked for; at least 1 is needed")
        return ExactSVD(
            self.left * copies,
            tuple(square / copies for square in self.left_squares),
            tuple(square * copies for square in self.value_squares),
            self.right,
            self.right_squares,
        )

    def truncate(self, rank: int) -> ExactSVD:
        """The best approximation of rank at most `rank` (Eckart and Young 1936; Mirsky 1960).

        Its error is √value_squares[rank] in the spectral norm and √(sum of value_squares[rank:]) in
        Frobenius' norm, both exact here as squares.
        Raises: InputError for a rank below 1 or beyond the number of singular values kept.
        """
        if not 1 <= rank <= len(self.value_squares):
            raise InputError(
                f"rank {rank} was asked for; there are {len(self.value_squares)} singular values"
            )
        return ExactSVD(
            tuple(row[:rank] for row in self.left),
            self.left_squares[:rank],
            self.value_squares[:rank],
            tuple(row[:rank] for row in self.right),
            self.right_squares[:rank],
        )

    def projections(self) -> tuple[Rows, Rows]:
        """Rational up-projection (m × r) and down-projection (r × n) with product A.

        They are U and Σ Vᵀ up to one factor √left_squares[i] for each column.
        Raises: DomainError if A is irrational.
        """
        squares = zip(self.left_squares, self.value_squares, self.right_squares, strict=True)
        weights = [_root(a * s * b) for a, s, b in squares]
        down = tuple(tuple(x * w for x in row) for row, w in zip(transpose(self.right), weights, strict=True))
        return self.left, down

    def to_sympy(self) -> tuple[Any, Any, Any]:
        """U, Σ and V as SymPy matrices, with the roots written out."""
        import sympy

        def matrix(rows: Rows, squares: Sequence[Fraction]) -> Any:
            return sympy.Matrix([list(row) for row in rows]) * sympy.diag(*map(root, squares))

        def root(square: Fraction) -> Any:
            return sympy.sqrt(sympy.Rational(square.numerator, square.denominator))

        sigma = sympy.diag(*map(root, self.value_squares))
        return matrix(self.left, self.left_squares), sigma, matrix(self.right, self.right_squares)


def _root(square: Fraction) -> Fraction:
    top, bottom = math.isqrt(square.numerator), math.isqrt(square.denominator)
    if top * top != square.numerator or bottom * bottom != square.denominator:
        raise DomainError(
            f"√({square}) is irrational, so the product U Σ Vᵀ is no rational matrix",
            hint="to_sympy() gives the factors with their roots",
        )
    return Fraction(top, bottom)


def svd_from_rotations(left: object, values: Sequence[object], right: object) -> ExactSVD:
    """The matrix with the given rational singular values between two rational orthogonal matrices.

    `left`: m × k, `right`: n × k', each with orthonormal columns; `values`: 1 to min(k, k') numbers, >= 0 and
    descending. The first r columns of each are used.
    Raises: ShapeError for no values or too many; CertificateError for columns that are not orthonormal or
    values that are not descending; InputError for what is not rational.

    >>> svd = svd_from_rotations([[1, 0], [0, 1]], [5, 1], [[0.0, 1.0], [1.0, 0.0]])
    >>> svd.check([[0, 5], [1, 0]])
    """
    columns = [rational_rows(side) for side in (left, right)]
    if not 1 <= len(values) <= min(len(side[0]) for side in columns):
        raise ShapeError(
            f"{len(values)} singular values were given for {len(columns[0][0])} left columns "
            f"and {len(columns[1][0])} right ones",
            hint="give at least one, and at most one for each column of either side",
        )
    numbers = rational_rows([list(values)])[0]
    ones = (Fraction(1),) * len(numbers)
    used = [tuple(row[: len(numbers)] for row in side) for side in columns]
    if any(number < 0 for number in numbers):
        raise CertificateError("the singular values are not in descending order, or negative")
    svd = ExactSVD(used[0], ones, tuple(number**2 for number in numbers), used[1], ones)
    svd.check(svd.matrix())
    return svd


def hadamard_svd(rows: int, columns: int, values: Sequence[object]) -> ExactSVD:
    """A family with dyadic entries, exact in float64 too: `hadamard_rotation` on both sides.

    Raises: as `svd_from_rotations`.

    >>> svd = hadamard_svd(4, 5, [3, 1])
    >>> [str(x) for x in svd.matrix()[0]]
    ['1', '1/2', '1', '1/2', '0']
    """
    from symbolic_mla.exact.rotations import hadamard_rotation

    return svd_from_rotations(hadamard_rotation(rows), values, hadamard_rotation(columns))


def cayley_svd(rows: int, columns: int, values: Sequence[object], *, seed: int = 0) -> ExactSVD:
    """A family with general rational entries: `cayley_rotation` of random integers on both sides.

    Raises: as `svd_from_rotations`.

    >>> cayley_svd(3, 4, [2, 1]).rank
    2
    """
    from symbolic_mla.exact.rotations import cayley_rotation, random_skew

    return svd_from_rotations(
        cayley_rotation(random_skew(rows, seed)), values, cayley_rotation(random_skew(columns, seed + 1))
    )
