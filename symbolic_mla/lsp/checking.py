"""Documents judged beside the protocol: the last text wins, a check that nobody waits for any more ends."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor

from symbolic_mla.cache.memory import Memory
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.diagnostics.diagnostic import Diagnostic
from symbolic_mla.diagnostics.of_document import diagnose, unreadable
from symbolic_mla.errors import InputError, SymbolicMLAError
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.language.documents import parse_document
from symbolic_mla.prover.decide import Setting, Verdict
from symbolic_mla.prover.models import Model
from symbolic_mla.prover.refute import Problem


class Cancelled(Exception):
    """Nobody waits for this check."""


class Cancellable:
    """A memory that decides nothing more once `cancelled` is set."""

    def __init__(self, memory: Memory, cancelled: threading.Event) -> None:
        self._memory, self._cancelled = memory, cancelled

    def decide(self, statement: Statement, setting: Setting | None = None,
               witnesses: Sequence[Term] | None = None) -> Verdict:  # fmt: skip
        self._stop()
        return self._memory.decide(statement, setting, witnesses)

    def find_model(self, problem: Problem) -> Model | None:
        self._stop()
        return self._memory.find_model(problem)

    def recall(self, key: Hashable) -> object | None:
        self._stop()
        return self._memory.recall(key)

    def keep(self, key: Hashable, value: object) -> None:
        self._memory.keep(key, value)

    def _stop(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled


class Checker:
    """One thread that judges, one text at a time, with one memory for all documents."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="check")

    def check(self, path: str, text: str, cancelled: threading.Event) -> tuple[DocumentResult, list[Diagnostic]]:
        """A text judged, and what a person has to look at, without repairs. Raises Cancelled."""
        try:
            result = check_document(parse_document(text, path=path), memory=Cancellable(self._memory, cancelled))
            return result, list(diagnose(result, repairs=False))
        except SymbolicMLAError as error:
            result = unreadable(path, error)
        except (RecursionError, MemoryError):
            result = unreadable(path, InputError("nested too deeply for this program"))
        return result, list(diagnose(result, repairs=False))

    def mended(self, result: DocumentResult, cancelled: threading.Event) -> list[Diagnostic]:
        """The same with repairs, which take longer. Raises Cancelled."""
        found = []
        for diagnostic in diagnose(result):
            if cancelled.is_set():
                raise Cancelled
            found.append(diagnostic)
        return found
