"""rank W̃ = rank W by two products and no elimination: U W = W̃ and L W̃ = W.

Each equation gives one inequality, since rank(A B) <= rank B; both hold at every real value of the symbols,
because they hold in the polynomial ring. `Matrix.rank()` on a matrix of symbols eliminates in the field of
fractions instead, and its time explodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symbolic_mla.exact.polynomial import PolynomialMatrix


@dataclass(frozen=True)
class Difference:
    """The first entry, in reading order, in which an equation of matrices fails, and both of its values."""

    equation: str
    row: int
    column: int
    left: Any
    right: Any

    def __str__(self) -> str:
        return f"{self.equation} fails at ({self.row}, {self.column}): {self.left} is not {self.right}"


@dataclass(frozen=True)
class RankEquality:
    """What the two products showed. `difference` is None exactly when both equations hold.

    A failing pair U, L refutes nothing: the ranks may be equal through other factors.
    """

    shape: tuple[int, int]
    tiled_shape: tuple[int, int]
    difference: Difference | None

    @property
    def proved(self) -> bool:
        """Whether rank W̃ = rank W is proved, at every real value of the symbols."""
        return self.difference is None

    def __str__(self) -> str:
        if self.difference is not None:
            return f"undecided: {self.difference}"
        shapes = "W: {} × {}, W̃: {} × {}".format(*self.shape, *self.tiled_shape)
        return f"proved: rank W̃ = rank W, by U W = W̃ and L W̃ = W, entry by entry ({shapes})"


def first_difference(equation: str, left: PolynomialMatrix, right: PolynomialMatrix) -> Difference | None:
    """The first entry in which two matrices of one shape differ, None if they are equal.

    Raises: ShapeError for different shapes.
    """
    for row, column in left.differences(right):
        return Difference(equation, row, column, left.entry(row, column), right.entry(row, column))
    return None


def rank_equality(weight: object, tiled: object, up: object, down: object) -> RankEquality:
    """Prove rank W̃ = rank W by U W = W̃ and L W̃ = W, entry by entry in the polynomial ring.

    `weight`: W, p × D. `tiled`: W̃, q × D. `up`: U, q × p. `down`: L, p × q. Each is a PolynomialMatrix, a
    SymPy matrix, a DomainMatrix or a list of rows.
    Raises: ShapeError where shapes do not fit; InputError for entries that are no polynomials; BudgetError
    for too many entries or terms.

    >>> import sympy
    >>> W = sympy.Matrix(sympy.MatrixSymbol("W", 2, 4))
    >>> print(rank_equality(W, sympy.Matrix.vstack(W, W), [[1, 0], [0, 1]] * 2, [[1, 0, 0, 0], [0, 1, 0, 0]]))
    proved: rank W̃ = rank W, by U W = W̃ and L W̃ = W, entry by entry (W: 2 × 4, W̃: 4 × 4)
    """
    inner, outer, left, right = (PolynomialMatrix.of(matrix) for matrix in (weight, tiled, up, down))
    difference = first_difference("U W = W̃", left @ inner, outer)
    if difference is None:
        difference = first_difference("L W̃ = W", right @ outer, inner)
    return RankEquality(inner.shape, outer.shape, difference)


def tile_keeps_rank(weight: object, copies: int) -> RankEquality:
    """Prove rank tile(W, n) = rank W: U = tile(I, n), and L = (1/n) Uᵀ.

    `weight`: W, p × D. `copies`: n >= 1. Raises: as `rank_equality`.

    >>> tile_keeps_rank(PolynomialMatrix.symbols("W", 4, 8), copies=2).proved
    True
    """
    inner = PolynomialMatrix.of(weight)
    up = PolynomialMatrix.identity(len(inner.rows)).tile(copies)
    return rank_equality(inner, inner.tile(copies), up, up.T.scaled(Fraction(1, copies)))
