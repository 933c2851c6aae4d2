"""Whatever an editor does to a file, what is shown last is the verdict of what the file holds last."""

from __future__ import annotations

import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from rich.console import Console

from symbolic_mla.cache.memory import Memory
from symbolic_mla.cli import cli
from symbolic_mla.watch.files import Watched
from symbolic_mla.watch.loop import watch_documents
from symbolic_mla.watch.session import Change, Session

HEAD = "```derivation\ndims m\ngiven A, B : m × m\n"
GOOD = HEAD + "claim one: (A B)ᵀ = Bᵀ Aᵀ\nclaim two: tr(A B) = tr(B A)\n```\n"
BAD = GOOD.replace("tr(A B) = tr(B A)", "A B = B A")
BROKEN = GOOD.replace("tr(A B)", "tr(A B")


class Running:
    """`watch_documents` in a thread; `text` is what it has shown."""

    def __init__(self, *paths: Path) -> None:
        self._out = io.StringIO()
        self._stop = Event()
        console = Console(file=self._out, width=200, highlight=False)
        names = [str(p) for p in paths]
        self._thread = Thread(target=watch_documents, args=(names, Memory(), console, self._stop), daemon=True)
        self._thread.start()
        self.wait(lambda: "Ctrl-C ends" in self.text)

    @property
    def text(self) -> str:
        return self._out.getvalue()

    @property
    def last(self) -> str:
        """The last summary."""
        said = ("as expected", "no verdict", "not all of it")
        return [x for x in self.text.splitlines() if any(w in x for w in said) and x[:2] == "  " and x[2] != " "][-1]

    def wait(self, until: Callable[[], bool]) -> None:
        limit = time.monotonic() + 20
        while not until():
            assert time.monotonic() < limit and self._thread.is_alive(), self.text
            time.sleep(0.01)

    def shows(self, *words: str) -> None:
        """Wait until the last summary has these words."""
        self.wait(lambda: all(w in self.last for w in words))

    def end(self) -> None:
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    path = tmp_path / "a.md"
    path.write_text(GOOD, encoding="utf-8")
    found = Running(path)
    yield found
    found.end()


def test_a_save_in_place_is_judged(running: Running, tmp_path: Path) -> None:
    """The change is told, with the verdict that the claim had."""
    path = tmp_path / "a.md"
    running.shows("2 proved")
    path.write_text(BAD, encoding="utf-8")
    running.shows("1 of 2 claims not as expected: two", "1 changed")
    assert "two: refuted; proved was expected (it was proved)" in running.text
    assert "smallest counterexample" in running.text
    path.write_text(GOOD, encoding="utf-8")
    running.shows("2 proved", "1 changed")
    assert "two: proved (it was refuted)" in running.text


def test_a_file_replaced_by_rename_is_judged(running: Running, tmp_path: Path) -> None:
    """As editors do, many times in a row: each replaces the file, and the last one counts."""
    path = tmp_path / "a.md"
    for k in range(5):
        new = tmp_path / f".a.md.{k}~"
        new.write_text(BAD if k % 2 == 0 else GOOD, encoding="utf-8")
        new.replace(path)
        running.shows("1 of 2" if k % 2 == 0 else "2 proved")


def test_a_file_that_goes_and_comes_back(running: Running, tmp_path: Path) -> None:
    """It is said that it is gone, no verdict stays, and it is judged when it is back."""
    path = tmp_path / "a.md"
    path.unlink()
    running.shows("no verdict")
    assert "the file is gone" in running.text
    path.write_text(BAD, encoding="utf-8")
    running.shows("1 of 2 claims")


