"""What an argument consists of: terms of the kernel that a person chose, in the order in which they are looked at."""

from __future__ import annotations

from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.record import record

Inputs = tuple[tuple[Atom, Term], ...]
"""A value for each input of `for all`; it may mention the unknowns, which are chosen before."""


@record
class At:
    """The equations hold at these inputs."""

    inputs: Inputs


@record
class Alike:
    """One side of an equation is the same at two inputs, by the kernel; so the other side is too."""

    one: Inputs
    other: Inputs


@record
class So:
    """One of these equations between unknowns follows from what was seen so far."""

    alternatives: tuple[Equation, ...]


Move = At | Alike | So
