"""Refutations over `rat`: the instance, what is assumed there, and what fails."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.coq import coq_version, verify
from symbolic_mla.coq.counterexamples import rational_instance
from symbolic_mla.coq.exact_ranks import exact_rank
from symbolic_mla.coq.mutate import changed
from symbolic_mla.coq.readback import read_back_refutation
from symbolic_mla.coq.refutation import refuted
from symbolic_mla.coq.verify import accepted
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover.refute import Problem, find_counterexample

n, m = (Axis.of(Var(x)) for x in "nm")
A, B, W = Atom("A", (n, n)), Atom("B", (n, n)), Atom("W", (m, n * m))
U, V = Atom("U", (n * n, m)), Atom("V", (m, n))
T = Atom("T", (n * n, n))
size = scalar(Var("n"))

FALSE: dict[str, tuple[Statement, list[Statement]]] = {
    "products_commute": (Equation(matmul(A, B), matmul(B, A)), []),
    "function_of_a_sum": (Equation(al.apply("f", al.add(A, B)), al.add(al.apply("f", A), al.apply("f", B))), []),
    "orthogonal_is_symmetric": (Equation(A, transpose(A)), [Equation(matmul(transpose(A), A), identity(n))]),
    "full_rank": (Compare(rank(W), "=", scalar(Var("m"))), []),
    "any_latent": (Exists((U, V), (), (Equation(T, matmul(U, V)),)), []),
    "root": (Equation(al.scale(sqrt(size), A), A), []),
}


def script(name: str) -> tuple[str, list[str]]:
    """The script of a false statement, and what is misread in it."""
    statement, hypotheses = FALSE[name]
    problem = Problem(statement, hypotheses)
    found = rational_instance(problem) if name == "root" else find_counterexample(problem)
    assert found is not None
    text, made = refuted(statement, hypotheses, found, name)
    return text, read_back_refutation(text, made, hypotheses, statement)


@pytest.mark.parametrize("name", FALSE)
def test_the_script_states_the_instance(name: str) -> None:
    """Read back, the script has the sizes, entries and functions of the counterexample, and negates the statement."""
    text, problems = script(name)
    assert problems == [] and "~ (" in text
    statement, hypotheses = FALSE[name]
    found = find_counterexample(Problem(statement, hypotheses)) if name != "root" else None
    if found is not None and found.tensors:
        _, made = refuted(statement, hypotheses, found, name)
        other = text.replace(" : finType := ord ", " : finType := ord 1", 1)
        assert read_back_refutation(other, made, hypotheses, statement) != []


@pytest.mark.skipif(coq_version() is None, reason="coqc is not installed")
def test_coq_accepts_refutations_and_refuses_their_opposites(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each is accepted with a closed context; with the statement affirmed instead of denied each is refused."""
    cache = Path(tmp_path_factory.getbasetemp()) / "coq"
    scripts = {name: script(name)[0] for name in FALSE}
    assert [v for v in verify(scripts, jobs=2, cache=cache) if not v.ok] == []
    made = changed(scripts, 1)
    assert len(made) == len(FALSE)
    assert accepted({k: t for k, (t, _) in made.items()}, {k: t for k, (_, t) in made.items()}, cache=cache) == []


def test_irrational_instances_are_named() -> None:
    """An instance with a root that is no rational number has no script over `rat`."""
    statement = FALSE["root"][0]
    found = find_counterexample(Problem(statement))
    assert found is not None
    with pytest.raises(UnsupportedError, match="is not rational"):
        refuted(statement, (), found, "root")


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_exact_rank_is_shown(height: int, width: int, data: st.DataObject) -> None:
    """M = U V and L M S = I, whatever the rank."""
    entry = st.integers(-2, 2).map(Fraction)
    rows = data.draw(st.lists(st.lists(entry, min_size=width, max_size=width), min_size=height, max_size=height))

    def times(a: list[list[Fraction]], b: list[list[Fraction]], columns: int) -> list[list[Fraction]]:
        return [[sum((x * b[k][j] for k, x in enumerate(row)), start=Fraction(0)) for j in range(columns)] for row in a]

    u, v, left, right = exact_rank(rows)
    r = len(v)
    assert times(u, v, width) == rows
    assert times(times(left, rows, width), right, r) == [[Fraction(i == j) for j in range(r)] for i in range(r)]
