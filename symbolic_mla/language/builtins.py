"""The builtin names: one table, from which calls are read and the language reference is generated."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from symbolic_mla.record import record

Kind: TypeAlias = Literal["term", "axis", "number", "pattern", "rows"]
"""What an argument is: a tensor, a size, a number, a quoted pattern, or a list of rows of blocks."""


@record
class Builtin:
    """A builtin name: its parameters in order, the kind of any further arguments, what it means, an example.

    `rest` is the kind of the arguments behind the named ones, of which at least `least` are wanted. A named
    parameter may be given by position or by name. `sizes` says whether `label=size` keywords are taken. The
    example is a whole derivation, which is proved.
    """

    name: str
    signature: str
    parameters: tuple[tuple[str, Kind], ...]
    meaning: str
    example: str
    rest: Kind | None = None
    least: int = 0
    sizes: bool = False


def _table(*builtins: Builtin) -> Mapping[str, Builtin]:
    return MappingProxyType({builtin.name: builtin for builtin in builtins})


BUILTINS: Mapping[str, Builtin] = _table(
    Builtin(
        "I",
        "I(p)",
        (("p", "axis"),),
        "the identity matrix, p × p",
        "dims p, q\ngiven A : p × q\nclaim example: I(p) A = A",
    ),
    Builtin(
        "zeros",
        "zeros(p, q, ...)",
        (),
        "the zero tensor of this shape",
        "dims p, q\ngiven A : p × q\nclaim example: A - A = zeros(p, q)",
        "axis",
        1,
    ),
    Builtin(
        "ones",
        "ones(p, q, ...)",
        (),
        "the tensor of this shape whose entries are all 1",
        "dims p\nclaim example: ones(p)ᵀ ones(p) = p",
        "axis",
        1,
    ),
    Builtin(
        "tile",
        "tile(A, n)",
        (("A", "term"), ("n", "axis")),
        "n copies of A one under the other; the rows p become n*p",
        "dims n, p, q\ngiven A : p × q\nclaim example: tile(A, n) = ones(n) ⊗ A",
    ),
    Builtin(
        "interleave",
        "interleave(A, n, groups=G)",
        (("A", "term"), ("n", "axis"), ("groups", "axis")),
        "each of the G groups of A's rows n times in place; the rows G*d become G*n*d",
        "dims n, G, d, q\ngiven A : (G*d) × q\n"
        'claim example: interleave(A, n, groups=G) = reorder("(n g d) c -> (g n d) c", tile(A, n))',
    ),
    Builtin(
        "stack",
        "stack(A, B, ...)",
        (),
        "one under the other; the rows add",
        "dims p, q\ngiven A : p × q\nclaim example: stack(A, A) = tile(A, 2)",
        "term",
        1,
    ),
    Builtin(
        "hstack",
        "hstack(A, B, ...)",
        (),
        "side by side; the columns add",
        "dims p, q, r\ngiven A : p × q, B : p × r\nclaim example: hstack(A, B) = stack(Aᵀ, Bᵀ)ᵀ",
        "term",
        1,
    ),
    Builtin(
        "blocks",
        "blocks([[A, B], [C, D]])",
        (("rows", "rows"),),
        "the block matrix of these rows of blocks; a number is a block of size 1 × 1",
        "dims p, q\ngiven A, B : p × q\nclaim example: blocks([[A, B], [B, A]]) = stack(hstack(A, B), hstack(B, A))",
    ),
    Builtin(
        "kron",
        "kron(A, B)",
        (("A", "term"), ("B", "term")),
        "the Kronecker product A ⊗ B, A most significant",
        "dims p, q\ngiven A, B : p × q\nclaim example: kron(A, B) = A ⊗ B",
    ),
    Builtin(
        "hadamard",
        "hadamard(A, B)",
        (("A", "term"), ("B", "term")),
        "the entrywise product A ∘ B",
        "dims p, q\ngiven A, B : p × q\nclaim example: hadamard(A, B) = B ∘ A",
    ),
    Builtin(
        "diag",
        "diag(x)",
        (("x", "term"),),
        "the diagonal matrix of a vector; the diagonal of a square matrix, as a vector",
        "dims p\ngiven x : p\nclaim example: diag(diag(x)) = x",
    ),
    Builtin(
        "vec",
        "vec(A)",
        (("A", "term"),),
        "the columns of A one under the other, a vector of axis q*p",
        "dims p, q, r\ngiven A : p × q, X : q × r\nclaim example: vec(A X) = (I(r) ⊗ A) vec(X)",
    ),
    Builtin(
        "tr",
        "tr(A)",
        (("A", "term"),),
        "the trace of a square matrix, a number",
        "dims p, q\ngiven A : p × q, B : q × p\nclaim example: tr(A B) = tr(B A)",
    ),
    Builtin(
        "reorder",
        'reorder("(n g) c -> (g n) c", A)',
        (("pattern", "pattern"), ("A", "term")),
        "move, group and ungroup the axes of A; every label stands once on each side",
        'dims p, q\ngiven A : p × q\nclaim example: reorder("i j -> j i", A) = Aᵀ',
        sizes=True,
    ),
    Builtin(
        "einsum",
        'einsum("i j, j k -> i k", A, B)',
        (("pattern", "pattern"),),
        "multiply and sum by named axes; a label that is only on the right repeats, with n=n",
        'dims p, q\ngiven A : p × q, x : q\nclaim example: einsum("i j, j -> i", A, x) = A x',
        "term",
        0,
        True,
    ),
    Builtin(
        "inv",
        "inv(A)",
        (("A", "term"),),
        "the inverse A⁻¹ of a matrix given as invertible, or of what is built from such",
        "dims p\ngiven A : p × p with A invertible\nclaim example: inv(A) A = I(p)",
    ),
    Builtin(
        "sqrt",
        "sqrt(x)",
        (("x", "number"),),
        "the root of a number that is known to be >= 0",
        "dims d\nclaim example: sqrt(d) sqrt(d) = d",
    ),
    Builtin(
        "softmax",
        "softmax(S)",
        (("S", "term"),),
        "exp over its sum, along the last axis",
        "dims t, s\ngiven S : t × s\nclaim example: softmax(tile(S, 2)) = tile(softmax(S), 2)",
    ),
    Builtin(
        "normalize",
        "normalize(S)",
        (("S", "term"),),
        "x/|x| along the last axis, and 0 for 0; RMSNorm of c is √m normalize(hstack(c, η)) without its last entry, "
        "with η = √(m ε)",
        "dims t, s\ngiven S : t × s\nclaim example: normalize(tile(S, 2)) = tile(normalize(S), 2)",
    ),
    Builtin(
        "rank",
        "rank(A)",
        (("A", "term"),),
        "the rank of a matrix over the reals, a number",
        "dims p, q\ngiven A : p × q\nclaim example: rank(A) <= min(p, q)",
    ),
    Builtin(
        "min",
        "min(x, y, ...)",
        (),
        "the least of some numbers",
        "dims p, q\nclaim example: min(p, q) <= p",
        "number",
        1,
    ),
    Builtin(
        "max",
        "max(x, y, ...)",
        (),
        "the greatest of some numbers",
        "dims p, q\nclaim example: p <= max(p, q)",
        "number",
        1,
    ),
)
