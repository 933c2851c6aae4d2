"""`symbolic-mla show`: the networks of a claim as a picture."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from symbolic_mla.commands.reading import checked, one_claim
from symbolic_mla.commands.showing import save
from symbolic_mla.commands.sizing import asked, size_options


@click.command()
@click.argument("document")
@click.option("--claim", "claim", metavar="ID", help="Which claim; not needed where there is only one.")
@click.option("--format", "form", type=click.Choice(["svg", "mermaid"]), help="svg, unless FILE says otherwise.")
@click.option("--out", "out", metavar="FILE", help="Write here instead of printing: .svg, .mmd or .md.")
@size_options
def show(
    document: str, claim: str | None, form: str | None, out: str | None, model: str | None, sizes: str | None
) -> None:
    """Draw the networks of a claim, the left side beside the right, matched atoms in matching colours.

    Atoms are the matrices, lines are indices. Two sides with the same networks are equal for all sizes.
    With --model or --sizes the indices have numbers for their sizes.
    """
    from symbolic_mla.report.markdown import fenced
    from symbolic_mla.report.show import claim_mermaid, claim_svg

    suffix = Path(out).suffix if out else ""
    form = form or ("mermaid" if suffix in (".mmd", ".mermaid", ".md") else "svg")
    numbers = asked(model, sizes)
    result = checked(document, claim)
    found = one_claim(result, claim)
    at = numbers.of(result, found.id) if numbers is not None else None
    text = (claim_svg if form == "svg" else claim_mermaid)(found, result, at)
    if form == "mermaid" and suffix == ".md":
        text = fenced("mermaid", text) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        save(out, text)
        click.echo(f"{out}: `{found.id}`, {found.verdict}")
    sys.exit(0)
