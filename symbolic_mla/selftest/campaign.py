"""A campaign: rounds of random statements and texts on several processors, until the time is up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.selftest.core import judge_core
from symbolic_mla.selftest.surface import judge_text
from symbolic_mla.selftest.tally import Tally
from symbolic_mla.workers import workers

STATEMENTS, TEXTS = 40, 4  # in one round


@dataclass
class Round:
    """What one round met, and a few of its theorems as scripts for Coq."""

    tally: Tally
    scripts: dict[str, str] = field(default_factory=dict)


def run_round(seed: str, scripts: int = 0) -> Round:
    """Judge the statements and texts of a round. A crash is a disagreement: no verdict is one."""
    out = Round(Tally())
    for number in range(STATEMENTS):
        own = f"{seed}|{number}"
        theorem = None
        try:
            theorem = judge_core(own, out.tally)
        except Exception as error:
            out.tally.disagreements.append(f"seed {own}: crashed: {type(error).__name__}: {error}")
        if theorem is not None and len(out.scripts) < scripts:
            from symbolic_mla.coq import export

            name = f"case_{''.join(c if c.isalnum() else '_' for c in own)}"
            with suppress(SymbolicMLAError):  # what has no form in Coq, or is too large for it
                out.scripts[name] = export(theorem, name)
    for number in range(TEXTS):
        own = f"{seed}|{number}"
        try:
            judge_text(own, out.tally)
        except Exception as error:
            out.tally.disagreements.append(f"text seed {own}: crashed: {type(error).__name__}: {error}")
    return out


def run(seed: int, minutes: float, jobs: int = 1, coq: int = 0, rounds: int | None = None,
        progress: Callable[[Tally], None] | None = None) -> Round:  # fmt: skip
    """Rounds 0, 1, 2, ... of a seed until the time is up, or so many rounds; what they met in all.

    `coq` is the number of theorems to export. Which cases are met depends on the seed alone, how many of them on time.
    """
    end = monotonic() + 60 * minutes
    total = Round(Tally())

    def take(found: Round) -> None:
        total.tally.add(found.tally)
        total.scripts.update(list(found.scripts.items())[: coq - len(total.scripts)])
        if progress is not None:
            progress(total.tally)

    def seeds() -> Iterator[tuple[str, int]]:
        for number in count() if rounds is None else range(rounds):
            if monotonic() >= end:
                return
            yield f"{seed}|{number}", 2 if number < (coq + 1) // 2 else 0

    if jobs == 1:
        for own, scripts in seeds():
            take(run_round(own, scripts))
        return total
    with workers(jobs) as pool:
        running: set[Future[Round]] = set()
        for own, scripts in seeds():
            running.add(pool.submit(run_round, own, scripts))
            if len(running) > jobs:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    take(future.result())
        for future in running:
            take(future.result())
    return total


def summary(t: Tally) -> str:
    """The tally as text: verdicts by kind, then the counts that must be zero."""
    lines = [f"{n:9,} {kind}" for kind, n in sorted(t.verdicts.items())]
    statements = sum(t.verdicts.values())
    lines += [
        f"{statements:9,} statements; {t.replayed:,} theorems replayed; {t.refutations:,} counterexamples had again",
        f"{t.evaluations:9,} evaluations of what was proved or refuted",
        f"          slowest: {t.slowest[0]:.1f} s of processor time, seed {t.slowest[1]}",
        *(f"          {x}" for x in (*t.disagreements, *t.open_without_reason)),
        f"{len(t.open_without_reason):9,} undecided without a budget that ran out",
        f"{len(t.disagreements):9,} disagreements",
    ]
    return "\n".join(lines)
