"""What is left of left - right when like terms have cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symbolic_mla.errors import BudgetError, UnsupportedError
from symbolic_mla.kernel.axis import Index, NeedSplit
from symbolic_mla.kernel.network import IndexForm, Network, free_edges, index_form
from symbolic_mla.kernel.scalar import Number
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.prover.effort import remembered, spend
from symbolic_mla.prover.matching import Matcher, total

MAX_SPLIT = 64  # a literal axis is taken apart up to this size

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

    def like_terms(self) -> Iterator[tuple[tuple[Index, ...], Network]]:
        """What is left with like terms added up, each with its cell: the kernel takes away only what adds up to 0."""
        for cell, networks in self.cells:
            for members in self.matcher.classes(self.form, networks):
                first = networks[members[0].network]
                yield cell, first if len(members) == 1 else first._replace(coef=total(networks, members))

    def symbols(self) -> frozenset[str]:
        """The symbols that stand in every network that is left: where one of them is 0, so is all that is left."""
        found = [{label[0].name for label, _ in n.atoms if isinstance(label[0], Atom)} for n in self.networks()]
        return frozenset(set.intersection(*found)) if found else frozenset()

    def networks(self) -> list[Network]:
        """Every network that is left."""
        return [n for _, networks in self.cells for n in networks]


@remembered
def difference(left: Term, right: Term, uses: tuple[tuple[Number, Theorem], ...] = ()) -> Difference:
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
        spend(form.work)
        found = Difference(left, right, uses, cells, form, split, matcher)
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
