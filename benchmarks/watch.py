"""From a save to the verdict on the terminal, against a fresh check, as ratios: python -m benchmarks.run watch

`symbolic-mla check --watch` runs as a process of its own, and a document of fifty steps is saved with one step
changed. The clock starts before the file is replaced and stops when the line with the new verdict has been read from
the process (where no verdict changes: the summary). The peer is `symbolic-mla check` on the same file, which also
starts Python.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, shown

SAVES = 15
SUMMARY = "since the save before"
HEAD = """```derivation
dims n, G, d, t
dim D = n*G*d
dim r = G*d
given W_K, W_V : r × D, X : t × D, P, Q : r × r
given U : D × r with Uᵀ U = I(r)
function f
"""
FORMS = (
    "tile(W_K, n) = tile(I(r), n) W_K",
    "(P + Q) (P + Q) = P² + P Q + Q P + Q²",
    "rank(tile(W_K, n)) = rank(W_K)",
    "(W_K Xᵀ)ᵀ = X W_Kᵀ",
    "tr(P Q) = tr(Q P)",
    "Uᵀ U P = P",
    "rank(W_K) <= r",
    "f(X W_Kᵀ) (P Q) = (f(X W_Kᵀ) P) Q",
    "(P Q)ᵀ = Qᵀ Pᵀ",
    "kron(P, Q) kron(Q, P) = kron(P Q, Q P)",
)


def claims(save: int) -> str:
    """Fifty claims of one step; the one in the middle is another at every save, now true and now false."""
    steps = [FORMS[k % len(FORMS)] for k in range(50)]
    steps[25] = f"{save + 2} P Q + Q = Q + {save + 2 + save % 2} P Q"
    return HEAD + "".join(f"claim c{k}:\n    {step}\n" for k, step in enumerate(steps)) + "```\n"


def chain(save: int) -> str:
    """One claim of fifty steps, of which two neighbours change."""
    sides = [f"P Q + {k} Q P - {k} Q P" for k in range(51)]
    sides[25] = f"P Q + {save + 100} Q P - {save + 100} Q P"
    return HEAD + "claim long:\n    " + "\n    = ".join(sides) + "\n```\n"


def replaced(path: Path, text: str) -> None:
    """Save as editors do."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def measure(kind: str) -> tuple[list[float], list[float]]:
    """Seconds of each save in a watching process, and of a fresh check of the same text."""
    text = {"claims": claims, "a chain": chain}[kind]
    command = [sys.executable, "-m", "symbolic_mla", "check"]
    watched, fresh = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.md"
        path.write_text(text(0), encoding="utf-8")
        environment = {**os.environ, "SYMBOLIC_MLA_CACHE": str(Path(folder) / "cache")}
        process = subprocess.Popen([*command, "--watch", str(path)], stdout=subprocess.PIPE, text=True, env=environment)
        assert process.stdout is not None
        while "Ctrl-C" not in process.stdout.readline():
            pass
        for save in range(1, SAVES + 1):
            time.sleep(0.2)
            start = time.perf_counter()
            replaced(path, text(save))
            line = ""
            while "(it was" not in line and SUMMARY not in line:
                line = process.stdout.readline()
            watched.append(time.perf_counter() - start)
            while SUMMARY not in line:  # repairs are looked for after the verdict is shown
                line = process.stdout.readline()
            start = time.perf_counter()
            subprocess.run([*command, "--no-cache", str(path)], stdout=subprocess.DEVNULL, check=False)
            fresh.append(time.perf_counter() - start)
        process.terminate()
        process.wait()
    return watched, fresh


def rows() -> Iterator[Row]:
    """From a save to its verdict, against the tenth of a second that is felt as at once; the fresh check beside it."""
    for kind in ("claims", "a chain"):
        watched, fresh = measure(kind)
        middle = statistics.median(watched)
        task = f"`check --watch`, 50 steps as {kind}, one changed"
        yield Row(task, "a stated bound of 100 ms", shown(middle), "100 ms", 0.1 / middle, least=1)
        yield Row(f"the same, most of {SAVES} saves", "a fresh check, whole process", shown(max(watched)),
                  shown(statistics.median(fresh)), statistics.median(fresh) / max(watched))  # fmt: skip
