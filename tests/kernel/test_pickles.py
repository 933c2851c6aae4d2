"""A node that was pickled in one process is the same node in another: it is found in sets there."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from fractions import Fraction

from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom, Stack, Sum

MAKE = """
n, d = Var("n"), Var("d")
axis = Axis.of(n) * Axis.of(d) + Axis.of(3)
W = Atom("W", (axis,))
whole = Sum(((scalar(n) ** -1 * Fraction(2, 3) + (scalar(n) + d) ** -1, Apply("f", W)),), (axis,))
made = [n, axis, scalar(n) / 3, W, Stack((W, whole), 0), Equation(whole, W)]
"""
THERE = f"""
import pickle, sys
from fractions import Fraction
from symbolic_mla.kernel.node import NODES
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom, Stack, Sum
{MAKE}
met = pickle.loads(sys.stdin.buffer.read())
print([x == y and x in {{y}} for x, y in zip(met, made, strict=True)])
"""


def test_a_node_that_travels_is_found_in_sets() -> None:
    """Hashes are of one process: none travels."""
    here: dict[str, object] = {"Var": Var, "Axis": Axis, "Atom": Atom, "Sum": Sum, "Apply": Apply, "Stack": Stack,
                               "Equation": Equation, "scalar": scalar, "Fraction": Fraction}  # fmt: skip
    exec(MAKE, here)
    data = pickle.dumps(here["made"])
    for seed in ("1", "2"):
        told = subprocess.run([sys.executable, "-c", THERE], input=data, capture_output=True, check=True,
                              env={**os.environ, "PYTHONHASHSEED": seed})  # fmt: skip
        assert told.stdout.decode().strip() == repr([True] * 6)
