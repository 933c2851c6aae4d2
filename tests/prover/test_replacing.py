"""Terms that differ in one part are equal by that part, whatever stands around it; and a theorem says just that."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom, Sum, Term
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.prover.replacing import equal_by_a_part

M = Axis.of(Var("m"))
A, B, C, X = (Atom(name, (M, M)) for name in "ABCX")


def added(a: Term, b: Term) -> Term:
    return Sum(((1, a), (2, b)), (M, M))


contexts = st.recursive(
    st.sampled_from([A, X, matmul(X, B)]),
    lambda t: st.one_of(
        st.builds(matmul, t, t),
        st.builds(added, t, t),
        st.builds(transpose, t),
        st.builds(lambda a: Apply("f", a), t),
    ),
    max_leaves=5,
)
parts = st.sampled_from([
    (matmul(A, matmul(B, C)), matmul(matmul(A, B), C)),
    (added(A, B), Sum(((2, B), (1, A)), (M, M))),
    (transpose(transpose(A)), matmul(identity(M), A)),
    (matmul(A, B), matmul(B, A)),
    (A, B),
])  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(contexts, parts)
def test_equal_parts_make_equal_terms(context: Term, two: tuple[Term, Term]) -> None:
    """A theorem exactly where the parts are equal, or stand nowhere; it is of this equation and assumes nothing."""
    left, right = (Substitution(atoms=[(X, part)])(context) for part in two)
    found = equal_by_a_part(left, right)
    if left == right or two[1] in (matmul(B, A), B):
        assert found is None
    else:
        assert found is not None
        assert found.conclusion == Equation(left, right)
        assert not found.hypotheses and not found.axioms


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (matmul(Apply("f", matmul(A, identity(M))), matmul(B, C)), matmul(Apply("f", A), matmul(C, B))),  # one is not
        (Apply("f", A), Apply("g", A)),
        (Apply("f", A), A),
    ],
)
def test_what_differs_elsewhere_too_is_left_alone(left: Term, right: Term) -> None:
    """An equal part proves nothing about terms that differ in another part, in a function or in a former."""
    assert equal_by_a_part(left, right) is None
