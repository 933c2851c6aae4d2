"""What is true for all values of some symbols at the terms of a goal; what is true at any position, everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, permutations
from typing import Any

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import TAG, made_of, names, nodes
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom, Pick, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.existence import Exists

MAX_USES = 8
MAX_PLACES = 6  # ways in which positions are the axes of a goal


def uses(facts: Sequence[Theorem], goal: Statement) -> list[Theorem]:
    """Each `for all` among the facts at the values at which a side of an equation of it stands in the goal."""
    if not isinstance(goal, Equation):
        return []
    terms = list(dict.fromkeys(subterms(goal.left, goal.right)))
    found: dict[Statement, Theorem] = {}
    for fact in facts:
        s = fact.conclusion
        if isinstance(s, Exists) and not s.unknowns:
            for k, e in enumerate(s.equations):
                for values in _values(s, e, terms):
                    with suppress(SymbolicMLAError):
                        used = derive("forall-use", fact, values, k)
                        found.setdefault(used.conclusion, used)
    return list(islice(found.values(), MAX_USES))


def _values(s: Exists, e: Equation, terms: Sequence[Term]) -> Iterator[tuple[Term, ...]]:
    """What the inner symbols stand for where a side of an equation is one of some terms."""
    for side in (e.left, e.right):
        for t in terms:
            met: dict[Atom, Term] = {}
            if t.axes == side.axes and _matches(side, t, s.inner, met) and len(met) == len(s.inner):
                yield tuple(met[a] for a in s.inner)


def _matches(pattern: Any, target: Any, inner: Sequence[Atom], met: dict[Atom, Term]) -> bool:
    if pattern in inner:
        return isinstance(target, Term) and met.setdefault(pattern, target) == target
    if type(pattern) is not type(target):
        return False
    if type(pattern) is tuple or (isinstance(pattern, Term) and type(pattern) in TAG):
        one, other = (x if type(x) is tuple else made_of(x) for x in (pattern, target))
        return len(one) == len(other) and all(
            _matches(a, b, inner, met) for a, b in zip(one, other, strict=True)
        )
    return bool(pattern == target)


def everywhere(fact: Theorem, goal: Statement) -> Theorem | None:
    """The goal from a fact that says it at named positions of its axes; None where it does not."""
    from symbolic_mla.prover.equations import prove_equation

    if not isinstance(goal, Equation) or not isinstance(fact.conclusion, Equation):
        return None
    there = names(goal)
    places = {t.index: t.size() for t in nodes(fact.conclusion) if isinstance(t, Pick) and t.index not in there}
    sizes = [Axis.of(size) for size in places.values()]
    fitting = (axes for axes in permutations(range(len(goal.left.axes)), len(places))
               if [goal.left.axes[k] for k in axes] == sizes)  # fmt: skip
    for axes in islice(fitting, MAX_PLACES if places else 0):
        left, right = goal.left, goal.right
        for k, index in sorted(zip(axes, places, strict=True), reverse=True):
            left, right = Pick(left, k, index), Pick(right, k, index)
        with suppress(SymbolicMLAError):
            found = prove_equation(left, right, [fact], together=False)
            if isinstance(found, Theorem):
                found = _known(found, places)
                for _ in places:
                    found = derive("everywhere", found)
                return found
    return None


def _known(t: Theorem, positions: Iterable[str]) -> Theorem:
    """The theorem without what it assumes of softmax at some positions: that the weights of a row add up to 1."""
    for h in sorted(t.hypotheses, key=repr):  # a set has another order in every process
        first = h.left.children()[:1] if isinstance(h, Equation) and not names(h).isdisjoint(positions) else ()
        for x in (w.term for w in first if isinstance(w, Apply)):
            law = derive("softmax-rows", x)
            if law.conclusion == h:
                t = derive("cut", t, law)
    return t
