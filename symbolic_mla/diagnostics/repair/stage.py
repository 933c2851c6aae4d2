"""The document up to a claim: where a mended step is judged anew, from the tree or from the text as it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symbolic_mla.derivation.check import Judge
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult, StepResult
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import parse_document
from symbolic_mla.language.parse import ParseEnvironment, read_block
from symbolic_mla.language.scope import Scope
from symbolic_mla.prover.decide import Proved, Setting, Undecided, prove

MAX_NETWORKS = 3_000  # expanded for one candidate


@dataclass
class Stage:
    """What is declared before a claim, and the claims before it, as they were judged."""

    scope: Scope
    declared: list[s.Item]
    earlier: dict[str, ClaimResult]

    @classmethod
    def before(cls, claim: ClaimResult, result: DocumentResult) -> Stage:
        """The stage of a claim of a checked document."""
        stage = cls(Scope(), [], {})
        for part in result.parts:
            if part is claim:
                break
            if isinstance(part, ClaimResult):
                stage.earlier[part.id] = part
            elif not isinstance(part, (ErrorBlockResult, s.Claim)):
                stage.scope.declare(part)
                stage.declared.append(part)
        return stage

    def judged(self, claim: s.Claim, number: int, networks: int = MAX_NETWORKS) -> StepResult | None:
        """Step `number` of a claim: proved, undecided or an error (no counterexample is looked for)."""

        def proving(statement: Statement, setting: Setting | None = None,
                    witnesses: Sequence[Term] | None = None) -> Proved | Undecided:  # fmt: skip
            return prove(statement, setting or Setting(), witnesses, networks=networks)

        try:
            elaborated = self.scope.claim(claim)
            judge = Judge(self.scope, self.declared, self.earlier, claim, proving)
            if elaborated.existence is not None:
                return judge.existence(claim, elaborated)
            if elaborated.iff is not None:
                return judge.equivalence(claim, elaborated.iff, elaborated)
            if elaborated.steps:
                return next(iter(judge.steps(elaborated.steps[number : number + 1])))
        except (SymbolicMLAError, RecursionError, StopIteration):
            return None
        return None


def read_again(source: str, claim: str, number: int, earlier: dict[str, ClaimResult]) -> StepResult | None:
    """A step of a claim from the source of a whole document: read, elaborated and judged like any other."""
    names = ParseEnvironment()
    stage = Stage(Scope(), [], earlier)
    try:
        for block in parse_document(source).blocks:
            if block.expected_error is not None:
                continue
            for item in read_block(block, names, []):
                if not isinstance(item, s.Claim):
                    stage.scope.declare(item)
                    stage.declared.append(item)
                elif item.id.text == claim:
                    return stage.judged(item, number, 2 * MAX_NETWORKS)
    except (SymbolicMLAError, RecursionError):
        return None
    return None
