"""A token: a piece of the text with its kind and its place."""

from __future__ import annotations


class Token(str):
    """The text of a token, with its `type` (the grammar's name for its kind, which its place may still change) and
    where it stands in the document: lines and columns count from 1, the end is exclusive.

    >>> token = Token("NAME", "W", 3, 8, 9)
    >>> token == "W", token.type, token.column
    (True, 'NAME', 8)
    """

    __slots__ = ("column", "end_column", "line", "type")

    def __new__(cls, type: str, text: str, line: int, column: int, end_column: int) -> Token:
        token = super().__new__(cls, text)
        token.type = type
        token.line = line
        token.column = column
        token.end_column = end_column
        return token

    type: str
    line: int
    column: int
    end_column: int

    @property
    def end_line(self) -> int:
        """A token stands on one line."""
        return self.line
