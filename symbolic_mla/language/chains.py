"""Chains: each relation a step that is judged on its own."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.elaborated import ElaboratedStep
from symbolic_mla.language.environment import Environment
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.language.relations import one_size_each, relate
from symbolic_mla.language.shapes import locate
from symbolic_mla.language.values import Tensor, Value, weighed


def chain_steps(env: Environment, chain: s.Chain, by: str | None = None) -> tuple[ElaboratedStep, ...]:
    """The steps of a chain, each by itself: an error of one leaves the others."""
    sides = [chain.first, *(step.right for step in chain.steps)]
    values = [_side(env, expr) for expr in sides]
    reported: set[int] = set()
    steps = []
    for number, step in enumerate(chain.steps):
        left, right = sides[number], step.right
        statement, error = None, _first_error(values, number, reported)
        a, b = values[number], values[number + 1]
        if error is None and not isinstance(a, SymbolicMLAError) and not isinstance(b, SymbolicMLAError):
            try:
                statement = relate(step.relation, (a, left), (b, right), env.shapes)
                one_size_each(statement)
            except SymbolicMLAError as met:
                error = met
                locate(error, step.span)
        reason = step.by.text if step.by else by
        steps.append(ElaboratedStep(step.span, step.relation, left, right, statement, error, reason))
    return tuple(steps)


def _side(env: Environment, expr: s.Expr) -> Value | SymbolicMLAError:
    try:
        value = Evaluator(env).value(expr)
        if isinstance(value, Tensor):
            weighed(value.term)
    except SymbolicMLAError as error:
        locate(error, expr.span)
        return error
    return value


def _first_error(
    values: Sequence[Value | SymbolicMLAError], number: int, reported: set[int]
) -> SymbolicMLAError | None:
    """The error of a step's sides that no earlier step has shown; else one that points back to it."""
    faulty = [(j, v) for j, v in ((number, values[number]), (number + 1, values[number + 1])) if _is_error(v)]
    for j, error in faulty:
        if j not in reported and isinstance(error, SymbolicMLAError):
            reported.add(j)
            return error
    for _, error in faulty:
        if isinstance(error, SymbolicMLAError):
            line = f" on line {error.span.line}" if error.span else ""
            return type(error)(
                f"nothing to compare with: the side before this one has an error{line}",
                hint="mend that line first",
            )
    return None


def _is_error(value: Value | SymbolicMLAError) -> bool:
    return isinstance(value, SymbolicMLAError)
