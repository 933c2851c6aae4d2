"""That no reals satisfy some clauses, or that all that do satisfy one of some goals.

Alternatives are tried one after the other. In a branch the polynomials that vanish are kept as a basis; a branch is
closed where the basis gives a number that is not 0, or where it gives a goal. Only combinations of the given
polynomials are ever added, so a closed branch has no solution, whatever the search did. It may give up; then nothing
is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from symbolic_mla.argument.bases import Rows
from symbolic_mla.argument.facts import Alternative, Clause
from symbolic_mla.argument.groebner import Groebner
from symbolic_mla.argument.values import Rational, Value

MAX_NODES = 3_000  # with linear combinations alone
MAX_FULL = 300  # with polynomial ones

Polynomial = dict[int, Rational]  # coefficients of monomials, as a basis numbers them
Alternatives = Mapping[int, Sequence[Polynomial]]  # by number: polynomials that vanish together
Choice = tuple[int, ...]  # a clause: the numbers of its alternatives


class Basis(Protocol):
    """Polynomials that vanish."""

    contradiction: bool

    def copy(self) -> Basis: ...
    def row(self, p: Value) -> Polynomial: ...
    def number(self, p: Polynomial) -> bool: ...
    def untouched(self) -> Callable[[Polynomial], bool]: ...
    def reduce(self, p: Polynomial) -> Polynomial: ...
    def add(self, p: Polynomial) -> None: ...


def follows(clauses: Sequence[Clause], goals: Sequence[Alternative] = ()) -> bool:
    """True only if every solution of the clauses satisfies a goal; without goals, only if there is no solution.

    First with the facts that come from no entry; then by linear combinations alone, with the facts of one entry, and
    with all; then by all polynomial ones.

    >>> from symbolic_mla.argument.values import rational, unknown
    >>> x = unknown("x")
    >>> follows([Clause.of([x], [x - rational(1)])], [[x * x - x]])
    True
    >>> follows([Clause.of([x * x - rational(2)])])
    False
    """
    values = [v for c in clauses for a in c.alternatives for v in a] + [v for g in goals for v in g]
    rows, polynomials = Rows.over(values, whole=True), Groebner.over(values)
    tags = list(dict.fromkeys(c.tag for c in clauses if c.tag is not None))
    free, *tagged = [[c for c in clauses if c.tag in (None, tag)] for tag in (None, *tags)]
    more = [*tagged, clauses] if len(tags) > 1 else tagged
    linear, full = (rows, MAX_NODES), (polynomials, MAX_FULL)
    attempts: list[tuple[tuple[Basis, int], Sequence[Clause]]] = [(linear, free), (full, free)]
    attempts += [(how, chosen) for how in (linear, full) for chosen in more]
    return any(_closed(chosen, goals, *how) for how, chosen in attempts)


def _closed(clauses: Sequence[Clause], goals: Sequence[Alternative], basis: Basis, budget: int) -> bool:
    """Whether it is seen, in one attempt."""
    numbers: dict[tuple[frozenset[tuple[int, Rational]], ...], int] = {}
    met: dict[int, Sequence[Polynomial]] = {}

    def number(alternative: Alternative) -> int:
        polynomials = [_signed(basis.row(v)) for v in alternative]
        n = numbers.setdefault(tuple(frozenset(p.items()) for p in polynomials), len(numbers))
        met[n] = polynomials
        return n

    choices = [tuple(map(number, c.alternatives)) for c in clauses]
    sought = {k: [basis.row(v) for v in g] for k, g in enumerate(goals)}
    return _Search(budget).closed(choices, met, sought, basis.copy())


def _signed(p: Polynomial) -> Polynomial:
    """p or -p: both vanish together, and are taken for one."""
    return p if not p or p[max(p)] > 0 else {k: -c for k, c in p.items()}


class _Search:
    def __init__(self, budget: int) -> None:
        self.budget = budget

    def closed(self, clauses: Sequence[Choice], alternatives: Alternatives, goals: Alternatives, basis: Basis) -> bool:
        """Whether no solution of the clauses at which the basis vanishes misses every goal. The basis is added to."""
        self.budget -= 1
        if self.budget < 0:
            return False
        while True:
            goals, reached, _ = _reduced(goals, basis)
            if basis.contradiction or reached:
                return True
            alternatives, hold, fail = _reduced(alternatives, basis)
            clauses = _live(clauses, hold, fail)
            if () in clauses:
                return True
            single = [k for c in clauses if len(c) == 1 for k in c]
            if not single:
                break
            _add(basis, *(alternatives[k] for k in single))
            clauses = [c for c in clauses if len(c) > 1]
        if not clauses:
            return False
        branch = min(clauses, key=len)
        rest = [c for c in clauses if c is not branch]
        open_still = {k: alternatives[k] for k in set().union(*rest)}
        for k in branch:
            below = basis.copy()
            _add(below, alternatives[k])
            if not self.closed(rest, open_still, goals, below):
                return False
        return True


def _add(basis: Basis, *alternatives: Sequence[Polynomial]) -> None:
    for polynomials in alternatives:
        for p in polynomials:
            basis.add(p)


def _reduced(alternatives: Alternatives, basis: Basis) -> tuple[Alternatives, set[int], set[int]]:
    """The alternatives less what vanishes in them by the basis, as far as they may hold or not; the numbers of those
    that do; and of those that don't."""
    left: dict[int, Sequence[Polynomial]] = {}
    hold: set[int] = set()
    fail: set[int] = set()
    untouched = basis.untouched()
    for k, polynomials in alternatives.items():
        if polynomials and all(map(untouched, polynomials)):
            left[k] = polynomials
            continue
        rest = [q for p in polynomials if (q := basis.reduce(p))]
        if not rest:
            hold.add(k)
        elif any(map(basis.number, rest)):
            fail.add(k)
        else:
            left[k] = rest
    return left, hold, fail


def _live(clauses: Sequence[Choice], hold: set[int], fail: set[int]) -> list[Choice]:
    """The clauses of which no alternative holds yet, with those that may."""
    seen = hold | fail
    return [c if seen.isdisjoint(c) else tuple(k for k in c if k not in fail) for c in clauses if hold.isdisjoint(c)]
