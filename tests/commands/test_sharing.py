"""Work in several processes gives what one gives, says what went wrong, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAD = """
import os, signal, time
from symbolic_mla.commands import sharing
from symbolic_mla.errors import InputError, SymbolicMLAError

def shared(work, order, jobs):  # both halves at once, and the second one not till all first ones are known
    every = len(set(order))
    def begin(k):
        value = work(k)
        return k, lambda met: value if len(met) == every else "too early"
    return sharing.shared(begin, set, order, jobs)

"""


def run(body: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: pytest's has threads, beside which none is copied."""
    return subprocess.run([sys.executable, "-c", HEAD + body], capture_output=True, text=True, timeout=60, cwd=ROOT)


@pytest.mark.parametrize(("count", "jobs"), [(0, 4), (1, 4), (7, 1), (7, 2), (40, 3), (20_000, 2)])
def test_any_number_of_processes_gives_the_same(count: int, jobs: int) -> None:
    """Every answer, once, under its number; more numbers than a pipe holds included."""
    done = run(f"print(shared(lambda k: k * k, range({count}), {jobs}) == {{k: k * k for k in range({count})}})")
    assert done.stdout == "True\n", done.stderr


def test_long_answers_are_whole() -> None:
    """An answer may be longer than a pipe is."""
    done = run("print({k: len(v) for k, v in shared(lambda k: 'x' * 3_000_000, [1, 0, 2], 2).items()})")
    assert sorted(done.stdout.strip("{}\n").split(", ")) == ["0: 3000000", "1: 3000000", "2: 3000000"]


def test_what_is_raised_is_raised_here() -> None:
    """An error of ours comes back with its message."""
    done = run("def work(k):\n  raise InputError('number')\n"
               "try:\n  shared(work, [3, 4], 2)\nexcept InputError as error:\n  print(error.message)")  # fmt: skip
    assert done.stdout == "number\n", done.stderr


@pytest.mark.parametrize("killed", ["k == 2", "True"])
def test_a_process_that_is_killed_is_told(killed: str) -> None:
    """What is missing is an error, never a result that is short."""
    work = f"def work(k):\n  if {killed}: os.kill(os.getpid(), signal.SIGKILL)\n  return k\n"
    asked = "try:\n  print(shared(work, range(9), 2))\nexcept SymbolicMLAError as error:\n  print(error.message)"
    done = run(work + asked)
    assert done.stdout.startswith("a process ended before its work was done"), (done.stdout, done.stderr)


def test_nobody_outlives_the_one_who_asked(tmp_path: Path) -> None:
    """The asking process is killed: its copies end as soon as they have an answer that nobody takes."""
    body = (f"def work(k):\n  open({str(tmp_path)!r} + f'/{{os.getpid()}}', 'w').close()\n  time.sleep(0.2)\n"
            "  return 'x' * 200_000\nshared(work, range(600), 2)")  # fmt: skip
    asking = subprocess.Popen([sys.executable, "-c", HEAD + body], cwd=ROOT)
    end = time.monotonic() + 30
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    os.kill(asking.pid, signal.SIGKILL)
    asking.wait()
    copies = [int(p.name) for p in tmp_path.iterdir()]
    while any(map(_lives, copies)) and time.monotonic() < end:
        time.sleep(0.05)
    assert len(copies) == 2 and not any(map(_lives, copies))


def _lives(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
