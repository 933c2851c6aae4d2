"""A folder of entries that processes share: a file an entry, written whole or not at all, the oldest dropped first."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

MAX_BYTES = 64 * 2**20  # of all entries together
MAX_ENTRY = 2 * 2**20
WRITES_BETWEEN_SWEEPS = 64
ABANDONED = 3600.0  # seconds after which a file that was never finished is dropped
SUFFIX, UNFINISHED = ".entry", ".part"
VARIABLE = "SYMBOLIC_MLA_CACHE"


def default_folder() -> Path:
    """Where entries live: the folder that the variable SYMBOLIC_MLA_CACHE names, or the user's cache folder."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("symbolic-mla", appauthor=False)


class Store:
    """Entries by key. Nothing here raises: a folder that can't be used holds nothing, and `problem` says why.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(Path(folder))
    ...     store.write("abc1", "an entry")
    ...     store.read("abc1"), store.read("abc2")
    ('an entry', None)
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self.folder, self.max_bytes = folder, max_bytes
        self.problem: str | None = None
        self._writes = 0

    def read(self, key: str) -> str | None:
        """The text of an entry; None where there is none that can be read."""
        path = self._path(key)
        try:
            if path.stat().st_size > MAX_ENTRY:
                return None
            sealed = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            self._failed(error)
            return None
        seal, _, text = sealed.partition("\n")
        if seal != self.seal(key, text):
            return None
        with suppress(OSError):
            os.utime(path)  # it was of use: it is dropped later than others
        return text

    def write(self, key: str, text: str) -> None:
        """Keep an entry. Whoever reads meanwhile sees the old one or the new one, never a part."""
        data = f"{self.seal(key, text)}\n{text}".encode()
        if len(data) > MAX_ENTRY:
            return
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(prefix=f"{key[:12]}-", suffix=UNFINISHED, dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(name).replace(path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            self._failed(error)
            return
        if self._writes % WRITES_BETWEEN_SWEEPS == 0:
            self.sweep()
        self._writes += 1

    @staticmethod
    def seal(key: str, text: str) -> str:
        """The first line of an entry. It finds what was cut or damaged; anyone can make one, so it proves nothing."""
        return blake2b(f"{key}\n{text}".encode(errors="replace"), digest_size=16).hexdigest()

    def discard(self, key: str) -> None:
        """Drop an entry that shows nothing."""
        with suppress(OSError):
            self._path(key).unlink()

    def sweep(self) -> None:
        """Drop the entries that were of no use for longest, until four fifths of the bound are left."""
        found: list[tuple[float, int, Path]] = []
        now = time.time()
        with suppress(OSError):
            for path in self.folder.glob("??/*"):
                with suppress(OSError):  # another process may have dropped it
                    at = path.stat()
                    if path.suffix == UNFINISHED and now - at.st_mtime > ABANDONED:
                        path.unlink()
                    elif path.suffix == SUFFIX:
                        found.append((at.st_mtime, at.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self.max_bytes:
            return
        for _, size, path in sorted(found):
            if total <= self.max_bytes * 4 // 5:
                break
            with suppress(OSError):
                path.unlink()
            total -= size

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}{SUFFIX}"

    def _failed(self, error: OSError) -> None:
        if self.problem is None:
            self.problem = f"the cache in {self.folder} is of no use: {(error.strerror or str(error)).lower()}"
