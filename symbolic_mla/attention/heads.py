"""How the heads share their groups, and in which order they stand in an axis."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Number
from typing import Any, Literal

from symbolic_mla.errors import InputError

Order = Literal["tile", "interleaved"]


def _check_size(name: str, value: Any) -> None:
    """A size is a positive integer, or a symbol for one, which is no number of Python's."""
    positive = isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 1
    if value is None or isinstance(value, str) or (isinstance(value, Number) and not positive):
        raise InputError(f"{name} = {value!r}: a size is a positive integer")


@dataclass(frozen=True)
class Heads:
    """`copies * groups` heads of `size` components; each group of keys and values serves `copies` heads.

    `order` says how the heads stand in an axis of size ``copies * groups * size``: in ``"tile"`` order
    head h uses group h mod G (the published derivation), in ``"interleaved"`` order group h div n (the
    order of real models, `repeat_interleave`). The sizes are integers or symbolic dimensions.

    >>> Heads.of(8, groups=2, size=64)
    Heads(copies=4, groups=2, size=64, order='tile')
    >>> Heads.of(8, groups=3, size=64)
    Traceback (most recent call last):
    symbolic_mla.errors.InputError: 3 groups do not divide 8 heads
      try: a number of groups among 1, 2, 4, 8
    """

    copies: Any
    groups: Any
    size: Any
    order: Order = "tile"

    def __post_init__(self) -> None:
        for name in ("copies", "groups", "size"):
            _check_size(name, getattr(self, name))
        if self.order not in ("tile", "interleaved"):
            raise InputError(
                f"the order {self.order!r} of heads is not known",
                hint="'tile' (head h uses group h mod G) or 'interleaved' (h div n)",
            )

    @classmethod
    def of(cls, heads: int, *, groups: int, size: int, order: Order = "tile") -> Heads:
        """`heads` heads that share `groups` groups.

        Raises:
            InputError: when `groups` does not divide `heads`, or a size is not positive.
        """
        _check_size("heads", heads)
        _check_size("groups", groups)
        if heads % groups:
            divisors = ", ".join(str(g) for g in range(1, heads + 1) if heads % g == 0)
            raise InputError(
                f"{groups} groups do not divide {heads} heads", hint=f"a number of groups among {divisors}"
            )
        return cls(heads // groups, groups, size, order)

    def axis(self, component: str = "d") -> str:
        """The pattern of the axis that holds all heads: ``(n g d)``, or ``(g n d)`` when interleaved."""
        return f"(n g {component})" if self.order == "tile" else f"(g n {component})"
