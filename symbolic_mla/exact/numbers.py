"""Comparisons of numbers at explicit sizes: dimensions are numbers, and a rank is the generic rank."""

from __future__ import annotations

from collections.abc import Mapping

from symbolic_mla.exact.coefficients import is_constant, minus
from symbolic_mla.exact.explicit_rank import RankBounds, rank_in
from symbolic_mla.exact.monomials import Polynomial, to_expression
from symbolic_mla.exact.world import World
from symbolic_mla.instance.numbers import substitute
from symbolic_mla.kernel.scalar import Generator, Number, Scalar, Var, scalar
from symbolic_mla.kernel.statement import Compare, Statement
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank


def ranks_of(number: Scalar) -> list[Rank]:
    """The ranks that a number speaks of, those under min and max included."""
    found: list[Rank] = []
    for g in sorted(number.generators(), key=lambda g: g.key):
        if isinstance(g, Rank):
            found.append(g)
        elif isinstance(g, Extreme):
            found += [rank for part in g.of for rank in ranks_of(part) if rank not in found]
    return found


def variables_of(*statements: Statement) -> set[Var]:
    """The dimensions and scalars of the numbers that statements compare, those under ranks excepted."""
    found: set[Var] = set()
    for s in statements:
        if isinstance(s, Iff):
            found |= variables_of(s.left, s.right)
        elif isinstance(s, Compare):
            todo = [s.left, s.right]
            while todo:
                for g in todo.pop().generators():
                    found |= {g} if isinstance(g, Var) else set()
                    todo += g.of if isinstance(g, Extreme) else ()
    return found


def rank_bounds(comparison: Compare, world: World) -> dict[Rank, RankBounds]:
    """Bounds for each rank of a comparison. Raises: as `explicit_rank`."""
    both = dict.fromkeys([*ranks_of(comparison.left), *ranks_of(comparison.right)])
    return {rank: rank_in(world, rank.term) for rank in both}


def holds_generically(
    comparison: Compare, world: World, bounds: Mapping[Rank, RankBounds]
) -> tuple[bool | None, str, str]:
    """Whether a comparison is true of the generic ranks, and its two sides; None where that is open."""
    known = {rank: bound.rank for rank, bound in bounds.items()}
    if any(rank is None for rank in known.values()):
        return None, "a rank", "not known exactly"
    sides = [_value(side, world, {r: k for r, k in known.items() if k is not None})
             for side in (comparison.left, comparison.right)]  # fmt: skip
    left, right = sides
    if left is None or right is None:
        return None, "a min or a max", "of numbers that are not known"
    words = str(to_expression(left)), str(to_expression(right))
    rest = minus(right, left)
    if comparison.relation == "=":
        return world.coefficients.vanishes(rest), *words
    gap = to_expression(rest)
    return (bool(gap >= 0) if gap.is_extended_nonnegative is not None else None), *words


def _value(number: Number, world: World, ranks: Mapping[Rank, int]) -> Polynomial | None:
    """The number as a polynomial in the scalars that have no value."""
    failed: list[Generator] = []

    def image(g: Generator) -> Number | None:
        if isinstance(g, Rank):
            return ranks[g]
        if isinstance(g, Entry):
            failed.append(g)
            return 0
        if isinstance(g, Extreme):
            parts = [_value(part, world, ranks) for part in g.of]
            if any(part is None or not is_constant(part) for part in parts):
                failed.append(g)
                return 0
            numbers = [part.get((), 0) for part in parts if part is not None]
            return min(numbers) if g.kind == "min" else max(numbers)
        return None

    value = substitute(scalar(number), image)
    return None if failed else world.coefficients.polynomial(value)
