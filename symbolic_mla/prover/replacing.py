"""Equals in place of equals, where a side of a fact stands in a term as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.node import NODES, TAG, made_of
from symbolic_mla.kernel.scalar import Number
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.prover.difference import difference

HOLE = "□"


def replacements(left: Term, right: Term, facts: Sequence[Theorem]) -> Iterator[tuple[Number, Theorem]]:
    """For each fact a = b and each side that holds a (or b): the fact put into that side, and its multiple in
    left - right."""
    for fact in facts:
        e = fact.conclusion
        if not isinstance(e, Equation):
            continue
        hole = Atom(HOLE, e.left.axes)
        for there in (e.left, e.right):
            if not there.children():
                continue  # a symbol: rewriting does that
            for factor, side in ((1, left), (-1, right)):
                if there != side and any(t == there for t in subterms(side)):
                    try:
                        put = derive("congruence", replaced(side, there, hole), hole, fact)
                    except SymbolicMLAError:
                        continue
                    yield (factor if there == e.left else -factor), put


def equal_by_a_part(left: Term, right: Term) -> Theorem | None:
    """left = right as a theorem, where they differ in one part alone, wherever it stands, and the two parts are equal
    and hold no function; else None. Where a projection already takes away what differs, the rest is not looked into.
    Raises BudgetError."""
    for a, b in sorted(_apart(left, right), key=lambda parts: parts[0].weight):
        found = difference(a, b)
        if found.vanishes:
            hole = Atom(HOLE, a.axes)
            context = replaced(left, a, hole)
            if context == replaced(right, b, hole):
                return derive("congruence", context, hole, found.theorem())
    return None


def _apart(left: Term, right: Term) -> Iterator[tuple[Term, Term]]:
    """Parts without functions that stand at one place of the two terms and differ, each pair once."""
    seen: set[tuple[Term, Term]] = set()
    plain: dict[Term, bool] = {}
    todo = [(left, right)]
    while todo:
        a, b = todo.pop()
        if (hash(a) != hash(b) or a != b) and (a, b) not in seen:  # a hash is at hand, however deep a term is
            seen.add((a, b))
            if a.axes == b.axes and _plain(a, plain) and _plain(b, plain):
                yield a, b
            if type(a) is type(b):
                todo += zip(a.children(), b.children(), strict=False)


def _plain(t: Term, known: dict[Term, bool]) -> bool:
    """Whether a term holds no function."""
    if t not in known:
        known[t] = not isinstance(t, Apply) and all(_plain(c, known) for c in t.children())
    return known[t]


def replaced(value: Any, old: Term, new: Term) -> Any:
    """A value of the kernel with a term in it replaced, wherever it stands."""
    if type(value) is tuple:
        return tuple(replaced(v, old, new) for v in value)
    if not isinstance(value, Term):
        return value
    if value == old:
        return new
    return NODES[TAG[type(value)]][1](*replaced(made_of(value), old, new))
