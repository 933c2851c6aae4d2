"""Theorems of analysis that a step cites: which instances of them may be of use, and which assumptions they grant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import combinations, product

from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.analysis import normal, softmax
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.errors import DomainError
from symbolic_mla.kernel.scalar import Number, positive, scalar
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Apply, Einsum, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.notation import matmul
from symbolic_mla.prover.difference import difference

MAX_INSTANCES = 12


def instances(axiom: str, statement: Statement, truncations: Sequence[Truncation] = ()) -> list[Theorem]:
    """Instances of a theorem at the terms of a statement, as assumptions. What is assumed is granted, or nothing is
    proved by it."""
    terms = list(dict.fromkeys(subterms(*terms_of(statement))))
    found: list[Statement] = []
    rows = [t.term for t in terms if isinstance(t, Apply) and t == softmax.softmax(t.term)]
    if axiom == "eckart-young":
        found = [t.best(*factors) for t in truncations for factors in _factors(terms, t)]
    if axiom == "softmax-lipschitz":
        found = [softmax.lipschitz(a, b) for a, b in combinations(rows, 2) if a.axes == b.axes]
    if axiom == "softmax-shift":
        found = list(_shifts(rows))
    if axiom == "softmax-weights":
        found = [*map(softmax.row_sums, rows), *(h for t in terms if (h := softmax.weighted(t)) is not None)]
        found += _equal_scores(rows)
    if axiom == "normalize-lengths":
        found = list(_lengths(terms))
    return [derive("assume", h) for h in found[:MAX_INSTANCES]]


def by_definition(statement: Statement) -> list[Theorem]:
    """What a search may use of softmax and normalize without being told: numbers added to a row, equal scores, and
    positive factors, where the statement has some."""
    return [t for a in ("softmax-shift", "softmax-weights", "normalize-lengths") for t in instances(a, statement, ())
            if isinstance(t.conclusion, Equation) and isinstance(t.conclusion.left, Apply)]  # fmt: skip


def granted_by(h: Statement, truncations: Sequence[Truncation]) -> str | None:
    """The theorem of which an assumption is an instance, or None."""
    if any(t.grants(h) for t in truncations):
        return "eckart-young"
    if softmax.weights_grant(h):
        return "softmax-weights"
    if softmax.shift_grants(h):
        return "softmax-shift"
    if normal.grants(h):
        return "normalize-lengths"
    return "softmax-lipschitz" if softmax.lipschitz_grants(h) else None


def _equal_scores(rows: Sequence[Term]) -> Iterator[Statement]:
    """Where each row of scores is its mean, repeated, the weights."""
    for x in rows:
        *kept, last = ((k,) for k in range(len(x.axes)))
        with suppress(DomainError):  # a size by which nothing can be divided
            mean = Sum(((1 / x.axes[-1].size(), Einsum(((x, (*kept, last)),), tuple(kept), x.axes)),), x.axes[:-1])
            fact = softmax.equal_scores(mean, x.axes[-1])
            if isinstance(fact.left, Apply) and difference(x, fact.left.term).vanishes:
                yield fact


def _lengths(terms: Sequence[Term]) -> Iterator[Statement]:
    """Where the arguments of two norms differ by a positive factor."""
    rows = [t.term for t in terms if isinstance(t, Apply) and t == normal.normalize(t.term)]
    for x, y in combinations(rows, 2):
        for a in _quotients(x, y) if x.axes == y.axes else ():
            if difference(x, Sum(((a, y),), y.axes)).vanishes:
                b = 1 / scalar(a)
                yield normal.any_length(a, y) if len(str(a)) <= len(str(b)) else normal.any_length(b, x)


def _quotients(x: Term, y: Term) -> list[Number]:
    """The positive numbers by which y may have been multiplied to give x, as their terms say it."""
    nothing = Sum((), x.axes)
    found: dict[Number, None] = {}
    for above, below in product(*([n.coef for _, n in difference(t, nothing).like_terms()] for t in (x, y))):
        with suppress(DomainError):
            found.setdefault(scalar(above) / scalar(below))
    return [a for a in list(found)[:MAX_INSTANCES] if a != 1 and positive(a)]


def _shifts(rows: Sequence[Term]) -> Iterator[Statement]:
    """Where the arguments of two softmaxes differ by a number in each row, the mean of the difference."""
    for a, b in combinations(rows, 2):
        if a.axes != b.axes:
            continue
        *kept, last = ((k,) for k in range(len(a.axes)))
        mean = Einsum(((Sum(((1, a), (-1, b)), a.axes), (*kept, last)),), tuple(kept), a.axes)
        fact = softmax.shift(b, Sum(((1 / a.axes[-1].size(), mean),), mean.axes))
        if isinstance(fact.left, Apply) and difference(a, fact.left.term).vanishes and not difference(a, b).vanishes:
            yield fact


def _factors(terms: Sequence[Term], t: Truncation) -> Iterator[tuple[Term, Term]]:
    """The products of a p × r matrix with an r × q one."""
    for term in terms:
        chain = _chain(term)
        for cut in range(1, len(chain)):
            left, right = _product(chain[:cut]), _product(chain[cut:])
            if left.axes == t.u.axes and right.axes[1] == t.whole.axes[1] and t.u not in chain:
                yield left, right


def _chain(term: Term) -> list[Term]:
    """The matrices of which a term is the product."""
    parts = term.children() if isinstance(term, Einsum) else ()
    if len(parts) == 2 and all(len(p.axes) == 2 for p in parts) and parts[0].axes[1] == parts[1].axes[0]:
        a, b = parts
        if term == matmul(a, b):
            return [*_chain(a), *_chain(b)]
    return [term]


def _product(chain: Sequence[Term]) -> Term:
    whole = chain[0]
    for t in chain[1:]:
        whole = matmul(whole, t)
    return whole
