"""The shared strategies keep their word: laws are true, rewriting keeps values, all formers are met."""

from __future__ import annotations

from functools import partial

import numpy as np
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.kernel.term import Apply, Block, Einsum, Pick, Stack, Sum, Term
from tests.dense import World, axis_size, dense, same
from tests.rewriting import laws, rewritten
from tests.strategies import terms, worlds

slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def small(*parts: Term, w: World) -> None:
    for t in parts:
        for inner in subterms(t):
            labels = (*inner.axes, *(inner.labels if isinstance(inner, Einsum) else ()))
            assume(np.prod([axis_size(a, w) for a in labels], dtype=object) <= 50_000)


@slow
@given(laws(1, functions=True), worlds(3))
def test_the_laws_are_true(law: tuple[str, Term, Term], w: World) -> None:
    """Both sides of a law have one shape and one value."""
    name, left, right = law
    small(left, right, w=w)
    assert left.axes == right.axes, name
    assert same(dense(left, w), dense(right, w)), name


@slow
@given(st.data(), worlds())
def test_a_rewriting_keeps_the_value(data: st.DataObject, w: World) -> None:
    """A term rewritten by laws at random places has its old shape and value."""
    t = data.draw(terms(2, functions=True))
    other = data.draw(rewritten(t))
    small(t, other, w=w)
    assert t.axes == other.axes
    assert same(dense(t, w), dense(other, w))


def has(t: Term, kind: type[Term]) -> bool:
    return any(isinstance(s, kind) for s in subterms(t))


def test_every_kind_of_term_is_met() -> None:
    """The strategy reaches every constructor of the kernel."""
    for kind in (Einsum, Sum, Stack, Block, Pick, Apply):
        find(
            terms(2, functions=True),
            partial(has, kind=kind),
            settings=settings(database=None, max_examples=2000, deadline=None, phases=[Phase.generate]),  # any will do
        )
