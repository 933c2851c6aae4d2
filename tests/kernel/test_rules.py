"""Every rule of the kernel: what it proves is true at random exact instances, and its side conditions hold."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import CertificateError, ShapeError, SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.scalar import Number, Var, is_zero, never_negative, positive, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Atom, Einsum, Pick, Sum, Term
from symbolic_mla.kernel.theorem import RULES, Theorem, derive
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.order import entry, extreme
from symbolic_mla.laws.rank import rank
from symbolic_mla.laws.svd import svd_facts
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.selftest.instances import fits
from symbolic_mla.selftest.truth import true_at, value
from tests.dense import World, axis_size, dense, number, same
from tests.prover.judging import named_apart
from tests.strategies import AXES, DIMENSIONS, N, P, Q, R, matrices, simple_axes, terms, worlds

quick = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
p, q, r, n = DIMENSIONS
REAL, NONNEGATIVE, POSITIVE = Var("a", "real"), Var("b", "nonnegative"), Var("c", "positive")
A, B = Atom("A", (P, Q)), Atom("B", (P, Q))
S = Atom("S", (P, P))
HOLE = Atom("□", (P, Q))


def equal(left: Term, right: Term) -> Theorem:
    """A theorem of the prover that is true."""
    found = prove_equation(left, right)
    assert isinstance(found, Theorem)
    return found


def low_rank(w: World, *terms: Term) -> World:
    """The world with matrices of small rank for its symbols: ranks that are all full show little."""
    for t in subterms(*terms):
        if isinstance(t, Atom):
            shape = [axis_size(a, w) for a in t.axes]
            rng = w.rng("low", t.name, t.axes)
            out = np.ones(shape, dtype=object)
            for k, size in enumerate(shape):
                along = np.array([rng.randint(-1, 1) for _ in range(size)], dtype=object)
                out = out * along.reshape([-1 if j == k else 1 for j in range(len(shape))])
            if rng.random() < 0.5:
                out = out + np.array([rng.choice((0, 0, 1)) for _ in range(out.size)], dtype=object).reshape(shape)
            w.tensors[t] = out
    return w


# ---- rank --------------------------------------------------------------------------------------------


@st.composite
def three(draw: Any) -> tuple[Term, Term, Term]:
    """Matrices that can be multiplied in a row."""
    i, j, k, m = (draw(simple_axes()) for _ in range(4))
    return tuple(draw(matrices(x, y, 1)) for x, y in ((i, j), (j, k), (k, m)))


RANK_RULES: dict[str, Any] = {
    "rank-size": lambda a, b, c, k: (a, k),
    "rank-factor": lambda a, b, c, k: (a, b, k),
    "rank-identity": lambda a, b, c, k: (a.axes[k],),
    "rank-kron": lambda a, b, c, k: (a, c),
    "rank-gram": lambda a, b, c, k: (a,),
    "rank-sylvester": lambda a, b, c, k: (a, b),
    "rank-frobenius": lambda a, b, c, k: (a, b, c),
    "rank-sum": lambda a, b, c, k: (al.add(a, al.scale(scalar(REAL), a), al.ones(*a.axes)),),
    "rank-equal": lambda a, b, c, k: (equal(transpose(transpose(a)), a),),
}


@pytest.mark.parametrize("rule", RANK_RULES)
@quick
@given(three(), worlds(3), st.integers(0, 1))
def test_a_rule_about_rank_says_what_is_true(rule: str, abc: tuple[Term, Term, Term], w: World, k: int) -> None:
    """Its conclusion holds for the exact ranks of matrices of every rank."""
    a, b, c = named_apart(*abc)
    assume(fits(w, a, b, c, matmul(matmul(a, b), c), al.kron(a, c)))
    theorem = derive(rule, *RANK_RULES[rule](a, b, c, k))
    assert not theorem.hypotheses
    assert true_at(theorem.conclusion, low_rank(w, a, b, c))


def test_every_rule_is_attacked_here() -> None:
    """A rule that is added to the kernel needs a test of its own."""
    here = {*RANK_RULES, "assume", "equation", "congruence", "instance", "arithmetic", "antisymmetry"}
    here |= {"extreme-bound", "extreme-intro", "exists-witness", "exists-rank", "rank-of-exists", "iff", "iff-use"}
    here |= {"svd", "entry"}
    assert set(RULES) <= here | {"cut"}


def test_a_rank_is_of_a_matrix() -> None:
    """No rule speaks of the rank of a vector or a cube."""
    vector = Atom("v", (P,))
    for rule in ("rank-size", "rank-gram"):
        with pytest.raises((ShapeError, CertificateError, SymbolicMLAError)):
            derive(rule, vector, 0) if rule == "rank-size" else derive(rule, vector)


def test_factors_must_fit() -> None:
    """A product of matrices whose axes differ, in size or only in order, has no rank."""
    with pytest.raises(ShapeError, match="met where"):
        derive("rank-factor", A, A, 0)
    with pytest.raises(ShapeError, match="different order"):
        derive("rank-factor", Atom("C", (P, N * Q)), Atom("D", (Q * N, P)), 0)


# ---- the entry of a tensor without axes ------------------------------------------------------------------


def contracted(*operands: tuple[Term, Any], labels: tuple[Axis, ...] = (P, Q)) -> Term:
    """A full contraction."""
    return Einsum(operands, (), labels)


PLAIN, TURNED = ((0,), (1,)), ((1,), (0,))


@quick
@given(matrices(P, Q, 2, True), worlds(2))
def test_a_sum_of_squares_is_never_negative(t: Term, w: World) -> None:
    """Both operands the same term at the same labels: no assignment makes it negative."""
    assume(fits(w, t))
    theorem = derive("arithmetic", scalar(0), "<=", entry(contracted((t, PLAIN), (t, PLAIN))), ())
    assert not theorem.hypotheses
    assert true_at(theorem.conclusion, w)


NO_SQUARES: dict[str, Term] = {
    "tr(A)": contracted((S, ((0,), (0,))), labels=(P,)),
    "tr(A A)": contracted((S, PLAIN), (S, TURNED), labels=(P, P)),
    "tr(Aᵀ B)": contracted((A, PLAIN), (B, PLAIN)),
    "the sum of all entries": contracted((A, PLAIN)),
    "a cube": contracted((A, PLAIN), (A, PLAIN), (A, PLAIN)),
    "a symbol": Atom("x", ()),
    "a sum of squares, less one": Sum(((1, contracted((A, PLAIN), (A, PLAIN))), (-1, al.constant(1))), ()),
}


@pytest.mark.parametrize("name", NO_SQUARES)
def test_what_is_no_square_may_be_negative(name: str) -> None:
    """The sign is read off the structure alone, and only of two equal operands."""
    assert not never_negative(entry(NO_SQUARES[name]))
    with pytest.raises(CertificateError, match="does not follow"):
        derive("arithmetic", scalar(0), "<=", entry(NO_SQUARES[name]), ())


def test_an_entry_is_of_a_tensor_without_axes() -> None:
    """A matrix is no number, and only an equation says that two entries are equal."""
    with pytest.raises(ShapeError, match="not a number"):
        entry(A)
    with pytest.raises(ShapeError, match="not a number"):
        derive("entry", equal(A, A))
    with pytest.raises(CertificateError, match="equation"):
        derive("entry", derive("assume", Compare(scalar(p), "<=", scalar(q))))


@quick
@given(matrices(P, P, 1, True), matrices(Q, Q, 1, True), worlds(2))
def test_the_entry_of_a_product_of_numbers_is_the_product(a: Term, b: Term, w: World) -> None:
    """Sums and products are taken apart, and the value stays."""
    x, y = al.trace(a), al.trace(b)
    term = Sum(((2, Einsum(((x, ()), (y, ())), (), ())), (scalar(n), x)), ())
    assume(fits(w, term))
    assert entry(term) == 2 * entry(x) * entry(y) + scalar(n) * entry(x)
    assert value(entry(term), w) == dense(term, w).item()


def test_entries_add_up() -> None:
    """The entry of a sum is the sum of the entries, a number beside a trace its multiple; hypotheses come along."""
    x, y = Atom("x", ()), Atom("y", ())
    t = derive("entry", derive("assume", Equation(x, Sum(((2, y), (scalar(n), al.constant(1))), ()))))
    assert t.conclusion == Compare(entry(x), "=", 2 * entry(y) + scalar(n))
    assert t.hypotheses == {Equation(x, Sum(((2, y), (scalar(n), al.constant(1))), ()))}


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
    usv = factors(Axis.of(K))
    axiom = derive("svd", W, *usv, 3)
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


LOW, HIGH = Var("m", "dimension", 3), Var("m", "dimension", 1)
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


U, V = Atom("U", (P, R)), Atom("V", (R, Q))
FACTORS = Exists((U, V), (), (Equation(A, matmul(U, V)),))


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


def numbers() -> st.SearchStrategy[Number]:
    """Polynomials and quotients in dimensions and scalars, with roots of squares' sums."""
    leaves: list[Number] = [0, 1, -2, Fraction(1, 3), *map(scalar, (*DIMENSIONS, REAL, NONNEGATIVE, POSITIVE)),
                            scalar(LOW), 1 / scalar(p), 1 / (scalar(POSITIVE) + scalar(n)),
                            sqrt(scalar(p) ** 2)]  # fmt: skip
    return st.recursive(
        st.sampled_from(leaves),
        lambda x: st.tuples(x, x, st.sampled_from("+-*")).map(
            lambda t: t[0] + t[1] if t[2] == "+" else t[0] - t[1] if t[2] == "-" else scalar(t[0]) * t[1]
        ),
        max_leaves=6,
    )


