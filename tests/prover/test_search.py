"""A search does no work twice, and what it saves changes no verdict."""

from dataclasses import replace

import pytest

from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.errors import BudgetError
from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Sum
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover import numbers
from symbolic_mla.prover.decide import Refuted, Setting, decide, none_smaller
from symbolic_mla.prover.difference import difference
from symbolic_mla.prover.effort import effort, remembered, spend
from symbolic_mla.prover.rewriting import rewrite, rules_of

p = Axis.of(Var("p"))
A, B, N = (Atom(name, (p, p)) for name in "ABN")


def times(c: int, t: Atom | Sum) -> Sum:
    return Sum(((c, t),), t.axes)


def test_what_is_remembered_counts_as_work() -> None:
    """The same arguments cost the same budget the second time, though nothing is computed."""
    made = []

    @remembered
    def make(t: Atom) -> Atom:
        made.append(t)
        spend(4)
        return t

    with effort(10):
        assert make(A) == make(A) == A
        with pytest.raises(BudgetError):
            make(A)
    assert made == [A]
    with effort(10):
        make(A)
    make(A)
    assert made == [A, A, A]  # a new search knows nothing of the one before, and without one nothing is kept


def test_like_terms_are_added_up() -> None:
    """The kernel takes away what adds up to 0; what is left of 3 A B - N N + 2 A B - N N + A B are two terms."""
    left = Sum(((3, matmul(A, B)), (-1, matmul(N, N)), (2, matmul(A, B))), (p, p))
    right = Sum(((1, matmul(N, N)), (-1, matmul(A, B))), (p, p))
    assert sorted(str(n.coef) for _, n in difference(left, right).like_terms()) == ["-2", "6"]


def test_a_fact_is_used_once_for_like_terms() -> None:
    """5 A B = 2 N, where A B = N: one use of the fact, with the factor of the whole class, and no more to do."""
    fact = derive("assume", Equation(matmul(A, B), N))
    start = difference(Sum(((2, matmul(A, B)), (3, matmul(A, B))), (p, p)), times(2, N))
    found = rewrite(start, [r for r in rules_of(fact) if not r.defines], states=0)
    assert [str(c) for c, _ in found.uses] == ["5"]
    assert [str(n.coef) for _, n in found.like_terms()] == ["3"]


def test_entries_change_and_sizes_stay() -> None:
    """An instance like another one, with other entries, has their values, its coefficients computed once."""
    t = Sum(((sqrt(scalar(Var("p"))), matmul(A, transpose(A))), (-1, identity(p))), (p, p))
    one = Instance({"p": 4}, {"A": Tensor((4, 4), tuple(range(16)))})
    other = one.like({"A": Tensor((4, 4), tuple(range(16, 0, -1)))})
    fresh = Instance({"p": 4}, dict(other.tensors))
    assert one.value(t) != other.value(t) == fresh.value(t)
    assert other.layouts is one.layouts and fresh.layouts is not one.layouts


def test_instances_at_which_nothing_fails_are_passed_over() -> None:
    """A B N = 0 holds where a factor is 0: of 27 entries the three that matter are found, and are the fewest."""
    three = Axis.of(3)
    a, b, n = (Atom(name, (three, three)) for name in "ABN")
    found = decide(Equation(matmul(matmul(a, b), n), Sum((), (three, three))))
    assert isinstance(found, Refuted) and found.counterexample.smallest
    assert [sum(x != 0 for x in t.entries) for t in found.counterexample.tensors.values()] == [1, 1, 1]


def test_the_smallest_under_hypotheses() -> None:
    """U U U = U for orthogonal U holds at size 1, by the hypothesis, and fails at 2: so no smaller size fails. Of a
    larger counterexample that is not said, nor without the hypothesis, which size 1 then does not need to satisfy."""
    U = Atom("U", (p, p))
    orthogonal = Equation(matmul(transpose(U), U), identity(p))
    cube = Equation(matmul(U, matmul(U, U)), U)
    setting = Setting([derive("assume", orthogonal)], [orthogonal])
    found = decide(cube, setting)
    assert isinstance(found, Refuted) and found.counterexample.sizes == {"p": 2} and found.counterexample.smallest
    larger = replace(found.counterexample, sizes={"p": 3})
    assert not none_smaller(cube, setting, larger)
    assert not none_smaller(cube, Setting(), found.counterexample)


def test_a_false_existence_is_refuted_before_a_long_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """I = U V with one column fails at the first instance of literal sizes: no fact about ranks is looked for."""
    two, one = Axis.of(2), Axis.of(1)
    U, V = Atom("U", (two, one)), Atom("V", (one, two))
    s = Exists((U, V), (), (Equation(identity(two), matmul(U, V)),))

    def none(*_: object) -> None:
        raise AssertionError("the search was begun")

    monkeypatch.setattr(numbers, "_search", none)
    assert decide(s).verdict == "refuted"


def test_doubt_is_asked_before_long_combinations_only() -> None:
    """A short proof never asks; where no proof was found, one question ends the search."""
    asked = []

    def doubt() -> bool:
        asked.append(True)
        return True

    assert numbers.prove_comparison(rank(matmul(A, B)), "<=", rank(A), (), doubt) is not None and not asked
    assert numbers.prove_comparison(rank(A), "<=", rank(matmul(A, B)), (), doubt) is None and asked == [True]
    assert decide(Equation(A, B), Setting()).verdict == "refuted"
