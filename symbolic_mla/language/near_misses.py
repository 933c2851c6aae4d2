"""Spellings from other notations, recognised so that the message can name ours."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NEAR_MISSES: tuple[tuple[str, str, str], ...] = (
    (r"==", "`{}` is not a relation", "write `=`"),
    (r":=", "`{}` is not a relation", "write `let NAME = ...` for a definition"),
    (r"=<", "`{}` is not a relation", "write `<=`"),
    (r"<=>|<->", "`{}` is not a relation", "write `iff`"),
    (
        r"=>",
        "`{}` is not a relation",
        "write `>=` for numbers; hypotheses stand in `given ... with`",
    ),
    (
        r"->",
        "`{}` stands only inside a quoted pattern",
        'quote it: `einsum("i j, j k -> i k", A, B)`',
    ),
    (r"\*\*[ \t]*\(?[ \t]*0?\.5\b", "`{}` is not an operator", "write `sqrt(d)` for the square root"),
    (
        r"\*\*[ \t]*\(?[ \t]*-[ \t]*0?\.5\b",
        "`{}` is not an operator",
        "write `1/sqrt(d)`, or divide by `sqrt(d)`",
    ),
    (r"\*\*", "`{}` is not an operator", "write `^` for a power: `A^2` or `A²`"),
    (
        r"\^[ \t]*\{?[ \t]*\\(?:top|intercal|mathsf|mathrm|text|T)\b",
        "`{}` is LaTeX",
        "write `^T`, `ᵀ`, `'` or `.T` for a transpose",
    ),
    (
        r"(?<= in [Rℝ])\^[ \t]*[{(]",
        "`{}`: a shape is said in another way",
        "write `given A : m × n` for the shape of a matrix",
    ),
    (r"\^[ \t]*\{", "`{}` is LaTeX", "exponents take round brackets: `n^(k + 1)`, `A^T`, `A^-1`"),
    (
        r"\^[ \t]*\*|\^[ \t]*[†+]",
        "`{}` is not an operator",
        "matrices are real: write `^T` for the transpose",
    ),
    (
        r"\\[A-Za-z]+",
        "`{}` is LaTeX",
        "write the symbol itself: names may hold Greek letters and accents",
    ),
    (r"\.t(?![A-Za-z0-9_])", "`{}` is not an operator", "write `.T` for the transpose"),
    (
        r"\.[A-Za-z_]\w*",
        "`{}`: there are no attributes, except `.T`",
        "call the function: `f(A)`",
    ),
    (r"\.[0-9]+", "`{}` begins with a point", "write the 0 before the point, as in `0.5`"),
    (
        r'"',
        "`{}` opens a pattern that is not closed on this line",
        'patterns stand between `"` and `"`',
    ),
    (
        r"!(?!=)",
        "`{}` is not part of the language",
        "write `refute NAME: ...` to claim that a relation fails",
    ),
)
"""Pattern, message (with the text met in place of `{}`) and what to try."""

SPELLINGS: Mapping[str, str] = MappingProxyType({
    "==": "=", "=<": "<=", "<=>": "iff", "<->": "iff", "**": "^", ".t": ".T",
    "\\otimes": "⊗", "\\cdot": "*", "\\circ": "∘", "\\odot": "∘", "\\leq": "<=", "\\geq": ">=", "\\le": "<=",
    "\\ge": ">=", "\\times": "×",
})  # fmt: skip
"""What to write in place of a near miss, where that is one text."""

_REGROUP = 'write `einsum("t (h d) -> t h d", A)`: what is in brackets is split or joined'
_REORDER = 'write `einsum("b h t d -> b t h d", A)`: the axes in another order'
_SUM = 'write `einsum("i j -> i", A)`: an axis that the right side leaves out is summed'

FOREIGN: Mapping[str, str] = MappingProxyType({
    "kron": "write `kron(A, B)` or `A ⊗ B`",
    "cat": "write `stack(A, B)` for rows beneath each other, `hstack(A, B)` for columns side by side",
    "concat": "write `stack(A, B)` for rows beneath each other, `hstack(A, B)` for columns side by side",
    "concatenate": "write `stack(A, B)` for rows beneath each other, `hstack(A, B)` for columns side by side",
    "vstack": "write `stack(A, B)`",
    "hstack": "write `hstack(A, B)`",
    "matmul": "write `A B` or `A @ B`",
    "dot": "write `A B` or `A @ B`",
    "multiply": "write `A ∘ B` or `hadamard(A, B)`",
    "outer": "write `x yᵀ`",
    "einsum": 'write `einsum("i j, j k -> i k", A, B)`, labels separated by spaces',
    "rearrange": 'write `reorder("(a b) c -> (b a) c", A)`',
    "repeat": "write `tile(W, n)` for whole copies, `interleave(W, n, groups=G)` for repeats in place",
    "repeat_interleave": "write `interleave(W, n, groups=G)`",
    "tile": "write `tile(W, n)`",
    "trace": "write `tr(A)`",
    "transpose": "write `Aᵀ`, `A'` or `A.T`",
    "eye": "write `I(m)`",
    "matrix_rank": "write `rank(A)`",
    "softmax": "write `softmax(A)`: it is of the last axis",
    "reshape": _REGROUP,
    "view": _REGROUP,
    "flatten": _REGROUP,
    "unflatten": _REGROUP,
    "permute": _REORDER,
    "swapaxes": _REORDER,
    "moveaxis": _REORDER,
    "sum": _SUM,
    "mean": f"{_SUM}; divide by the size",
    "mT": "write `Aᵀ`, `A'` or `A.T`",
    "size": "sizes are names: declare them with `dims`",
    "shape": "sizes are names: declare them with `dims`",
    "sqrt": "write `sqrt(d)`",
    "inv": "write `inv(A)` or `A⁻¹`, of a matrix that is declared invertible",
})  # fmt: skip
"""Functions of NumPy, PyTorch and einops, by what to write."""

CHARACTER_HINTS = {
    "{": "group with round brackets `(`, `)`",
    "}": "group with round brackets `(`, `)`",
    ";": "put each item on a line of its own; lists are separated by `,`",
    "|": "write `k divides m` for divisibility",
    "∣": "write `k divides m` for divisibility",
    "&": "separate facts by `,`",
    "$": "LaTeX belongs into the prose; write the expression itself",
    "%": "begin a comment with `#`",
    "`": "remove it; the whole block is code already",
    "“": 'quote patterns with the straight `"`',
    "”": 'quote patterns with the straight `"`',
    "‘": "write `'` or `ᵀ` for the transpose",
    "’": "write `'` or `ᵀ` for the transpose",
    "–": "write `-` for minus",
    "—": "write `-` for minus",
    "⊙": "write `∘` or `hadamard(A, B)` for the entrywise product",
    "⊕": "write `stack(A, B)` or `blocks(...)`",
    "∀": "write `given A : m × n`, or `for all X : t × D` inside `exists`",
    "∃": "write `exists U : D × r with ...`",
    "⇔": "write `iff`",
    "⟺": "write `iff`",
    "⇒": "hypotheses stand in `given ... with ...`",
    "≡": "write `=`",
    "≔": "write `let NAME = ...`",
    "≈": "only exact relations can be proved: write `=`",
    "∈": "write `A : m × n` for the shape of a matrix",
    "√": "write `sqrt(d)`",
    "∑": "sums over an index are written `einsum(...)`",
    "†": "matrices are real: write `ᵀ`; a pseudo-inverse is not in the language",
    "~": "write `iff` between statements and `=` between values",
    ".": "prose stands outside the block, or behind `#`; a decimal has digits on both sides of its point",
    "?": "write a comment behind `#`",
}
"""What to try in place of one character."""
