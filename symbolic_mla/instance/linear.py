"""Existence at an instance, where the equations are affine in the unknowns: a linear system, decided exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.instance.values import plain, rank
from symbolic_mla.kernel.scalar import Number, scalar
from symbolic_mla.kernel.term import Apply, Atom, Einsum, Stack, Sum, Term
from symbolic_mla.laws.existence import Exists

MAX_UNKNOWNS = 40  # entries of all unknowns together
MAX_ALONE = 6  # entries of what is quantified inside that are tried alone
DRAWN = 2  # values of it that are drawn
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
    """Whether unknowns that satisfy all equations exist at an instance; None where the equations are not affine. With a
    `for all` only False is an answer: some values of its symbols leave no unknowns."""
    if s.inner:
        return False if excluding(s, at) else None
    system = _system(s, at, {})
    return None if system is None else _has_solution(system)


def excluding(s: Exists, at: Instance) -> list[dict[str, Tensor]]:
    """Values of the symbols of a `for all` for which together no unknowns do, none of them to spare; of none, that no
    such values were found.

    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.statement import Equation
    >>> p = Axis.of(Var("p"))
    >>> U, X = Atom("U", (p, p)), Atom("X", (p, p))
    >>> found = excluding(Exists((U,), (X,), (Equation(U, X),)), Instance({"p": 1}))
    >>> [str(values["X"]) for values in found]
    ['[[0]]', '[[1]]']
    """
    if not s.inner or not s.unknowns:
        return []
    met: list[dict[str, Tensor]] = []
    rows: list[list[list[Number]]] = []
    for values in _values({a.name: at.shape(a.axes) for a in s.inner}):
        system = _system(s, at, values)
        if system is None:
            return []
        met.append(values)
        rows.append(system)
        if not _has_solution(_joined(rows)):
            for k in reversed(range(len(rows))):
                if len(rows) > 1 and not _has_solution(_joined([*rows[:k], *rows[k + 1 :]])):
                    del rows[k], met[k]
            return met
    return []


def _values(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[dict[str, Tensor]]:
    """Values at which equations that hold for all are looked at: zeros, one entry alone, and some that are drawn."""
    zeros = {name: Tensor(shape, (0,) * _volume(shape)) for name, shape in shapes.items()}
    yield zeros
    places = [(name, k) for name, shape in shapes.items() for k in range(_volume(shape))]
    for name, k in places[:MAX_ALONE]:
        entries = tuple(int(j == k) for j in range(_volume(shapes[name])))
        yield {**zeros, name: Tensor(shapes[name], entries)}
    rng = Random(0)
    for _ in range(DRAWN):
        yield {name: Tensor(shape, tuple(rng.randint(-2, 2) for _ in range(_volume(shape))))
               for name, shape in shapes.items()}  # fmt: skip


def _system(s: Exists, at: Instance, inner: Mapping[str, Tensor]) -> list[list[Number]] | None:
    """The equations at values of the inner symbols: a column for each entry of the unknowns, and the constant. None
    where they are not affine, or the unknowns too many."""
    unknowns = frozenset(s.unknowns)
    sides = [side for e in s.equations for side in (e.left, e.right)]
    shapes = {a.name: at.shape(a.axes) for a in s.unknowns}
    places = [(name, k) for name, shape in shapes.items() for k in range(_volume(shape))]
    if any(degree(side, unknowns) > 1 for side in sides) or len(places) > MAX_UNKNOWNS:
        return None
    at.work += WORK * (1 + len(places))  # one evaluation for each entry, and an elimination

    def residual(chosen: tuple[str, int] | None) -> list[Number]:
        """left - right of every equation, with one entry of the unknowns 1 and the others 0."""
        own = {
            name: Tensor(shape, tuple(int((name, k) == chosen) for k in range(_volume(shape))))
            for name, shape in shapes.items()
        }
        here = replace(at, tensors={**at.tensors, **own, **inner})
        return [
            plain(scalar(x) - y)
            for e in s.equations
            for x, y in zip(here.value(e.left).entries, here.value(e.right).entries, strict=True)
        ]

    constant = residual(None)
    columns = [[plain(scalar(x) - c) for x, c in zip(residual(p), constant, strict=True)] for p in places]
    return [*columns, constant]


def _joined(systems: Sequence[list[list[Number]]]) -> list[list[Number]]:
    return [[x for part in parts for x in part] for parts in zip(*systems, strict=True)]


def _has_solution(system: list[list[Number]]) -> bool:
    return rank(system[:-1]) == rank(system)


def _volume(shape: tuple[int, ...]) -> int:
    total = 1
    for s in shape:
        total *= s
    return total
