"""The rank of a given matrix of exact numbers, as a proof that can be checked without trusting the search.

Lower bound: a square submatrix whose determinant is nonzero modulo a prime. Upper bound: the shape, or an
exact factorisation. `RankCertificate.check` shares no code with the search but the reading of the matrix:
it uses FLINT's determinant modulo a prime and FLINT's integer products.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

import flint
import numpy as np

from symbolic_mla.errors import BudgetError, CertificateError, InputError
from symbolic_mla.exact.given import GivenMatrix, given_matrix


def integer_matrix(rows: list[list[int]], columns: int) -> Any:
    """FLINT's matrix of the given rows (`columns` is needed when there is no row)."""
    return flint.fmpz_mat(len(rows), columns, [entry for row in rows for entry in row])


@dataclass(frozen=True)
class Span:
    """Every row (or column) of A is a rational combination of those in `basis`: rank A <= len(basis).

    `denominator` · A[i] = Σ coefficient · A[basis[k]] over the pairs (k, coefficient) of combinations[i].
    This is the factorisation A = L · A[basis].
    """

    axis: Literal["rows", "columns"]
    basis: tuple[int, ...]
    denominator: int
    combinations: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def bound(self) -> int:
        return len(self.basis)

    def check(self, given: GivenMatrix) -> None:
        """Raises: CertificateError unless the equations hold exactly for this matrix."""
        if self.axis == "columns":
            given = given.transposed
        rows, _ = given.shape
        if len(self.combinations) != rows or self.denominator < 1:
            raise CertificateError(f"{len(self.combinations)} combinations were given for {rows} {self.axis}")
        if not all(0 <= i < rows for i in self.basis):
            raise CertificateError(f"the basis names {self.axis} that the matrix does not have")
        if any(not 0 <= k < self.bound for terms in self.combinations for k, _ in terms):
            raise CertificateError(
                f"a combination names a position outside the basis of {self.bound} {self.axis}"
            )
        mixed = [i for i, terms in enumerate(self.combinations) if not self._is_repetition(given, i, terms)]
        if mixed and not self._products_agree(given, mixed):
            raise CertificateError(
                f"some of the {self.axis} is not the combination that the certificate states"
            )

    def _is_repetition(self, given: GivenMatrix, row: int, terms: tuple[tuple[int, int], ...]) -> bool:
        """Whether this row is, by inspection, zero or a copy of a basis row, as `terms` says."""
        entries = given.entries
        if not terms:
            return not np.any(entries[row] != 0)
        ((position, coefficient), *rest) = terms
        copy = not rest and coefficient == self.denominator
        return copy and bool(np.array_equal(entries[row], entries[self.basis[position]]))

    def _products_agree(self, given: GivenMatrix, mixed: list[int]) -> bool:
        _, width = given.shape
        integers = given.select([*self.basis, *mixed]).integers()  # one scale for both sides
        weights = [[0] * self.bound for _ in mixed]
        for target, row in zip(weights, mixed, strict=True):
            for position, coefficient in self.combinations[row]:
                target[position] += coefficient
        left = integer_matrix(weights, self.bound) * integer_matrix(integers[: self.bound], width)
        return bool(left == integer_matrix(integers[self.bound :], width) * self.denominator)

    def __str__(self) -> str:
        listed = ", ".join(map(str, self.basis)) or "none"
        return f"every one of the {self.axis} is an exact combination of these {self.bound}: {listed}"


@dataclass(frozen=True)
class Product:
    """A = L R, multiplied out exactly: rank A <= the inner size. Entries: (numerator, denominator)."""

    left: tuple[tuple[tuple[int, int], ...], ...]
    right: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def bound(self) -> int:
        return len(self.right)

    def check(self, given: GivenMatrix) -> None:
        """Raises: CertificateError unless L R is exactly this matrix."""
        # Cross-multiplied by the three scales, so that only integers are multiplied.
        left, right = (
            given_matrix([[Fraction(*pair) for pair in row] for row in side])
            for side in (self.left, self.right)
        )
        if left.shape[1] != right.shape[0] or (left.shape[0], right.shape[1]) != given.shape:
            raise CertificateError(
                f"the product of {_size(left.shape)} and {_size(right.shape)} is not {_size(given.shape)}"
            )
        product = integer_matrix(left.integers(), self.bound) * integer_matrix(
            right.integers(), right.shape[1]
        )
        matrix = integer_matrix(given.integers(), given.shape[1])
        if product * given.scale != matrix * (left.scale * right.scale):
            raise CertificateError("the two factors do not multiply to the matrix")

    def __str__(self) -> str:
        return f"it is exactly the product of two factors of inner size {self.bound}"


def _size(shape: tuple[int, int]) -> str:
    return f"{shape[0]} × {shape[1]}"


