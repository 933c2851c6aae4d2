"""The walk over a proof: each step a lemma of the script, after those that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from symbolic_mla.coq.inline import Proof
from symbolic_mla.coq.statements import Statements
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Term


@dataclass(frozen=True)
class Step:
    """A lemma of the script: its name, and the hypotheses that it takes as premises."""

    name: str
    premises: tuple[Statement, ...]


class Walk(Statements):
    """A script of the steps of a proof. `rules` says how the step of each rule is closed."""

    def __init__(self, split: frozenset[int], rules: Mapping[str, Rule]) -> None:
        super().__init__(split)
        self.rules = rules
        self.done: dict[int, tuple[Proof, Step]] = {}
        self.before: list[str] = []  # closed sections that come first
        self.count = 0

    def theorem(self, p: Proof, title: str) -> str:
        """The script of a proof, whose last lemma is called `title`."""
        step = self.prove(p)
        given = sorted(p.hypotheses, key=repr)
        statement = "".join(f"({self.statement(s)}) ->\n  " for s in given) + self.statement(p.conclusion)
        intros = f"intros {' '.join(hypotheses(given))}; " if given else ""
        self.steps.append(f"(* {title} *)\nTheorem {title} :\n  {statement}.\n"
                          f"Proof using All. {intros}as_stated ({self.applied(step, given)}). Qed.\n")  # fmt: skip
        return "\n".join([*self.before, self.text(f"Proof_of_{title}", title)])

    def prove(self, p: Proof) -> Step:
        """The lemma of a proof, after those of what it rests on."""
        if id(p) not in self.done:
            rule = p.proof[0]
            if rule not in self.rules:
                raise UnsupportedError(f"the rule {rule} is not exported")
            given = sorted(p.hypotheses, key=repr)
            if rule not in OWN_PREMISES:
                for premise in p.premises():
                    self.prove(premise)
            self.count += 1
            name = f"s{self.count}"
            statement = self.statement(p.conclusion)
            made = self.rules[rule](self, p, name, given)
            head = "".join(f"({h} : {self.statement(s)}) " for h, s in zip(hypotheses(given), given, strict=True))
            self.steps.append(f"(* {rule} *)\nLemma {name} {head}: {statement}.\nProof. {made} Qed.\n")
            self.done[id(p)] = (p, Step(name, tuple(given)))
        return self.done[id(p)][1]

    def use(self, p: Proof, given: Sequence[Statement]) -> str:
        """The lemma of a proof applied to its premises, which are among `given`."""
        return self.applied(self.prove(p), given)

    def applied(self, step: Step, given: Sequence[Statement]) -> str:
        """A step applied to its premises, which are among `given`."""
        return self.applied_to(step, dict(zip(given, hypotheses(given), strict=True)))

    @staticmethod
    def applied_to(step: Step, named: Mapping[Statement, str]) -> str:
        """A step applied to the proofs of its premises."""
        if not step.premises:
            return step.name
        return f"({' '.join([step.name, *(named[s] for s in step.premises)])})"

    def lemma(self, name: str, statement: str, proof: str) -> str:
        """A lemma on the way; its name."""
        self.steps.append(f"Lemma {name} : {statement}.\nProof. {proof} Qed.\n")
        return name

    def product(self, name: str, a: Term, b: Term, c: Term) -> str:
        """The lemma that c is the product of a and b, entry by entry."""
        i, j, k = self.names.axis(a.axes[0]), self.names.axis(a.axes[1]), self.names.axis(b.axes[1])
        x, y, z = (self.terms.call(t) for t in (a, b, c))
        statement = f"forall (x0 : {i}) (x1 : {k}), {z} x0 x1 = \\sum_(j : {j}) {x} x0 j * {y} j x1"
        return self.lemma(name, statement, f"rewrite /{z}; by_entries.")


Rule = Callable[[Walk, Proof, str, Sequence[Statement]], str]
"""From the walk, the step, its name and its hypotheses: the tactics that close it."""

OWN_PREMISES = frozenset({"exists-witness"})  # rules that say themselves where their premises are proved


def hypotheses(statements: Sequence[Statement]) -> list[str]:
    """The names of hypotheses, in order."""
    return [f"h{k}" for k in range(1, len(statements) + 1)]
