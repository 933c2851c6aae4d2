"""What each document was when it was last seen, and what a save changes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from symbolic_mla.cache.memory import Memory
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import ClaimResult, DocumentResult
from symbolic_mla.diagnostics.of_document import unreadable
from symbolic_mla.errors import InputError, SymbolicMLAError
from symbolic_mla.language.documents import decode, parse_document


@dataclass(frozen=True)
class Change:
    """A document, judged after a save.

    `before` are the verdicts that its claims had (None at the first look), `saved` when the file was written (seconds
    since the epoch), `decided` how many statements had to be decided anew, `seconds` how long the check took.
    """

    path: str
    result: DocumentResult
    before: Mapping[str, str] | None
    saved: float | None
    seconds: float
    decided: int
    was_readable: bool = True

    @property
    def gone(self) -> bool:
        """Whether there is no such file now."""
        return self.saved is None

    @property
    def changed(self) -> list[ClaimResult]:
        """The claims whose verdict is new or another; at the first look all."""
        before = self.before or {}
        return [c for c in self.result.claims if before.get(c.id) != c.verdict]

    @property
    def dropped(self) -> list[str]:
        """The claims that are no longer there."""
        now = {c.id for c in self.result.claims}
        return [] if self.result.fatal is not None else [name for name in self.before or {} if name not in now]


@dataclass
class Session:
    """The documents of one run of `check --watch`."""

    memory: Memory
    _texts: dict[str, bytes | None] = field(default_factory=dict)
    _verdicts: dict[str, dict[str, str]] = field(default_factory=dict)
    _readable: dict[str, bool] = field(default_factory=dict)
    results: dict[str, DocumentResult] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """That of `check` on the documents as they are now."""
        return max((r.exit_code for r in self.results.values()), default=2)

    def update(self, path: str) -> Change | None:
        """Judge a document again; None if its content is what it was. Raises nothing."""
        data, saved = _content(path)
        if path in self._texts and self._texts[path] == data:
            return None
        start, decided = time.perf_counter(), self.memory.decide.decided
        result = self._checked(path, data)
        before = self._verdicts.get(path)
        if result.fatal is None or before is None:  # after a slip of the pen what was known is compared with, still
            self._verdicts[path] = {c.id: c.verdict for c in result.claims}
        was_readable = self._readable.get(path, True)
        self._texts[path], self.results[path], self._readable[path] = data, result, result.fatal is None
        seconds = time.perf_counter() - start
        return Change(path, result, before, saved, seconds, self.memory.decide.decided - decided, was_readable)

    def _checked(self, path: str, data: bytes | None) -> DocumentResult:
        try:
            if data is None:
                raise InputError(f"{path}: no such file", hint="it is checked as soon as it is there")
            return check_document(parse_document(decode(data), path=path), memory=self.memory)
        except SymbolicMLAError as error:
            return unreadable(path, error)
        except (RecursionError, MemoryError):
            return unreadable(path, InputError(f"{path}: nested too deeply for this program"))


def _content(path: str) -> tuple[bytes | None, float | None]:
    """The bytes of a file and when they were written; of a file that can't be read, nothing."""
    file = Path(path)
    try:
        return file.read_bytes(), file.stat().st_mtime
    except OSError:
        return None, None
