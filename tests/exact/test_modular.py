"""Elimination modulo a prime agrees with FLINT, and its floating-point arithmetic is exact at the bounds."""

from __future__ import annotations

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from symbolic_mla.errors import InputError
from symbolic_mla.exact.modular import (
    CHUNK,
    Elimination,
    eliminate,
    is_usable_prime,
    prime_below,
    reduce_in_place,
)

LARGEST = 8388593


def eliminate_integers(array: NDArray[np.int64], prime: int) -> Elimination:
    """Eliminate an integer matrix with at most as many rows as columns."""
    residues = (array % prime).astype(np.float64)
    reduce_in_place(residues, prime)
    rows, columns = array.shape
    return eliminate((rows, columns), lambda chosen: residues[:, chosen], prime)


def low_rank(seed: int, rows: int, columns: int, rank: int, size: int) -> NDArray[np.int64]:
    """A product of two integer factors, some of whose columns are zero."""
    rng = np.random.default_rng(seed)
    product = rng.integers(-size, size + 1, (rows, rank)) @ rng.integers(-5, 6, (rank, columns))
    return np.asarray(product * (rng.random(columns) < 0.8))


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**32),
    st.integers(1, 60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from([5, 7, 101, LARGEST]),
)
def test_rank_and_minor_agree_with_flint(seed: int, rows: int, more: int, rank: int, prime: int) -> None:
    """The rank modulo p is FLINT's, and the minor of the pivots is nonzero modulo p."""
    array = low_rank(seed, rows, rows + more, rank, prime)
    found = eliminate_integers(array, prime)
    assert found.rank == flint.nmod_mat(rows, rows + more, (array % prime).ravel().tolist(), prime).rank()
    if found.rank:
        minor = array[np.ix_(found.rows, found.columns)] % prime
        assert int(flint.nmod_mat(found.rank, found.rank, minor.ravel().tolist(), prime).det()) != 0


@pytest.mark.parametrize(("rows", "columns", "rank"), [(300, 700, 290), (257, 1100, 257), (300, 300, 17)])
def test_several_slabs_and_long_sums(rows: int, columns: int, rank: int) -> None:
    """Sizes beyond a slab, a triangle and a chunk, with residues of every size, agree with FLINT."""
    rng = np.random.default_rng(rank)
    left, right = (
        flint.nmod_mat(*shape, rng.integers(0, LARGEST, shape).ravel().tolist(), LARGEST)
        for shape in ((rows, rank), (rank, columns))
    )
    product = left * right
    array = np.array([int(x) for x in product.entries()], dtype=np.int64).reshape(rows, columns)
    assert eliminate_integers(array, LARGEST).rank == product.rank() == rank


@pytest.mark.parametrize("prime", [5, 7, 4099, LARGEST])
def test_reduction_is_exact_up_to_the_stated_bound(prime: int) -> None:
    """Every integer up to 2⁵³ − 2²⁴ becomes a congruent residue below the prime and below p/2 + 4."""
    limit = 2**53 - 2**24
    rng = np.random.default_rng(prime)
    values = [*(int(x) for x in rng.integers(-limit, limit + 1, 3000)), limit, -limit]
    values += [sign * (limit // prime * prime - step) for step in range(3) for sign in (1, -1)]
    values += [prime * k + (prime + sign) // 2 for k in range(-200, 200) for sign in (-1, 1)]
    block = np.array([values], dtype=np.float64)
    reduce_in_place(block, prime)
    for before, after in zip(values, block[0], strict=True):
        assert (int(after) - before) % prime == 0
        assert abs(after) <= prime / 2 + 4
        assert abs(after) < prime


def test_bound_of_a_sum_leaves_room() -> None:
    """CHUNK products of the largest residues and one more residue stay within what a reduction takes."""
    residue = 2**22 + 4
    assert CHUNK * residue**2 + residue <= 2**53 - 2**24


def test_primes_are_told_apart() -> None:
    """Usable primes are the primes from 5 up to 2²³, found in descending order."""
    assert [n for n in range(40) if is_usable_prime(n)] == [5, 7, 11, 13, 17, 19, 23, 29, 31, 37]
    assert not is_usable_prime(8388617)
    assert prime_below(LARGEST) == 8388587
    with pytest.raises(InputError, match="no prime p with 5 <= p < 5"):
        prime_below(5)


def test_a_composite_modulus_is_refused() -> None:
    """A modulus that is no prime is an error that names one to use."""
    with pytest.raises(InputError, match=r"9 is not a prime.*\n.*8388593"):
        eliminate_integers(np.eye(2, dtype=np.int64), 9)
