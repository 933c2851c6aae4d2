"""Symbols of shapes, and those that a quantifier declares; what is assumed for all values of some symbols."""

from __future__ import annotations

from collections.abc import Iterator

from symbolic_mla.errors import NameUnknownError, UnsupportedError
from symbolic_mla.kernel.node import nodes
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom
from symbolic_mla.language import syntax as s
from symbolic_mla.language.chains import chain_steps
from symbolic_mla.language.environment import Environment
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.laws.existence import Exists


def atoms_of(env: Environment, group: s.Group) -> Iterator[tuple[Atom, s.Name]]:
    """The symbols of `A, B : m × n`. Raises: SymbolicMLAError at a faulty size."""
    evaluator = Evaluator(env)
    axes = tuple(evaluator.axis(size) for size in group.sizes)
    for name in group.names:
        yield Atom(name.text, axes), name


def quantified(env: Environment, groups: tuple[s.Group, ...]) -> tuple[Atom, ...]:
    """Declare quantified symbols. Raises: NameUnknownError for a name that has a meaning already."""
    atoms: list[Atom] = []
    for group in groups:
        for atom, name in atoms_of(env, group):
            env.claim_name(name)
            env.symbols[name.text] = atom
            atoms.append(atom)
    return tuple(atoms)


def for_all(env: Environment, fact: s.Exists) -> Exists:
    """`for all GROUPS with EQUATIONS` as a statement. Its names mean nothing outside, and are taken from here on.

    Raises: SymbolicMLAError of a size, of a name that has a meaning, or of an equation; UnsupportedError for a relation
    between numbers.
    """
    inner_env = env.copy()
    inner = quantified(inner_env, fact.forall)
    equations = []
    for step in (step for chain in fact.equations for step in chain_steps(inner_env, chain)):
        if step.error is not None:
            raise step.error
        if not isinstance(step.statement, Equation):
            raise UnsupportedError(
                f"`{step.relation}` between numbers after `for all`",
                hint="what is assumed for all inputs is an equation of tensors",
                span=step.span,
            )
        equations.append(step.statement)
    idle = next((a for a in inner if all(a not in nodes(e) for e in equations)), None)
    if idle is not None:
        raise NameUnknownError(
            f"no equation speaks of `{idle.name}`", hint="remove it from `for all`", span=fact.span
        )
    env.bound.update({a.name: a for a in inner})
    return Exists((), inner, tuple(equations))
