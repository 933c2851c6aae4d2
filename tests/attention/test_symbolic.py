"""What is proved is what runs: the functions of `symbolic_mla.attention`, given symbols, are equal for all sizes."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symbolic_mla import algebra
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.attention.grouped import grouped_query, multi_head, multi_query, repeat_groups
from symbolic_mla.attention.heads import Heads
from symbolic_mla.attention.latent import latent, latent_absorbed
from symbolic_mla.attention.symbolic import SymbolicOps
from symbolic_mla.attention.weights import GroupedWeights, LatentWeights, Rope, Scoring
from symbolic_mla.errors import ShapeError, TypeMismatchError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.prover.decide import Proved, Refuted, decide

OPS: SymbolicOps = SymbolicOps()
n, g, d, e, i, o, t, s, r, v, h, k, q = (Axis.of(Var(name)) for name in "ngdeiotsrvhkq")
X, Y = Atom("X", (t, i)), Atom("Y", (s, i))
MASKED = Scoring(mask=Atom("M", (t, s)), function="f")


def grouped(axis: Axis, component: Axis) -> GroupedWeights[Term]:
    """Symbols for the weights of grouped-query attention."""
    return GroupedWeights(
        Atom("W_Q", (axis * d, i)), Atom("W_K", (g * d, i)), Atom("W_V", (g * component, i)),
        Atom("W_O", (o, axis * component)),
    )  # fmt: skip


def proved(left: Term, right: Term) -> bool:
    """Whether two terms are proved equal for all sizes."""
    return isinstance(decide(Equation(left, right)), Proved)


@pytest.mark.parametrize("scoring", [None, MASKED, Scoring(scale=scalar(Fraction(1, 7)))])
@pytest.mark.parametrize("order", ["tile", "interleaved"])
def test_grouped_query_attention_is_multi_head_attention_with_repeated_weights(order: str, scoring: object) -> None:
    """GQA equals MHA whose key and value weights are repeated, in both orders, for any mask and row function."""
    axis = n * g if order == "tile" else g * n
    heads = Heads(n, g, d, order)  # type: ignore[arg-type]
    w = grouped(axis, d)
    repeated = GroupedWeights(w.query, repeat_groups(OPS, w.key, heads), repeat_groups(OPS, w.value, heads), w.output)
    left = grouped_query(OPS, X, Y, w, heads, scoring=scoring)  # type: ignore[arg-type]
    right = multi_head(OPS, X, Y, repeated, axis, d, scoring=scoring)  # type: ignore[arg-type]
    assert proved(left, right)


@pytest.mark.parametrize("layout", ["interleaved", "half-split"])
@pytest.mark.parametrize("order", ["tile", "interleaved"])
def test_rotated_keys_are_shared_like_keys(order: str, layout: str) -> None:
    """GQA equals MHA on repeated weights with RoPE too: any rotation at each position, both layouts, both orders."""
    two, axis = Axis.of(2), n * g if order == "tile" else g * n
    heads = Heads(n, g, two * k if layout == "half-split" else k * two, order)  # type: ignore[arg-type]
    rope = Rope(Atom("R_q", (t, two * two * k)), Atom("R_k", (s, two * two * k)), layout)  # type: ignore[arg-type]
    w = GroupedWeights(
        Atom("W_Q", (axis * heads.size, i)), Atom("W_K", (g * heads.size, i)), Atom("W_V", (g * heads.size, i))
    )
    repeated = GroupedWeights(w.query, repeat_groups(OPS, w.key, heads), repeat_groups(OPS, w.value, heads))
    left = grouped_query(OPS, X, Y, w, heads, scoring=MASKED, rope=rope)
    assert proved(left, multi_head(OPS, X, Y, repeated, axis, heads.size, scoring=MASKED, rope=rope))


def test_the_two_orders_are_different_functions_of_the_same_weights() -> None:
    """With literal sizes 2 and 2 the axes agree, and tile order against interleaved order is refuted."""
    two, one = Axis.of(2), Axis.of(1)
    w = GroupedWeights(Atom("W_Q", (two * two, i)), Atom("W_K", (two, i)), Atom("W_V", (two, i)))
    sides = [grouped_query(OPS, X, Y, w, Heads(two, two, one, order), scoring=Scoring(function="f"))  # type: ignore[arg-type]
             for order in ("tile", "interleaved")]  # fmt: skip
    assert isinstance(decide(Equation(*sides)), Refuted)


@pytest.mark.parametrize("form", [latent, latent_absorbed])
@pytest.mark.parametrize("order", ["tile", "interleaved"])
@pytest.mark.parametrize("scoring", [None, MASKED])
def test_grouped_query_attention_is_latent_attention(scoring: object, order: str, form: Any) -> None:
    """GQA equals MLA with separate latents of g d and identity tiles as up-projections: the founding theorem."""
    axis = n * g if order == "tile" else g * n
    w, heads = grouped(axis, e), Heads(n, g, d, order)  # type: ignore[arg-type]
    up_key, up_value = (repeat_groups(OPS, algebra.identity(g * size), replace(heads, size=size)) for size in (d, e))
    as_latent = LatentWeights(w.query, w.key, up_key, up_value, down_value=w.value, output=w.output)
    left = grouped_query(OPS, X, Y, w, heads, scoring=scoring)  # type: ignore[arg-type]
    assert proved(left, form(OPS, X, Y, as_latent, axis, d, scoring=scoring))


@pytest.mark.parametrize("form", [latent, latent_absorbed])
@pytest.mark.parametrize("joint", [True, False])
@pytest.mark.parametrize("order", ["tile", "interleaved"])
def test_any_factors_of_the_weights_make_the_latents(order: str, joint: bool, form: Any) -> None:
    """What the sweep runs: W_K = U_K V_K and W_V = U_V V_V, as an SVD gives them, are MLA with U repeated; the latent
    is joint where both have one right factor."""
    axis = n * g if order == "tile" else g * n
    heads, w = Heads(n, g, d, order), grouped(axis, d)  # type: ignore[arg-type]
    down_key, down_value = Atom("V_K", (r, i)), Atom("V_K", (r, i)) if joint else Atom("V_V", (v, i))
    up_key, up_value = Atom("U_K", (g * d, r)), Atom("U_V", (g * d, r if joint else v))
    key, value = algebra.matmul(up_key, down_key), algebra.matmul(up_value, down_value)
    as_latent = LatentWeights(
        w.query, down_key, repeat_groups(OPS, up_key, heads), repeat_groups(OPS, up_value, heads),
        down_value=None if joint else down_value, output=w.output,
    )  # fmt: skip
    left = grouped_query(OPS, X, Y, GroupedWeights(w.query, key, value, w.output), heads, scoring=MASKED)
    assert proved(left, form(OPS, X, Y, as_latent, axis, d, scoring=MASKED))


def test_one_latent_of_twice_the_size_serves_keys_and_values() -> None:
    """GQA equals MLA with the joint latent [W_K; W_V] of 2 g d, whose halves the up-projections pick."""
    w = grouped(n * g, d)
    tiles, none = algebra.tile(algebra.identity(g * d), n), algebra.zeros(n * g * d, g * d)
    up_key, up_value = algebra.hstack(tiles, none), algebra.hstack(none, tiles)
    as_latent = LatentWeights(w.query, algebra.stack(w.key, w.value), up_key, up_value, output=w.output)
    left = grouped_query(OPS, X, Y, w, Heads(n, g, d), scoring=MASKED)
    assert proved(left, latent(OPS, X, Y, as_latent, n * g, d, scoring=MASKED))


def weights(joint: bool, rope: bool = False) -> LatentWeights[Term]:
    """Symbols for the weights of latent attention."""
    inner = r if joint else v
    pe = (Atom("W_QR", (h * (Axis.of(2) * k), i)), Atom("W_KR", (Axis.of(2) * k, i))) if rope else (None, None)
    return LatentWeights(
        Atom("W_Q", (h * d, i)), Atom("W_DK", (r, i)), Atom("W_UK", (h * d, r)), Atom("W_UV", (h * e, inner)),
        down_value=None if joint else Atom("W_DV", (v, i)), output=Atom("W_O", (o, h * e)),
        query_rope=pe[0], key_rope=pe[1],
    )  # fmt: skip


@pytest.mark.parametrize("norm", [None, "rms"])
@pytest.mark.parametrize("joint", [True, False])
@pytest.mark.parametrize("queries", [True, False])
@pytest.mark.parametrize("scoring", [None, MASKED])
def test_the_up_projections_can_be_absorbed(joint: bool, norm: str | None, queries: bool, scoring: object) -> None:
    """MLA on keys and values equals MLA on the cached latents, also with a norm on the latent, and one for queries."""
    w = weights(joint)
    if queries:
        w = replace(w, query=Atom("W_UQ", (h * d, q)), down_query=Atom("W_DQ", (q, i)))
    sides = [form(OPS, X, Y, w, h, d, scoring=scoring, norm=norm, query_norm=norm)  # type: ignore[arg-type]
             for form in (latent, latent_absorbed)]  # fmt: skip
    assert proved(*sides)


@pytest.mark.parametrize("layout", ["interleaved", "half-split"])
def test_decoupled_rope_leaves_absorption_exact(layout: str) -> None:
    """With decoupled rotary keys, for any rotation at each position, the two forms are equal."""
    two = Axis.of(2)
    k_axes = (t, two * two * k), (s, two * two * k)
    rope = Rope(Atom("R_q", k_axes[0]), Atom("R_k", k_axes[1]), layout)  # type: ignore[arg-type]
    w = weights(joint=True, rope=True)
    if layout == "interleaved":
        w = LatentWeights(
            w.query, w.down_key, w.up_key, w.up_value, output=w.output,
            query_rope=Atom("W_QR", (h * k * two, i)), key_rope=Atom("W_KR", (k * two, i)),
        )  # fmt: skip
    forms = (latent, latent_absorbed)
    assert proved(*(form(OPS, X, Y, w, h, d, scoring=MASKED, rope=rope, rope_size=two * k) for form in forms))


def test_multi_query_attention_is_latent_attention_of_one_head_size() -> None:
    """G = 1: MQA is MLA with a latent of d and every head reading it whole."""
    one = Axis.of(1)
    w = GroupedWeights(Atom("W_Q", (h * d, i)), Atom("W_K", (d, i)), Atom("W_V", (d, i)), Atom("W_O", (o, h * d)))
    copies = algebra.tile(algebra.identity(d), h)
    as_latent = LatentWeights(w.query, w.key, copies, copies, down_value=w.value, output=w.output)
    assert one * d == d
    assert proved(multi_query(OPS, X, Y, w, h, d), latent_absorbed(OPS, X, Y, as_latent, h, d))


def test_a_missing_factor_of_the_scale_is_refuted() -> None:
    """1/sqrt(r) in the place of 1/sqrt(d) is another function."""
    w = weights(joint=True)
    left = latent(OPS, X, Y, w, h, d, scoring=Scoring(function="f"))
    right = latent_absorbed(OPS, X, Y, w, h, d, scoring=Scoring(function="f", scale=1 / sqrt(r.size())))
    assert isinstance(decide(Equation(left, right)), Refuted)


def test_what_does_not_fit_is_refused() -> None:
    """Shapes are checked as the term is built, and a function is a name."""
    with pytest.raises(ShapeError):
        grouped_query(OPS, X, Y, GroupedWeights(Atom("W_Q", (n * g * d, o)), X, X), Heads(n, g, d))
    with pytest.raises(TypeMismatchError, match="a symbolic function is a name"):
        OPS.apply(len, X)
