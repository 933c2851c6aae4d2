"""Killed, without room, without permission, in twos: nothing is half written or lost, and the next run succeeds."""

from __future__ import annotations

import os
import time
from pathlib import Path
from random import Random

import pytest

from symbolic_mla.workers import workers
from tests.faults.scenarios import SCENARIOS, fresh, whole_entries
from tests.faults.world import COMMAND, document, read_only, small_disk


@pytest.mark.parametrize("name", ["sweep", "watch"])
def test_a_killed_run_loses_nothing(name: str, tmp_path: Path) -> None:
    """`python -m tests.faults.campaign` does this as often as one likes, for `prove` and `coq` too."""
    SCENARIOS[name].round(fresh(tmp_path), Random(1), seconds=1.5)


def test_reports_that_cannot_be_written(tmp_path: Path) -> None:
    """One message and exit 2; the old reports stay; with permission again the run succeeds."""
    place = fresh(tmp_path)
    assert place.run("prove", "a.md").returncode == 0
    before = place.files()
    (tmp_path / "a.md").write_text(document("anew"), encoding="utf-8")
    with read_only(tmp_path / "reports") as locked:
        if not locked:
            pytest.skip("this machine mounts nothing")
        done = place.run("prove", "a.md")
        assert (done.returncode, place.files()) == (2, before)
        assert "cannot write reports/" in done.stderr
        assert place.run("check", "a.md").returncode == 0
    assert place.run("prove", "a.md").returncode == 0
    assert place.files() != before


def test_a_cache_without_room_costs_time_and_nothing_else(tmp_path: Path) -> None:
    """Verdicts are the same; the cache says why it is of no use; no part of an entry has an entry's name."""
    place = fresh(tmp_path)
    (tmp_path / "a.md").write_text(document("a", "claim more: rank(3 W) = rank(W)\n"), encoding="utf-8")
    with small_disk(place.cache, "4k") as there:
        if not there:
            pytest.skip("this machine mounts nothing")
        (place.cache / "fill").write_bytes(b"\0" * 4096)
        done = place.run("check", "a.md", "b.md")
        assert done.returncode == 0
        (place.cache / "fill").unlink()
        whole_entries(place)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_an_answer_that_cannot_be_written_is_no_verdict(tmp_path: Path) -> None:
    """Exit 2 and a message; whoever stops reading us gets no verdict either."""
    place = fresh(tmp_path)
    for redirected, code in ((">/dev/full", 2), ("| sleep 0", 141)):
        command = f"cd {tmp_path}; set -o pipefail; {COMMAND} check a.md b.md {redirected}; exit $?"
        done = place.shell(command)
        assert "Traceback" not in done.stderr
        assert done.returncode == code


def _gone(process: int) -> bool:
    end = time.monotonic() + 60
    while Path(f"/proc/{process}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    return not Path(f"/proc/{process}").exists()


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """A worker does not outlive a parent that was killed; one whose parent lives does not end."""
    with workers(1) as pool:
        assert pool.submit(os.getppid).result() == os.getpid()
    program = ("import os, signal\nfrom symbolic_mla.workers import workers\nif __name__ == '__main__':\n"
               "    pool = workers(1)\n    print(pool.submit(os.getpid).result(), flush=True)\n"
               "    os.kill(os.getpid(), signal.SIGKILL)\n")  # fmt: skip
    (tmp_path / "program.py").write_text(program)
    done = fresh(tmp_path).shell(f"{COMMAND.with_name('python')} {tmp_path / 'program.py'}")
    worker = int(done.stdout.split()[0])
    assert _gone(worker)
