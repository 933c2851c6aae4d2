"""Terms: what the kernel can speak of. A term is a tensor with structured axes, and einsum is its only product.

A term that is ill-shaped can't exist: each constructor raises ShapeError (AxisOrderError where two axes
have equal size and a different order). All else (transpose, tile, kron, trace, ...) is notation for these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, dataclass_transform

from symbolic_mla.errors import AxisOrderError, BudgetError, ShapeError
from symbolic_mla.kernel.axis import Axis, product, total
from symbolic_mla.kernel.scalar import Number, Root, Var, is_name, is_zero, scalar

T = TypeVar("T")
MAX_NODES = 100_000
Labels = tuple[int, ...]  # one axis of an operand: the labels whose product it is


@dataclass(frozen=True, slots=True)
class Term:
    """A tensor. `axes` are its axes in order; a number has none. `weight` counts its nodes, shared ones each time."""

    axes: tuple[Axis, ...] = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)
    weight: int = field(init=False, repr=False, compare=False)
    _children: tuple[Term, ...] = field(init=False, repr=False, compare=False)
    _given: ClassVar[Callable[[Any], tuple[Any, ...]]]  # what the constructor was given
    _inside: ClassVar[Callable[[Any], tuple[Term, ...]]] = lambda t: ()  # the terms in it

    def __post_init__(self) -> None:
        object.__setattr__(self, "_children", type(self)._inside(self))
        object.__setattr__(self, "weight", 1 + sum(t.weight for t in self._children))
        if self.weight > MAX_NODES:
            raise BudgetError(f"a term of more than {MAX_NODES} nodes, its shared parts counted as often as they stand")
        object.__setattr__(self, "axes", self._shape())
        object.__setattr__(self, "_hash", hash((type(self).__name__, type(self)._given(self))))

    def children(self) -> tuple[Term, ...]:
        """The terms that this one is made of."""
        return self._children

    def _shape(self) -> tuple[Axis, ...]:
        raise ShapeError("a term of no kind")


@dataclass_transform(frozen_default=True)
def _term(inside: Callable[[Any], tuple[Term, ...]]) -> Callable[[type[T]], type[T]]:
    """A frozen dataclass whose hash is computed once: terms share subterms, and are hashed often."""
    def made(cls: Any) -> Any:
        kind: Any = dataclass(frozen=True, slots=True)(cls)
        kind.__hash__ = lambda self: self._hash
        kind._given, kind._inside = given(kind), inside
        return kind

    return made


def given(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """What the constructor of a dataclass was given."""
    names = [f.name for f in fields(kind) if f.init]
    return attrgetter(*names) if len(names) > 1 else lambda v: (getattr(v, names[0]),)


def agree(met: Axis, expected: Axis, where: str) -> None:
    """Raise unless two axes are the same; say whether they differ in size or only in order."""
    if met == expected:
        return
    if is_zero(met.size() - expected.size()):
        what = f"{where}: {met} and {expected} have the same size and a different order of factors"
        hint = 'say how they relate: reorder("(a b) ... -> (b a) ...", A), or interleave for tile'
        raise AxisOrderError(what, hint=hint)
    raise ShapeError(f"{where}: {met} met where {expected} was expected")


def _need(condition: bool, message: str) -> None:
    if not condition:
        raise ShapeError(message)


@_term(lambda t: ())
class Atom(Term):
    """A symbol: any tensor of this shape."""

    name: str
    shape: tuple[Axis, ...]

    def _shape(self) -> tuple[Axis, ...]:
        _need(is_name(self.name) and all(type(a) is Axis for a in self.shape), f"no such symbol: {self.name!r}")
        return self.shape


@_term(lambda t: tuple(x for x, _ in t.operands))
class Einsum(Term):
    """Operands whose axes are products of labels; labels that the output does not name are summed.

    `labels[i]` is the axis of label i. A label on the output alone repeats. A label on two output axes makes
    a diagonal. I(p) is `Einsum((), ((0,), (0,)), (p,))`; the number 1 is `Einsum((), (), ())`.
    """

    operands: tuple[tuple[Term, tuple[Labels, ...]], ...]
    output: tuple[Labels, ...]
    labels: tuple[Axis, ...]

    def _shape(self) -> tuple[Axis, ...]:
        known = dict(enumerate(self.labels))
        _need(all(type(a) is Axis for a in self.labels), "a label stands for an axis")
        named = [labels for pattern in (*(p for _, p in self.operands), self.output) for labels in pattern]
        _need(all(type(k) is int and k in known for labels in named for k in labels), "a label out of range")
        axis = {labels: product(known[k] for k in labels) for labels in {*named}}
        for number, (t, pattern) in enumerate(self.operands, 1):
            if t.axes != tuple([axis[labels] for labels in pattern]):
                _need(len(pattern) == len(t.axes), f"operand {number}: {len(t.axes)} axes, and {len(pattern)} named")
                for met, labels in zip(t.axes, pattern, strict=True):
                    agree(axis[labels], met, f"operand {number}")
        return tuple(axis[labels] for labels in self.output)


@_term(lambda t: tuple(x for _, x in t.parts))
class Sum(Term):
    """A linear combination; of no parts, zero."""

    parts: tuple[tuple[Number, Term], ...]
    shape: tuple[Axis, ...]

    def _shape(self) -> tuple[Axis, ...]:
        _need(all(type(a) is Axis for a in self.shape), "a sum needs axes")
        for c, t in self.parts:
            if t.axes != self.shape:
                _need(len(t.axes) == len(self.shape), f"a sum of tensors with {len(self.shape)} and {len(t.axes)} axes")
                for number, (met, expected) in enumerate(zip(t.axes, self.shape, strict=True), 1):
                    agree(met, expected, f"axis {number} of a sum")
            _need(all(isinstance(g, Var | Root) for g in scalar(c).generators()), "a rank is not a coefficient")
        return self.shape


@_term(lambda t: t.parts)
class Stack(Term):
    """The direct sum of terms along one axis; on the other axes they agree."""

    parts: tuple[Term, ...]
    axis: int

    def _shape(self) -> tuple[Axis, ...]:
        _need(bool(self.parts) and 0 <= self.axis < len(self.parts[0].axes), "a stack of nothing, or along no axis")
        first = self.parts[0].axes
        for t in self.parts[1:]:
            _need(len(t.axes) == len(first), f"a stack of tensors with {len(first)} and {len(t.axes)} axes")
            for k, (met, expected) in enumerate(zip(t.axes, first, strict=True)):
                agree(expected if k == self.axis else met, expected, f"axis {k + 1} of a stack")
        return put(first, self.axis, total(t.axes[self.axis] for t in self.parts))


@_term(lambda t: (t.term,))
class Block(Term):
    """One block of a term along an axis that is the direct sum of `blocks`."""

    term: Term
    axis: int
    blocks: tuple[Axis, ...]
    which: int

    def _shape(self) -> tuple[Axis, ...]:
        axes = self.term.axes
        _need(0 <= self.axis < len(axes) and 0 <= self.which < len(self.blocks), "a block that is not there")
        agree(total(self.blocks), axes[self.axis], "the blocks of an axis")
        return put(axes, self.axis, self.blocks[self.which])


@_term(lambda t: (t.term,))
class Pick(Term):
    """The slice of a term at a named position of an axis of size `n` (a dimension symbol), for any position."""

    term: Term
    axis: int
    index: str

    def _shape(self) -> tuple[Axis, ...]:
        axes = self.term.axes
        _need(is_name(self.index) and 0 <= self.axis < len(axes), "a named position needs a name and an axis")
        one = [len(r.heads) == r.count == 1 and r.tail is None for r in axes[self.axis].runs] == [True]
        _need(one, f"a named position {self.index} picks from a dimension symbol, and not from {axes[self.axis]}")
        return put(axes, self.axis)

    def size(self) -> Var:
        """The dimension symbol whose positions the index runs over."""
        return self.term.axes[self.axis].runs[0].heads[0]


@_term(lambda t: (t.term,))
class Apply(Term):
    """A function of the last axis, for each index of the others; it may depend on the position in `positions`."""

    function: str
    term: Term
    positions: Labels = ()

    def _shape(self) -> tuple[Axis, ...]:
        count = len(self.term.axes)
        _need(is_name(self.function) and count > 0, f"{self.function} acts on the last axis, and a number has none")
        before = all(0 <= p < count - 1 for p in self.positions)
        _need(before, "a function depends on positions of the axes before the last")
        return self.term.axes


def put(items: Sequence[T], k: int, *new: T) -> tuple[T, ...]:
    """`items` with item k replaced by `new`."""
    return (*items[:k], *new, *items[k + 1 :])
