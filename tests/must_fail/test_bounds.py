"""Small certificates of exponentially large values: refused, or done, within a time and memory that are bounded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.must_fail.forge import text

VAR, AXIS, ATOM = ["var", "'p", "'dimension", 1], [1, ["#0"], 0], ["atom", "'A", ["#1", "#1"]]
LEVELS = 40


def last(nodes: list[Any]) -> str:
    return f"#{len(nodes) - 1}"


def doubled(nodes: list[Any]) -> str:
    """t + t, again and again: the reference of the last."""
    nodes.append(ATOM)
    for _ in range(LEVELS):
        nodes.append(["sum", [[1, last(nodes)], [1, last(nodes)]], ["#1", "#1"]])
    return last(nodes)


def nested_minima() -> list[Any]:
    nodes: list[Any] = [VAR, ["number", [1, [["#0", 1]]]]]
    for _ in range(LEVELS):
        nodes.append(["extreme", "'min", [last(nodes), last(nodes)]])
        nodes.append(["number", [1, [[last(nodes), 1]]]])
    return [*nodes, ["by", "'arithmetic", last(nodes), "'=", last(nodes), []]]


def nested_roots() -> list[Any]:
    nodes: list[Any] = [VAR, ["number", [1, [["#0", 1]]]]]
    for _ in range(LEVELS):
        nodes.append(["root", last(nodes)])
        nodes.append(["number", [1, [[last(nodes), 1]]], [1, [[last(nodes), 1], ["#0", 1]]]])
    return [*nodes, ["by", "'arithmetic", last(nodes), "'=", last(nodes), []]]


def rank_of_a_doubled_sum() -> list[Any]:
    nodes: list[Any] = [VAR, ["axis", AXIS]]
    nodes.append(["by", "'rank-size", doubled(nodes), 0])
    return nodes


def two_equal_sums() -> list[Any]:
    nodes: list[Any] = [VAR, ["axis", AXIS]]
    one, other = doubled(nodes), doubled(nodes)
    nodes.append(["equation", one, other])
    nodes.append(["by", "'assume", last(nodes)])
    nodes.append(["equation", other, one])
    nodes.append(["by", "'iff", f"#{len(nodes) - 3}", last(nodes), f"#{len(nodes) - 2}", f"#{len(nodes) - 2}"])
    return nodes


def nested_equivalences() -> list[Any]:
    nodes: list[Any] = [VAR, ["number", [1, [["#0", 1]]]], ["compare", "#1", "'<=", "#1"]]
    for _ in range(LEVELS):
        nodes.append(["iff", last(nodes), last(nodes)])
    return [*nodes, ["by", "'assume", last(nodes)]]


def nested_functions() -> list[Any]:
    nodes: list[Any] = [VAR, ["axis", AXIS], ATOM, ["atom", "'B", ["#1", "#1"]]]
    ends = []
    for order in (("#2", "#3"), ("#3", "#2")):
        nodes.append(["sum", [[1, order[0]], [1, order[1]]], ["#1", "#1"]])
        for _ in range(LEVELS):
            nodes.append(["apply", "'f", last(nodes), []])
            nodes.append(["sum", [[1, last(nodes)], [1, last(nodes)]], ["#1", "#1"]])
        ends.append(last(nodes))
    return [*nodes, ["by", "'equation", *ends, [], [], []]]


BOMBS: list[Callable[[], list[Any]]] = [
    nested_minima, nested_roots, rank_of_a_doubled_sum, two_equal_sums, nested_equivalences, nested_functions,
]  # fmt: skip
PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 * 10**9, 2 * 10**9))
from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.certificate import replay
try:
    replay(sys.stdin.read())
except CertificateError as error:
    print("refused", str(error)[:200])
else:
    print("replayed")
"""


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda f: f.__name__)
def test_a_small_certificate_takes_little_time(bomb: Callable[[], list[Any]]) -> None:
    """Values that share their parts are not walked as trees without a limit."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], input=text(*bomb()), capture_output=True, text=True, timeout=15,
            check=False, cwd=Path(__file__).parents[2],
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.fail("not done in 15 seconds")
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.split()[0] in ("refused", "replayed")
