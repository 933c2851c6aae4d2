"""Rewriting with facts: an equation read as rules on networks, and the contexts in which they apply.

A rewriting step is a context and a fact. What comes out is a linear combination of the facts, put into their
contexts, that the kernel adds up; how it was found does not matter for its truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from symbolic_mla.errors import BudgetError, DomainError, ShapeError, UnsupportedError
from symbolic_mla.kernel.network import Box, IndexForm, Label, Network, free_edges, node
from symbolic_mla.kernel.scalar import Number, Scalar, is_zero, number, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.prover.difference import Difference, difference
from symbolic_mla.prover.effort import remembered
from symbolic_mla.prover.readback import network_term
from symbolic_mla.record import record

MAX_REWRITES = 120


@record
class Rule:
    """An equation read as `lead -> the rest`, in one cell of its axes."""

    theorem: Theorem
    form: IndexForm
    lead: Network
    label: Label  # of the hole, with the path of the cell
    boundary: tuple[int, ...]
    shrinks: bool
    keeps_or_shrinks: bool  # no term of the rest has more atoms than the lead
    defines: bool  # the lead is a symbol, and the rest says what it is
    whole_side: int  # 1: the left side is the lead alone; -1: the right side is; 0: neither


HOLE = "□"


@remembered
def rules_of(theorem: Theorem) -> list[Rule]:
    """The ways of reading an equation as a rewriting rule, those that shrink or define first."""
    equation = theorem.conclusion
    if not isinstance(equation, Equation):
        return []
    form = difference(equation.left, equation.right)
    hole = Atom(HOLE, equation.left.axes)
    rules: list[Rule] = []
    for cell, networks in form.cells:
        label, boundary = node((hole,), hole.axes, cell)
        for n in networks:
            others = [m for m in networks if m is not n]
            if not n.atoms or n.boxes or not {e for e in boundary if e >= 0} <= free_edges(n) | {e for _, e in n.eqs}:
                continue
            weight = len(n.atoms)
            # of A = B only A is replaced: with both readings a term would go to and fro
            defines = _defines(n, others) and not any(r.defines and r.label == label for r in rules)
            shrinks = defines or all(weight > len(m.atoms) + len(m.boxes) for m in others)
            side = 0
            if len(form.cells) == 1:
                side = 1 if _alone(equation.left, n, 1) else -1 if _alone(equation.right, n, -1) else 0
            keeps = shrinks or all(weight >= len(m.atoms) + len(m.boxes) for m in others)
            rules.append(Rule(theorem, form.form, n, label, boundary, shrinks, keeps, defines, side))
    return rules


def quotient(a: Number, b: Number) -> Scalar:
    """A number q with q b = a. Raises DomainError where b may be 0 and a is no multiple of it by a monomial.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> x, y = (scalar(Var(name, "real")) for name in "xy")
    >>> quotient(2 * x * x - 2 * x * y, x - y)
    2*x
    """
    try:
        return scalar(a) / b
    except DomainError:
        if not scalar(b).terms:
            raise
        lead, c = next(iter(scalar(b).terms.items()))
        for monomial, k in scalar(a).terms.items():
            powers = dict(monomial)
            for g, e in lead:
                powers[g] = powers.get(g, 0) - e
            with suppress(DomainError):
                q = number([(k / c, powers.items())])
                if is_zero(q * b - a):
                    return q
        raise


def scaled(c: Number, t: Term) -> Term:
    """c t."""
    return Sum(((c, t),), t.axes)


def _alone(side: Term, n: Network, sign: int) -> bool:
    try:
        cells = difference(scaled(sign, side), Sum((), side.axes)).cells
    except BudgetError:
        return False
    return len(cells) == 1 and len(cells[0][1]) == 1 and len(cells[0][1][0].atoms) == len(n.atoms) and sorted(
        map(repr, (a for a, _ in cells[0][1][0].atoms))) == sorted(map(repr, (a for a, _ in n.atoms)))  # fmt: skip


def _defines(n: Network, others: list[Network]) -> bool:
    """One symbol, at distinct free edges, in terms of others."""
    if len(n.atoms) != 1 or n.inner or n.eqs or len(set(n.atoms[0][1])) < len(n.atoms[0][1]):
        return False
    return all(n.atoms[0][0][0] != label[0] for m in others for label in _labels(m))


def _labels(n: Network) -> Iterator[Label]:
    yield from (label for label, _ in n.atoms)
    for box in n.boxes:
        for _, argument in box.cells:
            for m in argument:
                yield from _labels(m)


# ---- rewriting ---------------------------------------------------------------------------------------


def rewrite(start: Difference, rules: list[Rule], states: int) -> Difference:
    """Rules that shrink to the end, with definitions and without; then the others, breadth first, within a limit."""
    defined = {id(r.theorem) for r in rules if r.defines}
    best = shrink(start, [r for r in rules if not r.defines])
    if best.vanishes:
        return best
    if defined:  # from here on a definition is read one way only
        rules = [r for r in rules if r.defines or id(r.theorem) not in defined]
        best = shrink(start, rules)
    if best.vanishes:
        return best
    seen = {_state(best)}
    queue = [best]
    while queue:
        state = queue.pop(0)
        for use in _all_uses(state, [r for r in rules if not r.shrinks]):
            states -= 1
            if states < 0:
                return best
            following = shrink(difference(start.left, start.right, (*state.uses, use)), rules)
            if following.vanishes:
                return following
            key = _state(following)
            if key not in seen:
                seen.add(key)
                queue.append(following)
    return best


def _state(d: Difference) -> frozenset[int]:
    return frozenset(d.matcher.invariant(d.form, n, {}) for n in d.networks())


def shrink(d: Difference, rules: Sequence[Rule]) -> Difference:
    """What is left when rules that shrink are used as often as they apply."""
    shrinking = [r for r in rules if r.shrinks]
    seen = {_state(d)}
    for _ in range(MAX_REWRITES):
        use = next(_all_uses(d, shrinking), None) if shrinking else None
        if use is None:
            return d
        d = difference(d.left, d.right, (*d.uses, use))
        state = _state(d)
        if state in seen:  # A = B, B = C, C = A
            return d
        seen.add(state)
    return d


def _all_uses(d: Difference, rules: list[Rule]) -> Iterator[tuple[Number, Theorem]]:
    for cell, n in d.like_terms():
        for rule in rules:
            for c, context in _contexts(n, rule):
                try:
                    term = network_term(d.form, context, d.left.axes, cell)
                    yield c, derive("congruence", term, rule.label[0], rule.theorem)
                except (UnsupportedError, ShapeError):
                    continue


def _contexts(n: Network, rule: Rule) -> Iterator[tuple[Number, Network]]:
    """Where the lead of a rule occurs in a network: the multiple of the fact to take, and the context of it."""
    for rest, coords in occurrences(n, rule):
        context = context_of(n, rule, rest, coords)
        with suppress(DomainError):  # a coefficient that may be 0 somewhere can't be divided by
            yield quotient(n.coef, rule.lead.coef), context
    if rule.whole_side:
        for k, box in enumerate(n.boxes):
            for inner_box in _inside(box, rule):
                yield rule.whole_side, n._replace(boxes=(*n.boxes[:k], inner_box, *n.boxes[k + 1 :]))


def context_of(n: Network, rule: Rule, rest: Sequence[tuple[Label, tuple[int, ...]]],
               coords: tuple[int, ...]) -> Network:  # fmt: skip
    """The network with a hole where a lead occurs: the atoms that stay, and the hole's coordinates."""
    return n._replace(coef=1, atoms=(*rest, (rule.label, coords)), inner=_still(n, rest, coords))


