"""Claims: chains as steps that are judged one by one, existence with its quantifiers in order, iff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from symbolic_mla.errors import (
    NameUnknownError,
    Span,
    SymbolicMLAError,
    TypeMismatchError,
    UnsupportedError,
)
from symbolic_mla.kernel import theorem as k
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import terms_of
from symbolic_mla.language import syntax as s
from symbolic_mla.language.declarations import atoms_of
from symbolic_mla.language.environment import Environment
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.language.products import difference
from symbolic_mla.language.relations import no_positions, relate
from symbolic_mla.language.shapes import locate
from symbolic_mla.language.values import Tensor, Value, weighed


@dataclass(frozen=True, slots=True)
class ElaboratedStep:
    """One relation between two neighbouring sides: a kernel statement, or the error that it has instead."""

    span: Span
    relation: s.Relation
    left: s.Expr
    right: s.Expr
    statement: k.Statement | None
    error: SymbolicMLAError | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Existence:
    """`exists ... for all ... with ...`.

    `equations` are the lines as written; those of `statement` have a product of unknowns on the right.
    `witnesses` are one term for each unknown, in the order of `statement.unknowns`; None without `take`.
    `error` is that of the quantifiers, of an equation or of the witnesses; after a faulty witness
    `statement` is still there.
    """

    span: Span
    statement: k.Exists | None
    equations: tuple[ElaboratedStep, ...]
    witnesses: tuple[Term, ...] | None
    take: tuple[s.Witness, ...]
    error: SymbolicMLAError | None


@dataclass(frozen=True, slots=True)
class Equivalence:
    """`left iff right`: each side is one step or an existence."""

    span: Span
    statement: k.Iff | None
    left: ElaboratedStep | Existence | None
    right: ElaboratedStep | Existence | None
    error: SymbolicMLAError | None


@dataclass(frozen=True, slots=True)
class ElaboratedClaim:
    """A claim: `steps` of a chain, or an existence, or an equivalence."""

    id: str
    expected: Literal["proved", "refuted"]
    span: Span
    by: str | None
    steps: tuple[ElaboratedStep, ...] = ()
    existence: Existence | None = None
    iff: Equivalence | None = None

    @property
    def errors(self) -> tuple[SymbolicMLAError, ...]:
        """Every error inside the claim, in the order of its lines."""
        parts = (*self.steps, self.existence, self.iff)
        return tuple(part.error for part in parts if part is not None and part.error is not None)


def elaborate_claim(env: Environment, item: s.Claim) -> ElaboratedClaim:
    """The claim as statements of the kernel. An error of a part is kept at that part, and never raised."""
    by = item.by.text if item.by else None
    common = (item.id.text, item.expected, item.span, by)
    if isinstance(item.statement, s.Chain):
        return ElaboratedClaim(*common, steps=chain_steps(env, item.statement, by))
    if isinstance(item.statement, s.Exists):
        return ElaboratedClaim(*common, existence=existence(env, item.statement, item.take))
    return ElaboratedClaim(*common, iff=_iff(env, item.statement, item.take, by))


# ---- chains --------------------------------------------------------------------------------------------


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


# ---- existence -----------------------------------------------------------------------------------------


def existence(env: Environment, statement: s.Exists, take: tuple[s.Witness, ...]) -> Existence:
    """An existence claim: the unknowns come before the inputs of `for all`, and the witnesses before both."""
    equations: list[ElaboratedStep] = []
    found: k.Exists | None = None
    witnesses: tuple[Term, ...] | None = None
    error: SymbolicMLAError | None = None
    try:
        inner_env = env.copy()
        unknowns = _quantified(inner_env, statement.groups)
        inner = _quantified(inner_env, statement.forall)
        for chain in statement.equations:
            equations += chain_steps(inner_env, chain)
        error = next((step.error for step in equations if step.error is not None), None)
        if error is None:
            built = k.Exists(unknowns, inner, tuple(_oriented(step, unknowns) for step in equations))
            no_positions(
                list(terms_of(built)),
                "an existence claim",
                "its place among the quantifiers would be unclear; quantify over inputs with `for all`",
            )
            found = built
            if take:
                witnesses = _witnesses(env, statement, found, take)
    except SymbolicMLAError as met:
        locate(met, statement.span)
        error = met
    return Existence(statement.span, found, tuple(equations), witnesses, take, error)


def _quantified(env: Environment, groups: tuple[s.Group, ...]) -> tuple[Atom, ...]:
    """Declare quantified symbols. Raises: NameUnknownError for a name that has a meaning already."""
    atoms: list[Atom] = []
    for group in groups:
        for atom, name in atoms_of(env, group):
            env.claim_name(name)
            env.symbols[name.text] = atom
            atoms.append(atom)
    return tuple(atoms)


def _oriented(step: ElaboratedStep, unknowns: tuple[Atom, ...]) -> k.Equation:
    """The equation of a line, with `U V` of two unknowns on the right.

    Raises: UnsupportedError for a relation between numbers.
    """
    equation = step.statement
    if not isinstance(equation, k.Equation):
        raise UnsupportedError(
            f"`{step.relation}` between numbers inside `exists`",
            hint="existence claims are about equations of tensors; state a bound on a rank by itself",
            span=step.span,
        )
    if _product_of(equation.left, unknowns) and not _product_of(equation.right, unknowns):
        return k.Equation(equation.right, equation.left)
    return equation


def _product_of(term: Term, unknowns: tuple[Atom, ...]) -> bool:
    parts = term.children()
    return (
        len(parts) == 2
        and all(p in unknowns and len(p.axes) == 2 for p in parts)
        and (parts[0].axes[1] == parts[1].axes[0] and term == k.matmul(*parts))
    )


def _witnesses(
    env: Environment, statement: s.Exists, found: k.Exists, take: tuple[s.Witness, ...]
) -> tuple[Term, ...]:
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


# ---- equivalence ---------------------------------------------------------------------------------------


def _iff(env: Environment, item: s.Iff, take: tuple[s.Witness, ...], by: str | None) -> Equivalence:
    sides: list[ElaboratedStep | Existence | None] = []
    error: SymbolicMLAError | None = None
    used: set[str] = set()
    for side in (item.left, item.right):
        if isinstance(side, s.Exists):
            own = {name.text for group in side.groups for name in group.names}
            chosen = tuple(w for w in take if w.name.text in own)
            used |= own
            sides.append(existence(env, side, chosen))
        elif len(side.steps) == 1:
            sides.append(chain_steps(env, side, by)[0])
        else:
            sides.append(None)
            error = error or UnsupportedError(
                "a chain of more than one relation as a side of `iff`",
                hint="state one relation on each side, or one claim for each",
                span=side.span,
            )
    error = next((x.error for x in sides if x is not None and x.error is not None), error)
    stray = next((w for w in take if w.name.text not in used), None)
    if error is None and stray is not None:
        error = NameUnknownError(
            f"`take` for `{stray.name.text}`, which is no unknown of this claim",
            hint="remove it",
            span=stray.span,
        )
    left, right = sides
    statement = None
    if error is None and left is not None and right is not None and left.statement and right.statement:
        statement = k.Iff(left.statement, right.statement)
    return Equivalence(item.span, statement, left, right, error)
