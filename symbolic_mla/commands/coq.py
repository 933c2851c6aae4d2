"""`symbolic-mla coq`: every proved or refuted step as a script for Coq."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symbolic_mla.commands.reading import checked, documents
from symbolic_mla.errors import InputError

if TYPE_CHECKING:
    from symbolic_mla.coq.export import Exported


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--out", "out", metavar="DIR", help="Write the scripts here.")
@click.option("--verify", "verified", is_flag=True, help="Compile them with Coq, and read what they rest on.")
@click.option("--coqchk", "rechecked", is_flag=True, help="With --verify: run coqchk as well (some minutes).")
@click.option("--record", is_flag=True, help="With --verify: write which statements were accepted into the index.")
@click.option("--check", "compared", is_flag=True, help="With --verify: fail if the index says anything else.")
@click.option("--index", "index", default="reports/coq.json", show_default=True, metavar="FILE")
@click.option("--mutants", default=0, metavar="N", help="Also change N steps of each script: Coq must refuse each.")
@click.option("--jobs", default=2, show_default=True, help="Processes of Coq at once; up to a gigabyte each.")
def coq(paths: tuple[str, ...], out: str | None, verified: bool, rechecked: bool, record: bool, compared: bool,
        index: str, mutants: int, jobs: int) -> None:  # fmt: skip
    """Export every step of PATHS (proofs/ if none is given), proved or refuted, as a script for Coq and MathComp.

    Each statement is read back from its script and evaluated at small sizes beside the kernel's term. What can't be
    exported is listed with the reason.
    """
    from symbolic_mla.coq.documents import scripts
    from symbolic_mla.coq.founding import NAME, founding

    found = scripts([checked(p, None) for p in documents(paths or ("proofs",))])
    for name, reason in found.unsupported.items():
        click.echo(f"? {name}: not exported: {reason}")
    for name, problem in found.misread.items():
        click.echo(f"✗ {name}: the script does not say what the theorem says: {problem}")
    standard = founding(found.scripts)
    extra = {NAME: standard} if standard is not None else {}
    if out is not None:
        from symbolic_mla.report.files import write_files

        write_files(out, {f"{name}.v": text for name, text in {**found.scripts, **extra}.items()})
    failed = len(found.misread)
    if verified:
        failed += _verify(found, extra, jobs, rechecked, Path(index), record, compared, not paths)
        failed += _mutants(found, mutants, jobs) if mutants else 0
    else:
        click.echo(f"{len(found.scripts)} scripts" + (f" in {out}/" if out else "; write them with --out DIR"))
    sys.exit(1 if failed else 0)


def _verify(found: Exported, extra: dict[str, str], jobs: int, rechecked: bool, index: Path, record: bool,
            compared: bool, whole: bool) -> int:  # fmt: skip
    from symbolic_mla.coq.index import index_of, load
    from symbolic_mla.coq.verify import coq_version, verify
    from symbolic_mla.report.files import write_files

    version = coq_version()
    if version is None:
        raise InputError("coqc was not found", hint="on Debian: apt-get install coq libcoq-mathcomp-algebra")
    failed, accepted = 0, []
    every = {**found.scripts, **extra}
    for result in verify(every, jobs=jobs, check=rechecked):
        failed += not result.ok
        if result.ok and result.name in found.scripts and result.name not in found.misread:
            accepted.append(result.name)
        click.echo(f"{'✓' if result.ok else '✗'} {result.name}" + ("" if result.ok else f": {result.message}"))
    click.echo(f"Coq {version}: {len(every) - failed} of {len(every)} scripts accepted; "
               f"{len(found.unsupported)} steps have none")  # fmt: skip
    new = index_of(found, accepted, version)
    old = load(index) if compared or not whole else None
    if not whole:  # what other documents have in the index stays
        new = new.within(old, {*found.scripts, *found.unsupported})
    if record:
        write_files(index.parent, {index.name: new.text()})
    elif compared and (old is None or replace(old, coq=version) != new):
        again = "run `symbolic-mla coq --verify --record`, then `make prove`"
        click.echo(f"stale: {index.as_posix()}; {again}", err=True)
        failed += 1
    return failed


def _mutants(found: Exported, count: int, jobs: int) -> int:
    """How many scripts with one step changed Coq accepts: none should be."""
    from symbolic_mla.coq.mutate import changed
    from symbolic_mla.coq.verify import accepted

    made = changed(found.scripts, count)
    survived = accepted({k: text for k, (text, _) in made.items()}, {k: t for k, (_, t) in made.items()}, jobs=jobs)
    for name in survived:
        click.echo(f"✗ {name}: Coq accepts the script with this step changed")
    without = [name for name in found.scripts if not any(k.startswith(f"{name}__") for k in made)]
    click.echo(f"{len(made) - len(survived)} of {len(made)} changed scripts refused")
    for name in without:
        click.echo(f"✗ {name}: no step of it could be changed")
    return len(survived) + len(without)
