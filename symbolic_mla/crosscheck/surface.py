"""A document's declarations as a world, and its instances at explicit sizes.

>>> from random import Random
>>> from symbolic_mla.language.parse import parse_block, parse_expression
>>> world = World(parse_block("dims n, m\\ngiven W : m × m\\nlet T = tile(W, n)"))
>>> at = world.instance({"n": 2, "m": 3}, Random(1))
>>> at.holds(parse_expression("T"), "=", parse_expression("stack(W, W)"))
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import Array, Value
from symbolic_mla.crosscheck.declare import Building
from symbolic_mla.crosscheck.evaluate import Evaluator
from symbolic_mla.crosscheck.functions import random_table
from symbolic_mla.crosscheck.numbers import Number, compare
from symbolic_mla.crosscheck.sampling import random_array
from symbolic_mla.crosscheck.scope import (
    Definition,
    Delayed,
    FunctionTable,
    Known,
    Scope,
    Size,
    names_in,
)
from symbolic_mla.crosscheck.statements import both, chain, chain_steps, decomposes, exists, fact, holds
from symbolic_mla.errors import InputError, NameUnknownError, SymbolicMLAError, UnsupportedError
from symbolic_mla.language import syntax as s

_ATTEMPTS = 60


class World:
    """The declarations of a document, in order; claims among them are passed over."""

    def __init__(self, items: Sequence[s.Item]) -> None:
        self.items = tuple(item for item in items if not isinstance(item, s.Claim))

    @property
    def dims(self) -> dict[str, int]:
        """The symbols for sizes, with their lower bounds."""
        symbols = (x for item in self.items if isinstance(item, s.Dims) for x in item.symbols)
        return {symbol.name.text: symbol.lower for symbol in symbols}

    def sizes(self, rng: Random, most: int = 3, least: int = 1) -> dict[str, int] | None:
        """Random sizes from `least` to `most`, or at their lower bounds beyond, that the assumptions allow; None
        when none were met."""
        for _ in range(_ATTEMPTS):
            lowest = {name: max(low, min(least, most)) for name, low in self.dims.items()}
            sizes = {name: rng.randint(low, max(low, most)) for name, low in lowest.items()}
            try:
                if self.allows(sizes) is True:
                    return sizes
            except SymbolicMLAError:
                continue
        return None

    def allows(self, sizes: Mapping[str, int]) -> bool | None:
        """Whether the assumptions about these dimensions hold. Raises: InputError for sizes below their bounds."""
        scope, evaluator = self._sizes(sizes), Evaluator(random_table(0))
        known: bool | None = True
        for item in self.items:
            for assumed in item.facts if isinstance(item, s.Assume) else ():
                if isinstance(assumed, s.Exists):
                    continue  # of tensors, and not of sizes
                try:
                    known = both(known, fact(evaluator, assumed, scope))
                except NameUnknownError:
                    continue  # it speaks of a size that has no value, or of more than sizes
        return known

    def _sizes(self, sizes: Mapping[str, int]) -> Scope:
        scope = Scope()
        evaluator = Evaluator(random_table(0))
        for item in self.items:
            if isinstance(item, s.Dims):
                for symbol in item.symbols:
                    name = symbol.name.text
                    if name not in sizes:
                        continue
                    value = sizes[name]
                    if isinstance(value, bool) or not isinstance(value, int) or value < symbol.lower:
                        raise InputError(f"the size {name} = {value}", hint=f"an integer, {symbol.lower} or more")
                    scope.names[name] = Size(ax.symbol(name, value))
            elif isinstance(item, s.DimDefinition):
                with suppress(NameUnknownError):
                    scope.names[item.name.text] = Size(evaluator.axis(item.value, scope))
        return scope

    def instance(
        self,
        sizes: Mapping[str, int],
        rng: Random | None = None,
        *,
        tensors: Mapping[str, object] | None = None,
        scalars: Mapping[str, Number] | None = None,
        functions: FunctionTable | None = None,
        positions: Mapping[str, int] | None = None,
    ) -> Instance:
        """Values for everything declared: those given, and random ones for the rest if there is an `rng`.

        Tensors are nested lists, or flat sequences whose shape is the declared one, or have a `shape` and flat
        `entries`; a value that is given for a definition is ignored. A name that gets no value is an error only
        where it is used.

        Raises: InputError for sizes or entries that do not fit, and when no random matrices satisfy a hypothesis.
        """
        table = functions if functions is not None else random_table(rng.randrange(2**30) if rng else 0)
        evaluator = Evaluator(table, dict(positions or {}), rng)
        found = Instance(self, self._sizes(sizes), evaluator, rng)
        build = Building(self.items, found.scope, evaluator, rng, tensors or {}, scalars or {})
        for item in self.items:
            build.declare(item)
        return found


@dataclass(slots=True)
class Instance:
    """Sizes and values at which expressions and statements are evaluated."""

    world: World
    scope: Scope
    evaluator: Evaluator
    rng: Random | None

    def reseed(self, rng: Random) -> None:
        """A fresh source for what is drawn from here on (positions that have no value yet, and what an inner `for all`
        ranges over), and a fresh budget."""
        self.rng = self.evaluator.rng = rng
        self.evaluator.calls = 0

    def evaluate(self, expr: s.Expr) -> Value:
        """The exact value of an expression. Raises: the errors of the tree."""
        self._settle(expr)
        return self.evaluator.value(expr, self.scope)

    def size(self, name: str) -> int:
        """The size of a dimension. Raises: InputError for another name."""
        binding = self.scope.find(name)
        if not isinstance(binding, Size):
            raise InputError(f"`{name}` is no dimension", hint="declare it with `dims`")
        return ax.size(binding.axis)

    def holds(self, left: s.Expr, relation: s.Relation, right: s.Expr) -> bool | None:
        """Whether a relation of two expressions holds; None when intervals do not tell."""
        return holds(self.evaluate(left), relation, self.evaluate(right))

    def hypotheses(self, before: int | None = None) -> bool | None:
        """Whether all that is assumed (before a line) holds here; what is assumed of names without a value is passed
        over."""
        known: bool | None = True
        for item in self.world.items:
            if before is not None and item.span.line > before:
                break
            facts: tuple[s.Fact, ...] = ()
            if isinstance(item, s.Assume):
                facts = item.facts
            elif isinstance(item, s.Given):
                facts = tuple(h for part in item.groups for h in part.hypotheses)
            for assumed in facts:
                self._settle(assumed)
                with suppress(NameUnknownError):
                    known = both(known, fact(self.evaluator, assumed, self.scope))
            if isinstance(item, s.Obtain):
                self._settle(item)
                with suppress(NameUnknownError):
                    known = both(known, decomposes(self.evaluator, item, self.scope))
            if isinstance(item, s.Scalars):
                for symbol in item.symbols:
                    value = self.scope.find(symbol.name.text)
                    if symbol.sign and isinstance(value, Known) and not isinstance(value.value, Array):
                        known = both(known, compare(value.value, symbol.sign, 0))
        return known

    def steps(self, claim: s.Claim) -> list[tuple[bool | None, SymbolicMLAError | None]]:
        """A verdict for each step of a chain, one for an `exists` or an `iff`; with the error behind a None."""
        statement = claim.statement
        if not isinstance(statement, s.Chain):
            try:
                self._settle(claim)
                return [(self._statement(statement, claim.take), None)]
            except SymbolicMLAError as error:
                return [(None, error)]
        found: list[tuple[bool | None, SymbolicMLAError | None]] = []
        self._settle(claim)
        for step in chain_steps(self.evaluator, statement, self.scope):
            try:
                found.append((step(), None))
            except SymbolicMLAError as error:
                found.append((None, error))
        return found

    def _statement(self, statement: s.Statement, take: Sequence[s.Witness]) -> bool | None:
        match statement:
            case s.Chain():
                return chain(self.evaluator, statement, self.scope)
            case s.Exists():
                return exists(self.evaluator, statement, take, self.scope, self._sample)
            case s.Iff(left, right):
                sides = [self._statement(left, ()), self._statement(right, ())]
                return None if None in sides else sides[0] == sides[1]

    def _sample(self, group: s.Group, scope: Scope) -> dict[str, Array]:
        axes = [self.evaluator.axis(size, scope) for size in group.sizes]
        if self.rng is None:
            raise UnsupportedError("`for all` without a source of values", hint="give a random generator")
        return {name.text: random_array(axes, self.rng) for name in group.names}

    def _settle(self, node: object) -> None:
        """Evaluate the definitions that a node needs in the order of the document, so that a long chain of
        definitions does not nest. An error stays for the place that uses the value."""
        needed: set[str] = set()
        waiting = names_in(node)
        while waiting:
            name = waiting.pop()
            binding = self.scope.names.get(name)
            if name in needed or not isinstance(binding, (Delayed, Definition)):
                continue
            needed.add(name)
            waiting |= names_in(binding.body)
        for name in [name for name in self.scope.names if name in needed]:
            binding = self.scope.names[name]
            if isinstance(binding, Delayed) and binding.value is None:
                try:
                    self.evaluator.named(name, self.scope)
                except SymbolicMLAError:
                    continue
