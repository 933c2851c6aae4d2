"""Compile scripts with Coq and read what they rest on.

The library is compiled once for each content of it, in a cache outside of the package. A script is verified
when `coqc` accepts it within time and memory and `Print Assumptions` finds a closed context.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from symbolic_mla.errors import InputError

LIBRARY = ("Network", "Rank")
THEORIES = Path(__file__).parent / "theories"
CLOSED = "Closed under the global context"
FLAGS = ("-q", "-w", "none")


@dataclass(frozen=True)
class Verified:
    """What Coq said of one script: accepted, and its assumptions (none: a closed context)."""

    name: str
    accepted: bool
    assumptions: tuple[str, ...]
    message: str

    @property
    def ok(self) -> bool:
        """Accepted, resting on nothing."""
        return self.accepted and not self.assumptions


def coq_version() -> str | None:
    """The version of the Coq that is installed, or None.

    >>> coq_version() is None or coq_version().count(".") >= 1
    True
    """
    found = shutil.which("coqc")
    if found is None:
        return None
    out = subprocess.run([found, "--print-version"], capture_output=True, text=True, timeout=60, check=False)
    return out.stdout.split()[0] if out.returncode == 0 and out.stdout.split() else None


def _run(command: Sequence[str], where: Path, timeout: float, memory: int) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))

    return subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=timeout, check=False,
                          preexec_fn=limit)  # fmt: skip


def compiled_library(cache: Path | None = None, timeout: float = 300, memory: int = 4000) -> Path:
    """The folder of the compiled library, made if it is not there.

    Raises:
        InputError: when Coq is absent, or does not accept the library.
    """
    version = coq_version()
    if version is None:
        raise InputError("coqc is not installed", hint="apt-get install coq libcoq-mathcomp-algebra")
    sources = {name: (THEORIES / f"{name}.v").read_text() for name in LIBRARY}
    digest = hashlib.sha256("\0".join([version, *sources.values()]).encode()).hexdigest()[:16]
    root = cache or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "symbolic_mla" / "coq"
    done = root / digest
    if not (done / f"{LIBRARY[-1]}.vo").exists():
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root) as scratch:
            made = Path(scratch) / "lib"
            made.mkdir()
            for name, text in sources.items():
                (made / f"{name}.v").write_text(text)
                out = _run(["coqc", *FLAGS, "-Q", ".", "SymbolicMLA", f"{name}.v"], made, timeout, memory)
                if out.returncode:
                    raise InputError(f"Coq does not accept {name}.v: {out.stderr.strip()}")
            if not done.exists():
                made.rename(done)
    return done


def verify(scripts: Mapping[str, str], jobs: int = 1, timeout: float = 300, memory: int = 4000,
           cache: Path | None = None, check: bool = False) -> list[Verified]:  # fmt: skip
    """What Coq says of each script, in the order given. `memory` is in MiB for each job, `timeout` in seconds.

    `check` runs `coqchk` on each compiled script as well. A time-out is not accepted, with a message.

    Raises:
        InputError: when Coq is absent, or does not accept the library.
    """
    library = compiled_library(cache)

    def one(item: tuple[str, str]) -> Verified:
        return _verify(*item, library, timeout, memory, check)

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        return list(pool.map(one, scripts.items()))


def _verify(name: str, text: str, library: Path, timeout: float, memory: int, check: bool) -> Verified:
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(scratch)
        (where / "script.v").write_text(text)
        paths = ("-Q", str(library), "SymbolicMLA", "-Q", ".", "Script")
        try:
            out = _run(["coqc", *FLAGS, *paths, "script.v"], where, timeout, memory)
            if out.returncode == 0 and check:
                found = _run(["coqchk", "-silent", *paths, "Script.script"], where, timeout, memory)
                if found.returncode:
                    return Verified(name, False, (), f"coqchk: {found.stderr.strip()}")
        except subprocess.TimeoutExpired:
            return Verified(name, False, (), f"no answer within {timeout:g} s")
    if out.returncode:
        return Verified(name, False, (), out.stderr.strip() or f"coqc ended with {out.returncode}")
    said = out.stdout.strip()
    if said == CLOSED:
        return Verified(name, True, (), "")
    return Verified(name, True, tuple(said.splitlines()) or ("nothing was printed",), said)
