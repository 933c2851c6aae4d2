"""The same from Python: dimensions, tensors and numbers with operators, and `prove`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from symbolic_mla import algebra
from symbolic_mla.algebra.numbers import sqrt as _sqrt
from symbolic_mla.algebra.text import number_text, term_text
from symbolic_mla.errors import ShapeError, TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Number as Coefficient
from symbolic_mla.kernel.scalar import Scalar, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom, Term, agree
from symbolic_mla.laws.order import extreme
from symbolic_mla.laws.rank import rank as _rank
from symbolic_mla.prover.decide import Proved, Refuted, Setting, Undecided, decide

if TYPE_CHECKING:
    from sympy import Basic

    from symbolic_mla.derivation.results import DocumentResult

__all__ = [
    "Dim", "Number", "Proved", "Refuted", "Tensor", "Undecided", "check", "dims", "einsum", "eye", "function",
    "interleave", "matrices", "minimum", "prove", "rank", "sqrt", "stack", "tile",
]  # fmt: skip
Size = Union["Dim", int]


@dataclass(frozen=True)
class Dim:
    """A dimension, or an ordered product or direct sum of dimensions: `n * G * d` is another axis than `G * n * d`."""

    axis: Axis

    def __mul__(self, other: Size) -> Dim:
        return Dim(self.axis * _axis(other))

    def __rmul__(self, other: int) -> Dim:
        return Dim(_axis(other) * self.axis)

    def __add__(self, other: Size) -> Dim:
        return Dim(self.axis + _axis(other))

    def __radd__(self, other: int) -> Dim:
        return Dim(_axis(other) + self.axis)

    def number(self) -> Number:
        """The size as a number, for comparisons and coefficients."""
        return Number(self.axis.size())

    def __repr__(self) -> str:
        return str(self.axis)


@dataclass(frozen=True)
class Number:
    """A number of a statement: dimensions, ranks, min, max, and their sums and products."""

    value: Scalar

    def __add__(self, other: NumberLike) -> Number:
        return Number(self.value + _number(other))

    def __sub__(self, other: NumberLike) -> Number:
        return Number(self.value - _number(other))

    def __mul__(self, other: NumberLike) -> Number:
        return Number(self.value * _number(other))

    def __truediv__(self, other: NumberLike) -> Number:
        return Number(self.value / _number(other))

    __radd__, __rmul__ = __add__, __mul__

    def __rtruediv__(self, other: NumberLike) -> Number:
        return Number(_number(other) / self.value)

    def __repr__(self) -> str:
        return number_text(self.value)


NumberLike = Number | Dim | int


@dataclass(frozen=True, eq=False)
class Tensor:
    """A tensor with structured axes: `A @ B`, `A + B`, `2 * A`, `A.T`. Shapes are checked as it is built."""

    term: Term

    @property
    def T(self) -> Tensor:
        """The transpose of a matrix."""
        return Tensor(algebra.transpose(self.term))

    @property
    def shape(self) -> tuple[Dim, ...]:
        """The axes, each as a dimension."""
        return tuple(map(Dim, self.term.axes))

    def __matmul__(self, other: Tensor) -> Tensor:
        return Tensor(algebra.matmul(self.term, other.term))

    def __add__(self, other: Tensor) -> Tensor:
        return Tensor(algebra.add(self.term, other.term))

    def __sub__(self, other: Tensor) -> Tensor:
        return Tensor(algebra.subtract(self.term, other.term))

    def __neg__(self) -> Tensor:
        return Tensor(algebra.scale(-1, self.term))

    def __mul__(self, other: NumberLike) -> Tensor:
        return Tensor(algebra.scale(_number(other), self.term))

    __rmul__ = __mul__

    def __truediv__(self, other: NumberLike) -> Tensor:
        return Tensor(algebra.scale(1 / _number(other), self.term))

    def __getitem__(self, position: int | str) -> Tensor:
        return Tensor(algebra.select(self.term, position))

    def __repr__(self) -> str:
        return f"{term_text(self.term)} : {' × '.join(map(str, self.term.axes)) or 'a number'}"


def dims(names: str, low: int = 1) -> tuple[Dim, ...]:
    """Positive-integer dimensions, from names with spaces or commas between; `low` is a lower bound for all of them.

    >>> n, G, d = dims("n, G, d")
    >>> n * G * d
    n*G*d
    """
    return tuple(Dim(Axis.of(Var(name, "dimension", low))) for name in _words(names))


def matrices(names: str, *shapes: Sequence[Size]) -> tuple[Tensor, ...]:
    """Tensor symbols of the given shapes; one shape serves all names.

    >>> p, q = dims("p q")
    >>> A, B = matrices("A B", (p, q), (q, p))
    >>> A @ B
    A B : p × p

    Raises ShapeError where names and shapes differ in number.
    """
    words = _words(names)
    all_shapes = list(shapes) * len(words) if len(shapes) == 1 else list(shapes)
    if len(all_shapes) != len(words):
        raise ShapeError(f"{len(words)} names and {len(shapes)} shapes", hint="give one shape, or one for each name")
    return tuple(Tensor(Atom(w, tuple(map(_axis, s)))) for w, s in zip(words, all_shapes, strict=True))


def _words(names: str) -> list[str]:
    return names.replace(",", " ").split()


def function(name: str) -> _Function:
    """Any function of the last axis; calling it applies it for every index of the other axes.

    >>> n, p = dims("n p")
    >>> (A,) = matrices("A", (p, p))
    >>> f = function("f")
    >>> prove(f(tile(A, n)), tile(f(A), n)).verdict
    'proved'
    """
    return _Function(name)


@dataclass(frozen=True)
class _Function:
    name: str

    def __call__(self, argument: Tensor) -> Tensor:
        return Tensor(Apply(self.name, argument.term))


def eye(size: Size) -> Tensor:
    """The identity matrix."""
    return Tensor(algebra.identity(_axis(size)))


def tile(a: Tensor, n: Size) -> Tensor:
    """n copies, stacked: 1ₙ ⊗ A."""
    return Tensor(algebra.tile(a.term, _axis(n)))


def interleave(a: Tensor, n: Size, groups: Size) -> Tensor:
    """Each of the groups repeated n times in place, as checkpoints have it (`repeat_interleave`)."""
    return Tensor(algebra.interleave(a.term, _axis(n), groups=_axis(groups)))


def stack(*parts: Tensor) -> Tensor:
    """Matrices on top of one another."""
    return Tensor(algebra.stack(*(p.term for p in parts)))


def einsum(pattern: str, *operands: Tensor, **sizes: Size) -> Tensor:
    """A product of tensors by a pattern of named axes, as in einops; a label on the right alone repeats.

    >>> t, h, d = dims("t h d")
    >>> Q, K = matrices("Q K", (t, h * d))
    >>> einsum("i (h d), j (h d) -> h i j", Q, K, d=d).shape
    (h, t, t)
    """
    return Tensor(algebra.einsum(pattern, *(o.term for o in operands), **{k: _axis(v) for k, v in sizes.items()}))


def rank(a: Tensor) -> Number:
    """The rank of a matrix over the reals."""
    return Number(_rank(a.term))


def minimum(*numbers: NumberLike) -> Number:
    """The least of some numbers."""
    return Number(extreme("min", map(_number, numbers)))


def sqrt(number: NumberLike) -> Number:
    """The square root of a number that is known to be >= 0."""
    return Number(_sqrt(_number(number)))


def prove(
    left: Tensor | NumberLike | Basic, right: Tensor | NumberLike | Basic, relation: str = "="
) -> Proved | Refuted | Undecided:
    """Decide left = right (or <=, for numbers) for all sizes: Proved, Refuted by an instance, or Undecided.

    Two SymPy matrix expressions of symbolic size are taken too; inverses in them are of invertible matrices.

    >>> n, G, d = dims("n G d")
    >>> (W,) = matrices("W", (G * d, n * G * d))
    >>> prove(tile(W, n), tile(eye(G * d), n) @ W)
    Proved: einsum("i i1 -> (n i) i1", W, n=n) = einsum("i i1 -> (n i) i1", I(G*d), n=n) W

    >>> import sympy
    >>> m = sympy.Symbol("m", integer=True, positive=True)
    >>> A, B = sympy.MatrixSymbol("A", m, m), sympy.MatrixSymbol("B", m, m)
    >>> prove((A * B).T, B.T * A.T).verdict, prove((A * B).I * A, B.I).verdict, prove(A * B, B * A).verdict
    ('proved', 'proved', 'refuted')

    Raises ShapeError or AxisOrderError where the two sides do not have the same axes.
    """
    statement: Statement
    if _is_sympy(left) or _is_sympy(right):
        return _prove_sympy(left, right, relation)
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        if relation != "=":
            raise TypeMismatchError(f"`{relation}` is for numbers, never entrywise for matrices")
        for k, (met, expected) in enumerate(zip(right.term.axes, left.term.axes, strict=False), 1):
            agree(met, expected, f"axis {k} of the two sides")
        statement = Equation(left.term, right.term)
    elif isinstance(left, Tensor) or isinstance(right, Tensor):
        raise TypeMismatchError("a tensor is compared with a number", hint="compare two tensors, or two numbers")
    else:
        if relation == ">=":
            left, right, relation = right, left, "<="
        statement = Compare(_number(left), relation, _number(right))
    return decide(statement)


def _is_sympy(value: object) -> bool:
    return type(value).__module__.partition(".")[0] == "sympy"


def _prove_sympy(left: object, right: object, relation: str) -> Proved | Refuted | Undecided:
    from symbolic_mla.exact.bridge import equation_from_sympy
    from symbolic_mla.kernel.theorem import derive

    if relation != "=":
        raise TypeMismatchError(f"`{relation}` between SymPy matrices", hint="compare them with =")
    found = equation_from_sympy(left, right)
    return decide(found.equation, Setting([derive("assume", h) for h in found.hypotheses], found.hypotheses))


def check(text: str) -> DocumentResult:
    """Judge the claims of a Markdown document, given as text.

    >>> result = check("```derivation\\ndims p\\ngiven A : p × p\\nclaim c: (Aᵀ)ᵀ = A\\n```")
    >>> [(c.id, c.verdict) for c in result.claims]
    [('c', 'proved')]
    """
    from symbolic_mla.derivation.check import check_document
    from symbolic_mla.language.documents import parse_document

    return check_document(parse_document(text))


def _axis(size: Size) -> Axis:
    return size.axis if isinstance(size, Dim) else Axis.of(size)


def _number(n: NumberLike | Coefficient) -> Scalar:
    if isinstance(n, Number):
        return n.value
    return n.axis.size() if isinstance(n, Dim) else scalar(n)

