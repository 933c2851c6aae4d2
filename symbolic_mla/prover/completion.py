"""What two facts give together: where their leads overlap, both say what the same network is.

From A B = I and B C = I, the network A B C is C and is A: so A = C. Without such consequences rewriting depends on
which fact is used first (Knuth and Bendix, 1970). Each consequence is a combination of the two facts in their contexts,
that the kernel adds up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from symbolic_mla.errors import DomainError, ShapeError, UnsupportedError
from symbolic_mla.kernel.axis import Axis, Index
from symbolic_mla.kernel.network import IndexForm, Network, free_edges
from symbolic_mla.kernel.scalar import Number, Var
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Sum
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.prover.difference import Difference, difference
from symbolic_mla.prover.readback import edge_index, network_term
from symbolic_mla.prover.rewriting import Rule, context_of, occurrences, rules_of, shrink

MAX_OVERLAPS = 40  # that are looked at
MAX_FACTS = 12  # that are kept
MAX_ATOMS = 6  # of an overlap


def consequences(rules: Sequence[Rule]) -> list[Theorem]:
    """New facts from overlaps of rules, each in its shortest form; those of new facts with the first ones too."""
    first = [r for r in rules if r.keeps_or_shrinks]
    known, new = list(first), list(first)
    facts: list[Theorem] = []
    looked = 0
    while new and len(facts) < MAX_FACTS:
        found: list[Rule] = []
        for one in new:
            for other in known:
                for fact in _overlaps(one, other):
                    looked += 1
                    shorter = _shortest(fact, [*known, *found])
                    if shorter is not None:
                        facts.append(shorter)
                        found += [r for r in rules_of(shorter) if r.keeps_or_shrinks]
                    if looked >= MAX_OVERLAPS or len(facts) >= MAX_FACTS:
                        return facts
        known += found
        new = found
    return facts


def _overlaps(one: Rule, other: Rule) -> Iterator[Theorem]:
    """The consequences of two rules, one for each pair of their atoms in which the leads can meet."""
    if one.lead.eqs or other.lead.eqs:
        return
    for a in range(len(one.lead.atoms)):
        for b in range(len(other.lead.atoms)):
            with suppress(UnsupportedError, ShapeError, DomainError):
                met = _superposed(one, a, other, b)
                fact = _consequence(*met, one, other) if met is not None else None
                if fact is not None:
                    yield fact


def _superposed(one: Rule, a: int, other: Rule, b: int) -> tuple[IndexForm, Network] | None:
    """The network in which both leads occur, with atom a of one and atom b of the other the same."""
    (label, coords), (target, onto) = one.lead.atoms[a], other.lead.atoms[b]
    if label != target or (one is other and a == b):
        return None
    form = IndexForm(one.form.split | other.form.split, one.form.cancel)
    form.sorts = [*one.form.sorts, *other.form.sorts]
    form.picked = dict(one.form.picked)
    shift = len(one.form.sorts)
    root: dict[int, int] = {}

    def find(e: int) -> int:
        while e in root:
            e = root[e]
        return e

    def moved(e: int) -> int:
        return find(e + shift if e >= 0 else e)

    same = [(find(x), y) for x, y in zip(coords, onto, strict=True)]
    same += [(form.picked[key], e) for key, e in other.form.picked.items() if key in form.picked]
    for x, y in same:
        x, y = sorted((find(x), moved(y)))
        if x != y:
            if y < 0 or (x < 0 and not isinstance(form.sorts[y], int)):
                return None
            root[y] = x
    for key, e in other.form.picked.items():
        form.picked.setdefault(key, moved(e))
    atoms = [(kind, tuple(find(e) for e in place)) for kind, place in one.lead.atoms]
    for kind, place in other.lead.atoms:
        atom = (kind, tuple(moved(e) for e in place))
        if atom not in atoms:
            atoms.append(atom)
    inner = {find(e) for e in one.lead.inner} | {moved(e) for e in other.lead.inner}
    if len(atoms) > MAX_ATOMS or any(e < 0 for e in inner):
        return None
    return form, Network(1, (), tuple(sorted(inner)), tuple(atoms))


def _consequence(form: IndexForm, network: Network, one: Rule, other: Rule) -> Theorem | None:
    """Both rules say what the network is: the difference of what they say vanishes."""
    free = sorted(free_edges(network) - set(form.picked.values()))
    axes = [_axis(form.sorts[e]) for e in free]
    cell: tuple[Index, ...] = tuple(edge_index(form.sorts[e], e) for e in free)
    uses: list[tuple[Number, Theorem]] = []
    for rule, factor in ((one, other.lead.coef), (other, -1 * one.lead.coef)):
        place = next(occurrences(network, rule), None)
        if place is None:
            return None
        context = network_term(form, context_of(network, rule, *place), axes, cell)
        uses.append((factor, derive("congruence", context, rule.label[0], rule.theorem)))
    zero = Sum((), tuple(axes))
    return _rest(difference(zero, zero, tuple(uses)))


def _axis(sort: Var | int) -> Axis:
    return Axis.of(sort)


def _rest(d: Difference) -> Theorem | None:
    """That what is left vanishes, for a difference of equals; None where nothing is left."""
    axes = d.left.axes
    parts = [network_term(d.form, n._replace(coef=1), axes, cell) for cell, n in d.like_terms()]
    coefficients = [n.coef for _, n in d.like_terms()]
    if not parts:
        return None
    uses = tuple((-1 * c, t) for c, t in d.uses)
    rest = Sum(tuple(zip(coefficients, parts, strict=True)), axes)
    found = difference(rest, Sum((), axes), uses)
    return found.theorem() if found.vanishes else None


def _shortest(fact: Theorem, rules: Sequence[Rule]) -> Theorem | None:
    """A fact after rewriting with rules; None where it says nothing new."""
    equation = fact.conclusion
    if not isinstance(equation, Equation):
        return None
    plain = difference(equation.left, equation.right)
    d = shrink(plain, rules)
    if d is plain or d.vanishes:
        return None if d.vanishes else fact
    with suppress(UnsupportedError, ShapeError):
        return _rest(difference(d.left, d.right, (*d.uses, (1, fact))))
    return fact
