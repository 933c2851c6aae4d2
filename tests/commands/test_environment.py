"""An environment that is older than the code is told what it lacks and what to do, with no traceback."""

from __future__ import annotations

import subprocess
import sys

HIDDEN = """
import sys
sys.modules["markdown_it"] = None  # as if it were not installed
sys.argv = ["symbolic-mla", "check", "proofs/cache.md"]
from symbolic_mla.cli import main
main()
"""


def test_a_missing_package_is_named() -> None:
    """Exit 2, the package, and the command that installs it."""
    done = subprocess.run([sys.executable, "-c", HIDDEN], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert done.stderr.startswith("symbolic-mla: the package markdown_it is missing") and "make prove" in done.stderr
