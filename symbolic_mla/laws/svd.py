"""Singular value decomposition, as an axiom: every real matrix has one.

Source: Eckart and Young, *A principal axis transformation for non-Hermitian matrices* (1939); Horn and Johnson, *Matrix
Analysis*, 2nd ed., theorem 2.6.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import names, need, nodes
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Einsum, Term
from symbolic_mla.laws.notation import identity, matmul, transpose


def svd_facts(w: Term, u: Atom, s: Atom, v: Atom) -> tuple[Statement, ...]:
    """What `obtain U, S, V from svd(W)` gives: U and V orthonormal, S diagonal, W = U S V^T, k <= both sizes."""
    k = u.axes[1]
    eye = identity(k)
    diagonal = Einsum(((s, ((0,), (1,))), (eye, ((0,), (1,)))), ((0,), (1,)), (k, k))
    return (
        Equation(matmul(transpose(u), u), eye), Equation(matmul(transpose(v), v), eye), Equation(s, diagonal),
        Equation(w, matmul(matmul(u, s), transpose(v))),
        *(Compare(k.size(), "<=", w.axes[i].size()) for i in (0, 1)),
    )  # fmt: skip


def _svd(w: Term, u: Atom, s: Atom, v: Atom, which: int) -> Any:
    """One of these facts, through a fresh size k; it stays a hypothesis, since U, S and V are fresh symbols."""
    facts = svd_facts(w, u, s, v)
    inner = u.axes[1].runs[0].heads[:1]
    fresh = all(k.low == 1 and k not in nodes(w) and u.axes[1] == Axis.of(k) for k in inner)
    need(inner != () and fresh, "the inner size of an SVD is a fresh symbol")
    need(len({u.name, s.name, v.name} - names(w)) == 3, "U, S and V are fresh")
    need(0 <= which < len(facts), "no such fact")
    return facts[which], frozenset({facts[which]}), "svd"


RULES: Mapping[str, Callable[..., Any]] = {"svd": _svd}
