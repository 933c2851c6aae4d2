"""The theorem of Eckart and Young: r singular triplets of a matrix are its best approximation through r rows.

Source: Eckart and Young, *The approximation of one matrix by another of lower rank*, Psychometrika 1 (1936); Mirsky,
*Symmetric gauge functions and unitarily invariant norms* (1960).
"""

from __future__ import annotations

from dataclasses import dataclass

from symbolic_mla.algebra import hadamard, squared
from symbolic_mla.errors import ShapeError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar, never_negative
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom, Einsum, Sum, Term
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.order import Entry, entry


@dataclass(frozen=True)
class Truncation:
    """U : p × r, S : r × r and V : q × r, the first r singular triplets of `whole`, a p × q matrix.

    Where r is more than p or q, what is missing is filled up with zeros.
    """

    whole: Term
    u: Atom
    s: Atom
    v: Atom

    def __post_init__(self) -> None:
        p, q = self.whole.axes
        r = self.u.axes[1]
        if (self.u.axes, self.s.axes, self.v.axes) != ((p, r), (r, r), (q, r)):
            raise ShapeError("U, S and V do not have the shapes of singular triplets")

    @property
    def inner(self) -> Axis:
        """The axis r."""
        return self.u.axes[1]

    @property
    def product(self) -> Term:
        """U S Vᵀ."""
        return matmul(matmul(self.u, self.s), transpose(self.v))

    def facts(self) -> tuple[Equation, ...]:
        """What is true of them: Uᵀ W = S Vᵀ, W V = U S, S is diagonal, and orthonormal columns, if r is known to be at
        most p and q; else Uᵀ U S = S and S Vᵀ V = S."""
        u, s, v, eye = self.u, self.s, self.v, identity(self.inner)
        return (
            Equation(matmul(transpose(u), self.whole), matmul(s, transpose(v))),
            Equation(matmul(self.whole, v), matmul(u, s)),
            Equation(s, hadamard(s, eye)),
            *(
                (Equation(matmul(transpose(u), u), eye), Equation(matmul(transpose(v), v), eye))
                if all(never_negative(a.size() - self.inner.size()) for a in self.whole.axes)
                else (
                    Equation(matmul(matmul(transpose(u), u), s), s),
                    Equation(matmul(matmul(s, transpose(v)), v), s),
                )
            ),
        )

    def best(self, left: Term, right: Term) -> Compare:
        """‖W - U S Vᵀ‖² <= ‖W - L N‖², for L with r columns. Raises: ShapeError for other shapes."""
        if left.axes != self.u.axes:
            raise ShapeError("L is p × r")
        own = squared(_minus(self.whole, self.product))
        return Compare(entry(own), "<=", entry(squared(_minus(self.whole, matmul(left, right)))))

    def grants(self, h: object) -> bool:
        """Whether a statement is an instance of this theorem."""
        other = _square(h.right) if isinstance(h, Compare) else None
        if not isinstance(other, Sum) or len(other.parts) != 2:
            return False
        product = other.parts[1][1]
        factors = product.children() if isinstance(product, Einsum) and product.axes == self.whole.axes else ()
        return len(factors) == 2 and factors[0].axes == self.u.axes and h == self.best(*factors)


def _minus(a: Term, b: Term) -> Term:
    return Sum(((1, a), (-1, b)), a.axes)


def _square(n: Scalar) -> Term | None:
    """The term of which a number is the sum of squares, if it is one."""
    for m in n.terms:
        for g, _ in m:
            if isinstance(g, Entry) and isinstance(g.term, Einsum) and g.term.operands:
                return g.term.operands[0][0]
    return None
