"""A store is shared by processes, bounded, and never in the way: whatever befalls its folder, reading says None."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from symbolic_mla.cache.store import ABANDONED, Store, default_folder
from symbolic_mla.commands.remembering import memory_of

KEY = "0123456789abcdef"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Also by another store on the same folder, and the newest text of a key."""
    store = Store(tmp_path / "deep" / "er")
    store.write(KEY, "first")
    store.write(KEY, "second ᵀ")
    assert Store(tmp_path / "deep" / "er").read(KEY) == "second ᵀ"
    assert store.read("f" * 16) is None and store.problem is None


def test_no_unfinished_file_stays(tmp_path: Path) -> None:
    """A write leaves one file and no other; what a killed process left behind is dropped later."""
    store = Store(tmp_path)
    store.write(KEY, "text")
    (folder,) = tmp_path.iterdir()
    assert [p.suffix for p in folder.iterdir()] == [".entry"]
    young, old = folder / "young.part", folder / "old.part"
    for path in (young, old):
        path.write_text("half")
    os.utime(old, (time.time() - 2 * ABANDONED,) * 2)
    store.sweep()
    assert young.exists() and not old.exists()


def test_the_folder_stays_within_its_bound(tmp_path: Path) -> None:
    """What was of no use for longest goes first; an entry that was read stays."""
    store = Store(tmp_path, max_bytes=10_000)
    for k in range(30):
        store.write(f"{k:016x}"[::-1], "x" * 1000)
        os.utime(next(tmp_path.rglob(f"{f'{k:016x}'[::-1][2:]}.entry")), (1000 + k, 1000 + k))
    assert store.read(f"{1:016x}"[::-1]) is not None
    store.sweep()
    assert sum(p.stat().st_size for p in tmp_path.rglob("*.entry")) <= 10_000
    assert store.read(f"{1:016x}"[::-1]) is not None and store.read(f"{29:016x}"[::-1]) is not None
    assert store.read(f"{0:016x}"[::-1]) is None and store.read(f"{2:016x}"[::-1]) is None


def test_writing_sweeps_by_itself(tmp_path: Path) -> None:
    """Nobody has to ask: some writes later the bound holds, but for what was written since."""
    store = Store(tmp_path, max_bytes=5_000)
    for k in range(130):
        store.write(f"{k:016x}"[::-1], "x" * 1000)
    assert len(list(tmp_path.rglob("*.entry"))) < 130 - 50


@pytest.mark.parametrize("kind", ["a file", "a file above", "bytes", "a folder in the place of an entry"])
def test_a_folder_that_is_none_is_a_problem_and_no_crash(kind: str, tmp_path: Path) -> None:
    """Nothing is read, nothing raises, and for what is wrong with the folder itself there are words."""
    place = tmp_path / "cache"
    if kind == "a file":
        place.write_text("not a folder")
    elif kind == "a file above":
        (tmp_path / "cache").write_text("not a folder")
        place = tmp_path / "cache" / "inside"
    elif kind == "bytes":
        (place / KEY[:2]).mkdir(parents=True)
        (place / KEY[:2] / f"{KEY[2:]}.entry").write_bytes(b"\xff\xfe\x00")
        assert Store(place).read(KEY) is None
        return
    else:
        (place / KEY[:2] / f"{KEY[2:]}.entry").mkdir(parents=True)
    store = Store(place)
    assert store.read(KEY) is None
    store.write(KEY, "text")
    assert store.read(KEY) is None
    assert store.problem is not None and "no use" in store.problem


def test_a_huge_entry_is_neither_written_nor_read(tmp_path: Path) -> None:
    """The bound on one entry keeps a hostile file from being read whole."""
    store = Store(tmp_path)
    store.write(KEY, "x" * 3_000_000)
    assert store.read(KEY) is None
    store.write(KEY, "x")
    next(tmp_path.rglob("*.entry")).write_text("x" * 3_000_000)
    assert store.read(KEY) is None


def _hammer(folder: str, seed: int, seen: multiprocessing.Queue[str]) -> None:
    store = Store(Path(folder), max_bytes=3_000)
    for k in range(150):
        key = f"{(k * 7 + seed) % 5:016x}"[::-1]
        store.write(key, f"whole {seed} " + "y" * 900 + " end")
        text = store.read(key)
        if text is not None and not (text.startswith("whole") and text.endswith("end")):
            seen.put(text[:40])
        if k % 10 == 0:
            store.sweep()
    seen.put(f"problem {store.problem}")


def test_processes_that_share_a_folder_see_whole_entries(tmp_path: Path) -> None:
    """Writes, reads and sweeps at once: every text that is read was written whole."""
    context = multiprocessing.get_context("spawn")
    seen = context.Queue()
    workers = [context.Process(target=_hammer, args=(str(tmp_path), seed, seen)) for seed in (1, 2)]
    for w in workers:
        w.start()
    found = [seen.get(timeout=60) for _ in workers]
    for w in workers:
        w.join(60)
    assert found == ["problem None"] * 2 and seen.empty()


def test_the_folder_is_the_user_s_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Never the current folder; a variable and an option name another; --no-cache has none."""
    monkeypatch.delenv("SYMBOLIC_MLA_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert not default_folder().is_relative_to(Path.cwd())
    monkeypatch.setenv("SYMBOLIC_MLA_CACHE", str(tmp_path / "own"))
    assert default_folder() == tmp_path / "own"
    store = memory_of(str(tmp_path / "told"), False).store
    assert store is not None and store.folder == tmp_path / "told"
    assert memory_of(None, True).store is None
