"""The lines of an argument as terms: values for the inputs of `for all`, and equations between unknowns."""

from __future__ import annotations

from symbolic_mla.errors import NameUnknownError, TypeMismatchError, UnsupportedError
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.chains import chain_steps
from symbolic_mla.language.elaborated import Move
from symbolic_mla.language.environment import Environment
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.language.products import difference
from symbolic_mla.language.relations import no_positions
from symbolic_mla.language.shapes import locate
from symbolic_mla.language.values import Tensor, weighed


def move_of(env: Environment, move: s.Move, inner: tuple[Atom, ...]) -> Move:
    """A line of an argument in the scope `env`, which knows the unknowns, and not the inputs of `for all`.

    Raises: SymbolicMLAError with the span of the guilty part.
    """
    if isinstance(move, s.At):
        return Move(move.span, _inputs(env, move.inputs, inner))
    if isinstance(move, s.Alike):
        one = _inputs(env, move.one, inner)
        named = {a for a, _ in one}
        other = _inputs(env, move.other, inner)
        kept = tuple((a, t) for a, t in one if a not in {b for b, _ in other})
        stray = next((a.name for a, _ in other if a not in named), None)
        if stray is not None:
            raise NameUnknownError(
                f"behind `and`, `{stray}` has a value, and before it has none",
                hint="give every input before `and`; behind it, those that differ",
                span=move.span,
            )
        return Move(move.span, one, (*kept, *other))
    return Move(move.span, alternatives=tuple(_equation(env, chain) for chain in move.alternatives))


def _inputs(env: Environment, given: tuple[s.Witness, ...], inner: tuple[Atom, ...]) -> tuple[tuple[Atom, Term], ...]:
    known = {a.name: a for a in inner}
    found: dict[Atom, Term] = {}
    for item in given:
        name = item.name.text
        if name not in known or known[name] in found:
            what = "has a value already" if name in known else "is no input of `for all`"
            raise NameUnknownError(f"`{name}` {what}", hint=f"the inputs are {', '.join(known) or 'none'}",
                                   span=item.name.span)  # fmt: skip
        found[known[name]] = _value(env, item, known[name])
    return tuple(found.items())


def _value(env: Environment, item: s.Witness, atom: Atom) -> Term:
    value = Evaluator(env).value(item.value)
    if not isinstance(value, Tensor) or value.order == 0:
        raise TypeMismatchError(
            f"the value for `{atom.name}` is a number, and `{atom.name}` is {env.shapes.shape(atom.axes)}",
            hint="blocks([[1, 0]]) for a row of numbers",
            span=item.value.span,
        )
    error = difference((value, item.value), (Tensor(atom), item.name), env.shapes, f"the value for `{atom.name}`")
    if error is not None:
        locate(error, item.value.span)
        raise error
    no_positions([value.term], "an argument", "an argument looks at explicit inputs")
    return weighed(value.term)


def _equation(env: Environment, chain: s.Chain) -> Equation:
    steps = chain_steps(env, chain)
    step = steps[0]
    if step.error is not None:
        raise step.error
    if len(steps) > 1 or not isinstance(step.statement, Equation):
        raise UnsupportedError(
            "what follows in an argument is one equation of tensors, or several joined by `or`",
            hint="so C[0, 0] = 0",
            span=chain.span,
        )
    return step.statement
