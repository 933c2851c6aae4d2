"""A term of the kernel at explicit sizes, as a SymPy matrix with a symbol in every entry, and its equality.

Products are multiplied out in the ring of polynomials and compared entry by entry; nothing is simplified, and
nothing is shared with the index form, so that the two engines check each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy

from symbolic_mla.errors import ShapeError
from symbolic_mla.exact.coefficients import minus
from symbolic_mla.exact.monomials import Polynomial, to_expression
from symbolic_mla.exact.polynomial import PolynomialMatrix
from symbolic_mla.exact.tensors import Sparse
from symbolic_mla.exact.world import World, everywhere
from symbolic_mla.kernel.term import Sum, Term


def explicit(term: Term, /, **values: object) -> Any:
    """The term at these sizes: a SymPy Matrix with a symbol in every entry.

    Shapes: a matrix gives a Matrix, a vector one column, a number an expression, a tensor of more axes an
    Array. The entry W[0, 1] is the symbol `W_0_1` (`W_1[0, 1]` for a symbol that is itself called W_1). A
    function is opaque: `f[k](x, y)` is entry k of f at the row (x, y); at a position i it is `f(i)[k](x, y)`.
    Roots and quotients are exact. Scalars may have rational values; a named position A[h] needs one, from 0.

    Raises:
        InputError: for a size that is missing, unknown, no positive integer or below its lower bound.
        BudgetError: for a tensor or a product that is too large.

    >>> from symbolic_mla.algebra import as_axis, tile
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> G, d, D = (as_axis(Var(x)) for x in ("G", "d", "D"))
    >>> explicit(tile(Atom("W", (G * d, D)), Var("n")), n=2, G=2, d=1, D=2)
    Matrix([
    [W_0_0, W_0_1],
    [W_1_0, W_1_1],
    [W_0_0, W_0_1],
    [W_1_0, W_1_1]])
    """
    return to_sympy_tensor(World.of([term], values).value(term))


def to_sympy_tensor(tensor: Sparse) -> Any:
    """The entries as SymPy shows them: an expression, a Matrix (a vector is a column), or an Array."""
    known = {id(entry): entry for entry in tensor.entries}  # a tiled matrix repeats its entries
    written = {key: to_expression(entry) for key, entry in known.items()}
    entries = {place: written[id(entry)] for place, entry in tensor.at().items()}
    if not tensor.shape:
        return entries.get(0, sympy.S.Zero)
    if len(tensor.shape) > 2:
        return sympy.ImmutableSparseNDimArray(entries, tensor.shape)
    rows, columns = (*tensor.shape, 1)[:2]
    placed = {divmod(place, columns): entry for place, entry in entries.items()}
    return sympy.Matrix(sympy.SparseMatrix(rows, columns, placed))


def polynomial_matrix(tensor: Sparse) -> PolynomialMatrix:
    """A tensor of two axes as a matrix of polynomials. Raises: ShapeError for other tensors."""
    if len(tensor.shape) != 2:
        raise ShapeError(f"a tensor of {len(tensor.shape)} axes where a matrix was expected")
    rows: list[dict[int, Polynomial]] = [{} for _ in range(tensor.shape[0])]
    for place, entry in tensor.at().items():
        i, j = divmod(place, tensor.shape[1])
        rows[i][j] = entry
    return PolynomialMatrix(tuple(rows), tensor.shape[1])


@dataclass(frozen=True)
class Agreement:
    """Both sides were multiplied out, and are equal in each of `entries` entries."""

    entries: int
    values: tuple[tuple[str, object], ...]

    agreed = True

    def __str__(self) -> str:
        return f"equal in {self.entries} entries, at {at_text(dict(self.values))}"


@dataclass(frozen=True)
class FirstDifference:
    """The first entry, in reading order, in which the two sides are different polynomials."""

    index: tuple[int, ...]
    left: Any
    right: Any
    values: tuple[tuple[str, object], ...]

    agreed = False

    def __str__(self) -> str:
        place = f"entry {self.index}" if self.index else "the value"
        sides = f"{self.left} on the left and {self.right} on the right"
        return f"{place} is {sides}, at {at_text(dict(self.values))}"


def equal_explicitly(left: Term, right: Term, values: Mapping[str, object]) -> Agreement | FirstDifference:
    """Whether two terms are equal at these sizes, entry by entry in the polynomial ring.

    `values`: a size for every dimension, and if wanted rational values of scalars. A named position that has
    no value takes each of its values in turn.
    A difference is of polynomials: the sides differ for some matrices and some functions. (`softmax` is taken
    as any function, so a difference under it refutes nothing.)

    Raises:
        ShapeError: when the shapes differ.
        UnsupportedError: where roots of scalar expressions leave it open.
        InputError, BudgetError: as `explicit`.

    >>> from symbolic_mla.algebra import as_axis, identity, matmul, tile
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> n, p, q = (as_axis(Var(x)) for x in "npq")
    >>> W = Atom("W", (p, q))
    >>> print(equal_explicitly(tile(W, n), matmul(tile(identity(p), n), W), {"n": 2, "p": 2, "q": 3}))
    equal in 12 entries, at n = 2, p = 2, q = 3
    """
    Sum(((1, left), (1, right)), left.axes)  # raises where the axes differ
    entries = 0
    for chosen in everywhere([left, right], values):
        world = World.of([left, right], chosen)
        found = first_difference(world, world.value(left), world.value(right))
        if found is not None:
            index, a, b = found
            return FirstDifference(index, to_expression(a), to_expression(b), tuple(chosen.items()))
        entries += int(np.prod(world.shape(left.axes), dtype=np.int64))
    return Agreement(entries, tuple(values.items()))


def first_difference(
    world: World, left: Sparse, right: Sparse
) -> tuple[tuple[int, ...], Polynomial, Polynomial] | None:
    """The first index at which two tensors of one shape differ, and the entries there; else None."""
    if left.shape != right.shape:
        raise ShapeError(f"tensors of shapes {left.shape} and {right.shape} are compared")
    if np.array_equal(left.places, right.places) and left.entries == right.entries:
        return None
    a, b = left.at(), right.at()
    for place in sorted(a.keys() | b.keys()):
        x, y = a.get(place, {}), b.get(place, {})
        if x != y and not world.coefficients.vanishes(minus(x, y)):
            return left.index(place), x, y
    return None


def at_text(values: Mapping[str, object]) -> str:
    """Sizes as one reads them.

    >>> at_text({"n": 2, "G": 1})
    'n = 2, G = 1'
    """
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "no sizes"
