"""Names and what they stand for at an instance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from symbolic_mla.crosscheck.arrays import Value
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.crosscheck.numbers import Number
from symbolic_mla.errors import NameUnknownError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.syntax import Expr

FunctionTable: TypeAlias = Callable[[str, tuple[int, ...], tuple[Number, ...]], Sequence[Number] | None]
"""`(name, positions, row) -> row`: a function of the last axis. None: not known there."""


@dataclass(frozen=True, slots=True)
class Size:
    """A dimension: its axis."""

    axis: Axis


@dataclass(frozen=True, slots=True)
class Known:
    """A given array or scalar."""

    value: Value


@dataclass(slots=True)
class Delayed:
    """A definition, or an argument: evaluated once, where it was written."""

    body: Expr
    scope: Scope
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition with parameters."""

    parameters: tuple[str, ...]
    body: Expr
    scope: Scope


@dataclass(frozen=True, slots=True)
class Function:
    """An uninterpreted function, one for each position of the dimensions named."""

    positions: tuple[str, ...]


Binding: TypeAlias = Size | Known | Delayed | Definition | Function


@dataclass(slots=True)
class Scope:
    """Bindings, and the scope around them."""

    names: dict[str, Binding] = field(default_factory=dict)
    outer: Scope | None = None

    def find(self, name: str) -> Binding | None:
        """What a name stands for, or None."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def get(self, name: str) -> Binding:
        """What a name stands for. Raises: NameUnknownError."""
        found = self.find(name)
        if found is None:
            raise NameUnknownError(f"no value for `{name}`", hint="declare it, or give its value")
        return found

    def inside(self, names: Mapping[str, Binding]) -> Scope:
        """A scope within this one."""
        return Scope(dict(names), self)


def names_in(expr: object) -> set[str]:
    """Every name that occurs in an expression, functions and keywords included."""
    found: set[str] = set()
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
            continue
        if isinstance(node, s.Name):
            found.add(node.text)
        if isinstance(node, s.Call):
            found.add(node.name)
        waiting.extend(getattr(node, name) for name in getattr(node, "__slots__", ()) if name != "span")
    return found
