"""`symbolic-mla lsp`: a language server for editors."""

from __future__ import annotations

import click

from symbolic_mla.commands.remembering import cache_options, memory_of


@click.command()
@cache_options
def lsp(cache: str | None, no_cache: bool) -> None:
    """Serve an editor over standard input and output: diagnostics as you type, shapes and index forms on hover,
    repairs as code actions. How to set an editor up is in symbolic_mla/lsp/editors.md.
    """
    import logging

    from symbolic_mla.lsp.server import make_server

    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # what a client sends wrong is answered, not logged
    make_server(memory_of(cache, no_cache)).start_io()
