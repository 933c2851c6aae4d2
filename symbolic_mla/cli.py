"""The entry point of `symbolic-mla`. `--help` and `--version` are answered before anything else is imported."""

from __future__ import annotations

import sys

from symbolic_mla import __version__

# in the order in which `--help` lists them; each is a module of `commands` with a function of its name
COMMANDS = {
    "check": "Judge the claims of documents.",
    "prove": "Judge documents and write their reports.",
    "replay": "Make the theorems of a certificate again by the kernel's rules.",
    "explicit": "Print a claim at explicit sizes, a symbol in every entry.",
    "sweep": "Run real attention on random layers, every error against its bound.",
    "coq": "Export every proved theorem as a script for Coq.",
    "reference": "Print the reference of the language.",
}

HELP = f"""\
Usage: symbolic-mla [OPTIONS] COMMAND [ARGS]...

  Write a derivation about attention, and know for every shape whether each
  step is true.

  symbolic-mla check notes.md       judge the claims of a document
  symbolic-mla prove                judge all of proofs/ and write reports/
  symbolic-mla replay CERTIFICATE   make a theorem again from its certificate
  symbolic-mla reference            print what can be written, with examples

  Exit 0: every claim is as its document expects. 1: some claim is not. 2:
  something could not be read.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
{chr(10).join(f"  {name:<{max(map(len, COMMANDS))}}  {what}" for name, what in COMMANDS.items())}

'symbolic-mla COMMAND --help' says what a command takes."""


def main() -> None:
    """Answer, or hand over to the commands."""
    match sys.argv[1:]:
        case ["-h" | "--help"]:
            print(HELP)
        case ["--version"]:
            print(f"symbolic-mla {__version__}")
        case _:
            from symbolic_mla.commands.group import run  # click takes longer than both answers

            run()
