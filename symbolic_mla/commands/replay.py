"""`symbolic-mla replay`: a theorem again from its certificate."""

from __future__ import annotations

import json

import click

from symbolic_mla.commands.reading import read
from symbolic_mla.errors import CertificateError
from symbolic_mla.limit import READING, processor_time


@click.command()
@click.argument("certificate")
def replay(certificate: str) -> None:
    """Make the theorems of a certificate again by the rules of the kernel, and print what they say."""
    from symbolic_mla.algebra.text import theorem_text
    from symbolic_mla.kernel.certificate import HEADER
    from symbolic_mla.laws import replay as again

    text = read(certificate)
    if not text.startswith(first := json.dumps(HEADER)):
        raise CertificateError(
            f"refused: {certificate} is no certificate: its first line is not {first}",
            hint="`symbolic-mla prove` writes one for each claim that is proved, in reports/certificates",
        )
    with processor_time(READING, certificate):
        theorems = again(text)
    for theorem in theorems:
        click.echo(theorem_text(theorem))
