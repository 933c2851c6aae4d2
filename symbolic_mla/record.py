"""Immutable values with named fields: what `dataclass(frozen=True, slots=True)` makes, made in a tenth of the time.

A command imports more than a hundred such classes before it reads a word. The standard library writes out the methods
of each as text and compiles them; here all classes share theirs. An object takes twice as long to make: what is made
by ten thousands, and in the kernel, is a dataclass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, field, make_dataclass
from inspect import get_annotations
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """The class as a record of the fields that it annotates, in this order.

    `field` of the standard library says more of one: `default`, `compare`, `repr`. Records are equal when they are of
    one class and all fields that are compared are equal. `replace`, `fields` and `asdict` of the standard library take
    records. Raises TypeError for what no record has: a base, a `default_factory` (what nobody changes can be shared),
    a default before a field that has none.

    >>> @record
    ... class Point:
    ...     x: int
    ...     y: int = 0
    ...     name: str = field(default="", compare=False)
    >>> Point(1, name="here") == Point(x=1, y=0), Point(1) == Point(2), Point(1, name="here")
    (True, False, Point(x=1, y=0, name='here'))
    """
    fields: dict[str, Field[Any]] = {}
    for name in get_annotations(cls):
        given = cls.__dict__.get(name, MISSING)
        fields[name] = given if isinstance(given, Field) else field(default=given)
    _refuse(cls, fields)
    own = {n: v for n, v in cls.__dict__.items() if n not in fields and n not in ("__dict__", "__weakref__")}
    made: Any = type(cls.__name__, (_Record,), own | {"__slots__": tuple(fields), "__match_args__": tuple(fields)})
    made._fields = fields
    made._defaults = tuple(f.default for f in fields.values())
    made._least = made._defaults.count(MISSING)
    made._put = tuple(getattr(made, n).__set__ for n in fields)
    made._compared = staticmethod(_values([n for n, f in fields.items() if f.compare]))
    return made  # type: ignore[no-any-return]


class _Fields:
    """What the functions of `dataclasses` look for. Few classes are ever asked, and so it is made when one is."""

    def __get__(self, one: object, kind: type[_Record]) -> object:
        twin: Any = make_dataclass(kind.__name__, [(n, object, field(repr=f.repr, compare=f.compare))
                                                   for n, f in kind._fields.items()])  # fmt: skip
        kind.__dataclass_fields__ = twin.__dataclass_fields__
        return twin.__dataclass_fields__


class _Record:
    """What all records share."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[Any] = _Fields()
    _fields: ClassVar[dict[str, Field[Any]]]
    _defaults: ClassVar[tuple[Any, ...]]
    _least: ClassVar[int]
    _put: ClassVar[tuple[Callable[[Any, Any], None], ...]]
    _compared: ClassVar[Any]

    def __init__(self, *values: object, **named: object) -> None:
        count = len(values)
        if named or not self._least <= count <= len(self._put):
            values = _whole(self, values, named)
        elif count < len(self._put):
            values += self._defaults[count:]
        for put, value in zip(self._put, values, strict=True):
            put(self, value)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        same: bool = self._compared(self) == self._compared(other)
        return same

    def __hash__(self) -> int:
        return hash(self._compared(self))

    def __repr__(self) -> str:
        shown = ", ".join(f"{n}={getattr(self, n)!r}" for n, f in self._fields.items() if f.repr)
        return f"{type(self).__qualname__}({shown})"

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self) -> list[Any]:
        return [getattr(self, n) for n in self._fields]

    def __setstate__(self, state: Sequence[Any]) -> None:
        for put, value in zip(self._put, state, strict=True):
            put(self, value)


def _refuse(cls: type, fields: dict[str, Field[Any]]) -> None:
    if cls.__bases__ != (object,):
        raise TypeError(f"{cls.__name__}: a record has no base; write a dataclass")
    default = ""
    for name, f in fields.items():
        if f.default_factory is not MISSING:
            raise TypeError(f"{cls.__name__}.{name}: a record has no default_factory; give a default")
        if default and f.default is MISSING:
            raise TypeError(f"{cls.__name__}.{name} has no default, and stands behind {default}, which has one")
        default = name if f.default is not MISSING else ""


def _values(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, n) for n in names)


def _whole(made: _Record, values: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
    """The value of each field: those given by place, then those given by name, and defaults."""
    rest = dict(zip(tuple(made._fields)[len(values) :], made._defaults[len(values) :], strict=True))
    whole = (*values, *(rest | dict(named)).values())
    if len(whole) != len(made._fields) or any(value is MISSING for value in whole):
        taken = ", ".join(n if f.default is MISSING else f"{n}={f.default!r}" for n, f in made._fields.items())
        raise TypeError(f"{type(made).__name__}({taken}) cannot be called with {len(values)} values"
                        + (f" and {', '.join(named)}" if named else ""))  # fmt: skip
    return whole
