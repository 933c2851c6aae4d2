"""Existence claims: quantifiers in order, products of unknowns on the right, witnesses that come before both."""

from __future__ import annotations

from symbolic_mla.algebra.occurring import terms_of
from symbolic_mla.errors import NameUnknownError, SymbolicMLAError, TypeMismatchError, UnsupportedError
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.arguing import move_of
from symbolic_mla.language.chains import chain_steps
from symbolic_mla.language.elaborated import ElaboratedStep, Existence, Move
from symbolic_mla.language.environment import Environment
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.language.products import difference
from symbolic_mla.language.quantified import quantified
from symbolic_mla.language.relations import no_positions
from symbolic_mla.language.shapes import locate
from symbolic_mla.language.values import Tensor, weighed
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul


def existence(
    env: Environment, statement: s.Exists, take: tuple[s.Witness, ...], argument: tuple[s.Move, ...] = ()
) -> Existence:
    """An existence claim: the unknowns come before the inputs of `for all`, and the witnesses before both."""
    equations: list[ElaboratedStep] = []
    found: Exists | None = None
    witnesses: tuple[Term, ...] | None = None
    moves: tuple[Move, ...] = ()
    error: SymbolicMLAError | None = None
    try:
        inner_env = env.copy()
        unknowns = quantified(inner_env, statement.groups)
        chosen = inner_env.copy()
        inner = quantified(inner_env, statement.forall)
        for chain in statement.equations:
            equations += chain_steps(inner_env, chain)
        error = next((step.error for step in equations if step.error is not None), None)
        if error is None:
            built = Exists(unknowns, inner, tuple(_oriented(step, unknowns) for step in equations))
            no_positions(
                list(terms_of(built)),
                "an existence claim",
                "its place among the quantifiers would be unclear; quantify over inputs with `for all`",
            )
            found = built
            if take:
                witnesses = _witnesses(env, statement, found, take)
            moves = tuple(move_of(chosen, move, inner) for move in argument)
    except SymbolicMLAError as met:
        locate(met, statement.span)
        error = met
    return Existence(statement.span, found, tuple(equations), witnesses, take, error, moves)


def _oriented(step: ElaboratedStep, unknowns: tuple[Atom, ...]) -> Equation:
    """The equation of a line, with `U V` of two unknowns on the right.

    Raises: UnsupportedError for a relation between numbers.
    """
    equation = step.statement
    if not isinstance(equation, Equation):
        raise UnsupportedError(
            f"`{step.relation}` between numbers inside `exists`",
            hint="existence claims are about equations of tensors; state a bound on a rank by itself",
            span=step.span,
        )
    if _product_of(equation.left, unknowns) and not _product_of(equation.right, unknowns):
        return Equation(equation.right, equation.left)
    return equation


def _product_of(term: Term, unknowns: tuple[Atom, ...]) -> bool:
    parts = term.children()
    return (
        len(parts) == 2
        and all(p in unknowns and len(p.axes) == 2 for p in parts)
        and (parts[0].axes[1] == parts[1].axes[0] and term == matmul(*parts))
    )


def _witnesses(env: Environment, statement: s.Exists, found: Exists, take: tuple[s.Witness, ...]) -> tuple[Term, ...]:
    """One term for each unknown, of its shape, that mentions only what came before the quantifiers."""
    places = {name.text: (group, name) for group in statement.groups for name in group.names}
    late = {name.text for group in (*statement.groups, *statement.forall) for name in group.names}
    terms: dict[str, Term] = {}
    for witness in take:
        name = witness.name.text
        if name not in places or name in terms:
            raise NameUnknownError(
                f"`take {name}` twice" if name in terms else f"`take` for `{name}`, no unknown of this claim",
                hint=f"the unknowns are {', '.join(places)}",
                span=witness.name.span,
            )
        terms[name] = _witness(env, witness, next(a for a in found.unknowns if a.name == name), late)
    missing = [name for name in places if name not in terms]
    if missing:
        raise NameUnknownError(
            f"`take` gives no witness for {', '.join(f'`{name}`' for name in missing)}",
            hint="give every unknown, separated by commas",
            span=take[-1].span,
        )
    return tuple(terms[a.name] for a in found.unknowns)


def _witness(env: Environment, witness: s.Witness, unknown: Atom, late: set[str]) -> Term:
    try:
        value = Evaluator(env).value(witness.value)
    except NameUnknownError as unknown_name:
        raise _too_late(witness, late) or unknown_name from None
    axes = env.shapes.shape(unknown.axes)
    if not isinstance(value, Tensor) or value.order == 0:
        raise TypeMismatchError(
            f"the witness for `{unknown.name}` is a number, and `{unknown.name}` is {axes}",
            hint="c I(p) for a number as a matrix",
            span=witness.value.span,
        )
    error = difference(
        (value, witness.value),
        (Tensor(unknown), witness.name),
        env.shapes,
        f"the witness for `{unknown.name}`",
    )
    if error is not None:
        locate(error, witness.value.span)
        raise error
    no_positions([value.term], "a witness", "a witness is chosen for all positions at once")
    return weighed(value.term)


def _too_late(witness: s.Witness, late: set[str]) -> NameUnknownError | None:
    """The error for a witness that mentions what its own claim quantifies."""
    todo: list[object] = [witness.value]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo += node
        elif isinstance(node, s.Name) and node.text in late:
            return NameUnknownError(
                f"the witness for `{witness.name.text}` mentions `{node.text}`, which is chosen after it",
                hint="a witness mentions only what came before its own quantifier: `exists U for all "
                "X` chooses one U for every X. If U may depend on X, declare X by `given` before the claim",
                span=node.span,
            )
        elif hasattr(node, "__slots__") and hasattr(node, "span"):
            todo += [getattr(node, name) for name in node.__slots__ if name != "span"]
    return None
