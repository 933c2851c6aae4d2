"""What stands before the next item of a document, kept up to date so that a long document costs no more than its
length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from symbolic_mla.derivation.results import ClaimResult, ErrorBlockResult
from symbolic_mla.language.syntax import Item


class Declared(Sequence[Item]):
    """What is declared, in order, as a value: its hash is made from that of the items before, and never anew.

    >>> one, other = Declared().with_(1), Declared().with_(1)   # numbers in the place of items
    >>> one == other, hash(one) == hash(other), list(one.with_(2)), list(one.with_(3)), list(one)
    (True, True, [1, 2], [1, 3], [1])
    """

    __slots__ = ("_hash", "_items", "_length")

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items: list[Item] = []  # shared with longer ones, and only ever added to
        self._length, self._hash = 0, hash("declared")
        for item in items:
            self._append(item)

    @classmethod
    def of(cls, items: Sequence[Item]) -> Declared:
        """The items as such a value; itself if it is one."""
        return items if isinstance(items, cls) else cls(items)

    def with_(self, item: Item) -> Declared:
        """One more item."""
        longer = Declared()
        longer._items = self._items if len(self._items) == self._length else self._items[: self._length]
        longer._length, longer._hash = self._length, self._hash
        longer._append(item)
        return longer

    def _append(self, item: Item) -> None:
        self._items.append(item)
        self._length += 1
        self._hash = hash((self._hash, item))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Declared) or (self._length, self._hash) != (other._length, other._hash):
            return False
        return self._items is other._items or self._items[: self._length] == other._items[: other._length]

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, k: int) -> Item: ...
    @overload
    def __getitem__(self, k: slice) -> list[Item]: ...
    def __getitem__(self, k: int | slice) -> Item | list[Item]:
        return self._items[: self._length][k]

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items[: self._length])


class Before:
    """The claims so far, by name (the last of a name), what is declared, and the lines of the document."""

    def __init__(self, parts: Sequence[Item | ClaimResult | ErrorBlockResult], lines: Sequence[str]) -> None:
        self.claims: dict[str, ClaimResult] = {}
        self.declared = Declared()
        self.lines = lines
        for part in parts:
            self.take(part)

    def take(self, part: Item | ClaimResult | ErrorBlockResult) -> None:
        """One more part."""
        if isinstance(part, ClaimResult):
            self.claims[part.id] = part
        elif not isinstance(part, ErrorBlockResult):
            self.declared = self.declared.with_(part)
