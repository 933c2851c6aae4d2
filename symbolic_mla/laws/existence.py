"""Quantifiers: tensors such that equations hold for all others, shown by witnesses; equations that hold for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from symbolic_mla.errors import CertificateError, ShapeError
from symbolic_mla.kernel.node import Substitution, names, need, nodes
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Atom, Pick, Term
from symbolic_mla.kernel.theorem import Theorem, equal


@dataclass(frozen=True, slots=True)
class Exists(Statement):
    """There are `unknowns`, chosen before `inner`, such that for all `inner` the equations hold; without unknowns,
    the equations hold for all `inner`."""

    unknowns: tuple[Atom, ...]
    inner: tuple[Atom, ...]
    equations: tuple[Equation, ...]

    def __post_init__(self) -> None:
        bound = {a.name: a for a in self.quantified()}
        if not bound or not self.equations or len(bound) < len(self.quantified()):
            raise ShapeError("a quantifier needs symbols with distinct names, and an equation")
        if any(type(e) is not Equation for e in self.equations) or any(type(a) is not Atom for a in self.quantified()):
            raise ShapeError("an existence claim is about symbols and equations")
        if any(isinstance(t, Atom) and bound.get(t.name, t) != t for t in nodes(self.equations)):
            raise ShapeError("a quantified symbol occurs with another shape")

    def quantified(self) -> tuple[Atom, ...]:
        """The symbols that have a meaning only inside."""
        return self.unknowns + self.inner


def free_of(bound: Iterable[str], *theorems: Theorem) -> None:
    """Raise if a hypothesis speaks of a symbol or a position that the conclusion speaks of for all its values."""
    spoken = names(*(h for t in theorems for h in t.hypotheses))
    need(spoken.isdisjoint(bound), "a hypothesis speaks of a quantified symbol")


def _witness(s: Exists, witnesses: tuple[Term, ...], proofs: tuple[Theorem, ...]) -> Exists:
    """A witness mentions only what was declared before its quantifier."""
    need(names(*witnesses).isdisjoint(a.name for a in s.quantified()), "a witness mentions what is quantified after it")
    free_of((a.name for a in s.quantified()), *proofs)
    to = Substitution(atoms=list(zip(s.unknowns, witnesses, strict=True)))
    need(to(s.equations) == tuple(t.conclusion for t in proofs), "another equation is proved")
    return s


def _use(t: Theorem, terms: tuple[Term, ...], k: int) -> Statement:
    """What holds for all values of some symbols holds for these."""
    s = t.conclusion
    if not isinstance(s, Exists) or s.unknowns or type(k) is not int:
        raise CertificateError("this rests on an equation that is true for all values of some symbols")
    return Substitution(atoms=list(zip(s.inner, terms, strict=True)))(s.equations[k])  # type: ignore[no-any-return]


def _everywhere(t: Theorem) -> Equation:
    """Tensors that are equal at a position of which nothing is assumed are equal."""
    a, b = equal(t).left, equal(t).right
    if not isinstance(a, Pick) or not isinstance(b, Pick) or (a.axis, a.index) != (b.axis, b.index):
        raise CertificateError("the two sides are not tensors at one named position")
    need(a.index not in names(a.term, b.term), "the position occurs elsewhere in the equation")
    free_of([a.index], t)
    return Equation(a.term, b.term)


RULES: Mapping[str, Callable[..., Any]] = {"exists-witness": _witness, "forall-use": _use, "everywhere": _everywhere}
