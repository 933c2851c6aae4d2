"""SymPy expressions with symbolic sizes as terms of the kernel, with every shape checked.

SymPy 1.14 accepts sums and products of wrong symbolic shapes, writes X*X as X**2 whatever the shape of X, and
S*S**-1 as I whether or not S has an inverse. The first two are seen here and refused. The last is not: the
expression that arrives is I. Write MatMul(S, Inverse(S), evaluate=False) to keep it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.tensor.array.expressions import array_expressions as arrays

from symbolic_mla.errors import InputError
from symbolic_mla.exact.sympy_matrices import HANDLERS
from symbolic_mla.exact.sympy_reader import Reader, placed
from symbolic_mla.exact.sympy_sizes import Names
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Term


@dataclass(frozen=True)
class FromSympy:
    """A term, and what it rests on: A A⁻¹ = I and A⁻¹ A = I for each symbol A that is inverted."""

    term: Term
    hypotheses: tuple[Equation, ...]


@dataclass(frozen=True)
class EquationFromSympy:
    """An equation, and what it rests on."""

    equation: Equation
    hypotheses: tuple[Equation, ...]


def from_sympy(expression: Any, *, orders: Mapping[Any, object] | None = None) -> FromSympy:
    """The term of a SymPy expression of matrices or arrays, sizes symbolic, over the reals.

    Accepted: MatrixSymbol, MatMul, MatAdd, MatPow, Transpose, Inverse, KroneckerProduct, HadamardProduct,
    HadamardPower, BlockMatrix, BlockDiagMatrix, Identity, ZeroMatrix, OneMatrix, Trace, MatrixSlice, diagonals,
    explicit matrices of numbers; ArraySymbol, ArrayTensorProduct, ArrayContraction, ArrayDiagonal, PermuteDims,
    ArrayAdd, Reshape, ZeroArray, OneArray; and scalars.

    A symbol in a size is a dimension. `orders` gives sizes their order of factors, since SymPy sorts products:
    `{n*G*d: (n, G, d), H: (n, G)}`; without it the order is that in which SymPy prints. Inverse(A) becomes the
    symbol A⁻¹, with two hypotheses: A is taken to be invertible, and a report has to say so.

    Raises:
        ShapeError: where shapes do not fit, also where SymPy has accepted or rewritten them.
        AxisOrderError: where sizes agree and the orders of their factors do not.
        UnsupportedError: for what the language does not have, by name.
        DomainError: for the inverse of what may have none; for quotients and roots without a known sign.
        NameUnknownError: for two symbols of one name. TypeMismatchError: for floats. InputError: for no expression.

    >>> m, n = sympy.symbols("m n", integer=True, positive=True)
    >>> X = sympy.MatrixSymbol("X", m, n)
    >>> from_sympy(X.T * X).term.axes
    (n, n)
    >>> from_sympy(X * X)
    Traceback (most recent call last):
    symbolic_mla.errors.ShapeError: in X**2: X is m × n, and only a square matrix has powers
      try: SymPy writes X*X as X**2 without a look at the shapes: the product was wrong before it was a power
    """
    reader = _reader([expression], orders)
    return FromSympy(reader.read(expression), tuple(reader.hypotheses))


def equation_from_sympy(left: Any, right: Any, *, orders: Mapping[Any, object] | None = None) -> EquationFromSympy:
    """left = right, for two SymPy expressions that share their symbols and orders.

    Raises: as `from_sympy`, and ShapeError where the sides have different shapes.

    >>> p = sympy.Symbol("p", integer=True, positive=True)
    >>> A = sympy.MatrixSymbol("A", p, p)
    >>> found = equation_from_sympy(sympy.Inverse(A).T, sympy.Inverse(A.T))
    >>> found.equation.left == found.equation.right, len(found.hypotheses)
    (True, 2)
    """
    reader = _reader([left, right], orders)
    sides = reader.read(left), reader.read(right)
    return EquationFromSympy(placed(lambda: Equation(*sides), "the two sides"), tuple(reader.hypotheses))


def _reader(expressions: Sequence[Any], orders: Mapping[Any, object] | None) -> Reader:
    """A reader that knows which symbols are dimensions."""
    shapes: list[Any] = []
    for expression in expressions:
        if not isinstance(expression, (sympy.Basic, sympy.MatrixBase)):
            raise InputError(f"{type(expression).__name__} is no SymPy expression", hint="from_sympy(A * B)")
        todo = [sympy.sympify(expression)]
        while todo:  # without recursion: an expression may be deep
            node = todo.pop()
            todo += node.args
            if isinstance(node, _LEAVES):
                shapes += node.shape
    return Reader(Names.of(orders, shapes), HANDLERS)


_LEAVES = (
    sympy.MatrixSymbol, sympy.Identity, sympy.ZeroMatrix, sympy.OneMatrix,
    arrays.ArraySymbol, arrays.ZeroArray, arrays.OneArray,
)  # fmt: skip
