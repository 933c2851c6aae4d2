"""The notation in which the laws are written: products of matrices, the transpose, I, the sum of squares."""

from __future__ import annotations

from symbolic_mla.errors import ShapeError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.term import Einsum, Term


def matmul(a: Term, b: Term) -> Term:
    """A B."""
    if len(a.axes) != 2 or len(b.axes) != 2:
        raise ShapeError("a product of matrices needs two axes each")
    return Einsum(((a, ((0,), (1,))), (b, ((1,), (2,)))), ((0,), (2,)), (a.axes[0], a.axes[1], b.axes[1]))


def transpose(a: Term) -> Term:
    """The transpose of a matrix."""
    return Einsum(((a, ((0,), (1,))),), ((1,), (0,)), a.axes)


def kron(a: Term, b: Term) -> Term:
    """The Kronecker product of two matrices, the first factor most significant."""
    return Einsum(((a, ((0,), (1,))), (b, ((2,), (3,)))), ((0, 2), (1, 3)), a.axes + b.axes)


def identity(p: Axis) -> Term:
    """The identity matrix of an axis."""
    return Einsum((), ((0,), (0,)), (p,))


def squared(a: Term) -> Einsum:
    """The sum of the squares of all entries, as a tensor without axes."""
    pattern = tuple((k,) for k in range(len(a.axes)))
    return Einsum(((a, pattern), (a, pattern)), (), a.axes)
