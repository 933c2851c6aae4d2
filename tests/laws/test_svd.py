"""The axiom of singular values speaks of fresh names through a fresh size."""

from __future__ import annotations

import pytest

from symbolic_mla.errors import CertificateError, ShapeError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Atom
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws.svd import svd_facts
from tests.strategies import N, P, Q

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
