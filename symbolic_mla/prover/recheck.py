"""A counterexample that comes from elsewhere, judged again: nothing is taken from it but sizes, numbers and entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symbolic_mla.errors import BudgetError, SymbolicMLAError, UnsupportedError
from symbolic_mla.instance.evaluate import Function, Instance
from symbolic_mla.instance.functions import NAMED
from symbolic_mla.kernel.scalar import Number
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.prover.decide import MAX_NETWORKS, Refuted, Setting, none_smaller
from symbolic_mla.prover.difference import Difference
from symbolic_mla.prover.effort import effort
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.prover.facts import made
from symbolic_mla.prover.refute import Counterexample, Problem, few_entries, has_sign

Rows = Mapping[tuple[tuple[int, ...], tuple[Number, ...]], tuple[int, ...]]


def refuted_by(statement: Statement, setting: Setting, claimed: Counterexample) -> Refuted | None:
    """The refutation that a claimed counterexample is, or None where it is none.

    The hypotheses and the statement are evaluated again at it, exactly. That it is the smallest is shown again, or
    the whole is refused, so that an answer never depends on what was claimed. Raises nothing.
    """
    try:
        facts = made(setting.facts)
        with effort(MAX_NETWORKS):
            left_over = _left_over(statement, facts)
        nonzero = left_over.symbols() if left_over is not None else frozenset()
        problem = Problem(statement, setting.hypotheses, setting.divides, nonzero, setting.truncations,
                          setting.singular)  # fmt: skip
        at = _instance(problem, claimed)
        if at is None or not (problem.allowed(at) and problem.admits(at) and problem.fails(at)):
            return None
        if claimed.smallest and not _smallest(problem, at, setting, claimed):
            return None
    except (SymbolicMLAError, LookupError, ArithmeticError, TypeError, ValueError):
        return None
    return Refuted(claimed, left_over)


def _left_over(statement: Statement, facts: Sequence[Theorem]) -> Difference | None:
    """What is left of an equation. Raises BudgetError, also where a proof is found: then the claim is mistaken."""
    if not isinstance(statement, Equation):
        return None
    found = prove_equation(statement.left, statement.right, facts, together=False)
    if not isinstance(found, Difference):
        raise BudgetError("no difference is left")
    return found


def _instance(problem: Problem, claimed: Counterexample) -> Instance | None:
    """The instance, if it gives what the problem speaks of a value of the right kind, and nothing else."""
    own = [f for f in problem.functions if f not in NAMED]
    met = (claimed.sizes, claimed.scalars, claimed.tensors, claimed.positions)
    asked = ([v.name for v in problem.dims], [v.name for v in problem.scalars], [a.name for a in problem.atoms],
             [p.index for p in problem.picks])  # fmt: skip
    if any(sorted(a) != sorted(b) for a, b in zip(met, asked, strict=True)) or not set(claimed.functions) <= set(own):
        return None
    at = Instance({**claimed.sizes, **claimed.scalars}, dict(claimed.tensors), dict(claimed.positions),
                  {f: _table(claimed.functions.get(f, {})) for f in own})  # fmt: skip
    sizes_fit = all(type(s := claimed.sizes[v.name]) is int and s >= v.low for v in problem.dims)
    if not sizes_fit or not all(
        _rational(x := claimed.scalars[v.name]) and has_sign(x, v.sign) for v in problem.scalars
    ):
        return None
    for a in problem.atoms:
        tensor, shape = claimed.tensors[a.name], at.shape(a.axes)
        volume = 1
        for s in shape:
            volume *= s
        if tensor.shape != shape or len(tensor.entries) != volume or not all(map(_rational, tensor.entries)):
            return None
    places = [(claimed.positions[p.index], claimed.sizes[p.size().name]) for p in problem.picks]
    return at if all(type(place) is int and 0 <= place < size for place, size in places) else None


def _rational(x: Any) -> bool:
    return type(x) in (int, Fraction)


def _table(rows: Rows) -> Function:
    """A function where its values are given; elsewhere it has no opinion."""

    def function(positions: tuple[int, ...], row: Sequence[Any]) -> Sequence[Any]:
        found = rows.get((positions, tuple(row)))
        if found is None or len(found) != len(row) or any(type(x) is not int for x in found):
            raise UnsupportedError("the function has no value here")
        return found

    return function


def _smallest(problem: Problem, at: Instance, setting: Setting, claimed: Counterexample) -> bool:
    """No smaller sizes fail, and at these none with fewer entries that are not 0."""
    count = sum(x != 0 for t in at.tensors.values() for x in t.entries)
    fewer, complete = few_entries(problem, at, count - 1)
    fewest = complete and fewer is None
    return fewest and none_smaller(problem.statement, setting, replace(claimed, smallest=True))
