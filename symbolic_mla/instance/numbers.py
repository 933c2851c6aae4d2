"""Numbers with their variables replaced by values."""

from __future__ import annotations

from collections.abc import Callable

from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, number


def substitute(value: Number, image: Callable[[Generator], Number | None]) -> Number:
    """The value with every generator that has an image replaced by it, under roots and in denominators too."""
    if not isinstance(value, Scalar):
        return value

    def one(g: Generator) -> Number | Generator:
        found = image(g)
        if found is None and isinstance(g, Root):
            return sqrt(substitute(g.radicand, image))
        return g if found is None else found

    return number((c, [(one(g), e) for g, e in m]) for m, c in value.terms.items())
