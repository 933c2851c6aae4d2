"""Facts that are made when somebody looks at them: a verdict that was kept is judged again without them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import overload

from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.theorem import Theorem


class Later(Sequence[Theorem]):
    """What some theorems give, made at the first look. What `make` answers depends on `given` alone (and on the
    statement and the setting that these facts are for), so that `given` stands for it in a key. They assume what those
    do, and what is `granted` besides.

    >>> from symbolic_mla.kernel.statement import Compare
    >>> from symbolic_mla.kernel.scalar import scalar
    >>> from symbolic_mla.kernel.theorem import derive
    >>> one = derive("assume", Compare(scalar(1), "=", scalar(1)))
    >>> looked = []
    >>> facts = Later([one], lambda: looked.append(1) or [one, one])
    >>> len(looked), len(facts), len(looked), list(facts) == [one, one], len(looked)
    (0, 2, 1, True, 1)
    """

    def __init__(self, given: Sequence[Theorem], make: Callable[[], Sequence[Theorem]],
                 granted: Callable[[Statement], bool] = lambda _: False) -> None:  # fmt: skip
        self.given, self.granted = tuple(given), granted
        self._make = make

    @cached_property
    def made(self) -> tuple[Theorem, ...]:
        """The facts themselves."""
        return tuple(self._make())

    @overload
    def __getitem__(self, k: int) -> Theorem: ...
    @overload
    def __getitem__(self, k: slice) -> Sequence[Theorem]: ...
    def __getitem__(self, k: int | slice) -> Theorem | Sequence[Theorem]:
        return self.made[k]

    def __len__(self) -> int:
        return len(self.made)


def given(facts: Sequence[Theorem]) -> Sequence[Theorem]:
    """What stands for some facts: themselves, if nothing has to be made."""
    return facts.given if isinstance(facts, Later) else facts


def may_assume(facts: Sequence[Theorem], hypotheses: Iterable[Statement]) -> bool:
    """Whether what is proved with some facts may rest on these hypotheses."""
    assumed = {h for f in given(facts) for h in f.hypotheses}
    return all(h in assumed or (isinstance(facts, Later) and facts.granted(h)) for h in hypotheses)


def made(facts: Sequence[Theorem]) -> Sequence[Theorem]:
    """The facts, all of them made."""
    return facts.made if isinstance(facts, Later) else facts
