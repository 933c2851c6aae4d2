"""Patterns: what they mean, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.numeric import ExactOps, NumpyOps
from symbolic_mla.numeric.pattern import read, solve

OPS = NumpyOps()
SIZES = {"a": 2, "b": 3, "c": 1, "d": 4, "e": 2}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_pattern_is_numpys_einsum(data):
    """Any pattern of one to three operands, with diagonals, sums, repeats and batches, is numpy.einsum's."""
    inputs = data.draw(st.lists(st.lists(st.sampled_from("abcde"), max_size=4), min_size=1, max_size=3))
    used = sorted({x for labels in inputs for x in labels})
    output = data.draw(st.lists(st.sampled_from(used), unique=True) if used else st.just([]))
    batch = data.draw(st.sampled_from([(), (2,), (2, 3)]))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    arrays, spelled = [], []
    for labels in inputs:
        batched = data.draw(st.booleans())
        spelled.append(("..." if batched else "") + "".join(labels))
        shape = (batch if batched else ()) + tuple(SIZES[x] for x in labels)
        arrays.append(rng.integers(-4, 5, size=shape).astype(float))
    any_batch = any(x.startswith("...") for x in spelled)
    expected = np.einsum(",".join(spelled) + "->" + ("..." if any_batch else "") + "".join(output), *arrays)
    pattern = ", ".join(" ".join(x) for x in inputs) + " -> " + " ".join(output)
    np.testing.assert_array_equal(OPS.einsum(pattern, *arrays), expected)
    exact = ExactOps()
    out = exact.einsum(pattern, *map(exact.array, arrays))
    assert out.shape == expected.shape and (out == expected).all()


@pytest.mark.parametrize(
    "pattern, shape, sizes, expected",
    [
        ("t (h d) -> h t d", (3, 8), {"h": 2}, (2, 3, 4)),
        ("t (n g d) -> t (g n d)", (3, 12), {"n": 2, "g": 3}, (3, 12)),
        ("s (g d) -> s (n g d)", (3, 4), {"n": 5, "g": 2}, (3, 20)),
        ("i -> i n", (3,), {"n": 2}, (3, 2)),
        ("i i -> i", (3, 3), {}, (3,)),
        ("i j ->", (3, 2), {}, ()),
    ],
)
def test_rearrangements_have_the_shapes_they_say(pattern, shape, sizes, expected):
    """Groups split and join axes, a label on the right alone repeats, a missing one is summed."""
    assert OPS.einsum(pattern, np.ones(shape), **sizes).shape == expected


def test_a_group_is_most_significant_first():
    """Entry (n, g, d) of an axis (n g d) stands at n G d + g d + d."""
    out = OPS.einsum("(n g d) -> n g d", np.arange(24.0), n=2, g=3)
    assert out[1, 2, 3] == 1 * 12 + 2 * 4 + 3


@pytest.mark.parametrize(
    "pattern, shapes, sizes, error, message",
    [
        ("i j", [(2, 2)], {}, InputError, 'needs one "->"'),
        ("i (j -> i", [(2, 2)], {}, InputError, "opens a group"),
        ("i ((j)) -> i", [(2, 2)], {}, InputError, r"does not read at '\('"),
        ("i 2 -> i", [(2, 2)], {}, InputError, "does not read at '2'"),
        ("i j -> i i", [(2, 2)], {}, InputError, "names i twice"),
        (
            "i j, j k -> i k",
            [(2, 3), (4, 5)],
            {},
            ShapeError,
            r"\(2, 3\), \(4, 5\).*axis \(j\) has size 4, against j=3",
        ),
        ("t (h d) -> h t d", [(3, 8)], {"h": 3}, ShapeError, r"axis \(h d\) has size 8, against h=3"),
        ("t (h d) -> h t d", [(3, 8)], {}, ShapeError, "sizes of d, h are not settled"),
        ("t d -> n t d", [(3, 8)], {}, ShapeError, "n is only on the right"),
        ("t d -> t d n", [(3, 8)], {"n": 0}, ShapeError, "n must be at least 1"),
        ("i j, j -> i", [(2, 3)], {}, ShapeError, "2 operands are named, 1 given"),
        ("i j -> i", [(3,)], {}, ShapeError, r"2 axes are named, and \(3,\) has 1"),
        ("i -> i", [(0,)], {}, ShapeError, "empty axis"),
        ("i, i -> i", [(2, 3), (4, 3)], {}, ShapeError, r"batch axes \(4,\) and \(2,\) differ"),
    ],
)
def test_what_does_not_fit_is_an_error_that_says_why(pattern, shapes, sizes, error, message):
    """Every misfit names the pattern, the shapes, and what contradicts what."""
    with pytest.raises(error, match=message):
        solve(read(pattern), shapes, sizes)
