"""The command `symbolic-mla`. Each command imports what it needs when it runs, so that `--help` costs nothing."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module

import click

from symbolic_mla.errors import SymbolicMLAError

# in the order in which `--help` lists them; each is a module of `commands` with a function of its name
COMMANDS = ("check", "prove", "replay", "show", "explicit", "sweep", "coq", "selftest", "lsp", "reference")


class _ReaderGone(Exception):
    """Nobody reads what we write. (Click would end a broken pipe with 1, which is a verdict.)"""


class _Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"symbolic_mla.commands.{name}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _ReaderGone from None


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
    gc.set_threshold(400_000, 20, 20)  # nodes of terms live to the end: to look through them often is time lost
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
    except ModuleNotFoundError as error:
        missing = (error.name or str(error)).partition(".")[0]
        if missing == "symbolic_mla":
            raise
        click.echo(f"symbolic-mla: the package {missing} is missing: this environment is older than the code that runs "
                   "in it\n  hint: in a checkout run make prove, which installs what is new; elsewhere pip install "
                   "--upgrade symbolic_mla", err=True)  # fmt: skip
        sys.exit(2)
    except RecursionError:
        click.echo("symbolic-mla: nested too deeply for this program", err=True)
        sys.exit(2)
    except MemoryError:
        click.echo("symbolic-mla: out of memory", err=True)
        sys.exit(2)
    except _ReaderGone:
        _quiet()
        sys.exit(141)  # as a shell tells of SIGPIPE
    except OSError as error:  # a disk that is full, above all below standard output
        with suppress(OSError):
            click.echo(f"symbolic-mla: {(error.strerror or str(error)).lower()}", err=True)
        _quiet()
        sys.exit(2)


def _quiet() -> None:
    """Let nothing be flushed at exit into what can't be written."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
