"""The kernel's index form, attacked: expanded at explicit sizes and summed, it is the value of the term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.axis import NeedSplit
from symbolic_mla.kernel.network import Groups, IndexForm, Network, index_form
from symbolic_mla.kernel.scalar import Number
from symbolic_mla.kernel.term import Term
from tests.dense import Array, Networks, World, axis_size, dense, number, same
from tests.rewriting import laws, rewritten
from tests.strategies import coefficients, terms, worlds

slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def never(form: IndexForm, networks: Sequence[Network]) -> Groups:
    """A prover that cancels nothing."""
    return ()


def small(*parts: Term, w: World) -> None:
    """Keep to terms that the naive evaluators can do."""
    for t in parts:
        for inner in subterms(t):
            assume(np.prod([axis_size(a, w) for a in inner.axes], dtype=object) <= 150)
            labels = getattr(inner, "labels", ())
            assume(np.prod([axis_size(a, w) for a in labels], dtype=object) <= 3000)


def expanded(parts: list[tuple[Number, Term]], w: World, split: frozenset[int]) -> Array:
    while True:
        try:
            left, form = index_form(parts, split, never)
        except NeedSplit as need:
            assert need.size not in split, "the entries of a literal that is split already"
            split |= {need.size}
        except BudgetError:
            assume(False)
        else:
            assume(sum(len(ns) for _, ns in left) <= 150)
            return Networks(form, w).array(parts[0][1].axes, left)


splits = st.frozensets(st.integers(2, 4), max_size=3)


@slow
@given(terms(2), worlds(), splits)
def test_the_index_form_keeps_the_value(t: Term, w: World, split: frozenset[int]) -> None:
    """The networks of a term without functions add up to its value, entry by entry."""
    small(t, w=w)
    assert same(expanded([(1, t)], w, split), dense(t, w))


@slow
@given(terms(2, functions=True), worlds(), splits)
def test_the_index_form_with_functions_keeps_the_value(t: Term, w: World, split: frozenset[int]) -> None:
    """The same with functions of the last axis, some of them of a position."""
    small(t, w=w)
    assert same(expanded([(1, t)], w, split), dense(t, w))


@slow
@given(laws(1, functions=True), worlds(), coefficients(), coefficients(), splits)
def test_a_combination_keeps_the_value(
    law: tuple[str, Term, Term], w: World, a: Number, b: Number, split: frozenset[int]
) -> None:
    """The index form of a L + b R is that combination of values, also where deltas meet in arguments."""
    _, left, right = law
    small(left, right, w=w)
    value = np.asarray(number(a, w), dtype=object) * dense(left, w)
    value = value + np.asarray(number(b, w), dtype=object) * dense(right, w)
    assert same(expanded([(a, left), (b, right)], w, split), np.asarray(value, dtype=object))


@slow
@given(st.data(), worlds(), splits)
def test_rewriting_by_laws_keeps_the_index_form_s_value(
    data: st.DataObject, w: World, split: frozenset[int]
) -> None:
    """A term, rewritten by true laws at random places, and the difference expands to zeros."""
    t = data.draw(terms(1, functions=True))
    other = data.draw(rewritten(t))
    small(t, other, w=w)
    difference = expanded([(1, t), (-1, other)], w, split)
    assert not difference.any()
