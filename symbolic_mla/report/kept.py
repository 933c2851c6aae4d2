"""Reports that are kept between runs which change nothing: `prove` writes them again without asking every engine.

A report is kept under a digest of its document and verdicts, of all our code, of Python and of the versions of the
libraries: whatever changes in them makes it a stranger. `prove --check` takes nothing from here.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

import symbolic_mla
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.report.made import Report, from_json

LIBRARIES = ("sympy", "mpmath", "numpy", "python-flint", "matplotlib")


class Folder(Protocol):
    """Texts by key; one that can't be read is None."""

    def read(self, key: str) -> str | None:
        """The text that is kept."""

    def write(self, key: str, text: str) -> None:
        """Keep a text."""


def key_of(result: DocumentResult, source_path: str, directory: str, rechecked: str = "") -> str | None:
    """What a report depends on (another prover's word included) as a key; None where our code cannot be read."""
    own = _code()
    if own is None:
        return None
    verdicts = [(c.id, c.verdict, [s.verdict for s in c.steps]) for c in result.claims]
    text = "\0".join([own, source_path, directory, rechecked, repr(verdicts), result.document.source])
    return blake2b(text.encode(), digest_size=24).hexdigest()


@cache
def _code() -> str | None:
    root = Path(symbolic_mla.__file__).parent
    digest = blake2b(sys.version.encode(), digest_size=20)
    try:
        for file in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".json", ".lark", ".v")):
            digest.update(f"{file.relative_to(root).as_posix()}\n".encode())
            digest.update(blake2b(file.read_bytes()).digest())
        digest.update(" ".join(map(version, LIBRARIES)).encode())
    except (OSError, PackageNotFoundError):
        return None
    return digest.hexdigest()


def written(report: Report) -> str:
    """A report as text."""
    return json.dumps({**asdict(report), "figures": dict(report.figures)}, ensure_ascii=False)


def read(text: str) -> Report | None:
    """The report of such a text; None for any other text.

    >>> from symbolic_mla.report.made import Summary
    >>> made = Summary("two", "Two", "proofs/two.md", 0, (), ((4, "shape", True),))
    >>> report = Report("two", "# Two", {"two.a.txt": "..."}, made)
    >>> read(written(report)) == report, read("{}")
    (True, None)
    """
    try:
        found = json.loads(text)
        made = from_json(found["summary"])
        return Report(found["name"], found["markdown"], dict(found["certificates"]), made, dict(found["figures"]))
    except (ValueError, TypeError, KeyError):
        return None
