"""A[k]: one block of an axis that is a direct sum, or one position of a dimension symbol."""

from __future__ import annotations

from functools import reduce
from operator import add

from symbolic_mla.algebra.factors import left_quotient
from symbolic_mla.algebra.formers import need_some_axis
from symbolic_mla.errors import ShapeError, TypeMismatchError, UnsupportedError
from symbolic_mla.kernel.axis import UNIT, Axis
from symbolic_mla.kernel.term import Block, Einsum, Pick, Stack, Term

MAX_BLOCKS = 4096


def summands(term: Term, axis: int = 0) -> tuple[Axis, ...]:
    """The blocks of one axis: of a stack its parts, otherwise the summands that the axis is built from.

    Raises:
        ShapeError: for an axis that is not there.
        UnsupportedError: beyond MAX_BLOCKS blocks.

    >>> from symbolic_mla.algebra.formers import identity, ones, stack
    >>> from symbolic_mla.kernel.scalar import Var
    >>> n, p = Axis.of(Var("n")), Axis.of(Var("p"))
    >>> summands(ones(n + UNIT + UNIT, p)), summands(ones(Axis.of(2) * p)), summands(ones(n * p))
    ((n, 1, 1), (p, p), (n*p,))
    >>> summands(stack(ones(n + UNIT, p), identity(p)))
    (n + 1, p)
    """
    if not 0 <= axis < len(term.axes):
        raise ShapeError(f"axis {axis + 1} of a tensor of {len(term.axes)} axes")
    if isinstance(term, Stack) and term.axis == axis and len(term.parts) > 1:
        return tuple(t.axes[axis] for t in term.parts)
    runs = term.axes[axis].runs
    if sum(run.count for run in runs) > MAX_BLOCKS:
        raise UnsupportedError(f"the blocks of {term.axes[axis]} are more than {MAX_BLOCKS}")
    return tuple(Axis((run._replace(count=1),)) for run in runs for _ in range(run.count))


def select(term: Term, position: int | str, axis: int = 0) -> Term:
    """A[k], along the first axis unless told.

    A literal position, from 0, selects block k of a stack, of a sum n + 1 + 1, of a literal (one of 2*p's two
    p, one of 3's three ones): the axis stays, and is that of the block. A named position h selects, for any
    h, the slice at h of the first factor of the axis, which must be a dimension symbol: n*G*d becomes G*d,
    and an axis n disappears.

    Raises:
        ShapeError: for a position that is not there, and for an axis that has no such structure.
        TypeMismatchError: for a position that is neither an integer nor a name.

    >>> from symbolic_mla.algebra.formers import identity, ones, stack, zeros
    >>> from symbolic_mla.kernel.scalar import Var
    >>> p, q, r = (Axis.of(Var(x)) for x in "pqr")
    >>> select(stack(zeros(p, r), ones(q, r)), 1).axes
    (q, r)
    >>> select(ones(p * q, r), "h").axes, select(ones(p, r), "h").axes
    ((q, r), (r,))
    """
    need_some_axis("a selection", term)
    if isinstance(position, bool) or not isinstance(position, (int, str)):
        raise TypeMismatchError(
            f"the position {position!r}; an integer or a name was expected", hint="A[0] or A[h]"
        )
    if not 0 <= axis < len(term.axes):
        raise ShapeError(f"axis {axis + 1} of a tensor of {len(term.axes)} axes")
    return _block(term, position, axis) if isinstance(position, int) else _pick(term, position, axis)


def _block(term: Term, k: int, axis: int) -> Term:
    parts = summands(term, axis)
    met = term.axes[axis]
    if len(parts) == 1 and parts != (UNIT,):
        raise ShapeError(
            f"[{k}] selects a block, and the axis {met} is no direct sum",
            hint="a named position, A[h], selects any position of the first dimension",
        )
    if not 0 <= k < len(parts):
        names = ", ".join(map(str, parts[:8])) + (", ..." if len(parts) > 8 else "")
        raise ShapeError(f"[{k}] is no block of {met}", hint=f"blocks 0 to {len(parts) - 1}: {names}")
    before, after = parts[:k], parts[k + 1 :]
    three = [reduce(add, side) for side in (before, parts[k : k + 1], after) if side]
    return Block(term, axis, tuple(three), 1 if before else 0)


def _pick(term: Term, name: str, axis: int) -> Term:
    (count, heads, tail), *more = term.axes[axis].runs
    if more or count > 1 or not heads:
        raise ShapeError(
            f"the named position {name} runs over a dimension, and {term.axes[axis]} does not begin with one",
            hint="select a block by its number: A[0]",
        )
    if len(heads) == 1 and tail is None:
        return Pick(term, axis, name)
    first, last = Axis.of(heads[0]), len(term.axes)
    rest = left_quotient(term.axes[axis], first) or UNIT
    labels = (*term.axes[:axis], first, *term.axes[axis + 1 :], rest)
    others = [(k,) for k in range(last)]
    grouped = (*others[:axis], (axis, last), *others[axis + 1 :])
    ungrouped = (*others[: axis + 1], (last,), *others[axis + 1 :])
    return Pick(Einsum(((term, grouped),), ungrouped, labels), axis, name)
