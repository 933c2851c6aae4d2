"""The way back: terms of the kernel as SymPy expressions with symbolic sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import array_expressions as arrays

from symbolic_mla import algebra as al
from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import AxisOrderError, SymbolicMLAError, UnsupportedError
from symbolic_mla.exact.sympy_einsum import array_einsum
from symbolic_mla.exact.sympy_reader import ARRAYS
from symbolic_mla.exact.sympy_sizes import number_expression, size_expression
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term


def to_sympy(term: Term) -> Any:
    """The SymPy expression of a term: matrices as matrix expressions, all else as array expressions.

    Sizes are symbols that are positive integers; the order of their factors is lost, and `orders_of` keeps it.
    A⁻¹ becomes Inverse(A). What has no matrix form in SymPy (an einsum of three labels, a regrouping) becomes
    ArrayTensorProduct, ArrayContraction, ArrayDiagonal, PermuteDims and Reshape.

    Raises:
        UnsupportedError: for functions, named positions, and blocks of what is no matrix expression.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> n, p, q = (Axis.of(Var(x)) for x in "npq")
    >>> A, B = Atom("A", (p, q)), Atom("B", (q, p))
    >>> to_sympy(al.matmul(A, B)), to_sympy(al.trace(al.matmul(A, B))), to_sympy(al.tile(A, n))
    (A*B, Trace(A*B), KroneckerProduct(1, A))
    """
    try:
        return _expression(term)
    except RecursionError:
        raise UnsupportedError("a term that is nested too deeply for SymPy") from None
    except ValueError as error:
        if isinstance(error, SymbolicMLAError):
            raise
        raise UnsupportedError(f"SymPy refuses this expression: {error}") from error


def orders_of(*terms: Term) -> dict[Any, Axis]:
    """The order of factors of each size that occurs, for `from_sympy`.

    Raises: AxisOrderError where two axes have one size and different orders (tile against interleave): SymPy does
    not tell them apart.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> n, G = Axis.of(Var("n")), Axis.of(Var("G"))
    >>> orders_of(al.ones(n * G))
    {G*n: n*G}
    """
    found: dict[Any, Axis] = {}
    for t in subterms(*terms):
        for axis in (*t.axes, *(t.labels if isinstance(t, Einsum) else ())):
            size = size_expression(axis)
            if not isinstance(size, (sympy.Symbol, sympy.Integer)) and found.setdefault(size, axis) != axis:
                raise AxisOrderError(
                    f"{found[size]} and {axis} have one size and different orders of factors, and SymPy has only sizes",
                    hint="explicit(term, ...) gives matrices in which the order shows",
                )
    return found


def _expression(t: Term) -> Any:
    if isinstance(t, Atom):
        return _atom(t)
    if isinstance(t, Sum):
        return _sum(t)
    if isinstance(t, Einsum):
        return _einsum(t)
    if isinstance(t, Stack):
        return _stack(t)
    if isinstance(t, Block):
        return _block(t)
    if isinstance(t, Apply):
        raise UnsupportedError(
            f"the function {t.function} of the last axis, which SymPy has no symbolic form for",
            hint="explicit(term, ...) has one for given sizes",
        )
    met = f"the named position {t.index}" if isinstance(t, Pick) else type(t).__name__
    raise UnsupportedError(f"{met} has no SymPy form of symbolic size", hint="explicit(term, ...) at given sizes")


def sizes(axes: Sequence[Axis]) -> tuple[Any, ...]:
    """The sizes of axes as SymPy expressions."""
    return tuple(map(size_expression, axes))


def _atom(t: Atom) -> Any:
    if len(t.axes) != 2:
        return arrays.ArraySymbol(t.name, sizes(t.axes))
    if t.name.endswith("⁻¹") and t.axes[0] == t.axes[1] and len(t.name) > 2:
        return sympy.Inverse(sympy.MatrixSymbol(t.name[:-2], *sizes(t.axes)))
    return sympy.MatrixSymbol(t.name, *sizes(t.axes))


def _is_matrix(e: Any) -> bool:
    return bool(getattr(e, "is_Matrix", False))


def _is_array(e: Any) -> bool:
    return isinstance(e, ARRAYS)


def _as_array(c: Any, e: Any) -> Any:
    """c e as an array, also where both are numbers."""
    if _is_array(e) or _is_matrix(e):
        return e if c == 1 else arrays.ArrayTensorProduct(c, e)
    return arrays.ArrayContraction(arrays.ArrayTensorProduct(c * e, arrays.OneArray(1)), (0,))


def _sum(t: Sum) -> Any:
    parts = [(number_expression(c), _expression(p)) for c, p in t.parts]
    if not t.axes and not any(_is_array(p) for _, p in parts):
        return sympy.Add(*(c * p for c, p in parts))
    if not parts:
        return sympy.ZeroMatrix(*sizes(t.axes)) if len(t.axes) == 2 else arrays.ZeroArray(*sizes(t.axes))
    if all(_is_matrix(p) for _, p in parts):
        scaled = [p if c == 1 else sympy.MatMul(c, p, evaluate=False) for c, p in parts]
        return scaled[0] if len(scaled) == 1 else sympy.MatAdd(*scaled, evaluate=False)
    arrayed = [_as_array(c, p) for c, p in parts]
    return arrayed[0] if len(arrayed) == 1 else arrays.ArrayAdd(*arrayed)


def _stack(t: Stack) -> Any:
    parts = [_expression(p) for p in t.parts]
    if len(t.axes) != 2 or not all(map(_is_matrix, parts)):
        raise UnsupportedError("a stack of what is no matrix expression has no SymPy form of symbolic size")
    return sympy.BlockMatrix([parts] if t.axis else [[p] for p in parts])


def _block(t: Block) -> Any:
    whole = _expression(t.term)
    if not _is_matrix(whole):
        raise UnsupportedError("a block of what is no matrix expression has no SymPy form of symbolic size")
    ends = [scalar(0)]
    for block in t.blocks:
        ends.append(ends[-1] + block.size())
    start, stop = (number_expression(ends[t.which + k]) for k in (0, 1))
    slices = [(0, size) for size in sizes(t.term.axes)]
    slices[t.axis] = (start, stop)
    return MatrixSlice(whole, *slices)


def _einsum(t: Einsum) -> Any:
    parts = t.children()
    if not parts:
        fixed = _constant(t)
        return array_einsum(t, []) if fixed is None else fixed
    written = [_expression(p) for p in parts]
    if all(_is_matrix(e) for e in written):
        matrix = _matrix(t, parts, written)
        if matrix is not None:
            return matrix
    scaled = _scaled(t, parts, written)
    return array_einsum(t, written) if scaled is None else scaled


def _constant(t: Einsum) -> Any:
    """I, matrices and arrays of ones, numbers."""
    if len(t.axes) == 2 and t.axes[0] == t.axes[1] and t == al.identity(t.axes[0]):
        return sympy.Identity(size_expression(t.axes[0]))
    if t == al.ones(*t.axes):
        if not t.axes:
            return sympy.S.One
        return (sympy.OneMatrix if len(t.axes) == 2 else arrays.OneArray)(*sizes(t.axes))
    return None


def _matrix(t: Einsum, parts: Sequence[Term], written: Sequence[Any]) -> Any:
    """The forms of SymPy's matrix algebra; None for an einsum that has none."""
    if len(parts) == 1:
        a, e = parts[0], written[0]
        if t == al.transpose(a):
            return sympy.Transpose(e)
        if a.axes[0] == a.axes[1] and t == al.trace(a):
            return sympy.Trace(e)
        repeats = [i for i in range(len(t.labels)) if all((i,) != group for group in t.operands[0][1])]
        if len(repeats) == 1 and t == al.tile(a, t.labels[repeats[0]]):
            return sympy.KroneckerProduct(sympy.OneMatrix(size_expression(t.labels[repeats[0]]), 1), e)
        return None
    if len(parts) != 2:
        return None
    a, b = parts
    if a.axes[1] == b.axes[0] and t == al.matmul(a, b):
        return sympy.MatMul(*written, evaluate=False)
    if a.axes == b.axes and t == al.hadamard(a, b):
        return sympy.HadamardProduct(*written, evaluate=False)
    return sympy.KroneckerProduct(*written) if t == al.kron(a, b) else None


def _scaled(t: Einsum, parts: Sequence[Term], written: Sequence[Any]) -> Any:
    """A number, such as a trace, times a tensor."""
    if len(parts) == 2 and not parts[0].axes and t == al.scale(parts[0], parts[1]):
        if any(map(_is_array, written)):
            return arrays.ArrayTensorProduct(*written)
        if _is_matrix(written[1]):
            return sympy.MatMul(*written, evaluate=False)
        return written[0] * written[1] if not parts[1].axes else arrays.ArrayTensorProduct(*written)
    return None
