"""Tensors that satisfy hypotheses, as general as polynomials can say it, at explicit sizes.

An orthonormal U is made of columns of a reflection, an inverse is the adjugate over the determinant, a symbol
with a definition is what it is defined as. Whatever is guessed here is then checked: every hypothesis is
multiplied out, and one that does not hold is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import sympy

from symbolic_mla.algebra import identity, matmul, transpose
from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.exact.coefficients import symbol
from symbolic_mla.exact.explicit import first_difference
from symbolic_mla.exact.monomials import ONE, Polynomial, add_into, multiply, to_expression
from symbolic_mla.exact.numbers import holds_generically, rank_bounds
from symbolic_mla.exact.tensors import Sparse, dense
from symbolic_mla.exact.world import World
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Term

MAX_INVERTED = 3
"""The largest matrix whose inverse is written out."""


def meet(hypotheses: Sequence[Statement], world: World) -> str | None:
    """Give tensors to the symbols of these hypotheses, so that they hold; if that fails, say why.

    It is to be called before anything else is evaluated in the world.
    """
    if satisfy(world, [h for h in hypotheses if isinstance(h, Equation)]):
        return "no tensors of polynomials were found that meet a hypothesis"
    for h in hypotheses:
        if isinstance(h, Compare) and not holds_generically(h, world, rank_bounds(h, world))[0]:
            return "a hypothesis about numbers does not hold at these sizes"
        if not isinstance(h, (Equation, Compare)):
            return "a hypothesis is no equation"
    return None


def satisfy(world: World, hypotheses: Sequence[Equation]) -> list[Equation]:
    """Give tensors to the symbols of these hypotheses; the hypotheses that still fail are returned."""
    waiting = [h for h in hypotheses if not _symmetric(world, h) and not _orthonormal(world, h)]
    made: set[Atom] = set()
    waiting = [h for h in waiting if not _inverse(world, h, made)]
    for h in [h for h in waiting if _projected(world, h)]:
        waiting.remove(h)
    while (ready := next((h for h in waiting if _defined(world, h, _pending(waiting, h))), None)) is not None:
        waiting.remove(ready)
    return [h for h in hypotheses if _fails(world, h)]


def _pending(waiting: Sequence[Equation], but: Equation) -> set[Term]:
    """The symbols that the other hypotheses may define."""
    return {side for h in waiting if h is not but for side, _ in _sides(h) if isinstance(side, Atom)}


def _fails(world: World, h: Equation) -> bool:
    return first_difference(world, world.value(h.left), world.value(h.right)) is not None


def _sides(h: Equation) -> tuple[tuple[Term, Term], tuple[Term, Term]]:
    return ((h.left, h.right), (h.right, h.left))


def _entries(world: World, atom: Atom) -> dict[tuple[int, ...], Polynomial]:
    tensor = world.given.get(atom) or world.symbols_of(atom)
    at = tensor.at()
    return {i: at.get(k, {}) for k, i in enumerate(product(*map(range, tensor.shape)))}


def _symmetric(world: World, h: Equation) -> bool:
    """Aᵀ = A: the entries above the diagonal stand below it too."""
    for left, right in _sides(h):
        if isinstance(left, Atom) and len(left.axes) == 2 and left not in world.given and right == transpose(left):
            entries = _entries(world, left)
            world.given[left] = dense(world.shape(left.axes), [entries[min(i, j), max(i, j)] for i, j in entries])
            return True
    return False


def _orthonormal(world: World, h: Equation) -> bool:
    """UᵀU = I: the first columns of I - 2 v vᵀ/(vᵀv)."""
    for left, right in _sides(h):
        parts = left.children()
        u = next((a for a in parts if isinstance(a, Atom)), None)
        if u is None or len(u.axes) != 2:
            continue
        tall = left == matmul(transpose(u), u) and right == identity(u.axes[1])
        wide = left == matmul(u, transpose(u)) and right == identity(u.axes[0])
        rows, columns = world.shape(u.axes)
        if not (tall or wide) or (rows < columns if tall else columns < rows):
            continue
        if u not in world.given:
            world.given[u] = _reflection(world, u, rows, columns)
        return True
    return False


def _reflection(world: World, u: Atom, rows: int, columns: int) -> Sparse:
    v = [symbol(sympy.Symbol(f"{u.name}⟨v⟩_{k}")) for k in range(max(rows, columns))]
    square: Polynomial = {}
    for x in v:
        add_into(square, multiply(x, x))
    factor = multiply({(): -2}, world.coefficients.inverse_of(square, to_expression(square)))
    entries = []
    for i, j in product(range(rows), range(columns)):
        entry = multiply(factor, multiply(v[i], v[j]))
        if i == j:
            entry = dict(entry)
            add_into(entry, ONE)
        entries.append(world.coefficients.normal(entry))
    return dense((rows, columns), entries)


def _inverse(world: World, h: Equation, made: set[Atom]) -> bool:
    """A B = I for square symbols: B is the adjugate of A over its determinant."""
    for left, right in _sides(h):
        parts = left.children()
        if len(parts) != 2 or not all(isinstance(p, Atom) and len(p.axes) == 2 for p in parts):
            continue
        a, b = parts
        if not isinstance(a, Atom) or not isinstance(b, Atom) or a == b or a.axes[0] != a.axes[1]:
            continue
        if a.axes[0] != b.axes[0] or left != matmul(a, b) or right != identity(a.axes[0]):
            continue
        if b in world.given or a in made:
            return True
        size = world.size(a.axes[0])
        if size <= MAX_INVERTED:
            known = _entries(world, a)
            rows = [[known[i, j] for j in range(size)] for i in range(size)]
            bottom = determinant(rows)
            factor = world.coefficients.inverse_of(bottom, to_expression(bottom))
            cofactors = [_cofactor(rows, j, i) for i, j in product(range(size), repeat=2)]
            entries = [world.coefficients.normal(multiply(factor, c)) for c in cofactors]
            world.given[b] = dense((size, size), entries)
            made.add(b)
            return True
    return False


def determinant(rows: Sequence[Sequence[Polynomial]]) -> Polynomial:
    """The determinant of a small matrix, by expansion along its first row; of none, 1."""
    if not rows:
        return ONE
    total: Polynomial = {}
    for j, entry in enumerate(rows[0]):
        add_into(total, multiply(entry, _cofactor(rows, 0, j)))
    return total


def _cofactor(rows: Sequence[Sequence[Polynomial]], i: int, j: int) -> Polynomial:
    minor = [[x for c, x in enumerate(row) if c != j] for r, row in enumerate(rows) if r != i]
    return multiply({(): (-1) ** (i + j)}, determinant(minor))


def _projected(world: World, h: Equation) -> bool:
    """S = F(S): S becomes F of free symbols, which is right where F is a projection, as for S = S ∘ I."""
    for left, right in _sides(h):
        if isinstance(left, Atom) and left not in world.given and left in set(subterms(right)):
            apart = World(world.coefficients, world.positions, world.shapes, dict(world.given))
            world.given[left] = apart.value(right)
            return True
    return False


def _defined(world: World, h: Equation, pending: set[Term]) -> bool:
    """W = U S Vᵀ: W becomes the other side, when nothing in it waits for a definition."""
    for left, right in _sides(h):
        if not isinstance(left, Atom) or left in world.given:
            continue
        if not any(t in pending or t == left for t in subterms(right)):
            apart = World(world.coefficients, world.positions, world.shapes, dict(world.given))
            world.given[left] = apart.value(right)
            return True
    return False