def _inside(box: Box, rule: Rule) -> Iterator[Box]:
    for c, (bound, argument) in enumerate(box.cells):
        for k, m in enumerate(argument):
            for factor, context in _contexts_inside(m, rule):
                changed = context._replace(coef=factor)
                cells = (*box.cells[:c], (bound, (*argument[:k], changed, *argument[k + 1 :])), *box.cells[c + 1 :])
                yield box._replace(cells=cells)


def _contexts_inside(m: Network, rule: Rule) -> Iterator[tuple[Number, Network]]:
    for rest, coords in occurrences(m, rule):
        with suppress(DomainError):
            yield (quotient(m.coef, scalar(rule.lead.coef) * rule.whole_side),
                   m._replace(atoms=(*rest, (rule.label, coords)), inner=_still(m, rest, coords)))  # fmt: skip
    for k, box in enumerate(m.boxes):
        for inner_box in _inside(box, rule):
            yield m.coef, m._replace(boxes=(*m.boxes[:k], inner_box, *m.boxes[k + 1 :]))


def _still(n: Network, rest: Sequence[tuple[Label, tuple[int, ...]]], coords: Sequence[int]) -> tuple[int, ...]:
    used = free_edges(Network(1, n.eqs, (), tuple(rest), n.boxes)) | set(coords)
    return tuple(e for e in n.inner if e in used)


def occurrences(n: Network, rule: Rule) -> Iterator[tuple[list[tuple[Label, tuple[int, ...]]], tuple[int, ...]]]:
    """Each way in which the lead's atoms stand in a network with its inner edges touching nothing else: the atoms
    that stay, and the coordinates of the hole."""
    lead = rule.lead
    inner = set(lead.inner)
    available = set(n.inner)
    seen: set[tuple[object, ...]] = set()

    def grow(k: int, edges: dict[int, int], used: tuple[int, ...]) -> Iterator[tuple[dict[int, int], tuple[int, ...]]]:
        if k == len(lead.atoms):
            yield edges, used
            return
        label, coords = lead.atoms[k]
        for t, (target, onto) in enumerate(n.atoms):
            if t in used or target != label:
                continue
            trial = dict(edges)
            if all(_fits(e, x, trial, inner, available) for e, x in zip(coords, onto, strict=True)):
                yield from grow(k + 1, trial, (*used, t))

    for edges, used in grow(0, {}, ()):
        rest = [a for t, a in enumerate(n.atoms) if t not in used]
        elsewhere = free_edges(Network(1, n.eqs, (), tuple(rest), n.boxes))
        images = [edges[e] for e in lead.inner]
        tied = {b: a for a, b in lead.eqs}
        if any(tied.get(e, e) not in edges for e in rule.boundary if e >= 0):
            continue  # an edge of the rule's boundary that touches no atom of it: any image would do
        boundary = {e: edges[tied.get(e, e)] for e in rule.boundary if e >= 0}
        if not elsewhere.isdisjoint(images) or not set(boundary.values()).isdisjoint(images):
            continue
        coords = tuple(e if e < 0 else boundary[e] for e in rule.boundary)
        key = (tuple(sorted(used)), coords)
        if key not in seen:
            seen.add(key)
            yield rest, coords


def _fits(e: int, x: int, edges: dict[int, int], inner: set[int], available: set[int]) -> bool:
    if e < 0:
        return e == x
    if e in edges:
        return edges[e] == x
    if e in inner and (x not in available or x in edges.values()):
        return False
    edges[e] = x
    return True
