"""Which documents have another content than before, waited for.

The system's notices only wake us up; what changed is told by looking at the files themselves. So it does not matter
how a file came to its content: written in place, replaced by another of its name, gone and back, in a folder that was
itself replaced. Where no notice comes (network drives), a look once a second finds it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchfiles import watch

LOOK = 1_000  # milliseconds between looks without a notice
GATHER, QUIET = 60, 5  # a burst of notices ends after so many milliseconds, or so many without one
HALF_WRITTEN = 0.05  # seconds that a file which is suddenly empty is given to fill

Signature = tuple[int, int, int] | None


class Watched:
    """The documents that some paths name: files, present or not, and the .md files of folders."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = list(dict.fromkeys(paths))
        self._folders_named = {path for path in self.paths if Path(path).is_dir()}
        self._seen: dict[str, Signature] = {}

    def documents(self) -> list[str]:
        """Every document now, and those that were seen before."""
        found: dict[str, None] = {}
        for path in self.paths:
            if path in self._folders_named:
                found.update(dict.fromkeys(sorted(p.as_posix() for p in _below(path, "*.md"))))
            else:
                found[path] = None
        return [*found, *(path for path in self._seen if path not in found)]

    def look(self) -> list[str]:
        """The documents that changed since the last look, those that are gone and those that are new included."""
        changed = []
        for path in self.documents():
            signature = _signature(path)
            if path not in self._seen or self._seen[path] != signature:
                before = self._seen.get(path)
                if before is not None and before[1] and signature is not None and not signature[1]:
                    signature = _filled(path)
                if signature is None and path not in self.paths:
                    self._seen.pop(path, None)  # a file of a folder: it is told once that it is gone
                else:
                    self._seen[path] = signature
                changed.append(path)
        return changed

    def changes(self, stop: Event | None = None) -> Iterator[list[str]]:
        """What changed, whenever something did: first all documents. Ends when `stop` is set."""
        while stop is None or not stop.is_set():
            folders = self.folders()
            if changed := self.look():
                yield changed
                continue
            if not folders:
                time.sleep(LOOK / 1000)
                continue
            places = _places(folders)
            notices = watch(*folders, watch_filter=None, debounce=GATHER, step=QUIET, rust_timeout=LOOK,
                            yield_on_timeout=True, recursive=False, stop_event=stop)  # fmt: skip
            with suppress(OSError):  # of the notices: a folder went before it was watched
                for _ in notices:
                    if changed := self.look():
                        yield changed
                    if self.folders() != folders or _places(folders) != places:
                        break  # a folder is new, gone, or another of the same name

    def folders(self) -> list[Path]:
        """The folders in which something may happen."""
        found: set[Path] = set()
        for name, path in zip(self.paths, map(Path, self.paths), strict=True):
            if name in self._folders_named:
                found |= {path, *(p for p in _below(name, "*") if p.is_dir())}
            found.add(path.parent)
        return sorted(p for p in found if p.is_dir())


def _below(folder: str, pattern: str) -> list[Path]:
    """What is in a folder at any depth; nothing, where it goes while we look."""
    try:
        return list(Path(folder).rglob(pattern))
    except OSError:
        return []


def _signature(path: str) -> Signature:
    try:
        at = Path(path).stat()
    except OSError:
        return None
    return at.st_mtime_ns, at.st_size, at.st_ino


def _filled(path: str) -> Signature:
    """An editor that writes in place empties the file first: its signature when it has content, or some time later."""
    until = time.monotonic() + HALF_WRITTEN
    while True:
        signature = _signature(path)
        if signature is None or signature[1] or time.monotonic() > until:
            return signature
        time.sleep(0.002)


def _places(folders: Sequence[Path]) -> list[Signature]:
    """Which folders these are, whatever their names."""
    out: list[Signature] = []
    for folder in folders:
        try:
            at = folder.stat()
            out.append((at.st_dev, at.st_ino, 0))
        except OSError:
            out.append(None)
    return out
