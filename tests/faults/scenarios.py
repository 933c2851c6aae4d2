"""What is run and disturbed, and what must be true afterwards: one scenario for each command that takes long."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from symbolic_mla.cache.store import Store
from tests.faults.world import Place, document, kill


class Lost(Exception):
    """Something is half written or gone, or the next run fails."""


def need(condition: bool, what: str) -> None:
    if not condition:
        raise Lost(what)


@dataclass
class Scenario:
    """`begin` prepares a place and gives the arguments; `after` is asked once the run was killed."""

    begin: Callable[[Place], list[str]]
    after: Callable[[Place], None]
    during: Callable[[Place, Random, float], None] = lambda place, rng, seconds: None
    seconds: float = 2.0  # within which it is killed

    def round(self, place: Place, rng: Random, seconds: float | None = None) -> bool:
        """One kill at a random moment; whether the run had not ended before. Raises: Lost."""
        arguments = self.begin(place)
        process = place.start(*arguments)
        moment = rng.uniform(0.05, seconds or self.seconds)
        start = time.monotonic()
        self.during(place, rng, moment)
        running = kill(process, max(0.0, moment - (time.monotonic() - start)))
        self.after(place)
        return running


def whole_entries(place: Place) -> None:
    """Every entry of the cache that has its name is whole; what has none is marked as unfinished."""
    store = Store(place.cache)
    for path in place.cache.glob("??/*"):
        if path.suffix == ".entry":
            need(store.read(path.parent.name + path.stem) is not None, f"half an entry: {path}")
        else:
            need(path.suffix == ".part", f"a stranger in the cache: {path}")


# ---- prove -----------------------------------------------------------------------------------------------------------


def _proving(place: Place) -> list[str]:
    if not (place.root / "reports").exists():
        need(place.run("prove", "a.md", "b.md").returncode == 0, "the first run fails")
        shutil.copytree(place.root / "reports", place.root / "old")
    shutil.rmtree(place.root / "reports")
    shutil.copytree(place.root / "old", place.root / "reports")
    shutil.rmtree(place.cache, ignore_errors=True)
    for name in "ab":
        text = document(f"{name}, anew", "claim more: A + A = 2 A\n")
        (place.root / f"{name}.md").write_text(text, encoding="utf-8")
    return ["prove", "a.md", "b.md"]


def _proved(place: Place) -> None:
    whole_entries(place)
    old, between = place.files("old"), place.files()
    done = place.run("prove", "a.md", "b.md")
    need(done.returncode == 0, f"the next run fails: {done.stderr}")
    new = place.files()
    need(not [name for name in new if name.endswith(".tmp")], "something unfinished is left")
    for name in old:
        need(name in between, f"{name} is lost")
    for name, text in between.items():
        need(name.endswith(".tmp") or text in (old.get(name), new.get(name)), f"{name} is half written")


# ---- sweep -----------------------------------------------------------------------------------------------------------


def _sweeping(place: Place) -> list[str]:
    return ["sweep", "--cases", "40", "--jobs", "2", "--format", "json"]


def _swept(place: Place) -> None:
    done = place.run("sweep", "--cases", "1", "--format", "json")
    need(done.returncode == 0 and bool(json.loads(done.stdout)), f"the next run fails: {done.stderr}")
    left = {p.name for p in place.root.iterdir()} - {"a.md", "b.md", "cache", "coq"}
    need(not left, f"left behind: {left}")


# ---- check --watch ---------------------------------------------------------------------------------------------------


def _watching(place: Place) -> list[str]:
    return ["check", "--watch", "a.md", "b.md"]


def _saving(place: Place, rng: Random, seconds: float) -> None:
    """Save while it watches."""
    end = time.monotonic() + seconds - 0.02
    for number in range(100):
        if time.monotonic() > end:
            return
        more = f"claim more{number}: rank({number + 2} W) = rank(W)\nrefute no{number}: {number} A B = A + B\n"
        (place.root / "a.md").write_text(document("a", more), encoding="utf-8")
        time.sleep(min(rng.uniform(0.05, 0.4), max(0.0, end - time.monotonic())))


def _watched(place: Place) -> None:
    whole_entries(place)
    text = (place.root / "a.md").read_bytes()
    warm, cold = (place.run("check", "a.md", "b.md", *more) for more in ((), ("--no-cache",)))
    need(warm.returncode == cold.returncode == 0, f"the next run fails: {warm.stdout}{warm.stderr}")
    need(warm.stdout == cold.stdout, "the cache answers otherwise than the prover")
    need((place.root / "a.md").read_bytes() == text, "a document was changed")


# ---- coq --verify ----------------------------------------------------------------------------------------------------


VERIFY = ["coq", "a.md", "--verify", "--record", "--index", "reports/coq.json"]


def _verifying(place: Place) -> list[str]:
    index = place.root / "reports" / "coq.json"
    if not index.exists():
        index.parent.mkdir(exist_ok=True)
        index.write_text('{"coq": "0", "library": "", "left out": {}, "statements": {}}\n', encoding="utf-8")
        (place.root / "old.json").write_bytes(index.read_bytes())
    index.write_bytes((place.root / "old.json").read_bytes())
    runs = place.root / "runs"
    runs.write_text(str(number := int(runs.read_text()) + 1 if runs.exists() else 1))
    if number % 3 == 0:
        shutil.rmtree(place.root / "coq", ignore_errors=True)  # now and then the library is compiled anew
    return VERIFY


def _verified(place: Place) -> None:
    index = place.root / "reports" / "coq.json"
    between = index.read_bytes()
    done = place.run(*VERIFY)
    need(done.returncode == 0, f"the next run fails: {done.stdout}{done.stderr}")
    need(between in ((place.root / "old.json").read_bytes(), index.read_bytes()), "the index is half written")


SCENARIOS = {
    "prove": Scenario(_proving, _proved),
    "sweep": Scenario(_sweeping, _swept),
    "watch": Scenario(_watching, _watched, _saving),
    "coq": Scenario(_verifying, _verified, seconds=8.0),
}


def fresh(path: Path) -> Place:
    """A place in a new folder."""
    path.mkdir(parents=True, exist_ok=True)
    return Place(path)
