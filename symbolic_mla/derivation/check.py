"""Check a document, item by item and step by step. A failed step leaves the others to be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from symbolic_mla.algebra.occurring import terms_of
from symbolic_mla.algebra.text import statement_text
from symbolic_mla.derivation.analysis import by_definition, granted_by, instances
from symbolic_mla.derivation.arguments import argued
from symbolic_mla.derivation.before import Before
from symbolic_mla.derivation.citations import Cited, cited
from symbolic_mla.derivation.memory import FRESH, Decide, Memory, claim_key, keep, recalled
from symbolic_mla.derivation.reasons import reason_of
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult, StepResult
from symbolic_mla.derivation.stepwise import cited_by, steps_of
from symbolic_mla.errors import BudgetError, InputError, NameUnknownError, ShapeError, Span, SymbolicMLAError
from symbolic_mla.kernel.node import nodes
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Atom, Pick, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.language import syntax as s
from symbolic_mla.language.claims import ElaboratedClaim, ElaboratedStep, Equivalence
from symbolic_mla.language.documents import Block, Document
from symbolic_mla.language.elaborated import Existence
from symbolic_mla.language.environment import Hypothesis
from symbolic_mla.language.parse import ParseEnvironment, read_block
from symbolic_mla.language.scope import Scope
from symbolic_mla.language.unparse import unparse
from symbolic_mla.laws.existence import Exists
from symbolic_mla.limit import DOCUMENT, STEP, processor_time
from symbolic_mla.prover.decide import Proved, Refuted, Setting, Undecided, Verdict
from symbolic_mla.prover.facts import Later

if TYPE_CHECKING:
    from symbolic_mla.instance.evaluate import Instance
    from symbolic_mla.prover.refute import Counterexample

MAX_NAMED = 12  # claims that a message lists

Progress = Callable[[ClaimResult], None]


def check_document(document: Document, only: str | None = None, progress: Progress | None = None,
                   memory: Memory = FRESH) -> DocumentResult:  # fmt: skip
    """Every claim with its verdict. `only` names a claim that must be there; `progress` is told of it; `memory` says
    how a statement is decided, and what is known from an earlier check."""
    result = DocumentResult(document, Scope())
    before = Before((), document.lines)
    names_ = ParseEnvironment()
    unmarked = {
        line
        for block in document.blocks
        if block.mark is not None and block.mark.role == "unmarked"
        for line in range(block.first_line, block.first_line + block.text.count("\n") + 1)
    }
    try:
        with processor_time(DOCUMENT, "this document"):
            for block in document.blocks:
                result.scope.environment.latex = block.mark is not None
                if block.expected_error is not None:
                    result.parts.append(_error_block(block, result, names_.copy(), memory, before.lines))
                    continue
                for item in read_block(block, names_, result.faults):
                    _take(item, result, before, only, progress, memory)
                if names_.ended:
                    break
    except SymbolicMLAError as error:
        result.faults.append(error)
    result.fatal = result.faults[0] if result.faults else None
    if only is not None and result.fatal is None and all(c.id != only for c in result.claims):
        from difflib import get_close_matches  # only on this path, to keep the start light

        ids = [c.id for c in result.claims]
        near = get_close_matches(only, ids, 1, 0.6)
        hint = f"did you mean `{near[0]}`?" if near else f"its claims: {', '.join(ids[:MAX_NAMED]) or 'none'}"
        result.fatal = NameUnknownError(f"no claim `{only}` in {document.path}", hint=hint)
        result.faults.append(result.fatal)
    defined = [
        f"`{item.name.text}` (line {item.span.line})"
        for item in result.parts
        if isinstance(item, s.Let | s.DimDefinition) and item.span.line in unmarked
    ]
    if defined:
        result.notes.append(f"displayed formulas define the new names {', '.join(defined)}")
    if document.unread:
        result.notes.append(_unread(document.unread))
    if result.scope.hypotheses:
        _find_model(result, memory)
    if result.fatal is None and not result.claims and not result.error_blocks:
        result.warnings.append(document.note or "no claim: there is nothing to check")
    return result


def _unread(lines: Sequence[int]) -> str:
    """What to tell of displayed formulas that are not checked, so that nobody takes them for steps."""
    one = len(lines) == 1
    shown = ", ".join(map(str, lines[:8])) + (", ..." if len(lines) > 8 else "")
    return (
        f"the displayed formula{'' if one else 's'} on line{'' if one else 's'} {shown} "
        f"{'is' if one else 'are'} commentary and not checked; "
        "`<!-- claim NAME -->` before one has it checked, `<!-- commentary -->` ends this note"
    )


def _take(item: s.Item, result: DocumentResult, before: Before, only: str | None, progress: Progress | None,
          memory: Memory) -> None:  # fmt: skip
    if not isinstance(item, s.Claim):
        result.scope.declare(item)
        result.parts.append(item)
        before.take(item)
        return
    judged = _claim(item, result.scope, before, memory)
    result.parts.append(judged)
    before.take(judged)
    if progress is not None and only in (None, judged.id):
        progress(judged)


def _claim(item: s.Claim, scope: Scope, before: Before, memory: Memory) -> ClaimResult:
    earlier, declared, lines = before.claims, before.declared, before.lines
    if item.id.text in earlier:
        line = earlier[item.id.text].item.span.line
        error = NameUnknownError(f"`{item.id.text}` names two claims; the first is on line {line}",
                                 hint="give each claim a name of its own", span=item.id.span)  # fmt: skip
        return ClaimResult(item, "chain", (_failed(item.span, item.statement, error),))
    key = claim_key(item, declared, earlier)
    judged = recalled(memory, key, item, lines)
    if judged is None:
        judged = _judged(item, Judge(scope, declared, earlier, item, memory.decide, memory))
        keep(memory, key, judged, lines)
    return judged


def _judged(item: s.Claim, judge: Judge) -> ClaimResult:
    chain = item.statement
    if isinstance(chain, s.Chain) and len(chain.steps) > 1:
        try:
            steps = steps_of(item, chain, judge.declared, judge.earlier, judge.memory, judge.part)
        except SymbolicMLAError as error:
            return ClaimResult(item, "chain", (_failed(item.span, item.statement, error),))
        return ClaimResult(item, "chain", tuple(steps), cited_by(item, chain, judge.earlier, steps))
    try:
        elaborated = judge.scope.claim(item)
    except SymbolicMLAError as error:
        return ClaimResult(item, "chain", (_failed(item.span, item.statement, error),))
    if elaborated.existence is not None:
        return ClaimResult(item, "exists", (judge.existence(item, elaborated),), judge.cites)
    if elaborated.iff is not None:
        return ClaimResult(item, "iff", (judge.equivalence(item, elaborated.iff, elaborated),), judge.cites)
    return ClaimResult(item, "chain", tuple(judge.steps(elaborated.steps)), judge.cites)


def _failed(span: Span, statement: s.Statement, error: SymbolicMLAError) -> StepResult:
    return StepResult(span, unparse(statement), "", "", "error", error.message, error=error)


class Judge:
    """The steps of one claim, judged in what its document has declared and proved so far."""

    def __init__(self, scope: Scope, declared: Sequence[s.Item], earlier: dict[str, ClaimResult], claim: s.Claim,
                 decide: Decide, memory: Memory = FRESH) -> None:  # fmt: skip
        self.scope = scope
        self.declared = declared
        self.earlier = earlier
        self.claim = claim
        self.decide, self.memory = decide, memory
        self.facts = [_fact(h) for h in scope.hypotheses]
        self.assumed = frozenset(h.statement for h in scope.hypotheses)
        self.cites: tuple[str, ...] = ()

    def part(self, item: s.Claim, first: int) -> list[StepResult]:
        """Some steps of the chain, from a number on, as a claim by themselves."""
        return list(self.steps(self.scope.claim(item).steps, first))

    def steps(self, steps: Sequence[ElaboratedStep], first: int = 0) -> Iterator[StepResult]:
        for number, step in enumerate(steps, first):
            shown = (step.span, unparse(step.left), step.relation, unparse(step.right))
            if step.error is not None or step.statement is None:
                error = step.error or BudgetError("this step has no statement")
                yield StepResult(*shown, "error", error.message, error=error)
            else:
                yield self._decide(shown, step.statement, step.by, None, number)

    def existence(self, item: s.Claim, claim: ElaboratedClaim) -> StepResult:
        existence = claim.existence
        shown = (item.span, unparse(item.statement), "", "")
        if existence is None or existence.error is not None or existence.statement is None:
            error = existence.error if existence else None
            return _failed(item.span, item.statement, error or BudgetError("this claim has no statement"))
        if existence.argument:
            if bearing(existence.statement, self.scope.hypotheses) or self.scope.divisibility:
                reason = "an argument holds for all that is declared, and hypotheses bear on this claim"
                return StepResult(*shown, "undecided", reason, existence.statement)
            if self.scope.hypotheses and _model(self.scope, self.memory) is None:
                reason = "no model of the hypotheses was found: where there is none, the claim is true"
                return StepResult(*shown, "undecided", reason, existence.statement)
            return argued(shown, item, existence.statement, existence.argument)
        return self._decide(shown, existence.statement, claim.by, existence.witnesses)

    def equivalence(self, item: s.Claim, iff: Equivalence, claim: ElaboratedClaim) -> StepResult:
        if iff.error is not None or iff.statement is None:
            return _failed(item.span, item.statement, iff.error or BudgetError("this claim has no statement"))
        sides = [side for side in (iff.left, iff.right) if isinstance(side, Existence)]
        witnesses: dict[Statement, Sequence[Term]] = {
            side.statement: side.witnesses for side in sides if side.statement and side.witnesses is not None
        }
        return self._decide((item.span, unparse(item.statement), "", ""), iff.statement, claim.by, None, 0, witnesses)

    def _decide(self, shown: tuple[Span, str, str, str], statement: Statement, by: str | None,
                witnesses: Sequence[Term] | None, number: int = 0,
                inside: Mapping[Statement, Sequence[Term]] = MappingProxyType({})) -> StepResult:  # fmt: skip
        try:
            source = cited(by, self.earlier, shown[0])
        except SymbolicMLAError as error:
            return StepResult(*shown, "error", error.message, error=error)
        if source.claim is not None:
            self.cites = (*self.cites, source.claim)
        setting = replace(self._setting(statement, source), witnesses=inside)
        verdict: Verdict
        try:
            with processor_time(STEP, "this step"):
                verdict = self.decide(statement, setting, witnesses)
        except BudgetError as error:
            verdict = Undecided(error.message)
        if isinstance(verdict, Proved) and not all(map(self._allowed, verdict.theorem.hypotheses)):
            verdict = Undecided("the proof that was found assumes more than the document does")
        if isinstance(verdict, Proved) and verdict.theorem.conclusion != statement:
            verdict = Undecided("the proof that was found is of another statement")
        if isinstance(verdict, Proved):
            granted = {granted_by(h, self.scope.truncations) for h in verdict.theorem.hypotheses - self.assumed}
            return StepResult(*shown, "proved", reason_of(verdict.theorem, source), statement, verdict.theorem,
                              granted=frozenset(a for a in granted if a is not None))  # fmt: skip
        if isinstance(verdict, Refuted):
            contradiction = contradicted(self.declared, self.claim, number, verdict.counterexample)
            if contradiction is not None:
                return StepResult(*shown, "error", contradiction.message, statement, error=contradiction)
            return StepResult(*shown, "refuted", "a counterexample", statement,
                              counterexample=verdict.counterexample, left_over=verdict.left_over)  # fmt: skip
        return StepResult(*shown, "undecided", verdict.reason, statement, left_over=verdict.left_over)

    def _setting(self, statement: Statement, source: Cited) -> Setting:
        own = related(statement, [h.statement for h in self.scope.hypotheses])
        chosen = frozenset(own)
        near = [f for f in self.facts if f.conclusion in chosen]
        # what softmax and normalize are by definition: looked at where a search is on, cited or not
        facts: Sequence[Theorem] = Later(near, lambda: [*near, *by_definition(statement)], self._allowed)
        if source.theorems:
            facts = Later((*source.theorems, *self.facts),
                          lambda: [*self._granted(source.facts(statement)), *near], self._allowed)  # fmt: skip
        # what `obtain` and `invertible` give can be satisfied at any size, so an instance need not show it
        stated = [h.statement for h in self.scope.hypotheses if h.origin in ("given", "assume")]
        truncations = self.scope.truncations
        if source.axiom is not None:
            facts = [*near, *instances(source.axiom, statement, truncations)]
        return Setting(facts, own + [h for h in stated if h not in chosen], self.scope.divisibility, source.axiom,
                       truncations=truncations, singular=self.scope.singular)  # fmt: skip

    def _allowed(self, h: Statement) -> bool:
        return h in self.assumed or granted_by(h, self.scope.truncations) is not None

    def _granted(self, facts: Sequence[Theorem]) -> Iterator[Theorem]:
        """Facts that assume no more than the document: the instance of a lemma must have its hypotheses proved."""
        for fact in facts:
            for h in sorted((h for h in fact.hypotheses if not self._allowed(h)), key=statement_text):
                with suppress(ShapeError):  # an instance may give one name two shapes, and then it is of no use
                    shown = self.decide(h, Setting(self.facts, truncations=self.scope.truncations,
                                                   singular=self.scope.singular))  # fmt: skip
                    if isinstance(shown, Proved):
                        fact = derive("cut", fact, shown.theorem)
            if all(map(self._allowed, fact.hypotheses)):
                yield fact


def contradicted(
    declared: Sequence[s.Item], claim: s.Claim, step: int, found: Counterexample
) -> SymbolicMLAError | None:
    """Ask the second evaluator, which reads the text and not the kernel's term, whether the step fails there.

    The disagreement, where the step holds. Where that evaluator has no opinion, the kernel's stands alone.
    """
    from symbolic_mla.crosscheck.agree import Disagreement, confirm_counterexample  # only where it is asked

    scalars: Any = found.scalars  # exact numbers of the kernel: those that are not rational have no reading there
    functions: Any = found.functions
    try:
        confirm_counterexample(declared, claim, step, found.sizes, found.tensors, scalars, functions, found.positions)
    except Disagreement as error:
        return error
    except InputError:
        return None
    return None


@lru_cache(maxsize=1024)
def _fact(h: Hypothesis) -> Theorem:
    """A hypothesis as a fact; what `obtain` gives rests on its axiom."""
    return derive("svd", *h.arguments) if h.origin == "svd" else derive("assume", h.statement)


def related(statement: Statement, hypotheses: Sequence[Statement]) -> list[Statement]:
    """The hypotheses that share a symbol with a statement or with another that does, and those about sizes alone."""
    spoken = _spoken(statement)
    if not spoken:  # sizes alone: what is assumed of a matrix may bound them
        return list(hypotheses)
    names_of = [_spoken(h) for h in hypotheses]
    found = [not named for named in names_of]
    grown = True
    while grown:
        grown = False
        for k, named in enumerate(names_of):
            if not found[k] and not spoken.isdisjoint(named):
                found[k] = grown = True
                spoken |= named
    return [h for h, met in zip(hypotheses, found, strict=True) if met]


def bearing(statement: Statement, hypotheses: Sequence[Hypothesis]) -> list[Statement]:
    """The hypotheses that narrow what a statement about all values speaks of. Every matrix has a singular value
    decomposition, so to obtain one narrows nothing, unless its factors are spoken of."""
    obtained = [h.arguments[1:4] for h in hypotheses if h.origin == "svd"]
    stated = [h.statement for h in hypotheses if h.origin != "svd"]
    factors = {x.name for parts in obtained for x in nodes(parts) if isinstance(x, Atom | Var)}
    declared = {x.name for h in hypotheses if h.origin == "svd" for x in nodes(h.arguments[0]) if isinstance(x, Var)}
    met = {x.name for s in (statement, *stated) for x in nodes(s) if isinstance(x, Atom | Var)}
    everything = [h.statement for h in hypotheses]
    return related(statement, stated if met.isdisjoint(factors - declared) else everything)


@lru_cache(maxsize=4096)
def _spoken(statement: Statement) -> frozenset[str]:
    """Its names; each claim of a document asks for those of every hypothesis. For all x is nothing about one x."""
    bound = statement.inner if isinstance(statement, Exists) and not statement.unknowns else ()
    spoken = {t.name if isinstance(t, Atom) else t.index for t in terms_of(statement) if isinstance(t, (Atom, Pick))}
    return frozenset(spoken) - {a.name for a in bound}


def _find_model(result: DocumentResult, memory: Memory) -> None:
    """Hypotheses that no instance satisfies would prove anything: look for one that does."""
    result.model = _model(result.scope, memory)
    if result.model is None:
        result.warnings.append("no model of the hypotheses was found: a claim that uses them may be vacuous")


def _model(scope: Scope, memory: Memory) -> Instance | None:
    """An instance of all hypotheses so far; None where none was found within the limit."""
    from symbolic_mla.prover.refute import Problem  # only where something is assumed

    hypotheses = [h.statement for h in scope.hypotheses]
    found = None
    with suppress(BudgetError), processor_time(STEP, "the search for a model"):
        found = memory.find_model(Problem(hypotheses[0], hypotheses, scope.divisibility, truncations=scope.truncations,
                                          singular=scope.singular))  # fmt: skip
    return found.at if found is not None else None


def _error_block(block: Block, result: DocumentResult, names_: ParseEnvironment, memory: Memory,
                 lines: Sequence[str]) -> ErrorBlockResult:  # fmt: skip
    """What goes wrong in a block that expects an error; its declarations end with it."""
    inner = replace(result, scope=result.scope.copy(), parts=list(result.parts), warnings=[], faults=[])
    start, before = len(inner.parts), Before(inner.parts, lines)
    try:
        for item in read_block(block, names_):
            _take(item, inner, before, None, None, memory)
    except SymbolicMLAError as error:
        return ErrorBlockResult(block, error)
    claims = [p for p in inner.parts[start:] if isinstance(p, ClaimResult)]
    met = next((step.error for c in claims for step in c.steps if step.error is not None), None)
    return ErrorBlockResult(block, met)
