"""No text, however hostile, ends in anything but a verdict or an error of ours: a short run, and all that was found."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.targets import FOUND, SEEDS, TARGETS, mutants, run, seeds


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_changed_at_random_are_answered(target: str) -> None:
    """`python -m tests.fuzz.targets TARGET` runs as long as one likes, `tests.fuzz.guided` by what it reaches."""
    for data in islice(mutants(target, Random(1)), 25):
        run(target, data)


@pytest.mark.parametrize("target", [t for t in TARGETS if (SEEDS / t).is_dir()])
def test_seeds_are_answered(target: str) -> None:
    """What campaigns guided by coverage kept: together they reach what was reached."""
    for path in sorted((SEEDS / target).iterdir()):
        assert run(target, path.read_bytes()) < 20, path


@pytest.mark.parametrize("path", sorted(p for p in FOUND.rglob("*") if p.is_file()), ids=lambda p: p.name)
def test_what_was_found_is_answered(path: Path) -> None:
    """Each was a crash, or took too long."""
    assert run(path.parent.name, path.read_bytes()) < 60


def test_a_crash_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness can fail."""

    def crash(_: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(TARGETS, "document", crash)
    with pytest.raises(ZeroDivisionError):
        run("document", seeds("document")[0])
