"""The notation of matrix algebra over the kernel's einsum: terms in, terms out.

`formers` has one short function for each former of the language (matmul, tile, kron, stack, ...);
`pattern` reads einsum patterns of named axes; `factors` divides structured axes; `selection` takes blocks
and positions. Nothing here is trusted: a former builds a kernel term, whose meaning the kernel states.
"""

from symbolic_mla.algebra.formers import (
    MAX_POWER,
    add,
    apply,
    blocks,
    constant,
    diag,
    hadamard,
    hstack,
    identity,
    interleave,
    kron,
    matmul,
    ones,
    power,
    scale,
    squared,
    stack,
    subtract,
    tile,
    trace,
    transpose,
    vec,
    zeros,
)
from symbolic_mla.algebra.pattern import einsum, reorder
from symbolic_mla.algebra.selection import select, summands
from symbolic_mla.algebra.sizes import Size, as_axis, shape_text

__all__ = [
    "MAX_POWER",
    "Size",
    "add",
    "apply",
    "as_axis",
    "blocks",
    "constant",
    "diag",
    "einsum",
    "hadamard",
    "hstack",
    "identity",
    "interleave",
    "kron",
    "matmul",
    "ones",
    "power",
    "reorder",
    "scale",
    "select",
    "shape_text",
    "squared",
    "stack",
    "subtract",
    "summands",
    "tile",
    "trace",
    "transpose",
    "vec",
    "zeros",
]
