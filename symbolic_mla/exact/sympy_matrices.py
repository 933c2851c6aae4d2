"""One function for each kind of SymPy matrix and array: its term, from the terms of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any

import sympy
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import array_expressions as arrays

from symbolic_mla import algebra as al
from symbolic_mla.errors import BudgetError, ShapeError, UnsupportedError
from symbolic_mla.exact import sympy_arrays
from symbolic_mla.exact.sympy_inverses import inverse, power
from symbolic_mla.exact.sympy_reader import Handler, Reader, refused, short
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import is_zero, scalar
from symbolic_mla.kernel.term import Atom, Block, Einsum, Term

MAX_EXPLICIT = 256
"""The most entries of an explicit matrix inside an expression."""


def symbol(reader: Reader, e: Any) -> Term:
    """A symbol of a matrix or an array: its own name, of one shape."""
    reader.names.claim(str(e.name), e)
    return Atom(str(e.name), tuple(map(reader.axis, e.shape)))


def matmul(reader: Reader, e: Any) -> Term:
    """Numbers and matrices, in order."""
    numbers = [a for a in e.args if not getattr(a, "is_Matrix", False)]
    matrices = [reader.term(a) for a in e.args if getattr(a, "is_Matrix", False)]
    return reduce(lambda t, number: reader.coefficient(number, t), numbers, reduce(al.matmul, matrices))


def matadd(reader: Reader, e: Any) -> Term:
    """A sum of matrices or arrays."""
    return al.add(*map(reader.term, e.args))


def transpose(reader: Reader, e: Any) -> Term:
    """Aᵀ."""
    return al.transpose(reader.term(e.arg))


def kron(reader: Reader, e: Any) -> Term:
    """A ⊗ B ⊗ ..."""
    return reduce(al.kron, map(reader.term, e.args))


def hadamard(reader: Reader, e: Any) -> Term:
    """A ∘ B ∘ ..."""
    return reduce(al.hadamard, map(reader.term, e.args))


def hadamard_power(reader: Reader, e: Any) -> Term:
    """A ∘ A ∘ ..., a literal number of times."""
    base, exponent = e.args
    if not isinstance(exponent, sympy.Integer) or not 1 <= exponent <= al.MAX_POWER:
        raise UnsupportedError(f"{short(e)}: an entrywise power has an exponent from 1 to {al.MAX_POWER}")
    return reduce(al.hadamard, [reader.term(base)] * int(exponent))


def trace(reader: Reader, e: Any) -> Term:
    """The trace, a number."""
    return al.trace(reader.term(e.arg))


def blocks(reader: Reader, e: Any) -> Term:
    """A block matrix, block-diagonal ones included."""
    rows, columns = e.blockshape
    return al.blocks([[reader.term(e.blocks[i, j]) for j in range(columns)] for i in range(rows)])


def explicit(reader: Reader, e: Any) -> Term:
    """A matrix of numbers, entry by entry."""
    rows, columns = e.shape
    if not 0 < rows * columns <= MAX_EXPLICIT:
        raise BudgetError(
            f"an explicit matrix of {rows} × {columns} in an expression; the limit is {MAX_EXPLICIT} entries",
            hint="a MatrixSymbol stands for any matrix",
        )
    cells = [[reader.term(e[i, j]) for j in range(columns)] for i in range(rows)]
    return al.blocks([[cell if cell.axes else al.scale(cell, al.ones(1, 1)) for cell in row] for row in cells])


def sliced(reader: Reader, e: Any) -> Term:
    """A block, where the slice ends between blocks of the axis."""
    t = reader.term(e.parent)
    for k, (start, stop, step) in enumerate((e.rowslice, e.colslice)):
        if step != 1:
            raise UnsupportedError(f"{short(e)}: a slice with step {step}", hint="a slice takes neighbours")
        t = _cut(reader, t, k, start, stop, e)
    return t


def _cut(reader: Reader, t: Term, axis: int, start: Any, stop: Any, e: Any) -> Term:
    parts = al.summands(t, axis)
    ends = [scalar(0)]
    for part in parts:
        ends.append(ends[-1] + part.size())
    places = []
    for bound in (start, stop):
        number = reader.names.number(sympy.sympify(bound))
        place = next((i for i, end in enumerate(ends) if number is not None and is_zero(end - number)), None)
        if place is None:
            raise UnsupportedError(
                f"{short(e)}: {bound} is no boundary between the blocks of the axis {t.axes[axis]}",
                hint="write the size as a sum, p + q, of which the slice takes a part (see orders)",
            )
        places.append(place)
    first, last = places
    if first >= last:
        raise ShapeError(f"{short(e)}: a slice of nothing", hint="sizes are at least 1")
    groups = [g for g in (parts[:first], parts[first:last], parts[last:]) if g]
    if len(groups) == 1:
        return t
    return Block(t, axis, tuple(reduce(Axis.__add__, g) for g in groups), 1 if first else 0)


def diag_matrix(reader: Reader, e: Any) -> Term:
    """The diagonal matrix of a column or a row."""
    return al.diag(_vector(reader, e.args[0], e))


def _vector(reader: Reader, e: Any, whole: Any) -> Term:
    t = reader.term(e)
    if t.axes[1] == al.as_axis(1):
        return Einsum(((t, ((0,), ())),), ((0,),), (t.axes[0],))
    if t.axes[0] == al.as_axis(1):
        return Einsum(((t, ((), (0,))),), ((0,),), (t.axes[1],))
    raise ShapeError(f"{short(whole)}: the diagonal is a column or a row, and this is {al.shape_text(t.axes)}")


def diagonal_of(reader: Reader, e: Any) -> Term:
    """The diagonal, as a column."""
    t = _square_shape(reader, e)
    return Einsum(((t, ((0,), (0,))),), ((0,), ()), (t.axes[0],))


def diagonal_matrix(reader: Reader, e: Any) -> Term:
    """The matrix with all but its diagonal made 0."""
    t = _square_shape(reader, e)
    return al.hadamard(t, al.identity(t.axes[0]))


def _square_shape(reader: Reader, e: Any) -> Term:
    t = reader.term(e.args[0])
    al.trace(t)  # raises where rows and columns differ
    return t


def tensor_product(reader: Reader, e: Any) -> Term:
    """The outer product of arrays."""
    return reduce(sympy_arrays.outer, map(reader.term, e.args))


def contraction(reader: Reader, e: Any) -> Term:
    """Axes made one and summed."""
    return sympy_arrays.contraction(reader.term(e.args[0]), [tuple(map(int, group)) for group in e.args[1:]])


def diagonal(reader: Reader, e: Any) -> Term:
    """Axes made one, and moved to the end."""
    return sympy_arrays.diagonal(reader.term(e.args[0]), [tuple(map(int, group)) for group in e.args[1:]])


def permuted(reader: Reader, e: Any) -> Term:
    """The axes in another order."""
    return sympy_arrays.permuted(reader.term(e.expr), e.permutation.array_form)


def reshaped(reader: Reader, e: Any) -> Term:
    """The axes grouped or ungrouped."""
    return sympy_arrays.reshaped(reader.term(e.expr), [reader.axis(size) for size in e.shape])


def element(reader: Reader, e: Any) -> Term:
    """One entry: refused, by name."""
    raise refused(e)


HANDLERS: Mapping[type, Handler] = MappingProxyType(
    {
        sympy.MatrixSymbol: symbol,
        sympy.MatMul: matmul,
        sympy.MatAdd: matadd,
        sympy.MatPow: power,
        sympy.Inverse: inverse,
        sympy.Transpose: transpose,
        sympy.KroneckerProduct: kron,
        sympy.HadamardProduct: hadamard,
        sympy.HadamardPower: hadamard_power,
        sympy.Trace: trace,
        sympy.BlockMatrix: blocks,
        sympy.MatrixBase: explicit,
        MatrixSlice: sliced,
        DiagMatrix: diag_matrix,
        DiagonalOf: diagonal_of,
        DiagonalMatrix: diagonal_matrix,
        sympy.Identity: lambda r, e: al.identity(r.axis(e.shape[0])),
        MatrixElement: element,
        sympy.ZeroMatrix: lambda r, e: al.zeros(*map(r.axis, e.shape)),
        sympy.OneMatrix: lambda r, e: al.ones(*map(r.axis, e.shape)),
        arrays.ZeroArray: lambda r, e: al.zeros(*map(r.axis, e.shape)),
        arrays.OneArray: lambda r, e: al.ones(*map(r.axis, e.shape)),
        arrays.ArraySymbol: symbol,
        arrays.ArrayAdd: matadd,
        arrays.ArrayTensorProduct: tensor_product,
        arrays.ArrayContraction: contraction,
        arrays.ArrayDiagonal: diagonal,
        arrays.PermuteDims: permuted,
        arrays.Reshape: reshaped,
    }
)
