"""Inverses: of matrices given as invertible, and of products, transposes, Kronecker products of them."""

from __future__ import annotations

from collections.abc import Mapping

from symbolic_mla.algebra import identity, kron, matmul, scale, transpose
from symbolic_mla.kernel.scalar import positive, scalar
from symbolic_mla.kernel.term import Atom, Einsum, Sum, Term


def invert(term: Term, inverses: Mapping[Atom, Atom]) -> Term | None:
    """The inverse of a matrix that is built from invertible ones, else None.

    `inverses` has, for each symbol that is known to be invertible, the symbol of its inverse. Nothing else is
    inverted: the inverse of a matrix that has none, such as tile(W, n), would prove anything.

    (A B)⁻¹ = B⁻¹ A⁻¹, (Aᵀ)⁻¹ = (A⁻¹)ᵀ, (A ⊗ B)⁻¹ = A⁻¹ ⊗ B⁻¹, (c A)⁻¹ = c⁻¹ A⁻¹ for a number that is not 0.
    """
    if len(term.axes) != 2:
        return None
    if isinstance(term, Atom):
        return inverses.get(term)
    if isinstance(term, Sum) and len(term.parts) == 1:
        ((factor, part),) = term.parts
        number, inner = scalar(factor), invert(part, inverses)
        if inner is None or not (positive(number) or positive(-number)):
            return None
        return scale(1 / number if positive(number) else -(1 / -number), inner)
    if not isinstance(term, Einsum):
        return None
    parts = term.children()
    if not parts:
        return term if term.axes[0] == term.axes[1] and term == identity(term.axes[0]) else None
    if any(len(part.axes) != 2 for part in parts):
        return None
    if len(parts) == 1:
        inner = invert(parts[0], inverses) if term == transpose(parts[0]) else None
        return transpose(inner) if inner is not None else None
    if len(parts) != 2:
        return None
    a, b = (invert(part, inverses) for part in parts)
    if a is None or b is None:
        return None
    if parts[0].axes[1] == parts[1].axes[0] and term == matmul(*parts):
        return matmul(b, a)
    return kron(a, b) if term == kron(*parts) else None
