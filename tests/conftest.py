"""No test is timed: how long a machine takes says nothing of what is true. None reads the verdicts of another run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of this run's own, for the processes that tests start too."""
    before = os.environ.get("SYMBOLIC_MLA_CACHE")
    os.environ["SYMBOLIC_MLA_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["SYMBOLIC_MLA_CACHE"]
    else:
        os.environ["SYMBOLIC_MLA_CACHE"] = before
