"""The command `symbolic-mla`. Each command imports what it needs when it runs, so that `--help` costs nothing."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from symbolic_mla.errors import SymbolicMLAError

# in the order in which `--help` lists them; each is a module of `commands` with a function of its name
COMMANDS = ("check", "prove", "replay", "show", "explicit", "sweep", "coq", "selftest", "lsp", "reference")


class _Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"symbolic_mla.commands.{name}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="symbolic_mla", message="symbolic-mla %(version)s")
def cli() -> None:
    """Write a derivation about attention, and know for every shape whether each step is true.

    \b
    symbolic-mla check notes.md       judge the claims of a document
    symbolic-mla prove                judge all of proofs/ and write reports/
    symbolic-mla replay CERTIFICATE   make a theorem again from its certificate
    symbolic-mla reference            print what can be written, with examples

    Exit 0: every claim is as its document expects. 1: some claim is not. 2: something could not be read.
    """


def main() -> None:
    """The entry point: errors of ours are one message and their exit code, never a traceback."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SymbolicMLAError as error:
        click.echo(f"symbolic-mla: {error}", err=True)
        sys.exit(2)
    except RecursionError:
        click.echo("symbolic-mla: nested too deeply for this program", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
