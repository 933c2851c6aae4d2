"""What occurs in terms and statements: the terms inside, and the variables of their axes and coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import TAG, made_of, nodes
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Term


def subterms(*terms: Term) -> Iterator[Term]:
    """Every term inside, each once, the outermost first."""
    seen: set[int] = set()
    todo = list(terms)
    while todo:
        t = todo.pop()
        if id(t) not in seen:
            seen.add(id(t))
            yield t
            todo += t.children()


@lru_cache(maxsize=2048)
def terms_of(s: Statement) -> tuple[Term, ...]:
    """Every term that occurs in a statement, each once, those under a rank included. (Axes and coefficients hold none,
    and are passed by; kept, since this is asked of every hypothesis for every claim.)"""
    found: list[Term] = []
    seen: set[int] = set()
    todo: list[Any] = [s]
    while todo:
        v = todo.pop()
        if isinstance(v, Term):
            if id(v) not in seen:
                seen.add(id(v))
                found.append(v)
                todo += reversed(v.children())
        elif type(v) is tuple:
            todo += reversed(v)
        elif type(v) in TAG and type(v) not in (Axis, Var):
            todo += reversed(made_of(v))
    return tuple(found)


def variables(*terms: Term) -> set[Var]:
    """The dimensions and scalars that occur, in axes and in coefficients."""
    return {v for v in nodes(*terms) if isinstance(v, Var)}
