"""A theorem as a self-contained Coq script: its statement, its steps, each closed by one term."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.coq.data import poly, seq
from symbolic_mla.coq.expression import Add, Builder, Ex, Mul, Neg, Printer, TermNames, unflatten
from symbolic_mla.coq.names import Inverse, Names
from symbolic_mla.coq.problem import Problem
from symbolic_mla.coq.tables import Tables
from symbolic_mla.kernel.axis import Axis, Index
from symbolic_mla.kernel.scalar import Root, Var
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem

HEADER = """From mathcomp Require Import all_ssreflect all_algebra.
From SymbolicMLA Require Import Network Rank Instance.
Set Implicit Arguments.
Unset Strict Implicit.
Import GRing.Theory.
Local Open Scope ring_scope.
"""
"""What every script begins with."""


class Script:
    """One script under construction."""

    def __init__(self, split: frozenset[int]) -> None:
        self.names = Names(split)
        self.terms = TermNames(self.names)
        self.tables = Tables(self.names)
        self.steps: list[str] = []
        self.placed: dict[int, str] = {}
        self.kept: list[Theorem] = []

    # ---- statements --------------------------------------------------------------------------------

    def binders(self, axes: Sequence[Axis]) -> tuple[str, str]:
        """Variables for the indices of some axes, with their types, and as arguments."""
        names = [f"x{k}" for k in range(len(axes))]
        typed = " ".join(f"({n} : {self.names.axis(a)})" for n, a in zip(names, axes, strict=True))
        return typed, " ".join(names)

    def call(self, t: Term, arguments: str) -> str:
        return f"{self.terms.call(t)} {arguments}".strip()

    def equation(self, e: Equation) -> str:
        typed, arguments = self.binders(e.left.axes)
        body = f"{self.call(e.left, arguments)} = {self.call(e.right, arguments)} :> R"
        return f"forall {typed}, {body}" if typed else body

    # ---- equations ---------------------------------------------------------------------------------

    def prove_equation(self, name: str, e: Equation, uses: Sequence[tuple[object, Equation, str]]) -> str:
        """The proof term of an equation; its checks become lemmas before it."""
        typed, arguments = self.binders(e.left.axes)
        rows = []
        number = 0
        while True:
            number += 1
            builder = Builder(self.names, True)
            cells = list(builder.cells(e.left.axes))
            if number > len(cells):
                break
            cell = cells[number - 1]
            rows.append(self._cell(f"{name}_{number}", builder, cell, e, uses))
        statement = f"{self.call(e.left, arguments)} = {self.call(e.right, arguments)} :> R"
        if not typed:
            return f"({rows[0][1]} : {statement})"
        heads = arguments.replace(" ", ", ")
        body = " ".join(f"| {pattern} => {term}" for pattern, term in rows)
        return f"(fun {typed} => match {heads} return {statement} with {body} end)"

    def _cell(self, name: str, builder: Builder, cell: tuple[Index, ...], e: Equation,
              uses: Sequence[tuple[object, Equation, str]]) -> tuple[str, str]:  # fmt: skip
        problem = Problem(builder, self.tables)
        left = builder.at(e.left, cell)
        right: Ex = builder.at(e.right, cell)
        printer = Printer(self.names, self.terms, builder, {})
        boundary = builder.edges(cell)
        for edge in boundary:
            printer.variable(edge)
        where = [self.names.index(a, i, printer.edge) for a, i in zip(e.left.axes, cell, strict=True)]
        proofs: list[tuple[str, str]] = []
        for c, used, lemma in uses:
            a, b = builder.at(used.left, cell), builder.at(used.right, cell)
            times = builder.coefficient(c)  # type: ignore[arg-type]
            right = Add((right, Mul((times, Add((a, Neg(b)))))))
            sides = [self.call(t, " ".join(where)) for t in (used.left, used.right)]
            proof = f"({lemma} {' '.join(where)})" if where else lemma
            proofs.append((f"{printer.text(times)} ({sides[0]}) ({sides[1]})", proof))
        picked = [x for k, x in builder.form.picked.items() if k in self.names.picks]
        outside = [problem.variable(x) for x in (*boundary, *picked)]
        own = problem.own(left), problem.own(right)
        hint = problem.vanishes(Add((own[0], Neg(own[1]))))
        sorts = [self.names.sort(s) for s in problem.form.sorts]
        texts = [problem.text(x) for x in own]
        self.steps.append(
            f"Definition {name}_sg := nth 0%N {seq(sorts)}%N.\n"
            f"Definition {name}_l := ({texts[0]})%N.\nDefinition {name}_r := ({texts[1]})%N.\n"
            f"Lemma {name}_check : check {name}_sg fsg rels {problem.depth} (Ad {name}_l (Op {name}_r))\n  {hint}%N.\n"
            f"Proof. by vm_compute. Qed.\n"
        )
        values = "; ".join(
            f"@mkv srt {self.names.sort(builder.sort_of[x])} {printer.variable(x)}" for x in (*boundary, *picked)
        )
        bound = f"{seq(outside)}%N [:: {values}]" if values else "[::] [::]"
        term = f"ltac:(exact_no_check (dec {bound} erefl {name}_check))"  # the kernel sees at Qed that it fits
        for about, proof in reversed(proofs):
            term = f"(@use1 R _ _ {about} {term} {proof})"
        return ", ".join(where), term

    # ---- the whole ---------------------------------------------------------------------------------

    def text(self, name: str, comment: str) -> str:
        """A section without its header: declarations, terms, the checker's dictionary, steps."""
        n = self.names
        for a in n.symbols:
            for axis in a.axes:
                n.axis(axis)
        numbers = self.declared_numbers()
        dims = [s for s in n.sorts if isinstance(s, Var)]
        out = [f"(* {comment} *)", f"Section {name}.",
               "Variable R : comRingType." if n.field == "comRingType" else
               f"Variable F : {n.field}.\nNotation R := (GRing.Field.comRingType F)."]  # fmt: skip
        if dims:
            out.append(f"Variables ({' '.join(n.sort_text(s) for s in dims)} : finType).")
        for s in dims:
            text = n.sort_text(s)
            out.append(f"Hypothesis {text}_low : ({s.low - 1} < #|{text}|)%N.")
            out.append(f"Let {text}_gt0 : (0 < #|{text}|)%N := leq_ltn_trans (leq0n _) {text}_low.")
        for key, text in n.picks.items():
            out.append(f"Variable {text} : {n.sort_text(key[1])}.")
        out += numbers
        for a in n.symbols:
            types = "".join(f"{n.axis(x)} -> " for x in a.axes)
            out.append(f"Variable {n.symbol(a)} : {types}R.")
        for kind, text in n.kinds.items():
            last, positions = n.axis(kind[1]), "".join(f"{n.axis(x)} -> " for x in kind[2:])  # type: ignore[arg-type]
            out.append(f"Variable {text} : {positions}{{ffun {last} -> R}} -> {{ffun {last} -> R}}.")
        out += ["", "(* the terms, entry by entry *)", *self.terms.definitions, ""]
        out += ["(* the dictionary of the checker *)", *self._dictionary(), "", "(* the steps *)", *self.steps]
        out += [f"End {name}."]
        return "\n".join(out) + "\n"

    def variables(self) -> list[tuple[str, str, object]]:
        """What the section declares, in order, once `text` has been called: kind, name, and what it stands for."""
        n = self.names
        dims = [s for s in n.sorts if isinstance(s, Var)]
        bound = [g for g in n.numbers if isinstance(g, (Inverse, Root))]
        return [
            *(("size", n.sort_text(s), s) for s in dims), *(("bound", f"{n.sort_text(s)}_low", s) for s in dims),
            *(("position", text, key) for key, text in n.picks.items()),
            *(("number", n.number_name(g), g) for g in n.numbers),
            *(("relation", f"{n.number_name(g)}E", g) for g in bound),
            *(("symbol", n.symbol(a), a) for a in n.symbols), *(("function", t, k) for k, t in n.kinds.items()),
        ]  # fmt: skip

    def declared_numbers(self) -> list[str]:
        n = self.names
        builder = Builder(n, False)
        printer = Printer(n, self.terms, builder, {})
        out = []
        done = 0
        while done < len(n.numbers):  # a root may bring in the numbers under it
            g = n.numbers[done]
            done += 1
            if isinstance(g, (Inverse, Root)):
                printer.text(builder.coefficient(g.of if isinstance(g, Inverse) else g.radicand))
        for g in n.numbers:
            out.append(f"Variable {n.number_name(g)} : R.")
        for g in n.numbers:
            me = n.number_name(g)
            if isinstance(g, (Inverse, Root)):
                of = printer.text(builder.coefficient(g.of if isinstance(g, Inverse) else g.radicand))
                product = f"{of} * {me} = 1%:R" if isinstance(g, Inverse) else f"{me} * {me} = {of}"
                out.append(f"Hypothesis {me}E : {product}.")
        return out

    def _dictionary(self) -> list[str]:
        n = self.names
        sorts = [n.sort_text(s) for s in n.sorts]
        rows = " ".join(f"| {k} => {s}" for k, s in enumerate(sorts))
        least = " ".join(
            f"| {k} => {f'enum_val (Ordinal {n.sort_text(s)}_gt0)' if isinstance(s, Var) else f'@Ordinal {s} 0 isT'}"
            for k, s in enumerate(n.sorts)
        )
        out = [f"Definition srt (s_ : nat) : finType := match s_ with {rows} | _ => one end.",
               f"Definition df (s_ : nat) : srt s_ := match s_ return srt s_ with {least} | _ => tt end."]  # fmt: skip
        atoms = ""
        for (label, mask), k in self.tables.atoms.items():
            symbol, runs = label[0], label[1:]  # type: ignore[index]
            us, where = self._slots(symbol.axes, runs, mask)  # type: ignore[arg-type]
            call = " ".join([n.symbol(symbol), *where])
            atoms += f"\n  | {k}, [:: {'; '.join(us)}] => {call}" if us else f"\n  | {k}, [::] => {call}"
        out.append("Definition atv (a_ : nat) (l_ : seq (val srt)) : R := match a_, l_ with"
                   f"{atoms}\n  | _, _ => 0 end.")  # fmt: skip
        functions, arities = "", []
        for (label, mask), k in self.tables.functions.items():
            axes = [a for a in label[2:] if isinstance(a, Axis)]  # type: ignore[index]
            runs = [r for r in label[2:] if isinstance(r, int)]  # type: ignore[index]
            last = label[1]  # type: ignore[index]
            us, where = self._slots([*axes, last], runs, mask)  # type: ignore[arg-type]
            fresh = Builder(n, False)
            branches, arity = [], []
            for number, (i,) in enumerate(fresh.cells([last])):
                edges = fresh.edges([i])
                pattern = n.index(last, i, {e: f"y{e}" for e in edges})
                values = "; ".join(f"@mkv srt {n.sort(fresh.sort_of[e])} y{e}" for e in edges)
                branches.append(f"| {pattern} => nth (@cell0 R srt) cs_ {number} [:: {values}]" if values
                                else f"| {pattern} => nth (@cell0 R srt) cs_ {number} [::]")  # fmt: skip
                arity.append(seq([n.sort(fresh.sort_of[e]) for e in edges]))
            name = n.kinds[(label[0], last, *axes)]  # type: ignore[index]
            vector = f"[ffun p_ : {n.axis(last)} => match p_ with {' '.join(branches)} end]"
            pattern = f"[:: {'; '.join(us)}]" if us else "[::]"
            functions += f"\n  | {k}, {pattern} => {' '.join([name, *where[:-1]])} {vector} {where[-1]}"
            arities.append(f"[:: {'; '.join(arity)}]")
        out += [f"Definition fsg : nat -> seq (seq nat) := nth [::] [:: {'; '.join(arities)}]%N." if arities
                else "Definition fsg : nat -> seq (seq nat) := fun _ => [::].",
                "Definition fnv (f_ : nat) (l_ : seq (val srt)) (cs_ : seq (seq (val srt) -> R)) : R :=\n"
                "  match f_, l_ with"
                f"{functions}\n  | _, _ => 0 end.",
                "Lemma fnv_ext f_ l_ c_ d_ : size c_ = size d_ ->\n"
                "  (forall i xs, map (@projT1 _ _) xs = nth [::] (fsg f_) i ->"
                "\n  nth (@cell0 R srt) c_ i xs = nth (@cell0 R srt) d_ i xs) -> fnv f_ l_ c_ = fnv f_ l_ d_.",
                f"Proof. {'rewrite /fnv; move: f_ l_ c_ d_; by_cells' if functions else 'by []'}. Qed."]  # fmt: skip
        return out + self._numbers()

    def _slots(self, axes: Sequence[Axis], runs: Sequence[object], mask: Sequence[int]) -> tuple[list[str], list[str]]:
        """Patterns for the coordinates of an atom, and its indices in terms of them."""
        coords, us, edge = [], [], {}
        for k, c in enumerate(mask):
            if c < 0:
                coords.append(c)
            else:
                coords.append(k)
                us.append(f"u{k}")
        left, rest = [r for r in runs if isinstance(r, int)], list(coords)
        where = []
        for axis in axes:
            i = unflatten(axis, left, rest)
            for e, s in edge_sorts(axis, i):
                edge[e] = f"(get df {self.names.sort(s)} u{e})"
            where.append(self.names.index(axis, i, edge))
        return us, where

    def _numbers(self) -> list[str]:
        n = self.names
        builder = Builder(n, False)
        problem = Problem(builder, self.tables)
        values = " ".join(f"| {k} => {n.number_name(g)}" for k, g in enumerate(n.numbers))
        relations, proofs = [], []
        for k, g in enumerate(n.numbers):
            relations.append(poly(problem.relations.relation(k)))
            if isinstance(g, (Inverse, Root)):
                of = builder.coefficient(g.of if isinstance(g, Inverse) else g.radicand)
                left = f"(Ml {problem.text(of)} (Gn {k}))" if isinstance(g, Inverse) else f"(Ml (Gn {k}) (Gn {k}))"
                right = "(Nt 1)" if isinstance(g, Inverse) else problem.text(of)
                proofs.append("@relP R srt df (fun _ => 0%N) atv fsg fnv fnv_ext cst "
                              f"(Ad {left} (Op {right}))%N (nth [::] rels {k}) "
                              f"(fun _ => mkv (df 0)) (erefl true) (sub0 {n.number_name(g)}E)")  # fmt: skip
            else:
                proofs.append("big_nil _ _ _ _")
        rels = "; ".join(relations)
        out = [f"Definition cst (k : nat) : R := match k with {values} | _ => 0 end.",
               f"Definition rels : seq pol := [:: {rels}]%N." if rels else "Definition rels : seq pol := [::].",
               "Lemma rels0 i_ : pval srt cst (nth [::] rels i_) = 0."]  # fmt: skip
        if proofs:
            steps = " ".join(f"case: i_ => [|i_]; first exact: ({p})." for p in proofs)
            out.append(f"Proof. {steps} by rewrite /pval /= nth_nil big_nil. Qed.")
        else:
            out.append("Proof. by rewrite nth_nil /pval big_nil. Qed.")
        out.append("Notation dec bs xs e c :=\n"
                   "  (@decide R srt df _ atv fsg fnv fnv_ext cst rels rels0 _ _ _ _ bs xs e c).")  # fmt: skip
        return out


def edge_sorts(axis: Axis, i: Index) -> list[tuple[int, Var | int]]:
    """The edges of an index with their sorts."""
    run = axis.runs[i.run]
    out: list[tuple[int, Var | int]] = [(i.copy, run.count)] if i.copy >= 0 else []
    out += list(zip(i.heads, run.heads, strict=True))
    return out + (edge_sorts(run.tail, i.tail) if run.tail and i.tail else [])
