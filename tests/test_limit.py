"""The limit on processor time ends what no counter foresaw, is not swallowed on the way, and leaves no timer behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from symbolic_mla import limit
from symbolic_mla.derivation import check
from symbolic_mla.errors import BudgetError, SymbolicMLAError
from symbolic_mla.limit import processor_time
from tests.derivation.documents import checked


def spin() -> None:
    while True:
        with suppress(Exception):  # what a search does with the errors that it meets
            sum(range(1000))


def test_what_takes_too_long_is_a_budget_error() -> None:
    """Though everything inside suppresses errors; and no timer goes on."""
    with pytest.raises(BudgetError, match=r"spinning took more than 0\.3 seconds"), processor_time(0.3, "spinning"):
        spin()
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_limits_nest() -> None:
    """The inner one ends the inner work; the outer one ends both."""
    with processor_time(30, "outer"), pytest.raises(BudgetError, match="inner"), processor_time(0.2, "inner"):
        spin()
    with pytest.raises(BudgetError, match="outer"), processor_time(0.2, "outer"), processor_time(30, "inner"):
        spin()


def test_a_step_that_takes_too_long_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next one is judged."""
    genuine = check.FRESH.decide
    answers = iter((lambda *_: spin(), genuine))
    monkeypatch.setattr(check.FRESH, "decide", lambda *a: next(answers)(*a))
    monkeypatch.setattr(check, "STEP", 0.3)
    result = checked("dims n\nclaim slow: n = n\nclaim fast: n = n")
    assert [c.verdict for c in result.claims] == ["undecided", "proved"]
    assert "processor time" in result.claims[0].steps[0].message
    assert result.exit_code == 1


def test_a_document_that_takes_too_long_exits_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not judged is undecided."""
    monkeypatch.setattr(check.FRESH, "decide", lambda *_: spin())
    monkeypatch.setattr(check, "DOCUMENT", 0.3)
    result = checked("dims n\nclaim slow: n = n\nclaim fast: n = n")
    assert isinstance(result.fatal, SymbolicMLAError)
    assert result.exit_code == 1


def test_a_certificate_that_takes_too_long_is_one_message(tmp_path: Path) -> None:
    """The command says so, and there is no traceback."""
    (tmp_path / "c.txt").write_text('"symbolic_mla certificate 1"\n["theorems", "#0"]\n')
    script = (
        "import sys\nfrom symbolic_mla import limit\nfrom symbolic_mla.commands import replay\n"
        "from symbolic_mla import laws\nfrom symbolic_mla.cli import main\n"
        "def spin(_):\n    while True: pass\n"
        "laws.replay = spin\nreplay.READING = 0.3\nsys.argv = ['symbolic-mla', 'replay', sys.argv[1]]\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "c.txt")], capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip
    assert done.returncode == 2
    assert "took more than 0.3 seconds" in done.stderr
    assert "Traceback" not in done.stderr
    assert limit.READING > 1
