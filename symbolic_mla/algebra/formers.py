"""The formers of matrix algebra, each a line or two over the kernel's einsum, sum and stack.

Shapes are written rows × columns; a vector has one axis and a number none. An axis has structure, so
`tile` (axis n*G*d) and `interleave` (axis G*n*d) give matrices of equal size that do not add.
The names and conventions are NumPy's: np.tile, np.repeat, np.kron, np.block, np.diag, np.trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from symbolic_mla.algebra.factors import left_quotient
from symbolic_mla.algebra.sizes import Size, as_axis, need_order, shape_text
from symbolic_mla.errors import BudgetError, ShapeError, TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Number, Scalar, scalar
from symbolic_mla.kernel.term import Apply, Einsum, Stack, Sum, Term, agree
from symbolic_mla.laws import notation

MAX_POWER = 64  # A^k is k - 1 products; beyond this one wants a lemma and not an expansion


def wire(operands: Sequence[tuple[Term, str]], output: Sequence[str], **repeated: Axis) -> Einsum:
    """An einsum whose operands' axes are named by letters, and whose output axes are groups of letters.

    A letter on the output alone repeats, with its axis in `repeated`. Letters are numbered as they occur, so
    that equal wirings are equal terms.
    """
    axes: dict[str, Axis] = {}
    for term, letters in operands:
        for letter, axis in zip(letters, term.axes, strict=True):
            axes.setdefault(letter, axis)
    axes.update(repeated)
    number = {letter: k for k, letter in enumerate(axes)}
    read = tuple((term, tuple((number[x],) for x in letters)) for term, letters in operands)
    return Einsum(read, tuple(tuple(number[x] for x in group) for group in output), tuple(axes.values()))


def matmul(a: Term, b: Term) -> Term:
    """The product A B of two matrices, of a matrix and a vector, or the dot product of two vectors.

    Shapes: p × q by q × r gives p × r; a vector q is a row on the left and a column on the right.

    Raises:
        ShapeError: when a factor is no matrix or vector, or the inner axes differ in size.
        AxisOrderError: when the inner axes differ in the order of their factors alone.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> p, q, r = (as_axis(Var(x)) for x in "pqr")
    >>> matmul(Atom("A", (p, q)), Atom("B", (q, r))).axes
    (p, r)
    >>> matmul(Atom("A", (p, q)), Atom("x", (q,))).axes
    (p,)
    """
    for term in (a, b):
        need_order("a product", term, 1, 2, hint='say which axes meet: einsum("i j k, k l -> i j l", A, B)')
    agree(b.axes[0], a.axes[-1], f"the inner axes of a product, {shape_text(a.axes)} by {shape_text(b.axes)}")
    left, right = "ij"[-len(a.axes) :], "jk"[: len(b.axes)]
    return wire([(a, left), (b, right)], left[:-1] + right[1:])


def transpose(a: Term) -> Term:
    """The transpose of a matrix: p × q becomes q × p.

    Raises:
        ShapeError: for a tensor that is no matrix, whose axes have no two ends to swap.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> transpose(Atom("A", (as_axis(Var("p")), as_axis(Var("q"))))).axes
    (q, p)
    """
    need_order("a transpose", a, 2, hint='name the order of the axes: einsum("i j k -> k j i", A)')
    return wire([(a, "ij")], "ji")


def power(a: Term, k: int) -> Term:
    """A^k = A A ... A for a literal 0 <= k <= MAX_POWER; A^0 is the identity. A number may stand for A.

    Raises:
        ShapeError: when A is not square, row axis equal to column axis with its structure.
        TypeMismatchError: when k is no integer >= 0.
        BudgetError: when k > MAX_POWER.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> p = as_axis(Var("p"))
    >>> power(Atom("A", (p, p)), 3).axes, power(Atom("A", (p, p)), 0) == identity(p)
    ((p, p), True)
    """
    need_order("a power", a, 0, 2)
    if isinstance(k, bool) or not isinstance(k, int) or k < 0:
        raise TypeMismatchError(
            f"the exponent {k!r}; a literal integer >= 0 was expected", hint="inv(A) for A^-1"
        )
    if k > MAX_POWER:
        raise BudgetError(f"the exponent {k}; the limit is {MAX_POWER}")
    if not a.axes:
        return wire([(a, "")] * k, "")
    agree(a.axes[1], a.axes[0], f"a power of a matrix {shape_text(a.axes)}")
    return reduce(matmul, [a] * k) if k else identity(a.axes[0])


def identity(axis: Size) -> Term:
    """The identity matrix I(p), p × p.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> identity(Var("p")).axes
    (p, p)
    """
    return wire([], ["i", "i"], i=as_axis(axis))


def zeros(*sizes: Size) -> Sum:
    """The zero tensor of this shape.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> zeros(Var("p"), 3).axes
    (p, 3)
    """
    return Sum((), tuple(map(as_axis, sizes)))


def ones(*sizes: Size) -> Term:
    """The tensor of this shape whose entries are all 1. Without sizes, the number 1.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> ones(Var("p"), Var("p")) == identity(Var("p"))
    False
    """
    axes = tuple(map(as_axis, sizes))
    return Einsum((), tuple((k,) for k in range(len(axes))), axes)


def constant(number: Number) -> Term:
    """A number as a tensor of no axes.

    >>> constant(2).axes
    ()
    """
    return scale(number, ones())


def tile(a: Term, n: Size) -> Term:
    """n copies of A one under the other, 1ₙ ⊗ A: axis 0 becomes n*axis, copy first (np.tile(A, (n, 1))).

    Raises:
        ShapeError: for a number, which has no axis to repeat.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> tile(Atom("W", (as_axis(Var("G")) * as_axis(Var("d")), as_axis(Var("D")))), Var("n")).axes
    (n*G*d, D)
    """
    need_some_axis("tile", a)
    letters = _letters(a)
    return wire([(a, letters)], ["*" + letters[0], *letters[1:]], **{"*": as_axis(n)})


def interleave(a: Term, n: Size, *, groups: Size) -> Term:
    """Each of the G groups of A's rows n times in place, the order of checkpoints (`repeat_interleave`).

    Axis 0 of A is G*rest, and becomes G*n*rest: group, copy, rest.

    Raises:
        ShapeError: when axis 0 of A does not begin with the factors of `groups`.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> G, d, D = (as_axis(Var(x)) for x in "GdD")
    >>> interleave(Atom("W", (G * d, D)), Var("n"), groups=G).axes
    (G*n*d, D)
    """
    need_some_axis("interleave", a)
    g = as_axis(groups)
    rest = left_quotient(a.axes[0], g)
    if rest is None:
        raise ShapeError(
            f"interleave: the rows are {a.axes[0]}, and do not begin with the {g} groups",
            hint=f"groups names the first factors of {a.axes[0]}; reorder(...) can bring them to the front",
        )
    others = tuple((k,) for k in range(3, 2 + len(a.axes)))
    return Einsum(((a, ((0, 2), *others)),), ((0, 1, 2), *others), (g, as_axis(n), rest, *a.axes[1:]))


def stack(*terms: Term) -> Term:
    """The terms one under the other: the direct sum along axis 0 (np.concatenate). Other axes agree.

    Raises:
        ShapeError: of nothing, of numbers, or when the other axes differ.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> stack(identity(Var("p")), zeros(Var("q"), Var("p"))).axes
    (p + q, p)
    """
    return _stack("stack", terms, 0)


def hstack(*terms: Term) -> Term:
    """Matrices side by side: the direct sum along axis 1. Vectors, which have one axis, are joined along it.

    Raises:
        ShapeError: of nothing, of numbers, or when the other axes differ.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> hstack(identity(Var("p")), zeros(Var("p"), Var("q"))).axes
    (p, p + q)
    """
    return _stack("hstack", terms, 1 if terms and len(terms[0].axes) > 1 else 0)


def _stack(name: str, terms: Sequence[Term], axis: int) -> Term:
    if not terms:
        raise ShapeError(f"{name} of nothing", hint="give at least one term; zeros(p, q) for an empty block")
    for term in terms:
        need_some_axis(name, term)
        need_order(f"{name} of {shape_text(terms[0].axes)}", term, len(terms[0].axes))
    return Stack(tuple(terms), axis)


def blocks(rows: Sequence[Sequence[Term]]) -> Term:
    """The block matrix of rows of blocks, blocks([[A, B], [C, D]]) (np.block).

    Raises:
        ShapeError: of nothing, when blocks of a row differ in their rows, or rows of blocks in their columns.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> p, q = Var("p"), Var("q")
    >>> blocks([[identity(p), zeros(p, q)], [zeros(q, p), identity(q)]]).axes
    (p + q, p + q)
    """
    for row in rows:
        for term in row:
            need_order("a block", term, 2)
    return _stack("blocks", [_stack("a row of blocks", row, 1) for row in rows], 0)


def kron(a: Term, b: Term) -> Term:
    """The Kronecker product A ⊗ B, A most significant: axis by axis the product of A's and B's.

    Raises:
        ShapeError: when the two have different numbers of axes, or none.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> kron(ones(Var("n"), 1), zeros(Var("p"), Var("q"))).axes
    (n*p, q)
    """
    need_some_axis("a Kronecker product", a)
    need_order(
        f"a Kronecker product with {shape_text(a.axes)}", b, len(a.axes), hint="einsum says it for any axes"
    )
    left, right = _letters(a), _letters(b, len(a.axes))
    return wire([(a, left), (b, right)], [x + y for x, y in zip(left, right, strict=True)])


def hadamard(a: Term, b: Term) -> Term:
    """The entrywise product A ∘ B of two tensors of one shape.

    Raises:
        ShapeError: when the shapes differ.
        AxisOrderError: when they differ in the order of factors alone.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> hadamard(ones(Var("p"), Var("q")), zeros(Var("p"), Var("q"))).axes
    (p, q)
    """
    need_order(f"an entrywise product with {shape_text(a.axes)}", b, len(a.axes))
    for k, (met, expected) in enumerate(zip(b.axes, a.axes, strict=True)):
        agree(met, expected, f"axis {k + 1} of an entrywise product")
    return wire([(a, _letters(a)), (b, _letters(a))], _letters(a))


def squared(a: Term) -> Einsum:
    """The sum of the squares of all entries, tr(Aᵀ A) for a matrix, as a tensor of no axes.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> squared(identity(Var("p"))).axes
    ()
    """
    return notation.squared(a)


def diag(a: Term) -> Term:
    """The diagonal matrix of a vector; the diagonal of a square matrix, as a vector (np.diag).

    Raises:
        ShapeError: for other tensors, and for a matrix that is not square.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> diag(ones(Var("p"))).axes, diag(identity(Var("p"))).axes
    ((p, p), (p,))
    """
    need_order("diag", a, 1, 2)
    if len(a.axes) == 1:
        return wire([(a, "i")], "ii")
    agree(a.axes[1], a.axes[0], f"the diagonal of a matrix {shape_text(a.axes)}")
    return wire([(a, "ii")], "i")


def vec(a: Term) -> Term:
    """The columns of a matrix one under the other: p × q becomes a vector of axis q*p.

    So vec(A X B) = (Bᵀ ⊗ A) vec(X).

    Raises:
        ShapeError: for a tensor that is no matrix.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> vec(zeros(Var("p"), Var("q"))).axes
    (q*p,)
    """
    need_order("vec", a, 2)
    return wire([(a, "ij")], ["ji"])


def trace(a: Term) -> Term:
    """The trace of a square matrix, a tensor of no axes.

    Raises:
        ShapeError: when A is no matrix or is not square.
        AxisOrderError: when rows and columns differ in the order of factors alone.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> trace(identity(Var("p"))).axes
    ()
    """
    need_order("a trace", a, 2)
    agree(a.axes[1], a.axes[0], f"the trace of a matrix {shape_text(a.axes)}")
    return wire([(a, "ii")], [])


def scale(factor: Number | Term, a: Term) -> Term:
    """A number times a tensor. The number is a coefficient (exact), or a tensor of no axes such as a trace.

    Raises:
        ShapeError: when the factor is a tensor that has axes.
        TypeMismatchError: when the factor is no exact number (a float).

    >>> from symbolic_mla.kernel.scalar import Var
    >>> scale(Fraction(1, 2), scale(3, identity(Var("p")))).parts[0][0]
    Fraction(3, 2)
    """
    if isinstance(factor, Term):
        need_order("a scalar factor", factor, 0, hint="A B for a product of matrices")
        return wire([(factor, ""), (a, _letters(a))], _letters(a))
    c = _exact(factor)
    return Sum(tuple((_times(c, k), t) for k, t in _parts(a)), a.axes)


def add(*terms: Term) -> Sum:
    """The sum of terms of one shape; sums inside sums are flattened.

    Raises:
        ShapeError: of nothing, or when the shapes differ.
        AxisOrderError: when two axes differ in the order of their factors alone.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> eye = identity(Var("p"))
    >>> len(add(eye, add(eye, eye)).parts)
    3
    """
    if not terms:
        raise ShapeError("a sum of nothing has no shape", hint="zeros(p, q)")
    for number, term in enumerate(terms[1:], 2):
        need_order(f"a sum with {shape_text(terms[0].axes)}", term, len(terms[0].axes))
        for k, (met, expected) in enumerate(zip(term.axes, terms[0].axes, strict=True)):
            agree(met, expected, f"term {number} of a sum, axis {k + 1}")
    return Sum(tuple(part for t in terms for part in _parts(t)), terms[0].axes)


def subtract(a: Term, b: Term) -> Sum:
    """A - B.

    Raises:
        ShapeError: when the shapes differ.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> [c for c, _ in subtract(identity(Var("p")), ones(Var("p"), Var("p"))).parts]
    [1, -1]
    """
    return add(a, scale(-1, b))


def apply(function: str, a: Term, positions: Sequence[int] = ()) -> Term:
    """A named function of the last axis, for every index of the others; `positions`: axes it may depend on.

    Raises:
        ShapeError: for a number, and for positions that are not axes before the last.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> apply("softmax", zeros(Var("t"), Var("s"))).axes
    (t, s)
    """
    return Apply(function, a, tuple(positions))


def need_some_axis(name: str, term: Term) -> None:
    """Raise for a number, which has no axes.

    Raises:
        ShapeError: naming the former.
    """
    if not term.axes:
        raise ShapeError(f"{name} acts on an axis, and a number has none")


def _letters(a: Term, start: int = 0) -> str:
    return "".join(chr(ord("a") + start + k) for k in range(len(a.axes)))


def _parts(t: Term) -> tuple[tuple[Number, Term], ...]:
    return t.parts if isinstance(t, Sum) else ((1, t),)


def _exact(number: Number) -> Number:
    if isinstance(number, bool) or not isinstance(number, (int, Fraction, Scalar)):
        raise TypeMismatchError(
            f"the factor {number!r}; an exact number was expected", hint="Fraction(1, 2), not 0.5"
        )
    return number


def _times(a: Number, b: Number) -> Number:
    return scalar(a) * b if isinstance(a, Scalar) or isinstance(b, Scalar) else a * b
