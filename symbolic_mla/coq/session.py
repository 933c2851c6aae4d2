"""A session of Coq that reads scripts one after the other, and no further in one than its first error.

Changed scripts are mostly refused, at an early step. `coqc` would load MathComp anew for each, and a session that
reads on tries every later step, without what it rests on.
"""

from __future__ import annotations

import os
import queue
import re
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType

from symbolic_mla.errors import InputError

ERROR = re.compile(r"^Error\b", re.MULTILINE)
GAVE_UP = re.compile(r"^(?:Anomaly\b|Error:\s+(?:Stack overflow|Out of memory)).*", re.MULTILINE)  # it judged nothing
STRUCTURE = re.compile(r"^(?:Section|Module|End) [\w.]+\.$", re.MULTILINE)


def limited(memory: int) -> Callable[[], None]:
    """What a process of Coq calls first: no more than so many MiB."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))

    return limit


class Session:
    """A running `coqtop`. `wait` is how many seconds one step may take.

    Raises:
        InputError: when Coq ends or gives up, or a step takes longer: then nothing is known of the script.
    """

    def __init__(self, command: Sequence[str], wait: float, memory: int) -> None:
        self.wait, self.marks = wait, 0
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(command, cwd=self.folder.name, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, preexec_fn=limited(memory))  # fmt: skip
        self.said: queue.Queue[bytes] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self.process.kill()
        self.process.wait()
        self.reader.join()  # it sees the end; closed under it, the pipe would be an error of its thread
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self.folder.cleanup()

    def _read(self) -> None:
        out = self.process.stdout
        while out is not None and (data := os.read(out.fileno(), 1 << 16)):
            self.said.put(data)
        self.said.put(b"")

    def ask(self, text: str) -> str:
        """What Coq says of some sentences."""
        self.marks += 1
        mark = f"mark_{self.marks}_"
        given = f"{text}\nCheck (forall {mark} : unit, {mark} = {mark}).\n".encode()
        end = re.compile(rf"^.*forall {mark} : unit, {mark} = {mark}\n", re.MULTILINE)
        heard, deadline = b"", time.monotonic() + self.wait
        threading.Thread(target=self._write, args=(given,), daemon=True).start()
        while True:
            try:
                data = self.said.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise InputError(f"Coq gave no answer within {self.wait:g} s") from None
            heard += data
            whole = heard.decode(errors="replace") if mark.encode() in heard else ""
            found = end.search(whole)
            if found:
                answer = whole[: found.start()]
                if gave_up := GAVE_UP.search(answer):
                    raise InputError(f"Coq gave up: {gave_up[0]}")
                return answer
            if not data:
                raise InputError(f"the session of Coq ended early: {heard.decode(errors='replace').strip()[-300:]}")

    def _write(self, given: bytes) -> None:
        try:
            if self.process.stdin is not None:
                self.process.stdin.write(given)
                self.process.stdin.flush()
        except (OSError, ValueError):
            pass  # Coq has ended, or the session was closed: the reader sees it

    def begin(self, text: str) -> None:
        """Read what every script rests on. Raises: InputError where that has an error, as every script then would."""
        said = self.ask(text)
        if ERROR.search(said):
            raise InputError(f"Coq does not read what scripts begin with: {said.strip()[-300:]}")

    def read(self, script: str) -> bool:
        """Whether Coq reads a script to its end without an error. What it opened is closed then."""
        steps = steps_of(script)
        for k, step in enumerate(steps):
            if ERROR.search(self.ask(step)):
                rest = STRUCTURE.findall("\n".join(steps[k + 1 :]))
                self.ask("\n".join(["Abort All.", *rest]))
                return False
        return True


def steps_of(script: str) -> list[str]:
    """A script in pieces, each up to the end of a proof.

    >>> steps_of("Section S.\\nLemma a : True.\\nProof. exact I. Qed.\\nLemma b : True. exact I. Qed.\\nEnd S.\\n")
    ['Section S.\\nLemma a : True.\\nProof. exact I. Qed.', 'Lemma b : True. exact I. Qed.', 'End S.']
    """
    return [s.strip() for s in re.split(r"(?<=\bQed\.)\n", script) if s.strip()]
