"""Characters to tokens: names, numbers, operators, brackets, line ends.

Positions are counted in code points of the text as written; only the names themselves are normalised (to
NFC), so a caret under a decomposed `Q̂` lands where the reader sees it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NoReturn

from symbolic_mla.errors import DocumentSyntaxError, Span, SpellingError
from symbolic_mla.language.characters import WORDS, character_class, describe_unknown
from symbolic_mla.language.near_misses import FOREIGN, NEAR_MISSES, SPELLINGS
from symbolic_mla.language.tokens import Token

MAXIMUM_NESTING = 200
MAXIMUM_DIGITS = 1000

IDENTIFIER_FOLLOWS = frozenset({"CLAIM", "_BY", "_FROM"})
"""After these the next name may hold hyphens: `claim tiled-equality`, `by eckart-young`."""

OPENING = {"LPAR": "RPAR", "LSQB": "RSQB"}
CLOSING = {"RPAR": "LPAR", "RSQB": "LSQB"}
OPERAND_ENDS = frozenset({"NAME", "NUMBER", "RPAR", "RSQB", "RAISED"})

_OPERATORS = {
    "+": "SIGN",
    "-": "SIGN",
    "−": "SIGN",
    "*": "OPERATOR",
    "·": "OPERATOR",
    "⋅": "OPERATOR",
    "@": "OPERATOR",
    "⊗": "OPERATOR",
    "∘": "OPERATOR",
    "/": "OPERATOR",
    "^": "CARET",
    "=": "EQ",
    "<=": "REL",
    ">=": "REL",
    "<": "REL",
    ">": "REL",
    "≤": "REL",
    "≥": "REL",
    "!=": "REL",
    "≠": "REL",
    "×": "_TIMES",
    "'": "RAISED",
    "′": "RAISED",
    "⊤": "RAISED",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LSQB",
    "]": "RSQB",
    ",": "_COMMA",
    ":": "_COLON",
}
_SPELLINGS = {"−": "-", "·": "*", "⋅": "*", "≤": "<=", "≥": ">=", "≠": "!="} | dict.fromkeys("'′⊤", "T")

_BLANK = re.compile(r"(?:[^\S\n]|#[^\n]*)*")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_TEXT = re.compile(r'"([^"\n]*)"')
_DOT_T = re.compile(r"\.T(?![A-Za-z0-9_])")
_CARET_T = re.compile(r"\^[ \t]*(?:T(?![A-Za-z0-9_])|⊤)")
_CARET_MINUS_T = re.compile(r"\^[ \t]*[-−][ \t]*(?:T(?![A-Za-z0-9_])|⊤)")
_OPERATOR = re.compile(r"[<>!]=|[-+−*·⋅@⊗∘/^=<>≤≥≠×'′⊤()\[\],:]")
_RAISED = re.compile(r"[+-]?(?:[0-9]+|[^\W\d_])")
_SCIENTIFIC = re.compile(r"[eE][+-]?[0-9]")

_NEAR_MISS = re.compile("|".join(f"(?:{pattern})" for pattern, _, _ in NEAR_MISSES))
_GLUED_SIZES = re.compile(r"x[0-9]")


class Scanner:
    """One pass over the text of a block."""

    def __init__(self, text: str, first_line: int, offsets: Sequence[int]) -> None:
        self.text = text
        self.position = 0
        self.line = 0
        self.first_line = first_line
        self.offsets = offsets
        self.shift = 1 + (offsets[0] if offsets else 0)  # from a position to its column
        self.tokens: list[Token] = []
        self.open: list[Token] = []

    def span(self, length: int, start: int | None = None) -> Span:
        """The span of `length` characters on the current line, from `start` or from here."""
        line = self.first_line + self.line
        column = (self.position if start is None else start) + self.shift
        return Span(line, column, line, column + length)

    def refuse(self, message: str, hint: str | None, length: int = 1) -> NoReturn:
        raise DocumentSyntaxError(message, hint=hint, span=self.span(length))

    def emit(self, kind: str, length: int, value: str | None = None) -> Token:
        start, end = self.position, self.position + length
        text = self.text[start:end] if value is None else value
        token = Token(kind, text, self.first_line + self.line, start + self.shift, end + self.shift)
        self.tokens.append(token)
        self.position = end
        return token

    @property
    def previous(self) -> str | None:
        return self.tokens[-1].type if self.tokens else None

    def run(self) -> list[Token]:
        """All tokens, with a NEWLINE where a line ends outside of brackets."""
        text, size = self.text, len(self.text)
        while True:
            if blank := _BLANK.match(text, self.position):
                self.position = blank.end()
            if self.position == size:
                break
            character = text[self.position]
            if character == "\n":
                self.newline()
            elif character in "0123456789":
                self.number()
            else:
                match character_class(character):
                    case "letter":
                        self.name()
                    case "superscript":
                        self.superscript()
                    case _:
                        self.symbol(character)
        if self.open:
            self.refuse_unclosed(self.open[-1])
        return self.tokens

    def newline(self) -> None:
        if not self.open and self.previous not in (None, "NEWLINE"):
            self.emit("NEWLINE", 1)
        else:
            self.position += 1
        self.line += 1
        offset = self.offsets[self.line] if self.line < len(self.offsets) else 0
        self.shift = 1 + offset - self.position

    def number(self) -> None:
        found = _NUMBER.match(self.text, self.position)
        length = found.end() - found.start() if found else 1
        digits = self.text[self.position : self.position + length]
        after = self.text[self.position + length : self.position + length + 1]
        if length > MAXIMUM_DIGITS:
            self.refuse(
                f"a number of {length} characters; at most {MAXIMUM_DIGITS} are read",
                "write it as a power, or name it with `scalar` or `dims`",
                length,
            )
        if _SCIENTIFIC.match(self.text, self.position + length):
            self.refuse(
                f"`{digits}{after}...` could be a number in scientific notation or a product",
                f"write `{digits} * 10^-3` for the number, `{digits} {after}...` for the product",
                length + 1,
            )
        if _GLUED_SIZES.match(self.text, self.position + length):
            self.refuse(
                f"`{digits}{after}...` has no space around `x`",
                f"write `{digits} x ...` or `{digits} × ...` between sizes",
                length + 1,
            )
        if after and character_class(after) == "subscript":
            self.refuse(
                f"`{digits}{after}`: a number has no subscript",
                "write `ones(n)` or `I(n)` with the size as argument",
                length + 1,
            )
        before = self.previous
        behind_caret = before == "CARET" or (before == "SIGN" and self.before_last() == "CARET")
        behind_slash = before == "OPERATOR" and self.tokens[-1] == "/"
        if after and character_class(after) == "letter" and (behind_slash or behind_caret):
            sign = "^" if behind_caret else "/"
            self.refuse(
                f"`{sign}{digits}{after}...` can be read in two ways",
                f"write `{sign}({digits} {after}...)`, or put a space behind {digits} "
                f"to end the {'exponent' if behind_caret else 'denominator'} there",
                length + 1,
            )
        self.emit("NUMBER", length)

    def before_last(self) -> str | None:
        return self.tokens[-2].type if len(self.tokens) > 1 else None

    def name(self) -> None:
        text, start = self.text, self.position
        identifier = self.previous in IDENTIFIER_FOLLOWS
        plain = _PLAIN_NAME.match(text, start)
        end = plain.end() if plain else start + 1
        while end < len(text):
            character = text[end]
            hyphen = identifier and character == "-" and character_class(text[end + 1 : end + 2] or " ")
            if hyphen in ("letter", "digit") or character_class(character) in (
                "letter",
                "digit",
                "subscript",
                "mark",
            ):
                end += 1
            else:
                break
        if end - start > MAXIMUM_DIGITS:  # to put marks in order takes the square of their number
            self.refuse(f"a name of {end - start} characters; at most {MAXIMUM_DIGITS} are read", "shorten it", 1)
        word = unicodedata.normalize("NFC", text[start:end])
        if identifier and word not in WORDS:
            self.emit("ID", end - start, word)
        elif word == "all" and self.previous == "_FOR":
            self.emit("_ALL", end - start, word)
        else:
            self.emit(WORDS.get(word, "NAME"), end - start, word)

    def superscript(self) -> None:
        """`²`, `⁻¹`, `ᵀ`, `⁻ᵀ`, `ⁿ`: one token; runs such as `²ᵀ` are two."""
        text, start = self.text, self.position
        plain = ""
        end = start
        while end < len(text) and character_class(text[end]) == "superscript":
            character = unicodedata.normalize("NFKC", text[end]).replace("−", "-")
            if plain and not (plain in ("-", "+") or (plain.lstrip("+-") + character).isdecimal()):
                break
            plain += character
            end += 1
        if end - start > MAXIMUM_DIGITS:
            self.refuse("an exponent of absurd length", "write it as a power of a power", 1)
        if _RAISED.fullmatch(plain):
            self.emit("RAISED", end - start, plain.removeprefix("+"))
        else:
            raised = text[start:end]
            self.refuse(f"`{raised}` is not an exponent", "write `⁻¹`, `²`, `ⁿ`, or `^(...)`", end - start)

    def symbol(self, character: str) -> None:
        text, position = self.text, self.position
        if found := _TEXT.match(text, position):
            if len(found.group(1)) > MAXIMUM_DIGITS and not found.group(1).isascii():
                self.refuse(f"more than {MAXIMUM_DIGITS} characters of text that is not ASCII", "split it", 1)
            self.emit("TEXT", found.end() - position, unicodedata.normalize("NFC", found.group(1)))
            return
        if found := _CARET_MINUS_T.match(text, position):
            self.emit("RAISED", found.end() - position, "-T")
            return
        if found := _CARET_T.match(text, position) or _DOT_T.match(text, position):
            self.emit("RAISED", found.end() - position, "T")
            return
        if miss := _NEAR_MISS.match(text, position):
            self.refuse_near_miss(miss.group())
        if found := _OPERATOR.match(text, position):
            self.operator(found.group())
        else:
            self.refuse(*describe_unknown(character))

    def refuse_near_miss(self, met: str) -> NoReturn:
        """The first of NEAR_MISSES that begins here is met, as `|` takes the first of its patterns."""
        text, position = self.text, self.position
        message, hint = next(said for pattern, *said in NEAR_MISSES if re.compile(pattern).match(text, position))
        if met[0] == ".":
            hint = FOREIGN.get(met.removeprefix("."), hint)
        if met == "->" and "'" in text[text.rfind("\n", 0, position) + 1 : position]:
            hint = "patterns stand between straight double quotes, `\"`; `'` is a transpose"
        ours = SPELLINGS.get(met)
        if ours is not None and met[0] == "\\":
            hint = f"write `{ours}`"
        raise SpellingError(message.format(met), hint=hint, span=self.span(len(met)), spelling=ours)

    def operator(self, text: str) -> None:
        kind = _OPERATORS[text]
        token = self.emit(kind, len(text), _SPELLINGS.get(text))
        if kind in OPENING:
            self.open.append(token)
            if len(self.open) > MAXIMUM_NESTING:
                raise DocumentSyntaxError(
                    f"brackets nested deeper than {MAXIMUM_NESTING}",
                    hint="name the inner parts with `let`",
                    span=span_of(token),
                )
        elif kind in CLOSING:
            if not self.open:
                raise DocumentSyntaxError(
                    f"`{text}` closes nothing",
                    hint="remove it, or add the bracket that it should close",
                    span=span_of(token),
                )
            opener = self.open.pop()
            if OPENING[opener.type] != kind:
                raise DocumentSyntaxError(
                    f"`{opener}` at line {opener.line}, column {opener.column} is closed by `{text}`",
                    hint=f"close it with `{')' if opener.type == 'LPAR' else ']'}`",
                    span=span_of(token),
                )

    def refuse_unclosed(self, opener: Token) -> NoReturn:
        closing = ")" if opener.type == "LPAR" else "]"
        raise DocumentSyntaxError(
            f"`{opener}` is never closed", hint=f"add the missing `{closing}`", span=span_of(opener)
        )


def scan(text: str, *, first_line: int = 1, offsets: Sequence[int] = ()) -> list[Token]:
    """The tokens of a block whose first line is line `first_line` of the document.

    `offsets[i]` is how many characters of the document stand before line i of the text (a quoted or
    indented fence).

    Raises: DocumentSyntaxError for a character that begins no token, unbalanced or too deeply nested
    brackets, absurdly long numbers, and spellings with two readings.
    """
    return Scanner(text, first_line, offsets).run()


def span_of(first: Token, last: Token | None = None) -> Span:
    """From the first token to the last."""
    end = last or first
    return Span(first.line, first.column, end.line, end.end_column)
