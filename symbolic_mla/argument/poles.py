"""The rule of poles: what follows from sums of E/(E + c) that vanish for enough numbers c.

Let A + Σⱼ Bⱼ c/(Eⱼ + c) = 0 for N distinct positive numbers c, with Eⱼ > 0 for k different exponents, and A, Bⱼ, Eⱼ
that do not depend on c. Multiplied out, with equal Eⱼ taken together, it is a polynomial in c of degree at most k,
divisible by c if A = 0, of degree at most k - 1 if A + Σⱼ Bⱼ = 0 (let c grow). With N ≥ k + 1, or N ≥ k in those two
cases, it has more zeros than its degree allows. So it is 0 for *every* c > 0, and its residue at each pole is: the Bⱼ
of equal Eⱼ add up to 0. (The matrix of the 1/(Eⱼ + c) is Cauchy's.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from symbolic_mla.argument.facts import Clause
from symbolic_mla.argument.values import (
    Exponent,
    Inverse,
    Key,
    Rational,
    Value,
    exp,
    inverse,
    order_of,
    polynomial_of,
    rational,
)
from symbolic_mla.record import record


@record
class Poles:
    """A + Σⱼ Bⱼ c/(exp(qⱼ) + c); `parts` are (qⱼ, Bⱼ) with distinct qⱼ."""

    rest: Value
    parts: frozenset[tuple[Exponent, Value]]

    def at(self, c: Rational) -> Value:
        """The value for a number c."""
        total = self.rest
        for q, b in self.parts:
            total = total + b.scaled(c) * inverse(exp(polynomial_of(q)) + rational(c))
        return total


def read(value: Value) -> tuple[Poles, Rational] | None:
    """A value as such a sum, with its c; None where it is none."""
    rest: list[tuple[Key, Rational]] = []
    parts: dict[Exponent, list[tuple[Key, Rational]]] = {}
    number: Rational | None = None
    for (monomial, exponent), coefficient in value.terms.items():
        inverses = [(f, e) for f, e in monomial if isinstance(f, Inverse)]
        if not inverses:
            if exponent:
                return None
            rest.append(((monomial, ()), coefficient))
            continue
        (inv, power), *more = inverses
        pole = inv.pole
        if more or power != 1 or pole is None or exponent not in ((), pole[0]) or number not in (None, pole[1]):
            return None
        q, number = pole
        own = tuple((f, e) for f, e in monomial if f is not inv), ()
        if exponent:  # E/(E + c) = 1 - c/(E + c)
            rest.append((own, coefficient))
            coefficient = -coefficient
        else:
            coefficient = Fraction(coefficient) / number
        parts.setdefault(q, []).append((own, coefficient))
    if number is None:
        return None
    found = ((q, Value(b)) for q, b in parts.items())
    return Poles(Value(rest), frozenset((q, b) for q, b in found if b)), number


def parted(value: Value) -> Value:
    """The same value with E/(E + c) written as 1 - c/(E + c), as in the values that `Poles.at` gives."""
    terms: list[tuple[Key, Rational]] = []
    for (monomial, exponent), coefficient in value.terms.items():
        found = next((f for f, e in monomial if isinstance(f, Inverse) and e == 1), None)
        pole = found.pole if found is not None else None
        if pole is None or exponent != pole[0]:
            terms.append(((monomial, exponent), coefficient))
        else:
            terms.append(((monomial, ()), -coefficient * pole[1]))
            terms.append(((tuple((f, e) for f, e in monomial if f != found), ()), coefficient))
    return Value(terms)


@dataclass
class Consequences:
    """What families of vanishing values give: clauses, further values that vanish, and the values that are used up."""

    clauses: list[Clause] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


def consequences(values: Sequence[tuple[Value, object]]) -> Consequences:
    """From vanishing values, each with its tag. Families are values that differ in c alone, and have one tag."""
    found: dict[tuple[Poles, object], dict[Rational, list[int]]] = {}
    for place, (value, tag) in enumerate(values):
        seen = read(value)
        if seen is not None:
            found.setdefault((seen[0], tag), {}).setdefault(seen[1], []).append(place)
    out = Consequences()
    constants = {inv.pole[1] for v, _ in values for inv in v.factors if isinstance(inv, Inverse) and inv.pole}
    for (poles, tag), numbers in found.items():
        k = len(poles.parts)
        ends = sum((b for _, b in poles.parts), start=poles.rest)
        if len(numbers) < k + bool(poles.rest and ends):
            continue
        out.used |= {place for places in numbers.values() for place in places}
        out.clauses.append(Clause.of([poles.rest], tag=tag))
        parts = sorted(poles.parts, key=lambda part: [(order_of(m), c) for m, c in part[0]])
        for q, b in parts:
            others = [[polynomial_of(q) - polynomial_of(p)] for p, _ in parts if p != q]
            out.clauses.append(Clause.of([b], *others, tag=tag))
        out.values += [poles.at(c) for c in sorted(constants - numbers.keys())]
    return out
