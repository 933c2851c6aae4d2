"""The generic rank of a matrix of polynomials: the rank over the field of fractions of its symbols.

It is the largest rank at real values of the symbols, and that of almost all of them. Lower bound: the exact
rank at one choice of integers. Upper bound: a factorisation, multiplied out in the polynomial ring.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from symbolic_mla.errors import InputError
from symbolic_mla.exact.polynomial import PolynomialMatrix
from symbolic_mla.exact.rank import rank_certificate
from symbolic_mla.exact.rank_certificate import RankCertificate
from symbolic_mla.exact.two_products import first_difference


@dataclass(frozen=True)
class GenericRank:
    """lower <= generic rank <= upper, both proved.

    `certificate` proves the rank `lower` at `specialisation`; the reason for `upper` is `upper_reason`.
    """

    lower: int
    upper: int
    specialisation: tuple[tuple[str, int], ...]
    certificate: RankCertificate
    upper_reason: str

    @property
    def rank(self) -> int | None:
        """The generic rank, or None while the bounds differ (*undecided*)."""
        return self.lower if self.lower == self.upper else None


def generic_rank(
    matrix: object, *, factorisation: tuple[object, object] | None = None, trials: int = 3, seed: int = 0
) -> GenericRank:
    """Bounds for the rank of a matrix of polynomials over the field of fractions of its symbols.

    `matrix`: m × n; `factorisation`: L (m × k) and R (k × n) with L R = matrix in the polynomial ring.
    `trials` choices of integers, drawn from `seed`, are tried until the bounds meet.
    Raises: InputError for entries that are no polynomials, for factors whose product is another matrix, and
    for fewer than one trial; ShapeError and BudgetError as `PolynomialMatrix` and `rank_certificate`.

    >>> W = PolynomialMatrix.symbols("W", 2, 8)
    >>> generic_rank(W.tile(4), factorisation=(PolynomialMatrix.identity(2).tile(4), W)).rank
    2
    """
    if trials < 1:
        raise InputError(f"{trials} trials were asked for; at least 1 is needed")
    given = PolynomialMatrix.of(matrix)
    upper, reason = min(given.shape), "the shape is {} × {}".format(*given.shape)
    if factorisation is not None:
        left, right = (PolynomialMatrix.of(side) for side in factorisation)
        difference = first_difference("L R = A", left @ right, given)
        if difference is not None:
            raise InputError(f"the factors do not multiply to the matrix: {difference}")
        if left.columns < upper:
            upper, reason = left.columns, f"it is a product of inner size {left.columns}"
    symbols = given.free_symbols
    source = random.Random(seed)
    found = [_at_integers(given, symbols, source)]
    while symbols and len(found) < trials and found[-1][1].rank < upper:
        found.append(_at_integers(given, symbols, source))
    values, certificate = max(found, key=lambda pair: pair[1].rank)
    if not symbols:  # a matrix of numbers: the certificate is the whole proof
        upper, reason = certificate.rank, str(certificate)
    return GenericRank(certificate.rank, upper, values, certificate, reason)


def _at_integers(
    given: PolynomialMatrix, symbols: list[Any], source: random.Random
) -> tuple[tuple[tuple[str, int], ...], RankCertificate]:
    """One choice of integers for the symbols, and the exact rank there."""
    values = {symbol: source.randint(-99, 99) for symbol in symbols}
    named = tuple((str(symbol), value) for symbol, value in values.items())
    return named, rank_certificate(given.evaluate(values))