def seeds() -> st.SearchStrategy[World]:
    return st.integers(0, 10_000).map(lambda s: World({}, s))


@settings(quick, max_examples=200)
@given(numbers(), seeds())
def test_signs_are_known_only_when_they_are_so(x: Number, w: World) -> None:
    """is_zero, never_negative and positive hold at every value of the variables."""
    at = value(scalar(x), w)
    assert not is_zero(x) or at == 0
    assert not never_negative(x) or at >= 0
    assert not positive(x) or at > 0


@settings(quick, max_examples=200)
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


@quick
@given(st.lists(numbers(), min_size=1, max_size=3), numbers(), st.sampled_from(("min", "max")), seeds())
def test_extremes_are_extremes(of: list[Number], x: Number, kind: str, w: World) -> None:
    """min <= each <= max, and a bound on each is a bound on the extreme."""
    for k in range(len(of)):
        assert true_at(derive("extreme-bound", kind, tuple(map(scalar, of)), k).conclusion, w)
    sides = [(scalar(x), scalar(y)) if kind == "min" else (scalar(y), scalar(x)) for y in of]
    bounds = tuple(derive("assume", Compare(a, "<=", b)) for a, b in sides)
    theorem = derive("extreme-intro", kind, bounds)
    if all(true_at(h, w) for h in theorem.hypotheses):
        assert true_at(theorem.conclusion, w)


