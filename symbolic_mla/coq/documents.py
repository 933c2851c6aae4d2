"""The scripts of whole documents: one for each proved step, and one for each refuted one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import PurePath

from symbolic_mla.coq.counterexamples import rational_instance, shown_by
from symbolic_mla.coq.export import Exported, proved
from symbolic_mla.coq.index import Index
from symbolic_mla.coq.readback import read_back_refutation
from symbolic_mla.coq.refutation import refuted
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, StepResult
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.prover.refute import Problem


def scripts(results: Sequence[DocumentResult]) -> Exported:
    """Every step of some documents as a Coq script of its own, read back; what can't be exported, with the reason.

    Raises:
        InputError: when two steps give one name in Coq.
    """
    found = Exported()
    for result in results:
        for claim in result.claims:
            _add(found, result, claim, True)
    return found


def scripts_of(result: DocumentResult, claim: ClaimResult) -> Exported:
    """The scripts of one claim, not read back."""
    found = Exported()
    _add(found, result, claim, False)
    return found


def _add(found: Exported, result: DocumentResult, claim: ClaimResult, read: bool) -> None:
    for identifier, step in steps(result, claim):
        if step.theorem is not None:
            found.add(identifier, partial(proved, step.theorem, read=read))
        elif step.counterexample is not None:
            found.add(identifier, partial(_refuted, result, step, read))
        elif step.argued is not None:
            found.unsupported[identifier] = "what a written argument shows is not exported"


def steps(result: DocumentResult, claim: ClaimResult) -> Iterator[tuple[str, StepResult]]:
    """The steps of a claim that are proved or refuted, by a counterexample or a written argument, with identifiers."""
    decided = [s for s in claim.steps if (s.theorem or s.counterexample or s.argued) is not None]
    for number, step in enumerate(decided):
        which = f"_{number + 1}" if len(decided) > 1 else ""
        yield f"{'_'.join(_folders(result.path))}_{claim.id}{which}", step


def _folders(path: str) -> list[str]:
    """The document's path below the first folder, as reports are named."""
    parts = PurePath(path).with_suffix("").parts
    return list(parts[1:] if len(parts) > 1 and not PurePath(path).is_absolute() and ".." not in parts else parts[-1:])


def left_out(result: DocumentResult, index: Index) -> dict[str, str | None]:
    """For each claim: None where every step is proved or refuted and Coq accepted its statement, else the reason."""
    found: dict[str, str | None] = {}
    for claim in result.claims:
        exported = scripts_of(result, claim)
        reasons = list(dict.fromkeys(exported.unsupported.values()))
        if len(list(steps(result, claim))) < len(claim.steps):
            reasons.append("a step of it is neither proved nor refuted")
        if not all(index.has(*item) for item in exported.scripts.items()):
            reasons.append("the index of what Coq accepted does not have this statement")
        found[claim.id] = "; ".join(reasons) or None
    return found


def _refuted(result: DocumentResult, step: StepResult, read: bool, name: str) -> tuple[str, list[str]]:
    """The script of a refutation, at another instance where the smallest one is not rational."""
    found, statement = step.counterexample, step.statement
    if found is None or statement is None:
        raise UnsupportedError("no counterexample")
    hypotheses = shown_by([h.statement for h in result.hypotheses], found)
    try:
        text, made = refuted(statement, hypotheses, found, name)
    except UnsupportedError as error:
        other = rational_instance(Problem(statement, hypotheses, result.scope.divisibility))
        if other is None or "rational" not in error.message:
            raise
        text, made = refuted(statement, hypotheses, other, name)
    return text, read_back_refutation(text, made, hypotheses, statement) if read else []
