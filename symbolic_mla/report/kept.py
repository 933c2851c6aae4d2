"""Reports that are kept between runs which change nothing: `prove` writes them again without asking every engine.

A report is kept under a digest of its document and verdicts, of all our code, of Python and of the versions of the
libraries: whatever changes in them makes it a stranger. `prove --check` takes nothing from here.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NoReturn, Protocol

import symbolic_mla
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.report.made import Report, from_json

LIBRARIES = ("sympy", "mpmath", "numpy", "python_flint", "matplotlib")
INSTALLED = (".dist-info", ".egg-info")
CODE = (".py", ".json", ".lark", ".v")


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
        for folder, inside, names in os.walk(root, onerror=_raise):
            inside[:] = sorted(name for name in inside if name != "__pycache__")
            place = Path(folder)
            for name in sorted(n for n in names if n.endswith(CODE)):
                text = (place / name).read_bytes()
                digest.update(f"{folder.removeprefix(str(root))} {name} {len(text)}\n".encode())
                digest.update(text)
        installed = _installed()
    except OSError:
        return None
    if not all(any(_is_of(name, library) for name in installed) for library in LIBRARIES):
        return None
    digest.update("\0".join(installed).encode())
    return digest.hexdigest()


def _installed() -> list[str]:
    """The libraries with their versions, as the names of the folders in which an installer says what it put there.

    `importlib.metadata` reads the same names; but to import it takes longer than to list the folders.
    """
    found = []
    for place in sys.path:
        with suppress(FileNotFoundError, NotADirectoryError):
            names = sorted(entry.name for entry in os.scandir(place or "."))
            found += [name for name in names if any(_is_of(name, library) for library in LIBRARIES)]
    return found


def _is_of(name: str, library: str) -> bool:
    return name.endswith(INSTALLED) and name.lower().startswith(f"{library}-")


def _raise(error: OSError) -> NoReturn:
    raise error


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
