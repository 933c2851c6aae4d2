"""A ring with a transpose in egglog, which reads a class's annotations from its module: hence a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import egglog as eg


class Ring(eg.Expr):
    """An element of the ring."""

    def __init__(self, name: eg.StringLike) -> None: ...
    def __add__(self, other: Ring) -> Ring: ...  # type: ignore[empty-body]
    def __mul__(self, other: Ring) -> Ring: ...  # type: ignore[empty-body]
    def turned(self) -> Ring: ...  # type: ignore[empty-body]


x, y, z = eg.vars_("x y z", Ring)
LAWS = eg.ruleset(
    eg.rewrite(x + y).to(y + x),
    eg.birewrite(x + (y + z)).to((x + y) + z),
    eg.birewrite(x * (y * z)).to((x * y) * z),
    eg.birewrite(x * (y + z)).to(x * y + x * z),
    eg.birewrite((x + y) * z).to(x * z + y * z),
    eg.birewrite((x * y).turned()).to(y.turned() * x.turned()),
    eg.birewrite((x + y).turned()).to(x.turned() + y.turned()),
    eg.rewrite(x.turned().turned()).to(x),
)


def prove(goal: Callable[..., tuple[Any, Any]], rounds: int) -> str:
    """Whether so many rounds of all laws make the two sides one."""
    left, right = goal(lambda m: m.turned(), *(Ring(name) for name in "ABCD"))
    graph = eg.EGraph()
    graph.register(left, right)
    for _ in range(rounds):
        graph.run(LAWS)
        if graph.check_bool(eg.eq(left).to(right)):
            return "proved"
    return "not proved"
