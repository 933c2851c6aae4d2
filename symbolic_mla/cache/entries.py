"""A verdict as the text of an entry, and the verdict again from the text, judged anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws import replay
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.softmax import INJECTIVE, WEIGHTS
from symbolic_mla.prover.decide import Proved, Refuted, Setting, Verdict
from symbolic_mla.prover.facts import Later, given, may_assume

if TYPE_CHECKING:
    from symbolic_mla.prover.refute import Counterexample

PROVED, REFUTED = "proved", "refuted"


def written(verdict: Verdict) -> str | None:
    """The text of an entry; None for what is not kept: *undecided*, and counterexamples with irrational entries."""
    if isinstance(verdict, Proved):
        return f"{PROVED}\n{certificate(verdict.theorem)}"
    if isinstance(verdict, Refuted):
        found = _counterexample(verdict.counterexample)
        return None if found is None else f"{REFUTED}\n{json.dumps(found, ensure_ascii=False)}\n"
    return None


def judged(text: str, statement: Statement, setting: Setting,
           nodes: dict[Any, Any] | None = None) -> Proved | Refuted | None:  # fmt: skip
    """The verdict that an entry shows about a statement in its setting; None where it shows nothing.

    A certificate is replayed by the kernel, and its theorem must be an `answer`. A counterexample is evaluated again.
    `nodes` are those that the kernel has made before: the proof of a claim holds those of the claims that it cites.
    Raises nothing.
    """
    kind, _, body = text.partition("\n")
    try:
        if kind == PROVED:
            return _proved(body, statement, setting, nodes)
        if kind == REFUTED:
            return _refuted(json.loads(body), statement, setting)
    except (SymbolicMLAError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
        return None
    return None


def _proved(body: str, statement: Statement, setting: Setting, nodes: dict[Any, Any] | None) -> Proved | None:
    theorems = replay(body, nodes)
    return answer(theorems[0], statement, setting) if len(theorems) == 1 else None


def answer(theorem: Theorem, statement: Statement, setting: Setting) -> Proved | None:
    """The verdict, where a theorem says this statement, assumes no more than the facts of its setting do and rests on
    no other axioms."""
    axioms = frozenset(a for f in given(setting.facts) for a in f.axioms)
    if isinstance(setting.facts, Later):
        axioms |= {INJECTIVE, WEIGHTS}  # a search puts them to what a claim gives
    if isinstance(statement, Exists | Iff):
        axioms |= {setting.axiom or "rank-factorisation"}
    granted = may_assume(setting.facts, theorem.hypotheses) and theorem.axioms <= axioms
    return Proved(theorem) if granted and theorem.conclusion == statement else None


def _refuted(body: Mapping[str, Any], statement: Statement, setting: Setting) -> Refuted | None:
    from symbolic_mla.instance.evaluate import Tensor
    from symbolic_mla.prover.recheck import refuted_by
    from symbolic_mla.prover.refute import Counterexample

    claimed = Counterexample(
        sizes=dict(body["sizes"]),
        scalars={k: _number(v) for k, v in body["scalars"].items()},
        tensors={k: Tensor(tuple(s), tuple(map(_number, entries))) for k, (s, entries) in body["tensors"].items()},
        positions=dict(body["positions"]),
        functions={
            name: {(tuple(places), tuple(map(_number, row))): tuple(out) for places, row, out in rows}
            for name, rows in body["functions"].items()
        },
        smallest=body["smallest"] is True,
    )
    return refuted_by(statement, setting, claimed)


def _counterexample(found: Counterexample) -> dict[str, Any] | None:
    try:
        return {
            "sizes": dict(found.sizes),
            "scalars": {k: _text(v) for k, v in found.scalars.items()},
            "tensors": {k: [list(t.shape), list(map(_text, t.entries))] for k, t in found.tensors.items()},
            "positions": dict(found.positions),
            "functions": {
                name: [[list(places), list(map(_text, row)), list(out)] for (places, row), out in rows.items()]
                for name, rows in found.functions.items()
            },
            "smallest": found.smallest,
        }
    except TypeError:
        return None


def _text(x: Any) -> int | str:
    """An exact rational number. Raises TypeError for any other."""
    if type(x) is int:
        return x
    if type(x) is Fraction:
        return str(x)
    raise TypeError(f"not a rational number: {x!r}")


def _number(x: Any) -> int | Fraction:
    if type(x) is int:
        return x
    if type(x) is str and len(x) < 10_000:
        value = Fraction(x)
        return value.numerator if value.denominator == 1 else value
    raise TypeError(f"not a rational number: {x!r}")
