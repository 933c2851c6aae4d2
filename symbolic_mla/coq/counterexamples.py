"""Counterexamples over `rat`: the hypotheses that they show, and another one where the first has irrational roots."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice, product
from random import Random

from symbolic_mla.algebra.occurring import subterms, terms_of, variables
from symbolic_mla.coq.statements import everything
from symbolic_mla.instance.functions import Table as Drawn
from symbolic_mla.instance.judge import holds
from symbolic_mla.instance.values import at
from symbolic_mla.kernel.node import names
from symbolic_mla.kernel.scalar import Number, Root, Var, scalar
from symbolic_mla.kernel.statement import Compare, Statement
from symbolic_mla.kernel.term import Apply, Sum
from symbolic_mla.laws.existence import Exists
from symbolic_mla.prover.refute import Counterexample, Problem

NUMBERS = (1, 2, 3, 4, 0, -1)  # values that scalars are tried at
MAX_TRIED, TRIALS = 400, 4


def rational_instance(problem: Problem) -> Counterexample | None:
    """A counterexample at which every root is rational, where the smallest one has others. None if none was met."""
    roots = sorted({g for s in (problem.statement, *problem.hypotheses) for g in _roots(s)}, key=lambda g: g.key)
    scalars = [[k for k in NUMBERS if _has_sign(k, v.sign)] for v in problem.scalars]
    for sizes in islice(problem.sizes(), MAX_TRIED):
        for values in product(*scalars):
            numbers: dict[str, Number] = {**sizes, **{v.name: k for v, k in zip(problem.scalars, values, strict=True)}}
            if not all(isinstance(at(scalar(g), numbers), int | Fraction) for g in roots):
                continue
            for trial in range(TRIALS):
                here = problem.instance(sizes, Random(trial), trial)
                if here is None:
                    continue
                here.numbers.update(numbers)
                if problem.admits(here) and holds(problem.statement, here) is False:
                    tables = {f: dict(t.rows) for f, t in here.functions.items() if isinstance(t, Drawn)}
                    scalars_ = {v.name: numbers[v.name] for v in problem.scalars}
                    return Counterexample(sizes, scalars_, dict(here.tensors), dict(here.positions), tables)
    return None


def _has_sign(k: int, sign: str) -> bool:
    return sign == "real" or k > 0 or (k == 0 and sign == "nonnegative")


def _roots(s: Statement) -> set[Root]:
    numbers = [c for t in subterms(*terms_of(s)) if isinstance(t, Sum) for c, _ in t.parts]
    numbers += [s.left, s.right] if isinstance(s, Compare) else []
    return {g for n in numbers for g in scalar(n).generators() if isinstance(g, Root)}


def shown_by(hypotheses: Sequence[Statement], found: Counterexample) -> list[Statement]:
    """The hypotheses that speak of nothing but what a counterexample gives values to."""
    known = {*found.sizes, *found.scalars, *found.tensors, *found.positions, *found.functions}

    def covered(s: Statement) -> bool:
        terms = list(terms_of(s))
        bound = {a.name for a in (*s.unknowns, *s.inner)} if isinstance(s, Exists) else set()
        numbers = [s.left, s.right] if isinstance(s, Compare) else []
        spoken = {v.name for v in variables(*terms)} | names(*terms)
        spoken |= {g.name for n in numbers for g in everything(n) if isinstance(g, Var)}
        spoken |= {t.function for t in subterms(*terms) if isinstance(t, Apply)}
        return spoken - bound <= known

    return [s for s in hypotheses if covered(s)]
