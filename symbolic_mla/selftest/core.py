"""One random statement of the kernel, judged, and the verdict held against the naive evaluator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from time import process_time

import numpy as np

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.algebra.occurring import terms_of
from symbolic_mla.algebra.text import statement_text
from symbolic_mla.derivation.analysis import granted_by, instances
from symbolic_mla.errors import CertificateError, SymbolicMLAError
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws import replay
from symbolic_mla.laws.existence import Exists
from symbolic_mla.prover.decide import Proved, Refuted, Setting, Undecided, Verdict, decide
from symbolic_mla.selftest.case import Case
from symbolic_mla.selftest.dense import NoMeaning, World
from symbolic_mla.selftest.instances import fits, world_of
from symbolic_mla.selftest.modular import Worlds, holds
from symbolic_mla.selftest.real import Reals, speaks_of_reals
from symbolic_mla.selftest.statements import drawn
from symbolic_mla.selftest.tally import Tally, ran_out
from symbolic_mla.selftest.terms import DIMENSIONS
from symbolic_mla.selftest.truth import true_at

BATCH = 64  # worlds of the same sizes
SIZES = 8  # choices of sizes for each statement, all 1 among them


def judge_core(seed: str, tally: Tally) -> Theorem | None:
    """Judge the statement of a seed; the theorem if it is proved."""
    try:
        found, rng = drawn(seed)
    except SymbolicMLAError as error:  # a term that grew beyond a budget while it was drawn
        tally.verdicts[f"not drawn: {error.kind}"] += 1
        return None
    return judge_case(found, seed, rng, tally)


def judge_case(asked: Case, seed: str, rng: Random, tally: Tally) -> Theorem | None:
    """Decide a statement, and evaluate what was said of it; the theorem if it is proved."""
    start = process_time()
    verdict = Proved(asked.theorem) if asked.theorem is not None else _decided(asked)
    tally.slowest = max(tally.slowest, (process_time() - start, seed))
    tally.verdicts[f"{asked.kind}: {verdict.verdict}"] += 1

    def wrong(what: str) -> None:
        tally.disagreements.append(f"seed {seed}: {what}: {statement_text(asked.statement)}")

    if isinstance(verdict, Proved):
        tally.replayed += 1
        _check_theorem(verdict.theorem, asked, wrong_if=wrong)
        sizes = _evaluate(asked, verdict.theorem, rng, tally)
        if sizes is not None:
            wrong(f"proved, and false at {sizes}")
        return verdict.theorem
    if isinstance(verdict, Refuted):
        if asked.true:
            wrong("true by a law, and refuted")
        if _confirmed(asked, verdict, tally) is False:
            wrong(f"it holds at its counterexample ({verdict!r})")
    elif isinstance(verdict, Undecided) and asked.decidable and not ran_out(verdict.reason):
        tally.open_without_reason.append(f"seed {seed}: {verdict.reason}: {statement_text(asked.statement)}")
    return None


def _decided(asked: Case) -> Verdict:
    facts = [*(asked.facts or (derive("assume", h) for h in asked.hypotheses)),
             *(t for axiom in asked.cites for t in instances(axiom, asked.statement, asked.truncations))]  # fmt: skip
    return decide(asked.statement, Setting(facts, asked.hypotheses, truncations=asked.truncations), asked.witnesses)


def _check_theorem(theorem: Theorem, asked: Case, wrong_if: Callable[[str], None]) -> None:
    """The theorem says what was asked, under no more than was assumed, and its certificate gives it again."""
    if theorem.conclusion != asked.statement:
        wrong_if("another statement was proved")
    more = theorem.hypotheses - frozenset(asked.hypotheses)
    if any(granted_by(h, asked.truncations) is None for h in more):
        wrong_if("the proof assumes more than was given")
    try:
        (again,) = replay(certificate(theorem))
    except CertificateError as error:
        wrong_if(f"proved, and its certificate is refused ({error.message})")
        return
    if (again.conclusion, again.hypotheses, again.axioms) != (theorem.conclusion, theorem.hypotheses, theorem.axioms):
        wrong_if("the certificate gives another theorem")


def _evaluate(asked: Case, theorem: Theorem, rng: Random, tally: Tally) -> dict[str, int] | None:
    """Sizes at which a proved statement, or what was granted for it, is false under its hypotheses; None: none met."""
    granted = sorted(theorem.hypotheses.difference(asked.hypotheses), key=repr)
    said = [_in_place(asked.statement), *granted]
    terms = [t for s in (*said, *asked.hypotheses) for t in terms_of(s)]
    kind = Reals if asked.real or speaks_of_reals(*said, *asked.hypotheses) else Worlds
    for number in range(SIZES):
        sizes: dict[Var, int] = {v: rng.randint(1, 4) if number else 1 for v in DIMENSIONS}
        world = World(sizes, rng.randrange(2**30))
        if not fits(world, *terms):
            continue
        worlds = kind(world, BATCH)
        try:
            if not asked.fill(worlds):
                continue
            models = np.all([np.ones(BATCH, bool), *(holds(h, worlds) for h in asked.hypotheses)], axis=0)
            met = np.all([holds(s, worlds) for s in said], axis=0)
        except (MemoryError, NoMeaning):  # too large, or an existence without a criterion
            continue
        tally.evaluations += int(models.sum())
        for k in np.flatnonzero(models & ~met):
            if _false_exactly(asked, said, worlds, int(k)):
                return {v.name: n for v, n in sizes.items()}
    return None


def _false_exactly(asked: Case, said: Sequence[Statement], worlds: Worlds, k: int) -> bool:
    """Whether a world that seems to contradict does: had again with exact numbers, where its numbers are such."""
    if isinstance(worlds, Reals) and not worlds.exact(*said, *asked.hypotheses):
        return True
    exactly = worlds.one(k)
    return all(true_at(h, exactly) for h in asked.hypotheses) and not all(true_at(s, exactly) for s in said)


def _in_place(s: Statement) -> Statement:
    """An existence that is shown by a witness: its equations for all values of what comes after the unknown, which now
    has the witness's value."""
    return Exists((), s.inner, s.equations) if isinstance(s, Exists) and s.inner else s


def _confirmed(asked: Case, verdict: Refuted, tally: Tally) -> bool | None:
    """Whether a counterexample is one for the naive evaluator too. None: it has no opinion."""
    terms = _terms(asked.statement, asked.hypotheses)
    try:
        w = world_of(verdict.counterexample, asked.statement, *asked.hypotheses)
        if not fits(w, *terms):
            return None
        good = all(true_at(h, w) for h in asked.hypotheses) and not true_at(asked.statement, w)
    except (NoMeaning, ValueError, LookupError, MemoryError):
        return None
    tally.refutations += 1
    tally.evaluations += 1
    return good


def _terms(s: Statement, hypotheses: tuple[Statement, ...]) -> list[Term]:
    return [t for x in (s, *hypotheses) for t in terms_of(x)]