def test_a_half_written_file_is_no_verdict_for_long(running: Running, tmp_path: Path) -> None:
    """A syntax error while it is half there, and the verdict of the whole when it is."""
    path = tmp_path / "a.md"
    with path.open("w", encoding="utf-8") as file:
        file.write(BROKEN[: len(BROKEN) // 2])
        file.flush()
        running.shows("not all of it could be read")
        file.write(BROKEN[len(BROKEN) // 2 :])
    path.write_bytes(b"\xff\xfe not text")
    running.wait(lambda: "not UTF-8" in running.text)
    path.write_text(BAD, encoding="utf-8")
    running.shows("1 of 2 claims")


def test_a_burst_of_saves_ends_with_the_last(running: Running, tmp_path: Path) -> None:
    """Fifty saves as fast as they come: the last one is what is shown, and not every one is."""
    path = tmp_path / "a.md"
    for k in range(50):
        path.write_text(GOOD + "\n" * k, encoding="utf-8")
    path.write_text(BAD, encoding="utf-8")
    running.shows("1 of 2 claims")
    assert running.text.count("judged in") < 45


def test_a_save_of_the_same_text_is_silent(running: Running, tmp_path: Path) -> None:
    """Touching changes nothing; what comes after is still seen."""
    path = tmp_path / "a.md"
    before = running.text
    path.write_text(GOOD, encoding="utf-8")
    os.utime(path)
    time.sleep(0.2)
    assert running.text == before
    path.write_text(BAD, encoding="utf-8")
    running.shows("1 of 2")


def test_a_folder_and_what_comes_into_it(tmp_path: Path) -> None:
    """New documents, new folders, folders that are replaced by others: all are found."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(GOOD, encoding="utf-8")
    running = Running(tmp_path / "notes")
    deep = tmp_path / "notes" / "deep"
    deep.mkdir()
    (deep / "b.md").write_text(BAD, encoding="utf-8")
    running.shows("1 of 2 claims")
    shutil.move(tmp_path / "notes", tmp_path / "old")
    running.shows("no verdict")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(GOOD + "\n", encoding="utf-8")
    running.shows("2 proved")
    (tmp_path / "notes" / "a.md").write_text(BAD, encoding="utf-8")
    running.shows("1 of 2 claims")
    running.end()


def test_looking_needs_no_notice(tmp_path: Path) -> None:
    """What changed is seen in the files: gone, back, new, and with another content of the same length."""
    path = tmp_path / "a.md"
    watched = Watched([str(path), str(tmp_path)])
    assert watched.look() == [str(path)] and watched.look() == []
    path.write_text("one", encoding="utf-8")
    assert watched.look() == [str(path)] and watched.look() == []
    new = tmp_path / "x"
    new.write_text("two", encoding="utf-8")
    new.replace(path)
    assert watched.look() == [str(path)]
    path.unlink()
    assert watched.look() == [str(path)] and watched.look() == []


def change(session: Session, path: Path, text: str) -> Change:
    path.write_text(text, encoding="utf-8")
    found = session.update(str(path))
    assert found is not None
    return found


def test_one_changed_step_is_one_decision(tmp_path: Path) -> None:
    """Of fifty claims one is decided; after a slip that can't be read the comparison is with what was before it."""
    session, path = Session(Memory()), tmp_path / "a.md"
    many = HEAD + "".join(f"claim c{k}: {k + 2} A B + B = B + {k + 2} A B\n" for k in range(50)) + "```\n"
    assert change(session, path, many).decided == 50
    edited = change(session, path, many.replace("c7: 9 A B + B =", "c7: 9 A Bᵀ + B ="))
    assert (edited.decided, [c.id for c in edited.changed]) == (1, ["c7"])
    broken = change(session, path, many.replace("9 A B", "9 A B)"))
    assert broken.result.exit_code == 2
    back = change(session, path, many.replace("claim c3: ", "claim d3: "))
    assert ([c.id for c in back.changed], back.dropped) == (["d3", "c7"], ["c3"])
    assert back.decided == 0


def test_the_command_watches_text_only() -> None:
    """What can't be shown after each save is refused with words."""
    for extra in (["--format", "json"], ["--claim", "x"]):
        done = CliRunner().invoke(cli, ["check", "--watch", "a.md", *extra])
        assert "--watch shows whole documents as text" in str(done.exception)
