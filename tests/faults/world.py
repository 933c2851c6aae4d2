"""A folder in which a command is run and disturbed: killed, without room, without permission to write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = Path(sys.executable).with_name("symbolic-mla")


def document(title: str, more: str = "") -> str:
    """A document with a proof, a rank and a refutation."""
    return (
        f"# {title}\n\n```derivation\ndims n, m\ngiven A, B : n × n, W : n × m\nclaim sum: A + B = B + A\n"
        f"claim bound: rank(tile(W, 2)) = rank(W) <= min(n, m)\nrefute product: A B = B A\n{more}```\n"
    )


@dataclass
class Place:
    """Documents `a.md`, `b.md`, with their reports, and caches of their own."""

    root: Path
    cache: Path = field(init=False)

    def __post_init__(self) -> None:
        self.cache = self.root / "cache"
        for name in "ab":
            (self.root / f"{name}.md").write_text(document(name), encoding="utf-8")

    def start(self, *arguments: str, temporary: Path | None = None) -> subprocess.Popen[str]:
        """A run in a process group of its own."""
        own = {"SYMBOLIC_MLA_CACHE": str(self.cache), "XDG_CACHE_HOME": str(self.root / "coq")}
        environment = {**os.environ, **own, **({} if temporary is None else {"TMPDIR": str(temporary)})}
        return subprocess.Popen([COMMAND, *arguments], cwd=self.root, text=True, start_new_session=True,
                                env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip

    def run(self, *arguments: str, temporary: Path | None = None) -> subprocess.CompletedProcess[str]:
        """A run to its end. Raises: RuntimeError where it ends with a traceback."""
        process = self.start(*arguments, temporary=temporary)
        out, err = process.communicate(timeout=600)
        if "Traceback" in err:
            raise RuntimeError(err)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """A line of shell, with the caches of this place."""
        own = {"SYMBOLIC_MLA_CACHE": str(self.cache)}
        return subprocess.run(["bash", "-c", line], env={**os.environ, **own}, text=True, capture_output=True,
                              timeout=300, check=False)  # fmt: skip

    def files(self, folder: str = "reports") -> dict[str, bytes]:
        """Every file below a folder, hidden ones too."""
        below = self.root / folder
        return {p.relative_to(below).as_posix(): p.read_bytes() for p in below.rglob("*") if p.is_file()}


def kill(process: subprocess.Popen[str], after: float) -> bool:
    """Kill a run after some seconds, as a power cut would; whether it was still running."""
    time.sleep(after)
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=120)  # its children hold these pipes: they end too, or this times out
    return running


def _mounted(arguments: Sequence[str]) -> bool:
    try:
        return subprocess.run(arguments, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[bool]:
    """A disk of its own below `path`, with so much room; yields whether this machine allows that."""
    path.mkdir(parents=True, exist_ok=True)
    there = _mounted(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)])
    try:
        yield there
    finally:
        if there:
            subprocess.run(["umount", str(path)], check=True)


@contextmanager
def read_only(path: Path) -> Iterator[bool]:
    """A folder that can't be written, by root neither; yields whether this machine allows that."""
    if os.geteuid() != 0:
        modes = {p: p.stat().st_mode for p in (path, *path.rglob("*")) if p.is_dir()}
        for p in modes:
            p.chmod(0o555)
        try:
            yield True
        finally:
            for p, mode in modes.items():
                p.chmod(mode)
        return
    there = _mounted(["mount", "--bind", str(path), str(path)])
    locked = there and _mounted(["mount", "-o", "remount,ro,bind", str(path)])
    try:
        yield locked
    finally:
        if there:
            subprocess.run(["umount", str(path)], check=True)
