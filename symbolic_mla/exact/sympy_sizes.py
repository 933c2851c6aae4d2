"""Sizes, names and scalars of SymPy as axes and scalars of the kernel, and back.

SymPy sorts products, so the order of the factors of a size is lost: n*G*d prints as G*d*n. An axis of the kernel
has an order, which `orders` gives: `{n*G*d: (n, G, d)}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

import sympy

from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.errors import InputError, NameUnknownError, ShapeError, TypeMismatchError, UnsupportedError
from symbolic_mla.kernel.axis import Axis, product
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, Var, is_name, scalar

ASSUMPTIONS: Mapping[str, Mapping[str, bool]] = {
    "dimension": {"integer": True, "positive": True},
    "positive": {"positive": True},
    "nonnegative": {"nonnegative": True},
    "real": {"real": True},
}


@dataclass
class Names:
    """What each name of an expression stands for, and the axes of sizes."""

    orders: dict[Any, Axis] = field(default_factory=dict)
    sizes: set[Any] = field(default_factory=set)  # the symbols that occur in sizes
    kinds: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(orders: Mapping[Any, object] | None, shapes: Sequence[Any]) -> Names:
        """Names for an expression whose sizes are `shapes`.

        Raises: InputError where an order has another size than the expression that it is for.
        """
        names = Names(sizes={s for size in shapes for s in sympy.sympify(size).free_symbols})
        for key, given in (orders or {}).items():
            size = sympy.sympify(key)
            names.sizes |= size.free_symbols
            factors = given if isinstance(given, (tuple, list)) else None
            if factors is not None:
                names.sizes |= {s for f in factors for s in sympy.sympify(f).free_symbols}
            if factors is None and not isinstance(given, Axis):
                raise InputError(f"the order {given!r} of {size}", hint="a tuple of factors, (n, G, d), or an Axis")
            axis = given if isinstance(given, Axis) else product(names.axis(sympy.sympify(f)) for f in factors or ())
            if not isinstance(size, sympy.Symbol) and sympy.expand(size_expression(axis, names) - size) != 0:
                raise InputError(f"the order {axis} of {size}, which has another size", hint=f"the factors of {size}")
            names.orders[size] = axis
        return names

    def claim(self, name: str, meaning: Any) -> None:
        """Take a name. Raises: NameUnknownError when it has another meaning, or is no name of the language."""
        if not is_name(name):
            raise NameUnknownError(f"the name {name!r}", hint="a name is a letter, then letters, digits and _: W_K")
        known = self.kinds.setdefault(name, meaning)
        if known != meaning:
            raise NameUnknownError(
                f"two symbols of SymPy are called {name}: {_described(known)} and {_described(meaning)}",
                hint="SymPy takes them for different symbols; give them different names",
            )

    def axis(self, size: Any) -> Axis:
        """The axis of a size: products and sums in the order in which SymPy prints them, or as `orders` says.

        Raises: ShapeError for a size below 1; UnsupportedError for differences and quotients.
        """
        size = sympy.sympify(size)
        if size in self.orders:
            return self.orders[size]
        if isinstance(size, sympy.Symbol):
            return Axis.of(self._dimension(size))
        if isinstance(size, sympy.Integer):
            if size < 1:
                raise ShapeError(f"an axis of size {size}", hint="sizes are at least 1")
            return Axis.of(int(size))
        if isinstance(size, sympy.Mul) and _counts(size):
            number, rest = size.as_coeff_Mul()
            if rest in self.orders:
                return Axis.of(int(number)) * self.orders[rest]
            return reduce(mul, [self.axis(f) for f in size.as_ordered_factors()])
        if isinstance(size, sympy.Add) and all(map(_counts, size.args)):
            return reduce(add, [self.axis(t) for t in size.as_ordered_terms()])
        if isinstance(size, sympy.Pow) and isinstance(size.exp, sympy.Integer) and 0 < size.exp <= 64:
            return reduce(mul, [self.axis(size.base)] * int(size.exp))
        raise UnsupportedError(
            f"the size {size}: sizes are products and sums of symbols and positive integers",
            hint="name the smallest part, and write the whole with it",
        )

    def _dimension(self, symbol: Any) -> Var:
        if symbol.is_positive is False or symbol.is_integer is False:
            raise ShapeError(f"the size {symbol}, which SymPy knows to be no positive integer")
        self.claim(symbol.name, symbol)
        return Var(symbol.name)

    # ---- scalars -----------------------------------------------------------------------------------------

    def number(self, value: Any) -> Scalar | None:
        """A scalar of SymPy, exactly; None for one with matrices inside, such as a trace.

        Raises: TypeMismatchError for floats; UnsupportedError for what is no exact real number of the kernel;
        DomainError for a quotient or a root of what has no known sign.
        """
        if isinstance(value, sympy.Float):
            hint = f"an exact number: Rational({sympy.nsimplify(value, rational=True)})"
            raise TypeMismatchError(f"the float {value}", hint=hint)
        if isinstance(value, sympy.Rational):
            return scalar(Fraction(int(value.p), int(value.q)))
        if value in self.orders:
            return self.orders[value].size()
        if isinstance(value, sympy.Symbol):
            return scalar(self._scalar(value))
        if isinstance(value, (sympy.Add, sympy.Mul)):
            parts = [self.number(part) for part in value.args]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            return reduce(add if isinstance(value, sympy.Add) else mul, known)
        if isinstance(value, sympy.Pow):
            return self._power(value)
        if value.is_Atom or value.is_Function:
            raise UnsupportedError(
                f"the number {value}",
                hint="numbers are made of rationals, real symbols, sums, products, powers and square roots",
            )
        return None

    def _scalar(self, symbol: Any) -> Var:
        self.claim(symbol.name, symbol)
        if symbol in self.sizes or (symbol.is_integer and symbol.is_positive):
            return self._dimension(symbol)
        if symbol.is_commutative is False or symbol.is_real is False:
            raise UnsupportedError(f"the scalar {symbol}, which is not real", hint="scalars are real numbers")
        signs = ((symbol.is_positive, "positive"), (symbol.is_nonnegative, "nonnegative"), (True, "real"))
        return Var(symbol.name, next(sign for known, sign in signs if known))

    def _power(self, value: Any) -> Scalar | None:
        base, exponent = self.number(value.base), value.exp
        if base is None:
            return None
        if isinstance(exponent, sympy.Integer):
            return base ** int(exponent)
        if isinstance(exponent, sympy.Rational) and exponent.q == 2:
            return sqrt(base) ** int(exponent.p)
        raise UnsupportedError(f"the power {value}", hint="exponents are integers and halves of integers")


def _counts(part: Any) -> bool:
    """Whether the number before this is a positive integer, and nothing is divided."""
    number, rest = part.as_coeff_Mul()
    return bool(number.is_Integer and number > 0 and not any(f.is_Pow and not f.exp.is_positive for f in rest.args))


def _described(meaning: Any) -> str:
    shape = getattr(meaning, "shape", None)
    if shape is not None:
        return f"one of shape {' × '.join(map(str, shape))}"
    signs = [name for name, value in sorted(meaning.assumptions0.items()) if value and name in _SIGNS]
    return f"a scalar or size ({', '.join(signs) or 'no assumptions'})"


_SIGNS = ("integer", "nonnegative", "positive", "real")


# ---- back ------------------------------------------------------------------------------------------------


def symbol_of(var: Var, names: Names | None = None) -> Any:
    """The SymPy symbol of a dimension or a scalar, with its sign as assumptions."""
    if names is not None:
        met = names.kinds.get(var.name) or next((s for s in names.sizes if s.name == var.name), None)
        if met is not None:
            return met
    return sympy.Symbol(var.name, **ASSUMPTIONS[var.sign])


def size_expression(axis: Axis, names: Names | None = None) -> Any:
    """The size of an axis in SymPy, expanded; the order of its factors is lost.

    >>> n, G = Axis.of(Var("n")), Axis.of(Var("G"))
    >>> size_expression(n * G) == size_expression(G * n)
    True
    """
    parts = []
    for count, heads, tail in axis.runs:
        rest = size_expression(tail, names) if tail else sympy.S.One
        parts.append(sympy.Mul(count, *(symbol_of(h, names) for h in heads), rest))
    return sympy.expand(sympy.Add(*parts))


def number_expression(value: Number) -> Any:
    """A coefficient in SymPy. Raises: UnsupportedError for a rank, a min or a max."""
    if not isinstance(value, Scalar):
        return sympy.Rational(Fraction(value).numerator, Fraction(value).denominator)
    return sympy.Add(
        *(
            sympy.Mul(number_expression(c), *(_generator(g) ** e for g, e in monomial))
            for monomial, c in value.terms.items()
        )
    )


def _generator(g: Generator) -> Any:
    if isinstance(g, Var):
        return symbol_of(g)
    if isinstance(g, Root):
        return sympy.sqrt(number_expression(g.radicand))
    raise UnsupportedError(f"{g.key} is a number of a statement, and no coefficient")
