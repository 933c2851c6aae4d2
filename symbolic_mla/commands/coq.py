"""`symbolic-mla coq`: every proved theorem as a script for Coq."""

from __future__ import annotations

import sys

import click

from symbolic_mla.commands.reading import checked, documents
from symbolic_mla.errors import InputError


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--out", "out", metavar="DIR", help="Write the scripts here.")
@click.option("--verify", "verified", is_flag=True, help="Compile them with Coq, and read what they rest on.")
@click.option("--coqchk", "rechecked", is_flag=True, help="With --verify: run coqchk as well (a minute each).")
@click.option("--jobs", default=1, show_default=True, help="Scripts compiled at once.")
def coq(paths: tuple[str, ...], out: str | None, verified: bool, rechecked: bool, jobs: int) -> None:
    """Export every proved theorem of PATHS (proofs/ if none is given) as a script for Coq and MathComp.

    What can't be exported is listed with the reason, and counts as a failure of this command.
    """
    from symbolic_mla.coq.documents import scripts
    from symbolic_mla.coq.verify import coq_version, verify

    found = scripts([checked(p, None) for p in documents(paths or ("proofs",))])
    for name, reason in found.unsupported.items():
        click.echo(f"? {name}: not exported: {reason}")
    if out is not None:
        from symbolic_mla.report.files import write_files

        write_files(out, {f"{name}.v": text for name, text in found.scripts.items()})
    failed = 0
    if verified:
        if coq_version() is None:
            raise InputError("coqc was not found", hint="on Debian: apt-get install coq libcoq-mathcomp-algebra")
        for result in verify(found.scripts, jobs=jobs, check=rechecked):
            failed += not result.ok
            click.echo(f"{'✓' if result.ok else '✗'} {result.name}" + ("" if result.ok else f": {result.message}"))
        click.echo(f"Coq {coq_version()}: {len(found.scripts) - failed} of {len(found.scripts)} scripts accepted")
    else:
        click.echo(f"{len(found.scripts)} scripts" + (f" in {out}/" if out else "; write them with --out DIR"))
    sys.exit(1 if failed or found.unsupported else 0)
