"""The kernel's axes, attacked: an index of a product or of a sum lies where the definition says."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symbolic_mla.algebra.ungroup import unpair
from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.axis import UNIT, Axis, NeedSplit, indices, inject, locate, pair
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Einsum
from tests.dense import World, all_indices, axis_size, flat
from tests.strategies import axes, times, worlds

LARGEST = 40


def sized(axis: Axis, w: World, largest: int = LARGEST) -> Axis:
    assume(axis_size(axis, w) <= largest)
    return axis


def splitting(chosen: frozenset[int]):  # type: ignore[no-untyped-def]
    return lambda count: count in chosen


split_sets = st.frozensets(st.integers(2, 12))


@given(axes(), worlds(3))
def test_indices_are_the_positions_in_order(axis: Axis, w: World) -> None:
    """The naive enumeration of an axis hits the positions 0, 1, 2, ... in order."""
    sized(axis, w)
    assert [flat(axis, i, w) for i in all_indices(axis, w)] == list(range(axis_size(axis, w)))


@given(axes(), axes(), worlds(3))
def test_size_is_a_homomorphism(a: Axis, b: Axis, w: World) -> None:
    """The size of a product is the product of sizes, that of a sum the sum, and `size` agrees."""
    from tests.dense import number

    assert axis_size(times(a, b), w) == axis_size(a, w) * axis_size(b, w)
    assert axis_size(a + b, w) == axis_size(a, w) + axis_size(b, w) == number((a + b).size(), w)


@given(axes(), axes(), axes())
def test_axes_are_a_left_distributive_near_semiring(a: Axis, b: Axis, c: Axis) -> None:
    """(ab)c = a(bc), (a+b)+c = a+(b+c), (a+b)c = ac + bc, 1a = a1 = a."""
    try:
        assert (a * b) * c == a * (b * c)
        assert (a + b) * c == a * c + b * c
        assert (a + b) + c == a + (b + c)
    except BudgetError:
        assume(False)
    assert UNIT * a == a * UNIT == a


@settings(deadline=None)
@given(axes(), axes(), worlds(3))
def test_pair_is_lexicographic(a: Axis, b: Axis, w: World) -> None:
    """The position of pair(i, j) is that of i times the size of b plus that of j; unpair undoes it."""
    sized(a, w, 24)
    sized(b, w, 24)
    whole = times(a, b)
    for i in all_indices(a, w):
        for j in all_indices(b, w):
            k = pair(a, i, b, j)
            assert flat(whole, k, w) == flat(a, i, w) * axis_size(b, w) + flat(b, j, w)
            assert unpair(a, b, k) == (i, j)


@given(axes(), axes(), worlds(3), split_sets)
def test_pair_is_lexicographic_with_edges(a: Axis, b: Axis, w: World, chosen: frozenset[int]) -> None:
    """The same where literals stay edges, whenever the kernel does not ask for their entries."""
    sized(a, w, 24)
    sized(b, w, 24)
    whole = times(a, b)
    for i in all_indices(a, w, splitting(chosen)):
        for j in all_indices(b, w, splitting(chosen)):
            try:
                k = pair(a, i, b, j)
            except NeedSplit as need:
                assert need.size not in chosen
                continue
            assert flat(whole, k, w) == flat(a, i, w) * axis_size(b, w) + flat(b, j, w)
            try:
                assert unpair(a, b, k) == (i, j)
            except NeedSplit as need:
                assert need.size not in chosen


@given(axes(), axes(), worlds(3), split_sets)
def test_unpair_is_lexicographic(a: Axis, b: Axis, w: World, chosen: frozenset[int]) -> None:
    """Every index of a product, its literals split or not, comes apart into the right two; pair undoes it."""
    sized(a, w, 24)
    sized(b, w, 24)
    whole, size = times(a, b), axis_size(b, w)
    for k in all_indices(whole, w, splitting(chosen)):
        try:
            i, j = unpair(a, b, k)
        except NeedSplit as need:
            assert need.size not in chosen
            continue
        assert (flat(a, i, w), flat(b, j, w)) == divmod(flat(whole, k, w), size)
        try:
            assert pair(a, i, b, j) == k
        except NeedSplit as need:
            assert need.size not in chosen


@given(st.lists(axes(2), min_size=1, max_size=4), worlds(3), split_sets)
def test_inject_and_locate(parts: list[Axis], w: World, chosen: frozenset[int]) -> None:
    """An index of a part lies behind all the parts before it, and locate finds it."""
    whole = parts[0]
    for p in parts[1:]:
        whole = whole + p
    sized(whole, w)
    offset = 0
    for n, part in enumerate(parts):
        for split in (splitting(chosen), lambda _: True):
            for i in all_indices(part, w, split):
                try:
                    k = inject(parts, n, i)
                    assert flat(whole, k, w) == offset + flat(part, i, w)
                    assert locate(parts, k) == (n, i)
                except NeedSplit as need:
                    assert need.size not in chosen
                    assert split(need.size) is False
        offset += axis_size(part, w)
    for split in (splitting(chosen), lambda _: True):
        for k in all_indices(whole, w, split):
            try:
                n, i = locate(parts, k)
                before = sum(axis_size(p, w) for p in parts[:n])
                assert flat(whole, k, w) == before + flat(parts[n], i, w)
                assert inject(parts, n, i) == k
            except NeedSplit as need:
                assert need.size not in chosen


@given(axes(), worlds(3), split_sets)
def test_cells_partition_the_axis(axis: Axis, w: World, chosen: frozenset[int]) -> None:
    """The cells of `indices`, over all values of their edges, cover every position exactly once."""
    from itertools import product

    from tests.dense import edges_of

    sized(axis, w)
    sorts: list[object] = []

    def fresh(sort: object) -> int:
        sorts.append(sort)
        return len(sorts) - 1

    met = []
    for cell in indices(axis, fresh, chosen):
        edges = edges_of(cell)
        assert len(set(edges)) == len(edges)
        ranges = [range(s if isinstance(s := sorts[e], int) else w.size(s)) for e in edges]  # type: ignore[arg-type]
        for at in product(*ranges):
            met.append(flat(axis, cell, w, dict(zip(edges, at, strict=True)).__getitem__))
    assert sorted(met) == list(range(axis_size(axis, w)))


def test_a_product_over_many_copies_ends_in_a_budget_error() -> None:
    """100 copies of a sum are refused with the limit, and not expanded."""
    from tests.strategies import P, Q

    with pytest.raises(BudgetError, match="100 copies of a sum of 2; the limit is 64"):
        Axis.of(100) * (P + Q)


def test_an_axis_of_absurdly_many_factors_is_refused() -> None:
    """A label that is named ten thousand times multiplies no axis as often: it took the square of that."""
    with pytest.raises(BudgetError, match="an axis of 1001 factors"):
        Einsum((), ((0,) * 10_000,), (Axis.of(Var("p")),))
