"""What the singular value construction says of a matrix of symbols, at explicit sizes and without a root.

The singular values of a symbolic matrix are roots of a polynomial of high degree; its Gram matrix and its
rank factorisation are exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from symbolic_mla.errors import BudgetError, CertificateError
from symbolic_mla.exact.polynomial import PolynomialMatrix
from symbolic_mla.exact.two_products import Difference, first_difference

MAX_ELIMINATION = 36


@dataclass(frozen=True)
class GramEquality:
    """Whether W̃ᵀ W̃ = n Wᵀ W holds entry by entry, for W̃ = tile(W, n).

    Squared singular values are eigenvalues of the Gram matrix, so then σᵢ(W̃) = √n σᵢ(W) at all real values of
    the symbols.
    """

    copies: int
    difference: Difference | None

    @property
    def proved(self) -> bool:
        return self.difference is None

    def __str__(self) -> str:
        if self.difference is not None:
            return f"undecided: {self.difference}"
        return f"proved: σ(W̃) = √{self.copies} σ(W), by W̃ᵀ W̃ = {self.copies} Wᵀ W, entry by entry"


def tile_scales_singular_values(weight: object, copies: int) -> GramEquality:
    """Prove σᵢ(tile(W, n)) = √n σᵢ(W) through W̃ᵀ W̃ = n Wᵀ W in the polynomial ring.

    `weight`: W, p × D, as `PolynomialMatrix.of` reads it; `copies`: n >= 1.
    Raises: InputError for no copies or entries that are no polynomials; BudgetError for too many terms.

    >>> print(tile_scales_singular_values(PolynomialMatrix.symbols("W", 2, 3), copies=2))
    proved: σ(W̃) = √2 σ(W), by W̃ᵀ W̃ = 2 Wᵀ W, entry by entry
    """
    inner = PolynomialMatrix.of(weight)
    tiled = inner.tile(copies)
    gram = (inner.T @ inner).scaled(copies)
    return GramEquality(copies, first_difference("W̃ᵀ W̃ = n Wᵀ W", tiled.T @ tiled, gram))


@dataclass(frozen=True)
class RankFactorisation:
    """A = `up` · `down` with `up`: m × r, `down`: r × n SymPy matrices, r the generic rank.

    `up` is made of the columns `pivots` of A. It holds wherever no denominator of `down` vanishes.
    """

    up: Any
    down: Any
    pivots: tuple[int, ...]

    @property
    def rank(self) -> int:
        return len(self.pivots)


def rank_factorisation(matrix: object) -> RankFactorisation:
    """Factor a small matrix of polynomials through its generic rank, and multiply the factors out again.

    Raises: InputError for entries that are no polynomials; BudgetError for more than `MAX_ELIMINATION`
    entries with symbols: elimination in a field of rational functions explodes. CertificateError if the
    product is not the matrix (a fault of the elimination, never of the input).

    >>> import sympy
    >>> a, b = sympy.symbols("a b")
    >>> found = rank_factorisation([[a, b], [2*a, 2*b]])
    >>> found.up, found.down
    (Matrix([
    [  a],
    [2*a]]), Matrix([[1, b/a]]))
    """
    given = PolynomialMatrix.of(matrix)
    if given.free_symbols and math.prod(given.shape) > MAX_ELIMINATION:
        raise BudgetError(
            "elimination of a symbolic {} × {} matrix is beyond the limit of {} entries".format(
                *given.shape, MAX_ELIMINATION
            ),
            hint="prove the rank by two products instead (rank_equality), or give generic_rank the factors",
        )
    exact = given.to_sympy().to_DM().to_field()
    reduced, pivots = exact.rref()
    rows, columns = given.shape
    up = exact.extract(list(range(rows)), list(pivots))
    down = reduced.extract(list(range(len(pivots))), list(range(columns)))
    if up * down != exact:
        raise CertificateError("the factors found by elimination do not multiply to the matrix")
    return RankFactorisation(up.to_Matrix(), down.to_Matrix(), tuple(pivots))
