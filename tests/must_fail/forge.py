"""Certificates to attack, and what is left of a certificate that was tampered with: refused, or true as it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from symbolic_mla import algebra as al
from symbolic_mla.algebra.certify import certificate
from symbolic_mla.algebra.occurring import subterms, terms_of, variables
from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.certificate import HEADER
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Atom, Einsum, Pick, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws import replay
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul, transpose
from symbolic_mla.laws.order import entry, extreme
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover.decide import Proved, Setting, decide
from symbolic_mla.selftest.instances import fits
from symbolic_mla.selftest.truth import true_at
from tests.dense import World

n, p, q, m = (Var(x) for x in "npqm")
N, P, Q, M = map(Axis.of, (n, p, q, m))
A, B, S, X = Atom("A", (P, Q)), Atom("B", (P, Q)), Atom("S", (P, P)), Atom("X", (N * P, Q))


def proved(statement: Any, *facts: Theorem, witnesses: tuple[Term, ...] | None = None) -> Theorem:
    """A theorem of the prover."""
    found = decide(statement, Setting(facts=facts), witnesses)
    if not isinstance(found, Proved):
        raise TypeError(f"not proved: {statement!r}")
    return found.theorem


def genuine() -> dict[str, Theorem]:
    """True theorems, one for each way of proving."""
    u, v = Atom("U", (P, M)), Atom("V", (M, Q))
    square = al.power(al.add(S, transpose(S)), 2)
    gram = derive("assume", Equation(matmul(transpose(A), A), al.identity(Q)))
    return {
        "equation": proved(Equation(square, al.add(
            matmul(S, S), matmul(S, transpose(S)), matmul(transpose(S), S), matmul(transpose(S), transpose(S))))),
        "function": proved(Equation(Apply("f", al.tile(al.add(A, B), N)), al.tile(Apply("f", al.add(B, A)), N))),
        "stack": proved(Equation(al.tile(A, 2), al.stack(A, A))),
        "trace": proved(Equation(al.trace(matmul(matmul(S, S), S)), al.trace(matmul(S, matmul(S, S))))),
        "hypothesis": proved(Equation(matmul(matmul(A, transpose(A)), A), A), gram),
        "rank": proved(Compare(rank(al.tile(A, N)), "=", rank(A))),
        "squares": squares(),
        "sizes": proved(Compare(rank(A), "<=", extreme("min", (scalar(p), scalar(q))))),
        "exists": proved(Exists((u,), (), (Equation(matmul(u, Atom("C", (M, Q))), al.zeros(P, Q)),)),
                         witnesses=(al.zeros(P, M),)),
        "factors": derive("exists-rank", Exists((u, v), (), (Equation(A, matmul(u, v)),)),
                          derive("assume", Compare(rank(A), "<=", scalar(m))), "rank-factorisation"),
        "for all": everywhere(),
    }  # fmt: skip


def everywhere() -> Theorem:
    """A x = B x for all x gives A = B: taken at the unit vectors, at a position that is any."""
    x, eye = Atom("x", (Q,)), al.identity(Q)

    def applied(t: Term, v: Term) -> Term:
        return Einsum(((t, ((0,), (1,))), (v, ((1,),))), ((0,),), (P, Q))

    for_all = derive("assume", Exists((), (x,), (Equation(applied(A, x), applied(B, x)),)))
    column = derive("forall-use", for_all, (Pick(eye, 0, "j"),), 0)
    return derive("everywhere", proved(Equation(Pick(A, 1, "j"), Pick(B, 1, "j")), column))


def squares() -> Theorem:
    """2 tr(Aᵀ B) <= tr(Aᵀ A) + tr(Bᵀ B), since what is between is a square."""

    def paired(a: Term, b: Term) -> Term:
        return Einsum(((a, ((0,), (1,))), (b, ((0,), (1,)))), (), (P, Q))

    gap = Sum(((1, paired(A, A)), (1, paired(B, B)), (-2, paired(A, B))), ())
    off = al.subtract(A, B)
    equal = derive("entry", proved(Equation(gap, paired(off, off))))
    ends = 2 * entry(paired(A, B)), entry(paired(A, A)) + entry(paired(B, B))
    return derive("arithmetic", ends[0], "<=", ends[1], ((-1, equal),))


def text(*nodes: Any, theorems: Iterable[str] | None = None) -> str:
    """A certificate from nodes; without `theorems`, its last node is its theorem."""
    last = ["theorems", *(theorems if theorems is not None else (f"#{len(nodes) - 1}",))]
    return "\n".join(json.dumps(x, ensure_ascii=False) for x in (HEADER, *nodes, last)) + "\n"


def nodes_of(t: Theorem) -> list[Any]:
    """The nodes of a theorem's certificate."""
    return [json.loads(line) for line in certificate(t).splitlines()[1:-1]]


def false_somewhere(t: Theorem) -> World | None:
    """A small world in which the hypotheses of a theorem are true and its conclusion is not."""
    terms = [x for s in (t.conclusion, *t.hypotheses) for x in terms_of(s)]
    known = variables(*terms)
    for seed in range(8):
        sizes = {
            v: v.low + (seed * (k + 1)) % 3 for k, v in enumerate(sorted(known, key=repr)) if v.sign == "dimension"
        }
        w = World(sizes, seed)
        try:
            if any(size > 50 for size in sizes.values()) or not fits(w, *terms):
                continue
            for k, a in enumerate(sorted({x for x in subterms(*terms) if isinstance(x, Atom)}, key=repr)):
                if seed >= 4:  # matrices of small rank, each of another
                    w.tensors[a] = w.tensor(a) * 0 + (seed + k) % 2
            if all(true_at(h, w) for h in t.hypotheses) and not true_at(t.conclusion, w):
                return w
        except (TypeError, ValueError, AttributeError):  # a form without a naive meaning
            continue
    return None


GENUINE = genuine()
TEXTS = {name: certificate(t) for name, t in GENUINE.items()}


def refused_or_true(forged: str) -> None:
    """`replay` raises CertificateError and nothing else, or the theorems hold wherever they can be evaluated."""
    try:
        theorems = replay(forged)
    except CertificateError:
        return
    for t in theorems:
        assert type(t) is Theorem
        w = false_somewhere(t)
        assert w is None, f"{t.conclusion} is false at {w}"
