"""Worlds for the naive evaluator: those that are small enough for it, and those that a counterexample describes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.kernel.node import nodes
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Apply, Atom, Einsum, Pick, Term
from symbolic_mla.prover.refute import Counterexample
from symbolic_mla.selftest.dense import NAMED, NoMeaning, World, axis_size

MAX_VOLUME, MAX_LABELS = 200, 4000  # entries of a tensor, and of what an einsum multiplies out


def fits(w: World, *terms: Term) -> bool:
    """Whether the naive evaluator can do these terms at the sizes of a world."""
    for t in subterms(*terms):
        if _volume([axis_size(a, w) for a in t.axes]) > MAX_VOLUME:
            return False
        if isinstance(t, Einsum) and _volume([axis_size(a, w) for a in t.labels]) > MAX_LABELS:
            return False
    return True


def _volume(sizes: list[int]) -> int:
    out = 1
    for s in sizes:
        out *= s
    return out


def world_of(found: Counterexample, *spoken: Statement | Term) -> World:
    """The world that a counterexample describes. A function where the prover did not ask it gives zeros.

    Raises: NoMeaning where a function stands beside one that has a name of its own: what it gives is not recorded.
    """
    parts = list(dict.fromkeys(t for t in nodes(*spoken) if isinstance(t, Term)))
    known = {v for v in nodes(*spoken) if isinstance(v, Var)}
    atoms = {t.name: t for t in parts if isinstance(t, Atom)}
    tensors = {}
    for name, t in found.tensors.items():
        array = np.empty(len(t.entries), dtype=object)
        array[:] = list(t.entries)
        tensors[atoms[name]] = array.reshape(t.shape)
    picks = {(t.index, t.size()): found.positions[t.index] for t in parts if isinstance(t, Pick)}
    functions = {t.function for t in parts if isinstance(t, Apply)}
    if not functions.isdisjoint(NAMED) and not functions <= NAMED.keys():
        raise NoMeaning("a function beside softmax")
    return World(
        {v: found.sizes[v.name] for v in known if v.sign == "dimension"},
        scalars={v: Fraction(found.scalars[v.name]) for v in known if v.sign != "dimension"},  # type: ignore[arg-type]
        tensors=tensors,
        functions={f: NAMED[f] if f in NAMED else _table(found.functions[f]) for f in functions},
        picks=picks,
    )


def _table(rows: Mapping[Any, Any]) -> Any:
    def f(x: list[Any], at: tuple[int, ...]) -> list[Any]:
        return list(rows.get((tuple(at), tuple(x)), (0,) * len(x)))

    return f
