"""What was asked before changes nothing: at inputs a term has the entries of the term with the inputs put in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.argument.entries import Entries
from symbolic_mla.argument.facts import Clause, Facts
from symbolic_mla.argument.values import rational, unknown
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.term import Apply, Atom, Stack, Sum, Term
from symbolic_mla.laws.notation import identity, matmul, transpose

TWO = Axis.of(2)
A, B, X, Y = (Atom(name, (TWO, TWO)) for name in "ABXY")
ZERO = Sum((), (TWO, TWO))


def built(*symbols: Atom) -> st.SearchStrategy[Term]:
    """2 × 2 terms in some symbols; equal parts are other objects now and then."""
    leaves = st.one_of(st.sampled_from([*symbols, identity(TWO), ZERO]), st.builds(identity, st.just(TWO)))
    return st.recursive(
        leaves,
        lambda t: st.one_of(
            st.builds(matmul, t, t),
            st.builds(transpose, t),
            st.builds(lambda a, b, c: Sum(((1, a), (c, b)), (TWO, TWO)), t, t, st.integers(-2, 2)),
        ),
        max_leaves=4,
    )


equations = st.lists(st.tuples(built(A, B, X, Y), st.booleans()), min_size=1, max_size=3)
inputs = st.fixed_dictionaries({X: built(A, B), Y: st.sampled_from([ZERO, identity(TWO), A])})


@settings(max_examples=60, deadline=None)
@given(equations, st.lists(inputs, min_size=1, max_size=4), st.integers(0, 3))
def test_entries_are_those_of_the_term_with_the_inputs_put_in(
    drawn: list[tuple[Term, bool]], moves: list[dict[Atom, Term]], learnt: int
) -> None:
    """Move after move, one evaluation that remembers and a new one for each term agree, also when facts are added."""
    facts = Facts()
    remembering = Entries((A, B), facts)
    for number, given_inputs in enumerate(moves):
        if number == learnt:
            facts.add(Clause.of([unknown("A[0, 1]") - rational(2)]))
        for term, named in drawn:
            asked = Apply("softmax", term) if named else term
            expected = Entries((A, B), facts).of(Substitution(atoms=given_inputs.items())(asked))
            assert remembering.of(asked, given_inputs) == expected


@pytest.mark.parametrize("term", [X, Atom("A", (TWO, Axis.of(3))), Stack((B, X), 0)])
def test_what_is_neither_unknown_nor_input_has_no_value(term: Term) -> None:
    """Also where it was an input before, or has the name of an unknown and another shape."""
    entries = Entries((A, B), Facts())
    assert entries.of(X, {X: identity(TWO)}).entries == tuple(map(rational, (1, 0, 0, 1)))
    with pytest.raises(UnsupportedError):
        entries.of(term)
    with pytest.raises(UnsupportedError):
        entries.of(X, {X: term})
