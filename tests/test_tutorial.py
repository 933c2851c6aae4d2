"""The tutorial, followed word by word, prints what it says that it prints."""

import doctest
from pathlib import Path

from tests.tutorial import TUTORIAL, followed


def test_the_tutorial_comes_out_as_it_says(tmp_path: Path) -> None:
    """Every file that it has one save, and every command. After a change: `python tests/tutorial.py`."""
    text = TUTORIAL.read_text(encoding="utf-8")
    assert followed(text, tmp_path) == text
    assert text.count("\n$ symbolic-mla ") >= 6


def test_its_session_runs() -> None:
    """The Python session prints what the tutorial prints."""
    outcome = doctest.testfile(str(TUTORIAL), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 3 and outcome.failed == 0


def test_a_wrong_tutorial_is_found(tmp_path: Path) -> None:
    """The test can fail: a line of a file that is changed, and an output that is."""
    text = TUTORIAL.read_text(encoding="utf-8").partition("## Minute 4")[0]
    assert followed(text, tmp_path) == text
    for before, after in (("+ 2 P Q", "+ Q P + P Q"), ("✗ square:", "✓ square:")):
        changed = text.replace(before, after, 1)
        assert changed != text and followed(changed, tmp_path) != changed
