"""The options of a command that remembers verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from symbolic_mla.cache.memory import Memory

F = TypeVar("F", bound=Callable[..., object])


def cache_options(command: F) -> F:
    """`--cache DIR` and `--no-cache`, as the parameters `cache` and `no_cache`."""
    where = click.option("--cache", "cache", metavar="DIR", envvar="SYMBOLIC_MLA_CACHE",
                         help="Where verdicts are kept [default: the user's cache folder].")  # fmt: skip
    none = click.option("--no-cache", "no_cache", is_flag=True, help="Neither read nor keep verdicts.")
    return where(none(command))


def memory_of(cache: str | None, no_cache: bool) -> Memory:
    """The memory that the options ask for."""
    from symbolic_mla.cache.memory import Memory

    return Memory() if no_cache else Memory.of_user(cache or None)


def tell_problem(problem: str | None) -> None:
    """Say on standard error why nothing was remembered, if that is so; the verdicts do not depend on it."""
    if problem is not None:
        click.echo(f"symbolic-mla: {problem}", err=True)
