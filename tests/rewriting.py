"""Hypothesis strategies over the package's laws: true equations between random terms, and rewriting by them."""

from __future__ import annotations

from hypothesis import strategies as st

from symbolic_mla.kernel.term import Term
from symbolic_mla.selftest import laws as generator
from symbolic_mla.selftest.laws import with_children  # noqa: F401 # a name that tests import from here
from tests.strategies import Draw, randoms


@st.composite
def laws(draw: Draw, depth: int = 1, functions: bool = False) -> tuple[str, Term, Term]:
    """A true equation between random terms: its name and its two sides."""
    return generator.law(draw(randoms()), depth, functions)


@st.composite
def rewritten(draw: Draw, term: Term, steps: int = 3) -> Term:
    """A term that is equal to this one by true laws, applied at random places."""
    return generator.rewritten(draw(randoms()), term, steps)
