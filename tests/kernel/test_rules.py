"""Every rule of the kernel: what it proves is true at random exact instances, and its side conditions hold."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import CertificateError, DomainError, ShapeError, SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.scalar import Number, Root, Scalar, Var, is_zero, never_negative, positive, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom, Pick, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.selftest.instances import fits
from symbolic_mla.selftest.truth import true_at, value
from tests.dense import World, axis_size, dense, number, same
from tests.kernel.drawn import (
    FACTORS,
    HIGH,
    HOLE,
    LOW,
    NONNEGATIVE,
    POSITIVE,
    REAL,
    A,
    B,
    S,
    U,
    V,
    n,
    numbers,
    p,
    q,
    quick,
    seeds,
)
from tests.strategies import AXES, DIMENSIONS, N, P, Q, R, matrices, terms, worlds

# ---- equations ---------------------------------------------------------------------------------------


def test_equations_need_the_same_axes() -> None:
    """Equal sizes in another order are no equation."""
    with pytest.raises(ShapeError):
        derive("equation", Atom("C", (N * P,)), Atom("C", (P * N,)), (), (), ())


@pytest.mark.parametrize("c", ["1", "2", None, 1.0, (1,), True, scalar(n) - 1, rank(A)])
def test_a_multiplier_is_a_number(c: Any) -> None:
    """Multiples of facts are numbers of the kernel, and a fact that is used leaves its hypotheses behind."""
    fact = derive("assume", Equation(A, B))
    goal = (al.scale(2, A), al.scale(2, B))
    if isinstance(c, bool):
        pytest.skip("True is 1")
    with pytest.raises((SymbolicMLAError, TypeError, ValueError)):
        derive("equation", *goal, ((c, fact),), (), ())


def test_hypotheses_follow_a_fact_wherever_it_is_used() -> None:
    """However deep a theorem sits in another, its hypotheses and its axioms come along."""
    h = Equation(A, B)
    fact = derive("assume", h)
    inside = derive("congruence", Sum(((2, HOLE),), HOLE.axes), HOLE, fact)
    ranks = derive("rank-equal", inside)
    size = derive("rank-size", al.scale(2, B), 1)
    both = derive("arithmetic", rank(al.scale(2, A)), "<=", scalar(q), ((1, ranks), (1, size)))
    for t in (fact, inside, ranks, both):
        assert t.hypotheses == {h}


@st.composite
def contexts(draw: Any) -> Term:
    """A term with a hole in it."""
    t = draw(matrices(P, Q, 2, True))
    return Substitution(atoms=[(Atom("A", (P, Q)), HOLE)])(t)


@quick
@given(contexts(), worlds(2))
def test_congruence_is_true_where_its_premise_is(context: Term, w: World) -> None:
    """With two symbols of one value, any context has one value."""
    X, Y = Atom("X", (P, Q)), Atom("Y", (P, Q))
    theorem = derive("congruence", context, HOLE, derive("assume", Equation(X, Y)))
    assert theorem.hypotheses == {Equation(X, Y)}
    assert isinstance(theorem.conclusion, Equation)
    assume(fits(w, theorem.conclusion.left))
    w.tensors[Y] = w.tensor(X)
    assert true_at(theorem.conclusion, w)


def test_a_cut_needs_the_proof_of_a_hypothesis() -> None:
    """A hypothesis goes only when it is proved, and what that proof assumes comes instead, with its axioms."""
    h, other = Equation(A, B), Equation(B, A)
    fact = derive("rank-equal", derive("assume", h))
    proof = prove_equation(A, B, [derive("assume", other)])
    assert isinstance(proof, Theorem)
    done = derive("cut", fact, proof)
    assert done.conclusion == fact.conclusion
    assert done.hypotheses == {other}
    with pytest.raises(CertificateError, match="not a hypothesis"):
        derive("cut", fact, derive("assume", other))
    with pytest.raises(CertificateError, match="not a hypothesis"):
        derive("cut", proof, fact)
    k, w = Axis.of(Var("k")), Atom("W", (P, Q))
    axiom = derive("svd", w, Atom("U", (P, k)), Atom("S", (k, k)), Atom("V", (Q, k)), 3)
    assert derive("cut", derive("rank-equal", derive("assume", axiom.conclusion)), axiom).axioms == {"svd"}


def test_congruence_rests_on_an_equation_of_that_shape() -> None:
    """A hole of another shape, or a premise that is no equation, is refused."""
    with pytest.raises(CertificateError, match="another shape"):
        derive("congruence", S, S, derive("assume", Equation(A, B)))
    with pytest.raises(CertificateError, match="equation"):
        derive("congruence", A, HOLE, derive("assume", Compare(scalar(p), "<=", scalar(q))))


# ---- instances ---------------------------------------------------------------------------------------

IMAGES = (P, Q, R * N, N * R, Axis.of(2), Axis.of(1), P + Q, N * (P + Q), Axis.of(2) * R + N, R + R)


@st.composite
def substitutions(draw: Any, t: Term) -> Substitution:
    axes = [(v, draw(st.sampled_from(IMAGES))) for v in DIMENSIONS if draw(st.booleans())]
    numbers: list[tuple[Var, Number]] = [(REAL, scalar(POSITIVE) - 2)] if draw(st.booleans()) else []
    numbers += [(POSITIVE, 1 + scalar(p) / 2)] if draw(st.booleans()) else []
    first = Substitution(axes, numbers)
    atoms = sorted({a for a in subterms(t) if isinstance(a, Atom) and len(a.axes) == 2}, key=repr)
    chosen = [a for a in atoms if draw(st.booleans())]
    images = [(a, draw(matrices(first(a.axes[0]), first(a.axes[1]), 1))) for a in chosen]
    return Substitution(axes, numbers, images)


@quick
@given(st.data(), terms(2), worlds(2))
def test_an_instance_has_the_value_of_what_was_put_in(data: st.DataObject, t: Term, w: World) -> None:
    """Substitution, then evaluation, is evaluation with the values of what is substituted."""
    assume(not any(isinstance(x, Pick) for x in subterms(t)))
    to = data.draw(substitutions(t))
    try:
        moved = to(t)
    except SymbolicMLAError:
        assume(False)
    assume(fits(w, moved))
    try:
        before = World(
            {v: axis_size(to.axes.get(v, Axis.of(v)), w) for v in DIMENSIONS},
            scalars={v: number(to.numbers.get(v, scalar(v)), w) for v in (REAL, POSITIVE)},
        )
        assume(fits(before, t))
        before.tensors.update((x, dense(to(x), w)) for x in subterms(t) if isinstance(x, Atom))
        values = dense(moved, w), dense(t, before)
    except ValueError:
        assume(False)  # a root that is no rational number here
    assert same(*values)


NOT_INSTANCES: dict[str, dict[str, Any]] = {
    "a size below its bound": {"axes": ((LOW, Axis.of(2)),)},
    "a symbol that may be below it": {"axes": ((LOW, Axis.of(HIGH)),)},
    "a scalar as a size": {"axes": ((REAL, P),)},
    "a size as a number": {"numbers": ((p, 3),)},
    "a negative number for a positive": {"numbers": ((POSITIVE, -1),)},
    "zero for a positive": {"numbers": ((POSITIVE, 0),)},
    "a real for a positive": {"numbers": ((POSITIVE, scalar(REAL)),)},
    "what may be zero for a positive": {"numbers": ((POSITIVE, scalar(p) - 1),)},
    "a negative for a nonnegative": {"numbers": ((NONNEGATIVE, -scalar(p)),)},
    "a matrix of another shape": {"atoms": ((A, S),)},
    "a matrix in another order": {"atoms": ((Atom("C", (N * P,)), Atom("D", (P * N,))),)},
    "a symbol for a statement": {"atoms": ((A, Equation(A, B)),)},
    "a number for a symbol": {"atoms": ((A, 3),)},
    "an axis that is none": {"axes": ((p, 3),)},
    "a string for a number": {"numbers": ((REAL, "1e999999999"),)},
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_INSTANCES)
def test_an_instance_keeps_bounds_signs_and_shapes(name: str) -> None:
    """What a symbol ranges over is all that may be put for it."""
    given_ = {"axes": (), "numbers": (), "atoms": (), "functions": (), **NOT_INSTANCES[name]}
    fact = derive("assume", Compare(scalar(1), "<=", scalar(LOW) * scalar(p) + scalar(REAL)))
    with pytest.raises((SymbolicMLAError, AttributeError, TypeError)):
        derive("instance", fact, given_["axes"], given_["numbers"], given_["atoms"], given_["functions"])


def test_an_instance_moves_the_hypotheses_too() -> None:
    """An instance assumes the instance of what was assumed."""
    fact = derive("rank-equal", derive("assume", Equation(A, B)))
    moved = derive("instance", fact, ((p, Axis.of(3)),), (), (), ())
    A3, B3 = Atom("A", (Axis.of(3), Q)), Atom("B", (Axis.of(3), Q))
    assert moved.hypotheses == {Equation(A3, B3)}
    assert moved.conclusion == Compare(rank(A3), "=", rank(B3))


@pytest.mark.parametrize("image", [U, al.add(Atom("A", (P, Q)), matmul(U, V))], ids=["itself", "inside"])
def test_a_quantified_symbol_is_not_captured(image: Term) -> None:
    """What is put for a free symbol may not mention a bound one."""
    fact = derive("assume", FACTORS)
    with pytest.raises((CertificateError, ShapeError)):
        derive("instance", fact, ((q, R),) if image == U else (), (), ((A, image),), ())


def test_a_quantified_name_has_one_shape() -> None:
    """A free symbol of the name of an unknown, and of another shape, would mislead."""
    other = matmul(Atom("U", (P, N)), Atom("W", (N, Q)))
    with pytest.raises(ShapeError):
        Exists((U, V), (), (Equation(other, matmul(U, V)),))


def test_a_bound_symbol_is_not_replaced() -> None:
    """A quantified symbol stands for itself."""
    with pytest.raises((CertificateError, ShapeError)):
        derive("instance", derive("assume", FACTORS), (), (), ((U, Atom("W", (P, R))),), ())


def test_sizes_do_not_capture_either() -> None:
    """A free symbol may not become a bound one when two shapes of one name fall together."""
    three_ = Axis.of(3)
    free = Atom("U", (three_, R))
    with pytest.raises((CertificateError, ShapeError)):
        bad = Exists((U,), (), (Equation(matmul(al.ones(R, P), U), matmul(al.ones(R, three_), free)),))
        derive("instance", derive("assume", bad), ((p, three_),), (), (), ())


# ---- numbers -----------------------------------------------------------------------------------------


@settings(quick, max_examples=200)
@given(numbers(), seeds())
def test_signs_are_known_only_when_they_are_so(x: Number, w: World) -> None:
    """is_zero, never_negative and positive hold at every value of the variables."""
    at = value(scalar(x), w)
    assert not is_zero(x) or at == 0
    assert not never_negative(x) or at >= 0
    assert not positive(x) or at > 0


@pytest.mark.parametrize("exponent", [2, 3, -1, 0])
def test_a_monomial_that_is_not_reduced_is_no_coefficient(exponent: int) -> None:
    """A root stands once, or below a fraction where its radicand is a sum: else equal numbers would look different."""
    with pytest.raises(DomainError, match="not reduced"):
        Scalar([(((Root(scalar(n)), exponent),), Fraction(1))])
    assert Scalar([(((Root(scalar(n)), 1),), Fraction(1))]) ** 2 == scalar(n)


@settings(quick, max_examples=200)
@example(0, 1 - 1 / (scalar(POSITIVE) + scalar(n)), World({}, 0))  # its root has a root of a sum, squared, inside
@given(numbers(), numbers(), seeds())
def test_arithmetic_of_scalars_is_arithmetic(x: Number, y: Number, w: World) -> None:
    """Sums, products, quotients and roots have the values of sums, products, quotients and roots."""
    a, b = value(scalar(x), w), value(scalar(y), w)
    assert value(scalar(x) + y, w) == a + b
    assert value(scalar(x) * y, w) == a * b
    if positive(y):
        assert value(scalar(x) / y, w) == a / b
        assert is_zero(scalar(x) / y * y - x)
        assert is_zero(sqrt(y) * sqrt(y) - y)
        assert value(sqrt(scalar(y) * y), w) == b


@settings(quick, max_examples=100)
@given(st.lists(st.tuples(numbers(), numbers(), st.sampled_from(("<=", "="))), max_size=3), st.data(), seeds())
def test_arithmetic_is_true_where_its_premises_are(facts: list[Any], data: st.DataObject, w: World) -> None:
    """left <= right and left = right follow from what is used, with multipliers of the sign they need."""
    uses = []
    left, right = scalar(data.draw(numbers())), scalar(0)
    more: list[Number] = [0, 1, scalar(p), scalar(NONNEGATIVE), scalar(REAL), -1]
    right = left + data.draw(st.sampled_from(more))
    for a, b, relation in facts:
        fact = Compare(scalar(a), relation, scalar(b))
        c = data.draw(numbers())
        uses.append((c, derive("assume", fact)))
        right = right + scalar(c) * (fact.right - fact.left)
    for relation in ("<=", "="):
        try:
            theorem = derive("arithmetic", left, relation, right, tuple(uses))
        except SymbolicMLAError:
            continue
        if all(true_at(h, w) for h in theorem.hypotheses):
            assert true_at(theorem.conclusion, w)


@pytest.mark.parametrize(
    ("c", "relation", "stated"),
    [(-1, "<=", "<="), (scalar(REAL), "<=", "<="), (1, "=", "<="), (scalar(n) - 2, "<=", "<="), ("1", "<=", "<=")],
)
def test_an_inequality_is_not_turned_round(c: Any, relation: str, stated: str) -> None:
    """A negative multiple, a multiple of unknown sign, or an inequality where an equation is due, is refused."""
    fact = derive("assume", Compare(scalar(p), stated, scalar(q)))
    goal = (scalar(0), relation, scalar(1 if c == "1" else c) * (scalar(q) - scalar(p)))
    with pytest.raises((SymbolicMLAError, TypeError)):
        derive("arithmetic", *goal, ((c, fact),))


def test_division_needs_a_sign() -> None:
    """1/(n - 1), 1/a and 1/rank are refused; sqrt of what may be negative too; n >= 2 makes n - 1 positive."""
    for bad in (scalar(n) - 1, scalar(REAL), scalar(NONNEGATIVE), rank(A), scalar(0), scalar(p) - scalar(q)):
        with pytest.raises(SymbolicMLAError):
            1 / bad
    for bad in (-scalar(p), scalar(REAL), scalar(p) - 2):
        with pytest.raises(SymbolicMLAError):
            sqrt(bad)
    two = Var("n", "dimension", 2)
    assert positive(1 / (scalar(two) - 1))


def test_axes_of_the_strategies_are_axes() -> None:
    """The axes that all of these tests draw from are what the kernel calls an axis."""
    assert all(type(a) is Axis for a in AXES)


def test_a_term_of_no_kind_is_refused() -> None:
    """The base of all terms is none itself: it has no axes to give."""
    with pytest.raises(ShapeError, match="no kind"):
        Term()
