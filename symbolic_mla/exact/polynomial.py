"""Matrices of polynomials with rational coefficients at explicit sizes, compared entry by entry.

Nothing is simplified: both sides become sums of monomials, and these are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from symbolic_mla.errors import BudgetError, InputError, ShapeError
from symbolic_mla.exact.monomials import (
    ONE,
    SYMBOLS,
    Coefficient,
    Polynomial,
    add_into,
    from_expression,
    multiply,
    number,
    to_expression,
    value,
)

MAX_ENTRIES = 1 << 22
MAX_PRODUCTS = 1 << 25

Row = Mapping[int, Polynomial]


@dataclass(frozen=True)
class PolynomialMatrix:
    """An m × n matrix of polynomials, m, n >= 1: for each row, its nonzero entries by column.

    Equality (`==`) is equality entry by entry in the polynomial ring.

    >>> W = PolynomialMatrix.symbols("W", 2, 3)
    >>> W.tile(2) == PolynomialMatrix.identity(2).tile(2) @ W
    True
    >>> (W @ W.T).to_sympy()[0, 1]
    W_0_0*W_1_0 + W_0_1*W_1_1 + W_0_2*W_1_2
    """

    rows: tuple[Row, ...]
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), self.columns

    @staticmethod
    def symbols(name: str, rows: int, columns: int) -> PolynomialMatrix:
        """The matrix with its own symbol `name_i_j` in every entry. Raises: InputError for sizes below 1."""
        _check_size(rows, columns)
        return PolynomialMatrix(
            tuple(
                {j: {(number(sympy.Symbol(f"{name}_{i}_{j}")),): 1} for j in range(columns)}
                for i in range(rows)
            ),
            columns,
        )

    @staticmethod
    def identity(size: int) -> PolynomialMatrix:
        """I(size). Raises: InputError for a size below 1."""
        _check_size(size, size)
        return PolynomialMatrix(tuple({i: ONE} for i in range(size)), size)

    @staticmethod
    def of(matrix: object) -> PolynomialMatrix:
        """Read a SymPy matrix, a DomainMatrix, or a list of rows, with polynomial entries.

        Raises: InputError for entries that are not polynomials with rational coefficients (floats, radicals,
        quotients, functions), for ragged or empty matrices; BudgetError for too many entries or terms.
        """
        if isinstance(matrix, PolynomialMatrix):
            return matrix
        entries, (height, columns) = _entries(matrix)
        rows: list[dict[int, Polynomial]] = [{} for _ in range(height)]
        known: dict[Any, Polynomial] = {}  # a tiled matrix repeats its symbols
        for (i, j), entry in entries.items():
            polynomial = known.get(entry)
            if polynomial is None:
                polynomial = known[entry] = from_expression(entry, i, j)
            if polynomial:
                rows[i][j] = polynomial
        return PolynomialMatrix(tuple(rows), columns)

    def __matmul__(self, other: PolynomialMatrix) -> PolynomialMatrix:
        if self.columns != len(other.rows):
            raise ShapeError(
                "a matrix of {} × {} cannot be multiplied by one of {} × {}".format(
                    *self.shape, *other.shape
                ),
                hint="the columns of the left factor must be as many as the rows of the right one",
            )
        _check_size(len(self.rows), other.columns)
        self._check_work(other)
        return PolynomialMatrix(tuple(_row_product(row, other.rows) for row in self.rows), other.columns)

    @property
    def T(self) -> PolynomialMatrix:
        """The transpose."""
        rows: list[dict[int, Polynomial]] = [{} for _ in range(self.columns)]
        for i, row in enumerate(self.rows):
            for j, entry in row.items():
                rows[j][i] = entry
        return PolynomialMatrix(tuple(rows), len(self.rows))

    def tile(self, copies: int) -> PolynomialMatrix:
        """tile(W, n): n copies of W, one above the other. Raises: InputError for fewer than one copy."""
        _check_size(copies * len(self.rows), self.columns)
        return PolynomialMatrix(self.rows * copies, self.columns)

    def scaled(self, factor: Coefficient) -> PolynomialMatrix:
        """The matrix times a rational number."""
        scale: Polynomial = {(): factor} if factor else {}
        return self._map(lambda entry: multiply(scale, entry))

    def evaluate(self, values: Mapping[Any, Coefficient]) -> list[list[Coefficient]]:
        """The rows of numbers at a value for each symbol. Raises: InputError for one without a value."""
        point = {number(symbol): chosen for symbol, chosen in values.items()}
        try:
            return [
                [value(row[j], point) if j in row else 0 for j in range(self.columns)] for row in self.rows
            ]
        except KeyError as error:
            raise InputError(
                f"no value was given for {SYMBOLS[error.args[0]]}", hint="give one for each of free_symbols"
            ) from None

    @property
    def free_symbols(self) -> list[Any]:
        """The symbols that occur, sorted by name."""
        used = {n for row in self.rows for entry in row.values() for monomial in entry for n in monomial}
        return sorted((SYMBOLS[n] for n in used), key=str)

    def to_sympy(self) -> Any:
        """The SymPy Matrix with these entries, expanded."""
        dictionary = {
            (i, j): to_expression(entry) for i, row in enumerate(self.rows) for j, entry in row.items()
        }
        return sympy.Matrix(sympy.SparseMatrix(*self.shape, dictionary))

    def differences(self, other: PolynomialMatrix) -> Iterator[tuple[int, int]]:
        """The places where the entries differ, in reading order. Raises: ShapeError for different shapes."""
        if self.shape != other.shape:
            raise ShapeError(
                "a matrix of {} × {} is compared with one of {} × {}".format(*self.shape, *other.shape)
            )
        for i, (left, right) in enumerate(zip(self.rows, other.rows, strict=True)):
            if left != right:
                yield from ((i, j) for j in range(self.columns) if left.get(j) != right.get(j))

    def entry(self, row: int, column: int) -> Any:
        """One entry, as a SymPy expression."""
        return to_expression(self.rows[row].get(column, {}))

    def _check_work(self, other: PolynomialMatrix) -> None:
        """Refuse a product that would multiply too many pairs of terms."""
        widths = [sum(map(len, row.values())) for row in other.rows]
        pairs = sum(len(entry) * widths[k] for row in self.rows for k, entry in row.items())
        if pairs > MAX_PRODUCTS:
            raise BudgetError(
                f"the product would multiply {pairs} pairs of terms (the limit is {MAX_PRODUCTS})",
                hint="choose smaller sizes; the index form proves the statement for all of them",
            )

    def _map(self, change: Callable[[Polynomial], Polynomial]) -> PolynomialMatrix:
        rows = ({j: new for j, entry in row.items() if (new := change(entry))} for row in self.rows)
        return PolynomialMatrix(tuple(rows), self.columns)


def _row_product(row: Row, lines: tuple[Row, ...]) -> Row:
    if len(row) == 1:
        ((k, factor),) = row.items()
        return lines[k] if factor == ONE else {j: multiply(factor, entry) for j, entry in lines[k].items()}
    total: dict[int, Polynomial] = {}
    owned: set[int] = set()  # columns whose sum is a dict of our own, and not an entry of a factor
    for k, factor in row.items():
        for j, entry in lines[k].items():
            product = multiply(factor, entry)
            if j not in total:
                total[j] = product
                continue
            if j not in owned:
                owned.add(j)
                total[j] = dict(total[j])
            add_into(total[j], product)
    return {j: entry for j, entry in total.items() if entry}


def _check_size(rows: int, columns: int) -> None:
    if rows < 1 or columns < 1:
        raise InputError(f"a size of {rows} × {columns} was given; sizes start at 1")
    if rows * columns > MAX_ENTRIES:
        raise BudgetError(
            f"an explicit matrix of {rows} × {columns} has more than {MAX_ENTRIES} entries",
            hint="choose smaller sizes; the index form proves the statement for all of them",
        )


def _entries(matrix: Any) -> tuple[dict[tuple[int, int], Any], tuple[int, int]]:
    """The entries that may be nonzero, as SymPy objects, and the shape."""
    if hasattr(matrix, "to_Matrix"):  # a DomainMatrix
        matrix = matrix.to_Matrix()
    if isinstance(matrix, sympy.MatrixBase):
        _check_size(*matrix.shape)
        return matrix.todok(), matrix.shape
    if not isinstance(matrix, Sequence) or isinstance(matrix, str):
        raise InputError(
            f"{type(matrix).__name__} is not an explicit matrix",
            hint="give a SymPy Matrix, a DomainMatrix or a list of rows; for an expression, as_explicit()",
        )
    rows = [row for row in matrix if isinstance(row, Sequence) and not isinstance(row, str)]
    if len(rows) != len(matrix) or len({len(row) for row in rows}) > 1:
        raise InputError("a matrix is a list of rows of equal length")
    shape = (len(rows), len(rows[0]) if rows else 0)
    _check_size(*shape)
    return {(i, j): _sympified(x, i, j) for i, row in enumerate(rows) for j, x in enumerate(row)}, shape


def _sympified(entry: Any, row: int, column: int) -> Any:
    try:
        return sympy.sympify(entry, strict=True)
    except sympy.SympifyError as error:
        raise InputError(f"entry ({row}, {column}) is {entry!r}, which SymPy does not read") from error
