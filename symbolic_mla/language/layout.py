"""What a context-free grammar cannot settle: where items end, and what a name is in its place.

* A newline ends an item, unless a bracket is open, the next line begins with a relation, an operator or an
  inner word (`with`, `for`, `by`, `take`, `iff`, and those of an argument: `at`, `alike`, `and`, `so`, `or`), or
  the line itself ends where something must follow.
* `f (X)` is a call when `f` is a function, and otherwise a product, whatever the spaces.
* `A, B : m × n` declares A and B; between sizes a lone `x` is `×`, where a size stands on either side.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import pairwise

from symbolic_mla.errors import DocumentSyntaxError
from symbolic_mla.language.characters import ITEM_WORDS
from symbolic_mla.language.scan import CLOSING, OPENING, OPERAND_ENDS, span_of
from symbolic_mla.language.tokens import Token

_INFIX = frozenset({"EQ", "REL", "SIGN", "OPERATOR", "_TIMES"})
_MOVES = frozenset({"_AT", "_ALIKE", "_AND", "_SO", "_OR"})
_GOES_ON_BEFORE = _INFIX | _MOVES | {"WITH", "_FOR", "_BY", "_TAKE", "_IFF"}
_GOES_ON_AFTER = (
    _INFIX
    | _MOVES
    | {"_COMMA", "_COLON", "CARET", "WITH", "_FOR", "_ALL", "_BY", "_TAKE", "_IFF", "_FROM", "EXISTS"}
    | set(ITEM_WORDS.values())
)
_ITEM_KINDS = frozenset(ITEM_WORDS.values())
_OPERAND_STARTS = frozenset({"NAME", "NUMBER", "LPAR"})
_SHAPE_ENDS = _MOVES | {"_COMMA", "WITH", "_FOR", "_BY", "_TAKE", "_IFF", "EQ", "REL", "_DECL"}
_PROPERTIES = frozenset({"even", "odd", "invertible", "symmetric"})


def split_items(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each item, without line ends. A `by` that begins a line becomes `CLAIM_BY` unless
    another step follows it."""
    item: list[Token] = []
    for position, token in enumerate(tokens):
        if token.type != "NEWLINE":
            item.append(token)
            continue
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if following is not None and _goes_on(item, following):
            if following.type == "_BY" and not _step_follows(tokens, position + 2):
                following.type = "CLAIM_BY"
            continue
        yield item
        item = []
    if item:
        yield item


def _goes_on(item: list[Token], following: Token) -> bool:
    if following.type in _ITEM_KINDS:
        return False
    return following.type in _GOES_ON_BEFORE or item[-1].type in _GOES_ON_AFTER


def _step_follows(tokens: list[Token], position: int) -> bool:
    """Whether a relation stands behind the name at `position`, possibly on the next line."""
    rest = (token.type for token in tokens[position + 1 : position + 3] if token.type != "NEWLINE")
    return next(rest, "") in ("EQ", "REL")


def settle(item: list[Token], functions: Set[str]) -> list[Token]:
    """Give each token of one item the kind that its place calls for; the first begins an item."""
    kind = item[0].type
    depths = _depths(item)
    _settle_binders(item, depths)
    _settle_sizes(item, depths)
    _settle_functions(item, functions)
    _refuse_late_numbers(item)
    if kind in ("ASSUME", "GIVEN"):
        _settle_facts(item, depths)
    if kind == "CLAIM":
        _settle_reasons(item)
    return item


def settle_expression(tokens: list[Token], functions: Set[str]) -> list[Token]:
    """The same for an expression on its own, which may run over several lines."""
    expression = [token for token in tokens if token.type != "NEWLINE"]
    if expression:
        _settle_functions(expression, functions)
        _refuse_late_numbers(expression)
    return expression


def _depths(item: list[Token]) -> list[int]:
    """How many brackets are open at each token. The brackets of `(exists ...)` group a statement and do not
    count."""
    depths: list[int] = []
    steps: list[int] = []
    depth = 0
    for place, token in enumerate(item):
        if token.type in CLOSING:
            depth -= steps.pop()
        depths.append(depth)
        if token.type in OPENING:
            steps.append(0 if place + 1 < len(item) and item[place + 1].type == "EXISTS" else 1)
            depth += steps[-1]
    return depths


def _settle_binders(item: list[Token], depths: list[int]) -> None:
    """`A, B :` at the start of a list or behind a comma: A and B are being declared."""
    if item[0].type not in ("GIVEN", "CLAIM", "ASSUME"):
        return
    start = 3 if item[0].type == "CLAIM" else 1
    for colon in range(start, len(item)):
        if item[colon].type != "_COLON" or depths[colon] or item[colon - 1].type != "NAME":
            continue
        place = colon - 1
        while True:
            item[place].type = "BINDER"
            before, candidate = item[place - 1], item[place - 2]
            opener = item[place - 3].type if place >= 3 else ""
            if (
                before.type == "_COMMA"
                and place - 2 >= 1
                and candidate.type == "NAME"
                and opener in ("_COMMA", "GIVEN", "EXISTS", "_ALL")
            ):
                place -= 2
            else:
                break
        item[colon].type = "_DECL"


def _settle_sizes(item: list[Token], depths: list[int]) -> None:
    inside = False
    for place, token in enumerate(item):
        if depths[place]:
            continue
        if token.type in _SHAPE_ENDS:
            inside = token.type == "_DECL"
        elif (
            inside
            and token == "x"
            and token.type == "NAME"
            and item[place - 1].type in OPERAND_ENDS
            and place + 1 < len(item)
            and item[place + 1].type in _OPERAND_STARTS
        ):
            token.type = "_TIMES"


def _refuse_late_numbers(item: list[Token]) -> None:
    """`A 2` is a slip for `2 A`, `A^2` or `A[2]` more often than a product."""
    for before, token in pairwise(item):
        if token.type == "NUMBER" and before.type in OPERAND_ENDS:
            raise DocumentSyntaxError(
                f"the number {token} follows a factor without an operator",
                hint=f"write the number first, or `* {token}`, or `^{token}` for a power",
                span=span_of(token),
            )


def _settle_functions(item: list[Token], functions: Set[str]) -> None:
    declared = 1 if item[0].type in ("LET", "FUNCTION") else -1
    if item[0].type == "FUNCTION":
        return
    for place in range(len(item) - 1):
        token = item[place]
        if (
            token.type == "NAME"
            and place != declared
            and item[place + 1].type == "LPAR"
            and str(token) in functions
        ):
            token.type = "FUNC"


def _settle_facts(item: list[Token], depths: list[int]) -> None:
    """`even`, `divides` ... are words only where a fact has them; elsewhere they may be names."""
    for place in range(2, len(item)):
        token = item[place]
        if token.type != "NAME" or depths[place] or item[place - 1].type not in OPERAND_ENDS:
            continue
        following = item[place + 1].type if place + 1 < len(item) else "$END"
        if token in _PROPERTIES and following in ("_COMMA", "$END"):
            token.type = "PROPERTY"
        elif token == "divides" and following in _OPERAND_STARTS:
            token.type = "_DIVIDES"


def _settle_reasons(item: list[Token]) -> None:
    """Behind `take` a reason is the claim's."""
    taken = False
    for token in item:
        taken = taken or token.type == "_TAKE"
        if taken and token.type == "_BY":
            token.type = "CLAIM_BY"
