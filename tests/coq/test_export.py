"""Scripts that Coq accepts, scripts that it must refuse, and what is said of what can't be exported."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.coq import coq_version, export, export_all, verify
from symbolic_mla.coq.mutate import changed
from symbolic_mla.coq.script import HEADER
from symbolic_mla.coq.verify import accepted
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Atom, Pick, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul, transpose
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover.decide import Proved, decide

needs_coq = pytest.mark.skipif(coq_version() is None, reason="coqc is not installed")

n, d, p, q = (Axis.of(Var(x)) for x in "ndpq")
A, B, C, S = Atom("A", (p, q)), Atom("B", (q, p)), Atom("C", (p, q)), Atom("S", (p, p))
M = Atom("M", (n, q))
size = scalar(Var("n"))


def proved(left: Term, right: Term) -> Theorem:
    """The theorem that two terms are equal."""
    verdict = decide(Equation(left, right))
    assert isinstance(verdict, Proved)
    return verdict.theorem


def equations() -> Iterator[tuple[str, Theorem]]:
    """Each former at least once."""
    root = 1 / sqrt(size + scalar(Var("d")))
    yield "trace_is_cyclic", proved(al.trace(matmul(A, B)), al.trace(matmul(B, A)))
    yield "trace_of_identity", proved(al.trace(al.identity(p)), al.scale(scalar(Var("p")), al.ones()))
    yield "difference_cancels", proved(al.subtract(al.add(A, C), A), C)
    yield "two_copies", proved(al.tile(A, 2), al.stack(A, A))
    yield "halves", proved(al.add(al.scale(Fraction(1, 2), A), al.scale(Fraction(1, 2), A)), A)
    yield "roots", proved(al.scale(root, al.scale(root, A)), al.scale(1 / (size + scalar(Var("d"))), A))
    a = scalar(Var("a", "positive"))
    b = a + scalar(Var("ε", "positive"))  # a Coq identifier is spelled in ASCII: like a
    yield "spelled_alike", proved(al.scale(1 / a, al.scale(1 / b, A)), al.scale(1 / b, al.scale(1 / a, A)))
    yield "blocks", proved(matmul(al.hstack(A, S), al.stack(B, S)), al.add(matmul(A, B), matmul(S, S)))
    yield "function_of_blocks", proved(al.apply("f", al.hstack(al.add(A, C), S)),
                                       al.apply("f", al.hstack(al.add(C, A), S)))  # fmt: skip
    yield "functions_nested", proved(al.apply("f", al.apply("g", matmul(matmul(A, B), A))),
                                     al.apply("f", al.apply("g", matmul(A, matmul(B, A)))))  # fmt: skip
    nothing = al.einsum("p q -> q", al.apply("f", al.subtract(A, A)))  # p is summed, and only f's argument names it
    yield "function_of_nothing", proved(nothing, al.einsum("p q -> q", al.apply("f", al.subtract(C, C))))
    yield "positions", proved(Apply("m", al.add(A, C), (0,)), Apply("m", al.add(C, A), (0,)))
    yield "picked", proved(Pick(al.add(M, M), 0, "h"), al.scale(2, Pick(M, 0, "h")))


def others() -> Iterator[tuple[str, Theorem]]:
    """Each rule that is no equation of its own at least once, on structured axes where it has any."""
    yield "kronecker", derive("rank-kron", Atom("L", (n * d, p)), Atom("K", (q, p + q)))
    lemma = derive("rank-factor", A, B, 0)
    yield "instance", derive("instance", lemma, ((Var("p"), n * d), (Var("q"), p + p)), (), (), ())
    fact = derive("assume", Equation(A, C))
    replaced = derive("congruence", matmul(Atom("X", (p, q)), B), Atom("X", (p, q)), fact)
    equal = proved(al.add(A, C), al.add(C, A))
    yield "cut", derive("cut", derive("rank-equal", replaced), derive("assume", Equation(A, C)))
    yield "congruence", derive("congruence", al.apply("f", Atom("X", (p, q))), Atom("X", (p, q)), equal)
    yield "multiplier", derive("arithmetic", size, "<=", size * scalar(Var("d")), ())
    yield "large", derive("arithmetic", scalar(32_257), "<=", scalar(32_768), ())
    low = derive("assume", Compare(rank(Atom("L", (n * d, p + q))), "<=", scalar(0)))
    yield "rank_0", derive("rank-zero", low, Atom("L", (n * d, p + q)))
    root = sqrt(scalar(Var("a", "positive")) + size)
    yield "roots_of_scalars", derive("arithmetic", root * root, "=", root * root, ())
    unknown, token = Atom("U", (p, p)), Atom("T", (q, p))
    for_all = Exists((unknown,), (token,), (Equation(matmul(token, unknown), al.scale(2, token)),))
    twice = al.scale(2, al.identity(p))
    yield "for_all", derive("exists-witness", for_all, (twice,),
                            (proved(matmul(token, twice), al.scale(2, token)),))  # fmt: skip


@needs_coq
def test_coq_accepts_each_former_and_rule_and_refuses_a_change(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every former and rule is closed under the global context; the same with any one step changed is refused."""
    cache = Path(tmp_path_factory.getbasetemp()) / "coq"
    exported = export_all([*equations(), *others()])
    assert not exported.unsupported and not exported.misread
    assert [v for v in verify(exported.scripts, jobs=2, cache=cache) if not v.ok] == []
    made = changed({k: exported.scripts[k] for k in ("trace_is_cyclic", "kronecker", "for_all", "large")}, 4)
    assert len(made) > 6
    assert accepted({k: t for k, (t, _) in made.items()}, {k: t for k, (_, t) in made.items()}, cache=cache) == []


