"""`symbolic-mla prove`: judge documents and write their reports."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symbolic_mla.commands.reading import checked, documents
from symbolic_mla.commands.remembering import cache_options, memory_of, tell_problem
from symbolic_mla.commands.sharing import cores, shared
from symbolic_mla.commands.showing import FORMATS, SIGN, text_of
from symbolic_mla.record import record

if TYPE_CHECKING:
    from symbolic_mla.derivation.results import DocumentResult
    from symbolic_mla.report.made import Known, Summary
    from symbolic_mla.report.publish import Claims, Rendered

COPIED = tuple(f"symbolic_mla.{name}" for name in (
    "argument.checking", "crosscheck.agree", "derivation.check", "diagnostics.lines", "prover.models",
    "prover.recheck"))  # fmt: skip
"""Imported once, before the process is copied: most documents need them."""


@record
class Judged:
    """What one document gives: its report, what to print, and what counts. `result` stays in the process it is of."""

    rendered: Rendered
    text: str
    verdicts: tuple[str, ...]
    as_expected: int
    exit_code: int
    problem: str | None
    result: DocumentResult | None = None


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--reports", "reports", metavar="DIR", default="reports", show_default=True, help="Where reports go.")
@click.option("--check", "check_only", is_flag=True, help="Write nothing; fail if a report is stale.")
@click.option("--format", "form", type=FORMATS, default="text", show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Documents judged at once [default: one a core].")
@cache_options
def prove(paths: tuple[str, ...], reports: str, check_only: bool, form: str, jobs: int | None, cache: str | None,
          no_cache: bool) -> None:  # fmt: skip
    """Judge every document of PATHS (proofs/ if none is given) and write a report for each.

    What the same code said before of the same document is not asked again: certificates that were kept are replayed,
    and its report, with the agreement of the other engines and the sweep, is written as it was.

    With PATHS the other reports stay as they are, and the index goes on listing them.

    With --check nothing is taken from the cache: the documents are judged again, every certificate is replayed, every
    step is compared by the second evaluator on random instances, the sweep is run, and committed reports must be
    what would be written.
    """
    from symbolic_mla.report import publish

    directory, whole = Path(reports), not paths
    memory = memory_of(cache, no_cache or check_only)
    chosen = list(documents(paths or ("proofs",)))
    alone = form != "text" or "-" in chosen  # the other formats speak of all documents at once
    met: list[list[Summary]] = []

    def begin(k: int) -> tuple[Claims, Callable[[Known], Judged]]:
        result = checked(chosen[k], None, memory)
        text = text_of([result], form, None) if form == "text" else ""

        def end(known: Known) -> Judged:
            shown = publish.rendered(result, directory, known, memory.store)
            return Judged(shown, text, tuple(c.verdict for c in result.claims),
                          sum(c.as_expected for c in result.claims), result.exit_code, memory.problem,
                          result if alone else None)  # fmt: skip

        return publish.told(result), end

    def meet(told: Mapping[int, Claims]) -> Known:
        others = publish.others_of(told.values(), directory, whole)
        met.append(others)
        return publish.known_of(told.values(), others)

    for module in COPIED:
        import_module(module)
    gc.set_threshold(4_000_000, 20, 20)  # all documents together make fewer, and next to none of it is garbage
    longest_first = sorted(range(len(chosen)), key=lambda k: -_length(chosen[k]))
    by_place = shared(begin, meet, longest_first, 1 if alone else jobs or cores())
    found = [by_place[k] for k in range(len(chosen))]
    click.echo(_text(found, form), nl=False)
    finish = publish.compare if check_only else publish.write
    problems = finish([d.rendered for d in found], directory, whole, met[0])
    tell_problem(next((d.problem for d in found if d.problem), None))
    if form == "text" and not any(d.rendered.fatal for d in found):
        verdicts = [v for d in found for v in d.verdicts]
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in SIGN if v in verdicts)
        reported = sum(d.rendered.report is not None for d in found)
        click.echo(f"{reported} documents, {len(verdicts)} claims: {counts}; "
                   f"{sum(d.as_expected for d in found)} as expected")  # fmt: skip
        if not problems and not check_only:
            click.echo(f"reports in {reports}/, their index in {reports}/README.md")
    for problem in problems:
        click.echo(problem, err=True)
    code = max((d.exit_code for d in found), default=2)
    sys.exit(max(code, 1 if problems else 0))


def _length(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _text(found: Sequence[Judged], form: str) -> str:
    if form == "text":
        return "".join(d.text for d in found)
    return text_of([d.result for d in found if d.result is not None], form, None)
