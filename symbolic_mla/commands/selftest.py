"""`symbolic-mla selftest`: attack the tool with random statements."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from symbolic_mla.selftest.tally import Tally


@click.command()
@click.option("--minutes", default=1.0, show_default=True, help="How long; what is being judged then is finished.")
@click.option("--seed", default=0, show_default=True, help="Another seed meets other statements.")
@click.option("--rounds", type=click.IntRange(min=1), help="End after so many rounds of statements.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Processes on this machine.")
@click.option("--coq", "sample", default=0, show_default=True, help="So many theorems are put to Coq as well.")
@click.option("--case", "one", metavar="SEED", help="Judge one statement again, or `text SEED` one derivation.")
def selftest(minutes: float, seed: int, rounds: int | None, jobs: int, sample: int, one: str | None) -> None:
    """Judge random statements, true by laws or changed, and evaluate what was said of them.

    What is proved is replayed and evaluated at random instances of many sizes; what is refuted is evaluated again at
    its counterexample, by evaluators that share no code with the kernel. Exit 1 if anything disagrees.
    """
    from symbolic_mla.selftest.campaign import run, summary
    from symbolic_mla.selftest.tally import Tally

    if one is not None:
        tally = Tally()
        _one(one, tally)
        click.echo(summary(tally))
        sys.exit(1 if tally.failed else 0)
    found = run(seed, minutes, jobs, sample, rounds, _show if sys.stderr.isatty() else None)
    click.echo(summary(found.tally))
    refused = _coq(found.scripts, jobs) if sample else 0
    sys.exit(1 if found.tally.failed or refused else 0)


def _one(seed: str, tally: Tally) -> None:
    from symbolic_mla.algebra.text import statement_text
    from symbolic_mla.selftest.core import judge_core
    from symbolic_mla.selftest.statements import drawn
    from symbolic_mla.selftest.surface import judge_text
    from symbolic_mla.selftest.texts import document

    if seed.startswith("text "):
        own = seed.removeprefix("text ")
        click.echo(document(own).text())
        judge_text(own, tally)
        return
    click.echo(statement_text(drawn(seed)[0].statement))
    judge_core(seed, tally)


def _coq(scripts: dict[str, str], jobs: int) -> int:
    """How many theorems Coq refuses."""
    from symbolic_mla.coq import coq_version, verify

    if coq_version() is None:
        click.echo("Coq is not installed: no theorem was put to it")
        return 0
    results = verify(scripts, jobs=jobs)
    for result in results:
        if not result.ok:
            click.echo(f"          Coq refuses {result.name}: {result.message}")
    click.echo(f"{sum(r.ok for r in results):9,} of {len(results)} theorems accepted by Coq")
    return sum(not r.ok for r in results)


def _show(tally: Tally) -> None:
    click.echo(f"\r{tally.evaluations:,} evaluations, {len(tally.disagreements)} disagreements ", err=True, nl=False)
