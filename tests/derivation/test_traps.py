"""The traps of issue 2, each by its name, as a person would write it."""

from __future__ import annotations

import pytest

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.instance.judge import holds
from tests.derivation.documents import checked, claim, verdicts
from tests.derivation.instances import instance_of

MATRICES = """
dims n, m, r, t
given A, B : n × m
given C : n × m
given S : n × n
given W : r × m
function f
"""

NOT_PROVED = {
    "rank of a Hadamard product": "claim x: rank(A ∘ B) <= rank(A)",
    "rank of a Kronecker product": "claim x: rank(A ⊗ B) <= rank(A)",
    "rank of a sum": "claim x: rank(A + B) <= rank(A)",
    "a tile that is cut off": "given T : t*n × m\nclaim x: rank(tile(I(n), t)ᵀ T) = rank(T)",
    "a delta through f": 'claim x: f(einsum("i j, i k -> i j k", I(n), A)) = einsum("i j, i k -> i j k", I(n), f(A))',
    "attention is not linear": "claim x: exists L : t × t for all X : t × n with f(X Xᵀ) X = L X",
    "a square as a factorisation": "claim x: exists U : n × n with S = U U",
    "a square, by the axiom": "claim x: exists U : n × n with S = U U by rank-factorisation",
    "an unknown that occurs elsewhere": "claim x: exists U : n × m, V : m × m with A + U U'A = U V",
    "one unknown for two sides": "claim x: exists U : n × n, V : n × m with A = U V, U B = U V",
    "an inverse of a tile": "claim x: inv(tile(W, n)) tile(W, n) = I(m)",
    "an inverse that is not declared": "claim x: inv(S) S = I(n)",
    "the root of a square": "scalar a\nclaim x: sqrt(a^2) = a",
    "the root of a square, below": "scalar a\nclaim x: sqrt(a^2) <= a",
    "the citation of a refuted claim": "claim no: A = B\nclaim x: 2 A = A + B by no",
    "the citation of an undecided claim": "claim no: exists U : n × n with S = U U\n"
    "claim x: exists U : n × n with S = U U by no",
    "the citation of itself": "claim x: A = B by x",
    "a factor that may be zero": "given P, Q : n × m with (n - 1) P = (n - 1) Q\nclaim x: P = Q",
    "a scalar that may be zero": "scalar a\ngiven P, Q : n × m with a P = a Q\nclaim x: P = Q",
    "one shared factor": "claim x: exists U, L : n × n, V : n × m with A = U V, B = L V",
    "f of the transpose": "claim x: f(S) = f(Sᵀ)",
    "f is not linear": "claim x: f(A + B) = f(A) + f(B)",
    "a rank below its size": "claim x: rank(A) <= m - 1",
}  # fmt: skip

PROVED = {
    "f of a tile": "claim x: f(tile(A, t)) = tile(f(A), t)",
    "f of a stack": "claim x: f(stack(A, W)) = stack(f(A), f(W))",
    "two copies are a stack": "claim x: tile(A, 2) = stack(A, A)",
    "stacks associate": "claim x: stack(A, stack(W, B)) = stack(stack(A, W), B)",
    "a sum less a part": "claim x: A + B - A = B",
    "a delta summed away": 'claim x: einsum("i j k -> i k", f(einsum("i j, i k -> i j k", I(n), A))) '
    "= f(A) + (n - 1) f(zeros(n, m))",
    "a diagonal through f": 'claim x: einsum("i i k -> i k", f(einsum("i j, i k -> i j k", I(n), A) '
    '+ einsum("j k -> i j k", A, i=n))) = f(2 A)',
    "a diagonal that cancels in f": 'claim x: einsum("i i k -> i k", f(einsum("i k -> i j k", A, j=n) '
    '- einsum("j k -> i j k", A, i=n))) = f(zeros(n, m))',
    "a symmetric argument": 'claim x: f(einsum("i j -> i k j", A, k=n) + einsum("k j -> i k j", A, i=n)) '
    '= einsum("i k j -> k i j", f(einsum("i j -> i k j", A, k=n) + einsum("k j -> i k j", A, i=n)))',
    "a block of f of a stack": "claim x: stack(f(A), f(W))[0] = f(A)",
    "rank of a tile": "claim x: rank(tile(A, t)) = rank(A)",
    "a mask moves with its position": "function g(t)\ngiven X : t × m\nclaim x: g(2 X) = g(X + X)",
}  # fmt: skip

