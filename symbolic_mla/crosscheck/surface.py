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
from fractions import Fraction
from random import Random

from symbolic_mla.crosscheck import arrays as ar
from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import Array, Value
from symbolic_mla.crosscheck.evaluate import Evaluator
from symbolic_mla.crosscheck.functions import random_table
from symbolic_mla.crosscheck.numbers import Number, compare, rational
from symbolic_mla.crosscheck.sampling import random_array, sample_group, singular
from symbolic_mla.crosscheck.scope import (
    Binding,
    Definition,
    Delayed,
    Function,
    FunctionTable,
    Known,
    Scope,
    Size,
    names_in,
)
from symbolic_mla.crosscheck.statements import both, chain, chain_steps, exists, fact, holds
from symbolic_mla.errors import InputError, NameUnknownError, ShapeError, SymbolicMLAError, UnsupportedError
from symbolic_mla.language import syntax as s

_ATTEMPTS = 60
_SIGNS: Mapping[s.Relation | None, tuple[Fraction | int, ...]] = {
    None: (0, 1, -1, 2, Fraction(1, 2), -3),
    ">": (1, 2, 3, Fraction(1, 2)),
    ">=": (0, 1, 2, Fraction(1, 2)),
    "<": (-1, -2, Fraction(-1, 2)),
    "<=": (0, -1, -2),
    "!=": (1, -1, 2, -3, Fraction(1, 2)),
    "=": (0,),
}


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

        Tensors are nested lists, or flat sequences whose shape is the declared one; a value that is given for a
        definition is ignored. A name that gets no value is an error only where it is used.

        Raises: InputError for sizes or entries that do not fit, and when no random matrices satisfy a hypothesis.
        """
        table = functions if functions is not None else random_table(rng.randrange(2**30) if rng else 0)
        evaluator = Evaluator(table, dict(positions or {}), rng)
        found = Instance(self, self._sizes(sizes), evaluator, rng)
        build = _Building(found, tensors or {}, scalars or {})
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

    def hypotheses(self) -> bool | None:
        """Whether all that is assumed holds here; what is assumed of names without a value is passed over."""
        known: bool | None = True
        for item in self.world.items:
            facts: tuple[s.Fact, ...] = ()
            if isinstance(item, s.Assume):
                facts = item.facts
            elif isinstance(item, s.Given):
                facts = tuple(h for part in item.groups for h in part.hypotheses)
            for assumed in facts:
                self._settle(assumed)
                try:
                    known = both(known, fact(self.evaluator, assumed, self.scope))
                except NameUnknownError:
                    continue
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


class _Building:
    """Fills the scope of an instance, item by item."""

    def __init__(self, found: Instance, tensors: Mapping[str, object], scalars: Mapping[str, Number]) -> None:
        self.found, self.tensors, self.scalars, self.rng = found, tensors, scalars, found.rng
        self.sources = {
            item.source.arguments[0].text: item
            for item in found.world.items
            if isinstance(item, s.Obtain)
            and item.source.name == "svd"
            and len(item.names) == 3
            and len(item.source.arguments) == 1
            and isinstance(item.source.arguments[0], s.Name)
        }

    def declare(self, item: s.Item) -> None:
        scope = self.found.scope
        match item:
            case s.Scalars(symbols):
                for symbol in symbols:
                    self._scalar(symbol)
            case s.Given(groups):
                for part in groups:
                    self._given(part)
            case s.Functions(symbols):
                for function in symbols:
                    scope.names[function.name.text] = Function(tuple(p.text for p in function.positions))
            case s.Let(name, (), body):
                scope.names[name.text] = Delayed(body, scope)
            case s.Let(name, parameters, body):
                scope.names[name.text] = Definition(tuple(p.text for p in parameters), body, scope)
            case s.Obtain(names):
                for name in names:
                    if name.text in self.tensors:
                        scope.names[name.text] = Known(_unshaped(self.tensors[name.text], name.text))

    def _scalar(self, symbol: s.ScalarSymbol) -> None:
        name = symbol.name.text
        if name in self.scalars:
            self.found.scope.names[name] = Known(_entry(self.scalars[name], name))
        elif self.rng is not None:
            self.found.scope.names[name] = Known(self.rng.choice(_SIGNS[symbol.sign]))

    def _given(self, part: s.GivenGroup) -> None:
        scope, evaluator = self.found.scope, self.found.evaluator
        names = [name.text for name in part.group.names]
        try:
            axes = [evaluator.axis(size, scope) for size in part.group.sizes]
        except NameUnknownError:
            if self.tensors.keys() & set(names):
                raise
            return
        fixed: dict[str, Binding] = {
            name: Known(_shaped(self.tensors[name], axes, name)) for name in names if name in self.tensors
        }
        scope.names.update(fixed)
        if self.rng is None or len(fixed) == len(names):
            return
        for attempt in range(_ATTEMPTS):
            for name, value in sample_group(part, axes, self.rng, attempt, self._array).items():
                if name not in fixed:
                    scope.names[name] = Known(value)
            for name in names:
                if name in self.sources and name not in fixed and len(axes) == 2:
                    values = singular(axes, self.rng)
                    obtained = (name, *(n.text for n in self.sources[name].names))
                    scope.names.update({n: Known(v) for n, v in zip(obtained, values, strict=True)})
            try:
                verdicts = [fact(evaluator, hypothesis, scope) for hypothesis in part.hypotheses]
            except SymbolicMLAError:
                continue  # `inv` of a singular sample, for one
            if all(verdicts):
                return
        raise InputError(
            f"no random values of {', '.join(names)} satisfy their hypotheses", hint="give them as `tensors`"
        )

    def _array(self, expr: s.Expr) -> Array:
        value = self.found.evaluate(expr)
        if not isinstance(value, Array):
            raise ShapeError("a number where a matrix is expected", hint="write `c I(m)`")
        return value


# --- Entries from outside


def _entry(value: object, name: str) -> Number:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise InputError(f"an entry of `{name}` is {value!r}", hint="entries are integers or fractions")
    return rational(value)


def _shaped(value: object, axes: Sequence[ax.Axis], name: str) -> Array:
    """Nested lists of the declared shape, or its entries in one flat sequence."""
    flat, shape = _flatten(value, name)
    wanted = tuple(ax.size(axis) for axis in axes)
    total = 1
    for size in wanted:
        total *= size
    if shape != wanted and (len(shape) != 1 or len(flat) != total):
        raise InputError(f"`{name}` has the shape {shape}", hint=f"it is declared as {wanted}")
    return Array(tuple(axes), tuple(flat))


def _unshaped(value: object, name: str) -> Array:
    flat, shape = _flatten(value, name)
    return Array(tuple(ax.literal(size) for size in shape), tuple(flat))


def _flatten(value: object, name: str) -> tuple[list[Number], tuple[int, ...]]:
    if not isinstance(value, (list, tuple)):
        return [_entry(value, name)], ()
    parts = [_flatten(part, name) for part in value]
    if len({shape for _, shape in parts}) != 1:
        raise InputError(f"the rows of `{name}` differ in length", hint="give a full array")
    ar.guard(sum(len(flat) for flat, _ in parts))
    return [x for flat, _ in parts for x in flat], (len(parts), *parts[0][1])
