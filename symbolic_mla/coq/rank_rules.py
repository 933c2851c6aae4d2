"""The rules about ranks: one lemma of `theories/Rank.v` each, applied to matrices known entry by entry."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.coq.expression import Builder, Printer
from symbolic_mla.coq.inline import Proof
from symbolic_mla.coq.walk import Walk
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.axis import pair
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Sum
from symbolic_mla.laws.notation import identity, kron, matmul, transpose


def size(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    a, side = p.proof[1:]
    return f"have := {'rk_col' if side else 'rk_row'} {x.terms.call(a)}; arith."


def equal(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    (fact,) = p.proof[1:]
    return f"have := rk_ext {x.use(fact, given)}; arith."


def factor(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    a, b, side = p.proof[1:]
    lemma = x.product(f"{name}_e", a, b, matmul(a, b))
    return f"have := {'rk_mul_r' if side else 'rk_mul_l'} {lemma}; arith."


def subadditive(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    (a,) = p.proof[1:]
    if not isinstance(a, Sum):
        raise UnsupportedError("subadditivity of what is no sum")
    printer = Printer(x.names, x.terms, Builder(x.names, False), {})
    whole = x.terms.call(a)
    pairs = "; ".join(f"({printer.text(printer.builder.coefficient(c))} : R, {x.terms.call(p)})" for c, p in a.parts)
    listed = f"[:: {pairs}]" if pairs else f"([::] : seq (R * ({x.type(a.axes)})))"
    typed, arguments = x.binders(a.axes)
    entries = f"forall {typed}, {whole} {arguments} = \\sum_(t_ <- {listed}) t_.1 * t_.2 {arguments}"
    lemma = x.lemma(f"{name}_e", entries, f"rewrite /{whole}; by_linear.")
    return f"have := rk_sum {lemma}; rewrite /rksum /=; arith."


def of_identity(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    (axis,) = p.proof[1:]
    whole = x.terms.call(identity(axis))
    typed, arguments = x.binders((axis, axis))
    entries = f"forall {typed}, {whole} {arguments} = (x0 == x1)%:R"
    lemma = x.lemma(f"{name}_e", entries, f"rewrite /{whole}; by_deltas.")
    return f"have := rk_id {lemma}; arith."


def zero(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    fact, a = p.proof[1:]
    nothing = x.terms.call(Sum((), a.axes))
    return (f"have z_ : (rk {x.terms.call(a)} <= 0)%N by have := {x.use(fact, given)}; arith. "
            f"intros; rewrite (rk_zero z_) /{nothing}; cases; reflexivity.")  # fmt: skip


def gram(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    (a,) = p.proof[1:]
    x.names.field = "realFieldType"
    whole, turned, one = (x.terms.call(u) for u in (matmul(transpose(a), a), transpose(a), a))
    i, j = x.names.axis(a.axes[0]), x.names.axis(a.axes[1])
    statement = f"forall (x0 x1 : {j}), {whole} x0 x1 = \\sum_(j : {i}) {one} j x0 * {one} j x1"
    lemma = x.lemma(f"{name}_e", statement, f"rewrite /{whole} /{turned}; by_entries.")
    return f"have := rk_gram {lemma}; arith."


def sylvester(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    a, b = p.proof[1:]
    lemma = x.product(f"{name}_e", a, b, matmul(a, b))
    return f"have := rk_sylvester {lemma}; arith."


def frobenius(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    a, b, c = p.proof[1:]
    ab = matmul(a, b)
    lemmas = [x.product(f"{name}_{k}", *abc) for k, abc in enumerate(
        ((a, b, ab), (b, c, matmul(b, c)), (ab, c, matmul(ab, c))))]  # fmt: skip
    return f"have := rk_frobenius {' '.join(lemmas)}; arith."


def kronecker(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    a, b = p.proof[1:]
    whole, left, right = (x.terms.call(u) for u in (kron(a, b), a, b))
    builder = Builder(x.names, False)
    maps = []
    for one, two in ((a.axes[0], b.axes[0]), (a.axes[1], b.axes[1])):
        rows = []
        for i, j in builder.cells((one, two)):
            edge = {e: f"y{e}" for e in builder.edges((i, j))}
            rows.append((x.names.index(one, i, edge), x.names.index(two, j, edge),
                         x.names.index(one * two, pair(one, i, two, j), edge)))  # fmt: skip
        maps.append((f"{x.names.axis(one)}", f"{x.names.axis(two)}", f"{x.names.axis(one * two)}", rows))
    there, back = [], []
    for left_type, right_type, both, rows in maps:
        forth = " ".join(f"| {i}, {j} => {k}" for i, j, k in rows)
        there.append(f"(fun (p_ : {left_type}) (q_ : {right_type}) => match p_, q_ return {both} with {forth} end)")
        undo = " ".join(f"| {k} => ({i}, {j})" for i, j, k in rows)
        back.append(f"(fun p_ : {both} => match p_ return ({left_type} [x] {right_type}) with {undo} end)")
    entries = (f"forall i_ j_ k_ l_, {whole} ({there[0]} i_ j_) ({there[1]} k_ l_) = {left} i_ k_ * {right} j_ l_")
    lemma = x.lemma(f"{name}_e", entries, f"intros; rewrite /{whole}; cases; nested_sides.")
    inverse = "ltac:(by intros; cases)"
    return (f"have := @rk_kron _ _ _ _ _ _ _ {there[0]} {back[0]} {there[1]} {back[1]} {left} {right} {whole} "
            f"{inverse} {inverse} {lemma}; arith.")  # fmt: skip
