"""A cell, and where it stands in the document that all cells are."""

from __future__ import annotations

from dataclasses import dataclass

from symbolic_mla.errors import Span
from symbolic_mla.language.displays import Mark
from symbolic_mla.language.documents import Block

MAGIC = "%%derivation"


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
        kind = f"derivation{error}" if self.mark is None else f"math {words_of(self.mark)}".rstrip()
        return f"```{kind}\n{self.text}\n```"

    def is_again(self, new: Cell) -> bool:
        """Whether a new cell is this one, run again."""
        if self.name is not None or new.name is not None:
            return self.name == new.name or (self.key is not None and self.key == new.key)
        if self.key is not None or new.key is not None:
            return self.key == new.key
        return (self.text, self.mark) == (new.text, new.mark) or not self.names.isdisjoint(new.names)


def words_of(mark: Mark) -> str:
    """A mark as it is written; nothing for a formula without one."""
    if mark.role == "unmarked":
        return ""
    return f"{mark.role} {mark.name}".strip() + (f" by {mark.by}" if mark.by else "")


def owner_of(cells: list[Cell], line: int) -> Cell | None:
    """The cell that a line of the document is in."""
    return next((c for c in cells if start_of(cells, c) < line <= start_of(cells, c) + c.height), None)


def start_of(cells: list[Cell], cell: Cell) -> int:
    """How many lines of the document stand before a cell."""
    total = 0
    for c in cells:
        if c is cell:
            return total
        total += c.height
    return total
