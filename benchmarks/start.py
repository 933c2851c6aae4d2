"""Whole processes: a check against `import sympy`, the short answers against a bare Python, the library by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, processes

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
