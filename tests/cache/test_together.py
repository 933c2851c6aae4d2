"""The proofs of a document, kept in one entry, give what a fresh check gives, whatever the entry says."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.cache import together
from symbolic_mla.cache.keys import of_document
from symbolic_mla.cache.memory import Memory
from symbolic_mla.cache.store import Store
from symbolic_mla.commands.reading import checked
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.prover.decide import Proved
from tests.cache.statements import DOCUMENT, questions

WHOLE = certificate(derive("assume", next(questions())[0]))
CHAIN = """
```derivation
dims m
given A, B : m × m
claim one: tr(A B) = tr(B A)
claim two: tr(A B) = tr(Aᵀ Bᵀ) by one
refute three: A B = B A
```
"""


def verdicts(path: Path, memory: Memory | None = None) -> list[tuple[str, str, str]]:
    result = checked(str(path), None, memory)
    return [(c.id, c.verdict, s.reason) for c in result.claims for s in c.steps]


def patient(folder: Path) -> Memory:
    """A memory in which no question is worth an entry of its own."""
    memory = Memory(Store(folder))
    memory.decide.worth = memory.find_model.worth = 1e9
    return memory


@pytest.mark.parametrize("source", [DOCUMENT, CHAIN])
def test_a_second_process_decides_no_proof_again(source: str, tmp_path: Path) -> None:
    """Every proof of a document is in its one entry; what is refuted is decided again."""
    path = tmp_path / "a.md"
    path.write_text(source, encoding="utf-8")
    first, second = patient(tmp_path / "cache"), patient(tmp_path / "cache")
    want = verdicts(path)
    assert verdicts(path, first) == want == verdicts(path, second)
    assert len(list((tmp_path / "cache").rglob("*.entry"))) == 1
    assert second.decide.decided == sum(v == "refuted" for _, v, _ in want) < first.decide.decided


def test_the_entry_follows_its_document(tmp_path: Path) -> None:
    """A claim that came is decided, one that went is dropped, and the others are as they were."""
    path, cache = tmp_path / "a.md", tmp_path / "cache"
    path.write_text(CHAIN, encoding="utf-8")
    verdicts(path, patient(cache))
    (entry,) = cache.rglob("*.entry")
    before = entry.read_text(encoding="utf-8")
    path.write_text(CHAIN.replace("claim two: tr(A B)", "claim two: tr(B A)"), encoding="utf-8")
    memory = patient(cache)
    assert verdicts(path, memory) == verdicts(path)
    assert memory.decide.decided == 2, "the second claim, and what is refuted"
    assert entry.read_text(encoding="utf-8") != before
    again = patient(cache)
    verdicts(path, again)
    assert again.decide.decided == 1


def test_one_claim_alone_leaves_the_entry_as_it_is(tmp_path: Path) -> None:
    """`--claim ID` asks some of a document's questions, and drops no proof of the others."""
    path, cache = tmp_path / "a.md", tmp_path / "cache"
    path.write_text(CHAIN, encoding="utf-8")
    verdicts(path, patient(cache))
    (entry,) = cache.rglob("*.entry")
    before = entry.read_bytes()
    checked(str(path), "one", patient(cache))
    assert entry.read_bytes() == before


@pytest.mark.parametrize("seed", range(6))
def test_a_forged_entry_proves_nothing(seed: int, tmp_path: Path) -> None:
    """The theorems under each other's questions, false ones assumed, digits changed: each verdict is that of a fresh
    check."""
    path, rng = tmp_path / "a.md", random.Random(seed)
    path.write_text(DOCUMENT, encoding="utf-8")
    want = verdicts(path)
    store = Store(tmp_path / "cache")
    verdicts(path, patient(store.folder))
    key = of_document(str(path))
    assert key is not None
    text = store.read(key)
    assert text is not None
    theorems = list(together.read(text).values())
    asked = list(together.read(text))
    false = [derive("assume", s) for s, _, v in questions() if not isinstance(v, Proved)]
    rng.shuffle(theorems)
    forged = {
        0: together.written(zip(asked, theorems, strict=True)),
        1: together.written((q, rng.choice(false)) for q in asked),
        2: f"{json.dumps(asked[::-1])}\n{text.partition(chr(10))[2]}",
        3: f"{json.dumps(asked[1:])}\n{text.partition(chr(10))[2]}",
        4: "".join(str((int(c) + (rng.random() < 0.02)) % 10) if c in "0123456789" else c for c in text),
        5: f"{json.dumps(asked)}\n{certificate(false[0])}",
    }[seed]
    store.write(key, forged)
    assert verdicts(path, patient(store.folder)) == want


@pytest.mark.parametrize("text", ["", "[]", "[]\n", "7\nx", '["a"]\n{}', f"null\n{WHOLE}"])
def test_what_is_no_entry_holds_no_theorem(text: str) -> None:
    """It is read as nothing, and nothing is raised."""
    assert together.read(text) == {}


def test_an_entry_that_takes_too_long_holds_no_theorem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading has a limit, as judging has: what is over it is decided again."""

    def endless(text: str) -> None:
        while text:
            pass

    monkeypatch.setattr(together, "READING", 0.1)
    monkeypatch.setattr(together, "replay", endless)
    assert together.read("[]\nx") == {}
