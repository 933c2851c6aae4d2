"""Terms: what the kernel can speak of. A term is a tensor with structured axes, and einsum is its only product.

A term that is ill-shaped can't exist: each constructor raises ShapeError (AxisOrderError where two axes
have equal size and a different order). All else (transpose, tile, kron, trace, ...) is notation for these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from symbolic_mla.errors import AxisOrderError, ShapeError
from symbolic_mla.kernel.axis import UNIT, Axis
from symbolic_mla.kernel.scalar import Generator, Number, Scalar, Var, is_zero, scalar

Labels = tuple[int, ...]  # one axis of an operand: the labels whose product it is


class Term:
    """A tensor. `axes` are its axes in order; a number has none."""

    __slots__ = ()
    axes: tuple[Axis, ...]
    _hash: int

    def __hash__(self) -> int:
        return self._hash

    def children(self) -> tuple[Term, ...]:
        """The terms that this one is made of."""
        return ()


def agree(met: Axis, expected: Axis, where: str) -> None:
    """Raise unless two axes are the same; say whether they differ in size or only in order."""
    if met == expected:
        return
    if is_zero(met.size() - expected.size()):
        raise AxisOrderError(
            f"{where}: {met} and {expected} have the same size and a different order of factors",
            hint='say how they relate: reorder("(a b) ... -> (b a) ...", A), or interleave for tile',
        )
    raise ShapeError(f"{where}: {met} met where {expected} was expected")


def product(axes: Iterable[Axis]) -> Axis:
    """The ordered product of axes; of none, the axis of size 1."""
    out = UNIT
    for a in axes:
        out = a if out is UNIT else out * a
    return out


def _shared(*parts: object) -> int:
    return hash(parts)


@dataclass(frozen=True, slots=True)
class Atom(Term):
    """A symbol: any tensor of this shape."""

    name: str
    axes: tuple[Axis, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.name:
            raise ShapeError("a symbol needs a name")
        object.__setattr__(self, "_hash", _shared("atom", self.name, self.axes))

    __hash__ = Term.__hash__


@dataclass(frozen=True, slots=True)
class Einsum(Term):
    """Operands whose axes are products of labels; labels that the output does not name are summed.

    `labels[i]` is the axis of label i. A label on the output alone repeats. A label on two output axes makes
    a diagonal. I(p) is `Einsum((), ((0,), (0,)), (p,))`; the number 1 is `Einsum((), (), ())`.
    """

    operands: tuple[tuple[Term, tuple[Labels, ...]], ...]
    output: tuple[Labels, ...]
    labels: tuple[Axis, ...]
    axes: tuple[Axis, ...] = field(init=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for number, (term, pattern) in enumerate(self.operands):
            if len(pattern) != len(term.axes):
                raise ShapeError(f"operand {number + 1}: {len(term.axes)} axes, and {len(pattern)} in the pattern")
            for axis, labels in zip(term.axes, pattern, strict=True):
                agree(self._axis(labels), axis, f"operand {number + 1}")
        object.__setattr__(self, "axes", tuple(self._axis(labels) for labels in self.output))
        object.__setattr__(self, "_hash", _shared("einsum", self.operands, self.output, self.labels))

    def _axis(self, labels: Labels) -> Axis:
        if any(not 0 <= i < len(self.labels) for i in labels):
            raise ShapeError(f"a label out of range: {labels}")
        return product(self.labels[i] for i in labels)

    def children(self) -> tuple[Term, ...]:
        return tuple(t for t, _ in self.operands)

    __hash__ = Term.__hash__


@dataclass(frozen=True, slots=True)
class Sum(Term):
    """A linear combination; of no parts, zero."""

    parts: tuple[tuple[Number, Term], ...]
    axes: tuple[Axis, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for c, term in self.parts:
            if len(term.axes) != len(self.axes):
                raise ShapeError(f"a sum of tensors with {len(self.axes)} and {len(term.axes)} axes")
            for number, (met, expected) in enumerate(zip(term.axes, self.axes, strict=True)):
                agree(met, expected, f"axis {number + 1} of a sum")
            if any(not isinstance(g, Var) for g in scalar(c).generators() if not hasattr(g, "radicand")):
                raise ShapeError("a rank is a number of the statement, not a coefficient of a tensor")
        object.__setattr__(self, "_hash", _shared("sum", self.parts, self.axes))

    def children(self) -> tuple[Term, ...]:
        return tuple(t for _, t in self.parts)

    __hash__ = Term.__hash__


@dataclass(frozen=True, slots=True)
class Stack(Term):
    """The direct sum of terms along one axis; on the other axes they agree."""

    parts: tuple[Term, ...]
    axis: int
    axes: tuple[Axis, ...] = field(init=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.parts or not 0 <= self.axis < len(self.parts[0].axes):
            raise ShapeError("a stack of nothing, or along an axis that is not there")
        first = self.parts[0].axes
        total = first[self.axis]
        for term in self.parts[1:]:
            if len(term.axes) != len(first):
                raise ShapeError(f"a stack of tensors with {len(first)} and {len(term.axes)} axes")
            for k, (met, expected) in enumerate(zip(term.axes, first, strict=True)):
                if k != self.axis:
                    agree(met, expected, f"axis {k + 1} of a stack")
            total = total + term.axes[self.axis]
        object.__setattr__(self, "axes", (*first[: self.axis], total, *first[self.axis + 1 :]))
        object.__setattr__(self, "_hash", _shared("stack", self.parts, self.axis))

    def children(self) -> tuple[Term, ...]:
        return self.parts

    __hash__ = Term.__hash__


@dataclass(frozen=True, slots=True)
class Block(Term):
    """One block of a term along an axis that is the direct sum of `blocks`."""

    term: Term
    axis: int
    blocks: tuple[Axis, ...]
    which: int
    axes: tuple[Axis, ...] = field(init=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (0 <= self.axis < len(self.term.axes) and 0 <= self.which < len(self.blocks)):
            raise ShapeError("a block that is not there")
        total = self.blocks[0]
        for b in self.blocks[1:]:
            total = total + b
        agree(total, self.term.axes[self.axis], "the blocks of an axis")
        before, after = self.term.axes[: self.axis], self.term.axes[self.axis + 1 :]
        object.__setattr__(self, "axes", (*before, self.blocks[self.which], *after))
        object.__setattr__(self, "_hash", _shared("block", self.term, self.axis, self.blocks, self.which))

    def children(self) -> tuple[Term, ...]:
        return (self.term,)

    __hash__ = Term.__hash__


@dataclass(frozen=True, slots=True)
class Pick(Term):
    """The slice of a term at a named position of an axis of size `n` (a dimension symbol), for any position."""

    term: Term
    axis: int
    index: str
    axes: tuple[Axis, ...] = field(init=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        axis = self.term.axes[self.axis] if 0 <= self.axis < len(self.term.axes) else UNIT
        if len(axis.runs) != 1 or axis.runs[0].count != 1 or len(axis.runs[0].heads) != 1 or axis.runs[0].tail:
            raise ShapeError(f"a named position {self.index} picks from a dimension symbol, and not from {axis}")
        object.__setattr__(self, "axes", self.term.axes[: self.axis] + self.term.axes[self.axis + 1 :])
        object.__setattr__(self, "_hash", _shared("pick", self.term, self.axis, self.index))

    def size(self) -> Var:
        """The dimension symbol whose positions the index runs over."""
        return self.term.axes[self.axis].runs[0].heads[0]

    def children(self) -> tuple[Term, ...]:
        return (self.term,)

    __hash__ = Term.__hash__


@dataclass(frozen=True, slots=True)
class Apply(Term):
    """A function of the last axis, for each index of the others; it may depend on the position in `positions`."""

    function: str
    term: Term
    positions: Labels = ()
    axes: tuple[Axis, ...] = field(init=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.function or not self.term.axes:
            raise ShapeError(f"{self.function or 'a function'} acts on the last axis, and a number has none")
        if any(not 0 <= p < len(self.term.axes) - 1 for p in self.positions):
            raise ShapeError("a function depends on positions of the axes before the last")
        object.__setattr__(self, "axes", self.term.axes)
        object.__setattr__(self, "_hash", _shared("apply", self.function, self.term, self.positions))

    def children(self) -> tuple[Term, ...]:
        return (self.term,)

    __hash__ = Term.__hash__


def subterms(*terms: Term) -> Iterator[Term]:
    """Every term inside, each once, the outermost first."""
    seen: set[int] = set()
    todo = list(terms)
    while todo:
        t = todo.pop()
        if id(t) not in seen:
            seen.add(id(t))
            yield t
            todo += t.children()


def variables(*terms: Term) -> set[Var]:
    """The dimensions and scalars that occur, in axes and in coefficients."""
    found: set[Generator] = set()
    axes: list[Axis] = []
    for t in subterms(*terms):
        axes += t.axes
        if isinstance(t, Einsum):
            axes += t.labels
        elif isinstance(t, Sum):
            found |= {g for c, _ in t.parts if isinstance(c, Scalar) for g in c.generators()}
    while axes:
        for run in axes.pop().runs:
            found |= set(run.heads)
            axes += [run.tail] if run.tail else []
    return {g for g in found if isinstance(g, Var)}
