"""Patterns: what they compute, which readings they have, and what their errors say."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.algebra.pattern_text import read
from symbolic_mla.algebra.solve import solve
from symbolic_mla.errors import (
    AxisOrderError,
    BudgetError,
    DocumentSyntaxError,
    ShapeError,
    SpellingError,
    SymbolicMLAError,
)
from symbolic_mla.kernel.axis import UNIT, Axis
from symbolic_mla.kernel.axis import product as times
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Atom
from tests.dense import Array, World, axis_size, dense, same
from tests.strategies import ONE, THREE, TWO, N, P, Q, R, simple_axes, worlds

quick = settings(deadline=None)
T, S, G, D = (Axis.of(v) for v in map(Var, "tsGd"))
LABELS = "abcde"

groups = st.lists(st.lists(st.sampled_from(LABELS), max_size=3).map(tuple), max_size=3).map(tuple)
Groups = tuple[tuple[str, ...], ...]


def spell(axes: Groups) -> str:
    return " ".join(g[0] if len(g) == 1 else f"({' '.join(g)})" for g in axes)


def naive(operands: list[Groups], output: Groups, tensors: list[Array], sizes: dict[str, int]) -> Array:
    """The definition: a sum over all values of all labels."""
    names = sorted({x for axes in (*operands, output) for g in axes for x in g})

    def at(axes: Groups, value: dict[str, int]) -> tuple[int, ...]:
        where = []
        for g in axes:
            k = 0
            for x in g:
                k = k * sizes[x] + value[x]
            where.append(k)
        return tuple(where)

    out = np.zeros([int(np.prod([sizes[x] for x in g])) for g in output], dtype=object)
    for values in product(*(range(sizes[x]) for x in names)):
        value = dict(zip(names, values, strict=True))
        part = 1
        for axes, tensor in zip(operands, tensors, strict=True):
            part = part * tensor[at(axes, value)]
        out[at(output, value)] += part
    return out


@quick
@given(
    st.lists(groups, min_size=1, max_size=2),
    groups,
    st.fixed_dictionaries({x: simple_axes() for x in LABELS}),
    worlds(2),
)
def test_a_pattern_means_its_definition(
    operands: list[Groups], output: Groups, axes: dict[str, Axis], w: World
) -> None:
    """With all sizes given, einsum is the sum over all labels: groups, diagonals, repeats, unit axes."""
    used = {x for g in (*operands, output) for group in g for x in group}
    text = f"{', '.join(map(spell, operands))} -> {spell(output)}"
    atoms = [Atom(f"A{k}", tuple(times(axes[x] for x in g) for g in o)) for k, o in enumerate(operands)]
    term = al.einsum(text, *atoms, **{x: axes[x] for x in used})
    sizes = {x: axis_size(axes[x], w) for x in used}
    assume(np.prod(list(sizes.values())) <= 200)
    value = naive(operands, output, [w.tensor(a) for a in atoms], sizes)
    assert same(dense(term, w), value)


@quick
@given(st.lists(st.sampled_from((P, Q, R, N, P + Q, N + TWO)), min_size=2, max_size=4), st.data())
def test_one_missing_size_follows(factors: list[Axis], data: st.DataObject) -> None:
    """A group with all sizes but one given has one reading, and it is the right one, sums included."""
    names = LABELS[: len(factors)]
    open_label = data.draw(st.sampled_from(names))
    known = {x: f for x, f in zip(names, factors, strict=True) if x != open_label}
    try:
        whole = times(factors)
    except BudgetError:
        assume(False)
        raise
    pattern = read(f"({' '.join(names)}) -> ")
    assert solve(pattern, [[whole]], known) == dict(zip(names, factors, strict=True))


@quick
@given(st.lists(st.sampled_from((P, Q, R, N, G)), min_size=2, max_size=5), st.integers(2, 5))
def test_readings_are_the_cuts(factors: list[Axis], labels: int) -> None:
    """k symbols bound to m labels have binomial(k - 1, m - 1) readings, and the error counts them."""
    from math import comb

    names = LABELS[:labels]
    count = comb(len(factors) - 1, labels - 1)
    if count == 1:
        assert times(solve(read(f"({' '.join(names)}) ->"), [[times(factors)]], {}).values()) == times(
            factors
        )
    else:
        what = f"{count} readings" if count else "not a product of"
        with pytest.raises(ShapeError, match=what):
            solve(read(f"({' '.join(names)}) ->"), [[times(factors)]], {})


A2 = Atom("A", (T, N * G * D))
READINGS: list[tuple[str, list[tuple[Axis, ...]], dict[str, Axis], dict[str, Axis]]] = [
    ("t (n g d) -> n g t d", [(T, N * G * D)], {}, {"n": N, "g": G, "d": D}),
    ("t (h d) -> h t d", [(T, N * G * D)], {"h": N * G}, {"h": N * G, "d": D}),
    ("t (h d) -> h t d", [(T, N * G * D)], {"d": G * D}, {"h": N, "d": G * D}),
    ("t (h d), h -> t d", [(T, N * G * D), (N,)], {}, {"h": N, "d": G * D}),
    ("t (h d), s (h e), d -> h t s e", [(T, N * G * D), (S, N * G * P), (D,)], {}, {"h": N * G, "e": P}),
    ("t (h d), s (h e) -> h t s", [(T, N * D), (S, N * P)], {}, {"h": N, "d": D, "e": P}),
    ("(h d), (d e), e -> h", [(N * G * D,), (G * D * P,), (P,)], {}, {"h": N, "d": G * D}),
    ("(h d), (h e) ->", [(N * G * D,), (N * P,)], {}, {"h": N, "d": G * D, "e": P}),
    ("(g r d) -> g r d", [(G * (N + ONE + ONE) * D,)], {}, {"g": G, "r": N + TWO, "d": D}),
    ("(g x) -> g x", [(G * (N + ONE + ONE) * D,)], {"g": G}, {"x": (N + TWO) * D}),
    ("(x d), d -> x", [(G * (N + ONE + ONE) * D,), (D,)], {}, {"x": G * (N + TWO)}),
    ("(r d) -> r d", [((N + TWO) * D,)], {}, {"r": N + TWO, "d": D}),
    ("(two d) -> two d", [(TWO * D,)], {}, {"two": TWO, "d": D}),
    ("(d two) -> two d", [(D * TWO,)], {}, {"two": TWO, "d": D}),
    ("(h d) -> h d", [(Axis.of(32),)], {"h": Axis.of(4)}, {"h": Axis.of(4), "d": Axis.of(8)}),
    ("(h d), h -> d", [(Axis.of(32),), (Axis.of(4),)], {}, {"d": Axis.of(8)}),
    ("(h d) -> h d", [(P,)], {"h": ONE}, {"h": UNIT, "d": P}),
    ("(h d) -> h d", [(ONE,)], {}, {"h": UNIT, "d": UNIT}),
    ("i () -> i", [(P, ONE)], {}, {"i": P}),
    ("(a a) -> a", [(P * P,)], {}, {"a": P}),
    ("t̂ σ_1 -> σ_1", [(P, Q)], {}, {"t̂": P, "σ_1": Q}),
]


@pytest.mark.parametrize(("pattern", "shapes", "sizes", "expected"), READINGS, ids=lambda x: str(x)[:40])
def test_labels_bind_contiguous_factors(
    pattern: str, shapes: list[tuple[Axis, ...]], sizes: dict[str, Axis], expected: dict[str, Axis]
) -> None:
    """The reading that other axes or given sizes settle; sums are divided run by run."""
    found = solve(read(pattern), shapes, sizes)
    assert {x: found[x] for x in expected} == expected


EQUIVALENT: list[tuple[str, Callable[[Atom], object], Callable[[Atom], object]]] = [
    ("transpose", lambda a: al.einsum("i j -> j i", a), lambda a: al.transpose(a)),
    ("trace", lambda a: al.einsum("i i ->", a), lambda a: al.trace(a)),
    ("vec", lambda a: al.einsum("i j -> (j i)", a), lambda a: al.vec(a)),
    ("diagonal", lambda a: al.einsum("i i -> i", a), lambda a: al.diag(a)),
    ("product", lambda a: al.einsum("i j, j k -> i k", a, a), lambda a: al.matmul(a, a)),
    ("kron", lambda a: al.einsum("i j, k l -> (i k) (j l)", a, a), lambda a: al.kron(a, a)),
    ("hadamard", lambda a: al.einsum("i j, i j -> i j", a, a), lambda a: al.hadamard(a, a)),
    ("identity", lambda a: al.einsum("-> i i", i=P), lambda a: al.identity(P)),
    ("ones", lambda a: al.einsum("-> i j", i=P, j=Q), lambda a: al.ones(P, Q)),
    ("one", lambda a: al.einsum("->"), lambda a: al.ones()),
]


@pytest.mark.parametrize(("name", "by_pattern", "by_name"), EQUIVALENT, ids=[e[0] for e in EQUIVALENT])
def test_formers_are_patterns(
    name: str, by_pattern: Callable[[Atom], object], by_name: Callable[[Atom], object]
) -> None:
    """A former and its pattern are one and the same term."""
    a = Atom("A", (P, P))
    assert by_pattern(a) == by_name(a)


@quick
@given(worlds(3))
def test_the_two_orders(w: World) -> None:
    """interleave(W, n, groups=G) = reorder("(n g d) c -> (g n d) c", tile(W, n)), and tile by a pattern."""
    a = Atom("W", (P * Q, R))
    left, right = al.interleave(a, N, groups=P), al.reorder("(n g d) c -> (g n d) c", al.tile(a, N))
    assert left.axes == right.axes
    assert same(dense(left, w), dense(right, w))
    assert same(dense(al.tile(a, N), w), dense(al.einsum("r c -> (n r) c", a, n=N), w))


M, V = Atom("A", (P, Q)), Atom("x", (P,))
FAILURES: list[tuple[Callable[[], object], type[SymbolicMLAError], str]] = [
    (lambda: al.einsum("ij,jk->ik", M, M), SpellingError, 'NumPy\'s style.*\n  try: "i j, j k -> i k"'),
    (lambda: al.einsum("ij, jk -> ik", M, M), SpellingError, 'try: "i j, j k -> i k"'),
    (lambda: al.einsum("ij,jk", M, M), SpellingError, 'try: "i j, j k -> i k"'),
    (lambda: al.einsum("ii->", M), SpellingError, 'try: "i i ->"'),
    (lambda: al.einsum("i j", M), DocumentSyntaxError, 'the pattern "i j" needs one "->"'),
    (lambda: al.einsum("i j -> i -> j", M), DocumentSyntaxError, 'needs one "->"'),
    (lambda: al.einsum("i j -> i, j", M), DocumentSyntaxError, "more than one result"),
    (lambda: al.einsum("... j -> j", M), DocumentSyntaxError, "'...'\n  try: an ellipsis is not supported"),
    (lambda: al.einsum("… j -> j", M), DocumentSyntaxError, "an ellipsis is not supported"),
    (lambda: al.einsum("i (j k -> i j", M), DocumentSyntaxError, "opens a group that it does not close"),
    (lambda: al.einsum("i j) -> i j", M), DocumentSyntaxError, "does not read at '\\)'"),
    (lambda: al.einsum("i (j (k)) -> i j", M), DocumentSyntaxError, "groups do not nest"),
    (lambda: al.einsum("i (2 k) -> i k", M), DocumentSyntaxError, "'2'\n  try: a size is given by name"),
    (lambda: al.einsum("i _ -> i", M), DocumentSyntaxError, "does not read at '_'"),
    (lambda: al.einsum("i j -> j i", M, M), ShapeError,
     "on p × q, p × q: 1 operands in the pattern, 2 given"),
    (lambda: al.einsum("i j k -> j i", M), ShapeError,
     "on p × q: operand 1 has 2 axes, and 3 in the pattern"),
    (lambda: al.einsum("i j, j k -> i k", M, M), ShapeError, "j is q, and meets the axis p"),
    (lambda: al.einsum("i i -> i", M), ShapeError, '"i i -> i" on p × q: i is p, and meets the axis q'),
    (lambda: al.einsum("i j -> i k", M), ShapeError,
     "k only on the right repeats.*\n  try: k=k names the size"),
    (lambda: al.einsum("i j -> i j", M, k=N), ShapeError, "k=n: k is given a size, and is no label"),
    (lambda: al.einsum("t (h d) -> h t d", A2), ShapeError,
     "on t × n\\*G\\*d: 2 readings: h=n, d=G\\*d; h=n\\*G, d=d\n  try: give the size that is meant: h=n"),
    (lambda: al.einsum("(h d) -> h d", V), ShapeError,
     "the axis p is not a product of 2 factors \\(h d\\) that fits\n  try: a literal is split"),
    (lambda: al.einsum("(h d) -> h d", Atom("x", (Axis.of(32),))), ShapeError,
     "only where a size is given: h=..."),
    (lambda: al.einsum("(h d) -> h d", Atom("x", (Axis.of(32),)), h=5), ShapeError,
     "the axis 32 is not \\(h d\\) with h=5"),
    (lambda: al.einsum("(g n d) -> n", Atom("x", (N * G * D,)), g=G, n=N), AxisOrderError,
     "g=G, n=n: the axis n\\*G\\*d is not \\(g n d\\) with .*: equal factors in a different order"),
    (lambda: al.einsum("i, i ->", Atom("x", (N * G,)), Atom("y", (G * N,))), AxisOrderError,
     "i is n\\*G, and meets the axis G\\*n: equal factors in a different order"),
    (lambda: al.einsum("i, i ->", Atom("x", (N * G,)), Atom("y", (G * P,))), ShapeError,
     "i is n\\*G, and meets"),
    (lambda: al.reorder("i j -> i", M), ShapeError, "of a reordering: j should stand once on each side"),
    (lambda: al.reorder("i j -> i j k", M, k=N), ShapeError, "of a reordering: k should stand once"),
    (lambda: al.reorder("i i -> i", M), ShapeError, "of a reordering: i should stand once"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "message"), FAILURES, ids=lambda x: x if isinstance(x, str) else "")
def test_what_does_not_fit_says_so(
    call: Callable[[], object], kind: type[SymbolicMLAError], message: str
) -> None:
    """An error of exactly this kind repeats the pattern, and says what was met and what to try."""
    with pytest.raises(kind, match=message) as caught:
        call()
    assert type(caught.value) is kind
    assert 'the pattern "' in str(caught.value)


def test_many_readings_are_counted_and_not_all_listed() -> None:
    """Of ten readings six are listed."""
    axis = times((P, Q, R, N, G, D))
    with pytest.raises(ShapeError, match=r"10 readings: .*; and 4 more"):
        al.einsum("(a b c d) -> a", Atom("x", (axis,)))


def test_a_hopeless_search_ends() -> None:
    """Fifteen equal factors in seven labels: the error says that there are too many ways."""
    with pytest.raises(ShapeError, match="more than 200 ways to split"):
        al.einsum("(a b c d e f g) -> a", Atom("x", (times([P, Q, THREE] * 5),)))
