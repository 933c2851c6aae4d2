"""The generic rank of a term at explicit sizes: bounds, each with a proof.

Lower bound: a homomorphism from the ring of the entries to the integers modulo a prime takes minors to minors, so
the rank that is found there is never too large. Upper bound: the shape, the rows and columns that are different,
and products, sums and stacks of what has a bound.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import flint
import sympy

from symbolic_mla.algebra import kron, matmul, transpose
from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import BudgetError, ShapeError, UnsupportedError
from symbolic_mla.exact.monomials import Coefficient, Polynomial
from symbolic_mla.exact.tensors import Sparse
from symbolic_mla.exact.world import NAMED, World
from symbolic_mla.kernel.term import Apply, Einsum, Stack, Sum, Term

TRIALS = 3
LARGEST = 1 << 61
MAX_PRIMES = 4096


@dataclass(frozen=True)
class RankBounds:
    """lower <= generic rank <= upper, with the reason for each. The generic rank is the largest one at real
    values of the symbols, and that of almost all of them."""

    lower: int
    upper: int
    lower_reason: str
    upper_reason: str

    @property
    def rank(self) -> int | None:
        """The generic rank; None while the bounds differ."""
        return self.lower if self.lower == self.upper else None

    def __str__(self) -> str:
        if self.rank is not None:
            return f"{self.rank} (at least: {self.lower_reason}; at most: {self.upper_reason})"
        return f"{self.lower} to {self.upper} (at least: {self.lower_reason}; at most: {self.upper_reason})"


def explicit_rank(term: Term, values: Mapping[str, object], *, seed: int = 0) -> RankBounds:
    """Bounds for the generic rank of a matrix term at these sizes.

    Functions take any values (softmax, which does not, is refused). `seed` draws the numbers for the symbols.

    Raises:
        ShapeError: for a tensor that is no matrix.
        UnsupportedError: for softmax, and for roots of scalars that have no value.
        InputError, BudgetError: as `explicit`.

    >>> from symbolic_mla.algebra import as_axis, tile
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> G, D, n = (as_axis(Var(x)) for x in "GDn")
    >>> explicit_rank(tile(Atom("W", (G, D)), n), {"n": 3, "G": 2, "D": 6}).rank
    2
    """
    return rank_in(World.of([term], values), term, seed)


def rank_in(world: World, term: Term, seed: int = 0) -> RankBounds:
    """As `explicit_rank`, in a world that is there already."""
    if len(term.axes) != 2:
        raise ShapeError(f"rank is of a matrix, and this has {len(term.axes)} axes")
    named = sorted({t.function for t in subterms(term) if isinstance(t, Apply)} & set(NAMED))
    if named:
        raise UnsupportedError(f"the rank of a matrix with {named[0]}, whose entries are not independent")
    tensor = world.value(term)
    if world.coefficients.roots_of_scalars:
        raise UnsupportedError("a rank with roots of scalar expressions", hint="give the scalars rational values")
    upper, reason = _upper(term, world)
    source, lower = random.Random(seed), 0
    for _ in range(TRIALS):
        lower = max(lower, _rank_modulo(tensor, world, source))
        if lower == upper:
            break
    return RankBounds(lower, upper, "a minor that does not vanish modulo a prime", reason)


# ---- the upper bound -----------------------------------------------------------------------------------


def _upper(t: Term, world: World) -> tuple[int, str]:
    """The least upper bound that the structure of the term shows, and why."""
    tensor = world.value(t)
    rows, columns = tensor.shape
    found = [(min(rows, columns), f"the shape is {rows} × {columns}"), _distinct(tensor)]
    if isinstance(t, Sum) or (isinstance(t, Stack) and t.axis < 2):
        found.append((sum(_upper(part, world)[0] for part in t.children()), "ranks of parts add"))
    elif isinstance(t, Einsum) and all(len(part.axes) == 2 for part in t.children()):
        found += _of_a_product(t, world)
    return min(found, key=lambda bound: bound[0])


def _of_a_product(t: Einsum, world: World) -> list[tuple[int, str]]:
    parts = t.children()
    if len(parts) == 1 and t == transpose(parts[0]):
        return [_upper(parts[0], world)]
    if len(parts) != 2:
        return []
    if parts[0].axes[1] == parts[1].axes[0] and t == matmul(*parts):
        return [(min(_upper(part, world)[0] for part in parts), "it is a product of matrices of that rank")]
    if t == kron(*parts):
        return [(prod(_upper(part, world)[0] for part in parts), "ranks of a Kronecker product multiply")]
    return []


def _distinct(tensor: Sparse) -> tuple[int, str]:
    """The number of different rows, or of different columns, that are not zero."""
    lines: tuple[dict[int, list[object]], dict[int, list[object]]] = ({}, {})
    shared: dict[int, int] = {}
    numbers: dict[frozenset[Any], int] = {}
    for place, entry in tensor.at().items():
        if id(entry) not in shared:
            shared[id(entry)] = numbers.setdefault(frozenset(entry.items()), len(numbers))
        i, j = divmod(place, tensor.shape[1])
        lines[0].setdefault(i, []).append((j, shared[id(entry)]))
        lines[1].setdefault(j, []).append((i, shared[id(entry)]))
    counts = [len({tuple(line) for line in side.values()}) for side in lines]
    kind = "rows" if counts[0] <= counts[1] else "columns"
    return min(counts), f"it has {min(counts)} different {kind} that are not zero"


# ---- the lower bound -----------------------------------------------------------------------------------


def _rank_modulo(tensor: Sparse, world: World, source: random.Random) -> int:
    """The rank at random values modulo a prime at which every root of the entries exists."""
    roots = {s: int(square[()]) for s, square in world.coefficients.squares.items()}
    prime = _prime(list(roots.values()), source)
    point = {s: int(sympy.sqrt_mod(square, prime)) for s, square in roots.items()}
    point |= {
        s: source.randrange(1, prime) for s in sorted({s for e in tensor.entries for m in e for s in m} - point.keys())
    }
    for s, base in world.coefficients.inverses.items():
        point[s] = pow(_modulo(base, point, prime, source), -1, prime)
    values = [0] * prod(tensor.shape)
    for place, entry in tensor.at().items():
        values[place] = _modulo(entry, point, prime, source)
    return int(flint.nmod_mat(tensor.shape[0], tensor.shape[1], values, prime).rank())


def _modulo(entry: Polynomial, point: dict[int, int], prime: int, source: random.Random) -> int:
    total = 0
    for monomial, c in entry.items():
        part = _residue(c, prime)
        for s in monomial:
            part = part * point.setdefault(s, source.randrange(1, prime)) % prime
        total += part
    return total % prime


def _residue(c: Coefficient, prime: int) -> int:
    return c % prime if isinstance(c, int) else c.numerator * pow(c.denominator, -1, prime) % prime


def _prime(squares: list[int], source: random.Random) -> int:
    """A prime modulo which every one of these has a root."""
    for _ in range(MAX_PRIMES):
        prime = int(sympy.prevprime(source.randrange(LARGEST // 2, LARGEST)))
        if all(sympy.jacobi_symbol(square, prime) == 1 for square in squares):
            return prime
    raise BudgetError(f"no prime was found modulo which {len(squares)} square roots exist", hint="smaller sizes")
