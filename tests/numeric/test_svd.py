"""The SVD construction: its product, its orthonormality, its singular values, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.attention import GroupedWeights, Heads, Scoring, grouped_query, latent, latent_absorbed
from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.numeric import (
    NumpyOps,
    causal_mask,
    factorise,
    factorise_jointly,
    identity_factorisation,
    latent_weights,
    untile,
)
from symbolic_mla.numeric.svd import thin_svd

small = st.integers(1, 5)
cases = given(
    n=small,
    g=small,
    d=small,
    D=st.integers(1, 24),
    order=st.sampled_from(["tile", "interleaved"]),
    power=st.sampled_from([-300, -30, 0, 30, 300]),
    seed=st.integers(0, 2**32 - 1),
)


def tiled(w: Any, heads: Heads) -> Any:
    blocks = w.reshape(heads.groups, heads.size, -1)
    if heads.order == "tile":
        return np.tile(w, (heads.copies, 1))
    return np.repeat(blocks, heads.copies, axis=0).reshape(-1, w.shape[1])


@settings(max_examples=80, deadline=None)
@cases
def test_the_construction_is_an_svd_of_the_tiled_weight(n, g, d, D, order, power, seed):
    """up · down is the tiled weight, up is orthonormal, and the singular values are the dense ones."""
    heads, rng = Heads(n, g, d, order), np.random.default_rng(seed)
    w = np.ldexp(rng.normal(size=(g * d, D)), power)
    f = factorise(w, heads)
    dense = tiled(w, heads)
    size = np.abs(w).max()
    assert f.rank == min(g * d, D) and f.down.shape == (f.rank, D) and f.up.shape == (n * g * d, f.rank)
    np.testing.assert_allclose(f.up @ f.down / size, dense / size, atol=1e-13)
    np.testing.assert_allclose(f.up.T @ f.up, np.eye(f.rank), atol=1e-13)
    reference = np.linalg.svd(dense / size, compute_uv=False)
    np.testing.assert_allclose(f.singular_values / size, reference[: f.rank], atol=1e-13 * reference[0])
    np.testing.assert_array_equal(untile(dense, heads), w)


@settings(max_examples=40, deadline=None)
@cases
def test_truncation_errs_by_the_next_singular_value(n, g, d, D, order, power, seed):
    """Eckart and Young: at every rank the spectral error is the next singular value, of W̃ and by √n of W."""
    heads, rng = Heads(n, g, d, order), np.random.default_rng(seed)
    w = rng.normal(size=(g * d, D))
    f = factorise(w, heads)
    for rank in range(1, f.rank):
        cut = f.truncated(rank)
        assert np.linalg.norm(tiled(w, heads) - cut.up @ cut.down, 2) == pytest.approx(
            f.singular_values[rank]
        )
        assert np.linalg.norm(w - cut.block @ cut.down, 2) == pytest.approx(
            f.singular_values[rank] / np.sqrt(n)
        )
        np.testing.assert_allclose(cut.down, factorise(w, heads, rank).down, atol=1e-13)


@settings(max_examples=40, deadline=None)
@cases
def test_grouped_layer_is_its_latent_layer(n, g, d, D, order, power, seed):
    """GQA is MLA with separate factors, with joint ones of rank min(2 G d, D), and with identity factors."""
    heads, rng, t, ops = Heads(n, g, d, order), np.random.default_rng(seed), 4, NumpyOps()
    w = GroupedWeights(
        *(rng.normal(size=s) / np.sqrt(D) for s in ((n * g * d, D), (g * d, D), (g * d, D), (3, n * g * d)))
    )
    x, how = rng.normal(size=(t, D)), Scoring(mask=causal_mask(t, t))
    expected = grouped_query(ops, x, x, w, heads, scoring=how)
    both = factorise_jointly(w.key, w.value, heads)
    assert both.key.rank == min(2 * g * d, D)
    for key, value, joint in (
        (factorise(w.key, heads), factorise(w.value, heads), False),
        (both.key, both.value, True),
        (identity_factorisation(w.key, heads), identity_factorisation(w.value, heads), False),
    ):
        m = latent_weights(w, key, value)
        assert m.joint is joint
        for layer in (latent, latent_absorbed):
            np.testing.assert_allclose(layer(ops, x, x, m, n * g, d, scoring=how), expected, atol=1e-11)


def test_a_joint_latent_of_the_group_size_loses_what_the_stack_has_more():
    """W_K = [1 0], W_V = [0 1]: one joint component leaves an error of σ₂ = √2 of the tiled stack."""
    both = factorise_jointly([[1.0, 0.0]], [[0.0, 1.0]], Heads(2, 1, 1), rank=1)
    np.testing.assert_allclose(both.key.singular_values, np.sqrt(2.0))
    up = np.concatenate([both.key.up, both.value.up])
    rest = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]]) - up @ both.key.down
    assert np.linalg.norm(rest, 2) == pytest.approx(np.sqrt(2.0))


def hadamard(n: int) -> Any:
    return np.ones((1, 1)) if n == 1 else np.kron(hadamard(n // 2), np.array([[1.0, 1.0], [1.0, -1.0]]))


@pytest.mark.parametrize("condition_bits", [20, 33])
def test_graded_spectra_come_out_better_than_from_the_dense_matrix(condition_bits):
    """With exactly known σ (condition 10⁶, 10¹⁰), the structure errs less than the dense SVD of tile(W)."""
    m, n = 64, 4
    sigma = 2.0 ** -np.round(np.linspace(0, condition_bits, m))
    w = (hadamard(m) * sigma) @ hadamard(4 * m)[:, :m].T / (2 * m)  # every entry and step is exact
    ours = factorise(w, Heads(n, 1, m)).singular_values / 2
    dense = np.linalg.svd(np.tile(w, (n, 1)), compute_uv=False)[:m] / 2

    def worst(s: Any) -> float:
        return float((np.abs(s - sigma) / sigma).max())

    assert worst(ours) < worst(dense)
    assert worst(ours) < 2.0**condition_bits * 2e-15


def test_the_gram_matrix_would_lose_half_the_digits():
    """At condition 10¹⁰ the smallest singular value has 5 digits here, and none by eigenvalues of W Wᵀ."""
    rng = np.random.default_rng(2)
    q, p = (np.linalg.qr(rng.normal(size=(8, 8)))[0] for _ in range(2))
    w = q @ np.diag(np.logspace(0, -10, 8)) @ p
    assert thin_svd(w)[1][-1] == pytest.approx(1e-10, rel=1e-4)
    assert abs(np.sqrt(abs(np.linalg.eigvalsh(w @ w.T)[0])) - 1e-10) > 1e-10


@pytest.mark.parametrize(
    "call, error, message",
    [
        (
            lambda h: factorise(np.ones((3, 5)), h),
            ShapeError,
            r"W has shape \(3, 5\), and 2 groups of 2 make 4 rows",
        ),
        (lambda h: factorise(np.ones((4, 5)), h, 5), InputError, "rank 5: a latent of 1 to 4 components"),
        (lambda h: factorise(np.ones((4, 5)), h, 0), InputError, "rank 0"),
        (lambda h: factorise(np.ones((4, 5)), h, True), InputError, "rank True"),
        (lambda h: factorise(np.full((4, 5), np.nan), h), InputError, "NaN or infinite at"),
        (lambda h: identity_factorisation(np.ones((4, 5)), h).truncated(2), InputError, "no singular values"),
        (lambda h: factorise_jointly(np.ones((4, 5)), np.ones((4, 6)), h), ShapeError, "share no input"),
        (lambda h: untile(np.ones((4, 5)), h), ShapeError, "makes 12 rows"),
        (lambda h: untile(np.arange(60.0).reshape(12, 5), h), InputError, "not 3 equal copies in tile order"),
    ],
)
def test_bad_input_is_an_error(call, error, message):
    """Wrong rows, ranks, NaN, and a matrix that is no tiling are named with their shapes."""
    with pytest.raises(error, match=message):
        call(Heads(3, 2, 2))
