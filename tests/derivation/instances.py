"""A counterexample as an instance of the package's own evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symbolic_mla.instance.evaluate import Function, Instance
from symbolic_mla.kernel.scalar import Number
from symbolic_mla.prover.refute import Counterexample


def instance_of(found: Counterexample) -> Instance:
    """Everything that a counterexample names; functions are its tables, and zero elsewhere."""
    numbers: dict[str, Number] = {**found.sizes, **found.scalars}
    functions = {name: _lookup(rows) for name, rows in found.functions.items()}
    return Instance(numbers, dict(found.tensors), dict(found.positions), functions)


def _lookup(rows: Mapping[Any, Any]) -> Function:
    return lambda positions, row: rows.get((tuple(positions), tuple(row)), (0,) * len(row))
