"""Prove an inequality between numbers that are read off tensors: traces and other full contractions.

right - left is to be a combination, with multipliers that are never negative, of sums of squares and of inequalities
that are known. All of them are taken apart into classes of networks, rewritten with the hypotheses; what is left is a
linear problem. The kernel checks the combination: one equation, and the sum of what was used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product

from symbolic_mla.algebra import constant, squared
from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.axis import UNIT
from symbolic_mla.kernel.scalar import Generator, Monomial, Number, Root, Scalar, Var, never_negative, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom, Einsum, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.order import Entry
from symbolic_mla.prover.combination import classes
from symbolic_mla.prover.difference import Difference, difference
from symbolic_mla.prover.effort import remembered
from symbolic_mla.prover.feasible import nonnegative
from symbolic_mla.prover.order_numbers import follows, quotients
from symbolic_mla.prover.replacing import HOLE, replaced
from symbolic_mla.prover.rewriting import Rule, rewrite, rules_of

MAX_ROOTS = 10  # of which squares, and squares of sums and differences, are tried
MAX_INSIDE = 24  # subterms of which a number may be the square
MAX_MULTIPLIERS = 12
MAX_CANDIDATES = 120
NOTHING = Sum((), ())

Uses = tuple[tuple[Number, Theorem], ...]


def speaks_of_tensors(*numbers: Scalar) -> bool:
    """Whether an entry of a tensor occurs in some numbers."""
    return any(isinstance(g, Entry) for n in numbers for g in n.generators())


def as_term(number: Scalar) -> Term | None:
    """A number in which entries of tensors occur as one without axes; None where it speaks of ranks."""
    parts: list[tuple[Number, Term]] = []
    for m, c in number.terms.items():
        closed = [g.term for g, e in m if isinstance(g, Entry) for _ in range(e)]
        rest = [(g, e) for g, e in m if not isinstance(g, Entry)]
        if any(not isinstance(g, Var | Root) or _hidden(g) for g, _ in rest):
            return None
        parts.append((Scalar([(tuple(rest), c)]), closed[0] if len(closed) == 1 else _times(closed)))
    return Sum(tuple(parts), ())


def _hidden(g: Generator) -> bool:
    return isinstance(g, Root) and not all(isinstance(h, Var | Root) for h in g.radicand.generators())


def _times(closed: Sequence[Term]) -> Term:
    """A product of tensors without axes; of none, the number 1."""
    return Einsum(tuple((t, ()) for t in closed), (), ())


@dataclass
class _Candidate:
    """What may be a part of the gap: a number that is not negative, as a tensor without axes, and why it is not."""

    term: Term
    fact: Theorem | None = None
    factor: Scalar | None = None  # of the fact; the term is this multiple of right - left
    free: bool = False  # an equation: any multiple will do


def prove_order(left: Scalar, right: Scalar, facts: Sequence[Theorem]) -> Theorem | None:
    """left <= right as a theorem, or None where none was found."""
    goal = as_term(right - left)
    if goal is None:
        return None
    equations = [t for t in facts if isinstance(t.conclusion, Equation)]
    comparisons = [t for t in facts if isinstance(t.conclusion, Compare)]
    for t in equations:
        if isinstance(t.conclusion, Equation) and not t.conclusion.left.axes:
            comparisons.append(derive("entry", t))
    found = _as_spelled(left, right, comparisons)
    if found is not None:
        return found
    rules = [r for t in equations for r in rules_of(t) if r.shrinks]
    roots = list(_roots([*(t for fact in comparisons for t in _gap(fact)), goal]))  # those of the goal first
    for own, more in (([], False), *([(rules, False)] if rules else []), (rules, True)):
        wanted = _normal(goal, own)
        multipliers = list(_multipliers(wanted, roots if more else ()))
        candidates = list(islice(_candidates(comparisons, roots, more, multipliers), MAX_CANDIDATES))
        combined = _combined(goal, wanted, candidates, own)
        if combined is not None:
            equal, uses = combined
            with suppress(CertificateError):  # a square that the kernel has multiplied out is not seen to be one
                return derive("arithmetic", left, "<=", right, ((-1, derive("entry", equal)), *uses))
    return None


def _as_spelled(left: Scalar, right: Scalar, facts: Sequence[Theorem]) -> Theorem | None:
    """With squares written in one way, and nothing else multiplied out."""
    gap, back = _spelled(right - left)
    known = []
    for fact in facts:
        c = fact.conclusion
        if isinstance(c, Compare):
            own, there = _spelled(c.right - c.left)
            known.append(derive("arithmetic", scalar(0), c.relation, own, ((1, fact), *there)))
    zero = scalar(0)
    found = follows(zero, gap, known, quotients(zero, gap, known))
    if found is None:
        return None
    return derive("arithmetic", left, "<=", right, ((1, found), *((-1 * q, t) for q, t in back)))


def _spelled(n: Scalar) -> tuple[Scalar, Uses]:
    """A number with its sums of squares written as such, and the equations with their multiples that turn it into that:
    p(g) - p(h) is (g - h) times the sum of g^i h^j with i + j one less than the power."""
    uses: list[tuple[Number, Theorem]] = []
    for g in sorted(n.generators(), key=lambda g: g.key):  # a set has another order in each process
        if not isinstance(g, Entry) or g.sign != "real":
            continue
        root = _root(g.term)
        if root is None:
            continue
        h, factor = scalar(Entry(squared(root[0]))), scalar(0)
        for m, c in n.terms.items():
            power = dict(m).get(g, 0)
            rest = Scalar([(tuple((x, e) for x, e in m if x != g), c)])
            factor = factor + sum((rest * scalar(g) ** i * h ** (power - 1 - i) for i in range(power)), start=scalar(0))
        n = n - factor * (scalar(g) - h)
        uses.append((factor, derive("entry", root[1])))
    return n, tuple(uses)


def _gap(fact: Theorem) -> Iterator[Term]:
    c = fact.conclusion
    term = as_term(c.right - c.left) if isinstance(c, Compare) else None
    if term is not None:
        yield term


def _normal(term: Term, rules: list[Rule]) -> Difference:
    """A tensor without axes, taken apart and rewritten with what shrinks."""
    found = difference(term, NOTHING)
    return rewrite(found, rules, 0) if rules and not found.vanishes else found


# ---- what is not negative ----------------------------------------------------------------------------


def _roots(terms: Iterable[Term]) -> Iterator[Term]:
    """The tensors whose squares are numbers that occur."""
    found: dict[Term, None] = {}
    for t in subterms(*terms):
        root = _root(t) if len(found) < MAX_ROOTS else None
        if root is not None and root[0] not in found:
            found[root[0]] = None
            yield root[0]


@remembered
def _root(t: Term) -> tuple[Term, Theorem] | None:
    """The tensor of which a number is the sum of squares, and the theorem that it is. The tensor is not looked into:
    what is made of it would be the same for any other."""
    if t.axes or not isinstance(t, Einsum) or not t.operands:
        return None
    for inside in islice(dict.fromkeys(subterms(*t.children())), MAX_INSIDE):
        hole = Atom(HOLE, inside.axes)
        around = replaced(t, inside, hole)
        if {x for x in subterms(around) if isinstance(x, Atom)} == {hole}:
            found = difference(around, squared(hole))
            if found.vanishes:
                return inside, derive("instance", found.theorem(), (), (), ((hole, inside),), ())
    return None


def _multipliers(wanted: Difference, roots: Sequence[Term]) -> Iterator[tuple[Scalar, Term]]:
    """Numbers that are never negative, and may stand before a fact: as numbers, and as tensors without axes."""
    kept: dict[Scalar, None] = {scalar(1): None}
    monomials = {m for n in wanted.networks() for m in scalar(n.coef).terms}
    for m in sorted(monomials, key=lambda m: [(g.key, e) for g, e in m]):
        kept |= dict.fromkeys(_signed(m))
    plain = list(kept)[:MAX_MULTIPLIERS]
    for c in plain:
        yield c, constant(c)
    for root in roots[: MAX_MULTIPLIERS // 2]:
        yield scalar(Entry(squared(root))), squared(root)


def _signed(m: Monomial) -> Iterator[Scalar]:
    """A monomial; and its parts, each dimension less its lower bound: n - 1 is never negative."""
    whole = Scalar([(m, Fraction(1))])
    if never_negative(whole):
        yield whole
    low = [(g, e) for g, e in m if isinstance(g, Var) and g.sign == "dimension" and e > 0]
    rest = Scalar([(tuple((g, e) for g, e in m if (g, e) not in low), Fraction(1))])
    for choice in product((False, True), repeat=min(len(low), 3)):
        part = rest
        for (g, _), less in zip(low, choice, strict=False):
            part = part * (scalar(g) - g.low) if less else part
        if never_negative(part):
            yield part


def _candidates(facts: Sequence[Theorem], roots: Sequence[Term], more: bool,
                multipliers: Sequence[tuple[Scalar, Term]]) -> Iterator[_Candidate]:  # fmt: skip
    squares = [squared(r) for r in roots]
    for a, b in combinations(roots, 2):
        if more and a.axes == b.axes:
            squares += [squared(_on_an_axis(Sum(((1, a), (sign, b)), a.axes))) for sign in (1, -1)]
    plain = [(c, t) for c, t in multipliers if not speaks_of_tensors(c)]
    for c, _ in plain:
        for s in squares:
            yield _Candidate(Sum(((c, s),), ()))
        yield _Candidate(constant(c))
    for a, b in combinations(squares[: len(roots)], 2):
        if more:
            yield _Candidate(_times((a, b)))
    for fact in facts:
        conclusion = fact.conclusion
        if not isinstance(conclusion, Compare):
            continue
        for gap in _gap(fact):
            for c, t in multipliers:
                yield _Candidate(_times((t, gap)), fact, c, conclusion.relation == "=")


def _on_an_axis(t: Term) -> Term:
    """A number as a vector of one entry: its square stays a sum of squares, and is not multiplied out."""
    return t if t.axes else Einsum(((t, ()),), ((0,),), (UNIT,))


def _combined(goal: Term, wanted: Difference, candidates: Sequence[_Candidate],
              rules: list[Rule]) -> tuple[Theorem, Uses] | None:  # fmt: skip
    """The gap as a combination of candidates: as an equation, and the facts with their multipliers."""
    columns, chosen = [], []
    for candidate in candidates:
        form = _normal(candidate.term, rules)
        for sign in (1, -1) if candidate.free else (1,):
            columns.append({k: sign * c for k, c in classes(form).items()})
            chosen.append((sign, candidate, form))
    weights = nonnegative(columns, classes(wanted))
    if weights is None:
        return None
    parts: list[tuple[Number, Term]] = []
    rewritten, uses = list(wanted.uses), list[tuple[Number, Theorem]]()
    for w, (sign, candidate, form) in zip(weights, chosen, strict=True):
        if w:
            parts.append((sign * w, candidate.term))
            rewritten += [(-1 * sign * w * c, t) for c, t in form.uses]
            if candidate.fact is not None and candidate.factor is not None:
                uses.append((sign * w * candidate.factor, candidate.fact))
    equal = difference(goal, Sum(tuple(parts), ()), tuple(rewritten))
    return (equal.theorem(), tuple(uses)) if equal.vanishes else None
