"""The part of one cell of what the whole document gave, its lines counted from the magic."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import fields, is_dataclass, replace
from typing import Any

from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult, StepResult
from symbolic_mla.diagnostics.diagnostic import Repair
from symbolic_mla.diagnostics.repair.search import Mending, mend
from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import Block, Document
from symbolic_mla.notebook.cell import Cell, owner_of, start_of

Part = s.Item | ClaimResult | ErrorBlockResult


def own_part(cell: Cell, cells: list[Cell], whole: DocumentResult) -> DocumentResult:
    first = start_of(cells, cell)
    parts = [p for p in whole.parts if first < _line(p) <= first + cell.height]
    warnings = whole.warnings if cell is cells[-1] and whole.claims else []
    moved = [_moved(p, cells, cell) for p in parts]
    return replace(whole, document=_document(cell), parts=moved, warnings=warnings, mended=_Mended(whole, first))


def unread_part(cell: Cell, whole: DocumentResult, error: SymbolicMLAError) -> DocumentResult:
    return replace(whole, document=_document(cell), parts=[], warnings=[], fatal=error, faults=[error])


def _document(cell: Cell) -> Document:
    source = f"{cell.heading}\n{cell.text}"
    return Document(cell.label, cell.label, source, (Block(cell.text, 2, (), cell.expected_error, Span(1, 1, 1, 2)),))


def _line(part: Part) -> int:
    if isinstance(part, ClaimResult):
        return part.item.span.line
    return part.block.span.line if isinstance(part, ErrorBlockResult) else part.span.line


def _moved(part: Part, cells: list[Cell], cell: Cell) -> Part:
    first = start_of(cells, cell)

    def step(x: StepResult) -> StepResult:
        error = localised(x.error, cells, cell) if x.error is not None else None
        reason = _speaking(x.reason, cells, cell)
        return replace(x, span=_shifted(x.span, first), reason=reason, error=error)

    if isinstance(part, ClaimResult):
        return replace(part, item=_deep(part.item, first), steps=tuple(map(step, part.steps)))
    if isinstance(part, ErrorBlockResult):
        met = localised(part.met, cells, cell) if part.met is not None else None
        return ErrorBlockResult(replace(part.block, span=_shifted(part.block.span, first)), met)
    return replace(part, span=_shifted(part.span, first))


def _shifted(span: Span, by: int) -> Span:
    return replace(span, line=span.line - by, end_line=span.end_line - by)


def _deep(node: Any, by: int) -> Any:
    """A tree that stands so many lines higher."""
    if isinstance(node, tuple):
        return tuple(_deep(x, by) for x in node)
    if not is_dataclass(node) or isinstance(node, type) or not hasattr(node, "span"):
        return node
    inner = {f.name: _deep(getattr(node, f.name), by) for f in fields(node) if f.name != "span"}
    return replace(node, **inner, span=node.span if node.span == s.NOWHERE else _shifted(node.span, by))


class _Mended(dict[str, Any]):
    """What mends the claims of a cell, looked for in the whole document when it is first asked for."""

    def __init__(self, whole: DocumentResult, first: int) -> None:
        super().__init__()
        self._whole, self._first = whole, first

    def get(self, key: str, default: Any = None) -> Any:
        claim = next((c for c in self._whole.claims if c.id == key), None)
        if key not in self and claim is not None:
            self[key] = self._own(mend(claim, self._whole))
        return super().get(key, default)

    def _own(self, found: Mending) -> Mending:
        def moved(repairs: tuple[Repair, ...]) -> tuple[Repair, ...]:
            by = self._first
            edits = [tuple(replace(e, span=_shifted(e.span, by)) for e in r.edits) for r in repairs]
            return tuple(replace(r, edits=x) for r, x in zip(repairs, edits, strict=True))

        return Mending(
            {k: moved(r) for k, r in found.repairs.items()},
            {k: moved(r) for k, r in found.hypotheses.items()},
            {k: line - self._first for k, line in found.follows.items()},
            found.repeats,
        )


def localised(error: SymbolicMLAError, cells: list[Cell], cell: Cell) -> SymbolicMLAError:
    """The error with its place in the cell, and with lines of other cells named as theirs."""
    moved = copy(error)
    moved.message = _speaking(error.message, cells, cell)
    moved.span = _shifted(error.span, start_of(cells, cell)) if error.span is not None else None
    return moved


def _speaking(text: str, cells: list[Cell], cell: Cell) -> str:
    def local(found: re.Match[str]) -> str:
        line = int(found[1])
        owner = owner_of(cells, line)
        if owner is None:
            return found[0]
        own = line - start_of(cells, owner)
        return f"line {own}" if owner is cell else f"line {own} of {owner.label}"

    return re.sub(r"\bline (\d+)", local, text)
