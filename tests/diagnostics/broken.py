"""Steps with one slip each, and the line that mends it: by their last line, behind the same declarations."""

from __future__ import annotations

DECLARED = "dims m, n, G, d, r, p\ndim D = n*G*d\nscalar a, b\n"

MENDED: dict[str, tuple[str, str]] = {
    "factors of a transpose": (
        "given A, B : m × m\nclaim c: (A B)ᵀ = Aᵀ Bᵀ",
        "claim c: (A B)ᵀ = Bᵀ Aᵀ",
    ),
    "in the author's own sign": (
        "given A, B : m × m\nclaim c: (A B)' = A' B'",
        "claim c: (A B)' = B' A'",
    ),
    "a transpose": (
        "given A : m × m, x : m\nclaim c: xᵀ A = (A x)ᵀ",
        "claim c: xᵀ A = (Aᵀ x)ᵀ",
    ),
    "one symbol for another": (
        "given W_K, W_V, X : m × m\nclaim c: X (W_K + W_V) = X W_K + X W_K",
        "claim c: X (W_K + W_V) = X W_V + X W_K",
    ),
    "a law as a reason": (
        "given X : m × n\nclaim c: softmax(X) ones(n) = ones(m)",
        "claim c: softmax(X) ones(n) = ones(m) by softmax-weights",
    ),
    "it may be equal": (
        "claim c: G d < n G d",
        "claim c: G d <= n G d",
    ),
    "a factor n": (
        "given W : G*d × D\nclaim c: tile(W, n)ᵀ tile(W, n) = Wᵀ W",
        "claim c: tile(W, n)ᵀ tile(W, n) = n Wᵀ W",
    ),
    "a factor 1/n": (
        "given W : G*d × D\nclaim c: Wᵀ W = tile(W, n)ᵀ tile(W, n)",
        "claim c: Wᵀ W = 1 / n tile(W, n)ᵀ tile(W, n)",
    ),
    "a root of another size": (
        "given Q, K : m × d\nclaim c: (Q Kᵀ)ᵀ / sqrt(d) = K Qᵀ / sqrt(r)",
        "claim c: (Q Kᵀ)ᵀ / sqrt(d) = K Qᵀ / sqrt(d)",
    ),
    "d for its root": (
        "given Q, K : m × d\nclaim c: (Q Kᵀ)ᵀ / sqrt(d) = K Qᵀ / d",
        "claim c: (Q Kᵀ)ᵀ / sqrt(d) = K Qᵀ / sqrt(d)",
    ),
    "r for 2 r": (
        "given W_K, W_V : r × D\nclaim c: rank(stack(W_K, W_V)) <= r",
        "claim c: rank(stack(W_K, W_V)) <= 2 r",
    ),
    "tile order": (
        "given W : G*d × D\nclaim c: interleave(W, n, groups=G) = tile(W, n)",
        'claim c: interleave(W, n, groups=G) = reorder("(n g d) c -> (g n d) c", tile(W, n))',
    ),
    "tile for interleave": (
        "given W : G*d × D\nclaim c: interleave(W, n, groups=G) = tile(I(G*d), n) W",
        "claim c: interleave(W, n, groups=G) = interleave(I(G*d), n, groups=G) W",
    ),
    "the square of a sum": (
        "given A, B : m × m\nclaim c: (A + B)² = A² + 2 A B + B²",
        "claim c: (A + B)² = A² + A B + B A + B²",
    ),
    "a sign": (
        "given A, B : m × m\nclaim c: (A - B) (A + B) = A² + A B + B A - B²",
        "claim c: (A - B) (A + B) = A² + A B - B A - B²",
    ),
    "a term not multiplied": (
        "given A : m × m, B, C : m × p\nclaim c: A (B + C) = A B + C",
        "claim c: A (B + C) = A B + A C",
    ),
    "shapes": (
        "given X : m × D, W : G*d × D, U : n*G*d × G*d\nclaim c: (X Wᵀ) Uᵀ = X (W U)ᵀ",
        "claim c: (X Wᵀ) Uᵀ = X (U W)ᵀ",
    ),
    "a first side without meaning": (
        "given A : m × n, B : m × p\nclaim c: (A B)ᵀ = Bᵀ A",
        "claim c: (Aᵀ B)ᵀ = Bᵀ A",
    ),
    "orthonormal columns": (
        "given U : m × r, V, S : r × r\nclaim c: (U S)ᵀ (U S) = Sᵀ S",
        "given U : m × r with Uᵀ U = I(r), V, S : r × r",
    ),
    "commuting": (
        "given A, B : m × m\nclaim c: (A - B) (A + B) = A² - B²",
        "given A, B : m × m with A B = B A",
    ),
    "symmetric": (
        "given A : m × m, B : m × p\nclaim c: (A B)ᵀ = Bᵀ A",
        "given A : m × m with A symmetric, B : m × p",
    ),
    "full rank": (
        "given A : p × m\nclaim c: rank(A) = p",
        "given A : p × m with A Aᵀ = I(p)",
    ),
}
"""What stands in a document, and a line that is offered."""


def document(text: str) -> str:
    """A document of some lines."""
    return f"# Broken\n\n```derivation\n{DECLARED}{text}\n```\n"
