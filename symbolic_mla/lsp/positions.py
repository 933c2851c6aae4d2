"""Places of an editor and places of ours: an editor counts from 0 in UTF-16 units, we from 1 in characters."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol.types import Position, PositionEncodingKind, Range

from symbolic_mla.errors import Span


class Positions:
    """The lines of a text as an editor counts them, in the units that it and the server have agreed on.

    >>> positions = Positions("𝐀 = B")
    >>> positions.position(1, 3), positions.place(Position(0, 3))
    (0:3, (1, 3))
    """

    def __init__(self, source: str, encoding: str | None = None) -> None:
        self.lines: Sequence[str] = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.encoding = encoding or PositionEncodingKind.Utf16

    def position(self, line: int, column: int) -> Position:
        """A line and column of ours, counted from 1; beyond a line's end its end is meant."""
        number = min(max(line, 1), len(self.lines)) - 1
        return Position(number, sum(map(self._units, self.lines[number][: max(column, 1) - 1])))

    def range(self, span: Span) -> Range:
        """A span; one that would be empty covers a character."""
        start, end = self.position(span.line, span.column), self.position(span.end_line, span.end_column)
        if (end.line, end.character) <= (start.line, start.character):
            end = self.position(span.line, span.column + 1)
        return Range(start, end)

    def edit_range(self, span: Span) -> Range:
        """The range of an edit, which may be empty."""
        return Range(self.position(span.line, span.column), self.position(span.end_line, span.end_column))

    def place(self, position: Position) -> tuple[int, int]:
        """A position as line and column; a unit inside a character means the character."""
        number = min(max(position.line, 0), len(self.lines) - 1)
        left = position.character
        for column, character in enumerate(self.lines[number], start=1):
            left -= self._units(character)
            if left < 0:
                return number + 1, column
        return number + 1, len(self.lines[number]) + 1

    def _units(self, character: str) -> int:
        if self.encoding == PositionEncodingKind.Utf8:
            return len(character.encode(errors="replace"))
        return 2 if self.encoding == PositionEncodingKind.Utf16 and ord(character) > 0xFFFF else 1
