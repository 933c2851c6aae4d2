"""A mapping that keeps what was used last."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """At most so many values; the one that was not asked for for longest goes first.

    >>> kept = Recent[str, int](2)
    >>> kept["a"] = 1
    >>> kept["b"] = 2
    >>> kept.get("a")
    1
    >>> kept["c"] = 3
    >>> kept.get("b"), kept.get("a"), len(kept)
    (None, 1, 2)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value of a key, which is now the last used; None where there is none."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def __len__(self) -> int:
        return len(self._values)