@needs_coq
def test_an_axiom_is_seen(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A script that rests on an axiom is accepted by Coq and not verified by us."""
    cache = Path(tmp_path_factory.getbasetemp()) / "coq"
    (found,) = verify({"bad": "Axiom cheat : False.\nTheorem t : False. exact cheat. Qed.\nPrint Assumptions t.\n"},
                      cache=cache)  # fmt: skip
    assert found.accepted and not found.ok and "cheat : False" in found.assumptions


@needs_coq
def test_among_many_the_one_that_is_wrong_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Scripts are compiled together; what Coq refuses, and what rests on an axiom, is said of that script alone."""
    cache = Path(tmp_path_factory.getbasetemp()) / "coq"
    good = {name: export(derive("rank-size", A, k), name) for k, name in enumerate(("rows", "columns"))}
    refused = good["rows"].replace("rows", "refused").replace("as_stated", "exact I; as_stated", 1)
    assumed = f"{HEADER}Axiom cheat : False.\nTheorem assumed : False. exact cheat. Qed.\nPrint Assumptions assumed.\n"
    found = verify({"refused": refused, **good, "assumed": assumed}, cache=cache)
    assert [(v.name, v.accepted, v.ok) for v in found] == [
        ("refused", False, False), ("rows", True, True), ("columns", True, True), ("assumed", True, False)]  # fmt: skip
    assert found[0].message and "cheat : False" in found[3].assumptions


def test_what_cannot_be_exported_is_named() -> None:
    """A statement without a counterpart raises, and `export_all` lists the reason."""
    half = derive("arithmetic", rank(A) / 2, "<=", rank(A), ())
    with pytest.raises(UnsupportedError, match="a comparison with fractions is not exported"):
        export(half, "half")
    found = export_all([("half", half), ("rows", derive("rank-size", A, 0))])
    assert list(found.scripts) == ["rows"]
    assert found.unsupported == {"half": "a comparison with fractions is not exported"}


def test_export_is_deterministic() -> None:
    """The same theorem gives the same text."""
    first, second = (dict(equations()) for _ in range(2))
    assert all(export(first[k], k) == export(second[k], k) for k in ("roots", "functions_nested"))


def test_the_statement_is_in_plain_sight() -> None:
    """The script states the sum that a product is, over the index types of its symbols."""
    script = export(proved(transpose(matmul(A, B)), matmul(transpose(B), transpose(A))), "turned")
    assert "\\sum_(i2 : q) ((A i0 i2) * (B i2 i1))" in script
    assert "Variable A : v_p -> q -> R." in script or "Variable A : p -> q -> R." in script
