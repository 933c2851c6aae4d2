"""Prove an equation: by its index form, and where there are hypotheses by rewriting networks with them.

A rewriting step is a context and a fact. What comes out is a linear combination of the facts, put into their
contexts, that the kernel adds up; how it was found does not matter for its truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction

from symbolic_mla.errors import BudgetError, DomainError, ShapeError, UnsupportedError
from symbolic_mla.kernel.axis import Index, NeedSplit
from symbolic_mla.kernel.network import Box, IndexForm, Label, Network, flatten, free_edges, index_form
from symbolic_mla.kernel.scalar import Number, scalar
from symbolic_mla.kernel.term import Atom, Sum, Term
from symbolic_mla.kernel.theorem import Equation, Theorem, derive
from symbolic_mla.prover.matching import Matcher
from symbolic_mla.prover.readback import network_term

MAX_SPLIT = 64  # a literal axis is taken apart up to this size
MAX_REWRITES = 120
MAX_STATES = 60

_effort: ContextVar[list[int]] = ContextVar("effort")


@contextmanager
def effort(networks: int) -> Iterator[None]:
    """Bound the networks that are expanded inside, so that a search ends after the same work on every machine."""
    token = _effort.set([networks])
    try:
        yield
    finally:
        _effort.reset(token)


def _spend(networks: int) -> None:
    left = _effort.get([networks])
    left[0] -= networks
    if left[0] < 0:
        raise BudgetError("the search for a proof ran out of its budget")


Cells = list[tuple[tuple[Index, ...], list[Network]]]


@dataclass
class Difference:
    """What is left of left - right after the facts used: nothing, if the equation is proved."""

    left: Term
    right: Term
    uses: tuple[tuple[Number, Theorem], ...]
    cells: Cells
    form: IndexForm
    split: tuple[int, ...]
    matcher: Matcher

    @property
    def vanishes(self) -> bool:
        return not self.cells

    def theorem(self) -> Theorem:
        """The equation as a theorem; the kernel checks it once more."""
        return derive("equation", self.left, self.right, self.uses, self.split, tuple(self.matcher.asked))

    def networks(self) -> list[Network]:
        """Every network that is left."""
        return [n for _, networks in self.cells for n in networks]


def difference(left: Term, right: Term, uses: Sequence[tuple[Number, Theorem]] = ()) -> Difference:
    """The index form of left - right, literals split as far as that helps. Raises BudgetError."""
    Equation(left, right)  # raises where the axes differ
    split: tuple[int, ...] = ()
    parts: list[tuple[Number, Term]] = [(1, left), (-1, right)]
    for c, t in uses:
        equation = t.conclusion
        if not isinstance(equation, Equation):
            raise UnsupportedError("only an equation can be used to rewrite")
        parts += [(-1 * c, equation.left), (c, equation.right)]
    while True:
        matcher = Matcher()
        try:
            cells, form = index_form(parts, frozenset(split), matcher)
        except NeedSplit as need:
            if need.size > MAX_SPLIT or need.size in split:
                raise BudgetError(f"a literal axis of {need.size} would have to be taken apart") from None
            split = (*split, need.size)
            continue
        _spend(form.work)
        found = Difference(left, right, tuple(uses), cells, form, split, matcher)
        more = {s for n in found.networks() for s in _literals(form, n)} - set(split)
        small = tuple(sorted(s for s in more if s <= MAX_SPLIT))
        if not small or len(split) > 8:
            return found
        try:
            return _split_further(parts, found, (*split, *small))
        except (BudgetError, NeedSplit):
            return found


def _split_further(parts: list[tuple[Number, Term]], found: Difference, split: tuple[int, ...]) -> Difference:
    """The same with literals taken apart, if that makes the rest vanish; what is left reads better whole."""
    matcher = Matcher()
    cells, form = index_form(parts, frozenset(split), matcher)
    return found if cells else Difference(found.left, found.right, found.uses, cells, form, split, matcher)


def _literals(form: IndexForm, n: Network) -> Iterator[int]:
    for e in (*n.inner, *free_edges(n)):
        sort = form.sorts[e]
        if isinstance(sort, int):
            yield sort
    for box in n.boxes:
        for bound, argument in box.cells:
            yield from (s for e in bound if isinstance(s := form.sorts[e], int))
            for m in argument:
                yield from _literals(form, m)


def prove_equation(
    left: Term, right: Term, facts: Sequence[Theorem] = (), *, states: int = MAX_STATES
) -> Theorem | Difference:
    """A theorem, or what is left when like terms have cancelled. Rules that do not shrink are tried in at most
    `states` ways. Raises BudgetError."""
    plain = difference(left, right)
    if plain.vanishes:
        return plain.theorem()
    combined = _combination(plain, facts)
    if combined is not None:
        return combined.theorem()
    rules = [r for t in facts for r in rules_of(t)]
    if rules:
        found = _rewrite(plain, rules, states)
        if not found.vanishes:
            found = _combination(found, facts) or found
        if found.vanishes:
            return found.theorem()
        return found if found.uses and len(found.networks()) < len(plain.networks()) else plain
    return plain


def _combination(d: Difference, facts: Sequence[Theorem]) -> Difference | None:
    """What is left, as a rational combination of facts as they stand: Gaussian elimination over classes of networks."""
    usable = [t for t in facts if isinstance(t.conclusion, Equation) and t.conclusion.left.axes == d.left.axes]
    columns = [_classes(difference(e.left, e.right)) for t in usable if isinstance(e := t.conclusion, Equation)]
    wanted = _classes(d)
    if wanted is None or None in columns or not columns:
        return None
    factors = solve([c for c in columns if c is not None], wanted)
    if factors is None:
        return None
    uses = tuple((c, t) for c, t in zip(factors, usable, strict=True) if c)
    found = difference(d.left, d.right, (*d.uses, *uses))
    return found if found.vanishes else None


def _classes(d: Difference) -> dict[tuple[int, int], Fraction] | None:
    """The coefficient of each class of networks, by cell and invariant; None where one is not rational."""
    total: dict[tuple[int, int], Fraction] = {}
    for number, (_, networks) in enumerate(d.cells):
        for n in networks:
            c = scalar(n.coef).terms
            if set(c) != {()}:
                return None
            key = (number, d.matcher.invariant(d.form, n, {}))
            total[key] = total.get(key, Fraction(0)) + c[()]
    return {k: c for k, c in total.items() if c}


def solve(columns: Sequence[Mapping[tuple[int, int], Fraction]],
          wanted: Mapping[tuple[int, int], Fraction]) -> list[Fraction] | None:  # fmt: skip
    """Rational factors with sum of factor * column = wanted, or None."""
    keys = sorted({k for c in (*columns, wanted) for k in c})
    rows = [[c.get(k, Fraction(0)) for c in (*columns, wanted)] for k in keys]
    pivots: list[tuple[int, int]] = []
    for column in range(len(columns)):
        r = len(pivots)
        pivot = next((k for k in range(r, len(rows)) if rows[k][column]), None)
        if pivot is None:
            continue
        rows[r], rows[pivot] = rows[pivot], rows[r]
        rows[r] = [x / rows[r][column] for x in rows[r]]
        for k, row in enumerate(rows):
            if k != r and row[column]:
                rows[k] = [x - row[column] * y for x, y in zip(row, rows[r], strict=True)]
        pivots.append((r, column))
    if any(row[-1] for row in rows[len(pivots) :]):
        return None
    found = [Fraction(0)] * len(columns)
    for r, column in pivots:
        found[column] = rows[r][-1]
    return found


# ---- rules from facts --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """An equation read as `lead -> the rest`, in one cell of its axes."""

    theorem: Theorem
    lead: Network
    label: Label  # of the hole, with the path of the cell
    boundary: tuple[int, ...]
    shrinks: bool
    defines: bool  # the lead is a symbol, and the rest says what it is
    whole_side: int  # 1: the left side is the lead alone; -1: the right side is; 0: neither


HOLE = "□"


def rules_of(theorem: Theorem) -> list[Rule]:
    """The ways of reading an equation as a rewriting rule, those that shrink or define first."""
    equation = theorem.conclusion
    if not isinstance(equation, Equation):
        return []
    form = difference(equation.left, equation.right)
    hole = Atom(HOLE, equation.left.axes)
    rules = []
    for cell, networks in form.cells:
        label: list[object] = [hole]
        boundary: list[int] = []
        for axis, i in zip(hole.axes, cell, strict=True):
            flatten(axis, i, label, boundary)
        for n in networks:
            others = [m for m in networks if m is not n]
            if not n.atoms or n.boxes or not {e for e in boundary if e >= 0} <= free_edges(n) | {e for _, e in n.eqs}:
                continue
            weight = len(n.atoms)
            defines = _defines(n, others)
            shrinks = defines or all(weight > len(m.atoms) + len(m.boxes) for m in others)
            side = 0
            if len(form.cells) == 1:
                side = 1 if _alone(equation.left, n, 1) else -1 if _alone(equation.right, n, -1) else 0
            rules.append(Rule(theorem, n, tuple(label), tuple(boundary), shrinks, defines, side))
    return rules


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


def _rewrite(start: Difference, rules: list[Rule], states: int) -> Difference:
    """Rules that shrink to the end, with definitions and without; then the others, breadth first, within a limit."""
    defined = {id(r.theorem) for r in rules if r.defines}
    best = _shrink(start, [r for r in rules if not r.defines])
    if best.vanishes:
        return best
    if defined:  # from here on a definition is read one way only
        rules = [r for r in rules if r.defines or id(r.theorem) not in defined]
        best = _shrink(start, rules)
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
            following = _shrink(difference(start.left, start.right, (*state.uses, use)), rules)
            if following.vanishes:
                return following
            key = _state(following)
            if key not in seen:
                seen.add(key)
                queue.append(following)
    return best


def _state(d: Difference) -> frozenset[int]:
    return frozenset(d.matcher.invariant(d.form, n, {}) for n in d.networks())


def _shrink(d: Difference, rules: list[Rule]) -> Difference:
    shrinking = [r for r in rules if r.shrinks]
    for _ in range(MAX_REWRITES):
        use = next(_all_uses(d, shrinking), None) if shrinking else None
        if use is None:
            return d
        d = difference(d.left, d.right, (*d.uses, use))
    return d


def _all_uses(d: Difference, rules: list[Rule]) -> Iterator[tuple[Number, Theorem]]:
    for cell, networks in d.cells:
        for n in networks:
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
        context = n._replace(coef=1, atoms=(*rest, (rule.label, coords)), inner=_still(n, rest, coords))
        with suppress(DomainError):  # a coefficient that may be 0 somewhere can't be divided by
            yield scalar(n.coef) / scalar(rule.lead.coef), context
    if rule.whole_side:
        for k, box in enumerate(n.boxes):
            for inner_box in _inside(box, rule):
                yield rule.whole_side, n._replace(boxes=(*n.boxes[:k], inner_box, *n.boxes[k + 1 :]))


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
            yield (scalar(m.coef) / (scalar(rule.lead.coef) * rule.whole_side),
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
