"""Models of what holds for all values of some symbols: all others are ones or zeros, and the kernel proves it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, combinations, islice
from math import prod

from symbolic_mla.algebra import ones, zeros
from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.instance.judge import holds
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws.existence import Exists
from symbolic_mla.prover.effort import effort
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.prover.refute import Problem

MAX_PLAIN = 300
MAX_WORK = 2_000  # networks expanded to see that something holds for all values


def for_all(problem: Problem) -> list[Exists]:
    """The hypotheses about all values of some symbols."""
    return [h for h in problem.hypotheses if isinstance(h, Exists) and not h.unknowns]


def plain(problem: Problem, sizes: Mapping[str, int], number: int) -> Instance | None:
    """The model of this number in which every symbol is all ones, but for at most two, which are all zeros."""
    chosen = islice(chain.from_iterable(combinations(problem.atoms, k) for k in range(3)), number, number + 1)
    zero = next(chosen, None)
    if zero is None or problem.truncations or number < 0:
        return None
    at = Instance({**sizes, **{v.name: 1 for v in problem.scalars}})
    for a in problem.atoms:
        shape = at.shape(a.axes)
        at.tensors[a.name] = Tensor(shape, (int(a not in zero),) * prod(shape))
    bound = for_all(problem)
    if not all(holds(h, at) is True for h in problem.hypotheses if h not in bound):
        return None
    sized = Substitution([(v, Axis.of(sizes[v.name])) for v in problem.dims], [(v, 1) for v in problem.scalars])
    values = [(a, (zeros if a in zero else ones)(*sized(a.axes))) for a in problem.atoms]
    to = Substitution(sized.axes.items(), sized.numbers.items(), values)
    with effort(MAX_WORK):
        equations = [e for h in bound for e in to(h).equations]
        seen = all(isinstance(prove_equation(e.left, e.right), Theorem) for e in equations)
    return at if seen else None
