"""Whole processes: a check against `import sympy`, the short answers against a bare Python, the library by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import Row, clock, processes, shown

ROOT = Path(__file__).parents[1]
FOUNDING = ROOT / "tests" / "language" / "examples" / "gqa-as-mla.md"


def rows() -> Iterator[Row]:
    """Each against what one would run instead."""
    python = sys.executable
    ours = [python, "-m", "symbolic_mla"]
    bare = [python, "-c", "pass"]
    pair = processes([*ours, "check", str(FOUNDING)], [python, "-c", "import sympy"])
    yield pair.row("`check gqa-as-mla.md`, the whole process", '`python -c "import sympy"`', least=1)
    for option in ("--version", "--help"):
        yield processes([*ours, option], bare, 21).row(f"`symbolic-mla {option}`", "`python -c pass`", most=4)
    yield from library()


def library() -> Iterator[Row]:
    """All of proofs/ with its reports: from nothing (every engine asked, the sweep run), and with nothing changed."""
    with TemporaryDirectory() as folder, chdir(ROOT):  # reports are named by the paths of documents as they are given
        places = ["--reports", f"{folder}/reports", "--cache", f"{folder}/cache"]
        command = [sys.executable, "-m", "symbolic_mla", "prove", *places]
        fresh = clock(command)
        again = min(clock(command) for _ in range(3))
        alone = min(clock([*command, "--jobs", "1"]) for _ in range(3))
    yield Row("`prove` over proofs/, from nothing", "", shown(fresh), "")
    yield Row("`prove` over proofs/, nothing changed", "a stated bound of 2 s", shown(again), "2 s", 2 / again, least=1)
    yield Row("the same, in one process", "", shown(alone), "")
