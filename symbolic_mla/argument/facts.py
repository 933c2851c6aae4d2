"""Facts about unknown reals: clauses. And what a vanishing value says: a clause, or nothing.

A clause is a disjunction, each alternative a list of polynomials that vanish together. The clause without
alternatives is a contradiction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symbolic_mla.argument.values import (
    Exponent,
    Inverse,
    Rational,
    Unknown,
    Value,
    cleared,
    polynomial_of,
)
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.record import record

Alternative = tuple[Value, ...]


@record
class Clause:
    """At least one alternative holds; `tag` says which entry of an equation it comes from."""

    alternatives: tuple[Alternative, ...]
    tag: object = None

    @staticmethod
    def of(*alternatives: Sequence[Value], tag: object = None) -> Clause:
        """The clause without what cannot vanish. Raises: UnsupportedError for what is no polynomial."""
        live: list[Alternative] = []
        for alternative in alternatives:
            values = tuple(dict.fromkeys(v for v in alternative if v))
            if any(not v.polynomial for v in values):
                raise UnsupportedError("facts are about polynomials in the unknowns")
            if all(v.constant is None for v in values) and values not in live:
                live.append(values)
        return Clause(tuple(live), tag)

    @property
    def trivial(self) -> bool:
        """Whether it says nothing: an alternative that always holds."""
        return () in self.alternatives


@dataclass
class Facts:
    """What is known so far; `sure` are the polynomials that vanish without alternatives."""

    clauses: list[Clause] = field(default_factory=list)
    sure: list[Value] = field(default_factory=list, init=False)

    def add(self, clause: Clause) -> bool:
        """Take in a clause; False where it says nothing new."""
        if clause.trivial or clause in self.clauses:
            return False
        self.clauses.append(clause)
        if len(clause.alternatives) == 1:
            self.sure += clause.alternatives[0]
        return True


def vanishing(value: Value, tag: object = None) -> Clause | None:
    """What follows when a value is 0; None where these rules see nothing in it.

    With its denominators cleared the value is a sum of P_t exp(q_t). Where all P_t are multiples r_t P of one
    polynomial, P = 0 follows if the r_t have one sign; if all q_t are numbers and the sum of r_t exp(q_t), in interval
    arithmetic, is not 0; and P = 0 or q_1 = q_2 if there are two terms and r_1 = -r_2, as exp is injective.

    >>> from symbolic_mla.argument.values import exp, rational, unknown
    >>> a, b = unknown("a"), unknown("b")
    >>> vanishing(a * exp(b) + a).alternatives
    ((a,),)
    >>> vanishing(a * exp(b) - a).alternatives
    ((a,), (b,))
    >>> vanishing(exp(rational(1)) + rational(-3)).alternatives
    ()
    """
    parts: dict[Exponent, dict[Any, Rational]] = {}
    for (monomial, exponent), c in cleared(value).terms.items():
        parts.setdefault(exponent, {})[monomial] = c
    if not parts:
        return None
    first = next(iter(parts.values()))
    ratios: dict[Exponent, Fraction] = {}
    for exponent, part in parts.items():
        if part.keys() != first.keys():
            return None
        found = {Fraction(c) / first[m] for m, c in part.items()}
        if len(found) > 1:
            return None
        ratios[exponent] = found.pop()
    shared = Value(((m, ()), c) for m, c in first.items())
    if all(r > 0 for r in ratios.values()):  # the first ratio is 1
        return Clause.of([shared], tag=tag)
    if all(polynomial_of(q).constant is not None for q in ratios):
        return Clause.of([shared], tag=tag) if _differs(ratios) else None
    if len(ratios) == 2 and sum(ratios.values()) == 0:
        p, q = ratios
        return Clause.of([shared], [polynomial_of(p) - polynomial_of(q)], tag=tag)
    return None


def _differs(ratios: dict[Exponent, Fraction]) -> bool:
    """Whether a sum of rational multiples of powers of e is seen not to be 0."""
    return 0 not in enclosure(Value((((), q), r) for q, r in ratios.items()), {})


def enclosure(value: Value, numbers: dict[str, Any]) -> Any:
    """The value at given intervals for its unknowns, as an mpmath interval of 30 digits and more."""
    from mpmath import iv

    before, iv.dps = iv.dps, 30
    try:
        return _enclosure(value, numbers)
    finally:
        iv.dps = before


def _enclosure(value: Value, numbers: dict[str, Any]) -> Any:
    from mpmath import iv

    total = iv.mpf(0)
    for (monomial, exponent), c in value.terms.items():
        part = iv.mpf(c.numerator) / c.denominator
        for f, e in monomial:
            base = numbers[f.name] if isinstance(f, Unknown) else 1 / _enclosure(f.den, numbers)
            part = part * base**e
        if exponent:
            part = part * iv.exp(_enclosure(polynomial_of(exponent), numbers))
        total = total + part
    return total


__all__ = ["Alternative", "Clause", "Facts", "Inverse", "enclosure", "vanishing"]
