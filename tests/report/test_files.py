"""Reports on disk: whole or not at all, only what changed, and what is out of date is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from symbolic_mla.errors import InputError
from symbolic_mla.report.files import drop_orphans, stale_files, write_files

FILES = {"README.md": "index\n", "a.md": "Ä → b\n", "certificates/a.x.txt": "[]\n"}


def test_what_is_written_is_not_stale(tmp_path: Path) -> None:
    """All files are written, with their bytes; then nothing is out of date, and nothing else lies there."""
    assert write_files(tmp_path / "new", FILES) == sorted(FILES)
    assert stale_files(tmp_path / "new", FILES) == []
    assert (tmp_path / "new/a.md").read_bytes() == "Ä → b\n".encode()
    there = {p.relative_to(tmp_path / "new").as_posix() for p in (tmp_path / "new").rglob("*") if p.is_file()}
    assert there == set(FILES)


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    """A file whose text is right keeps its time; the names of the others come back."""
    write_files(tmp_path, FILES)
    os.utime(tmp_path / "a.md", (1, 1))
    assert write_files(tmp_path, {**FILES, "README.md": "other\n"}) == ["README.md"]
    assert (tmp_path / "a.md").stat().st_mtime == 1


def test_missing_changed_and_left_behind_files_are_stale(tmp_path: Path) -> None:
    """Each kind is named; other people's files are not."""
    write_files(tmp_path, FILES)
    (tmp_path / "a.md").write_text("changed")
    (tmp_path / "README.md").unlink()
    (tmp_path / "gone.md").write_text("of a document that went away")
    (tmp_path / "certificates/gone.y.txt").write_text("")
    (tmp_path / "picture.svg").write_text("")
    assert stale_files(tmp_path, FILES) == ["README.md", "a.md", "certificates/gone.y.txt", "gone.md"]
    assert stale_files(tmp_path / "nowhere", FILES) == sorted(FILES)


def test_a_failure_while_writing_leaves_the_old_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the move fails, the old file is whole and no temporary one stays."""
    write_files(tmp_path, FILES)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(InputError, match=r"cannot write .*a\.md: No space left on device\n  try: give a directory"):
        write_files(tmp_path, {**FILES, "a.md": "new\n"})
    assert (tmp_path / "a.md").read_text() == "Ä → b\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["README.md", "a.md", "certificates"]


def test_a_killed_run_leaves_the_old_text_or_the_new(tmp_path: Path) -> None:
    """A process that dies between writing and moving leaves the old file as it was."""
    write_files(tmp_path, FILES)
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom symbolic_mla.report.files import write_files\n"
        "Path.replace = lambda *_: os._exit(9)\nwrite_files(sys.argv[1], {'a.md': 'new'})\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], timeout=60, check=False)
    assert done.returncode == 9
    assert (tmp_path / "a.md").read_text() == "Ä → b\n"
    assert stale_files(tmp_path, FILES) == []


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    """A file where a directory should be: one message, with what to try."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match=r"cannot write .*taken/README\.md: .*\n  try: .*--reports DIR"):
        write_files(tmp_path / "taken", FILES)


def test_what_no_document_left_behind_is_dropped_and_nothing_else(tmp_path: Path) -> None:
    """Reports, certificates and figures of documents that went away are removed; other files stay."""
    write_files(tmp_path, {"a.md": "a", "certificates/a.c.txt": "c", "certificates/gone.c.txt": "c", "coq.json": "{}"})
    assert drop_orphans(tmp_path, {"a.md": "a", "certificates/a.c.txt": "c"}) == ["certificates/gone.c.txt"]
    assert sorted(p.name for p in tmp_path.rglob("*.*")) == ["a.c.txt", "a.md", "coq.json"]
