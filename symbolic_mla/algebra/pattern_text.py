"""Einsum patterns as text, with labels separated by spaces, as einops writes them: "t (h d) -> h t d"."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from symbolic_mla.errors import DocumentSyntaxError, SpellingError
from symbolic_mla.record import record

Group = tuple[str, ...]  # the labels of one axis, most significant first
EXAMPLE = '"t (h d), s (h d) -> h t s": labels with spaces, an axis of several factors in parentheses'


@record
class Pattern:
    """A pattern that has been read: the axes of each operand, and those of the result."""

    text: str
    operands: tuple[tuple[Group, ...], ...]
    output: tuple[Group, ...]

    def labels(self) -> tuple[str, ...]:
        """Every label once, as they occur."""
        return tuple(
            dict.fromkeys(x for axes in (*self.operands, self.output) for group in axes for x in group)
        )


def read(text: str, orders: Sequence[int] = ()) -> Pattern:
    """Read a pattern. `orders`, the numbers of axes of the operands, tell NumPy's style from ours.

    Raises:
        DocumentSyntaxError: for text that is no pattern; NumPy's letters that run together are recognised.

    >>> read("t (h d) -> h () t d").output
    (('h',), (), ('t',), ('d',))
    >>> read("ij->ji", (2,))
    Traceback (most recent call last):
    symbolic_mla.errors.SpellingError: the pattern "ij->ji" is in NumPy's style: letters run together
      try: "i j -> j i"
    """
    spaced = _numpy_style(text, orders)
    if spaced is not None:
        raise SpellingError(
            f'the pattern "{text}" is in NumPy\'s style: letters run together',
            hint=f'"{spaced}"',
            spelling=f'"{spaced}"',
        )
    return _read(text)


@lru_cache(maxsize=1024)
def _read(text: str) -> Pattern:
    if text.count("->") != 1:
        raise DocumentSyntaxError(f'the pattern "{text}" needs one "->"', hint=EXAMPLE)
    left, _, right = text.partition("->")
    if "," in right:
        raise DocumentSyntaxError(f'the pattern "{text}" has more than one result', hint=EXAMPLE)
    return Pattern(text, tuple(_axes(side, text) for side in left.split(",")), _axes(right, text))


def _axes(side: str, text: str) -> tuple[Group, ...]:
    axes: list[Group] = []
    group: list[str] | None = None
    for token in _tokens(side):
        if token == "(" and group is None:
            group = []
        elif token == ")" and group is not None:
            axes.append(tuple(group))
            group = None
        elif token[0].isalpha():
            if group is None:
                axes.append((token,))
            else:
                group.append(token)
        else:
            raise DocumentSyntaxError(f'the pattern "{text}" does not read at {token!r}', hint=_advice(token))
    if group is not None:
        raise DocumentSyntaxError(f'the pattern "{text}" opens a group that it does not close', hint=EXAMPLE)
    return tuple(axes)


def _advice(token: str) -> str:
    if token in ("...", "…"):
        return "an ellipsis is not supported; name every axis"
    if token[0].isdigit():
        return "a size is given by name, n=2; () is the axis of size 1"
    if token == "(":
        return "groups do not nest: (n g d), not (n (g d))"
    return EXAMPLE


def _tokens(side: str) -> Iterator[str]:
    """Names (a letter, then letters, digits, _ and combining marks), numbers, ellipses, single characters."""
    k = 0
    while k < len(side):
        start = k
        if side.startswith("...", k):
            k += 3
        elif side[k].isalnum():
            while k < len(side) and _in_name(side[k]):
                k += 1
        else:
            k += 1
        if not side[start].isspace():
            yield side[start:k]


def _in_name(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


def _numpy_style(text: str, orders: Sequence[int]) -> str | None:
    """The pattern with spaces, if it reads as NumPy's and does not fit the operands as it stands."""
    left, arrow, right = text.partition("->")
    operands = [side.strip() for side in left.split(",")]
    words = [*operands, *([right.strip()] if arrow else [])]
    if not all(w.isalpha() or not w for w in words) or [len(w) for w in operands] != list(orders):
        return None
    if max(map(len, operands)) < 2:
        return None
    once = sorted(x for x in set(left) if x.isalpha() and left.count(x) == 1)  # NumPy's implicit result
    result = right.strip() if arrow else "".join(once)
    return f"{', '.join(' '.join(w) for w in operands)} -> {' '.join(result)}".rstrip()
