"""One random derivation as text, checked, and each verdict held against the evaluator of the text."""

from __future__ import annotations

from time import process_time
from zlib import crc32

from symbolic_mla.crosscheck.agree import Disagreement, confirm_counterexample, confirm_proved
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult, StepResult
from symbolic_mla.errors import InputError
from symbolic_mla.language.documents import parse_document
from symbolic_mla.language.syntax import Item
from symbolic_mla.selftest.tally import Tally, ran_out
from symbolic_mla.selftest.texts import document

INSTANCES = 8  # of each claim


def judge_text(seed: str, tally: Tally) -> DocumentResult:
    """Check the derivation of a seed, and compare what was said of it with the evaluator of the text."""
    drawn = document(seed)
    start = process_time()
    result = check_document(parse_document(drawn.text()))
    tally.slowest = max(tally.slowest, (process_time() - start, f"text {seed}"))
    if result.fatal is not None:
        tally.disagreements.append(f"text seed {seed}: not read: {result.fatal.message}")
    items = [p for p in result.parts if not isinstance(p, ClaimResult | ErrorBlockResult)]
    for claim in result.claims:
        true = drawn.claims[claim.id][1]
        tally.verdicts[f"text, {claim.id.split('-', 1)[1]}: {claim.verdict}"] += 1
        if claim.verdict == "undecided" and "equation" in claim.id:
            reason = next(s.reason for s in claim.steps if s.verdict == "undecided")
            if not ran_out(reason):
                tally.open_without_reason.append(f"text seed {seed}, {claim.id}: {reason}")
        wrong = _contradiction(claim, items, true, seed, tally)
        if wrong is not None:
            tally.disagreements.append(f"text seed {seed}, {claim.id}: {wrong}: {drawn.claims[claim.id][0]}")
    return result


def _contradiction(claim: ClaimResult, items: list[Item], true: bool, seed: str, tally: Tally) -> str | None:
    if claim.verdict == "error":
        return f"well made, and an error: {next(s.message for s in claim.steps if s.verdict == 'error')}"
    if true and claim.verdict == "refuted":
        return "true by laws, and refuted"
    try:
        proved = [k for k, s in enumerate(claim.steps) if s.verdict == "proved"]
        if proved:
            tally.evaluations += confirm_proved(items, claim.item, proved, crc32(seed.encode()), INSTANCES)
        for number, step in enumerate(claim.steps):
            if step.verdict == "refuted":
                tally.refutations += _again(claim, items, number, step)
    except Disagreement as error:
        return error.message
    return None


def _again(claim: ClaimResult, items: list[Item], number: int, step: StepResult) -> bool:
    """Whether the evaluator of the text agrees that a step fails at its counterexample; it may have no opinion."""
    at = step.counterexample
    if at is None:
        return False
    try:
        met = confirm_counterexample(
            items, claim.item, number, at.sizes, at.tensors, at.scalars, at.functions, at.positions  # type: ignore[arg-type]
        )  # fmt: skip
    except InputError:
        return False
    return met is True
