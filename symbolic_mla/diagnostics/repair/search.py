"""The search for what mends a step: candidates in order of their size, each proved before it is offered.

The budget is counted, not timed, so that the same document gives the same repairs on every machine: so many
candidates are read, so many are given to the prover, and a document has so many steps that are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from time import process_time

from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, StepResult
from symbolic_mla.diagnostics.diagnostic import Repair, TextEdit, edited
from symbolic_mla.diagnostics.instances import instance_of
from symbolic_mla.diagnostics.repair.hypotheses import hypotheses
from symbolic_mla.diagnostics.repair.slips import Slip, other_relations, slips
from symbolic_mla.diagnostics.repair.stage import Stage, read_again
from symbolic_mla.diagnostics.repair.texts import Writer, line_after
from symbolic_mla.diagnostics.repair.whole import Whole
from symbolic_mla.errors import BudgetError, Span, SymbolicMLAError
from symbolic_mla.instance.judge import holds
from symbolic_mla.instance.values import plain
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Statement
from symbolic_mla.kernel.term import Apply
from symbolic_mla.language import syntax as s
from symbolic_mla.language.elaborated import ElaboratedStep
from symbolic_mla.limit import MENDING, processor_time
from symbolic_mla.prover.effort import effort

MAX_CANDIDATES = 500  # sides that are read for one step
MAX_PROOFS = 60  # of them that are given to the prover
MAX_NETWORKS = 20_000  # expanded for the slips of one step, and for its hypotheses
MAX_STEPS = 8  # of a document that are looked at
MAX_READ = 2_000_000  # characters of a document that are read again, over all its repairs
MAX_COMPARED = 12  # comparisons of numbers that are given to the prover, for slips and for hypotheses each
MAX_CITED = 6  # claims before a step that are tried as its reason
SOFTMAX_LAWS = ("softmax-weights", "softmax-lipschitz")
MAX_OFFERS = 2  # slips that are shown


@dataclass
class Mending:
    """What mends the steps of a claim: repairs by number of the step, and the line whose repair mends a step too."""

    repairs: dict[int, tuple[Repair, ...]] = field(default_factory=dict)
    hypotheses: dict[int, tuple[Repair, ...]] = field(default_factory=dict)
    follows: dict[int, int] = field(default_factory=dict)
    repeats: dict[int, str] = field(default_factory=dict)  # a slip without which the line repeats the side before it


def mend(claim: ClaimResult, result: DocumentResult) -> Mending:
    """What mends the failing steps of a claim. It is looked for once for each claim of a result."""
    if result.named[claim.id] > 1:
        return Mending()  # of two claims of one name, a document read again would mend the other
    known = result.mended.get(claim.id)
    if not isinstance(known, Mending):
        known = result.mended[claim.id] = Mending()
        left = MENDING - _spent(result).seconds
        with suppress(SymbolicMLAError, RecursionError), processor_time(left, "the search for repairs"):
            start = process_time()
            try:
                _mend(claim, result, known)
            finally:
                _spent(result).seconds += process_time() - start
    return known


def _mend(claim: ClaimResult, result: DocumentResult, found: Mending) -> None:
    if claim.as_expected or claim.expected == "refuted" or _spent(result).steps >= MAX_STEPS:
        return
    statement = claim.item.statement
    if not isinstance(statement, s.Chain):
        _mend_whole(claim, result, found)
        return
    if len(statement.steps) != len(claim.steps):
        return
    stage = Stage.before(claim, result)
    writer = Writer(result.document, claim.item)
    base: tuple[TextEdit, ...] = ()
    item, mended_line = claim.item, 0
    for number, step in enumerate(claim.steps):
        if step.verdict == "proved" or isinstance(step.error, BudgetError) or _spent(result).steps >= MAX_STEPS:
            continue
        _spent(result).steps += 1
        if base and number and claim.steps[number - 1].verdict != "proved":
            again = stage.judged(item, number)
            if again is not None and again.verdict == "proved":
                found.follows[number] = mended_line
                continue
        search = _Search(claim, result, stage, writer, item, number, step, base)
        with effort(MAX_NETWORKS):
            reason = search.reason()
        if reason is not None:  # the line is true as it stands
            found.hypotheses[number] = (reason,)
            continue
        with effort(MAX_NETWORKS):
            offers = search.slips()
        found.repairs[number] = tuple(repair for repair, _ in offers)
        if search.repeats is not None:
            found.repeats[number] = search.repeats
        if not base and not (offers and search.compares):
            with effort(MAX_NETWORKS):
                found.hypotheses[number] = tuple(search.hypotheses())[:1]
        if offers:  # the lines after it are judged as if it were mended
            best, item = offers[0]
            base, mended_line = best.edits, step.span.line


@dataclass
class _Spent:
    """What the repairs of a document have taken so far."""

    steps: int = 0
    characters: int = 0
    seconds: float = 0.0


def _spent(result: DocumentResult) -> _Spent:
    found: _Spent = result.mended.setdefault("", _Spent())  # no claim has this name
    return found


def _confirmed(edits: Sequence[TextEdit], claim: ClaimResult, number: int, stage: Stage,
               result: DocumentResult) -> bool:  # fmt: skip
    """Whether the printed text, read anew, has a step proved; unknown, and no, when enough was read."""
    source = edited(result.document.source, edits)
    spent = _spent(result)
    if spent.characters and spent.characters + len(source) > MAX_READ:
        return False
    spent.characters += len(source)
    again = read_again(source, claim.id, number, stage.earlier)
    return again is not None and again.verdict == "proved"


def _mend_whole(claim: ClaimResult, result: DocumentResult, found: Mending) -> None:
    """Mend a claim that is judged whole, unless it has a written argument."""
    (step,) = claim.steps
    if claim.item.argument or isinstance(step.error, BudgetError):
        return
    _spent(result).steps += 1
    stage = Stage.before(claim, result)

    def confirmed(edits: Sequence[TextEdit]) -> bool:
        return _confirmed(edits, claim, 0, stage, result)

    with effort(MAX_NETWORKS):
        whole = Whole(claim, result, stage, Writer(result.document, claim.item), confirmed)
        found.repairs[0] = whole.slips()
        found.hypotheses[0] = whole.hypotheses()


_Candidate = tuple[int, str, s.Claim, tuple[TextEdit, ...]]


@dataclass
class _Search:
    claim: ClaimResult
    result: DocumentResult
    stage: Stage
    writer: Writer
    item: s.Claim
    number: int
    step: StepResult
    base: tuple[TextEdit, ...]
    proofs: int = 0
    repeats: str | None = None

    @property
    def chain(self) -> s.Chain:
        statement = self.item.statement
        if not isinstance(statement, s.Chain):
            raise TypeError("a chain")
        return statement

    @property
    def left(self) -> s.Expr:
        return self.chain.steps[self.number - 1].right if self.number else self.chain.first

    # ---- slips -----------------------------------------------------------------------------------------

    def slips(self) -> list[tuple[Repair, s.Claim]]:
        """Repairs of this line, the smallest first, and the claim as it reads after each."""
        offers: list[tuple[int, int, Fraction, Repair, s.Claim]] = []
        for cost, why, item, edits in self.candidates():
            if (offers and cost > offers[0][0]) or self.proofs >= self.most:
                break
            if self.trivial(item):
                self.repeats = self.repeats or (why if self.readable(self.left) else None)
                continue
            if not self.proved(item):
                continue
            whole = (*self.base, *edits)
            if self.confirmed(whole):
                line = line_after(self.result.document.source, whole, self.step.span.line)
                offers.append((cost, self.breaks_the_next(item), self.slack(item), Repair(why, whole, line), item))
        offers.sort(key=lambda x: x[1:3])
        best = [x for x in offers if x[2] == offers[0][2]]
        return [(repair, item) for *_, repair, item in best[:MAX_OFFERS]]

    def candidates(self) -> Iterator[_Candidate]:
        """Claims with another right side, or another relation; the first side stays unless it has no meaning."""
        own = self.chain.steps[self.number]
        every: list[tuple[Slip, bool]] = [(x, False) for x in slips(own.right, self.stage.scope)]
        if self.number == 0 and not self.readable(self.chain.first):
            every += [(x, True) for x in slips(self.chain.first, self.stage.scope)]
        every.sort(key=lambda x: x[0].cost)
        relations = [(7, why, new) for new, why in other_relations(own)]
        if own.relation in ("<", ">"):  # that it may be equal is forgotten more often than anything else
            yield from self.related(own, ((0, why, new) for _, why, new in relations))
            relations = []
        for slip, first in every[:MAX_CANDIDATES]:
            old = self.chain.first if first else own.right
            item = self.with_first(slip.side) if first else self.with_step(replace(own, right=slip.side))
            yield slip.cost, slip.why, item, (self.writer.replaced(old, slip.side),)
        yield from self.related(own, relations)

    def related(self, own: s.Step, relations: Iterable[tuple[int, str, s.Step]]) -> Iterator[_Candidate]:
        """The step with other relations, each with its cost."""
        for cost, why, new in relations:
            edit = self.writer.relation(own, new.relation)
            if edit is not None:
                yield cost, why, self.with_step(new), (edit,)

    def readable(self, side: s.Expr) -> bool:
        try:
            self.stage.scope.value(side)
        except (SymbolicMLAError, RecursionError):
            return False
        return True

    def with_step(self, step: s.Step) -> s.Claim:
        chain = self.chain
        steps = (*chain.steps[: self.number], step, *chain.steps[self.number + 1 :])
        return replace(self.item, statement=replace(chain, steps=steps))

    def with_first(self, side: s.Expr) -> s.Claim:
        return replace(self.item, statement=replace(self.chain, first=side))

    def trivial(self, item: s.Claim) -> bool:
        """Whether the step would say that a side is itself."""
        chain = item.statement
        if not isinstance(chain, s.Chain):
            return True
        left = chain.steps[self.number - 1].right if self.number else chain.first
        return _flat(left) == _flat(chain.steps[self.number].right)

    def proved(self, item: s.Claim) -> bool:
        """Whether the step is proved in this claim; where an instance shows it to fail, the prover is not asked."""
        elaborated = self.elaborated(item)
        if elaborated is None or elaborated.statement is None or self.fails_here(elaborated.statement):
            return False
        self.proofs += 1
        judged = self.stage.judged(item, self.number)
        return judged is not None and judged.verdict == "proved"

    def elaborated(self, item: s.Claim) -> ElaboratedStep | None:
        chain = item.statement
        if not isinstance(chain, s.Chain):
            return None
        left = chain.steps[self.number - 1].right if self.number else chain.first
        short = replace(chain, first=left, steps=(chain.steps[self.number],))
        try:
            return self.stage.scope.claim(replace(item, statement=short)).steps[0]
        except (SymbolicMLAError, RecursionError):
            return None

    def fails_here(self, statement: Statement) -> bool:
        """Whether the counterexample of the step refutes a statement too."""
        if self.step.counterexample is None:
            return False
        try:
            return holds(statement, instance_of(self.step.counterexample)) is False
        except (SymbolicMLAError, LookupError, ArithmeticError, RecursionError, TypeError):
            return False  # it speaks of what the instance does not have

    def confirmed(self, edits: Sequence[TextEdit]) -> bool:
        """Whether the printed text, read anew, has this step proved."""
        return _confirmed(edits, self.claim, self.number, self.stage, self.result)

    @property
    def most(self) -> int:
        return MAX_COMPARED if self.compares else MAX_PROOFS

    @property
    def compares(self) -> bool:
        """Whether numbers are compared: there a proof is a search, and fewer are tried."""
        return isinstance(self.step.statement, Compare)

    def slack(self, item: s.Claim) -> Fraction:
        """How far apart two numbers are at the counterexample: of two bounds that hold the better one is meant."""
        elaborated = self.elaborated(item)
        found = self.step.counterexample
        if elaborated is None or not isinstance(elaborated.statement, Compare) or found is None:
            return Fraction(0)
        try:
            at = instance_of(found)
            gap = plain(scalar(at.number(elaborated.statement.right)) - at.number(elaborated.statement.left))
        except (SymbolicMLAError, LookupError, ArithmeticError):
            return Fraction(10**9)  # it speaks of a size that the claim does not
        return abs(Fraction(gap)) if isinstance(gap, (int, Fraction)) else Fraction(10**9)

    def breaks_the_next(self, item: s.Claim) -> int:
        """1 if the step after this one is not proved from the mended line: then the author meant another."""
        if self.number + 1 >= len(self.chain.steps):
            return 0
        after = self.stage.judged(item, self.number + 1)
        return 0 if after is not None and after.verdict == "proved" else 1

    # ---- reasons ---------------------------------------------------------------------------------------

    def reason(self) -> Repair | None:
        """The reason behind which an undecided line is proved as it is written: a law of softmax, or a claim before."""
        own = self.chain.steps[self.number]
        if self.step.verdict != "undecided" or own.by is not None or self.item.by is not None or self.writer.tex:
            return None
        spoken = self.step.statement is not None and any(
            isinstance(t, Apply) and t.function == "softmax" for t in subterms(*terms_of(self.step.statement))
        )
        proved = [c for c in self.stage.earlier.values() if c.verdict == "proved"]
        for name in (*(SOFTMAX_LAWS if spoken else ()), *(c.id for c in proved[: -MAX_CITED - 1 : -1])):
            end = own.right.span
            edit = TextEdit(Span(end.end_line, end.end_column, end.end_line, end.end_column), f" by {name}")
            if self.proved(self.with_step(replace(own, by=s.Name(name)))) and self.confirmed((edit,)):
                line = line_after(self.result.document.source, (edit,), self.step.span.line)
                return Repair(f"a reason is missing: {name}", (edit,), line)
        return None

    # ---- hypotheses ------------------------------------------------------------------------------------

    def hypotheses(self) -> Iterator[Repair]:
        """Facts that make the step true as it is written."""
        elaborated = self.elaborated(self.item)
        if elaborated is None or elaborated.statement is None:
            return
        tried = 0
        for fact, edit, goal in hypotheses(elaborated, self.stage, self.writer):
            if tried >= self.most // 2:
                return
            tried += 1
            if goal == elaborated.statement:
                continue
            if self.confirmed((edit,)):
                line = line_after(self.result.document.source, (edit,), edit.span.line)
                yield Repair(f"a hypothesis is missing: {fact}", (edit,), line)


def _flat(node: s.Expr) -> object:
    """An expression without the operators of its products, for comparison."""
    if isinstance(node, s.Product) and node.operator in ("", "*", "@"):
        left = _flat(node.left)
        return ("product", *(left[1:] if isinstance(left, tuple) and left[0] == "product" else (left,)),
                _flat(node.right))  # fmt: skip
    if isinstance(node, s.Sum):
        return ("sum", frozenset(map(_flat, node.terms)), len(node.terms))
    if isinstance(node, s.Transpose):
        return ("transpose", _flat(node.operand))
    return node


