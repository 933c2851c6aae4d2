"""The search for what mends a claim that is judged whole: an existence, or an equivalence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from symbolic_mla.derivation.results import ClaimResult, DocumentResult, StepResult
from symbolic_mla.diagnostics.diagnostic import Repair, TextEdit
from symbolic_mla.diagnostics.instances import instance_of
from symbolic_mla.diagnostics.repair.alternatives import Alternative, alternatives
from symbolic_mla.diagnostics.repair.hypotheses import factorable
from symbolic_mla.diagnostics.repair.stage import Stage
from symbolic_mla.diagnostics.repair.texts import Writer, line_after
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.instance.judge import holds
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.language import syntax as s
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists

MAX_READ = 300  # alternatives that are read
MAX_TRIED = 12  # of them that are given to the prover
MAX_NETWORKS = 12_000  # expanded for one: a factorisation is proved through a bound on a rank
MAX_OFFERS = 2  # that are shown


@dataclass
class Whole:
    """What mends one claim. `confirmed` says whether the document after edits has it proved."""

    claim: ClaimResult
    result: DocumentResult
    stage: Stage
    writer: Writer
    confirmed: Callable[[tuple[TextEdit, ...]], bool]

    def slips(self) -> tuple[Repair, ...]:
        """Repairs, all of the smallest cost that mends."""
        (step,) = self.claim.steps
        offers: list[tuple[int, Repair]] = []
        tried = 0
        for other in alternatives(self.claim.item, self.stage.scope, self.writer)[:MAX_READ]:
            if tried >= MAX_TRIED or len(offers) >= MAX_OFFERS or (offers and other.cost > offers[0][0]):
                break
            statement = self.statement(other.item)
            if statement is None or _trivial(statement) or self.fails_here(step, statement):
                continue
            tried += 1
            judged = self.stage.judged(other.item, 0, MAX_NETWORKS)
            if judged is None or judged.verdict != "proved" or not self.confirmed(other.edits):
                continue
            offers.append((other.cost, self.repair(other)))
        return tuple(repair for _, repair in offers)

    def hypotheses(self) -> tuple[Repair, ...]:
        """The bound on a rank that makes a factorisation exist."""
        statement = self.claim.item.statement
        if not isinstance(statement, s.Exists) or self.claim.item.take:
            return ()
        source = self.result.document.source
        return tuple(Repair(f"a hypothesis is missing: {fact}", (edit,), line_after(source, (edit,), edit.span.line))
                     for fact, edit, _ in factorable(statement, self.writer) if self.confirmed((edit,)))  # fmt: skip

    def repair(self, other: Alternative) -> Repair:
        """An alternative as edits; the line is the first that they change, and the others in order behind it."""
        source = self.result.document.source
        lines = sorted({e.span.line for e in other.edits})
        return Repair(other.why, other.edits, "\n  ".join(line_after(source, other.edits, x) for x in lines))

    def statement(self, item: s.Claim) -> Statement | None:
        """The statement that a claim would be; None for one without meaning."""
        with suppress(SymbolicMLAError, RecursionError):
            elaborated = self.stage.scope.claim(item)
            found = elaborated.existence or elaborated.iff
            if found is not None and found.error is None:
                return found.statement
        return None

    def fails_here(self, step: StepResult, statement: Statement) -> bool:
        """Whether the counterexample of the claim refutes a statement too."""
        if step.counterexample is None:
            return False
        try:
            return holds(statement, instance_of(step.counterexample)) is False
        except (SymbolicMLAError, LookupError, ArithmeticError, RecursionError, TypeError):
            return False  # it speaks of what the instance does not have


def _trivial(statement: Statement) -> bool:
    """Whether a statement says nothing: one equation twice, or an equivalence of a side with itself."""
    if isinstance(statement, Exists):
        sides = [e.left for e in statement.equations]
        return len(set(sides)) < len(sides)
    return isinstance(statement, Iff) and statement.left == statement.right
