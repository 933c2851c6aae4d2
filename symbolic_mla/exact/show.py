"""A statement at explicit sizes, to be read: in LaTeX for reports, and as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import prod

from symbolic_mla.algebra import matmul
from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.errors import CertificateError, InputError, UnsupportedError
from symbolic_mla.exact.blocks import block_sizes, latex_of_entry, latex_of_name, latex_of_tensor
from symbolic_mla.exact.explicit import at_text, first_difference, to_sympy_tensor
from symbolic_mla.exact.explicit_rank import rank_in
from symbolic_mla.exact.models import meet
from symbolic_mla.exact.monomials import to_expression
from symbolic_mla.exact.numbers import holds_generically, rank_bounds, variables_of
from symbolic_mla.exact.sizes import fitting
from symbolic_mla.exact.world import World, everywhere
from symbolic_mla.kernel.axis import UNIT, Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply, Einsum, Sum, Term
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.rank import factorised

MAX_FACTORS = 4  # of a product that is shown factor by factor
MAX_SHOWN = 1024  # entries of a matrix as text


def instance_latex(equation: Equation, values: Mapping[str, object], *, hypotheses: Sequence[Statement] = ()) -> str:
    """An equation at these sizes in LaTeX: products factor by factor, and what they come to, in blocks.

    It is the body of a math block (GitHub's ```` ```math ````), and depends on nothing but the arguments. A
    named position that has no value is 0. Symbols that `hypotheses` speak of have entries that meet them.

    Raises:
        InputError: for bad sizes, and for a matrix that is too large to print.
        UnsupportedError: for hypotheses that no tensors were found for.
        ShapeError: for tensors of more than two axes.

    >>> from symbolic_mla.algebra import as_axis, identity, tile
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> n, p = as_axis(Var("n")), as_axis(Var("p"))
    >>> W = Atom("W", (p, p))
    >>> theorem = Equation(tile(W, n), matmul(tile(identity(p), n), W))
    >>> print(instance_latex(theorem, {"n": 2, "p": 1}))
    \\begin{aligned}
    & \\left[\\begin{array}{c}
    W_{00} \\\\ \\hline
    W_{00} \\\\
    \\end{array}\\right] \\\\
    {}={} & \\left[\\begin{array}{c}
    1 \\\\ \\hline
    1 \\\\
    \\end{array}\\right]
    \\left[\\begin{array}{c}
    W_{00} \\\\
    \\end{array}\\right]
    \\end{aligned}
    """
    sides = (equation.left, equation.right)
    terms, also = _spoken(equation, hypotheses)
    world = World.of(terms, next(everywhere(terms, values, also)), also)
    unmet = meet(hypotheses, world)
    if unmet:
        raise UnsupportedError(unmet, hint="other sizes, or a claim without this hypothesis")
    left, right = (_displayed(side, world) for side in sides)
    middle = [latex_of_tensor(world.value(side), side.axes, world) for side in sides]
    opaque = any(isinstance(t, Apply) for t in subterms(*sides))
    equal = first_difference(world, *(world.value(side) for side in sides)) is None
    if not equal:
        lines = [left] + ([middle[0]] if middle[0] != left else [])
        ends = [middle[1]] + ([right] if middle[1] != right else [])
        return _aligned(lines, ends, r"\neq")
    common = [] if opaque or middle[0] in (left, right) else middle[:1]
    return _aligned([left, *common], [right], "=")


def _aligned(left: Sequence[str], right: Sequence[str], relation: str) -> str:
    relations = ["="] * (len(left) - 1) + [relation] + ["="] * (len(right) - 1)
    first, *rest = (*left, *right)
    lines = [f"& {first}", *(f"{{}}{r}{{}} & {side}" for r, side in zip(relations, rest, strict=True))]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _displayed(t: Term, world: World) -> str:
    """A term with its outer products, sums and functions left standing."""
    factors = _factors(t)
    if 1 < len(factors) <= MAX_FACTORS:
        return "\n".join(_bracketed(factor, world) for factor in factors)
    if isinstance(t, Sum) and t.parts:
        return _summands(t, world)
    if isinstance(t, Apply) and not t.positions:
        return rf"{latex_of_name(t.function)}\left({_displayed(t.term, world)}\right)"
    return latex_of_tensor(world.value(t), t.axes, world)


def _bracketed(t: Term, world: World) -> str:
    shown = _displayed(t, world)
    return rf"\left({shown}\right)" if isinstance(t, Sum) and len(t.parts) > 1 else shown


def _summands(t: Sum, world: World) -> str:
    text = ""
    for c, part in t.parts:
        factor = latex_of_entry(world.coefficients.polynomial(c), world)
        sign = "-" if factor[0] == "-" else ("+" if text else "")
        factor = factor.removeprefix("-") if " " not in factor else f"({factor})"
        if factor.startswith("("):
            sign = "+" if text else ""
        text += f"{sign} {'' if factor == '1' else factor} {_bracketed(part, world)}\n"
    return text.strip()


def _factors(t: Term) -> list[Term]:
    """The matrices of a product, (A B) C taken apart."""
    parts = t.children()
    matrices = len(parts) == 2 and all(len(part.axes) == 2 for part in parts)
    if isinstance(t, Einsum) and matrices and parts[0].axes[1] == parts[1].axes[0] and t == matmul(*parts):
        return [factor for part in parts for factor in _factors(part)]
    return [t]


# ---- text ----------------------------------------------------------------------------------------------


def explicit_text(
    statement: Statement,
    values: Mapping[str, object],
    *,
    dims: Mapping[str, Axis] | None = None,
    hypotheses: Sequence[Statement] = (),
) -> str:
    """A statement at these sizes as text: both sides with a symbol in every entry, and whether they agree.

    `dims`: the dimensions of the document by name, each with its axis. Then sizes of defined dimensions (H) are
    accepted and checked against their definition (n*G), and those that the statement does not mention left out.
    `hypotheses`: the symbols that they speak of have entries that meet them, where such are found.

    Raises:
        InputError: for a size that is missing, unknown, no positive integer, or that breaks a definition.
        BudgetError: for what is too large.
        UnsupportedError: for statements that say nothing at explicit sizes.

    >>> from symbolic_mla.algebra import as_axis, ones, kron, tile
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> W = Atom("W", (as_axis(Var("p")), as_axis(Var("q"))))
    >>> print(explicit_text(Equation(tile(W, Var("n")), kron(ones(Var("n"), 1), W)), {"n": 2, "p": 1, "q": 2}))
    at n = 2, p = 1, q = 2
     [ W_0_0  W_0_1 ]
     [--------------]
     [ W_0_0  W_0_1 ]
    = (equal in 4 entries)
     [ W_0_0  W_0_1 ]
     [--------------]
     [ W_0_0  W_0_1 ]
    """
    terms, also = _spoken(statement, hypotheses)
    chosen = dict(values) if dims is None else fitting(terms, values, dims, also)
    worlds = []
    for position in everywhere(terms, chosen, also):
        world = World.of(terms, position, also)
        unmet = meet(hypotheses, world)
        if unmet:
            return f"at {at_text(chosen)}\nnothing is shown: {unmet}"
        worlds.append(world)
    return "\n".join([f"at {at_text(chosen)}", *_lines(statement, worlds)])


def _spoken(s: Statement, hypotheses: Sequence[Statement]) -> tuple[list[Term], set[Var]]:
    """The terms of a statement and its hypotheses, and the variables of their numbers."""
    return [t for x in (s, *hypotheses) for t in terms_of(x)], variables_of(s, *hypotheses)


def _lines(s: Statement, worlds: Sequence[World]) -> list[str]:
    """One world for each choice of named positions."""
    if isinstance(s, Equation):
        return _equation(s, worlds)
    if isinstance(s, Compare):
        return _comparison(s, worlds[0])
    if isinstance(s, Iff):
        return ["on the left:", *_lines(s.left, worlds), "on the right:", *_lines(s.right, worlds)]
    if isinstance(s, Exists):
        return _existence(s, worlds[0])
    raise UnsupportedError(f"{type(s).__name__} has no explicit form")


def _equation(s: Equation, worlds: Sequence[World]) -> list[str]:
    entries = 0
    for world in worlds:
        left, right = world.value(s.left), world.value(s.right)
        found = first_difference(world, left, right)
        if found is not None:
            index, a, b = found
            place = f"entry {index}" if index else "the value"
            word = f"≠ ({place} is {to_expression(a)} on the left and {to_expression(b)} on the right)"
            return [*_matrix(s.left, world), word, *_matrix(s.right, world)]
        entries += prod(left.shape)
    return [*_matrix(s.left, worlds[0]), f"= (equal in {entries} entries)", *_matrix(s.right, worlds[0])]


def _comparison(s: Compare, world: World) -> list[str]:
    bounds = rank_bounds(s, world)
    shown = [line for g, b in bounds.items() for line in (*_matrix(g.term, world), f"has the generic rank {b}")]
    true, left, right = holds_generically(s, world, bounds)
    word = "open here" if true is None else ("true" if true else "false")
    return [*shown, f"{left} {s.relation} {right}: {word}"]


def _existence(s: Exists, world: World) -> list[str]:
    try:
        stacked, inner = factorised(s)
    except CertificateError:
        raise UnsupportedError(
            "this existence claim is not through rank, and says nothing at explicit sizes",
            hint="existence through rank is of A = U V, or of several A_i = U_i V",
        ) from None
    bounds = rank_in(world, stacked)
    wanted = f"factors through {world.size(inner)} exist where the rank is at most {world.size(inner)}"
    return [*_matrix(stacked, world), f"has the generic rank {bounds}", wanted]


def _matrix(t: Term, world: World) -> list[str]:
    """A tensor as lines of text, with lines between its blocks."""
    tensor = world.value(t)
    if len(tensor.shape) > 2:
        return str(to_sympy_tensor(tensor)).split("\n")
    if not tensor.shape:
        return [str(to_sympy_tensor(tensor))]
    height, width = (*tensor.shape, 1)[:2]
    if height * width > MAX_SHOWN:
        raise InputError(
            f"a matrix of {height} × {width} is not printed; the limit is {MAX_SHOWN} entries",
            hint="choose smaller sizes: n = 2, G = 2, d = 1",
        )
    at = tensor.at()
    cells = [[str(to_expression(at.get(i * width + j, {}))) for j in range(width)] for i in range(height)]
    widths = [max(len(row[j]) for row in cells) for j in range(width)]
    rows, columns = ([0, *accumulate(block_sizes(axis, world))] for axis in (*t.axes, UNIT)[:2])

    def line(row: list[str]) -> str:
        padded = [cell.ljust(w) for cell, w in zip(row, widths, strict=True)]
        return " [ " + " | ".join("  ".join(padded[a:b]) for a, b in pairwise(columns)) + " ]"

    between = " [-" + "-+-".join("-" * (sum(widths[a:b]) + 2 * (b - a - 1)) for a, b in pairwise(columns)) + "-]"
    shown = [[line(row) for row in cells[a:b]] for a, b in pairwise(rows)]
    return [text for k, block in enumerate(shown) for text in ([between] if k else []) + block]
