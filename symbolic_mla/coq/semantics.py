"""What the text of a script means at small sizes: types are lists, terms are functions of an environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from symbolic_mla.instance.values import rank

Env = Mapping[str, Any]
Value = Callable[[Env], Any]
INDEX = (int, str, tuple)  # values that are equal where they look equal


@dataclass
class World:
    """Finite types by name as lists of their elements, and the values of variables."""

    types: dict[str, list[Any]]
    values: dict[str, Any] = field(default_factory=dict)


def both(left: Value, right: Value, operation: Callable[[Any, Any], Any]) -> Value:
    return lambda env: operation(left(env), right(env))


def applied(function: Value, argument: Value) -> Value:
    def value(env: Env) -> Any:
        f, x = function(env), argument(env)
        return f[x] if isinstance(f, dict) else f(x)

    return value


def pairs(parts: Sequence[Any], x: Any, b: dict[str, Any]) -> dict[str, Any] | None:
    """A tuple pattern: pairs nest to the right."""
    bound: dict[str, Any] | None = b
    for k, p in enumerate(parts):
        last = k == len(parts) - 1
        bound = p(x if last else x[0], bound) if bound is not None else None
        x = x if last else x[1]
    return bound


class Lazy(dict[Any, Any]):
    """A function of an index, whose values are found when they are asked for, once each."""

    def __init__(self, domain: Sequence[Any], of: Callable[[Any], Any]) -> None:
        super().__init__()
        self.domain, self.of = domain, of

    def __missing__(self, x: Any) -> Any:
        if x not in self.domain:
            raise KeyError(x)
        self[x] = found = self.of(x)
        return found

    def plain(self) -> dict[Any, Any]:
        """All of it."""
        return {x: full(self[x]) for x in self.domain}


def full(value: Any) -> Any:
    """A value with nothing in it that is still to be found."""
    return value.plain() if isinstance(value, Lazy) else value


def function(names: Sequence[str], domains: Sequence[list[Any]], body: Value, spoken: Iterable[str]) -> Value:
    """A function of indices, in an environment of which it speaks of some names; the same for the same values there."""
    names_spoken = sorted(set(spoken))
    known: dict[tuple[Any, ...], tuple[Any, list[Any]]] = {}

    def table(env: Env, k: int) -> Any:
        if k == len(names):
            return body(env)
        if not domains[k]:  # a vector, and not an index
            return lambda v: table({**env, names[k]: v}, k + 1)
        return Lazy(domains[k], lambda x: table({**env, names[k]: x}, k + 1))

    def value(env: Env) -> Any:
        here = [env[n] for n in names_spoken if n in env]
        key = tuple(x if isinstance(x, INDEX) else ("object", id(x)) for x in here)
        if key not in known:
            known[key] = table(env, 0), here  # what the key speaks of stays alive
        return known[key][0]

    return value


def rank_of(env: Env) -> Callable[[dict[Any, dict[Any, Any]]], int]:
    return lambda table: rank([list(row.values()) for row in full(table).values()])


def entries(names: Sequence[str], domains: Sequence[list[Any]], side: Value, env: Env) -> list[Any]:
    """The values of a side of an equation at every index, the last axis fastest."""
    return [side({**env, **dict(zip(names, at, strict=True))}) for at in product(*domains)]