@dataclass(frozen=True)
class RankCertificate:
    """rank A = `rank` for one given m × n matrix A, as a proof.

    Lower bound: the minor at `pivot_rows` and `pivot_columns` is nonzero modulo `prime`. Upper bound:
    `upper`, or the shape when `upper` is None. Made by `symbolic_mla.exact.rank.rank_certificate`.
    """

    shape: tuple[int, int]
    rank: int
    prime: int
    pivot_rows: tuple[int, ...]
    pivot_columns: tuple[int, ...]
    upper: Span | Product | None

    def check(self, matrix: object) -> None:
        """Check the proof against a matrix, from the beginning.

        Raises: CertificateError if it does not prove the rank of this matrix; InputError for what
        `given_matrix` refuses.

        >>> certificate = RankCertificate((2, 2), 2, 7, (0, 1), (0, 1), None)
        >>> certificate.check([[1, 2], [3, 4]])
        >>> certificate.check([[1, 2], [2, 4]])
        Traceback (most recent call last):
        symbolic_mla.errors.CertificateError: the minor of size 2 is zero modulo 7
        """
        given = given_matrix(matrix)
        if given.shape != self.shape:
            raise CertificateError(
                f"the certificate is for {_size(self.shape)}, the matrix is {_size(given.shape)}"
            )
        self._check_lower_bound(given)
        bound = min(self.shape) if self.upper is None else self.upper.bound
        if bound != self.rank:
            raise CertificateError(f"the upper bound is {bound}, and the certificate states rank {self.rank}")
        if self.upper is not None:
            self.upper.check(given)

    def _check_lower_bound(self, given: GivenMatrix) -> None:
        rows, columns = self.pivot_rows, self.pivot_columns
        if len(rows) != self.rank or len(columns) != self.rank:
            raise CertificateError(f"the minor is {len(rows)} × {len(columns)}, and the rank is {self.rank}")
        for chosen, size in zip((rows, columns), self.shape, strict=True):
            if not all(0 <= index < size for index in chosen):
                raise CertificateError(f"the minor names an index outside 0..{size - 1}")
        if not 1 < self.prime < 1 << 63 or not flint.fmpz(self.prime).is_prime():
            raise CertificateError(f"{self.prime} is not a prime below 2**63")
        if self.rank == 0:
            return
        minor = given.select(rows, columns).integers()
        residues = [entry % self.prime for row in minor for entry in row]
        if int(flint.nmod_mat(self.rank, self.rank, residues, self.prime).det()) == 0:
            raise CertificateError(f"the minor of size {self.rank} is zero modulo {self.prime}")

    def __str__(self) -> str:
        lower = f"a minor of size {self.rank} is nonzero modulo {self.prime}"
        upper = f"the shape is {_size(self.shape)}" if self.upper is None else str(self.upper)
        return f"rank = {self.rank}: {lower}, and {upper}"

    def to_json(self) -> str:
        """The certificate as one line of JSON; `from_json` reads it back.

        Raises: BudgetError for integers with more digits than Python writes (4300 by default).
        """
        kind = type(self.upper).__name__ if self.upper is not None else None
        try:
            return json.dumps({**asdict(self), "upper_kind": kind})
        except ValueError as error:
            raise BudgetError(
                f"the certificate has an integer that Python does not write: {error}",
                hint="raise the limit with sys.set_int_max_str_digits, on the reading side too",
            ) from error

    @staticmethod
    def from_json(text: str) -> RankCertificate:
        """Read what `to_json` wrote. Reading proves nothing: call `check`.

        Raises: InputError for any other text.

        >>> certificate = RankCertificate((2, 3), 2, 7, (0, 1), (0, 2), None)
        >>> RankCertificate.from_json(certificate.to_json()) == certificate
        True
        """
        try:
            fields = json.loads(text)
            upper = _read_upper(fields["upper_kind"], fields["upper"])
            rank, prime = _nested(fields["rank"], 0), _nested(fields["prime"], 0)
            rows, columns = _nested(fields["pivot_rows"], 1), _nested(fields["pivot_columns"], 1)
            height, width = _nested(fields["shape"], 1)
            certificate = RankCertificate((height, width), rank, prime, rows, columns, upper)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(
                f"this text is no rank certificate ({error})", hint="give what RankCertificate.to_json wrote"
            ) from error
        return certificate


def _read_upper(kind: str | None, fields: dict[str, Any] | None) -> Span | Product | None:
    if kind is None or fields is None:
        return None
    if kind == "Span" and fields["axis"] in ("rows", "columns"):
        combinations = tuple(_pairs(terms) for terms in fields["combinations"])
        return Span(
            fields["axis"], _nested(fields["basis"], 1), _nested(fields["denominator"], 0), combinations
        )
    if kind == "Product":
        left, right = (tuple(_pairs(row) for row in fields[side]) for side in ("left", "right"))
        if any(bottom < 1 for row in (*left, *right) for _, bottom in row):
            raise ValueError("a denominator is not positive")
        return Product(left, right)
    raise ValueError(f"unknown upper bound {kind!r}")


def _pairs(value: Any) -> tuple[tuple[int, int], ...]:
    return tuple((first, second) for first, second in _nested(value, 2))


def _nested(value: Any, depth: int) -> Any:
    """Lists of integers, `depth` deep, as tuples; anything else is refused."""
    if depth:
        if not isinstance(value, list):
            raise ValueError(f"a list was expected, not {value!r}")
        return tuple(_nested(item, depth - 1) for item in value)
    if type(value) is not int:
        raise ValueError(f"an integer was expected, not {value!r}")
    return value
