"""Verdicts about equations, held against the naive evaluator: laws, rewriting, changes, functions."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import ShapeError, SymbolicMLAError
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom, Pick, Term
from symbolic_mla.prover.decide import Proved, Refuted, decide
from symbolic_mla.selftest.statements import changed
from tests.prover.judging import decided, judge, literal, named_apart, one_position_each
from tests.rewriting import laws, rewritten
from tests.strategies import P, Q, matrices, randoms, term_axes, terms

some = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def apart(left: Term, right: Term) -> tuple[Term, Term]:
    """Two terms as a document could have them."""
    left, right = named_apart(left, right)
    assume(one_position_each(left, right))
    return left, right


@some
@given(laws(1))
def test_a_law_is_proved(law: tuple[str, Term, Term]) -> None:
    """True laws between random terms of random shapes are proved."""
    _, left, right = law
    assert isinstance(judge(*apart(left, right)), Proved)


@some
@given(laws(1, functions=True))
def test_a_law_of_functions_is_proved(law: tuple[str, Term, Term]) -> None:
    """So are the laws of a function of the last axis."""
    _, left, right = law
    assert isinstance(judge(*apart(left, right)), Proved)


@some
@given(st.data(), terms(2, functions=True))
def test_rewriting_by_true_laws_ends_proved(data: st.DataObject, t: Term) -> None:
    """However a term is rewritten by laws at random places, it is equal to itself: proved, or a budget ran out."""
    left, right = apart(t, data.draw(rewritten(t)))
    verdict = judge(left, right)
    assert isinstance(verdict, Proved) or not decided(verdict)


@some
@given(st.data(), terms(2))
def test_a_changed_term_is_refuted_or_equal(data: st.DataObject, t: Term) -> None:
    """Without functions a change is decided: refuted by an instance, or equal by chance; never left open."""
    left, right = apart(t, changed(data.draw(randoms()), t, functions=False))
    decided(judge(left, right))


@some
@given(st.data(), term_axes(), term_axes())
def test_unrelated_terms_are_decided(data: st.DataObject, rows: object, cols: object) -> None:
    """Two random terms of one shape: proved or refuted, and the naive evaluator agrees."""
    left, right = (data.draw(matrices(rows, cols, 2)) for _ in range(2))  # type: ignore[arg-type]
    decided(judge(*apart(left, right)))


@some
@given(laws(1), st.integers(1, 2), st.integers(1, 2))
def test_a_law_at_literal_sizes_is_proved(law: tuple[str, Term, Term], p: int, q: int) -> None:
    """What is true for all sizes is proved at literal sizes as well."""
    left, right = apart(*law[1:])
    assume(not any(isinstance(t, Pick) for t in subterms(left, right)))
    sizes = {"p": p, "q": q, "r": 1, "n": 2}
    try:
        left, right = literal(left, sizes), literal(right, sizes)
    except SymbolicMLAError:
        assume(False)
    verdict = decide(Equation(left, right))
    assert isinstance(verdict, Proved) or not decided(verdict)


@some
@given(terms(2, functions=True), terms(1))
def test_the_answer_does_not_depend_on_the_side(t: Term, other: Term) -> None:
    """left = right and right = left have one verdict, and every term is equal to itself."""
    left, right = apart(t, other if t.axes == other.axes else t)
    verdicts = {type(decide(Equation(left, right))), type(decide(Equation(right, left)))}
    assert len(verdicts) == 1
    if left == right:
        assert verdicts <= {Proved} or Refuted not in verdicts


def test_one_name_for_two_things_is_refused() -> None:
    """Instances go by name, so a name with two shapes, or two bounds, gets an error and no verdict."""
    tall, wide = Atom("A", (P, Q)), Atom("A", (Q, P))
    with pytest.raises(ShapeError, match="two things"):
        decide(Equation(al.matmul(tall, wide), al.matmul(tall, al.transpose(tall))))
    small, large = Var("m"), Var("m", "dimension", 5)
    with pytest.raises(ShapeError, match="two things"):
        decide(Compare(scalar(large), "<=", scalar(small)))
