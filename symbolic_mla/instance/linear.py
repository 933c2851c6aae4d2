"""Existence at an instance, where the equations are affine in the unknowns: a linear system, decided exactly."""

from __future__ import annotations

from dataclasses import replace

from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.instance.values import plain, rank
from symbolic_mla.kernel.scalar import Number, scalar
from symbolic_mla.kernel.term import Apply, Atom, Einsum, Stack, Sum, Term
from symbolic_mla.laws.existence import Exists

MAX_UNKNOWNS = 40  # entries of all unknowns together
WORK = 2_000  # what the value for one entry counts in the budget of a search


def degree(t: Term, unknowns: frozenset[Atom]) -> int:
    """A bound on the degree of a term in the unknowns; 2 stands for "two or more, or inside a function".

    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.laws.notation import matmul
    >>> p = Axis.of(Var("p"))
    >>> A, U = Atom("A", (p, p)), Atom("U", (p, p))
    >>> [degree(x, frozenset({U})) for x in (A, matmul(A, U), matmul(U, U))]
    [0, 1, 2]
    """
    below = [degree(c, unknowns) for c in t.children()]
    if isinstance(t, Atom):
        return int(t in unknowns)
    if isinstance(t, Einsum):
        return min(2, sum(below))
    if isinstance(t, Apply):
        return 2 if any(below) else 0
    if isinstance(t, Sum | Stack):
        return max(below, default=0)
    return below[0]


def solvable(s: Exists, at: Instance) -> bool | None:
    """Whether unknowns that satisfy all equations exist at an instance; None where the equations are not affine."""
    unknowns = frozenset(s.unknowns)
    sides = [side for e in s.equations for side in (e.left, e.right)]
    if s.inner or any(degree(side, unknowns) > 1 for side in sides):
        return None
    shapes = {a.name: at.shape(a.axes) for a in s.unknowns}
    places = [(name, k) for name, shape in shapes.items() for k in range(_volume(shape))]
    if len(places) > MAX_UNKNOWNS:
        return None
    at.work += WORK * (1 + len(places))  # one evaluation for each entry, and an elimination

    def residual(chosen: tuple[str, int] | None) -> list[Number]:
        """left - right of every equation, with one entry of the unknowns 1 and the others 0."""
        own = {
            name: Tensor(shape, tuple(int((name, k) == chosen) for k in range(_volume(shape))))
            for name, shape in shapes.items()
        }
        here = replace(at, tensors={**at.tensors, **own})
        return [
            plain(scalar(x) - y)
            for e in s.equations
            for x, y in zip(here.value(e.left).entries, here.value(e.right).entries, strict=True)
        ]

    constant = residual(None)
    columns = [[plain(scalar(x) - c) for x, c in zip(residual(p), constant, strict=True)] for p in places]
    return rank(columns) == rank([*columns, constant])


def _volume(shape: tuple[int, ...]) -> int:
    total = 1
    for s in shape:
        total *= s
    return total
