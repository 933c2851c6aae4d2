"""Every rule has a test of its own, and no law can take the place of a rule or a node that is there."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.node import NODES, TAG
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.theorem import RULES, adopt, derive
from symbolic_mla.laws import replay
from tests.kernel.drawn import A

HERE = Path(__file__).parent


def test_every_rule_is_attacked() -> None:
    """A rule that is added to the kernel or to the laws is named by a test beside this one."""
    tests = [*HERE.glob("test_*.py"), *HERE.parent.glob("kernel/test_*.py")]
    text = "".join(p.read_text(encoding="utf-8") for p in tests if p.name != "test_laws.py")
    assert [rule for rule in RULES if f'"{rule}"' not in text] == []


@pytest.mark.parametrize("name", ["assume", "equation", "rank-gram", "svd"])
def test_a_law_replaces_no_rule(name: str) -> None:
    """A rule of a name that is taken is refused, and the rule that was there stays."""
    before = dict(RULES)
    with pytest.raises(CertificateError, match="is there"):
        adopt({name: lambda s: (s, frozenset())})
    assert dict(RULES) == before


def test_a_kind_replaces_no_node() -> None:
    """A kind of statement whose tag is taken is refused: `Equation`, `Rank`, or the tag of rules."""
    nodes, tags = dict(NODES), dict(TAG)

    @dataclass(frozen=True)
    class Rank(Statement):
        number: int

    @dataclass(frozen=True)
    class By(Statement):
        number: int

    for kind in (Rank, By, type("Equation", (Statement,), {})):
        with pytest.raises(CertificateError, match="is there"):
            adopt({}, kind)
    assert (dict(NODES), dict(TAG)) == (nodes, tags)


def test_a_statement_of_an_unknown_kind_is_no_theorem() -> None:
    """What occurs in a statement is found by its kind, so one of no adopted kind might hide a symbol."""

    @dataclass(frozen=True)
    class Hidden(Statement):
        inside: object

    class Disguised(Equation):
        pass

    for statement in (Hidden(A), Disguised(A, A)):
        with pytest.raises(CertificateError, match="says a statement"):
            derive("assume", statement)


def test_the_tables_are_read_only() -> None:
    """What the kernel knows is changed by `adopt` alone."""
    for table in (RULES, NODES, TAG):
        with pytest.raises(TypeError):
            table["equation"] = None  # type: ignore[index]


def test_the_kernel_alone_refuses_a_law() -> None:
    """Where `laws` is not imported, a certificate that uses one is refused, and says nothing false."""
    text = certificate(derive("rank-gram", A))
    assert replay(text)[0].conclusion == derive("rank-gram", A).conclusion
    program = (
        "import sys\nfrom symbolic_mla.errors import CertificateError\n"
        "from symbolic_mla.kernel.certificate import replay\n"
        "try: print(replay(sys.stdin.read()))\nexcept CertificateError as error: print(error.message)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], input=text, capture_output=True, text=True, timeout=60,
                          check=True)  # fmt: skip
    assert done.stdout.startswith("refused: ")


def test_certificates_that_share_their_nodes_say_the_same() -> None:
    """One dictionary for several certificates: each theorem is the one that it is alone; what is wrong is refused."""
    texts = [certificate(t) for t in (derive("rank-gram", A), derive("rank-equal", derive("assume", Equation(A, A))))]
    shared: dict[object, object] = {}
    for text in (*texts, *texts):
        (alone,), (again,) = replay(text), replay(text, shared)
        assert (alone.conclusion, alone.hypotheses, alone.axioms) == (again.conclusion, again.hypotheses, again.axioms)
    for wrong in (texts[0].replace("rank-gram", "rank-equal"), texts[1][:-3]):
        with pytest.raises(CertificateError):
            replay(wrong, shared)
