"""Existence: there are tensors such that equations hold for all others; shown by witnesses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symbolic_mla.errors import ShapeError
from symbolic_mla.kernel.node import Substitution, names, need, nodes
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import Theorem


@dataclass(frozen=True, slots=True)
class Exists(Statement):
    """There are `unknowns`, chosen before `inner`, such that for all `inner` the equations hold."""

    unknowns: tuple[Atom, ...]
    inner: tuple[Atom, ...]
    equations: tuple[Equation, ...]

    def __post_init__(self) -> None:
        bound = {a.name: a for a in self.quantified()}
        if not self.unknowns or not self.equations or len(bound) < len(self.quantified()):
            raise ShapeError("an existence claim needs unknowns with distinct names, and an equation")
        if any(type(e) is not Equation for e in self.equations) or any(type(a) is not Atom for a in self.quantified()):
            raise ShapeError("an existence claim is about symbols and equations")
        if any(isinstance(t, Atom) and bound.get(t.name, t) != t for t in nodes(self.equations)):
            raise ShapeError("a quantified symbol occurs with another shape")

    def quantified(self) -> tuple[Atom, ...]:
        """The symbols that have a meaning only inside."""
        return self.unknowns + self.inner


def free_of(symbols: Sequence[Atom], *theorems: Theorem) -> None:
    """Raise if a hypothesis speaks of a symbol that the conclusion quantifies."""
    spoken = names(*(h for t in theorems for h in t.hypotheses))
    need(spoken.isdisjoint(a.name for a in symbols), "a hypothesis speaks of a quantified symbol")


def _witness(s: Exists, witnesses: tuple[Term, ...], proofs: tuple[Theorem, ...]) -> Exists:
    """A witness mentions only what was declared before its quantifier."""
    need(names(*witnesses).isdisjoint(a.name for a in s.quantified()), "a witness mentions what is quantified after it")
    free_of(s.quantified(), *proofs)
    to = Substitution(atoms=list(zip(s.unknowns, witnesses, strict=True)))
    need(to(s.equations) == tuple(t.conclusion for t in proofs), "another equation is proved")
    return s


RULES: Mapping[str, Callable[..., Any]] = {"exists-witness": _witness}
