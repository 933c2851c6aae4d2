"""Prove an equation about values of functions as one about symbols.

Rewriting looks for symbols. A fact about f(A B), say that its rows add up to 1, is a fact about a matrix; so each value
that a fact speaks of is given a name, and the theorem about all matrices of these names is taken at the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.prover.difference import Difference, difference
from symbolic_mla.prover.replacing import HOLE, replaced

MAX_SPELLED = 8  # values of functions that are compared with those of the facts
Prove = Callable[[Term, Term, Sequence[Theorem]], Theorem | Difference]


def prove_opaque(left: Term, right: Term, facts: Sequence[Theorem], prove: Prove) -> Theorem | None:
    """left = right as a theorem, found by `prove` with names for the values that the facts speak of; else None."""
    stated = {f.conclusion: f for f in facts if isinstance(f.conclusion, Equation)}
    values = dict.fromkeys(v for e in stated if isinstance(e, Equation) for v in _values(e.left, e.right))
    spelled = _spelled(left, right, list(values))
    if spelled:
        sides = [_replaced(t, spelled) for t in (left, right)]
        inner = prove_opaque(sides[0], sides[1], facts, prove)
        rest = difference(left, right, ((1, inner),)) if inner is not None else None
        return rest.theorem() if rest is not None and rest.vanishes else None
    largest_first = sorted(values, key=lambda v: -sum(1 for _ in subterms(v)))
    names = [(Atom(f"{HOLE}{k}", v.axes), v) for k, v in enumerate(largest_first)]

    def named(t: Term) -> Term:
        return _replaced(t, [(value, name) for name, value in names])

    if not names or (named(left), named(right)) == (left, right):
        return None
    assumed = [derive("assume", Equation(named(e.left), named(e.right))) for e in stated if isinstance(e, Equation)]
    found = prove(named(left), named(right), assumed)
    if not isinstance(found, Theorem):
        return None
    whole = derive("instance", found, (), (), tuple(names), ())
    for e in [e for e in stated if e in whole.hypotheses and stated[e].hypotheses != {e}]:
        whole = derive("cut", whole, stated[e])
    return whole if whole.conclusion == Equation(left, right) else None


def _spelled(left: Term, right: Term, values: Sequence[Term]) -> list[tuple[Term, Term]]:
    """Values of functions that are those of the facts in another spelling: f(A + A) for f(2 A)."""
    found: list[tuple[Term, Term]] = []
    for x in islice(dict.fromkeys(v for v in _values(left, right) if v not in values), MAX_SPELLED):
        same = (v for v in values[:MAX_SPELLED] if v.axes == x.axes and difference(x, v).vanishes)
        found += [(x, v) for v in islice(same, 1)]
    return found


def _replaced(t: Term, pairs: Sequence[tuple[Term, Term]]) -> Term:
    for old, new in pairs:
        t = replaced(t, old, new)
    return t


def _values(*terms: Term) -> Iterator[Term]:
    """The outermost values of functions."""
    for t in terms:
        yield from [t] if isinstance(t, Apply) else _values(*t.children())
