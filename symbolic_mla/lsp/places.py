"""What stands at a place of a document: its item, the expressions around it, and the names that are known there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import Block, Document
from symbolic_mla.language.parse import ParseEnvironment, parse_block, read_block
from symbolic_mla.language.scope import Scope


@dataclass
class Here:
    """`item` holds the place; `chain` are the nodes around it, the innermost last; `scope` is what is declared before
    the item and in it; `items` are all items of the document that could be read, `claims` where each claim is named."""

    scope: Scope = field(default_factory=Scope)
    item: s.Item | None = None
    chain: list[Any] = field(default_factory=list)
    items: list[s.Item] = field(default_factory=list)

    @property
    def claims(self) -> dict[str, s.Name]:
        """The names of claims, where each was first given."""
        found: dict[str, s.Name] = {}
        for item in self.items:
            if isinstance(item, s.Claim):
                found.setdefault(item.id.text, item.id)
        return found


def look(document: Document, line: int, column: int) -> Here:
    """What stands at a line and column, both counted from 1. Raises nothing: what cannot be read is passed over."""
    here = Here()
    names = ParseEnvironment()
    for block in document.blocks:
        own = names if block.expected_error is None else names.copy()
        scope = here.scope if block.expected_error is None else here.scope.copy()
        for item in _readable(block, own):
            here.items.append(item)
            inside = _holds(item.span, line, column)
            if not isinstance(item, s.Claim) and (here.item is None or inside):
                with suppress(SymbolicMLAError, RecursionError):
                    scope.declare(item)
            if inside and here.item is None:
                here.item, here.chain, here.scope = item, list(_around(item, line, column)), scope.copy()
    return here


def _readable(block: Block, names: ParseEnvironment) -> list[s.Item]:
    """The items of a block; where one is half typed, those before it."""
    before = names.copy()
    try:
        return read_block(block, names)
    except SymbolicMLAError as error:
        names.functions, names.values = before.functions, before.values
        if error.span is None or block.mark is not None:
            return []
        lines = block.text.split("\n")
        for end in range(min(error.span.line - block.first_line, len(lines)), 0, -1):
            with suppress(SymbolicMLAError):
                own = before.copy()
                items = parse_block("\n".join(lines[:end]) + "\n", first_line=block.first_line, env=own,
                                    offsets=block.offsets[:end])  # fmt: skip
                names.functions, names.values = own.functions, own.values
                return items
        return []


def _holds(span: Span, line: int, column: int) -> bool:
    return (span.line, span.column) <= (line, column) < (span.end_line, span.end_column)


def _around(node: Any, line: int, column: int) -> Iterator[Any]:
    """The nodes that hold a place, from the outside in."""
    while node is not None:
        yield node
        node = next((c for c in _children(node) if c.span is not s.NOWHERE and _holds(c.span, line, column)), None)


def _children(node: Any) -> Iterator[Any]:
    todo = [getattr(node, name) for name in node.__slots__ if name != "span"]
    while todo:
        value = todo.pop(0)
        if isinstance(value, tuple):
            todo = [*value, *todo]
        elif hasattr(value, "span"):
            yield value
