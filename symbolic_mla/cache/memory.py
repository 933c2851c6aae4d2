"""What a process that checks again and again keeps: verdicts of statements, and judged claims."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import AbstractContextManager
from pathlib import Path

from symbolic_mla.cache.deciding import Deciding
from symbolic_mla.cache.modelling import Modelling
from symbolic_mla.cache.recent import Recent
from symbolic_mla.cache.store import Store, default_folder

MAX_RECALLED = 8_000  # judged claims


class Memory:
    """The memory that `check_document` takes. It lasts as long as the process; with a store, verdicts outlive it."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store
        self.decide = Deciding(store)
        self.find_model = Modelling(store)
        self._kept: Recent[Hashable, object] = Recent(MAX_RECALLED)

    @classmethod
    def of_user(cls, folder: str | None = None) -> Memory:
        """With the store in a folder: by default that of the user."""
        return cls(Store(default_folder() if folder is None else Path(folder).expanduser()))

    @property
    def problem(self) -> str | None:
        """Why the store is of no use, if that was met."""
        return None if self.store is None else self.store.problem

    def together(self, document: str) -> AbstractContextManager[None]:
        """To check a whole document in: its proofs are read from the store, and kept there, in one entry."""
        return self.decide.together(document)

    def recall(self, key: Hashable) -> object | None:
        """What was kept under a key."""
        return self._kept.get(key)

    def keep(self, key: Hashable, value: object) -> None:
        """Keep a value for as long as there is room."""
        self._kept[key] = value
