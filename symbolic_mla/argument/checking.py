"""Follow an argument against `exists U for all X with L = R`: does it end in a contradiction?

Suppose that some real U does it. Each move adds facts about the entries of U that are then true; a contradiction among
them shows that there is no such U. Sizes of unknowns that are never looked into may be symbols: the argument then
speaks of all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from symbolic_mla.argument.closing import follows
from symbolic_mla.argument.entries import NO_INPUTS, Entries
from symbolic_mla.argument.facts import Clause, Facts, vanishing
from symbolic_mla.argument.moves import Alike, At, Inputs, Move, So
from symbolic_mla.argument.poles import consequences, parted
from symbolic_mla.argument.values import Rational, Value, unknown
from symbolic_mla.errors import BudgetError, CertificateError, DomainError, ShapeError, UnsupportedError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Block, Stack, Sum, Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity
from symbolic_mla.prover.effort import effort
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.prover.replacing import equal_by_a_part
from symbolic_mla.record import record

MAX_NETWORKS = 20_000
MAX_WRITTEN = 64  # entries of an unknown matrix that are written out one by one


@record
class Outcome:
    """`refuted`: the argument holds to its end. `notes`: for each move that was followed what it gave. `reason`: why it
    does not refute, if it does not. `same`: the kernel's theorems that one side does not see a difference."""

    refuted: bool
    notes: tuple[str, ...]
    reason: str = ""
    same: tuple[Theorem, ...] = ()


@dataclass
class _State:
    statement: Exists
    facts: Facts = field(default_factory=Facts)
    same: list[Theorem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entries = Entries(self.statement.unknowns, self.facts)

    def differences(
        self, equation: Equation, left: Mapping[Atom, Term] = NO_INPUTS, right: Mapping[Atom, Term] = NO_INPUTS
    ) -> list[tuple[Value, object]]:
        """Left less right, each at its inputs: the entries, and which ones they are."""
        one, other = self.entries.of(equation.left, left), self.entries.of(equation.right, right)
        found = [x - y for x, y in zip(one.entries, other.entries, strict=True)]
        return [(v, (len(found), k)) for k, v in enumerate(found)]

    def at(self, move: At) -> str:
        inputs = self._at(move.inputs).atoms
        return self._take_in([d for e in self.statement.equations for d in self.differences(e, inputs, inputs)])

    def alike(self, move: Alike) -> str:
        one, other = self._at(move.one), self._at(move.other)
        vanish: list[tuple[Value, object]] = []
        for e in self.statement.equations:
            for blind, seeing in ((e.right, e.left), (e.left, e.right)):
                same = self._same(one(blind), other(blind))
                if same is not None:
                    self.same.append(same)
                    vanish += self.differences(Equation(seeing, seeing), one.atoms, other.atoms)
                    break
        if not vanish:
            return ""
        return self._take_in(vanish)

    def so(self, move: So) -> str:
        goals = [tuple(v for v, _ in self.differences(e) if v) for e in move.alternatives]
        clause = Clause.of(*goals)
        if not follows(self.facts.clauses, [g for g in goals if all(v.polynomial for v in g)]):
            return ""
        self.facts.add(clause)
        return "follows"

    def _at(self, inputs: Inputs) -> Substitution:
        given = {a for a, _ in inputs}
        other = [a.name for a in given.difference(self.statement.inner)]
        if other:
            raise UnsupportedError(f"{', '.join(other)}: a move gives values to the inputs of `for all` alone")
        missing = [a.name for a in self.statement.inner if a not in given]
        if missing:
            raise UnsupportedError(f"no value for {', '.join(missing)}: a move gives every input of `for all`")
        return Substitution(atoms=inputs)

    def _same(self, left: Term, right: Term) -> Theorem | None:
        known = self._known()
        equation = Equation(known(left), known(right))
        for prove in (equal_by_a_part, prove_equation):
            with suppress(BudgetError), effort(MAX_NETWORKS):
                found = prove(equation.left, equation.right)
                if isinstance(found, Theorem) and found.conclusion == equation and not found.hypotheses:
                    return found
        return None

    def _known(self) -> Substitution:
        """Unknown matrices whose entries are known in part, written out with these entries put in."""
        known = self.entries.known
        atoms: list[tuple[Atom, Term]] = []
        for a in self.statement.unknowns:
            sizes = [axis.size().terms.get((), 0) if not axis.size().generators() else 0 for axis in a.axes]
            if len(sizes) != 2 or not 0 < sizes[0] * sizes[1] <= MAX_WRITTEN:
                continue
            rows, columns = (int(n) for n in sizes)
            entries = [[known(unknown(f"{a.name}[{i}, {j}]")).constant for j in range(columns)]
                       for i in range(rows)]  # fmt: skip
            if all(c is None for row in entries for c in row):
                continue
            lines = [Stack(tuple(_entry(a, i, j, c) for j, c in enumerate(row)), 1) for i, row in enumerate(entries)]
            atoms.append((a, Stack(tuple(lines), 0)))
        return Substitution(atoms=atoms)

    def _take_in(self, vanish: Sequence[tuple[Value, object]]) -> str:
        more = consequences(vanish)
        rest = [x for place, x in enumerate(vanish) if place not in more.used]
        rest += [(parted(v) - w, tag) for v, tag in rest for w in more.values]
        new = [c for v, tag in rest if v and (c := vanishing(v, tag)) is not None]
        count = sum(self.facts.add(c) for c in (*more.clauses, *new))
        return f"{count} fact{'s' if count != 1 else ''}" if count else ""


def _entry(a: Atom, i: int, j: int, known: Rational | None) -> Term:
    """An entry of a matrix as a 1 × 1 term: its value where it is known, and else a block of the matrix."""
    one = Axis.of(1)
    if known is not None:
        return Sum(((known, identity(one)),), (one, one))
    rows, columns = (int(axis.size().terms[()]) for axis in a.axes)
    return Block(Block(a, 0, (one,) * rows, i), 1, (one,) * columns, j)


def check(statement: Exists, moves: Sequence[Move]) -> Outcome:
    """Follow an argument to its end. Raises nothing for an argument that does not hold: it then refutes nothing."""
    state = _State(statement)
    notes: list[str] = []
    try:
        for move in moves:
            if isinstance(move, At):
                note, missed = state.at(move), "nothing follows from the equations at these inputs"
            elif isinstance(move, Alike):
                note, missed = state.alike(move), "neither side is the same at both inputs, or nothing follows"
            else:
                note, missed = state.so(move), "this does not follow from what was seen so far"
            if not note:
                return Outcome(False, tuple(notes), missed, tuple(state.same))
            notes.append(note)
        if follows(state.facts.clauses):
            return Outcome(True, tuple(notes), "", tuple(state.same))
        return Outcome(False, tuple(notes), "the argument ends without a contradiction", tuple(state.same))
    except (BudgetError, CertificateError, DomainError, ShapeError, UnsupportedError, KeyError) as error:
        reason = error.message if hasattr(error, "message") else f"the size {error} is looked into, and is no number"
        return Outcome(False, tuple(notes), reason, tuple(state.same))
