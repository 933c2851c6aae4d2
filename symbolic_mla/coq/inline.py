"""A proof as the exporter walks it: the rules of a theorem, with instances of lemmas pushed down to their leaves.

Every rule is closed under substitution, so the instance of a theorem has the proof of the theorem with the
substitution made in each step. Coq sees the steps of the instance; no step of its own is left for `instance`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from symbolic_mla.kernel.node import Substitution, names
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import Theorem


@dataclass(frozen=True, eq=False)
class Proof:
    """hypotheses |- conclusion, by a rule applied to arguments: `proof` is (rule, *arguments)."""

    proof: tuple[Any, ...]
    hypotheses: frozenset[Statement]
    conclusion: Statement

    def premises(self) -> Iterator[Proof]:
        """The proofs among the arguments."""
        yield from _proofs(self.proof)


def _proofs(value: object) -> Iterator[Proof]:
    if isinstance(value, Proof):
        yield value
    elif isinstance(value, tuple):
        for v in value:
            yield from _proofs(v)


def inlined(theorem: Theorem) -> Proof:
    """The proof of a theorem without the rule `instance`.

    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.theorem import derive
    >>> p, q = Axis.of(Var("p")), Axis.of(Var("q"))
    >>> lemma = derive("rank-size", Atom("A", (p, p)), 0)
    >>> inlined(derive("instance", lemma, ((Var("p"), q * q),), (), (), ())).proof
    ('rank-size', Atom(name='A', shape=(q*q, q*q)), 0)
    """
    return _Inliner().theorem(theorem)


class _Inliner:
    def __init__(self) -> None:
        self.done: dict[int, Proof] = {}

    def theorem(self, t: Theorem) -> Proof:
        if id(t) not in self.done:
            rule, *arguments = t.proof
            if rule == "instance":
                lemma, *to = arguments
                self.done[id(t)] = _Moved(Substitution(*to)).proof(self.theorem(lemma))
            else:
                self.done[id(t)] = Proof((rule, *map(self._argument, arguments)), t.hypotheses, t.conclusion)
        return self.done[id(t)]

    def _argument(self, value: Any) -> Any:
        if isinstance(value, Theorem):
            return self.theorem(value)
        return tuple(map(self._argument, value)) if type(value) is tuple else value


class _Moved:
    """A substitution made in every step of a proof."""

    def __init__(self, to: Substitution) -> None:
        self.to = to
        self.done: dict[int, tuple[Proof, Proof]] = {}

    def proof(self, p: Proof) -> Proof:
        if id(p) not in self.done:
            rule, *arguments = p.proof
            if rule == "congruence":
                arguments = [*_renamed(arguments[0], arguments[1], self.to), arguments[2]]
            elif rule == "equation":
                arguments[4] = ()  # the answers are of other networks now; the exporter finds its own
            moved = Proof((rule, *map(self._argument, arguments)), frozenset(map(self.to, p.hypotheses)),
                          self.to(p.conclusion))  # fmt: skip
            self.done[id(p)] = (p, moved)
        return self.done[id(p)][1]

    def _argument(self, value: Any) -> Any:
        if isinstance(value, Proof):
            return self.proof(value)
        if type(value) is tuple:
            return tuple(map(self._argument, value))
        return self.to(value)


def _renamed(context: Term, hole: Atom, to: Substitution) -> tuple[Term, Atom]:
    """The hole of a congruence under a name that no replacement speaks of."""
    taken = names(context, *to.atoms, *to.atoms.values())
    name = hole.name
    while name in taken:
        name += "_"
    fresh = Atom(name, hole.axes)
    return Substitution(atoms=[(hole, fresh)])(context), fresh
