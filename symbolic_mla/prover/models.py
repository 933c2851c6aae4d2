"""A model: an instance that satisfies hypotheses, so that what they prove is not vacuous."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from random import Random

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.instance.evaluate import Instance
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.prover.plain_models import MAX_PLAIN, for_all, plain
from symbolic_mla.prover.refute import IDENTITY_LIKE, TRIALS_WITH_HYPOTHESES, Problem
from symbolic_mla.record import record

MAX_SIZES = 40
TRIALS_OF_A_PART = 5 * TRIALS_WITH_HYPOTHESES
BY_PARTS = -2  # the number of a trial in which each part of the hypotheses is drawn by itself


@record
class Model:
    """The instance, and where it was drawn: its sizes, and which of the draws at these sizes it is."""

    at: Instance
    sizes: Mapping[str, int]
    trial: int


def find_model(problem: Problem) -> Model | None:
    """The first draw that satisfies the hypotheses, the least sizes first; None where none of them does.

    Where no draw of everything at once will do, the hypotheses that share no symbol with the others are satisfied by
    themselves, by what is drawn or by identity-like tensors.

    >>> from symbolic_mla.kernel.scalar import Var, scalar
    >>> from symbolic_mla.kernel.statement import Compare
    >>> n = scalar(Var("n"))
    >>> at_least = Compare(scalar(3), "<=", n)
    >>> find_model(Problem(at_least, [at_least])).sizes
    {'n': 3}
    """
    try:
        for sizes in islice(problem.sizes(), MAX_SIZES):
            for trial in range(MAX_PLAIN) if for_all(problem) else (*range(TRIALS_WITH_HYPOTHESES), BY_PARTS):
                at = _drawn(problem, sizes, trial)
                if at is not None:
                    return Model(at, sizes, trial)
    except SymbolicMLAError:
        return None
    return None


def model_at(problem: Problem, sizes: Mapping[str, int], trial: int) -> Model | None:
    """One draw at sizes that come from elsewhere; None unless they are allowed and every hypothesis is seen to hold.

    Raises: SymbolicMLAError where it cannot be drawn.
    """
    low = {v.name: v.low for v in problem.dims}
    fit = sizes.keys() == low.keys() and all(type(n) is int and n >= low[name] for name, n in sizes.items())
    if not fit or not problem.allowed(Instance(dict(sizes))):
        return None
    at = _drawn(problem, sizes, trial)
    return None if at is None else Model(at, sizes, trial)


def _drawn(problem: Problem, sizes: Mapping[str, int], trial: int) -> Instance | None:
    if for_all(problem):
        return plain(problem, sizes, trial)
    if trial != BY_PARTS:
        return problem.instance(sizes, Random(trial), trial)
    whole = Instance(dict(sizes))
    for part in _parts(problem):
        own = {v.name: sizes[v.name] for v in part.dims}
        draws = (part.instance(own, Random(k), k) for k in (IDENTITY_LIKE, *range(TRIALS_OF_A_PART)))
        found = next((at for at in draws if at is not None), None)
        if found is None:
            return None
        whole = replace(whole, numbers={**whole.numbers, **found.numbers}, tensors={**whole.tensors, **found.tensors},
                        positions={**whole.positions, **found.positions},
                        functions={**whole.functions, **found.functions})  # fmt: skip
    return whole if problem.admits(whole) else None


def _parts(problem: Problem) -> Iterator[Problem]:
    """The hypotheses, together where they share more than sizes."""
    groups: list[tuple[set[str], list[Statement]]] = []
    for h in problem.hypotheses:
        alone = Problem(h, truncations=problem.truncations, singular=problem.singular)
        spoken = {*(v.name for v in alone.scalars), *(a.name for a in alone.atoms), *alone.functions,
                  *(a.name for t in alone.truncations for a in (t.u, t.s, t.v))}  # fmt: skip
        met = [g for g in groups if not spoken.isdisjoint(g[0])]
        groups = [g for g in groups if g not in met]
        groups.append((spoken.union(*(g[0] for g in met)), [*(s for g in met for s in g[1]), h]))
    for _, own in groups:
        ordered = [h for h in problem.hypotheses if h in own]
        yield Problem(ordered[0], ordered, truncations=problem.truncations, singular=problem.singular)
