"""The cells of a notebook as one document: what a cell declares lasts, and a cell that is run again is replaced.

The document is the cells in the order in which each was first run; one that was run too early, and is run again once
the names that it lacked are declared, moves behind them. A cell is known by the id that its front end gives it, or by
its name (`%%derivation NAME`); where there is neither, as in a terminal, a cell takes the place of those that declare
or claim a name that it declares or claims. All cells are judged again at every run, so that no verdict outlives what it
rests on.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from symbolic_mla.cache.memory import Memory
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import ClaimResult, DocumentResult
from symbolic_mla.errors import NameUnknownError, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.displays import Mark
from symbolic_mla.language.documents import Document
from symbolic_mla.language.parse import ParseEnvironment, declared_names, read_block
from symbolic_mla.notebook.cell import MAGIC, Cell, owner_of
from symbolic_mla.notebook.part import localised, own_part, unread_part


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
        results, moved = self._placed(cell, kept, at)
        self._seen = {c: _state(r) for c, r in results}
        changes = [
            f"{c.label} {change}"
            for c in kept
            if c in before
            for change in _changes(before[c], self._seen[c])
        ]
        if moved:
            where = f"{label} stands behind {kept[-1].label} now"
            changes.insert(0, f"{where}: what it speaks of is declared since it was first run")
        own = next(r for c, r in results if c is cell)
        if names is None and not (cell.names or cell.key or cell.name):
            self.cells.remove(cell)  # nothing could ever replace it
        return CellResult(label, own, tuple(c.label for c in replaced), tuple(changes))

    def _placed(self, cell: Cell, kept: list[Cell], at: int) -> tuple[list[tuple[Cell, DocumentResult]], bool]:
        """All cells judged with this one in its place; or at the end, if there it knows the names that it lacks here
        and no other cell loses by it."""
        self.cells = here = [*kept[:at], cell, *kept[at:]]
        results = self._judge()
        if at == len(kept) or not any(c is cell and _lacks_a_name(r) for c, r in results):
            return results, False
        self.cells = [*kept, cell]
        last = self._judge()
        if sum(r.exit_code != 0 for _, r in last) < sum(r.exit_code != 0 for _, r in results):
            return last, True
        self.cells = here
        return results, False

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
            guilty = owner_of(readable, result.fatal.span.line if result.fatal.span else 1)
            if guilty is None:  # not of a cell: the last one takes it
                guilty = readable[-1]
            faulty[guilty] = localised(result.fatal, readable, guilty)
        return [
            (c, unread_part(c, result, faulty[c]) if c in faulty else own_part(c, readable, result))
            for c in self.cells
        ]


def _check(cells: Iterable[Cell], memory: Memory) -> DocumentResult:
    blocks, line, formulas = [], 1, 0
    for c in cells:
        formulas += c.mark is not None and c.mark.role == "unmarked"
        blocks.append(c.block(line, formulas))
        line += c.height
    source = "\n".join(c.fenced for c in cells)
    return check_document(Document("notebook", "notebook", source, tuple(blocks)), memory=memory)


def _lacks_a_name(result: DocumentResult) -> bool:
    met = [result.fatal, *result.faults, *(step.error for c in result.claims for step in c.steps)]
    return any(isinstance(error, NameUnknownError) for error in met)


def _named(item: s.Item) -> Iterable[str]:
    if isinstance(item, s.Claim):
        return [f"claim {item.id.text}"]
    functions, values = declared_names(item)
    return [n.text for n in (*functions, *values)]


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
