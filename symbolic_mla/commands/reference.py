"""`symbolic-mla reference`: the language on one page."""

from __future__ import annotations

import click


@click.command()
def reference() -> None:
    """Print the reference of the language: every form with an example, errors, limits, the grammar."""
    from symbolic_mla.formats.reference import language_reference

    click.echo(language_reference(), nl=False)
