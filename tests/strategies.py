"""Hypothesis strategies of the tests: axes, worlds, and the well-shaped terms of the package's generator."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.term import Term
from symbolic_mla.selftest import terms as generator
from symbolic_mla.selftest.terms import (  # noqa: F401 # names that tests import from here
    AXES,
    COEFFICIENTS,
    DIMENSIONS,
    ONE,
    POSITIVE,
    REAL,
    THREE,
    TWO,
    N,
    P,
    Q,
    R,
)
from tests.dense import World

Draw = Callable[[st.SearchStrategy[Any]], Any]


def randoms() -> st.SearchStrategy[Random]:
    """What the package's generator draws from: each draw shrinks."""
    return st.randoms(use_true_random=False)


def simple_axes() -> st.SearchStrategy[Axis]:
    """A dimension symbol or a literal 1..3."""
    return st.sampled_from((P, Q, R, N, ONE, TWO, THREE))


def axes(depth: int = 3) -> st.SearchStrategy[Axis]:
    """Products and sums of symbols and literals, nested."""
    leaf = simple_axes()
    return st.recursive(
        leaf,
        lambda inner: st.tuples(inner, inner, st.booleans()).map(
            lambda t: t[0] * t[1] if t[2] else t[0] + t[1]
        ),
        max_leaves=depth + 1,
    )


def times(a: Axis, b: Axis) -> Axis:
    """The product of two axes, if it is not too long."""
    try:
        return a * b
    except BudgetError:
        assume(False)
        raise


def term_axes() -> st.SearchStrategy[Axis]:
    """Axes that are good for terms: structured and small."""
    return st.sampled_from(AXES)


@st.composite
def worlds(draw: Draw, largest: int = 2) -> World:
    """Sizes 1..largest for every dimension; tensors, scalars, positions and functions follow from a seed."""
    sizes = {v: draw(st.integers(1, largest)) for v in DIMENSIONS}
    return World(sizes, seed=draw(st.integers(0, 10_000)))


def coefficients() -> st.SearchStrategy[int | Fraction | Scalar]:
    """Integers, fractions, dimensions, scalars of known sign, and quotients by what is positive."""
    return st.sampled_from(COEFFICIENTS)


@st.composite
def matrices(draw: Draw, rows: Axis, cols: Axis, depth: int = 3, functions: bool = False) -> Term:
    """A matrix term of this shape, built by any former that fits it."""
    return generator.matrix(draw(randoms()), rows, cols, depth, functions)


@st.composite
def terms(draw: Draw, depth: int = 3, functions: bool = False) -> Term:
    """A matrix term of any shape."""
    return generator.term(draw(randoms()), depth, functions)
