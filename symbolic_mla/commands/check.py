"""`symbolic-mla check`: judge documents."""

from __future__ import annotations

import sys

import click

from symbolic_mla.commands.reading import checked, documents
from symbolic_mla.commands.remembering import cache_options, memory_of, tell_problem
from symbolic_mla.commands.showing import FORMATS, destination, exit_code, save, show, text_of
from symbolic_mla.commands.sizing import asked, number_lines, size_options
from symbolic_mla.errors import InputError


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--claim", "claim", metavar="ID", help="Print and count only this claim.")
@click.option("--format", "form", type=FORMATS, default="text", show_default=True)
@click.option("--save", "saves", metavar="FORMAT=FILE", multiple=True, help="Write a format to a file as well.")
@click.option("--watch", "watched", is_flag=True, help="Judge again whenever a document is saved, until Ctrl-C.")
@size_options
@cache_options
def check(paths: tuple[str, ...], claim: str | None, form: str, saves: tuple[str, ...], watched: bool,
          model: str | None, sizes: str | None, cache: str | None, no_cache: bool) -> None:  # fmt: skip
    """Judge the claims of documents. A path of - reads standard input; a folder stands for its .md files.

    With --model or --sizes each claim is shown in numbers too: shapes, ranks, and what a cache holds.

    What took long to decide is kept in a cache, as a proof that is replayed or a counterexample that is evaluated
    again: a wrong cache costs time and changes no verdict.
    """
    if form != "text" and (model, sizes) != (None, None):
        raise InputError("--model and --sizes are shown as text", hint="leave --format out")
    if watched and (form != "text" or "-" in paths or claim or saves or (model, sizes) != (None, None)):
        raise InputError("--watch shows whole documents as text", hint="symbolic-mla check --watch notes.md")
    numbers = asked(model, sizes)
    files = [destination(s) for s in saves]
    memory = memory_of(cache, no_cache)
    if watched:
        from symbolic_mla.watch.loop import watch_documents

        sys.exit(watch_documents(paths, memory))
    results = [checked(p, claim, memory) for p in documents(paths)]
    show(results, form, claim)
    for result in results:
        for line in number_lines(result, numbers, claim) if numbers is not None and result.fatal is None else ():
            click.echo(line)
    tell_problem(memory.problem)
    for saved, path in files:
        save(path, text_of(results, saved, claim))
    sys.exit(max((exit_code(r, claim) for r in results), default=2))
