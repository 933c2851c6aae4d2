"""A statement to be judged, and how an instance is made that satisfies its hypotheses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from symbolic_mla import algebra as al
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.selftest.laws import with_children
from symbolic_mla.selftest.modular import Worlds
from symbolic_mla.selftest.terms import matrix

Fill = Callable[[Worlds], bool]  # gives symbols values that satisfy the hypotheses; False: none at these sizes


@dataclass(frozen=True)
class Case:
    """A statement to be judged. `true` says that laws make it so: then it must not be refuted. `decidable`: it has no
    hypothesis, so that it must not be undecided either. `theorem`: a rule gave it, and no search is asked. `cites`:
    theorems of analysis of which instances may be assumed. `real`: its instances are real numbers."""

    kind: str
    statement: Statement
    true: bool = False
    decidable: bool = False
    hypotheses: tuple[Statement, ...] = ()
    witnesses: tuple[Term, ...] | None = None
    fill: Fill = lambda _: True
    theorem: Theorem | None = None
    facts: tuple[Theorem, ...] = ()
    cites: tuple[str, ...] = ()
    truncations: tuple[Truncation, ...] = ()
    real: bool = False


def changed(rng: Random, t: Term, functions: bool = True) -> Term:
    """The term with one thing in it changed; it may by chance still be equal."""
    children = list(t.children())
    if children and rng.randint(0, 3):
        k = rng.randint(0, len(children) - 1)
        children[k] = changed(rng, children[k], functions)
        return with_children(t, children)
    return matrix(rng, *t.axes, 1, functions) if len(t.axes) == 2 else al.scale(2, t)
