"""The group of all commands. Each is imported when it is asked for, and imports what it needs when it runs."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from symbolic_mla import __version__
from symbolic_mla.cli import COMMANDS, HELP
from symbolic_mla.errors import SymbolicMLAError


class _Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"symbolic_mla.commands.{name}"), name)
        return command

    def get_help(self, ctx: click.Context) -> str:
        return HELP


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="symbolic-mla %(version)s")
def cli() -> None:
    """The root of the commands; `cli.HELP` is its help."""


def run() -> None:
    """Run the command that the arguments name: errors of ours are one message and their exit code, no traceback."""
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
