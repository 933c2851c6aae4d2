"""`symbolic-mla prove`: judge documents and write their reports."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from symbolic_mla.commands.reading import checked, documents
from symbolic_mla.commands.remembering import cache_options, memory_of, tell_problem
from symbolic_mla.commands.showing import FORMATS, SIGN, show


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--reports", "reports", metavar="DIR", default="reports", show_default=True, help="Where reports go.")
@click.option("--check", "check_only", is_flag=True, help="Write nothing; fail if a report is stale.")
@click.option("--format", "form", type=FORMATS, default="text", show_default=True)
@cache_options
def prove(paths: tuple[str, ...], reports: str, check_only: bool, form: str, cache: str | None,
          no_cache: bool) -> None:  # fmt: skip
    """Judge every document of PATHS (proofs/ if none is given) and write a report for each.

    What the same code said before of the same document is not asked again: certificates that were kept are replayed,
    and its report, with the agreement of the other engines and the sweep, is written as it was.

    With PATHS the other reports stay as they are, and the index goes on listing them.

    With --check nothing is taken from the cache: the documents are judged again, every certificate is replayed, every
    step is compared by the second evaluator on random instances, the sweep is run, and committed reports must be
    what would be written.
    """
    from symbolic_mla.report.publish import publish, verify

    chosen = paths or ("proofs",)
    memory = memory_of(cache, no_cache or check_only)
    results = [checked(p, None, memory) for p in documents(chosen)]
    show(results, form, None)
    if check_only:
        problems = verify(results, Path(reports), whole=not paths)
    else:
        problems = publish(results, Path(reports), memory.store, whole=not paths)
    tell_problem(memory)
    if form == "text" and not any(r.fatal for r in results):
        claims = [c for r in results for c in r.claims]
        verdicts = [c.verdict for c in claims]
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in SIGN if v in verdicts)
        met = sum(c.as_expected for c in claims)
        judged = sum(bool(r.claims or r.error_blocks) for r in results)
        click.echo(f"{judged} documents, {len(claims)} claims: {counts}; {met} as expected")
        if not problems and not check_only:
            click.echo(f"reports in {reports}/, their index in {reports}/README.md")
    for problem in problems:
        click.echo(problem, err=True)
    code = max((r.exit_code for r in results), default=2)
    sys.exit(max(code, 1 if problems else 0))
