"""Whatever ends a run, no file is half written, no report is lost, and the next run succeeds."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symbolic_mla.report.files import write_files

COMMAND = Path(sys.executable).with_name("symbolic-mla")
DOCUMENT = (
    "# Sums\n\n```derivation\ndims n\ngiven A, B : n × n\nclaim sum: A + B = B + A\n"
    "refute product: A B = B A\n```\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A document with its reports."""
    (tmp_path / "sums.md").write_text(DOCUMENT, encoding="utf-8")
    assert prove(tmp_path).returncode == 0
    return tmp_path


def start(place: Path, *more: str, limit: int | None = None) -> subprocess.Popen[str]:
    def small() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen([COMMAND, "prove", "sums.md", *more], cwd=place, text=True, preexec_fn=small,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def prove(place: Path, *more: str, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    process = start(place, *more, limit=limit)
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess((), process.returncode, out, err)


def files(place: Path) -> dict[str, bytes]:
    """Every file of the reports, hidden ones too."""
    return {p.relative_to(place).as_posix(): p.read_bytes() for p in (place / "reports").rglob("*") if p.is_file()}


def test_a_disk_that_is_full_loses_nothing(place: Path) -> None:
    """The old reports are there, whole; one message; and with room again the run succeeds."""
    before = files(place)
    (place / "sums.md").write_text(DOCUMENT.replace("Sums", "Sums and products"), encoding="utf-8")
    done = prove(place, limit=100)
    assert done.returncode == 2, done.stderr
    assert "cannot write" in done.stderr and "Traceback" not in done.stderr
    assert files(place) == before
    assert prove(place).returncode == 0
    assert prove(place, "--check").returncode == 0


def test_a_killed_run_leaves_whole_files_and_the_next_one_succeeds(place: Path) -> None:
    """Old or new, each of them; what was unfinished is gone after the next run."""
    old = files(place)
    (place / "sums.md").write_text(DOCUMENT.replace("Sums", "Sums and products"), encoding="utf-8")
    process = start(place)
    time.sleep(0.4)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    (place / "reports" / f".sums.md.{process.pid}.x.tmp").write_text("half")  # as if it had died while it wrote
    between = files(place)
    assert prove(place).returncode == 0
    new = files(place)
    assert set(new) == set(old)
    assert all(between[name] in (old[name], new[name]) for name in old)
    assert prove(place, "--check").returncode == 0


def test_two_runs_at_once_write_the_same_reports(place: Path) -> None:
    """Neither sees a part of what the other writes."""
    before = files(place)
    for name in before:
        (place / name).unlink()
    both = [start(place), start(place)]
    assert [(p.communicate(timeout=300), p.returncode)[1] for p in both] == [0, 0]
    assert files(place) == before


def test_what_a_living_process_writes_is_left_alone(tmp_path: Path) -> None:
    """Only what no process can finish is dropped."""
    mine, stranger = (tmp_path / f".a.md.{k}.x.tmp" for k in (os.getpid(), 2**22 + 1))
    mine.write_text("mine")
    stranger.write_text("left")
    write_files(tmp_path, {"b.md": "b"})
    assert mine.exists() and not stranger.exists()
