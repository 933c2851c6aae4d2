"""`symbolic-mla replay`: a theorem again from its certificate."""

from __future__ import annotations

import click

from symbolic_mla.commands.reading import read
from symbolic_mla.limit import READING, processor_time


@click.command()
@click.argument("certificate")
def replay(certificate: str) -> None:
    """Make the theorems of a certificate again by the rules of the kernel, and print what they say."""
    from symbolic_mla.algebra.text import theorem_text
    from symbolic_mla.laws import replay as again

    text = read(certificate)
    with processor_time(READING, certificate):
        theorems = again(text)
    for theorem in theorems:
        click.echo(theorem_text(theorem))
