"""Small documents that mean something large end soon: with a verdict, or an error of ours, and never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def lets(first: str, line: str, count: int, claim: str) -> str:
    """A chain of definitions, each from the one before."""
    steps = "".join(line.format(new=f"Z{k + 1}", old=f"Z{k}") for k in range(count))
    return f"dims n\nfunction f\ngiven A, B : n × n\nlet Z0 = {first}\n{steps}claim x: {claim.format(last=f'Z{count}')}"


BOMBS = {
    "nested minima": "dims n\nclaim x: " + "min(" * 40 + "n" + ", n)" * 40 + " <= n",
    "minima by name": lets("n", "let {new} = min({old}, {old} + 1)\n", 30, "{last} <= n"),
    "roots by name": lets("n", "let {new} = sqrt({old} + n*{old})\n", 30, "{last} <= n"),
    "sums by name": lets("A", "let {new} = {old} + {old}\n", 40, "{last} = A"),
    "products by name": lets("A", "let {new} = {old} {old}\n", 40, "{last} = A"),
    "zeros by name": lets("zeros(n, n)", "let {new} = {old} + {old}\n", 40, "{last} = A"),
    "functions by name": lets("A", "let {new} = f({old} + {old})\n", 40, "{last} = A"),
    "tiles by name": lets("A", "let {new} = tile({old}, 2)\n", 40, "rank({last}) = rank(A)"),
    "ranks by name": lets("rank(A)", "let {new} = {old} * {old} + {old}\n", 30, "{last} <= n"),
    "brackets": "dims n\nclaim x: " + "(" * 10_000 + "n" + ")" * 10_000 + " = n",
    "a power of a sum": "dims n\ngiven A, B : n × n\nclaim x: (A + B)^20 = (B + A)^20",
    "a product of sums": "dims n\ngiven A : n × n\nclaim x: " + "(A + A) " * 20 + "= A",
    "an exponent": "dims n\ngiven A : n × n\nclaim x: A^1000000000 = A",
    "copies": "dims n\ngiven A : n × n\nclaim x: tile(A, 1000000000000000000000000000000) = A",
    "unknowns": "dims n\ngiven A : n × n\nclaim x: exists "
    + "".join(f"U{k} : n × n, " for k in range(1000)) + "V : n × n with A = V U0",
    "digits": "dims n\nclaim x: n <= " + "9" * 5000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_document_takes_little_time(name: str, tmp_path: Path) -> None:
    """Within 15 seconds of processor time and two gigabytes, with the exit of a claim or of what could not be read."""
    path = tmp_path / "bomb.md"
    path.write_text(f"```derivation\n{BOMBS[name]}\n```\n", encoding="utf-8")
    program = (
        "import resource, runpy, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 * 10**9, 2 * 10**9))\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (15, 15))\n"
        f"sys.argv = ['symbolic-mla', 'check', {str(path)!r}]\n"
        "runpy.run_module('symbolic_mla', run_name='__main__')\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.fail("it hangs")
    assert done.returncode in (0, 1, 2)
    assert "Traceback" not in done.stderr
    assert done.stdout or done.stderr
