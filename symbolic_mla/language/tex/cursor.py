"""Walking over tokens: arguments in braces, brackets that match, lists that are split where no bracket is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symbolic_mla.errors import DocumentSyntaxError, Span
from symbolic_mla.language.tex.alphabet import FONTS
from symbolic_mla.language.tex.tokens import Tex

_PAIRS = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "\\langle": "\\rangle", "\\lvert": "\\rvert",
          "\\lVert": "\\rVert", "\\left.": "\\}", "\\lfloor": "\\rfloor", "\\lceil": "\\rceil"}  # fmt: skip
_CLOSERS = frozenset(_PAIRS.values())


def join(first: Span, last: Span) -> Span:
    return Span(first.line, first.column, last.end_line, last.end_column)


def whole(tokens: Sequence[Tex], otherwise: Span) -> Span:
    """The place of some tokens; of none, another place."""
    return join(tokens[0].span, tokens[-1].span) if tokens else otherwise


def is_symbol(token: Tex | None, *texts: str) -> bool:
    return token is not None and token.kind == "symbol" and token.text in texts


def is_command(token: Tex | None, *texts: str) -> bool:
    return token is not None and token.kind == "command" and token.text in texts


def source(tokens: Sequence[Tex]) -> str:
    """Tokens as a reader may recognise them."""
    out = ""
    for token in tokens:
        glued = token.kind == "letter" and out and out[-1].isalpha() and "\\" in out.rpartition(" ")[2]
        out += f" {token}" if glued else str(token)
    return out


def unread(message: str, hint: str | None, span: Span) -> DocumentSyntaxError:
    """The error for what a formula holds and is not read."""
    return DocumentSyntaxError(message, hint=hint, span=span)


def closing(tokens: Sequence[Tex], start: int) -> int:
    """The position of what closes the bracket, brace or environment at `start`.

    Raises: DocumentSyntaxError where another bracket closes it, or none.
    """
    stack: list[Tex] = []
    for position in range(start, len(tokens)):
        token = tokens[position]
        text = str(token)
        if token.kind == "begin" or (text in _PAIRS and token.kind != "remark"):
            stack.append(token)
        elif token.kind == "end" or (text in _CLOSERS and token.kind != "remark"):
            opener = stack.pop() if stack else token
            expected = f"\\end{{{opener.text}}}" if opener.kind == "begin" else _PAIRS.get(str(opener), "")
            if text != expected:
                raise unread(
                    f"`{opener}` at line {opener.span.line}, column {opener.span.column} is closed by `{token}`",
                    f"close it with `{expected}`" if expected else "add the bracket that it should close",
                    token.span,
                )
            if not stack:
                return position
    opener = tokens[start]
    expected = f"\\end{{{opener.text}}}" if opener.kind == "begin" else _PAIRS[str(opener)]
    raise unread(f"`{opener}` is never closed", f"add the missing `{expected}`", opener.span)


def split(tokens: Sequence[Tex], at: Callable[[Tex], bool]) -> list[list[Tex]]:
    """The tokens between those where `at` is true and no bracket is open; always at least one list."""
    parts: list[list[Tex]] = [[]]
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.kind == "begin" or (str(token) in _PAIRS and token.kind != "remark"):
            end = closing(tokens, position)
            parts[-1] += tokens[position : end + 1]
            position = end + 1
            continue
        if at(token):
            parts.append([])
        else:
            parts[-1].append(token)
        position += 1
    return parts


def commas(tokens: Sequence[Tex]) -> list[list[Tex]]:
    """A list split at its commas."""
    return split(tokens, lambda token: is_symbol(token, ","))


class Cursor:
    """A place in a list of tokens. `span` is shown for what is missing behind the last one."""

    def __init__(self, tokens: Sequence[Tex], span: Span) -> None:
        self.tokens = list(tokens)
        self.at = 0
        self.span = Span(span.end_line, max(1, span.end_column - 1), span.end_line, span.end_column)

    @property
    def next(self) -> Tex | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def peek(self, ahead: int) -> Tex | None:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None

    def take(self) -> Tex:
        token = self.next
        if token is None:
            raise unread("the formula ends where a symbol was expected", "complete it", self.span)
        self.at += 1
        return token

    def here(self) -> Span:
        return self.next.span if self.next is not None else self.span

    def bracket(self) -> tuple[list[Tex], Span]:
        """What stands inside the bracket that begins here, and the place of it all."""
        end = closing(self.tokens, self.at)
        inside = self.tokens[self.at + 1 : end]
        span = join(self.tokens[self.at].span, self.tokens[end].span)
        self.at = end + 1
        return inside, span

    def argument(self, of: Tex) -> tuple[list[Tex], Span]:
        """The argument of a command or a script: what stands in braces, or one token (of a number, one digit).

        Raises: DocumentSyntaxError where there is none.
        """
        token = self.next
        if token is None or is_symbol(token, "}", "&", ")", "]", ",") or token.kind in ("row", "gap", "end"):
            raise unread(f"`{of}` without an argument", f"write {of}{{...}}", of.span)
        if is_symbol(token, "{"):
            return self.bracket()
        if token.kind == "number" and len(token.text) > 1:
            if of.text in ("^", "_"):
                raise unread(
                    f"`{of}{token}` is `{of}{token.text[0]}` and then `{token.text[1:]}`",
                    f"put the whole in braces: {of}{{{token}}}",
                    join(of.span, token.span),
                )
            line, column = token.span.line, token.span.column
            middle = Span(line, column, line, column + 1)
            self.tokens[self.at] = Tex("number", token.text[1:], Span(line, column + 1, line, token.span.end_column))
            return [Tex("number", token.text[0], middle)], middle
        self.at += 1
        if is_command(token, *FONTS) and is_symbol(self.next, "{"):  # x^\mathrm{T}: one command with its own argument
            end = closing(self.tokens, self.at)
            found = self.tokens[self.at - 1 : end + 1]
            self.at = end + 1
            return found, whole(found, token.span)
        return [token], token.span