def test_extremes_of_nothing_and_of_others_are_refused() -> None:
    """No min of nothing, no third kind, no bound that is not listed, no bounds of two numbers."""
    three_ = (scalar(p), scalar(q), scalar(3))
    up = [derive("assume", Compare(scalar(v), "<=", scalar(n))) for v in (p, q)]
    for arguments in (("extreme-bound", "min", (), 0), ("extreme-bound", "median", three_, 0),
                      ("extreme-intro", "min", ()), ("extreme-bound", "min", three_, 3),
                      ("extreme-bound", "min", three_, -1),
                      ("extreme-intro", "min", tuple(up))):  # fmt: skip
        with pytest.raises((SymbolicMLAError, IndexError)):
            derive(*arguments)
    assert isinstance(derive("extreme-intro", "max", tuple(up)).conclusion, Compare)
    assert value(extreme("max", three_), World({p: 2, q: 5})) == 5


def test_antisymmetry_needs_two_that_face_each_other() -> None:
    """p <= q and p <= q is not p = q."""
    up = derive("assume", Compare(scalar(p), "<=", scalar(q)))
    with pytest.raises(CertificateError, match="face each other"):
        derive("antisymmetry", up, up)


# ---- existence ---------------------------------------------------------------------------------------


def test_a_witness_does_not_see_what_comes_after_it() -> None:
    """exists L for all X: L may not mention X, nor an unknown of the same quantifier."""
    L, X, f = Atom("L", (P, P)), Atom("X", (P, Q)), "f"
    gram = Apply(f, matmul(X, transpose(X)))
    goal = Exists((L,), (X,), (Equation(matmul(gram, X), matmul(L, X)),))
    proof = equal(matmul(gram, X), matmul(gram, X))
    with pytest.raises(CertificateError, match="quantified after it"):
        derive("exists-witness", goal, (gram,), (proof,))
    free = Exists((L,), (), goal.equations)
    assert derive("exists-witness", free, (gram,), (proof,)).conclusion == free


