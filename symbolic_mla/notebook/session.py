"""The cells of a notebook as one document: what a cell declares lasts, and a cell that is run again is replaced.

The document is the cells in the order in which each was first run. A cell is known by the id that its front end
gives it, or by its name (`%%derivation NAME`); where there is neither, as in a terminal, a cell takes the place of
those that declare or claim a name that it declares or claims. All cells are judged again at every run, so that no
verdict outlives what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from symbolic_mla.cache.memory import Memory
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult, StepResult
from symbolic_mla.diagnostics.diagnostic import Repair
from symbolic_mla.diagnostics.repair.search import Mending, mend
from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.displays import Mark
from symbolic_mla.language.documents import Block, Document
from symbolic_mla.language.parse import ParseEnvironment, declared_names, read_block

MAGIC = "%%derivation"
Part = s.Item | ClaimResult | ErrorBlockResult


@dataclass(eq=False)
class Cell:
    """The text below the magic's line.

    `label` is how people know the cell, `key` how its front end does; `names` are what it declares and claims;
    `mark` says what a cell of LaTeX is.
    """

    label: str
    text: str
    heading: str = MAGIC
    key: str | None = None
    name: str | None = None
    expected_error: str | None = None
    mark: Mark | None = None
    names: frozenset[str] = frozenset()

    def block(self, line: int, formula: int) -> Block:
        """The cell as a block of a document, its magic on that line; `formula` names a formula without a name."""
        mark = self.mark
        if mark is not None and mark.role == "unmarked":
            mark = Mark("unmarked", f"formula-{formula}")
        span = Span(line, 1, line, len(self.heading) + 1)
        offsets = (0,) * (self.text.count("\n") + 1)
        return Block(self.text + "\n", line + 1, offsets, self.expected_error, span, mark)

    @property
    def height(self) -> int:
        """The number of lines, that of the magic and the one that ends the block among them."""
        return 3 + self.text.count("\n")

    @property
    def fenced(self) -> str:
        """The cell as a block of a document."""
        error = f" error {self.expected_error}" if self.expected_error else ""
        kind = f"derivation{error}" if self.mark is None else f"math {_words(self.mark)}".rstrip()
        return f"```{kind}\n{self.text}\n```"

    def is_again(self, new: Cell) -> bool:
        """Whether a new cell is this one, run again."""
        if self.name is not None or new.name is not None:
            return self.name == new.name or (self.key is not None and self.key == new.key)
        if self.key is not None or new.key is not None:
            return self.key == new.key
        return self.text == new.text or not self.names.isdisjoint(new.names)


@dataclass(frozen=True)
class CellResult:
    """What running a cell gave: its own part of the document, judged, and what became of other cells.

    Lines are counted in the cell, that of the magic being the first. `replaced` are the labels of the cells whose
    place it took, `changes` what is different now in the cells that stayed.
    """

    label: str
    result: DocumentResult
    replaced: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    @property
    def claims(self) -> list[ClaimResult]:
        return self.result.claims

    @property
    def ok(self) -> bool:
        """Whether everything in the cell is as it says."""
        return self.result.exit_code == 0

    def __repr__(self) -> str:
        from symbolic_mla.notebook.display import cell_text

        return cell_text(self)

    def _repr_markdown_(self) -> str:
        from symbolic_mla.notebook.display import cell_markdown

        return cell_markdown(self)


@dataclass
class Session:
    """All cells so far. `memory` keeps what was judged: a cell that is run again costs what changed.

    >>> session = Session()
    >>> session.run("dims n\\ngiven A : n × n", label="[1]").ok
    True
    >>> [(c.id, c.verdict) for c in session.run("claim a: tr(Aᵀ) = tr(A)", label="[2]").claims]
    [('a', 'proved')]
    """

    cells: list[Cell] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    _seen: dict[Cell, dict[str, str]] = field(default_factory=dict)

    def run(self, text: str, *, label: str, heading: str = MAGIC, key: str | None = None, name: str | None = None,
            expected_error: str | None = None, mark: Mark | None = None) -> CellResult:  # fmt: skip
        """Judge a cell, in what the cells before it declare. Raises nothing: what cannot be read is its `fatal`."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
        cell = Cell(label, text, heading, key, name, expected_error, mark)
        names = self._names(cell)
        cell.names = names or frozenset()
        replaced = [c for c in self.cells if c.is_again(cell)]
        if names is None:  # it stands for what it replaces, until it is mended
            cell.names = frozenset().union(*(c.names for c in replaced))
        kept = [c for c in self.cells if c not in replaced]
        at = self.cells.index(replaced[0]) if replaced else len(kept)
        before = self._seen
        self.cells = [*kept[:at], cell, *kept[at:]]
        results = self._judge()
        self._seen = {c: _state(r) for c, r in results}
        changes = [
            f"{c.label} {change}"
            for c in kept
            if c in before
            for change in _changes(before[c], self._seen[c])
        ]
        own = next(r for c, r in results if c is cell)
        if names is None and not (cell.names or cell.key or cell.name):
            self.cells.remove(cell)  # nothing could ever replace it
        return CellResult(label, own, tuple(c.label for c in replaced), tuple(changes))

    def document(self) -> str:
        """The cells as a Markdown document, which `symbolic-mla check` judges in the same way."""
        blocks = []
        if any(c.mark is not None and c.mark.role == "unmarked" for c in self.cells):
            blocks.append("<!-- derivation math -->\n")
        blocks += [f"{c.fenced}\n" for c in self.cells]
        return "\n".join(blocks)

    def judged(self) -> DocumentResult:
        """The whole document, without the cells that cannot be read."""
        readable = [c for c, r in self._judge() if r.fatal is None]
        return _check(readable, self.memory)

    def _names(self, cell: Cell) -> frozenset[str] | None:
        """What a cell declares and claims; None for a cell that does not parse."""
        if cell.expected_error is not None:
            return frozenset()
        known = ParseEnvironment()
        for c in self.cells:
            if not c.is_again(cell):
                with suppress(SymbolicMLAError):
                    read_block(c.block(1, 0), known)
        for environment in (known, ParseEnvironment()):  # the second: what is declared may be about to be replaced
            with suppress(SymbolicMLAError):
                items = read_block(cell.block(1, 0), environment)
                return frozenset(n for item in items for n in _named(item)) - {"claim formula-0"}  # it has no name
        return None

    def _judge(self) -> list[tuple[Cell, DocumentResult]]:
        """Each cell with its part of the result. A cell that cannot be read is left out for those behind it."""
        faulty: dict[Cell, SymbolicMLAError] = {}
        while True:
            readable = [c for c in self.cells if c not in faulty]
            result = _check(readable, self.memory)
            if result.fatal is None:
                break
            guilty = _owner(readable, result.fatal.span.line if result.fatal.span else 1)
            if guilty is None:  # not of a cell: the last one takes it
                guilty = readable[-1]
            faulty[guilty] = _localised(result.fatal, readable, guilty)
        return [
            (c, _unread(c, result, faulty[c]) if c in faulty else _own(c, readable, result))
            for c in self.cells
        ]


