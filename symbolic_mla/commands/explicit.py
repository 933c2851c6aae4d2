"""`symbolic-mla explicit`: a claim at explicit sizes, by SymPy."""

from __future__ import annotations

import click

from symbolic_mla.commands.reading import checked
from symbolic_mla.commands.sizing import parsed_sizes
from symbolic_mla.errors import InputError


@click.command()
@click.argument("document")
@click.option("--claim", "claim", metavar="ID", required=True, help="Which claim.")
@click.option("--size", "size", metavar="n=2,G=2", required=True, help="A size for each dimension.")
def explicit(document: str, claim: str, size: str) -> None:
    """Print a claim at explicit sizes, with a symbol in every entry, multiplied out by SymPy's rules."""
    from symbolic_mla.exact.show import explicit_text

    result = checked(document, claim)
    found = next((c for c in result.claims if c.id == claim), None)
    if found is None or result.fatal is not None:
        raise result.fatal or InputError(f"{document}: no claim `{claim}`")
    sizes: dict[str, object] = dict(parsed_sizes(size, "--size"))
    hypotheses = [h.statement for h in result.scope.hypotheses]
    for step in found.steps:
        if step.statement is None:
            raise InputError(f"{document}: `{claim}` has an error on line {step.span.line}: {step.message}")
        click.echo(f"line {step.span.line}: {step.left} {step.relation} {step.right}".rstrip())
        click.echo(explicit_text(step.statement, sizes, dims=result.scope.dims, hypotheses=hypotheses))
