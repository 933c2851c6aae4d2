"""That no reals satisfy some clauses, or that all that do satisfy one of some goals.

Alternatives are tried one after the other. In a branch the polynomials that vanish are kept as a basis; a branch is
closed where the basis gives a number that is not 0, or where it gives a goal. Only combinations of the given
polynomials are ever added, so a closed branch has no solution, whatever the search did. It may give up; then nothing
is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from symbolic_mla.argument.bases import Rows
from symbolic_mla.argument.facts import Alternative, Clause
from symbolic_mla.argument.groebner import Groebner
from symbolic_mla.argument.values import Value

MAX_NODES = 3_000  # with linear combinations alone
MAX_FULL = 300  # with polynomial ones

P = TypeVar("P")


class Basis(Protocol[P]):
    """Polynomials that vanish, in some form P in which 0 is falsy."""

    contradiction: bool

    def copy(self) -> Basis[P]: ...
    def reduce(self, p: P) -> P: ...
    def add(self, p: P) -> None: ...
    def number(self, p: P) -> bool: ...


def follows(clauses: Sequence[Clause], goals: Sequence[Alternative] = ()) -> bool:
    """True only if every solution of the clauses satisfies a goal; without goals, only if there is no solution.

    First by linear combinations alone, then by all polynomial ones; first with the facts of one entry, then with all.

    >>> from symbolic_mla.argument.values import rational, unknown
    >>> x = unknown("x")
    >>> follows([Clause.of([x], [x - rational(1)])], [[x * x - x]])
    True
    >>> follows([Clause.of([x * x - rational(2)])])
    False
    """
    tags = list(dict.fromkeys(c.tag for c in clauses if c.tag is not None))
    some = [[c for c in clauses if c.tag in (None, tag)] for tag in (None, *tags)]
    attempts = [*some, list(clauses)] if len(tags) > 1 else [some[0], list(clauses)]
    values = [v for c in clauses for a in c.alternatives for v in a] + [v for g in goals for v in g]
    rows, polynomials = Rows.over(values), Groebner.over(values)
    return any(_closed(chosen, goals, rows, rows.row, MAX_NODES) for chosen in attempts) or any(
        _closed(chosen, goals, polynomials, polynomials.polynomial, MAX_FULL) for chosen in attempts
    )


def _closed(clauses: Sequence[Clause], goals: Sequence[Alternative], basis: Basis[P], form: Callable[[Value], P],
            budget: int) -> bool:  # fmt: skip
    shaped = [[[form(v) for v in a] for a in c.alternatives] for c in clauses]
    return _Search([[form(v) for v in g] for g in goals], budget).closed(shaped, basis.copy())


Alternatives = Sequence[Sequence[P]]


class _Search(Generic[P]):
    def __init__(self, goals: Alternatives[P], budget: int) -> None:
        self.goals = goals
        self.budget = budget

    def closed(self, clauses: Sequence[Alternatives[P]], basis: Basis[P]) -> bool:
        """Whether no solution of the clauses at which the basis vanishes misses every goal."""
        self.budget -= 1
        if self.budget < 0:
            return False
        single = True
        while single:
            if basis.contradiction or any(all(not basis.reduce(p) for p in g) for g in self.goals):
                return True
            single = False
            still_open = []
            for c in clauses:
                live = _live(c, basis)
                if live is None:
                    continue
                if not live:
                    return True
                if len(live) == 1:
                    single = True
                    for p in live[0]:
                        basis.add(p)
                else:
                    still_open.append(live)
            clauses = still_open
        if not clauses:
            return False
        branch = min(clauses, key=len)
        rest = [c for c in clauses if c is not branch]
        for alternative in branch:
            below = basis.copy()
            for p in alternative:
                below.add(p)
            if not self.closed(rest, below):
                return False
        return True


def _live(clause: Alternatives[P], basis: Basis[P]) -> list[list[P]] | None:
    """The alternatives that may still hold; None where one of them does."""
    live = []
    for alternative in clause:
        reduced = [q for p in alternative if (q := basis.reduce(p))]
        if not reduced:
            return None
        if not any(map(basis.number, reduced)):
            live.append(reduced)
    return live
