"""The rules about existence and equivalence."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.coq.expression import Builder
from symbolic_mla.coq.inline import Proof
from symbolic_mla.coq.statements import Statements
from symbolic_mla.coq.walk import Walk, hypotheses
from symbolic_mla.kernel.axis import inject
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Atom, Stack, Term
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.rank import factorised


def witness(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    s, witnesses, proofs = p.proof[1:]
    if s.inner:
        used = [for_all(x, s.inner, q, f"{name}_{k}", given) for k, q in enumerate(proofs)]
    else:
        used = [x.use(q, given) for q in proofs]
    body = used[-1]
    for u in reversed(used[:-1]):
        body = f"(conj {u} {body})"
    x.names.hidden |= {a.name for a in s.inner}
    typed = "".join(f"({x.bound(a)}) " for a in s.inner)
    x.names.hidden -= {a.name for a in s.inner}
    return (f"{''.join(f'exists {x.terms.call(w)}. ' for w in witnesses)}"
            f"exact {f'(fun {typed}=> {body})' if typed else body}.")  # fmt: skip


def for_all(x: Walk, inner: Sequence[Atom], q: Proof, name: str, given: Sequence[Statement]) -> str:
    """A proof for any value of some symbols: a closed section of its own, applied to what this one declares."""
    own = Walk(x.names.split, x.rules)
    text = own.theorem(q, name)
    x.before.append(f"Module Any_{name}.\n{text}End Any_{name}.\n")
    kinds = ["comRingType", "fieldType", "realFieldType"]
    x.names.field = max(x.names.field, own.names.field, key=kinds.index)
    arguments = ["R" if own.names.field == "comRingType" else "F"]
    quantified = {a: f"bound {a.name}" for a in inner}
    for kind, _, thing in own.variables():
        n = x.names
        if isinstance(thing, Atom):
            arguments.append(n.name(quantified[thing]) if thing in quantified else x.terms.call(thing))
        elif kind in ("size", "bound"):
            arguments.append(n.sort_text(thing) + ("_low" if kind == "bound" else ""))  # type: ignore[arg-type]
        elif kind == "position":
            arguments.append(n.picks.setdefault(thing, n.name(f"position {thing[0]}")))  # type: ignore[arg-type,index]
        elif kind in ("number", "relation"):
            arguments.append(n.number_name(thing) + ("E" if kind == "relation" else ""))  # type: ignore[arg-type]
        else:
            n.function(thing)  # type: ignore[arg-type]
            arguments.append(n.kinds[thing])  # type: ignore[index]
    premises = dict(zip(given, hypotheses(given), strict=True))
    needed = [premises[s] for s in sorted(q.hypotheses, key=repr)]
    return f"(@Any_{name}.{name} {' '.join([*arguments, *needed])})"


def from_rank(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    s, bound, _ = p.proof[1:]
    stacked, m = factorised(s)
    fact = x.use(bound, given)
    inner = x.names.axis(m)
    whole = x.terms.call(stacked)
    v = next(a for a in s.unknowns if all(e.right.children()[1] == a for e in s.equations))
    choices = []
    for u in s.unknowns:
        k = next((k for k, e in enumerate(s.equations) if e.right.children()[0] == u), None)
        choices.append("V_" if u == v or k is None else f"(fun i_ m_ => U_ ({injection(x, stacked, k)} i_) m_)")
    parts = []
    for k, e in enumerate(s.equations):
        side = x.terms.call(e.left)
        moved = f"({injection(x, stacked, k)} x0)"
        unfold = "" if whole == side else f"rewrite /{whole}; "
        parts.append(f"(intros x0 x1; transitivity ({whole} {moved} x1); "
                     f"[{unfold}cbv beta; cases; reflexivity"
                     " | rewrite e_; cbv beta; cases; symmetry; nested_sides])")  # fmt: skip
    split = " | ".join(parts)
    tactic = parts[0] if len(parts) == 1 else f"repeat apply conj; [{split}]"
    return (f"have [|U_ [V_ e_]] := @fact_of_rk _ _ _ ({inner}) {whole}; first by have := {fact}; arith. "
            + "".join(f"exists {c}. " for c in choices) + f"{tactic}.")  # fmt: skip


def injection(x: Statements, stacked: Term, k: int) -> str:
    """Index k-th part -> index of the stack, as a function."""
    parts = [p.axes[0] for p in stacked.parts] if isinstance(stacked, Stack) else [stacked.axes[0]]
    if not isinstance(stacked, Stack) or len(parts) == 1:
        return "id"
    builder = Builder(x.names, False)
    rows = []
    for (i,) in builder.cells([parts[k]]):
        edge = {e: f"y{e}" for e in builder.edges([i])}
        target = x.names.index(stacked.axes[0], inject(parts, k, i), edge)
        rows.append(f"| {x.names.index(parts[k], i, edge)} => {target}")
    return (f"(fun p_ : {x.names.axis(parts[k])} => "
            f"match p_ return {x.names.axis(stacked.axes[0])} with {' '.join(rows)} end)")  # fmt: skip


def to_rank(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    (fact,) = p.proof[1:]
    return f"{bound_of_factors(x, fact.conclusion, x.use(fact, given))} have := h_; arith."


def bound_of_factors(x: Statements, s: Exists, fact: str) -> str:
    """Tactics that give h_ : rank <= size of the factorisation, from a proof of it."""
    stacked, m = factorised(s)
    whole, inner = x.terms.call(stacked), x.names.axis(m)
    us = [f"u{k}_" for k in range(len(s.unknowns))]
    v = us[next(k for k, a in enumerate(s.unknowns) if all(e.right.children()[1] == a for e in s.equations))]
    es = [f"e{k}_" for k in range(len(s.equations))]
    destruct = es[-1]
    for e in reversed(es[:-1]):
        destruct = f"[{e} {destruct}]"
    for u in reversed(us):
        destruct = f"[{u} {destruct}]"
    owner = [us[next(k for k, a in enumerate(s.unknowns) if e.right.children()[0] == a)] for e in s.equations]
    if len(es) == 1:
        left = owner[0]
    else:
        builder = Builder(x.names, False)
        rows = {}
        parts = [q.axes[0] for q in stacked.parts] if isinstance(stacked, Stack) else []
        for k in range(len(parts)):
            for (i,) in builder.cells([parts[k]]):
                edge = {e: f"y{e}" for e in builder.edges([i])}
                key = x.names.index(stacked.axes[0], inject(parts, k, i), edge)
                rows[key] = f"{owner[k]} {x.names.index(parts[k], i, edge)} m_"
        text = " ".join(f"| {key} => {body}" for key, body in rows.items())
        left = f"(fun (p_ : {x.names.axis(stacked.axes[0])}) (m_ : {inner}) => match p_ with {text} end)"
    unfold = "" if len(es) == 1 else f"rewrite /{whole}; "
    known = " ".join(f"?{e}" for e in es)
    return (f"have {destruct} := {fact}. have h_ : (rk {whole} <= #|{inner}|)%N. "
            f"apply: (@rk_of_fact _ _ _ ({inner}) {whole} {left} {v}); intros; {unfold}cases; rewrite {known}; cases; "
            f"nested_sides.")  # fmt: skip


def equivalence(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    left, right, there, back = p.proof[1:]
    outer = dict(zip(given, hypotheses(given), strict=True))

    def side(q: Proof, assumed: Statement) -> str:
        return f"(fun h_ => {x.applied_to(x.prove(q), {**outer, assumed: 'h_'})})"

    return f"exact (conj {side(there, left)} {side(back, right)})."


def equivalent(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    both, one = p.proof[1:]
    which = "proj1" if one.conclusion == both.conclusion.left else "proj2"
    return f"exact ({which} {x.use(both, given)} {x.use(one, given)})."
