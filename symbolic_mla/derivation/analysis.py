"""Theorems of analysis that a step cites: which instances of them may be of use, and which assumptions they grant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import combinations

from symbolic_mla.algebra import scale
from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.analysis import normal, softmax
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.errors import DomainError
from symbolic_mla.kernel.scalar import Number, positive
from symbolic_mla.kernel.statement import Statement
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
        for x in rows:
            with suppress(DomainError):
                found.append(softmax.equal_scores(_mean(x), x.axes[-1]))
    if axiom == "normalize-lengths":
        found = [normal.any_length(a, x) for x in _normed(terms) for a in _factors_of(terms)]
    return [derive("assume", h) for h in found[:MAX_INSTANCES]]


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


def _mean(x: Term) -> Term:
    """The mean of each row: of a row of equal entries, each of them."""
    *rows, last = ((k,) for k in range(len(x.axes)))
    return scale(1 / x.axes[-1].size(), Einsum(((x, (*rows, last)),), tuple(rows), x.axes))


def _normed(terms: Sequence[Term]) -> list[Term]:
    return [t.term for t in terms if isinstance(t, Apply) and t == normal.normalize(t.term)]


def _factors_of(terms: Sequence[Term]) -> list[Number]:
    """The positive numbers, other than 1, by which something is multiplied."""
    found = dict.fromkeys(a for t in terms if isinstance(t, Sum) for a, _ in t.parts)
    return [a for a in found if a != 1 and positive(a)]


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
