"""How much work may go into one search, and what it has found out so far."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar

from symbolic_mla.errors import BudgetError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class _Search:
    networks: int  # that may still be expanded
    known: dict[Hashable, tuple[object, int]] = field(default_factory=dict)  # values, and the networks they took


_search: ContextVar[_Search] = ContextVar("search")


@contextmanager
def effort(networks: int) -> Iterator[None]:
    """One search. It may expand so many networks, so that it ends after the same work on every machine; what a
    `remembered` function gives in it is kept until it ends. A search inside another is a part of it: it remembers what
    the other does, and its work counts there too."""
    outer = _search.get(None)
    if outer is None:
        own = _Search(networks)
    else:
        networks = max(0, min(networks, outer.networks))
        own = _Search(networks, outer.known)
    token = _search.set(own)
    try:
        yield
    finally:
        _search.reset(token)
        if outer is not None:
            outer.networks -= networks - own.networks


def spend(networks: int) -> None:
    """Count networks that were expanded. Raises BudgetError where they are more than the search may have."""
    search = _search.get(None)
    if search is not None:
        search.networks -= networks
        if search.networks < 0:
            raise BudgetError("the search for a proof ran out of its budget")


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """A function of terms and theorems that is computed once for the same arguments within one search: to prove a
    bound on a rank, the same few products are compared again and again. What is remembered counts as much work as it
    took, so that remembering changes no verdict."""

    @wraps(function)
    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        search = _search.get(None)
        if search is None:
            return function(*args, **kwargs)
        key = (function, args, *kwargs.items())
        if key in search.known:
            value, networks = search.known[key]
            spend(networks)
        else:
            before = search.networks
            value = function(*args, **kwargs)
            search.known[key] = value, before - search.networks
        return value  # type: ignore[return-value]

    return once
