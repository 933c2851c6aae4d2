"""Export: a theorem of the kernel as a Coq script that proves it again, step by step of its certificate.

Source of the mathematics: the rules of `kernel.theorem` and `laws`, one lemma each in `theories/Rank.v`; equations go
through the certified check of `theories/Network.v`. `RULES` is the one place that knows the rules by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from symbolic_mla.coq import existence_rules, number_rules, rank_rules
from symbolic_mla.coq.expression import Opened
from symbolic_mla.coq.inline import Proof, inlined
from symbolic_mla.coq.readback import read_back
from symbolic_mla.coq.script import HEADER
from symbolic_mla.coq.walk import Rule, Walk, hypotheses
from symbolic_mla.errors import BudgetError, InputError, UnsupportedError
from symbolic_mla.kernel.axis import NeedSplit
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.theorem import Theorem

MAX_SPLITS = 12


def export(theorem: Theorem, name: str) -> str:
    """The theorem as a self-contained Coq script, whose last lemma is called `name`.

    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> from symbolic_mla.kernel.theorem import derive
    >>> p = Axis.of(Var("p"))
    >>> print(export(derive("rank-size", Atom("A", (p, p)), 0), "rows").splitlines()[-2])
    End Proof_of_rows.

    Raises:
        UnsupportedError: for a rule or a former that is not exported; the message names it.
    """
    return walked(theorem, name)[0]


def walked(theorem: Theorem, name: str) -> tuple[str, Walk]:
    """The script of a theorem, and what its names stand for. Raises: UnsupportedError, as `export` does."""
    proof, split = inlined(theorem), frozenset[int]()
    for _ in range(MAX_SPLITS):
        try:
            walk = Walk(split, RULES)
            return f"{HEADER}{walk.theorem(proof, name)}Print Assumptions {name}.\n", walk
        except NeedSplit as need:
            split |= {need.size}
    raise UnsupportedError("too many literal axes would have to be taken apart")


@dataclass(frozen=True)
class Exported:
    """The scripts of some theorems by their names in Coq; for those that have none, the reason; and what is wrong
    with a statement, read back from its script."""

    scripts: dict[str, str] = field(default_factory=dict)
    unsupported: dict[str, str] = field(default_factory=dict)
    misread: dict[str, str] = field(default_factory=dict)

    def add(self, identifier: str, make: Callable[[str], tuple[str, list[str]]]) -> None:
        """One more script, which `make` gives for its name, with what was misread.

        Raises:
            InputError: when two identifiers give one name in Coq.
        """
        name = re.sub(r"\W", "_", identifier, flags=re.ASCII)
        name = name if name[:1].isalpha() else f"T_{name}"
        if name in self.scripts:
            raise InputError(f"two theorems are called {name} in Coq", hint="rename one of the claims")
        try:
            self.scripts[name], problems = make(name)
        except (UnsupportedError, BudgetError) as error:
            self.unsupported[identifier] = error.message
            return
        if problems:
            self.misread[name] = "; ".join(problems)


def export_all(theorems: Iterable[tuple[str, Theorem]]) -> Exported:
    """The scripts of (identifier, theorem) pairs, each read back. Nothing is left out in silence: see `unsupported`.

    Raises:
        InputError: when two identifiers give one name in Coq.
    """
    found = Exported()
    for identifier, theorem in theorems:
        found.add(identifier, partial(proved, theorem))
    return found


def proved(theorem: Theorem, name: str, read: bool = True) -> tuple[str, list[str]]:
    """The script of a theorem, and, where it is read back, where it says something else."""
    text, made = walked(theorem, name)
    given = sorted(theorem.hypotheses, key=repr)
    return text, read_back(text, made, given, theorem.conclusion) if read else []


# ---- the rules of equations ----------------------------------------------------------------------------


def _assume(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    return f"exact: {hypotheses(given)[list(given).index(p.conclusion)]}."


def _equation(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    left, right, uses, split, _ = p.proof[1:]
    missing = set(split) - x.names.split
    if missing:
        raise NeedSplit(min(missing))
    used = [(c, q.conclusion, x.use(q, given)) for c, q in uses]
    return f"exact: {x.prove_equation(name, Equation(left, right), used)}."


def _congruence(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    context, hole, fact = p.proof[1:]
    x.names.hidden.add(hole.name)
    bound = x.names.name(f"bound {hole.name}")
    opened = x.terms.opened = Opened(f"{name}_t", bound, f"{bound} : {x.type(hole.axes)}")
    try:
        inside = x.terms.call(context)
    finally:
        x.terms.opened = None
        x.names.hidden.discard(hole.name)
    typed, arguments = x.binders(context.axes)
    inner, ys = x.binders(hole.axes)
    sides = [f"((fun {bound} : {x.type(hole.axes)} => {inside}) {h}) {arguments}".strip() for h in ("a_", "b_")]
    sides_text = (f"forall {typed}, " if typed else "") + f"{sides[0]} = {sides[1]}"
    equal = f"forall {inner}, a_ {ys} = b_ {ys}" if inner else "a_ = b_"
    unfolded = f" delta [{' '.join(opened.known.values())}]" if opened.known else ""
    x.steps += opened.definitions
    x.steps.append(f"Lemma {name}_c (a_ b_ : {x.type(hole.axes)}) (h_ : {equal}) : {sides_text}.\n"
                   f"Proof. intros; cbv beta{unfolded}; cases; by_congruence h_. Qed.\n")  # fmt: skip
    a, b = x.terms.call(fact.conclusion.left), x.terms.call(fact.conclusion.right)
    return f"exact (@{name}_c {a} {b} {x.use(fact, given)})."


def _cut(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    """What is proved takes the place of a premise."""
    whole, fact = p.proof[1:]
    known = dict(zip(given, hypotheses(given), strict=True))
    return f"exact: {x.applied_to(x.prove(whole), {**known, fact.conclusion: x.use(fact, given)})}."


RULES: Mapping[str, Rule] = {
    "assume": _assume, "svd": _assume, "equation": _equation, "congruence": _congruence, "cut": _cut,
    "arithmetic": number_rules.arithmetic, "antisymmetry": number_rules.chained,
    "extreme-bound": number_rules.extreme, "extreme-intro": number_rules.extreme,
    "rank-size": rank_rules.size, "rank-equal": rank_rules.equal, "rank-factor": rank_rules.factor,
    "rank-sum": rank_rules.subadditive, "rank-identity": rank_rules.of_identity, "rank-kron": rank_rules.kronecker,
    "rank-zero": rank_rules.zero,
    "rank-gram": rank_rules.gram, "rank-sylvester": rank_rules.sylvester, "rank-frobenius": rank_rules.frobenius,
    "exists-witness": existence_rules.witness, "exists-rank": existence_rules.from_rank,
    "rank-of-exists": existence_rules.to_rank, "iff": existence_rules.equivalence,
    "iff-use": existence_rules.equivalent,
}  # fmt: skip