def test_a_witness_rests_on_no_hypothesis_about_what_is_quantified() -> None:
    """A hypothesis about X can't serve a claim for all X."""
    L, X = Atom("L", (P, P)), Atom("X", (P, Q))
    wanted = Equation(X, al.zeros(P, Q))
    goal = Exists((L,), (X,), (wanted,))
    with pytest.raises(CertificateError, match="quantified symbol"):
        derive("exists-witness", goal, (identity(P),), (derive("assume", wanted),))


def test_a_witness_proves_its_own_equations() -> None:
    """Another equation, one of two, or none, is refused."""
    two = Exists((U,), (), (Equation(U, U), Equation(U, al.zeros(P, R))))
    zero = al.zeros(P, R)
    proof = equal(zero, zero)
    assert derive("exists-witness", two, (zero,), (proof, proof)).conclusion == two
    for proofs in ((proof,), (), (proof, equal(U, U)), (proof, proof, proof)):
        with pytest.raises((CertificateError, ValueError)):
            derive("exists-witness", two, (zero,), proofs)
    with pytest.raises((CertificateError, ValueError)):
        derive("exists-witness", two, (), (proof, proof))


BOUND = derive("assume", Compare(rank(A), "<=", scalar(r)))
NOT_FACTORED = {
    "a square": Exists((S,), (), (Equation(Atom("T", (P, P)), matmul(S, S)),)),
    "an unknown on both sides": Exists((U, V), (), (Equation(al.add(A, matmul(U, V)), matmul(U, V)),)),
    "inner inputs": Exists((U, V), (Atom("X", (Q, Q)),), (Equation(A, matmul(U, V)),)),
    "a third unknown": Exists((U, V, Atom("Z", (P, P))), (), (Equation(A, matmul(U, V)),)),
    "a factor that is given": Exists((U,), (), (Equation(A, matmul(U, V)),)),
    "two right factors": Exists((U, V, Atom("Z", (P, R)), Atom("Y", (R, Q))), (),
                                (Equation(A, matmul(U, V)), Equation(B, matmul(Atom("Z", (P, R)), Atom("Y", (R, Q)))))),
    "one left factor twice": Exists((U, V), (), (Equation(A, matmul(U, V)), Equation(B, matmul(U, V)))),
    "a transposed factor": Exists((U, Atom("Y", (Q, R))), (), (Equation(A, matmul(U, transpose(Atom("Y", (Q, R))))),)),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_FACTORED)
def test_only_factorisations_go_through_rank(name: str) -> None:
    """Existence through rank is for A_i = U_i V with distinct unknowns that occur nowhere else."""
    s = NOT_FACTORED[name]
    bounds = [derive("assume", Compare(rank(x), "<=", scalar(v)))
              for x in (s.equations[0].left, A, al.stack(A, B)) for v in (r, p)]  # fmt: skip
    for bound in bounds:
        with pytest.raises((CertificateError, ShapeError)):
            derive("exists-rank", s, bound, "svd")
    with pytest.raises((CertificateError, ShapeError)):
        derive("rank-of-exists", derive("assume", s))


def test_a_factorisation_needs_the_bound_on_its_own_rank() -> None:
    """The rank of another matrix, another size, or a lower bound, is refused; so is an axiom of another name."""
    good = derive("exists-rank", FACTORS, BOUND, "rank-factorisation")
    assert good.axioms == {"rank-factorisation"}
    assert good.hypotheses == BOUND.hypotheses
    for wrong in (Compare(rank(B), "<=", scalar(r)), Compare(rank(A), "<=", scalar(r) + 1),
                  Compare(scalar(r), "<=", rank(A)), Compare(rank(A) - 1, "<=", scalar(r))):  # fmt: skip
        with pytest.raises(CertificateError):
            derive("exists-rank", FACTORS, derive("assume", wrong), "svd")
    for axiom in ("choice", "", 0, None):
        with pytest.raises(CertificateError):
            derive("exists-rank", FACTORS, BOUND, axiom)


def test_a_bound_may_not_speak_of_the_unknowns() -> None:
    """A hypothesis about U can't serve a claim that there is a U."""
    bound = derive("rank-equal", derive("assume", Equation(A, matmul(U, V))))
    step = derive("arithmetic", rank(A), "<=", scalar(r),
                  ((1, bound), (1, derive("rank-factor", U, V, 0)), (1, derive("rank-size", U, 1))))  # fmt: skip
    with pytest.raises(CertificateError, match="quantified symbol"):
        derive("exists-rank", FACTORS, step, "svd")


