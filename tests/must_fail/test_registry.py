"""What is adopted, patched or pickled in one process proves nothing in another."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel import node, theorem
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom
from symbolic_mla.kernel.theorem import Theorem, adopt, derive
from symbolic_mla.laws import existence, order, rank, softmax, svd
from tests.must_fail.forge import GENUINE, A, B, P, nodes_of, refused_or_true, text

FALSE = Equation(A, B)
FRESH = (
    "import sys, pathlib\n"
    "from symbolic_mla.errors import CertificateError\n"
    "from symbolic_mla.laws import replay\n"
    "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
    "    try: print(path.name, *((t.conclusion, t.hypotheses) for t in replay(path.read_text(encoding='utf-8'))))\n"
    "    except CertificateError: pass\n"
)


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The tables of rules, nodes and constants, as they were afterwards."""
    for module, name in ((theorem, "_RULES"), (node, "_NODES"), (node, "_TAG")):
        for key, value in getattr(module, name).items():
            monkeypatch.setitem(getattr(module, name), key, value)
    return monkeypatch


def lied(*theorems: Theorem, at: Path) -> str:
    """What a fresh process says of their certificates: nothing, if it refuses all."""
    for number, t in enumerate(theorems):
        (at / f"{number}").write_text(certificate(t), encoding="utf-8")
    command = [sys.executable, "-c", FRESH, str(at)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    return done.stdout


@dataclass(frozen=True)
class Believed(Statement):
    """A kind of statement that no process knows but this one."""

    what: Statement


def test_what_is_adopted_here_is_refused_elsewhere(tables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rule and a kind of statement that were added to this process, and all that rests on them."""
    name = "believe"
    try:
        adopt({name: lambda s: (s, frozenset())}, Believed)
        false = derive(name, FALSE)
        lies = [false, derive("rank-equal", false), derive(name, Believed(FALSE)), derive("assume", Believed(FALSE)),
                derive("cut", derive("assume", FALSE), false)]  # fmt: skip
        assert false.conclusion == FALSE
        assert not false.hypotheses
        assert lied(*lies, at=tmp_path) == ""
    finally:
        theorem._RULES.pop(name, None)
        node._NODES.pop("believed", None)
        node._TAG.pop(Believed, None)


def test_no_rule_and_no_kind_is_adopted_in_the_place_of_another() -> None:
    """The names of rules and nodes are taken; the tables are read, and not written."""
    for taken in ("assume", "equation", "rank-gram", "svd", "softmax-injective"):
        with pytest.raises(CertificateError, match="a rule of this name is there"):
            adopt({taken: lambda *_: FALSE})
    for kind in (type("Rank", (Statement,), {}), type("EQUATION", (Statement,), {}), type("By", (Statement,), {})):
        with pytest.raises(CertificateError, match="is there"):
            adopt({}, kind)
    for table in (theorem.RULES, node.NODES, node.TAG):
        with pytest.raises(TypeError):
            table["x"] = None  # type: ignore[index]


def _never(*_: Any, **__: Any) -> None:
    """A check that finds nothing wrong."""


def _a_name_for_softmax() -> list[Theorem]:
    """A law of softmax, said of every function."""
    theorem._CONSTANTS.discard("softmax")
    try:
        return [derive("instance", derive("softmax-rows", A), (), (), (), (("softmax", "f"),))]
    finally:
        theorem._CONSTANTS.add("softmax")


def _without_checks() -> list[Theorem]:
    """Each law with its checks switched off."""
    x = Atom("X", A.axes)
    weights = Equation(Apply("f", A), Apply("f", B))
    for_all = derive("assume", existence.Exists((), (x,), (FALSE,)))
    made: list[Callable[[], Theorem]] = [
        lambda: derive("zero-squares", derive("arithmetic", rank.rank(A), "=", rank.rank(A), ()), A),
        lambda: derive("rank-zero", derive("arithmetic", rank.rank(A), "<=", rank.rank(A), ()), A),
        lambda: derive("antisymmetry", derive("rank-size", A, 0), derive("rank-size", A, 0)),
        lambda: derive("exists-rank", existence.Exists((x,), (), (Equation(A, x),)), derive("rank-size", A, 0), "svd"),
        lambda: derive("cut", for_all, derive("assume", weights)),
    ]
    found = []
    for make in made:
        try:
            found.append(make())
        except (CertificateError, AttributeError, ValueError):
            continue
    return found


def test_laws_without_their_checks_are_refused_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Monkeypatched laws, tables of constants and constructors: what they make here is refused there."""
    monkeypatch.setattr(rank, "factorised", lambda s: (A, P))
    for module in (theorem, existence, order, rank, softmax, svd):
        monkeypatch.setattr(module, "need", _never)
    monkeypatch.setattr(existence, "free_of", _never)
    made = [*_a_name_for_softmax(), *_without_checks()]
    assert len(made) >= 4
    assert lied(*made, at=tmp_path) == ""


def test_a_patched_constructor_does_not_travel(tables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A node that is made otherwise here is written as what it is, and made there as it must be."""
    tables.setitem(node._NODES, "equation", (Equation, lambda left, right: Equation(right, right)))
    proved = derive("instance", GENUINE["stack"], (), (), (), ())
    said = lied(proved, at=tmp_path)
    assert repr(GENUINE["stack"].conclusion) in said or said == ""


def test_what_is_pickled_and_changed_is_made_again() -> None:
    """A term whose axes, or whose hash, were changed behind its back is written by what it is made of."""
    liar = pickle.loads(pickle.dumps(A))
    object.__setattr__(liar, "axes", (P, P))
    for make in (lambda: derive("rank-size", liar, 1), lambda: derive("rank-gram", liar),
                 lambda: derive("rank-kron", liar, liar)):  # fmt: skip
        try:
            written = certificate(make())
        except (CertificateError, ValueError):
            continue
        refused_or_true(written)
    hashed = pickle.loads(pickle.dumps(FALSE))
    object.__setattr__(hashed.right, "_hash", hash(hashed.left))
    with pytest.raises(CertificateError):
        derive("cut", derive("assume", FALSE), GENUINE["stack"])


@pytest.mark.parametrize("name", sorted(GENUINE))
def test_nodes_that_are_shared_may_not_change_their_meaning(name: str) -> None:
    """Every reference of a proof turned to the node before it: what two places share is then another thing for both."""
    nodes = nodes_of(GENUINE[name])
    for k, own in enumerate(nodes):
        if k and own[0] != "by":
            refused_or_true(text(*nodes[:k], nodes[k - 1], *nodes[k + 1 :]))
