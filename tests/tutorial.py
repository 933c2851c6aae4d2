"""The tutorial, followed word by word: files are saved, commands run. `python tests/tutorial.py` rewrites it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TUTORIAL = Path(__file__).parents[1] / "symbolic_mla" / "tutorial.md"
_FENCE = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_SAVE = re.compile(r"[Ss]ave this as `([\w.-]+)`:\s*$")


def followed(text: str, folder: Path) -> str:
    """The text with what its commands print in this folder, under the same commands."""
    out, at = [], 0
    for fence in _FENCE.finditer(text):
        before, (mark, kind, body) = text[at : fence.start()], fence.groups()
        out.append(before)
        at = fence.end()
        name = _SAVE.search(before)
        if kind == "markdown" and name is not None:
            (folder / name[1]).write_text(body, encoding="utf-8")
        if kind == "console":
            commands = [line for line in body.splitlines() if line.startswith("$ ")]
            body = "".join(f"{c}\n{printed(c[2:], folder)}" for c in commands)
        out.append(f"{mark}{kind}\n{body}{mark}")
    return "".join([*out, text[at:]])


def printed(command: str, folder: Path) -> str:
    """What a command prints, as a terminal shows it, without colours."""
    bin_ = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        timeout=120,
    )  # fmt: skip
    return done.stdout.decode()


def main() -> None:
    """Write what the commands print now."""
    with tempfile.TemporaryDirectory() as folder:
        text = followed(TUTORIAL.read_text(encoding="utf-8"), Path(folder))
    TUTORIAL.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
