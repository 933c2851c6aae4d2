"""A refutation as a Coq script over `rat`: at the instance that was found the hypotheses hold and the statement fails.

An equation fails at an index, where Coq computes both sides. A comparison of ranks fails by the exact ranks, each
shown by four matrices. A factorisation fails by the rank of what it would factor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.coq.exact_ranks import exact, exact_rank
from symbolic_mla.coq.existence_rules import bound_of_factors
from symbolic_mla.coq.instance import Concrete, Table, rational
from symbolic_mla.coq.script import HEADER
from symbolic_mla.coq.statements import as_equation, in_the_ring
from symbolic_mla.errors import CertificateError, ShapeError, UnsupportedError
from symbolic_mla.instance.evaluate import Function, Instance
from symbolic_mla.instance.functions import NAMED
from symbolic_mla.instance.values import differs_from_zero, size
from symbolic_mla.kernel.axis import NeedSplit
from symbolic_mla.kernel.node import nodes
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply, Term
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.rank import Rank, factorised
from symbolic_mla.prover.refute import Counterexample

MAX_SPLITS = 12


def refuted(statement: Statement, hypotheses: Sequence[Statement], found: Counterexample,
            name: str) -> tuple[str, Concrete]:  # fmt: skip
    """The script that a statement fails at a counterexample, whose last theorem is called `name`, and what its names
    stand for.

    Raises:
        UnsupportedError: where the instance is not rational, `softmax` occurs, or the form has no refutation here.
    """
    spoken = [t for s in (statement, *hypotheses) for t in subterms(*terms_of(s))]
    named = sorted({t.function for t in spoken if isinstance(t, Apply) and t.function in NAMED})
    if named:
        raise UnsupportedError(f"{named[0]} has no values over the rational numbers")
    tables = found.functions
    functions = {f: _looked_up(t) for f, t in tables.items()}
    here = Instance({**found.sizes, **found.scalars}, dict(found.tensors), dict(found.positions), functions)
    split: frozenset[int] = frozenset()
    for _ in range(MAX_SPLITS):
        try:
            made = _Refutation(split, here, tables)
            return made.script(statement, hypotheses, name), made
        except NeedSplit as need:
            split |= {need.size}
    raise UnsupportedError("too many literal axes would have to be taken apart")


def _looked_up(table: Table) -> Function:
    def value(positions: tuple[int, ...], row: Sequence[Any]) -> Sequence[Any]:
        return table[positions, tuple(row)]

    return value


class _Refutation(Concrete):
    """The script of one refutation."""

    def __init__(self, split: frozenset[int], here: Instance, tables: Mapping[str, Table]) -> None:
        super().__init__(split, here, tables)
        self.facts: list[str] = []
        self.ranks: dict[str, str] = {}

    def script(self, s: Statement, hypotheses: Sequence[Statement], title: str) -> str:
        """The whole text."""
        own = [self.statement(h) for h in hypotheses]
        negated = self.statement(s)
        proofs = [self._holds(h) for h in hypotheses]
        fails = self._fails(s)
        defined = self.definitions()
        variables_ = self.variables()
        facts = [f"({low - 1} < #|{name}|)%N" for kind, name, thing in variables_ if kind == "size"
                 for low in [thing.low if isinstance(thing, Var) else 1]]  # fmt: skip
        relations = [line for line in self.declared_numbers() if line.startswith("Hypothesis")]
        facts += [f"{line.partition(' : ')[2].rstrip('.')} :> R" for line in relations]
        computed = ["sizes; reflexivity." if "#|" in f and "<" in f else "by_values." for f in facts]
        unfold = f"cbv beta iota delta [{self.unfolded()}]" if self.unfolded() else "cbv beta iota"
        shown = [*(f"{unfold}; {c}" for c in computed), *(p.replace("UNFOLD", unfold) for p in proofs)]
        lemmas = [f"Lemma g{k + 1} : {text}.\nProof. {proof} Qed.\n"
                  for k, (text, proof) in enumerate(zip([*facts, *own], shown, strict=True))]  # fmt: skip
        ranks = [r.replace("UNFOLD", unfold) for r in self.facts]
        together = " /\\\n  ".join([*(f"({t})" for t in (*facts, *own)), f"~ ({negated})"])
        known = "".join(f"split; first exact: g{k + 1}. " for k in range(len(facts) + len(own)))
        return (
            HEADER + f"(* {title}: fails at this instance *)\nModule Instance_{title}.\n"
            "Notation F := rat_fieldType.\nNotation R := (GRing.Field.comRingType F).\n"
            + "\n".join([*defined, "", "(* the terms, entry by entry *)", *self.terms.definitions, ""])
            + "".join([*ranks, *lemmas])
            + f"Theorem {title} :\n  {together}.\nProof. {known}{fails.replace('UNFOLD', unfold)} Qed.\n"
            f"End Instance_{title}.\nPrint Assumptions Instance_{title}.{title}.\n"
        )  # fmt: skip

    # ---- what holds --------------------------------------------------------------------------------

    def _holds(self, s: Statement) -> str:
        if isinstance(s, Compare) and not in_the_ring(s):
            return f"{self._exact(s)}UNFOLD; sizes; reflexivity."
        if isinstance(s, (Equation, Compare)):
            return "UNFOLD; by_values."
        raise UnsupportedError("a hypothesis that something exists is not exported in a refutation")

    def _exact(self, s: Compare) -> str:
        """Rewriting of every rank in a comparison to its value here."""
        ranked = [g.term for g in nodes(s) if isinstance(g, Rank)]
        for t in ranked:
            self._rank(t)
        used = {self.terms.call(t) for t in ranked}
        return "".join(f"rewrite ?{lemma}. " for call, lemma in self.ranks.items() if call in used)

    def _rank(self, t: Term) -> str:
        """The lemma that a matrix has its rank, by a factorisation and a left and a right inverse."""
        call = self.terms.call(t)
        if call not in self.ranks:
            rows = [[exact(x) for x in row] for row in self.here.value(t).rows()]
            u, v, left, right = exact_rank(rows)
            name = f"rank{len(self.ranks) + 1}"
            r, (i, j) = len(v), t.axes
            row, column, inner = self.names.axis(i), self.names.axis(j), f"(ord {r})"
            self.facts.append(
                f"Lemma {name} : rk {call} = {r}%N.\nProof.\n"
                f"UNFOLD.\nrewrite -[RHS](card_ord {r}).\n"
                f"apply: (@rk_exact _ _ _ {inner} _\n  {self._given(row, i, inner, u, r)}\n"
                f"  {self._taken(inner, column, j, v)}\n  {self._taken(inner, row, i, left)}\n"
                f"  {self._given(column, j, inner, right, r)}); UNFOLD; by_values. Qed.\n"
            )  # fmt: skip
            self.ranks[call] = name
        return self.ranks[call]

    def _given(self, kind: str, axis: object, inner: str, rows: Sequence[Sequence[Fraction]], r: int) -> str:
        flat = [rational(x) for row in rows for x in row]
        place = self._by_position([axis], [f"{k}%N" for k in range(len(rows))], "0%N")  # type: ignore[list-item]
        where = f"(({place}) i_ * {r} + nat_of_ord k_)%N"
        return f"(fun (i_ : {kind}) (k_ : {inner}) => nth 0%:R [:: {'; '.join(flat)}] {where} : R)"

    def _taken(self, inner: str, kind: str, axis: object, rows: Sequence[Sequence[Fraction]]) -> str:
        flat = [rational(x) for row in rows for x in row]
        width = size(axis, self.here.numbers)  # type: ignore[arg-type]
        place = self._by_position([axis], [f"{k}%N" for k in range(width)], "0%N")  # type: ignore[list-item]
        where = f"(nat_of_ord k_ * {width} + ({place}) i_)%N"
        return f"(fun (k_ : {inner}) (i_ : {kind}) => nth 0%:R [:: {'; '.join(flat)}] {where} : R)"

    # ---- what fails --------------------------------------------------------------------------------

    def _fails(self, s: Statement) -> str:
        if isinstance(s, Compare) and not in_the_ring(s):
            return f"{self._exact(s)}UNFOLD; sizes; vm_compute; discriminate."
        if isinstance(s, Compare):
            s = as_equation(s)
        if isinstance(s, Equation):
            left, right = self.here.value(s.left), self.here.value(s.right)
            k = next(k for k, (x, y) in enumerate(zip(left.entries, right.entries, strict=True))
                     if differs_from_zero(scalar(x) - y))  # fmt: skip
            where = []
            for n, axis in zip(reversed(left.shape), reversed(s.left.axes), strict=True):
                k, place = divmod(k, n)
                where.append(self.element(axis, place))
            index = f"/(_ {' '.join(reversed(where))}); " if where else ""
            return f"move=> {index}UNFOLD; by_difference." if index else "UNFOLD; by_difference."
        if isinstance(s, Exists):
            return self._no_witness(s)
        raise UnsupportedError("the refutation of an equivalence is not exported")

    def _no_witness(self, s: Exists) -> str:
        try:
            stacked, _ = factorised(s)
        except (CertificateError, ShapeError):
            raise UnsupportedError("an existence claim that a linear system refutes is not exported") from None
        lemma = self._rank(stacked)
        return (f"move=> ex_. {bound_of_factors(self, s, 'ex_')} "
                f"move: h_; rewrite {lemma}; UNFOLD; sizes; vm_compute; discriminate.")  # fmt: skip