def _words(mark: Mark) -> str:
    """A mark as it is written; nothing for a formula without one."""
    if mark.role == "unmarked":
        return ""
    return f"{mark.role} {mark.name}".strip() + (f" by {mark.by}" if mark.by else "")


def _check(cells: Iterable[Cell], memory: Memory) -> DocumentResult:
    blocks, line, formulas = [], 1, 0
    for c in cells:
        formulas += c.mark is not None and c.mark.role == "unmarked"
        blocks.append(c.block(line, formulas))
        line += c.height
    source = "\n".join(c.fenced for c in cells)
    return check_document(Document("notebook", "notebook", source, tuple(blocks)), memory=memory)


def _owner(cells: list[Cell], line: int) -> Cell | None:
    """The cell that a line of the document is in."""
    return next((c for c in cells if _start(cells, c) < line <= _start(cells, c) + c.height), None)


def _start(cells: list[Cell], cell: Cell) -> int:
    """How many lines of the document stand before a cell."""
    total = 0
    for c in cells:
        if c is cell:
            return total
        total += c.height
    return total


def _named(item: s.Item) -> Iterable[str]:
    if isinstance(item, s.Claim):
        return [f"claim {item.id.text}"]
    functions, values = declared_names(item)
    return [n.text for n in (*functions, *values)]


