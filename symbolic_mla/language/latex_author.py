"""The notation of an author of LaTeX: what stands in the source is repeated as it was written."""

from __future__ import annotations

from collections.abc import Callable

from symbolic_mla.language import syntax as s
from symbolic_mla.record import record

ATOM, POSTFIX, TERM, SUM = 3, 2, 1, 0


@record
class Author:
    """How an author writes: `quote` gives the LaTeX of a node that stands in the source, `name` that of a name."""

    quote: Callable[[s.Expr], str | None]
    name: Callable[[str], str | None]


def level(node: s.Expr, text: str) -> int:
    """How tightly the text of a node binds; a product or a sum may stand in brackets of its own.

    >>> level(s.Product("", s.Name("A"), s.Name("B")), "(A B)")
    3
    """
    match node:
        case s.Transpose() | s.Inverse() | s.Power() | s.Index():
            return POSTFIX
        case s.Product() | s.Quotient() | s.Negate() | s.Sum() if _one_bracket(text):
            return ATOM
        case s.Product() | s.Quotient():
            return TERM
        case s.Negate() | s.Sum():
            return SUM
        case _:
            return ATOM


def _one_bracket(text: str) -> bool:
    """Whether a text is one bracket: what it opens with closes at its end."""
    if not text.startswith(("(", "[", r"\left(", r"\left[", r"\big", r"\Big")):
        return False
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and character in ")]":
            return at == len(text) - 1
    return False
