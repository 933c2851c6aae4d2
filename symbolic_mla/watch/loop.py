"""`check --watch`: judge, wait for a save, judge again."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from rich.console import Console

from symbolic_mla.cache.memory import Memory
from symbolic_mla.watch.files import Watched
from symbolic_mla.watch.screen import show_change
from symbolic_mla.watch.session import Session


def watch_documents(paths: Sequence[str], memory: Memory, console: Console | None = None,
                    stop: Event | None = None) -> int:  # fmt: skip
    """Show every document that `paths` name, and again whenever it is saved, until an interrupt or `stop`.

    The exit code is that of `check` on the documents as they were last seen.
    """
    console = console or Console(highlight=False)
    session = Session(memory)
    waiting = False
    try:
        for changed in Watched(paths).changes(stop):
            shown = [c for path in changed if (c := session.update(path)) is not None]
            for change in shown:
                show_change(console, change)
            if not waiting:
                console.print("  watching; Ctrl-C ends", style="dim")
                waiting = True
    except KeyboardInterrupt:
        console.print()
    return session.exit_code