REFUTED = {
    "Hall's identity": (
        "given P, Q, R : n × n\nrefute x: (P Q - Q P)^2 R = R (P Q - Q P)^2",
        {"n": 3},
    ),
    "f of the transpose": ("refute x: f(S) = f(Sᵀ)", {"n": 2}),
    "small sizes mislead": (
        "let E = ones(n, n) - I(n)\n"
        'refute x: einsum("i j, k l, i j, i k, i l, j k, j l, k l ->", S, S, E, E, E, E, E, E) = 0',
        {"n": 4},
    ),
    "n - 1 may vanish": ("refute x: (n - 1) A = (n - 1) B", {"n": 2, "m": 1}),
    "a mask is not one function": ("function g(n)\nrefute x: g(S) = g(Sᵀ)ᵀ", {"n": 2}),
    "a tile cut off": ("given T : t*n × m\nrefute x: rank(tile(I(n), t)ᵀ T) = rank(T)", {"t": 2, "n": 1, "m": 1}),
    "rank of a Hadamard product": ("refute x: rank(A ∘ B) <= rank(A)", {"n": 2, "m": 2}),
    "rank of a Kronecker product": ("refute x: rank(A ⊗ B) <= rank(A)", {"n": 2, "m": 2}),
    "a rank below the size": ("refute x: exists U : n × t, V : t × m with A = U V", {"n": 2, "m": 2, "t": 1}),
    "the shared latent": ("refute x: exists U, L : n × n, V : n × m with A = U V, B = L V", {"n": 1, "m": 2}),
    "a real root": ("scalar a\nrefute x: sqrt(a^2) = a", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_PROVED)
def test_a_trap_is_never_proved(name: str) -> None:
    """False or meaningless claims that look true: refuted, undecided or an error, and never proved."""
    try:
        assert verdicts(MATRICES + NOT_PROVED[name])["x"] != "proved"
    except SymbolicMLAError as error:
        assert error.message


@pytest.mark.parametrize("name", PROVED)
def test_what_must_be_proved_is(name: str) -> None:
    """True claims that a weaker normal form misses."""
    assert verdicts(MATRICES + PROVED[name])["x"] == "proved"


@pytest.mark.parametrize("name", REFUTED)
def test_what_must_be_refuted_is(name: str) -> None:
    """False claims come with a counterexample at the smallest sizes, at which they fail when evaluated again."""
    text, sizes = REFUTED[name]
    found = claim(MATRICES + text, "x")
    assert found.verdict == "refuted"
    step = found.steps[0]
    assert step.counterexample is not None
    assert {k: v for k, v in step.counterexample.sizes.items() if k in sizes} == sizes
    assert step.statement is not None
    assert holds(step.statement, instance_of(step.counterexample)) is False


def test_the_pairwise_different_sum_does_vanish_below_size_four() -> None:
    """What misleads: at n = 1, 2 and 3 the same claim is proved."""
    for n in (1, 2, 3):
        text = (
            f"given S : {n} × {n}\nlet E = ones({n}, {n}) - I({n})\n"
            'claim x: einsum("i j, k l, i j, i k, i l, j k, j l, k l ->", S, S, E, E, E, E, E, E) = 0'
        )
        assert verdicts(text) == {"x": "proved"}


def test_quantifier_order_matters() -> None:
    """L may depend on what is given, and not on what is quantified after it."""
    given = "dims t, D\nfunction f\n"
    free = given + "given X : t × D\nclaim x: exists L : t × t with f(X Xᵀ) X = L X\n  take L = f(X Xᵀ)"
    assert verdicts(free) == {"x": "proved"}
    late = given + "claim x: exists L : t × t for all X : t × D with f(X Xᵀ) X = L X\n  take L = f(X Xᵀ)"
    (step,) = claim(late, "x").steps
    assert step.verdict == "error"
    assert "mentions `X`, which is chosen after it" in step.message


def test_a_wrong_witness_refutes_nothing() -> None:
    """A witness that fails leaves the claim undecided, though it is true."""
    text = MATRICES + "claim x: exists U : n × m with A + U = B\n  take U = A - B"
    assert verdicts(text) == {"x": "undecided"}


def test_the_two_orders_of_heads_are_told_apart() -> None:
    """tile order against interleaved order is an error that names both axes, or with literals a refutation."""
    given = "dims n, G, d, D\ngiven W : G*d × D\n"
    (step,) = claim(given + "claim x: tile(W, n) = interleave(W, n, groups=G)", "x").steps
    assert step.verdict == "error"
    assert step.error is not None
    assert step.error.kind == "axis-order"
    assert "n*G*d" in step.message
    assert "G*n*d" in step.message
    literal = "given V : 2 × 1\nrefute x: tile(V, 2) = interleave(V, 2, groups=2)"
    assert verdicts(literal) == {"x": "refuted"}


def test_a_document_with_nothing_to_prove_proves_nothing() -> None:
    """No claim is no proof: there is a warning, and no verdict."""
    result = checked("dims n")
    assert not result.claims
    assert any("nothing to check" in w for w in result.warnings)


def test_contradictory_hypotheses_are_warned_about() -> None:
    """From hypotheses without a model anything would follow: the document says that none was found."""
    result = checked("dims n\nassume n <= 1\nassume n >= 2\nclaim x: n >= 7")
    assert any("vacuous" in w for w in result.warnings)
