"""The proofs of a document in one entry: what they share is written, and replayed, once."""

from __future__ import annotations

import json
from collections.abc import Iterable

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.cache.keys import of_document
from symbolic_mla.cache.store import Store
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws import replay
from symbolic_mla.limit import READING, processor_time


class Together:
    """Theorems by the keys of the questions that they answered when a document was last checked.

    They are made again by the kernel; whether one answers a question is judged where it is asked.
    """

    def __init__(self, store: Store, document: str) -> None:
        self._store, self._key = store, of_document(document)
        self._before: dict[str, Theorem] = {}
        self._now: dict[str, Theorem] = {}
        text = None if self._key is None else store.read(self._key)
        if text is not None:
            self._before = read(text)

    def get(self, question: str) -> Theorem | None:
        """The theorem that answered a question before."""
        return self._before.get(question)

    def took(self, question: str, theorem: Theorem) -> None:
        """The theorem that answers a question now."""
        self._now[question] = theorem

    def close(self) -> None:
        """Write the entry anew, if other questions were asked than before."""
        if self._key is not None and self._now and self._now.keys() != self._before.keys():
            self._store.write(self._key, written(self._now.items()))


def written(answers: Iterable[tuple[str, Theorem]]) -> str:
    """The text of an entry: the questions, and a certificate of what answers them, in order."""
    questions, theorems = zip(*answers, strict=True)
    return f"{json.dumps(questions)}\n{certificate(*theorems)}"


def read(text: str) -> dict[str, Theorem]:
    """The theorems of an entry, replayed; none where it is no such entry. Raises nothing."""
    first, _, body = text.partition("\n")
    try:
        with processor_time(READING, "what was kept"):
            return dict(zip(map(str, json.loads(first)), replay(body), strict=True))
    except (SymbolicMLAError, ValueError, TypeError, RecursionError):
        return {}