@quick
@given(worlds(3))
def test_existence_and_rank_are_equivalent(w: World) -> None:
    """rank-of-exists and exists-rank are true where their premises are, for one matrix and for a shared factor."""
    L = Atom("L", (P, R))
    shared = Exists((U, L, V), (), (Equation(A, matmul(U, V)), Equation(B, matmul(L, V))))
    for s in (FACTORS, shared):
        back = derive("rank-of-exists", derive("assume", s)).conclusion
        low_rank(w, A, B)
        assert true_at(back, w) == true_at(s, w)


def test_an_equivalence_discharges_its_own_sides_only() -> None:
    """Hypotheses that are neither side stay; directions that prove something else are refused."""
    left, right = Compare(scalar(p), "<=", scalar(q)), Compare(scalar(p) * 2, "<=", scalar(q) * 2)
    there = derive("arithmetic", right.left, "<=", right.right, ((2, derive("assume", left)),))
    back = derive("arithmetic", left.left, "<=", left.right, ((Fraction(1, 2), derive("assume", right)),))
    assert derive("iff", left, right, there, back).hypotheses == frozenset()
    for wrong in ((back, there), (there, there), (derive("assume", left), derive("assume", right))):
        with pytest.raises(CertificateError, match="something else"):
            derive("iff", left, right, *wrong)
    extra = Compare(scalar(q), "<=", scalar(r))
    same_size = Compare(scalar(q), "=", scalar(r))
    uses = ((2, derive("assume", left)), (1, derive("assume", extra)), (-1, derive("assume", same_size)))
    more = derive("arithmetic", right.left, "<=", right.right, uses)
    assert derive("iff", left, right, more, back).hypotheses == {extra, same_size}
    equivalence = derive("iff", left, right, there, back)
    assert derive("iff-use", equivalence, derive("assume", left)).conclusion == right
    with pytest.raises(CertificateError, match="neither side"):
        derive("iff-use", equivalence, derive("assume", extra))
    with pytest.raises(CertificateError):
        derive("iff-use", derive("assume", left), derive("assume", left))
    assert isinstance(equivalence.conclusion, Iff)


# ---- svd ---------------------------------------------------------------------------------------------

K = Var("k")
W = Atom("W", (P, Q))


def factors(k: Axis, u: str = "U", s: str = "S", v: str = "V") -> tuple[Atom, Atom, Atom]:
    return Atom(u, (P, k)), Atom(s, (k, k)), Atom(v, (Q, k))


def test_an_svd_names_its_axiom_and_assumes_what_it_says() -> None:
    """Each fact of a decomposition is a hypothesis about the names, with the axiom that some names satisfy it."""
    usv = factors(Axis.of(K))
    for which, fact in enumerate(svd_facts(W, *usv)):
        theorem = derive("svd", W, *usv, which)
        assert theorem.conclusion == fact
        assert theorem.hypotheses == {fact}
        assert theorem.axioms == {"svd"}


@pytest.mark.parametrize(
    "usv",
    [
        factors(P), factors(Q), factors(Axis.of(2)), factors(Axis.of(K) * N), factors(Axis.of(K) + N),
        factors(Axis.of(Var("k", "dimension", 5))), factors(Axis.of(K), "U", "U", "V"), factors(Axis.of(K), "W"),
        factors(Axis.of(K), "U", "S", "W"), (Atom("U", (Q, Axis.of(K))), *factors(Axis.of(K))[1:]),
        (Atom("U", (P, Axis.of(K))), Atom("S", (Axis.of(K), Q)), Atom("V", (Q, Axis.of(K)))),
    ],
)  # fmt: skip
def test_an_svd_has_fresh_names_and_a_fresh_size(usv: tuple[Atom, Atom, Atom]) -> None:
    """A size of W, a literal, a size with a bound, a name twice or a name of W, or axes that do not fit: refused."""
    for which in range(6):
        with pytest.raises((CertificateError, ShapeError)):
            derive("svd", W, *usv, which)


def test_an_svd_has_six_facts() -> None:
    """There is no seventh, and none before the first."""
    for which in (6, -1, 100):
        with pytest.raises((CertificateError, IndexError)):
            derive("svd", W, *factors(Axis.of(K)), which)


def test_axes_of_the_strategies_are_axes() -> None:
    """The axes that all of these tests draw from are what the kernel calls an axis."""
    assert all(type(a) is Axis for a in AXES)
