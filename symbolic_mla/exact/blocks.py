"""Explicit matrices as block matrices, for SymPy and as LaTeX that GitHub shows.

The blocks of an axis follow its structure: the axis n*G*d has n blocks of G*d, the axis p + q has two.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import sympy

from symbolic_mla.errors import InputError, ShapeError
from symbolic_mla.exact.explicit import to_sympy_tensor
from symbolic_mla.exact.monomials import SYMBOLS, Polynomial
from symbolic_mla.exact.tensors import Sparse
from symbolic_mla.exact.world import World
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.term import Term

MAX_ROWS, MAX_COLUMNS = 24, 24
"""The largest matrix that is printed as LaTeX."""

_MARKS = {"\u0303": "tilde", "\u0302": "hat", "\u0304": "bar", "\u0307": "dot", "\u0308": "ddot", "\u20d7": "vec"}
_ESCAPED = {"\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "&": r"\&",
            "_": r"\_", "^": r"\hat{}", "~": r"\sim "}  # fmt: skip


def block_matrix(term: Term, /, **values: object) -> Any:
    """The matrix at these sizes as a SymPy BlockMatrix; `as_explicit()` of it is what `explicit` gives.

    Raises:
        ShapeError: for a tensor that is no matrix.
        InputError, BudgetError: as `explicit`.

    >>> from symbolic_mla.algebra import as_axis, tile
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> G, D = (as_axis(Var(x)) for x in "GD")
    >>> block_matrix(tile(Atom("W", (G, D)), Var("n")), n=2, G=1, D=2)
    Matrix([
    [Matrix([[W_0_0, W_0_1]])],
    [Matrix([[W_0_0, W_0_1]])]])
    """
    if len(term.axes) != 2:
        raise ShapeError(f"blocks are of a matrix, and this has {len(term.axes)} axes")
    world = World.of([term], values)
    whole = to_sympy_tensor(world.value(term))
    rows, columns = ([0, *accumulate(block_sizes(axis, world))] for axis in term.axes)
    return sympy.BlockMatrix(
        [
            [sympy.ImmutableMatrix(whole[top:bottom, left:right]) for left, right in pairwise(columns)]
            for top, bottom in pairwise(rows)
        ]
    )


def block_sizes(axis: Axis, world: World) -> list[int]:
    """The sizes of the blocks of an axis: its summands, or the copies of what follows its first factor.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> n, G, d = (Axis.of(Var(x)) for x in "nGd")
    >>> W = Atom("W", (n * G * d, G + d))
    >>> [block_sizes(a, World.of([W], {"n": 3, "G": 2, "d": 1})) for a in W.axes]
    [[2, 2, 2], [2, 1]]
    """
    sizes = []
    for run in axis.runs:
        one = world.size(Axis((run._replace(count=1),)))
        first = world.size(Axis.of(run.heads[0])) if run.heads else 1
        alone = len(axis.runs) == 1 and run.count == 1
        if alone and (len(run.heads) > 1 or run.tail):
            sizes += [one // first] * first
        elif run.heads:
            sizes += [one] * run.count
        else:
            sizes.append(run.count)  # a literal is one block
    return sizes


# ---- LaTeX ---------------------------------------------------------------------------------------------


def latex_of_name(name: str) -> str:
    """The name of a matrix in LaTeX, with its accents; what follows an underscore is a subscript.

    >>> print(latex_of_name("W̃"), latex_of_name("W_DKV"), latex_of_name("A⁻¹"), latex_of_name("cache"))
    \\tilde{W} W_{\\mathrm{DKV}} A^{-1} \\mathrm{cache}
    """
    base, _, below = name.partition("_")
    power = ""
    if base.endswith("⁻¹"):
        base, power = base[:-2], "^{-1}"
    return _letters(base) + (f"_{{{_letters(below)}}}" if below else "") + power


def _letters(text: str) -> str:
    parts: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if character in _MARKS and parts:
            parts[-1] = rf"\{_MARKS[character]}{{{parts[-1]}}}"
        else:
            parts.append(_ESCAPED.get(character, character))
    plain = "".join(parts)
    return rf"\mathrm{{{plain}}}" if len(parts) > 1 else plain


def latex_of_entry(entry: Polynomial, world: World) -> str:
    """A polynomial in LaTeX; the order of its terms depends on the names alone."""
    if not entry:
        return "0"
    terms = sorted((_sorted_powers(monomial, world), c) for monomial, c in entry.items())
    text = ""
    for powers, c in terms:
        sign = "-" if c < 0 else ("+" if text else "")
        number = _number(abs(Fraction(c)))
        factors = " ".join(tex if e == 1 else rf"{{{tex}}}^{{{e}}}" for _, tex, e in powers)
        shown = factors if number == "1" and factors else f"{number} {factors}".strip()
        text += f" {sign} {shown}" if text else f"{sign}{shown}"
    return text


def _number(c: Fraction) -> str:
    return str(c.numerator) if c.denominator == 1 else rf"\tfrac{{{c.numerator}}}{{{c.denominator}}}"


Key = tuple[int, str, tuple[int, ...]]


def _sorted_powers(monomial: Sequence[int], world: World) -> list[tuple[Key, str, int]]:
    return sorted((*_symbol(s, world), e) for s, e in Counter(monomial).items())


def _symbol(s: int, world: World) -> tuple[Key, str]:
    """Where a symbol stands in a product, and what it looks like."""
    if s in world.symbols:
        name, place = world.symbols[s]
        return (1, name, place), latex_of_place(name, place)
    if s in world.outputs:
        function, positions, k, arguments = world.outputs[s]
        at = f"_{{{','.join(map(str, positions))}}}" if positions else ""
        inside = ",\\, ".join(latex_of_entry(a, world) for a in arguments)
        tex = rf"{_letters(function)}{at}({inside})_{{{k}}}"
        return (2, tex, ()), tex
    return (0, str(SYMBOLS[s]), ()), str(sympy.latex(SYMBOLS[s]))


def latex_of_place(name: str, place: Sequence[int]) -> str:
    """One entry of a symbol: the indices stand below it, after its own subscript.

    >>> print(latex_of_place("W_K", (0, 1)), latex_of_place("X", (0, 12)), latex_of_place("A⁻¹", (0, 0)))
    W_{K,01} X_{0,12} (A^{-1})_{00}
    """
    numbers = ("" if all(k < 10 for k in place) else ",").join(map(str, place))
    tex = latex_of_name(name)
    if not numbers:
        return tex
    if tex.endswith("^{-1}"):
        return f"({tex})_{{{numbers}}}"
    return f"{tex[:-1]},{numbers}}}" if "_" in name and tex.endswith("}") else f"{tex}_{{{numbers}}}"


def latex_of_tensor(tensor: Sparse, axes: Sequence[Axis], world: World) -> str:
    """A number, a vector (as a column) or a matrix in LaTeX, with lines between its blocks.

    Raises:
        ShapeError: for a tensor of more axes.
        InputError: for a matrix of more than MAX_ROWS rows or MAX_COLUMNS columns.
    """
    if not tensor.shape:
        return latex_of_entry(tensor.at().get(0, {}), world)
    if len(tensor.shape) > 2:
        raise ShapeError(f"a tensor of {len(tensor.shape)} axes is not printed as a matrix")
    height, width = (*tensor.shape, 1)[:2]
    if height > MAX_ROWS or width > MAX_COLUMNS:
        raise InputError(
            f"a matrix of {height} × {width} is not printed; the limit is {MAX_ROWS} × {MAX_COLUMNS}",
            hint="choose smaller sizes: n = 2, G = 2, d = 1",
        )
    rows = block_sizes(axes[0], world)
    columns = block_sizes(axes[1], world) if len(axes) > 1 else [1]
    at, known = tensor.at(), {id(e): latex_of_entry(e, world) for e in tensor.entries}
    lines, ends = [], set(list(accumulate(rows))[:-1])
    for i in range(height):
        cells = [known[id(at[p])] if (p := i * width + j) in at else "0" for j in range(width)]
        lines.append(" & ".join(cells) + (r" \\ \hline" if i + 1 in ends else r" \\"))
    form = "|".join("c" * size for size in columns)
    return "\n".join([rf"\left[\begin{{array}}{{{form}}}", *lines, r"\end{array}\right]"])
