"""A limit on processor time: the last of the budgets, for what no counter foresaw."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from types import FrameType

from symbolic_mla.errors import BudgetError

READING = 30.0
"""Seconds of processor time for reading one document or certificate."""

STEP = 30.0
"""Seconds of processor time for judging one step of a claim."""

DOCUMENT = 60.0
"""Seconds of processor time for judging one document."""

MENDING = 20.0
"""Seconds of processor time for the repairs of one document, which are counted first."""

_TICK = 0.25
_deadlines: list[float] = []


class _TimeUp(BaseException):
    """The limit of this depth is over. Not an Exception: no handler on the way takes it for an answer."""


def _tick(number: int, frame: FrameType | None) -> None:
    now = process_time()
    for depth, deadline in enumerate(_deadlines):
        if now >= deadline:
            raise _TimeUp(depth)


@contextmanager
def processor_time(seconds: float, what: str) -> Iterator[None]:
    """Raise BudgetError when what is done inside takes longer than so many seconds of processor time.

    A verdict does not depend on the machine as long as it comes within the limit, which is far above what any step of
    the theorem library takes. Limits may be nested. Where Python has no such timer, and in another thread than the
    first, there is no limit.

    >>> with processor_time(60, "adding"):
    ...     1 + 1
    2
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    depth = len(_deadlines)
    before = signal.signal(signal.SIGPROF, _tick) if depth == 0 else None
    _deadlines.append(process_time() + seconds)
    if depth == 0:
        signal.setitimer(signal.ITIMER_PROF, _TICK, _TICK)
    try:
        yield
    except _TimeUp as up:
        if up.args[0] != depth:
            raise
        raise BudgetError(f"{what} took more than {seconds:g} seconds of processor time",
                          hint="split it into smaller parts") from None  # fmt: skip
    finally:
        del _deadlines[depth:]
        if depth == 0:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
