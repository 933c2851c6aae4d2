"""Does a script state what its theorem says? The statement is read back from the text and evaluated beside the term.

Both sides of every equation are compared at every index, hypotheses included, and so are comparisons of numbers,
at several small sizes with random entries. What the exporter got wrong shows as two values that differ.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

from symbolic_mla.coq.declared import Declared, declared
from symbolic_mla.coq.instance import Concrete
from symbolic_mla.coq.reader import Reader
from symbolic_mla.coq.script import Script
from symbolic_mla.coq.semantics import World, entries, full
from symbolic_mla.coq.statements import as_equation, in_the_ring
from symbolic_mla.errors import BudgetError, InputError, UnsupportedError
from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.instance.functions import Table
from symbolic_mla.instance.values import at, differs_from_zero
from symbolic_mla.kernel.scalar import Generator, Scalar, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists

Differences = Iterator[str]


def read_back(script: str, made: Script, hypotheses: Sequence[Statement], conclusion: Statement,
              tries: int = 3, seed: int = 0) -> list[str]:  # fmt: skip
    """Where a script says something else than hypotheses |- conclusion, in words; empty where it never does.

    `made` says which variable of the text stands for which symbol. Sizes are at most two above their lower bounds.

    Raises:
        InputError: when the text is not readable as a script.
    """
    text = declared(script)
    problems = list(_declarations(text, made))
    for k in range(tries):
        if not problems:
            problems += _Comparison(text, made, Random(seed + k), k).problems(hypotheses, conclusion)
    return problems


def read_back_refutation(script: str, made: Concrete, hypotheses: Sequence[Statement],
                         statement: Statement) -> list[str]:  # fmt: skip
    """Where the script of a refutation says something else than that the hypotheses hold and the statement fails at
    its instance. Raises: InputError when the text is not readable as a script."""
    return list(_Refutation(declared(script), made).problems_at(hypotheses, statement))


def _declarations(text: Declared, made: Script) -> Iterator[str]:
    """Bounds that are not those of the kernel; variables that stand for nothing."""
    known = {name: thing for kind, name, thing in made.variables() if kind not in ("bound", "relation")}
    for name, low in text.sizes.items():
        thing = known.get(name)
        if not isinstance(thing, Var) or thing.low != low:
            yield f"the size {name} begins at {low}"
    for name in text.variables:
        if name not in known:
            yield f"{name} stands for nothing"


class _Comparison:
    """One choice of sizes, symbols and functions, in the kernel and in the text."""

    def __init__(self, text: Declared, made: Script, rng: Random, number: int) -> None:
        self.text, self.made, self.rng = text, made, rng
        things = [(kind, name, thing) for kind, name, thing in made.variables() if kind not in ("bound", "relation")]
        self.sizes: dict[str, int] = {}
        for kind, name, thing in things:
            if kind == "size" and isinstance(thing, Var):
                self.sizes[name] = thing.low + (0 if number == 0 else rng.choice((0, 1, 1, 2)))
        self.world = World({name: list(range(n)) for name, n in self.sizes.items()})
        numbers: dict[str, Any] = {
            thing.name: self.sizes[name] for kind, name, thing in things if kind == "size" and isinstance(thing, Var)
        }
        for kind, _, thing in things:
            if kind == "number" and isinstance(thing, Var):
                numbers[thing.name] = rng.randint(1, 4)
        self.here = Instance(numbers)
        values = self.world.values
        for kind, name, thing in things:
            if kind == "number" and isinstance(thing, Generator):
                values[name] = self._number(thing)
            elif kind == "position":
                values[name] = self.here.positions[thing[0]] = rng.randrange(self.sizes[made.names.sort_text(thing[1])])  # type: ignore[index]
            elif isinstance(thing, Atom):
                self._symbol(name, thing)
        for kind, name, thing in things:
            if kind == "function":
                self._function(name, str(thing[0]), number)  # type: ignore[index]

    def _number(self, g: Generator) -> Any:
        of = getattr(g, "of", None)
        return at(1 / scalar(of) if of is not None else scalar(g), self.here.numbers)

    def _symbol(self, name: str, a: Atom) -> None:
        domains = Reader(self.text.variables[name], self.world).arrows()[0]
        tensor = self.here.tensors[a.name] = self._random(a)
        self.world.values[name] = _nested(domains, tensor)

    def _random(self, a: Atom) -> Tensor:
        shape = self.here.shape(a.axes)
        return Tensor(shape, tuple(self.rng.randint(-2, 2) for _ in range(math.prod(shape))))

    def _function(self, name: str, function: str, seed: int) -> None:
        *positions, last, _ = Reader(self.text.variables[name], self.world).arrows()[0]
        table = self.here.functions.setdefault(function, Table(function, seed))  # type: ignore[attr-defined]

        def called(places: tuple[int, ...], vector: Mapping[Any, Any]) -> dict[Any, Any]:
            row = table(places, tuple(_plain(vector[x]) for x in last))
            return dict(zip(last, row, strict=True))

        def curried(k: int, places: tuple[int, ...]) -> Any:
            if k == len(positions):
                return lambda vector: called(places, vector)
            return lambda x: curried(k + 1, (*places, positions[k].index(x)))

        self.world.values[name] = curried(0, ())

    # ---- comparing ---------------------------------------------------------------------------------

    def problems(self, hypotheses: Sequence[Statement], conclusion: Statement) -> list[str]:
        try:
            return list(self._compare(hypotheses, conclusion))
        except (BudgetError, UnsupportedError):
            return []  # too large here, or a rank that roots leave open

    def _compare(self, hypotheses: Sequence[Statement], conclusion: Statement) -> Differences:
        env = self.world.values
        for name, body in self.text.terms.items():
            env[name] = Reader(body, self.world).term()(env)
        for relation in self.text.relations:
            _, _, _, left, right = Reader(relation, self.world).statement()
            if differs_from_zero(scalar(left(env)) - right(env)) is not False:
                yield f"{relation} does not hold"
        read = Reader(self.text.theorem, self.world).statement()
        for h in hypotheses:
            if read[0] != "->":
                yield "a hypothesis is missing"
                return
            yield from self._statement(read[1], h)
            read = read[2]
        yield from self._statement(read, conclusion)

    def _statement(self, read: Any, s: Statement) -> Differences:
        if isinstance(s, Iff):
            if read[0] != "<->":
                yield "no equivalence"
                return
            yield from self._statement(read[1], s.left)
            yield from self._statement(read[2], s.right)
        elif isinstance(s, Exists):
            yield from self._exists(read, s)
        elif isinstance(s, Compare):
            yield from self._equation(read, as_equation(s)) if in_the_ring(s) else self._numbers(read, s)
        elif isinstance(s, Equation):
            yield from self._equation(read, s)
        else:
            yield f"a statement of a kind that is not read back: {type(s).__name__}"

    def _equation(self, read: Any, e: Equation) -> Differences:
        kind, names, domains, *sides = read
        if kind != "=":
            yield f"no equation, but {kind}"
            return
        for side, term in zip(sides, (e.left, e.right), strict=True):
            expected = self.here.value(term).entries
            met = entries(names, domains, side, self.world.values)
            if len(met) != len(expected):
                yield f"{len(met)} entries where the term has {len(expected)}"
            elif any(differs_from_zero(scalar(x) - y) is not False for x, y in zip(met, expected, strict=True)):
                yield f"a side is {list(map(str, met))[:8]}, and its term {list(map(str, expected))[:8]}"

    def _numbers(self, read: Any, s: Compare) -> Differences:
        kind, names, _, left, right = read
        env = self.world.values
        if kind != s.relation or names:
            yield f"{kind} where {s.relation} was expected"
            return
        met = scalar(right(env)) - left(env)
        expected = scalar(self.here.number(s.right)) - self.here.number(s.left)
        if differs_from_zero(met - expected) is not False:
            yield f"the sides differ by {met}, and those of the statement by {expected}"

    def _exists(self, read: Any, s: Exists) -> Differences:
        for symbol, quantifier in [(a, "exists") for a in s.unknowns] + [(a, "forall") for a in s.inner]:
            if read[0] != quantifier:
                yield f"{read[0]} where {quantifier} was expected"
                return
            _, name, domains, read = read
            tensor = self._random(symbol)
            if [len(d) for d in domains] != list(tensor.shape):
                yield f"{symbol.name} has another shape"
                return
            self.here.tensors[symbol.name] = tensor
            self.world.values[name] = _nested(domains, tensor)
        parts = read[1] if read[0] == "and" else [read]
        if len(parts) != len(s.equations):
            yield f"{len(parts)} equations"
            return
        for part, e in zip(parts, s.equations, strict=True):
            yield from self._equation(part, e)


class _Refutation(_Comparison):
    """The instance of a refutation, as its text defines it."""

    def __init__(self, text: Declared, made: Concrete) -> None:
        self.text, self.made, self.concrete, self.rng, self.here = text, made, made, Random(0), made.here
        self.world = World({name: list(range(n)) for name, n in text.sizes.items()})

    def problems_at(self, hypotheses: Sequence[Statement], statement: Statement) -> Differences:
        env = self.world.values
        lows = {}
        for kind, name, thing in self.made.variables():
            if kind == "size" and isinstance(thing, Var):
                lows[name] = thing.low
                if self.text.sizes[name] != self.here.numbers[thing.name]:
                    yield f"{name} is {self.text.sizes[name]}"
                    return
            elif kind not in ("bound", "relation"):
                env[name] = Reader(self.text.values[name], self.world).value(env)
            if kind == "number" and isinstance(thing, Generator) and env[name] != self.concrete.value(thing):
                yield f"{name} is {env[name]}"
            elif isinstance(thing, Atom):
                domains = Reader(self.text.variables[name], self.world).arrows()[0]
                if full(env[name]) != _nested(domains, self.here.tensors[thing.name]):
                    yield f"{name} has other entries"
            elif kind == "position" and env[name] != self.here.positions[thing[0]]:  # type: ignore[index]
                yield f"{name} is another position"
        for name, body in self.text.terms.items():
            env[name] = Reader(body, self.world).term()(env)
        read = Reader(self.text.theorem, self.world).statement()
        parts = read[1] if read[0] == "and" else [read]
        count = len(parts) - 1 - len(hypotheses)
        if count < len(lows) or parts[-1][0] != "not":
            yield "bounds, hypotheses, or the negation are missing"
            return
        stated = [(p[3](env), p[4](env)) for p in parts[: len(lows)] if p[0] == "<"]
        if sorted(stated) != sorted((low - 1, self.text.sizes[name]) for name, low in lows.items()):
            yield "the lower bounds are others"
        for part in parts[len(lows) : count]:
            if part[0] != "=" or part[3](env) != part[4](env):
                yield "a number is not what it is defined by"
        for part, h in zip(parts[count:-1], hypotheses, strict=True):
            yield from self._statement(part, h)
        yield from self._statement(parts[-1][1], statement)


def _nested(domains: Sequence[list[Any]], tensor: Tensor) -> Any:
    """A tensor as a function of its indices, one after the other."""
    if math.prod(map(len, domains)) != len(tensor.entries):
        raise InputError("a symbol has another number of entries")
    flat = dict(zip(product(*domains), tensor.entries, strict=True))

    def table(k: int, at_: tuple[Any, ...]) -> Any:
        return flat[at_] if k == len(domains) else {x: table(k + 1, (*at_, x)) for x in domains[k]}

    return table(0, ())


def _plain(x: Any) -> Any:
    if isinstance(x, Scalar):
        from symbolic_mla.instance.values import plain

        return plain(x)
    return x
