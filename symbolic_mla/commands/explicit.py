"""`symbolic-mla explicit`: a claim at explicit sizes, by SymPy."""

from __future__ import annotations

import click

from symbolic_mla.commands.reading import checked
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
    hypotheses = [h.statement for h in result.scope.hypotheses]
    for step in found.steps:
        if step.statement is None:
            raise InputError(f"{document}: `{claim}` has an error on line {step.span.line}: {step.message}")
        click.echo(f"line {step.span.line}: {step.left} {step.relation} {step.right}".rstrip())
        click.echo(explicit_text(step.statement, _sizes(size), dims=result.scope.dims, hypotheses=hypotheses))


def _sizes(text: str) -> dict[str, object]:
    """`n=2,G=2` as sizes."""
    sizes: dict[str, object] = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not equals or not value.strip().lstrip("-").isdecimal() or name.strip() in sizes:
            raise InputError(f"--size {text}: met {part.strip()!r}, and NAME=NUMBER was expected",
                             hint="--size n=2,G=2,d=1")  # fmt: skip
        sizes[name.strip()] = int(value)
    return sizes
