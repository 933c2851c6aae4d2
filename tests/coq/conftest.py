"""One line where Coq is absent, so that its tests are not skipped unseen."""

from __future__ import annotations

import pytest

from symbolic_mla.coq import coq_version


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped, and what would run it."""
    if coq_version() is None:
        terminalreporter.write_line("skipped what needs Coq: apt-get install coq libcoq-mathcomp-algebra")