# ---- the part of one cell, its lines counted from its first ---------------------------------------------


def _own(cell: Cell, cells: list[Cell], whole: DocumentResult) -> DocumentResult:
    first = _start(cells, cell)
    parts = [p for p in whole.parts if first < _line(p) <= first + cell.height]
    warnings = whole.warnings if cell is cells[-1] and whole.claims else []
    moved = [_moved(p, cells, cell) for p in parts]
    return replace(whole, document=_document(cell), parts=moved, warnings=warnings, mended=_Mended(whole, first))


def _unread(cell: Cell, whole: DocumentResult, error: SymbolicMLAError) -> DocumentResult:
    return replace(whole, document=_document(cell), parts=[], warnings=[], fatal=error, faults=[error])


def _document(cell: Cell) -> Document:
    source = f"{cell.heading}\n{cell.text}"
    return Document(cell.label, cell.label, source, (Block(cell.text, 2, (), cell.expected_error, Span(1, 1, 1, 2)),))


def _line(part: Part) -> int:
    if isinstance(part, ClaimResult):
        return part.item.span.line
    return part.block.span.line if isinstance(part, ErrorBlockResult) else part.span.line


def _moved(part: Part, cells: list[Cell], cell: Cell) -> Part:
    first = _start(cells, cell)

    def step(x: StepResult) -> StepResult:
        error = _localised(x.error, cells, cell) if x.error is not None else None
        reason = _speaking(x.reason, cells, cell)
        return replace(x, span=_shifted(x.span, first), reason=reason, error=error)

    if isinstance(part, ClaimResult):
        return replace(part, item=_deep(part.item, first), steps=tuple(map(step, part.steps)))
    if isinstance(part, ErrorBlockResult):
        met = _localised(part.met, cells, cell) if part.met is not None else None
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


def _localised(error: SymbolicMLAError, cells: list[Cell], cell: Cell) -> SymbolicMLAError:
    """The error with its place in the cell, and with lines of other cells named as theirs."""
    moved = copy(error)
    moved.message = _speaking(error.message, cells, cell)
    moved.span = _shifted(error.span, _start(cells, cell)) if error.span is not None else None
    return moved


def _speaking(text: str, cells: list[Cell], cell: Cell) -> str:
    def local(found: re.Match[str]) -> str:
        line = int(found[1])
        owner = _owner(cells, line)
        if owner is None:
            return found[0]
        own = line - _start(cells, owner)
        return f"line {own}" if owner is cell else f"line {own} of {owner.label}"

    return re.sub(r"\bline (\d+)", local, text)


# ---- what a run changes elsewhere ------------------------------------------------------------------------


def _state(result: DocumentResult) -> dict[str, str]:
    """The verdict of each claim; under the empty name why the cell cannot be read, if it cannot."""
    found: dict[str, str] = {c.id: c.verdict for c in result.claims}
    if result.fatal is not None:
        found[""] = result.fatal.message
    return found


def _changes(before: dict[str, str], now: dict[str, str]) -> Iterable[str]:
    if "" in now and "" not in before:
        yield f"can no longer be read: {now['']}"
    if "" in before and "" not in now:
        yield "can be read again" + "".join(f"; `{claim}`: {verdict}" for claim, verdict in now.items())
    for claim, verdict in now.items():
        if claim and claim in before and before[claim] != verdict:
            yield f"`{claim}`: {verdict}; it was {before[claim]}"
