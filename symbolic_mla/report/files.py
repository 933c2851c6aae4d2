"""Reports on disk: written whole or not at all, and compared with what they should be."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from symbolic_mla.errors import InputError


def write_files(directory: str | Path, files: Mapping[str, str]) -> list[str]:
    """Write texts to files below a directory, by relative name; the names of those that changed.

    Each file is written beside its place and moved there, so whoever looks, or kills the run, finds the old
    text or the new one. Files whose text is already right are left alone.

    Raises: InputError where the directory or a file cannot be written.
    """
    root = Path(directory)
    changed = []
    for folder in {(root / name).parent for name in files}:
        _drop_abandoned(folder)
    for name, text in sorted(files.items()):
        path = root / name
        if _read(path) == text.encode():
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, text.encode())
        except OSError as error:
            raise InputError(
                f"cannot write {path.as_posix()}: {error.strerror or error}",
                hint="give a directory that can be written, with --reports DIR",
            ) from None
        changed.append(name)
    return changed


def replace_file(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there: whoever looks finds the old bytes or the new.

    Raises: OSError.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.{os.getpid()}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)  # mkstemp gives 0o600, which a web server could not read
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _drop_abandoned(folder: Path) -> None:
    """Remove what a run that was killed left unfinished. What a process that still lives writes is left alone."""
    for path in folder.glob(".*.tmp"):
        writer = path.name.split(".")[-3]
        if writer.isdecimal() and not _lives(int(writer)):
            with suppress(OSError):
                path.unlink()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def stale_files(directory: str | Path, files: Mapping[str, str], whole: bool = True) -> list[str]:
    """The names whose files are missing or differ from the text; if the files are the `whole`, also those that belong
    to no report any more."""
    root = Path(directory)
    found = [name for name, text in sorted(files.items()) if _read(root / name) != text.encode()]
    return sorted({*found, *(orphans(root, files) if whole else [])})


def drop_orphans(directory: str | Path, files: Mapping[str, str]) -> list[str]:
    """Remove the files that `orphans` names, and name those that are gone."""
    found = orphans(directory, files)
    for name in found:
        with suppress(OSError):
            (Path(directory) / name).unlink()
    return found


def orphans(directory: str | Path, files: Mapping[str, str]) -> list[str]:
    """Reports, certificates and figures on disk that are not among the files: those of documents that went away."""
    root = Path(directory)
    there = [*root.glob("*.md"), *(root / "certificates").glob("*.txt"), *(root / "figures").glob("*.svg")]
    return sorted(name for p in there if (name := p.relative_to(root).as_posix()) not in files)
