"""Displayed formulas of a Markdown text (`$$...$$`, `\\[...\\]`, a bare `\\begin{align}`) and their marks.

A mark is a comment before the formula, which no reader sees (`<!-- claim rank-bound -->`), or stands behind the
word `math` of a fence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from symbolic_mla.errors import DocumentSyntaxError, Span
from symbolic_mla.record import record

Role = Literal["claim", "refute", "given", "let", "assume", "obtain", "commentary", "error", "unmarked"]


@record
class Mark:
    """What a displayed formula is, the name of its claim, the reason behind `by` (or the kind of `error`).

    `unmarked` is a formula without a mark where all are read.
    """

    role: Role
    name: str = ""
    by: str | None = None


@record
class Display:
    """A displayed formula: its content from `start` to `end` of the text, the place of what opens it, its mark.

    `closed` is false for one that never ends; `outer` is all of it, with what opens and closes it.
    """

    start: int
    end: int
    outer: tuple[int, int]
    opening: str
    closed: bool


@record
class Comment:
    """The text of a comment, and where it begins and ends."""

    text: str
    start: int
    end: int


ENVIRONMENTS = ("equation", "align", "aligned", "gather", "multline", "eqnarray", "flalign", "alignat", "displaymath")
_MAY_HAVE_ONE = re.compile(r"\$\$|\\\[|\\begin\{|<!--")
_PIECE = re.compile(
    r"(?P<comment><!--)"
    r"|(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<escaped>\\[\\$`])"
    r"|(?P<dollars>\$\$)"
    r"|(?P<bracket>(?<=\n)(?P<indent>[ \t>]*)\\\[)"
    rf"|(?P<environment>(?<=\n)(?P<indent2>[ \t>]*)\\begin\{{(?P<named>(?:{'|'.join(ENVIRONMENTS)})\*?)\}})",
    re.DOTALL,
)
_DOLLARS_END = re.compile(r"(?:\\.|[^\\])*?(\$\$)", re.DOTALL)
_NAME = r"[^\W\d][\w-]*"
_CLAIM = re.compile(rf"(claim|refute)\s+({_NAME})(?:\s+by\s+({_NAME}))?")
_OTHER = re.compile(r"(given|let|assume|obtain|commentary)")
_ERROR = re.compile(r"error\s+([a-z-]+)")
MARKS = "`claim NAME`, `refute NAME`, `given`, `let`, `assume`, `obtain`, `error KIND`, `commentary`"


def pieces(text: str) -> Iterator[Display | Comment]:
    """The displayed formulas and the comments of a stretch of Markdown that has no fence, in order."""
    if not _MAY_HAVE_ONE.search(text):
        return
    text = "\n" + text  # so that a line's beginning is always behind a line end
    at = 0
    absent: set[str] = set()  # what closes nothing from here on
    while found := _PIECE.search(text, at):
        at = found.end()
        if found["comment"]:
            stop = -1 if "-->" in absent else text.find("-->", at)
            if stop < 0:
                absent.add("-->")
                continue
            said, at = text[at:stop].strip(), stop + len("-->")
            yield Comment(said, found.start() - 1, at - 1)
        elif found["code"] or found["escaped"]:
            continue
        else:
            display, at = _display(text, found, absent)
            yield display


def _display(text: str, found: re.Match[str], absent: set[str]) -> tuple[Display, int]:
    start, closer = found.end(), "$$"
    opens = found.start()
    if found["dollars"]:
        end = None if closer in absent else _DOLLARS_END.match(text, start)
        stop = end.start(1) if end else -1
    elif found["bracket"]:
        closer, opens = "\\]", opens + len(found["indent"])
        stop = -1 if closer in absent else text.find(closer, start)
    else:
        closer, opens = f"\\end{{{found['named']}}}", opens + len(found["indent2"])
        start = opens
        stop = -1 if closer in absent else text.find(closer, start)
        stop = stop + len(closer) if stop >= 0 else -1
    opening = text[opens : found.end()]
    if stop < 0:
        absent.add(closer)
        return Display(start - 1, len(text) - 1, (opens - 1, found.end() - 1), opening, False), found.end()
    last = stop if found["environment"] else stop + len(closer)
    return Display(start - 1, stop - 1, (opens - 1, last - 1), opening, True), last


def mark_of(text: str, span: Span) -> Mark | None:
    """The mark that a comment or the words of a fence are; None for other words.

    Raises: DocumentSyntaxError for a claim without a name that can be read.

    >>> mark_of("claim rank-bound by svd", Span(1, 1, 1, 2))
    Mark(role='claim', name='rank-bound', by='svd')
    """
    if found := _CLAIM.fullmatch(text):
        return Mark(cast(Role, found[1]), found[2], found[3])
    if found := _OTHER.fullmatch(text):
        return Mark(cast(Role, found[1]))
    if found := _ERROR.fullmatch(text):
        return Mark("error", "error", found[1])
    if text.split()[:1] in (["claim"], ["refute"]):
        raise DocumentSyntaxError(
            f"`{text}` is no mark of a formula", hint=f"the marks are {MARKS}, `claim NAME by REASON`", span=span
        )
    return None


_RELATION = re.compile(r"[=<>]|\\(?:leq?|geq?|lt|gt|neq?|in|equiv|leqslant|geqslant)(?![A-Za-z])")


def states_something(formula: str) -> bool:
    """Whether a formula has a relation, so that it might have been meant as a step."""
    return _RELATION.search(formula) is not None
