"""Compile scripts with Coq and read what they rest on.

The library is compiled once for each content of it, in a cache outside of the package. A script is verified
when `coqc` accepts it within time and memory and `Print Assumptions` finds a closed context. Two things take longer
than most scripts do, and are done once for many: loading MathComp, and following what a theorem rests on.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from symbolic_mla.coq.script import HEADER
from symbolic_mla.coq.session import Session, limited
from symbolic_mla.errors import InputError

LIBRARY = ("Network", "Rank", "Instance")
THEORIES = Path(__file__).parent / "theories"
CLOSED = "Closed under the global context"
FLAGS = ("-q", "-w", "none")
TOGETHER, MAX_LENGTH = 80, 500_000  # scripts, and characters, that are compiled in one file
MAX_CULPRITS = 3  # scripts that are taken out of one file before each is compiled alone
MAKING, ABANDONED = "making.", 3600.0  # a folder in which the library is made, and seconds until nobody makes it
PRINTED = re.compile(r"^Print Assumptions ([\w.]+)\.\n", re.MULTILINE)


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
    return subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=timeout, check=False,
                          preexec_fn=limited(memory))  # fmt: skip


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
        _drop_abandoned(root)
        with tempfile.TemporaryDirectory(prefix=MAKING, dir=root) as scratch:
            made = Path(scratch) / "lib"
            made.mkdir()
            for name, text in sources.items():
                (made / f"{name}.v").write_text(text)
                out = _run(["coqc", *FLAGS, "-Q", ".", "SymbolicMLA", f"{name}.v"], made, timeout, memory)
                if out.returncode:
                    raise InputError(f"Coq does not accept {name}.v: {out.stderr.strip()}")
            try:
                made.rename(done)
            except OSError:
                if not done.exists():  # else another run was faster, and made the same
                    raise
    return done


def _drop_abandoned(root: Path) -> None:
    """Remove what runs that were killed left of a library."""
    for path in root.glob(f"{MAKING}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > ABANDONED:
                shutil.rmtree(path)


def verify(scripts: Mapping[str, str], jobs: int = 1, timeout: float = 300, memory: int = 4000,
           cache: Path | None = None, check: bool = False) -> list[Verified]:  # fmt: skip
    """What Coq says of each script, in the order given. `memory` is in MiB for each job, `timeout` in seconds.

    Scripts are compiled some at a time, a module each, and `Print Assumptions` is asked of all their theorems at once;
    one that Coq does not accept there is compiled alone, and so is each where something is assumed. With `check`
    `coqchk` reads what was compiled, and all that it stands on, once more. A time-out is not accepted, with a message.

    Raises:
        InputError: when Coq is absent, or does not accept the library.
    """
    library = compiled_library(cache)

    def alone(name: str) -> Verified:
        return _verify(name, scripts[name], library, timeout, memory, check)

    def some(names: Sequence[str]) -> list[Verified]:
        left, found = list(names), list[Verified]()
        while len(left) > 1 and len(found) <= MAX_CULPRITS:
            closed, culprit = _together({n: scripts[n] for n in left}, library, timeout * len(left), memory, check)
            if closed:
                return [*found, *(Verified(n, True, (), "") for n in left)]
            if culprit is None:
                break
            left.remove(culprit)
            found.append(alone(culprit))
        return [*found, *map(alone, left)]

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        found = {v.name: v for some_ in pool.map(some, _parts(scripts, max(1, jobs))) for v in some_}
    return [found[name] for name in scripts]


def _parts(scripts: Mapping[str, str], jobs: int) -> list[list[str]]:
    """The names of scripts in parts of about one length, as many for each job: all jobs end at about one time."""
    length = sum(map(len, scripts.values()))
    least = max(-(-len(scripts) // TOGETHER), -(-length // MAX_LENGTH), 1)
    parts: list[list[str]] = [[] for _ in range(-(-least // jobs) * jobs)]
    lengths = [0] * len(parts)
    for name in sorted(scripts, key=lambda n: (-len(scripts[n]), n)):
        k = min(range(len(parts)), key=lambda k: (lengths[k], len(parts[k]), k))
        parts[k].append(name)
        lengths[k] += len(scripts[name])
    return [p for p in parts if p]


def _together(scripts: Mapping[str, str], library: Path, timeout: float, memory: int,
              check: bool) -> tuple[bool, str | None]:  # fmt: skip
    """Some scripts as modules of one file: whether all are accepted and rest on nothing; if not, the one that Coq does
    not accept, where it names one."""
    theorems = [f"@Script_{n}.{t}" for n, text in scripts.items() for t in PRINTED.findall(text)]
    if not all(text.startswith(HEADER) and PRINTED.search(text) for text in scripts.values()):
        return False, None
    lines = HEADER.count("\n")
    begins = []  # the line after which each script begins
    modules = []
    for name, text in scripts.items():
        begins.append((lines, name))
        modules.append(_module(name, PRINTED.sub("", text)))
        lines += modules[-1].count("\n")
    every = f"Definition every := ({', '.join(theorems)}, I).\nPrint Assumptions every.\n"
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(scratch)
        (where / "script.v").write_text(HEADER + "".join(modules) + every)
        try:
            out = _run(["coqc", *FLAGS, *_paths(library), "script.v"], where, timeout, memory)
            if out.returncode == 0 and check and _rechecked(where, library, timeout, memory).returncode:
                return False, None
        except subprocess.TimeoutExpired:
            return False, None
    if out.returncode == 0:
        return set(out.stdout.strip().splitlines()) == {CLOSED}, None
    at = re.search(r'File "\./script\.v", line (\d+)', out.stderr)
    before = [name for line, name in begins if at and line < int(at[1]) <= lines]
    return False, before[-1] if before else None


def _module(name: str, text: str) -> str:
    return f"Module Script_{name}.\n{text.removeprefix(HEADER)}\nEnd Script_{name}.\n"


def _paths(library: Path) -> tuple[str, ...]:
    return "-Q", str(library), "SymbolicMLA", "-Q", ".", "Script"


def _rechecked(where: Path, library: Path, timeout: float, memory: int) -> subprocess.CompletedProcess[str]:
    """What coqchk says of a script that was compiled, and of all that it stands on."""
    return _run(["coqchk", "-silent", "-o", *_paths(library), "Script.script"], where, timeout, memory)


def _read(name: str, said: str) -> Verified:
    """What `Print Assumptions` printed."""
    if set(said.strip().splitlines()) == {CLOSED}:
        return Verified(name, True, (), "")
    return Verified(name, True, tuple(said.strip().splitlines()) or ("nothing was printed",), said.strip())


def _verify(name: str, text: str, library: Path, timeout: float, memory: int, check: bool) -> Verified:
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(scratch)
        (where / "script.v").write_text(text)
        try:
            out = _run(["coqc", *FLAGS, *_paths(library), "script.v"], where, timeout, memory)
            if out.returncode == 0 and check:
                found = _rechecked(where, library, timeout, memory)
                if found.returncode:
                    return Verified(name, False, (), f"coqchk: {found.stderr.strip()}")
        except subprocess.TimeoutExpired:
            return Verified(name, False, (), f"no answer within {timeout:g} s")
    if out.returncode:
        return Verified(name, False, (), out.stderr.strip() or f"coqc ended with {out.returncode}")
    return _read(name, out.stdout)


def accepted(scripts: Mapping[str, str], theorem: Mapping[str, str], jobs: int = 1, timeout: float = 300,
             memory: int = 4000, cache: Path | None = None) -> list[str]:  # fmt: skip
    """The names of the scripts whose last theorem (`theorem`) Coq accepts, where most are expected to be refused.

    One start serves many scripts, and each is read up to its first error. A step may take `timeout` seconds.

    Raises:
        InputError: when a step takes longer, or Coq ends: nothing is known of the script then, which is named.
    """
    library = compiled_library(cache)
    command = ["coqtop", *FLAGS, "-Q", str(library), "SymbolicMLA"]

    def some(names: Sequence[str]) -> list[str]:
        good = []
        with Session(command, timeout, memory) as session:
            session.begin(HEADER)
            for n in names:
                try:
                    read = session.read(_module(n, scripts[n]))
                    said = session.ask(f"Print Assumptions Script_{n}.{theorem[n]}.") if read else ""
                except InputError as error:
                    raise InputError(f"{n}: {error.message}") from error
                good += [n] if CLOSED in said or "Axioms:" in said else []
        return good

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        found = {n for some_ in pool.map(some, _parts(scripts, max(1, jobs))) for n in some_}
    return [n for n in scripts if n in found]
