"""What an expression means: a number (a Scalar of the kernel) or a tensor (a kernel term), within a budget.

A vector has one axis and is a column; its transpose is a *row*, which has the same term and another place in
products. A trace or a full contraction is a tensor of no axes, and mixes with numbers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from symbolic_mla.algebra import add, constant
from symbolic_mla.errors import BudgetError, UnsupportedError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import MAX_EXPONENT, Scalar, Var, scalar
from symbolic_mla.kernel.term import Sum, Term
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank
from symbolic_mla.record import record

MAX_BITS = 4096  # of a numerator or denominator
MAX_MONOMIALS = 400  # of one number
MAX_LITERAL = 1_000_000  # as a factor of a size
MAX_DEGREE = 200  # factors of an axis
MAX_PARTS = 4000  # terms of a sum
MAX_DEPTH = 200  # operations inside operations, definitions unfolded


@record
class Tensor:
    """A term; `row` marks the transpose of a vector."""

    term: Term
    row: bool = False

    @property
    def order(self) -> int:
        return len(self.term.axes)

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.term.axes


Value: TypeAlias = Scalar | Tensor


def kind_of(value: Value) -> str:
    """What people call it: a number, a column vector, a row vector, a matrix, a tensor."""
    if isinstance(value, Scalar) or value.order == 0:
        return "a number"
    if value.order == 1:
        return "a row vector" if value.row else "a vector"
    return "a matrix" if value.order == 2 else f"a tensor with {value.order} axes"


def as_term(value: Value) -> Term:
    """The term of a tensor; a number becomes a tensor of no axes.

    Raises: UnsupportedError for a rank, a min or a max, which are numbers of statements alone.
    """
    return value.term if isinstance(value, Tensor) else constant(coefficient(value))


def coefficient(number: Scalar) -> Scalar:
    """A number that may stand before a tensor.

    Raises: UnsupportedError for a rank, a min or a max.
    """
    if any(isinstance(g, (Rank, Extreme, Entry)) for g in number.generators()):
        raise UnsupportedError(
            "a rank, a min or a max is a number of a statement, and cannot stand beside a tensor or a trace",
            hint="state it by itself: rank(A) <= r",
        )
    return number


def times(a: Scalar, b: Scalar) -> Scalar:
    """a b. Raises: BudgetError before the work grows out of hand."""
    return _small(a * b)


def plus(a: Scalar, b: Scalar) -> Scalar:
    """a + b. Raises: BudgetError."""
    return _small(a + b)


def divided(a: Scalar, b: Scalar) -> Scalar:
    """a / b. Raises: DomainError when b is not known to be positive; BudgetError."""
    return times(a, b**-1)


def raised(a: Scalar, exponent: int) -> Scalar:
    """a^exponent. Raises: DomainError for a negative power of what may be 0; BudgetError."""
    if abs(exponent) > MAX_EXPONENT:
        raise BudgetError(
            f"the exponent {count_words(exponent)}; the limit is {MAX_EXPONENT}",
            hint="name a smaller power with `let`",
        )
    base = a if exponent >= 0 else a**-1
    result = scalar(1)
    for _ in range(abs(exponent)):
        result = times(result, base)
    return result


def _small(a: Scalar) -> Scalar:
    if len(a.terms) > MAX_MONOMIALS:
        raise BudgetError(
            f"a number that is a sum of {len(a.terms)} products; the limit is {MAX_MONOMIALS}",
            hint="name a part of it with `scalar`",
        )
    for c in a.terms.values():
        if max(c.numerator.bit_length(), c.denominator.bit_length()) > MAX_BITS:
            raise BudgetError(f"a number of more than {MAX_BITS} bits")
    return a


def count_words(value: int) -> str:
    """A large integer as people read it."""
    return str(value) if abs(value) < 10**9 else f"of about 10^{len(str(abs(value))) - 1}"


def whole_number(value: Scalar) -> int | None:
    """The integer that a constant is, else None."""
    c = value.terms.get((), Fraction(0)) if all(m == () for m in value.terms) else None
    return c.numerator if c is not None and c.denominator == 1 else None


def integer_valued(value: Scalar) -> bool:
    """True only if the number is an integer at all sizes: a polynomial in dimensions and ranks over Z."""
    return all(c.denominator == 1 and all(e > 0 and _integer(g) for g, e in m) for m, c in value.terms.items())


def _integer(g: object) -> bool:
    if isinstance(g, Extreme):
        return all(map(integer_valued, g.of))
    return isinstance(g, Rank) or (isinstance(g, Var) and g.sign == "dimension")


# ---- sizes ---------------------------------------------------------------------------------------------


def literal_axis(size: int) -> Axis:
    """A literal size as an axis. Raises: BudgetError beyond MAX_LITERAL."""
    if size > MAX_LITERAL:
        raise BudgetError(
            f"a literal size {count_words(size)}; the limit is {MAX_LITERAL:,}",
            hint="use a dimension: dims n; what holds for every n holds for this size",
        )
    return Axis.of(size)


def axis_product(a: Axis, b: Axis) -> Axis:
    """a*b. Raises: BudgetError before the axis grows out of hand."""
    if leaves(a) * leaves(b) > MAX_DEGREE:
        raise BudgetError(f"a size that is a sum of more than {MAX_DEGREE} products")
    return checked_axis(a * b)


def leaves(axis: Axis) -> int:
    """How many products an axis is the sum of, multiplied out; literals count once."""
    return sum(leaves(run.tail) if run.tail else 1 for run in axis.runs)


def checked_axis(axis: Axis) -> Axis:
    """The axis. Raises: BudgetError for a shape that is too large to work with."""
    degree, largest = _extent(axis)
    if degree > MAX_DEGREE:
        raise BudgetError(f"a size that is a product of more than {MAX_DEGREE} factors")
    if largest > MAX_LITERAL:
        raise BudgetError(f"a literal size {count_words(largest)}; the limit is {MAX_LITERAL:,}")
    return axis


def _extent(axis: Axis) -> tuple[int, int]:
    degree, largest = 0, 0
    for count, heads, tail in axis.runs:
        inner = _extent(tail) if tail else (0, 1)
        degree, largest = degree + len(heads) + inner[0], max(largest, count, inner[1])
    return degree, largest


# ---- terms ---------------------------------------------------------------------------------------------


def added(terms: list[Term]) -> Term:
    """The sum. Raises: BudgetError when it would have too many terms."""
    parts = sum(len(t.parts) if isinstance(t, Sum) else 1 for t in terms)
    if parts > MAX_PARTS:
        raise BudgetError(f"a sum of {parts} terms; the limit is {MAX_PARTS}")
    return add(*terms)


def weighed(term: Term) -> Term:
    """The term, if its operations are not nested too deeply to work with.

    Raises: BudgetError.
    """
    depth: dict[int, int] = {}
    todo: list[tuple[Term, bool]] = [(term, False)] if term.weight > MAX_DEPTH else []
    while todo:
        t, ready = todo.pop()
        if id(t) in depth:
            continue
        if not ready:
            todo.append((t, True))
            todo += [(c, False) for c in t.children() if id(c) not in depth]
            continue
        depth[id(t)] = 1 + max((depth[id(c)] for c in t.children()), default=0)
        if depth[id(t)] > MAX_DEPTH:
            raise BudgetError(f"operations nested deeper than {MAX_DEPTH}", hint="prove it in smaller steps")
    return term
