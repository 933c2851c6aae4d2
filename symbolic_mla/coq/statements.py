"""Statements of the kernel as propositions of Coq.

Numbers of sizes and ranks are natural numbers and are stated without subtraction; an equation of other numbers
(scalars, roots) is an equation in the ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symbolic_mla.coq.script import Script
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Einsum, Sum, Term
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank

LITERAL = 1000  # a natural number of Coq is unary: a larger literal is written in this base


class Statements(Script):
    """A script that can state what the kernel states."""

    def statement(self, s: Statement) -> str:
        """A statement as a proposition."""
        if isinstance(s, Equation):
            return self.equation(s)
        if isinstance(s, Compare):
            if in_the_ring(s):
                return self.equation(as_equation(s))
            low, high = self.compared(s.left, s.right)
            return f"({low} <= {high})%N" if s.relation == "<=" else f"{low}%N = {high}%N :> nat"
        if isinstance(s, Iff):
            return f"({self.statement(s.left)}) <-> ({self.statement(s.right)})"
        if not isinstance(s, Exists):
            raise UnsupportedError(f"a statement of a kind that is not exported: {type(s).__name__}")
        own = s.quantified()
        clash = {a.name for a in own} & self.names.hidden
        if clash:
            raise UnsupportedError(f"a quantified symbol inside another of the same name: {sorted(clash)}")
        self.names.hidden |= {a.name for a in own}
        try:
            text = "".join(f"exists {self.bound(a)}, " for a in s.unknowns)
            text += "".join(f"forall ({self.bound(a)}), " for a in s.inner)
            return text + " /\\ ".join(f"({self.equation(e)})" for e in s.equations)
        finally:
            self.names.hidden -= {a.name for a in own}

    def bound(self, a: Atom) -> str:
        """A quantified symbol with its type."""
        return f"{self.names.name(f'bound {a.name}')} : {self.type(a.axes)}"

    def type(self, axes: Sequence[Axis]) -> str:
        """The type of a tensor with these axes."""
        return "".join(f"{self.names.axis(a)} -> " for a in axes) + "R"

    # ---- natural numbers ---------------------------------------------------------------------------

    def sides(self, difference: Scalar) -> tuple[str, str]:
        """The positive part of a number and its negative part: their difference, without subtraction."""
        low: list[str] = []
        high: list[str] = []
        for m, c in difference.terms.items():
            if c.denominator != 1 or any(e < 0 for _, e in m):
                raise UnsupportedError("a comparison with fractions is not exported")
            factors = [self.number(g) for g, e in m for _ in range(e)]
            if abs(c) != 1 or not factors:
                factors.insert(0, literal(abs(c.numerator)))
            (low if c > 0 else high).append(" * ".join(factors))
        return tuple(f"({' + '.join(sorted(t))})" if t else "0" for t in (low, high))  # type: ignore[return-value]

    def compared(self, left: Scalar, right: Scalar) -> tuple[str, str]:
        """The two sides of a comparison as they are, or, where one subtracts, without common terms."""
        if all(c > 0 for side in (left, right) for c in side.terms.values()):
            return self.natural(left), self.natural(right)
        return self.sides(left - right)

    def natural(self, value: Number) -> str:
        """A number without negative coefficients."""
        low, high = self.sides(scalar(value))
        if high != "0":
            raise UnsupportedError("a number that may be negative is not exported")
        return low

    def number(self, g: Generator) -> str:
        """A size, a rank, or the least or greatest of some."""
        if isinstance(g, Rank):
            self.names.field = "fieldType" if self.names.field == "comRingType" else self.names.field
            return f"rk {self.terms.call(g.term)}"
        if isinstance(g, Extreme):
            former = {"min": "minn", "max": "maxn"}[g.kind]
            parts = [self.natural(x) for x in g.of]
            out = parts[-1]
            for part in reversed(parts[:-1]):
                out = f"({former} {part} {out})"
            return out
        if isinstance(g, Var) and g.sign == "dimension":
            return f"#|{self.names.sort_text(g)}|"
        if isinstance(g, Entry):
            raise UnsupportedError("an order of real numbers (of traces and squares) is not exported")
        raise UnsupportedError(f"an inequality that speaks of {g.key} is not exported")


def literal(k: int) -> str:
    """A natural number, in base 1000 where its unary form would be long."""
    if k < LITERAL:
        return str(k)
    high, low = divmod(k, LITERAL)
    return f"({literal(high)} * {LITERAL} + {low})"


def in_the_ring(s: Compare) -> bool:
    """Whether a comparison is an equation of scalars and roots, and not of sizes and ranks."""
    spoken = {g for side in (s.left, s.right) for m in side.terms for g, _ in m}
    return s.relation == "=" and any(isinstance(g, Root) or (isinstance(g, Var) and g.sign != "dimension")
                                     for g in spoken)  # fmt: skip


def as_equation(s: Compare) -> Equation:
    """An equation of numbers as one of tensors without axes."""
    one: Term = Einsum((), (), ())
    return Equation(*(Sum(((side, one),), ()) for side in (s.left, s.right)))


def everything(s: Scalar) -> Iterable[Generator]:
    """The generators of a number, those under min and max and in the sizes of matrices included."""
    for g in s.generators():
        yield g
        if isinstance(g, Extreme):
            for inner in g.of:
                yield from everything(inner)
        if isinstance(g, Rank):
            for a in g.term.axes:
                yield from everything(a.size())
