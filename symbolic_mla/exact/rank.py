"""The search for a proof of the rank of a given matrix, and the generic rank of a symbolic one.

What is found here is trusted by nobody: `RankCertificate.check` decides.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

from symbolic_mla.errors import BudgetError, CertificateError, InputError, ShapeError
from symbolic_mla.exact.given import GivenMatrix, given_matrix
from symbolic_mla.exact.modular import PRIME_LIMIT, Elimination, prime_below
from symbolic_mla.exact.rank_certificate import Product, RankCertificate, Span, integer_matrix

MAX_PRIMES = 32
MAX_SOLUTION_BITS = 1 << 28

Combination = tuple[tuple[int, int], ...]


def rank_certificate(
    matrix: object, *, factorisation: tuple[object, object] | None = None, prime: int | None = None
) -> RankCertificate:
    """The exact rank of a matrix of integers, rationals or floats, with its proof.

    `matrix`: m × n, anything that `given_matrix` reads; floats count as the dyadic rationals that they are,
    so a float matrix that is "numerically" of low rank has, in general, full rank. `factorisation`: L (m × k)
    and R (k × n) with L R = matrix exactly, if they are known; it saves the search for an upper bound.
    `prime`: where to begin (5 <= prime < 2²³, the largest by default).

    Raises: InputError for a matrix that `given_matrix` refuses, or for factors that do not multiply to it;
    ShapeError for factors of the wrong shape; BudgetError when the upper bound would need a solution of more
    than `MAX_SOLUTION_BITS` bits, or when `MAX_PRIMES` primes were all unlucky: then the rank is *undecided*.

    >>> certificate = rank_certificate([[1, 2, 3], [2, 4, 6], [0.5, 0, 0]])
    >>> certificate.rank, certificate.pivot_rows
    (2, (0, 2))
    >>> certificate.check([[1, 2, 3], [2, 4, 6], [0.5, 0, 0]])
    """
    given = given_matrix(matrix)
    product = None if factorisation is None else _product(given, *factorisation)
    trial = prime_below(PRIME_LIMIT) if prime is None else prime
    for _ in range(MAX_PRIMES):
        found = given.eliminate(trial)
        upper: Span | Product | None = None
        if found.rank < min(given.shape):
            upper = product if product and product.bound == found.rank else _span(given, found)
        if found.rank == min(given.shape) or upper is not None:
            return RankCertificate(given.shape, found.rank, trial, found.rows, found.columns, upper)
        # The bound fails: the rank is smaller modulo this prime than over the rationals. Take another.
        trial = prime_below(trial if trial > MAX_PRIMES * 64 else PRIME_LIMIT)
    raise BudgetError(
        f"the rank is smaller modulo each of {MAX_PRIMES} primes than over the rationals",
        hint="divide rows and columns by their common factors, or give a factorisation",
    )


def _product(given: GivenMatrix, left: object, right: object) -> Product:
    sides = [given_matrix(side) for side in (left, right)]
    shapes = [side.shape for side in sides]
    if shapes[0][1] != shapes[1][0] or (shapes[0][0], shapes[1][1]) != given.shape:
        raise ShapeError(
            "factors of {} × {} and {} × {} do not give a matrix of {} × {}".format(
                *shapes[0], *shapes[1], *given.shape
            ),
            hint="give L (m × k) and R (k × n) with L R equal to the m × n matrix",
        )
    pairs = [tuple(tuple(x.as_integer_ratio() for x in row) for row in side.fractions()) for side in sides]
    product = Product(pairs[0], pairs[1])
    try:
        product.check(given)
    except CertificateError as error:
        raise InputError(
            "the factors given do not multiply to the matrix exactly",
            hint="floats are compared as the rationals that they are; give integers or Fractions",
        ) from error
    return product


def _span(given: GivenMatrix, found: Elimination) -> Span | None:
    """All rows as combinations of the pivot rows, or the same for columns; None if that is false."""
    rows = _Repetitions(given, found.rows)
    if len(rows.distinct) == found.rank:
        return _expand("rows", found.rows, rows, {}, 1)
    columns = _Repetitions(given.transposed, found.columns)
    if len(columns.distinct) == found.rank:
        return _expand("columns", found.columns, columns, {}, 1)
    by_rows = len(rows.distinct) <= len(columns.distinct)
    if by_rows:
        return _solve("rows", given, found.rows, found.columns, rows, columns.distinct)
    return _solve("columns", given.transposed, found.columns, found.rows, columns, rows.distinct)


class _Repetitions:
    """The distinct nonzero rows of a matrix, the pivots first, and for each row the one that it repeats."""

    def __init__(self, given: GivenMatrix, pivots: Sequence[int]) -> None:
        entries = given.entries + 0 if given.entries.dtype == float else given.entries  # -0.0 becomes 0.0
        keys: list[Hashable] = (
            [tuple(row) for row in entries.tolist()]
            if entries.dtype == object
            else [row.tobytes() for row in entries]
        )
        first = {keys[pivot]: pivot for pivot in pivots}
        zero = [not (row != 0).any() for row in entries]
        self.source = [None if zero[i] else first.setdefault(key, i) for i, key in enumerate(keys)]
        self.distinct = list(first.values())


def _expand(
    axis: Literal["rows", "columns"],
    basis: tuple[int, ...],
    repetitions: _Repetitions,
    solved: dict[int, Combination],
    denominator: int,
) -> Span:
    """Carry the combinations of the distinct rows over to those that repeat them."""
    known = solved | {row: ((k, denominator),) for k, row in enumerate(basis)}
    combinations = tuple(() if source is None else known[source] for source in repetitions.source)
    return Span(axis, basis, denominator, combinations)


def _solve(
    axis: Literal["rows", "columns"],
    given: GivenMatrix,
    rows: tuple[int, ...],
    columns: tuple[int, ...],
    repetitions: _Repetitions,
    distinct_columns: list[int],
) -> Span | None:
    """Solve Y · A[rows, columns] = A[others, columns] and test Y · A[rows] = A[others], exactly."""
    rank = len(rows)
    others = repetitions.distinct[rank:]  # the pivots come first
    core = given.select([*rows, *others], [*columns, *distinct_columns[rank:]])
    integers = core.integers()
    largest = max((abs(entry) for row in integers for entry in row), default=0)
    bits = rank * rank * len(others) * (largest.bit_length() + rank.bit_length() // 2)
    if bits > MAX_SOLUTION_BITS:
        raise BudgetError(
            f"the rank is at least {rank}; the proof that it is no more would need up to {bits} bits "
            f"(the limit is {MAX_SOLUTION_BITS})",
            hint="give factors that are known: rank_certificate(A, factorisation=(L, R))",
        )
    top, bottom = integers[:rank], integers[rank:]
    width = len(integers[0])
    if rank == 0:
        return None  # a nonzero row is left, so the rank is not 0: the prime divides every entry
    square = integer_matrix([row[:rank] for row in top], rank).transpose()
    numerators, denominator = square.solve(
        integer_matrix([row[:rank] for row in bottom], rank).transpose()
    ).numer_denom()
    weights = numerators.transpose()
    if weights * integer_matrix(top, width) != integer_matrix(bottom, width) * denominator:
        return None
    solved = {
        row: tuple((k, int(weight)) for k, weight in enumerate(line) if weight != 0)
        for row, line in zip(others, weights.table(), strict=True)
    }
    return _expand(axis, rows, repetitions, solved, int(denominator))
