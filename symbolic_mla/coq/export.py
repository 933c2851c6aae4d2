"""Export: a theorem of the kernel as a Coq script that proves it again, step by step of its certificate.

Source of the mathematics: the rules of `kernel.theorem`, one lemma each in `theories/Rank.v`; equations go
through the certified check of `theories/Network.v`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from symbolic_mla.coq.expression import Builder, Printer
from symbolic_mla.coq.script import Script
from symbolic_mla.errors import BudgetError, InputError, UnsupportedError
from symbolic_mla.kernel.axis import Axis, NeedSplit, inject
from symbolic_mla.kernel.scalar import Generator, Number, Scalar, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Extreme, Iff, Rank, Statement, identity, matmul, transpose
from symbolic_mla.kernel.term import Atom, Stack, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, factorised

MAX_SPLITS = 12


@dataclass(frozen=True)
class Step:
    """A lemma of the script: its name, and the hypotheses that it takes as premises."""

    name: str
    premises: tuple[Statement, ...]


def export(theorem: Theorem, name: str) -> str:
    """The theorem as a self-contained Coq script, whose last lemma is called `name`.

    >>> from symbolic_mla.kernel.theorem import derive
    >>> p = Axis.of(Var("p"))
    >>> print(export(derive("rank-size", Atom("A", (p, p)), 0), "rows").splitlines()[-2])
    End Proof_of_rows.

    Raises:
        UnsupportedError: for a rule or a former that is not exported; the message names it.
    """
    split: frozenset[int] = frozenset()
    for _ in range(MAX_SPLITS):
        try:
            return Export(theorem, name, split).script()
        except NeedSplit as need:
            split |= {need.size}
    raise UnsupportedError("too many literal axes would have to be taken apart")


@dataclass(frozen=True)
class Exported:
    """The scripts of some theorems by their identifiers, and, for those that have none, the reason."""

    scripts: dict[str, str]
    unsupported: dict[str, str]


def export_all(theorems_: Iterable[tuple[str, Theorem]]) -> Exported:
    """The scripts of (identifier, theorem) pairs. Nothing is left out in silence: see `unsupported`.

    Raises:
        InputError: when two identifiers give one name in Coq.
    """
    scripts: dict[str, str] = {}
    unsupported: dict[str, str] = {}
    for identifier, theorem in theorems_:
        name = re.sub(r"\W", "_", identifier, flags=re.ASCII)
        name = name if name[:1].isalpha() else f"T_{name}"
        if name in scripts:
            raise InputError(f"two theorems are called {name} in Coq", hint="rename one of the claims")
        try:
            scripts[name] = export(theorem, name)
        except (UnsupportedError, BudgetError) as error:
            unsupported[identifier] = error.message
    return Exported(scripts, unsupported)


class Export(Script):
    """The walk over a proof, premises first."""

    def __init__(self, theorem: Theorem, name: str, split: frozenset[int]) -> None:
        super().__init__(split)
        self.theorem, self.title = theorem, name
        self.given = sorted(theorem.hypotheses, key=repr)
        self.done: dict[int, Step] = {}
        self.alive: list[Theorem] = []
        self.count = 0

    def script(self) -> str:
        """The whole text."""
        step = self.prove(self.theorem)
        premises = [f"{h} " for h in self._hypotheses(self.given)]
        statement = "".join(f"({self.statement(s)}) ->\n  " for s in self.given)
        statement += self.statement(self.theorem.conclusion)
        arguments = "".join(premises)
        body = f"fun {arguments}=> {self.use(step, self.given)}" if premises else self.use(step, self.given)
        self.steps.append(f"(* {self.title} *)\nTheorem {self.title} :\n  {statement}.\nProof. exact: ({body}). Qed.\n")
        return self.text(f"Proof_of_{self.title}", self.title) + f"Print Assumptions {self.title}.\n"

    # ---- statements --------------------------------------------------------------------------------

    def statement(self, s: Statement) -> str:
        """A statement as a proposition."""
        if isinstance(s, Equation):
            return self.equation(s)
        if isinstance(s, Compare):
            low, high = self.compared(s.left, s.right)
            return f"({low} <= {high})%N" if s.relation == "<=" else f"{low}%N = {high}%N :> nat"
        if isinstance(s, Iff):
            return f"({self.statement(s.left)}) <-> ({self.statement(s.right)})"
        own = [*s.unknowns, *s.inner]
        clash = {a.name for a in own} & self.names.hidden
        if clash:
            raise UnsupportedError(f"a quantified symbol inside another of the same name: {sorted(clash)}")
        self.names.hidden |= {a.name for a in own}
        try:
            text = "".join(f"exists {self.bound(a)}, " for a in s.unknowns)
            text += "".join(f"forall ({self.bound(a)}), " for a in s.inner)
            return text + " /\\ ".join(f"({self.equation(e)})" for e in s.equations)
        finally:
            self.names.hidden -= {a.name for a in own}

    def bound(self, a: Atom) -> str:
        return f"{self.names.name(f'bound {a.name}')} : {self.type(a.axes)}"

    def type(self, axes: Sequence[Axis]) -> str:
        return "".join(f"{self.names.axis(a)} -> " for a in axes) + "R"

    def sides(self, difference: Scalar) -> tuple[str, str]:
        """What is to be at most what, without subtraction."""
        low: list[str] = []
        high: list[str] = []
        for m, c in difference.terms.items():
            if c.denominator != 1 or any(e < 0 for _, e in m):
                raise UnsupportedError("a comparison with fractions is not exported")
            factors = [self.number(g) for g, e in m for _ in range(e)]
            if abs(c) != 1 or not factors:
                factors.insert(0, str(abs(c.numerator)))
            (low if c > 0 else high).append(" * ".join(factors))
        return tuple(f"({' + '.join(sorted(t))})" if t else "0" for t in (low, high))  # type: ignore[return-value]

    def compared(self, left: Scalar, right: Scalar) -> tuple[str, str]:
        """The two sides of a comparison as they are, or, where one subtracts, without common terms."""
        if all(c > 0 for side in (left, right) for c in side.terms.values()):
            return self.natural(left), self.natural(right)
        return self.sides(left - right)

    def natural(self, value: Number) -> str:
        """A number without negative coefficients."""
        low, high = self.sides(scalar(value))
        if high != "0":
            raise UnsupportedError("a number that may be negative is not exported")
        return low

    def number(self, g: Generator) -> str:
        if isinstance(g, Rank):
            self.names.field = "fieldType" if self.names.field == "comRingType" else self.names.field
            return f"rk {self.terms.call(g.term)}"
        if isinstance(g, Extreme):
            former = {"min": "minn", "max": "maxn"}[g.kind]
            parts = [self.natural(x) for x in g.of]
            out = parts[-1]
            for part in reversed(parts[:-1]):
                out = f"({former} {part} {out})"
            return out
        if isinstance(g, Var) and g.sign == "dimension":
            return f"#|{self.names.sort_text(g)}|"
        raise UnsupportedError(f"a comparison that speaks of {g.key} is not exported")

    # ---- steps -------------------------------------------------------------------------------------

    def _hypotheses(self, statements: Sequence[Statement]) -> list[str]:
        return [f"h{k}" for k in range(1, len(statements) + 1)]

    def use(self, step: Step, given: Sequence[Statement]) -> str:
        """A step applied to its premises, which are among `given`."""
        names = dict(zip(given, self._hypotheses(given), strict=True))
        if not step.premises:
            return step.name
        return f"({' '.join([step.name, *(names[p] for p in step.premises)])})"

    def prove(self, t: Theorem) -> Step:
        """The lemma of a theorem, after those of what it rests on."""
        if id(t) in self.done:
            return self.done[id(t)]
        self.alive.append(t)
        rule, *arguments = t.proof
        if rule not in RULES:
            raise UnsupportedError(f"the rule {rule} is not exported")
        given = sorted(t.hypotheses, key=repr)
        premises = [p for a in arguments for p in theorems(a)]
        steps = {id(p): self.prove(p) for p in premises}
        self.count += 1
        name = f"s{self.count}"
        statement = self.statement(t.conclusion)
        made = RULES[rule](self, t, name, given, steps)
        head = "".join(f"({h} : {self.statement(s)}) " for h, s in zip(self._hypotheses(given), given, strict=True))
        self.steps.append(f"(* {rule} *)\nLemma {name} {head}: {statement}.\nProof. {made} Qed.\n")
        self.done[id(t)] = Step(name, tuple(given))
        return self.done[id(t)]

    def lemma(self, name: str, statement: str, proof: str) -> str:
        self.steps.append(f"Lemma {name} : {statement}.\nProof. {proof} Qed.\n")
        return name

    def product(self, name: str, a: Term, b: Term, c: Term) -> str:
        """The lemma that c is the product of a and b, entry by entry."""
        i, j, k = self.names.axis(a.axes[0]), self.names.axis(a.axes[1]), self.names.axis(b.axes[1])
        x, y, z = (self.terms.call(t) for t in (a, b, c))
        statement = f"forall (x0 : {i}) (x1 : {k}), {z} x0 x1 = \\sum_(j : {j}) {x} x0 j * {y} j x1"
        return self.lemma(name, statement, f"rewrite /{z}; by_entries.")


def theorems(value: object) -> Iterable[Theorem]:
    """The theorems among the arguments of a rule."""
    if isinstance(value, Theorem):
        yield value
    elif isinstance(value, tuple):
        for v in value:
            yield from theorems(v)


Rule = Callable[[Export, Theorem, str, Sequence[Statement], Mapping[int, Step]], str]


def _assume(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    return f"exact: {x._hypotheses(given)[list(given).index(t.conclusion)]}."


def _equation(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    left, right, uses, split, _ = t.proof[1:]
    missing = set(split) - x.names.split
    if missing:
        raise NeedSplit(min(missing))
    used = [(c, p.conclusion, x.use(steps[id(p)], given)) for c, p in uses]
    return f"exact: {x.prove_equation(name, Equation(left, right), used)}."


def _congruence(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    context, hole, p = t.proof[1:]
    conclusion = p.conclusion
    x.names.hidden.add(hole.name)
    try:
        inside = x.terms.call(context)
        bound = x.names.name(f"bound {hole.name}")
    finally:
        x.names.hidden.discard(hole.name)
    typed, arguments = x.binders(context.axes)
    inner, ys = x.binders(hole.axes)
    sides = [f"((fun {bound} : {x.type(hole.axes)} => {inside}) {h}) {arguments}".strip() for h in ("a_", "b_")]
    sides_text = (f"forall {typed}, " if typed else "") + f"{sides[0]} = {sides[1]}"
    equal = f"forall {inner}, a_ {ys} = b_ {ys}" if inner else "a_ = b_"
    kind = x.type(hole.axes)
    x.steps.append(f"Lemma {name}_c (a_ b_ : {kind}) (h_ : {equal}) : {sides_text}.\n"
                   f"Proof. intros; cbv beta; cases; by_congruence h_. Qed.\n")  # fmt: skip
    a, b = x.terms.call(conclusion.left), x.terms.call(conclusion.right)
    return f"exact (@{name}_c {a} {b} {x.use(steps[id(p)], given)})."


def _arithmetic(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    uses = t.proof[4]
    facts = []
    for c, p in uses:
        fact = x.use(steps[id(p)], given)
        facts.append(fact)
        if len(scalar(c).terms) > 1 or any(m for m in scalar(c).terms):
            low, high = x.sides(scalar(c))
            for factor in (low, high):
                if factor != "0":
                    facts.append(f"(leq_mul (leqnn {factor}%N) {fact})" if p.conclusion.relation == "<="
                                 else f"(congr1 (muln {factor}%N) {fact})")  # fmt: skip
    spoken: list[Scalar] = [t.proof[1], t.proof[3]]
    dims = sorted({x.names.sort_text(g) for s in spoken
                   for g in everything(s) if isinstance(g, Var)})  # fmt: skip
    facts += [f"{d}_low" for d in dims]
    return "".join(f"have := {f}. " for f in facts) + "arith."


def everything(s: Scalar) -> Iterable[Generator]:
    """The generators of a number, those under min and max included."""
    for g in s.generators():
        yield g
        if isinstance(g, Extreme):
            for inner in g.of:
                yield from everything(inner)
        if isinstance(g, Rank):
            for a in g.term.axes:
                yield from everything(a.size())


def _chained(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    return "".join(f"have := {x.use(s, given)}. " for s in steps.values()) + "arith."


def _extreme(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    facts = "".join(f"have := {x.use(s, given)}. " for s in steps.values())
    return facts + "rewrite /minn /maxn; by_order; arith."


def _rank_size(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    a, side = t.proof[1:]
    return f"have := {'rk_col' if side else 'rk_row'} {x.terms.call(a)}; arith."


def _rank_equal(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    (p,) = t.proof[1:]
    return f"have := rk_ext {x.use(steps[id(p)], given)}; arith."


def _rank_factor(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    a, b, side = t.proof[1:]
    lemma = x.product(f"{name}_e", a, b, matmul(a, b))
    return f"have := {'rk_mul_r' if side else 'rk_mul_l'} {lemma}; arith."


def _rank_sum(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    (a,) = t.proof[1:]
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


def _rank_identity(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    (p,) = t.proof[1:]
    whole = x.terms.call(identity(p))
    typed, arguments = x.binders((p, p))
    entries = f"forall {typed}, {whole} {arguments} = (x0 == x1)%:R"
    lemma = x.lemma(f"{name}_e", entries, f"rewrite /{whole}; by_deltas.")
    return f"have := rk_id {lemma}; arith."


def _rank_gram(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    (a,) = t.proof[1:]
    x.names.field = "realFieldType"
    whole, turned, one = (x.terms.call(u) for u in (matmul(transpose(a), a), transpose(a), a))
    i, j = x.names.axis(a.axes[0]), x.names.axis(a.axes[1])
    statement = f"forall (x0 x1 : {j}), {whole} x0 x1 = \\sum_(j : {i}) {one} j x0 * {one} j x1"
    lemma = x.lemma(f"{name}_e", statement, f"rewrite /{whole} /{turned}; by_entries.")
    return f"have := rk_gram {lemma}; arith."


def _rank_sylvester(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    a, b = t.proof[1:]
    lemma = x.product(f"{name}_e", a, b, matmul(a, b))
    return f"have := rk_sylvester {lemma}; arith."


def _rank_frobenius(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    a, b, c = t.proof[1:]
    ab = matmul(a, b)
    lemmas = [x.product(f"{name}_{k}", *abc) for k, abc in enumerate(
        ((a, b, ab), (b, c, matmul(b, c)), (ab, c, matmul(ab, c))))]  # fmt: skip
    return f"have := rk_frobenius {' '.join(lemmas)}; arith."


def _witness(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    s, witnesses, proofs = t.proof[1:]
    if s.inner:
        raise UnsupportedError("a witness for `exists ... forall ...` is not exported")
    used = [x.use(steps[id(p)], given) for p in proofs]
    body = used[-1]
    for u in reversed(used[:-1]):
        body = f"(conj {u} {body})"
    return f"{''.join(f'exists {x.terms.call(w)}. ' for w in witnesses)}exact {body}."


def _exists_rank(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    s, bound, _ = t.proof[1:]
    stacked, m = factorised(s)
    fact = x.use(steps[id(bound)], given)
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


def injection(x: Export, stacked: Term, k: int) -> str:
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


def _rank_of_exists(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    (p,) = t.proof[1:]
    s = p.conclusion
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
    return (f"have {destruct} := {x.use(steps[id(p)], given)}. have h_ : (rk {whole} <= #|{inner}|)%N. "
            f"apply: (@rk_of_fact _ _ _ ({inner}) {whole} {left} {v}); intros; {unfold}cases; rewrite {known}; cases; "
            f"nested_sides. have := h_; arith.")  # fmt: skip


def _iff(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    left, right, there, back = t.proof[1:]
    outer = dict(zip(given, x._hypotheses(given), strict=True))

    def side(p: Theorem, assumed: Statement) -> str:
        step = steps[id(p)]
        names = {**outer, assumed: "h_"}
        return f"(fun h_ => {' '.join([step.name, *(names[s] for s in step.premises)])})"

    return f"exact (conj {side(there, left)} {side(back, right)})."


def _iff_use(x: Export, t: Theorem, name: str, given: Sequence[Statement], steps: Mapping[int, Step]) -> str:
    both, one = t.proof[1:]
    which = "proj1" if one.conclusion == both.conclusion.left else "proj2"
    return f"exact ({which} {x.use(steps[id(both)], given)} {x.use(steps[id(one)], given)})."


RULES: Mapping[str, Rule] = {
    "assume": _assume, "equation": _equation, "congruence": _congruence, "svd": _assume,
    "arithmetic": _arithmetic, "antisymmetry": _chained, "extreme-bound": _extreme, "extreme-intro": _extreme,
    "rank-size": _rank_size, "rank-equal": _rank_equal, "rank-factor": _rank_factor, "rank-sum": _rank_sum,
    "rank-identity": _rank_identity, "rank-gram": _rank_gram, "rank-sylvester": _rank_sylvester,
    "rank-frobenius": _rank_frobenius, "exists-witness": _witness, "exists-rank": _exists_rank,
    "rank-of-exists": _rank_of_exists, "iff": _iff, "iff-use": _iff_use,
}  # fmt: skip
