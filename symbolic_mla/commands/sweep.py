"""`symbolic-mla sweep`: the attention that was proved, run on random layers."""

from __future__ import annotations

import sys

import click

THEOREMS = ("tiled-svd", "gqa-as-mla", "shared-latent", "eckart-young", "absorption", "rounding")  # NumPy is for later


@click.command()
@click.option("--cases", default=100, show_default=True, help="How many random layers.")
@click.option("--seed", default=0, show_default=True, help="The first seed; one case is had again with --cases 1.")
@click.option("--precision", default="float32,float64", show_default=True, help="Of float32, float64, mp50, ...")
@click.option("--theorem", metavar="ID", help="Only this theorem: " + ", ".join(THEOREMS) + ".")
@click.option("--jobs", default=1, show_default=True, help="Processes on this machine.")
@click.option("--dask", metavar="ADDRESS", help="A Dask scheduler to run on (needs the extra `dask`).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def sweep(cases: int, seed: int, precision: str, theorem: str | None, jobs: int, dask: str | None, form: str) -> None:
    """Run real attention on random layers, and hold every error against its certified bound. Evidence, not proof."""
    from contextlib import nullcontext

    from symbolic_mla.numeric import dask_executor, run_sweep

    names = [p.strip() for p in precision.split(",") if p.strip()]
    with dask_executor(dask) if dask is not None else nullcontext() as executor:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            with Progress(console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task("layers", total=cases)
                result = run_sweep(cases, seed=seed, precisions=names, theorem=theorem, jobs=jobs, executor=executor,
                                   progress=lambda done, _: bar.update(task, completed=done))  # fmt: skip
        else:
            result = run_sweep(cases, seed=seed, precisions=names, theorem=theorem, jobs=jobs, executor=executor)
    click.echo(result.to_json() if form == "json" else result.to_text())
    sys.exit(0 if result.ok else 1)
