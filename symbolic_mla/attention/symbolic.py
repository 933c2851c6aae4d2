"""The backend of symbols: the attention that runs, as terms of the kernel, so that it can be proved."""

from __future__ import annotations

from typing import Any

from symbolic_mla import algebra
from symbolic_mla.algebra.numbers import sqrt as square_root
from symbolic_mla.algebra.sizes import as_axis
from symbolic_mla.errors import TypeMismatchError
from symbolic_mla.kernel.scalar import Number, Scalar
from symbolic_mla.kernel.term import Apply, Term


class SymbolicOps:
    """Attention on terms. Sizes are axes (or dimension symbols), and functions are names.

    >>> from symbolic_mla.attention.grouped import grouped_query
    >>> from symbolic_mla.attention.heads import Heads
    >>> from symbolic_mla.attention.weights import GroupedWeights
    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> n, g, d, i, t = (Axis.of(Var(name)) for name in "ngdit")
    >>> w = GroupedWeights(Atom("W_Q", (n * g * d, i)), Atom("W_K", (g * d, i)), Atom("W_V", (g * d, i)))
    >>> x = Atom("X", (t, i))
    >>> grouped_query(SymbolicOps(), x, x, w, Heads(n, g, d)).axes
    (t, n*g*d)
    """

    def einsum(self, pattern: str, *operands: Term, **sizes: Any) -> Term:
        """The einsum as a term. Raises ShapeError where the axes do not fit the pattern."""
        return algebra.einsum(pattern, *operands, **{name: as_axis(size) for name, size in sizes.items()})

    def add(self, x: Term, y: Term) -> Term:
        """The sum of two terms of one shape."""
        return algebra.add(x, y)

    def scale(self, x: Term, factor: Number) -> Term:
        """A term times a number: a dimension's root, a scalar symbol, a rational."""
        return algebra.scale(factor, x)

    def sqrt(self, dimension: Any) -> Scalar:
        """The square root of a size."""
        return square_root(as_axis(dimension).size())

    def softmax(self, x: Term) -> Term:
        """softmax by name. No law of it is used, so what is proved holds for every function of a row."""
        return Apply("softmax", x)

    def apply(self, function: Any, x: Term) -> Term:
        """A function by its name. Raises TypeMismatchError for anything but a name."""
        if not isinstance(function, str):
            raise TypeMismatchError(f"a symbolic function is a name, and not {type(function).__name__}")
        return Apply(function, x)

