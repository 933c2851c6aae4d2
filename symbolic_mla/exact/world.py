"""What terms of the kernel are worth at explicit sizes: a symbol in every entry, all products carried out.

This evaluator knows the definition of each term and nothing of the index form: it is the second opinion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import numpy as np
import sympy

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import InputError, UnsupportedError
from symbolic_mla.exact.coefficients import Coefficients, minus, symbol
from symbolic_mla.exact.monomials import Coefficient, Polynomial, number, to_expression
from symbolic_mla.exact.sizes import checked_values, positions_of, size_of
from symbolic_mla.exact.tensors import Sparse, check_shape, contract, cut, dense, join_along, total
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term

NAMED = ("softmax", "normalize")
"""Functions with laws of their own: their entries are not independent symbols."""

Arguments = tuple[frozenset[tuple[tuple[int, ...], Coefficient]], ...]


@dataclass
class World:
    """Values for dimensions, scalars and named positions, and the tensors of symbols met so far.

    Make with `World.of`, which checks the values. `given` has tensors for symbols that are not free.
    """

    coefficients: Coefficients
    positions: Mapping[str, int]
    shapes: Mapping[str, int]  # in how many shapes the name of a symbol occurs
    given: dict[Atom, Sparse] = field(default_factory=dict)
    symbols: dict[int, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    outputs: dict[int, tuple[str, tuple[int, ...], int, tuple[Polynomial, ...]]] = field(default_factory=dict)
    _calls: dict[tuple[str, tuple[int, ...], Arguments], list[Polynomial]] = field(default_factory=dict)
    _known: dict[int, tuple[Term, Sparse]] = field(default_factory=dict)

    @staticmethod
    def of(terms: Sequence[Term], values: Mapping[str, object], also: Iterable[Var] = ()) -> World:
        """The world of these terms at these values: sizes, and if wanted scalars and named positions.

        `also`: the dimensions and scalars of numbers that are outside the terms.

        Raises: InputError for a size that is missing, unknown or out of range.
        """
        checked = checked_values(terms, values, also)
        used = {(t.name, t.axes) for t in subterms(*terms) if isinstance(t, Atom)}
        shapes = {name: sum(1 for other, _ in used if other == name) for name, _ in used}
        named = {name: int(checked[name]) for name in positions_of(terms) if name in checked}
        numbers = {name: value for name, value in checked.items() if name not in named}
        return World(Coefficients(numbers), named, shapes)

    def size(self, axis: Axis) -> int:
        """The number of indices of an axis."""
        return size_of(axis, self.coefficients.values)

    def shape(self, axes: Sequence[Axis]) -> tuple[int, ...]:
        """The sizes of axes. Raises: BudgetError for a tensor of too many entries."""
        shape = tuple(map(self.size, axes))
        check_shape(shape)
        return shape

    def value(self, term: Term) -> Sparse:
        """The tensor that a term is here. Raises: BudgetError for too many entries or products."""
        todo = [term]
        while todo:  # children first, without recursion: terms may be deep
            t = todo[-1]
            waiting = [child for child in t.children() if id(child) not in self._known]
            if waiting and id(t) not in self._known:
                todo += waiting
                continue
            todo.pop()
            if id(t) not in self._known:
                self._known[id(t)] = (t, self._value(t, [self._known[id(c)][1] for c in t.children()]))
        return self._known[id(term)][1]

    def _value(self, t: Term, parts: list[Sparse]) -> Sparse:
        shape = self.shape(t.axes)
        if isinstance(t, Atom):
            return self.given[t] if t in self.given else self.symbols_of(t)
        if isinstance(t, Einsum):
            operands = [(part, pattern) for part, (_, pattern) in zip(parts, t.operands, strict=True)]
            return self._normal(contract(operands, t.output, [self.size(a) for a in t.labels], shape))
        if isinstance(t, Sum):
            factors = [self.coefficients.polynomial(c) for c, _ in t.parts]
            return self._normal(total(shape, list(zip(factors, parts, strict=True))))
        if isinstance(t, Stack):
            return join_along(parts, t.axis, shape)
        if isinstance(t, Block):
            start = sum(self.size(b) for b in t.blocks[: t.which])
            return cut(parts[0], t.axis, start, shape[t.axis], shape)
        if isinstance(t, Pick):
            return cut(parts[0], t.axis, self._position(t), 1, shape)
        if isinstance(t, Apply):
            return self._apply(t, parts[0])
        raise UnsupportedError(f"{type(t).__name__} has no explicit form")

    def symbols_of(self, atom: Atom) -> Sparse:
        """The tensor of a symbol: its own symbol in every entry."""
        name = atom.name
        if self.shapes.get(name, 1) > 1:  # symbols of one name and several shapes are different symbols
            name = f"{name}⟨{'×'.join(map(str, atom.axes))}⟩"
        shape = self.shape(atom.axes)
        places, numbers = symbol_numbers(name, shape)
        self.symbols.update(zip(numbers, ((name, place) for place in places), strict=True))
        return Sparse(shape, np.arange(len(places), dtype=np.int64), [{(one,): 1} for one in numbers])

    def _normal(self, tensor: Sparse) -> Sparse:
        """The tensor with its roots and inverses reduced."""
        if not self.coefficients.squares and not self.coefficients.inverses:
            return tensor
        reduced = [self.coefficients.normal(entry) for entry in tensor.entries]
        kept = [k for k, entry in enumerate(reduced) if entry]
        return Sparse(tensor.shape, tensor.places[kept], [reduced[k] for k in kept])

    def _position(self, t: Pick) -> int:
        limit = self.size(t.term.axes[t.axis])
        place = self.positions.get(t.index)
        if place is None or place >= limit:
            met = "is not given" if place is None else f"is {place}"
            raise InputError(
                f"the position {t.index} {met}, and the axis has the positions 0 to {limit - 1}",
                hint=f"{t.index}=0",
            )
        return place

    # ---- functions -------------------------------------------------------------------------------------

    def _apply(self, t: Apply, argument: Sparse) -> Sparse:
        """A symbol for each function, positions, arguments and place in the output."""
        *outer, last = argument.shape
        entries, at = [], argument.at()
        for row, index in enumerate(product(*map(range, outer))):
            arguments = tuple(at.get(row * last + k, {}) for k in range(last))
            entries += self._call(t.function, tuple(index[p] for p in t.positions), arguments)
        return dense(argument.shape, entries)

    def _call(self, name: str, positions: tuple[int, ...], arguments: tuple[Polynomial, ...]) -> list[Polynomial]:
        key = (name, positions, tuple(frozenset(a.items()) for a in arguments))
        known = self._calls.get(key)
        if known is None:
            known = self._calls[key] = self._same(key) or self._fresh(name, positions, arguments)
        return known

    def _same(self, key: tuple[str, tuple[int, ...], Arguments]) -> list[Polynomial] | None:
        """The values at arguments that are equal and written otherwise, as (c + 1)/(c + 1) is 1."""
        if not self.coefficients.inverses and not self.coefficients.roots_of_scalars:
            return None
        for (name, positions, arguments), values in self._calls.items():
            if (name, positions, len(arguments)) == (*key[:2], len(key[2])) and all(
                a == b or self.coefficients.vanishes(minus(dict(a), dict(b)))
                for a, b in zip(arguments, key[2], strict=True)
            ):
                return values
        return None

    def _fresh(self, name: str, positions: tuple[int, ...], arguments: tuple[Polynomial, ...]) -> list[Polynomial]:
        written = [to_expression(a) for a in arguments]
        at = f"({','.join(map(str, positions))})" if positions else ""
        values = []
        for k in range(len(arguments)):
            output = sympy.Function(f"{name}{at}[{k}]")(*written)
            self.outputs[number(output)] = (name, positions, k, arguments)
            values.append(symbol(output))
        return values


@lru_cache(maxsize=64)
def symbol_numbers(name: str, shape: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """The indices of a tensor of symbols, and the numbers of its symbols, which are the same whenever it is met."""
    places = tuple(product(*map(range, shape)))
    return places, tuple(number(sympy.Symbol(text)) for text in entry_names(name, places))


def entry_names(name: str, places: Iterable[Sequence[int]]) -> list[str]:
    """The names of the symbols of entries: W_0_1, and W_1[0] for a name that ends as such a name does.

    >>> entry_names("W_K", [(0, 1)]), entry_names("W_1", [(0,)]), entry_names("c", [()])
    (['W_K_0_1'], ['W_1[0]'], ['c'])
    """
    if re.search(r"_\d+$|[\[\]]", name):  # so that no two entries share a name
        return [f"{name}[{','.join(map(str, place))}]" for place in places]
    return ["_".join([name, *map(str, place)]) for place in places]


def everywhere(
    terms: Sequence[Term], values: Mapping[str, object], also: Iterable[Var] = ()
) -> Iterator[dict[str, object]]:
    """The values, with each choice of the named positions that have none."""
    places = positions_of(terms)
    free = sorted(set(places) - set(values))
    if not free:
        yield dict(values)
        return
    world = World.of(terms, values, also)
    for chosen in product(*(range(min(map(world.size, places[name]))) for name in free)):
        yield dict(values) | dict(zip(free, chosen, strict=True))
