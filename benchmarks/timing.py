"""How everything is measured: in turn with the peer, by the clock, one thread, medians of ratios.

By the clock, since the processor time of a process stands still for milliseconds on some machines, and then jumps; so
measure where nothing else runs. One BLAS thread, because threads that wait for each other vary most. The collector of
cycles stands still meanwhile, as in `timeit`: it goes through all that the run has left so far, SymPy's caches above
all, and whoever happens to call it would pay milliseconds for that. Seconds differ between machines, so the tables
show ratios first.
"""

from __future__ import annotations

import gc
import math
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
for _variable in THREADS:
    os.environ.setdefault(_variable, "1")  # read by NumPy when it is imported: this module comes first


@dataclass(frozen=True)
class Row:
    """A line of the table. `ratio` says how many times better we are; with `most`, how many times the peer's cost we
    take. `least` and `most` are what the project asks of itself."""

    task: str
    peer: str
    ours: str
    theirs: str
    ratio: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def met(self) -> bool:
        """Whether the ratio is what the project asks for."""
        if self.ratio is None:
            return True
        return (self.least is None or self.ratio >= self.least) and (self.most is None or self.ratio <= self.most)

    @property
    def loses(self) -> bool:
        """Whether the peer is better."""
        return self.ratio is not None and (self.ratio < 1 if self.most is None else self.ratio > self.most)

    def __str__(self) -> str:
        asked = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}" if self.most is not None else ""
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}" if self.ratio < 1000 else f"{self.ratio:.0f}"
        sign = "" if self.met else " **missed**"
        return f"| {self.task} | {self.ours} | {self.peer} | {self.theirs} | {ratio}{sign} | {asked} |"


HEAD = "| task | ours | against | theirs | ratio | asked |\n|---|---|---|---|---:|---|"


@dataclass(frozen=True)
class Pair:
    """Seconds of both sides, medians, and the median of theirs / ours over the turns."""

    ours: float
    theirs: float
    ratio: float

    def row(self, task: str, peer: str, least: float | None = None, most: float | None = None) -> Row:
        """As a line; with `most` the ratio is ours / theirs."""
        ratio = self.ratio if most is None else 1 / self.ratio
        return Row(task, peer, shown(self.ours), shown(self.theirs), ratio, least, most)


def shown(spent: float) -> str:
    """Seconds as one reads them."""
    return f"{1e3 * spent:.2g} ms" if spent < 0.1 else f"{spent:.2g} s" if spent < 10 else f"{spent:.0f} s"


def once(action: Callable[[], object]) -> float:
    """Seconds of one run, by the clock: the processor's own count stands still for milliseconds on some machines."""
    with collector_off():
        start = time.perf_counter()
        action()
        return time.perf_counter() - start


@contextmanager
def collector_off() -> Iterator[None]:
    """No cycles are collected inside; those from before are, at its beginning."""
    gc.collect()
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def seconds(action: Callable[[], object], turns: int = 5) -> tuple[float, object]:
    """The least time of an action over the turns, and what it gave. Cycles are collected once, before the first: to go
    through a large heap empties the processor's caches, and would be paid for by each turn."""
    best, result = math.inf, None
    with collector_off():
        for _ in range(turns):
            start = time.perf_counter()
            result = action()
            best = min(best, time.perf_counter() - start)
    return best, result


def in_turn(ours: Callable[[], object], theirs: Callable[[], object], turns: int = 5, runs: int = 1) -> Pair:
    """Both sides, one after the other, so many times; before that each once, unmeasured.

    Where one side takes far less time, `runs` of ours are timed as one, so that both sides are warm, and as likely
    to be interrupted.
    """
    ours()
    theirs()

    def several() -> None:
        for _ in range(runs):
            ours()

    return _pair([(once(several) / runs, once(theirs)) for _ in range(turns)])


def _pair(turns: Sequence[tuple[float, float]]) -> Pair:
    ratios = [b / max(a, 1e-9) for a, b in turns]
    ours, theirs = (statistics.median(side) for side in zip(*turns, strict=True))
    return Pair(ours, theirs, statistics.median(ratios))


def processes(ours: Sequence[str], theirs: Sequence[str], turns: int = 11) -> Pair:
    """Whole processes, by the processor time that the system charges them with."""
    process(ours)
    process(theirs)
    return _pair([(process(ours), process(theirs)) for _ in range(turns)])


def process(command: Sequence[str]) -> float:
    """Processor seconds of a whole process, from its start to its end."""
    before = os.times()
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env=_environment())
    wall = time.perf_counter() - start
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent if spent > 0.2 else wall  # the system counts in hundredths: short ones are timed by the clock


def _environment() -> dict[str, str]:
    """What a person has: compiled modules are kept, as those of an installed peer are in any case."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def clock(command: Sequence[str]) -> float:
    """Seconds of a whole process by the clock, whatever runs in how many processes below it. Raises where it fails."""
    return once(lambda: subprocess.run(command, capture_output=True, check=True, env=_environment()))


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The exponent of the best power law, by least squares on logarithms."""
    x, y = [math.log(s) for s in sizes], [math.log(t) for t in times]
    mx, my = statistics.fmean(x), statistics.fmean(y)
    return sum((u - mx) * (v - my) for u, v in zip(x, y, strict=True)) / sum((u - mx) ** 2 for u in x)
