"""One question, three answers: a statement is proved, refuted by an instance, or undecided with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from symbolic_mla.algebra.occurring import variables
from symbolic_mla.algebra.text import statement_text
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.errors import BudgetError, CertificateError, ShapeError, SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.rank import factorised, rank
from symbolic_mla.prover.difference import Difference
from symbolic_mla.prover.effort import effort
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.prover.facts import made
from symbolic_mla.prover.numbers import prove_comparison
from symbolic_mla.prover.quantified import uses
from symbolic_mla.prover.vanishing import prove_by_vanishing

if TYPE_CHECKING:
    from symbolic_mla.prover.refute import Counterexample

MAX_NETWORKS = 60_000  # expanded in all for one statement
MAX_SMALLER = 40  # instances of smaller sizes that are decided before one is called the smallest


@dataclass(frozen=True, repr=False)
class Proved:
    """True for all sizes and all values; `theorem` replays from its certificate."""

    theorem: Theorem
    verdict = "proved"

    def __repr__(self) -> str:
        return f"Proved: {statement_text(self.theorem.conclusion)}"


@dataclass(frozen=True, repr=False)
class Refuted:
    """False: `counterexample` is an instance at which the statement fails."""

    counterexample: Counterexample
    left_over: Difference | None = None
    verdict = "refuted"

    def __repr__(self) -> str:
        return f"Refuted: {self.counterexample}"


@dataclass(frozen=True, repr=False)
class Undecided:
    """Neither a proof nor a counterexample was found within the budget; it may be true or false."""

    reason: str
    left_over: Difference | None = None
    verdict = "undecided"

    def __repr__(self) -> str:
        return f"Undecided: {self.reason}"


Verdict = Proved | Refuted | Undecided


@dataclass(frozen=True)
class Setting:
    """What a statement is judged in: facts that may be used, hypotheses that an instance must satisfy, facts about
    divisibility, the axiom that a factorisation may rest on, witnesses for the existence claims inside an
    `iff`, the truncated singular value decompositions, which an instance must have, and the matrices of singular
    values, which have no negative entry in one."""

    facts: Sequence[Theorem] = ()
    hypotheses: Sequence[Statement] = ()
    divides: Sequence[tuple[Scalar, Scalar]] = ()
    axiom: str | None = None
    witnesses: Mapping[Statement, Sequence[Term]] = field(default_factory=dict)
    truncations: Sequence[Truncation] = ()
    singular: Sequence[Atom] = ()


def decide(statement: Statement, setting: Setting | None = None, witnesses: Sequence[Term] | None = None) -> Verdict:
    """Proved, refuted or undecided. Raises nothing for lack of budget: that is *undecided*.

    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> from symbolic_mla.laws.notation import matmul, transpose
    >>> m = Axis.of(Var("m"))
    >>> P, Q = Atom("P", (m, m)), Atom("Q", (m, m))
    >>> decide(Equation(matmul(P, Q), matmul(Q, P))).verdict
    'refuted'
    >>> decide(Equation(transpose(matmul(P, Q)), matmul(transpose(Q), transpose(P)))).verdict
    'proved'
    """
    setting = _ready(setting or Setting())
    left_over: Difference | None = None
    reason = "no proof and no counterexample was found within the budget"
    doubt = _doubt(statement, setting)
    try:
        with effort(MAX_NETWORKS):
            found = _prove(statement, setting, witnesses, doubt)
    except BudgetError as error:
        found, reason = None, error.message
    if isinstance(found, Theorem):
        return Proved(found)
    if isinstance(found, Difference):
        left_over = found
    if isinstance(found, str):
        reason = found
    if isinstance(statement, Exists) and witnesses is not None:
        return Undecided("the witness that `take` gives does not do it; that refutes nothing", left_over)
    from symbolic_mla.prover.refute import Problem, find_counterexample  # only where a proof was not found

    nonzero = left_over.symbols() if left_over is not None else frozenset()
    problem = Problem(statement, setting.hypotheses, setting.divides, nonzero, setting.truncations, setting.singular)
    counterexample = find_counterexample(problem)
    if counterexample is None:
        return Undecided(reason, left_over)
    if counterexample.smallest and not none_smaller(statement, setting, counterexample):
        counterexample = replace(counterexample, smallest=False)
    return Refuted(counterexample, left_over)


def prove(statement: Statement, setting: Setting, witnesses: Sequence[Term] | None = None, *,
          networks: int = MAX_NETWORKS) -> Proved | Undecided:  # fmt: skip
    """Proved, or undecided: no counterexample is looked for, and no more than so many networks are expanded."""
    setting = _ready(setting)
    doubt = _doubt(statement, setting)
    if isinstance(statement, Compare) and doubt():
        return Undecided("an instance refutes it")
    try:
        with effort(networks):
            found = _prove(statement, setting, witnesses, doubt, together=False)
    except SymbolicMLAError as error:
        return Undecided(error.message)
    return Proved(found) if isinstance(found, Theorem) else Undecided("no proof was found within the budget")


def _ready(setting: Setting) -> Setting:
    """A setting whose facts are made: before the search begins, whose budget is its own."""
    return replace(setting, facts=made(setting.facts))


def _doubt(s: Statement, setting: Setting) -> Callable[[], bool]:
    """Whether one of the first instances refutes a statement: a look that is worth its time before a long search."""

    @cache
    def looked() -> bool:
        from symbolic_mla.prover.refute import Problem, glance

        with suppress(SymbolicMLAError):
            return glance(Problem(s, setting.hypotheses, setting.divides, truncations=setting.truncations,
                                   singular=setting.singular))  # fmt: skip
        return False

    return looked


def _never() -> bool:
    return False


def _prove(
    s: Statement, setting: Setting, witnesses: Sequence[Term] | None, doubt: Callable[[], bool] = _never, *,
    together: bool = True, vanishing: bool = True,
) -> Theorem | Difference | str | None:  # fmt: skip
    if isinstance(s, Equation):
        facts = [*setting.facts, *uses(setting.facts, s)]
        found = prove_equation(s.left, s.right, facts, together=together)
        if isinstance(found, Theorem) or not (facts and together and vanishing) or doubt():
            return found
        return prove_by_vanishing(s.left, s.right, facts, doubt) or found
    if isinstance(s, Compare):
        return prove_comparison(s.left, s.relation, s.right, setting.facts, doubt)
    if isinstance(s, Exists):
        return _witnessed(s, setting, witnesses) if witnesses is not None else _by_rank(s, setting, doubt)
    return _equivalence(s, setting) if isinstance(s, Iff) else f"no method for a {type(s).__name__}"


def _witnessed(s: Exists, setting: Setting, witnesses: Sequence[Term]) -> Theorem | Difference | None:
    to = Substitution(atoms=list(zip(s.unknowns, witnesses, strict=True)))
    proofs = []
    for e in s.equations:
        found = prove_equation(to(e.left), to(e.right), setting.facts)
        if not isinstance(found, Theorem):
            return found
        proofs.append(found)
    return derive("exists-witness", s, tuple(witnesses), tuple(proofs))


def _by_rank(s: Exists, setting: Setting, doubt: Callable[[], bool]) -> Theorem | str:
    try:
        stacked, m = factorised(s)
    except (CertificateError, ShapeError):
        witness = ", ".join(f"{a.name} = ..." for a in s.unknowns)
        return f"ranks decide A = U V alone, with unknowns that stand nowhere else; give a witness: take {witness}"
    if not variables(stacked) and doubt():  # all sizes are literal: an instance is small, and most likely decides
        return "an instance refutes it"
    bound = prove_comparison(rank(stacked), "<=", m.size(), setting.facts, doubt)
    if bound is None:
        return f"no bound rank <= {m} was found for what is to be factorised"
    return derive("exists-rank", s, bound, setting.axiom or "rank-factorisation")


def _equivalence(s: Iff, setting: Setting) -> Theorem | str:
    directions = []
    reason = "one direction of the equivalence was not proved"
    for given, goal in ((s.left, s.right), (s.right, s.left)):
        assumed = derive("assume", given)
        facts = [*setting.facts, assumed]
        if isinstance(given, Exists):
            try:
                facts.append(derive("rank-of-exists", assumed))
            except (CertificateError, ShapeError):
                reason = "an existence is used only where it is a factorisation"
        found = _prove(goal, replace(setting, facts=facts), setting.witnesses.get(goal))
        if not isinstance(found, Theorem):
            return "the witness that `take` gives does not do it" if goal in setting.witnesses else reason
        directions.append(found)
    return derive("iff", s.left, s.right, *directions)


def none_smaller(s: Statement, setting: Setting, found: Counterexample) -> bool:
    """Whether the statement is proved at every smaller sum of sizes that the hypotheses allow (each a statement about
    literals): from nothing, or from the hypotheses at these sizes."""
    if isinstance(s, Iff):
        return False
    from symbolic_mla.prover.refute import Problem

    problem = Problem(s, setting.hypotheses, setting.divides)
    total = sum(found.sizes.values())
    for number, sizes in enumerate(problem.sizes()):
        if sum(sizes.values()) >= total:
            return True
        if number >= MAX_SMALLER:
            return False
        to = Substitution(axes=[(v, Axis.of(sizes[v.name])) for v in problem.dims])
        if not (_proved_at(s, to, ()) or (setting.hypotheses and _proved_at(s, to, setting.hypotheses))):
            return False
    return False


def _proved_at(s: Statement, to: Substitution, hypotheses: Sequence[Statement]) -> bool:
    try:
        with effort(MAX_NETWORKS // 10):
            facts = [derive("assume", to(h)) for h in hypotheses]
            return isinstance(_prove(to(s), Setting(facts), None, vanishing=False), Theorem)  # asked of many sizes
    except (BudgetError, ShapeError, CertificateError):
        return False
