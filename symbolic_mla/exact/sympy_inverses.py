"""Powers and inverses of SymPy's matrices: A⁻¹ is a symbol of its own, with A A⁻¹ = I and A⁻¹ A = I."""

from __future__ import annotations

from functools import reduce
from typing import Any

import sympy

from symbolic_mla import algebra as al
from symbolic_mla.errors import AxisOrderError, DomainError, ShapeError, UnsupportedError
from symbolic_mla.exact.sympy_reader import Reader, short
from symbolic_mla.kernel.scalar import is_zero, positive
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Term

_REWRITTEN = "SymPy writes X*X as X**2 without a look at the shapes: the product was wrong before it was a power"


def power(reader: Reader, e: Any) -> Term:
    """A^k for a literal k; a negative one through the inverse."""
    base, exponent = e.args
    if not isinstance(exponent, sympy.Integer):
        raise UnsupportedError(f"{short(e)}: the exponent of a matrix is a literal integer")
    if exponent < 0:
        return al.power(inverse_of(reader, base), -int(exponent))
    return al.power(_square(reader, base, e), int(exponent))


def _square(reader: Reader, base: Any, power: Any) -> Term:
    """The term of a matrix of as many rows as columns; `power` is the power that it is the base of, if any."""
    t = reader.term(base)
    if is_zero(t.axes[0].size() - t.axes[1].size()):
        return t
    met = f"{short(base)} is {al.shape_text(t.axes)}"
    if power is None or power.args[1] < 0:
        raise ShapeError(f"in an inverse: {met}", hint="only a square matrix has an inverse")
    raise ShapeError(f"in {short(power)}: {met}, and only a square matrix has powers", hint=_REWRITTEN)


def inverse(reader: Reader, e: Any) -> Term:
    """Inverse(A)."""
    return inverse_of(reader, e.args[0])


def inverse_of(reader: Reader, e: Any) -> Term:
    """The inverse of a symbol, or of products, transposes, Kronecker products and powers of such."""
    if isinstance(e, sympy.MatPow):  # Inverse is one, too
        base, exponent = e.args
        if isinstance(exponent, sympy.Integer):
            inverted = inverse_of(reader, base)  # in (A⁻¹)⁻¹ = A too, A is taken to be invertible
            return al.power(inverted if exponent > 0 else reader.term(base), abs(int(exponent)))
    whole = _square(reader, e, None)
    if isinstance(e, sympy.Identity):
        return whole
    if isinstance(e, sympy.MatrixSymbol):
        reader.names.claim(f"{e.name}⁻¹", sympy.Inverse(e))
        return _inverse_symbol(reader, whole)
    if isinstance(e, sympy.Transpose):
        return al.transpose(inverse_of(reader, e.arg))
    if isinstance(e, sympy.KroneckerProduct):
        return reduce(al.kron, [inverse_of(reader, a) for a in e.args])
    if isinstance(e, sympy.MatMul):
        return _inverse_of_product(reader, e)
    raise DomainError(
        f"the inverse of {short(e)}, which is not known to have one",
        hint="an inverse is of a MatrixSymbol, and of products, transposes and Kronecker products of such",
    )


def _inverse_of_product(reader: Reader, e: Any) -> Term:
    numbers = [a for a in e.args if not getattr(a, "is_Matrix", False)]
    matrices = [inverse_of(reader, a) for a in e.args if getattr(a, "is_Matrix", False)]
    t = reduce(al.matmul, matrices[::-1])
    for a in numbers:
        number = reader.names.number(a)
        if number is None or not (positive(number) or positive(-number)):
            raise DomainError(f"the inverse of {short(e)}: {a} may be 0", hint="give it a sign: positive=True")
        t = al.scale(1 / number if positive(number) else -(1 / -number), t)
    return t


def _inverse_symbol(reader: Reader, whole: Term) -> Term:
    if not isinstance(whole, Atom) or whole.axes[0] != whole.axes[1]:
        raise AxisOrderError(f"an inverse of a matrix {al.shape_text(whole.axes)}")
    inverse, eye = Atom(f"{whole.name}⁻¹", whole.axes), al.identity(whole.axes[0])
    for left, right in ((whole, inverse), (inverse, whole)):
        reader.hypotheses[Equation(al.matmul(left, right), eye)] = None
    return inverse
