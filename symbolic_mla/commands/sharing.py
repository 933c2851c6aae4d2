"""Work on several things in as many processes as there are cores, each a copy of this one.

Why not the standard library's pools: their processes wait for ever when the one that asked is killed.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, DefaultSelector
from typing import TypeVar

from symbolic_mla.errors import SymbolicMLAError

A = TypeVar("A")
B = TypeVar("B")
M = TypeVar("M")
T = TypeVar("T")
Begin = Callable[[int], tuple[A, Callable[[M], B]]]
"""The first half of the work on one thing: what the others must know of it, and the second half."""
_NUMBER = struct.Struct("<I")
MAX_SHARED = 10_000  # so many numbers fit into a pipe at once


def cores() -> int:
    """How many processes are of use here: one where a process cannot copy itself safely, as beside other threads."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def shared(
    begin: Begin[A, M, B], meet: Callable[[Mapping[int, A]], M], order: Sequence[int], jobs: int
) -> dict[int, B]:
    """begin(k) for every k of the order (each once), in up to so many processes; then, in the process where it began,
    the second half of each on what `meet` makes of all first answers.

    Answers travel as pickles. What is raised in a process is raised here. A process that ends without a word (the
    system ran out of memory, say) is a SymbolicMLAError. Whoever dies, no process is left behind: one that has no
    more work, or nobody to tell, ends.

    >>> squares = lambda k: (k * k, lambda total: (k * k, total))
    >>> shared(squares, lambda found: sum(found.values()), [2, 0, 1], jobs=2)[2]
    (4, 5)
    """
    if min(jobs, len(order)) <= 1 or len(order) > MAX_SHARED:
        halves = {k: begin(k) for k in order}
        met = meet({k: first for k, (first, _) in halves.items()})
        return {k: end(met) for k, (_, end) in halves.items()}
    crew = _Crew(begin, min(jobs, len(order)))
    try:
        firsts: dict[int, A] = {}
        crew.hand_out(order)
        crew.take(firsts, len(order), all_stay=True)
        crew.tell_all(meet(firsts))
        seconds: dict[int, B] = {}
        crew.take(seconds, len(order))
        return seconds
    finally:
        crew.dismiss()


class _Crew:
    """Copies of this process that work. `tasks` goes to whoever reads first, `words` to each."""

    def __init__(self, begin: Begin[A, M, B], jobs: int) -> None:
        self.tasks: int | None
        take, self.tasks = os.pipe()
        self.answers: dict[int, bytearray] = {}
        self.words: list[int] = []
        self.processes: list[int] = []
        for _ in range(jobs):
            (answer, tell), (hear, word) = os.pipe(), os.pipe()
            sys.stdout.flush()
            sys.stderr.flush()
            process = os.fork()
            if not process:
                _live(begin, take, hear, tell, [self.tasks, answer, word, *self.answers, *self.words])
            os.close(tell)
            os.close(hear)
            self.processes.append(process)
            self.answers[answer] = bytearray()
            self.words.append(word)
        os.close(take)

    def hand_out(self, order: Sequence[int]) -> None:
        """Numbers for whoever is free. All at once: the pipe has room for them."""
        if self.tasks is None:
            return
        with suppress(BrokenPipeError):  # every process is gone: `take` says so
            for k in order:
                os.write(self.tasks, _NUMBER.pack(k))
        os.close(self.tasks)
        self.tasks = None

    def tell_all(self, word: object) -> None:
        """One word for each process."""
        data = pickle.dumps(word)
        for pipe in self.words:
            with suppress(BrokenPipeError), os.fdopen(pipe, "wb") as out:
                out.write(data)
        self.words.clear()

    def take(self, found: dict[int, T], count: int, all_stay: bool = False) -> None:
        """Answers until there are so many; meanwhile no process may end, if `all_stay`.

        Raises: SymbolicMLAError, and what was raised where they are made.
        """
        with DefaultSelector() as selector:
            for answer in self.answers:
                selector.register(answer, EVENT_READ)
            while len(found) < count:
                if len(selector.get_map()) < (len(self.answers) if all_stay else 1):
                    raise SymbolicMLAError("a process ended before its work was done: "
                                           f"{count - len(found)} of {count} answers are missing",
                                           hint="try it again with --jobs 1")  # fmt: skip
                for key, _ in selector.select():
                    data = os.read(key.fd, 1 << 20)
                    if not data:
                        selector.unregister(key.fd)
                    self.answers[key.fd] += data
                    _read(self.answers[key.fd], found)

    def dismiss(self) -> None:
        """Close every pipe, so that whoever still works ends, and wait for that."""
        for pipe in (*self.answers, *self.words, *([] if self.tasks is None else [self.tasks])):
            os.close(pipe)
        for process in self.processes:
            os.waitpid(process, 0)


def _live(begin: Begin[A, M, B], take: int, hear: int, tell: int, others: Sequence[int]) -> None:
    """The life of a copy. `others` are pipes that it would hold open for nobody."""
    code = 1
    try:
        for pipe in others:
            os.close(pipe)
        _work(begin, take, hear, tell)
        code = 0
    except (BrokenPipeError, EOFError, KeyboardInterrupt):  # nobody waits for an answer any more
        pass
    finally:
        os._exit(code)


def _work(begin: Begin[A, M, B], take: int, hear: int, tell: int) -> None:
    rest: dict[int, Callable[[M], B]] = {}
    with os.fdopen(tell, "wb") as out:

        def answer(k: int, make: Callable[[], object]) -> None:
            try:
                said: tuple[int, object, Exception | None] = (k, make(), None)
            except Exception as error:
                said = (k, None, error)
            data = pickle.dumps(said)
            out.write(_NUMBER.pack(len(data)) + data)
            out.flush()

        def first(k: int) -> object:
            said, rest[k] = begin(k)
            return said

        while number := os.read(take, _NUMBER.size):  # numbers are written whole, and so are read whole
            k: int = _NUMBER.unpack(number)[0]
            answer(k, partial(first, k))
        with os.fdopen(hear, "rb") as heard:
            word: M = pickle.load(heard)
        for k, end in rest.items():
            answer(k, partial(end, word))


def _read(received: bytearray, found: dict[int, T]) -> None:
    while len(received) >= _NUMBER.size:
        (length,) = _NUMBER.unpack_from(received)
        if len(received) < _NUMBER.size + length:
            return
        k, value, error = pickle.loads(received[_NUMBER.size : _NUMBER.size + length])
        del received[: _NUMBER.size + length]
        if error is not None:
            raise error
        found[k] = value
