"""LaTeX source to tokens: commands, letters, numbers, brackets, remarks. What has no meaning (spacing) is dropped.

A tokeniser of a library (pylatexenc, SymPy's) recovers from what it does not know; here whatever is not known
has to be named, at its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from symbolic_mla.errors import DocumentSyntaxError, Span

MAX_NESTING = 30
MAX_TOKENS = 5_000
MAX_DIGITS = 1000

Kind = Literal["command", "letter", "number", "symbol", "begin", "end", "row", "gap", "remark", "name"]
"""`row` is `\\\\`, `gap` a wide space (`\\quad`), `remark` the words of `\\text`, `name` a `\\tag` or `\\label`."""


@dataclass(frozen=True, slots=True)
class Tex:
    """One token: a command without its backslash, a letter with its accents, a number, a symbol."""

    kind: Kind
    text: str
    span: Span

    def __str__(self) -> str:
        shown = {"command": f"\\{self.text}", "row": "\\\\", "gap": "\\quad", "remark": f"\\text{{{self.text}}}",
                 "begin": f"\\begin{{{self.text}}}", "end": f"\\end{{{self.text}}}"}  # fmt: skip
        return shown.get(self.kind, self.text)


_SPACES = frozenset(
    [
        ",",
        ";",
        ":",
        "!",
        ">",
        "/",
        "thinspace",
        "medspace",
        "thickspace",
        "enspace",
        "negthinspace",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "limits",
        "nolimits",
        "nonumber",
        "notag",
        "allowbreak",
        "break",
        "strut",
        "mathstrut",
        "normalsize",
        "small",
        "large",
        "relax",
        "ensuremath",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "biggl",
        "biggr",
        "Biggl",
        "Biggr",
        "bigm",
        "Bigm",
        "mathopen",
        "mathclose",
        "mathbin",
        "mathrel",
        "mathord",
        "hfill",
        "noindent",
    ]
)
_GAPS = frozenset({"quad", "qquad", "enskip", "hspace", "hskip"})
_REMARKS = frozenset(
    ["text", "textrm", "textnormal", "textit", "textbf", "textsf", "mbox", "hbox", "intertext", "shortintertext"]
)
_NAMES = frozenset({"tag", "label"})
_UNICODE: dict[str, tuple[tuple[Kind, str], ...]] = {
    "⊗": (("command", "otimes"),),
    "∘": (("command", "circ"),),
    "⊙": (("command", "odot"),),
    "⊕": (("command", "oplus"),),
    "·": (("command", "cdot"),),
    "⋅": (("command", "cdot"),),
    "×": (("command", "times"),),
    "≤": (("command", "le"),),
    "≥": (("command", "ge"),),
    "≠": (("command", "ne"),),
    "≈": (("command", "approx"),),
    "∈": (("command", "in"),),
    "∀": (("command", "forall"),),
    "∃": (("command", "exists"),),
    "∑": (("command", "sum"),),
    "…": (("command", "dots"),),
    "⋯": (("command", "cdots"),),
    "⋮": (("command", "vdots"),),
    "‖": (("command", "|"),),
    "∥": (("command", "|"),),
    "−": (("symbol", "-"),),
    "′": (("symbol", "'"),),
    "ᵀ": (("symbol", "^"), ("command", "top")),
    "⊤": (("symbol", "^"), ("command", "top")),
    "ℝ": (("command", "mathbb"), ("letter", "R")),
    "ℕ": (("command", "mathbb"), ("letter", "N")),
}
_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_NO_BRACKET = re.compile(r"\s*\.")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SYMBOLS = frozenset("{}^_&'()[]+-*/=<>,;:.!|")


class _Scanner:
    def __init__(self, text: str, first_line: int, offsets: Sequence[int]) -> None:
        self.text = text
        self.at = 0
        self.line = 0
        self.starts = [0]
        for found in re.finditer("\n", text):
            self.starts.append(found.end())
        self.first_line, self.offsets = first_line, offsets
        self.out: list[Tex] = []

    def place(self, position: int) -> tuple[int, int]:
        while self.line + 1 < len(self.starts) and self.starts[self.line + 1] <= position:
            self.line += 1
        while self.starts[self.line] > position:
            self.line -= 1
        offset = self.offsets[self.line] if self.line < len(self.offsets) else 0
        return self.first_line + self.line, position - self.starts[self.line] + 1 + offset

    def span(self, start: int, end: int) -> Span:
        return Span(*self.place(start), *self.place(end))

    def error(self, message: str, hint: str | None, start: int, end: int) -> DocumentSyntaxError:
        return DocumentSyntaxError(message, hint=hint, span=self.span(start, end))

    def emit(self, kind: Kind, text: str, start: int, end: int) -> None:
        self.out.append(Tex(kind, text, self.span(start, end)))
        self.at = end

    def run(self) -> list[Tex]:
        while self.at < len(self.text):
            self.one(self.text[self.at])
            if len(self.out) > MAX_TOKENS:
                raise self.error(f"a formula of more than {MAX_TOKENS:,} tokens", "split it", self.at - 1, self.at)
        return self.out

    def one(self, character: str) -> None:
        start = self.at
        if character.isspace() or character == "~":
            self.at += 1
        elif character == "%":
            end = self.text.find("\n", start)
            self.at = len(self.text) if end < 0 else end
        elif character == "\\":
            self.command(start)
        elif found := _NUMBER.match(self.text, start):
            if found.end() - start > MAX_DIGITS:
                raise self.error("a number of absurd length", None, start, start + 1)
            self.emit("number", found.group(), start, found.end())
        elif character in _SYMBOLS:
            self.emit("symbol", character, start, start + 1)
        elif character in _UNICODE:
            for kind, text in _UNICODE[character]:
                self.emit(kind, text, start, start + 1)
        elif unicodedata.category(character)[0] == "L":
            end = start + 1
            while end < len(self.text) and end - start < 30 and unicodedata.category(self.text[end])[0] == "M":
                end += 1  # a mark beyond these is no letter, and refused
            self.emit("letter", unicodedata.normalize("NFC", self.text[start:end]), start, end)
        else:
            name = unicodedata.name(character, "unnamed")
            shown = f"`{character}` " if character.isprintable() else ""
            raise self.error(f"{shown}(U+{ord(character):04X} {name}) is not read in a formula",
                        "write the LaTeX command for it", start, start + 1)  # fmt: skip

    def command(self, start: int) -> None:
        found = _COMMAND.match(self.text, start)
        if found is None:
            raise self.error("a `\\` at the end", "complete the command", start, start + 1)
        name, end = found.group(1), found.end()
        if name == "\\":
            bracket = re.compile(r"\*?\s*\[[^\]\n]*(?:em|ex|pt|cm|mm|in)\s*\]").match(self.text, end)
            self.emit("row", name, start, bracket.end() if bracket else end)
        elif name.isspace() or name in _SPACES:
            self.at = end
        elif name in ("left", "right", "middle"):
            found = _NO_BRACKET.match(self.text, end)
            self.at = end
            if found is not None:
                self.emit("command", f"{name}.", start, found.end())
        elif name in _GAPS:
            if name in ("hspace", "hskip") and self.text[end : end + 1] == "{":
                _, end = self.raw(end, name)
            self.emit("gap", name, start, end)
        elif name.rstrip("*") in _REMARKS:
            text, end = self.raw(end, name)
            self.emit("remark", " ".join(text.split()), start, end)
        elif name.rstrip("*") in _NAMES:
            text, end = self.raw(end, name)
            self.emit("name", f"{name.rstrip('*')}:{text.strip()}", start, end)
        elif name in ("begin", "end"):
            text, end = self.raw(end, name)
            self.emit("begin" if name == "begin" else "end", text.strip(), start, end)
        else:
            self.emit("command", name, start, end)

    def raw(self, at: int, command: str) -> tuple[str, int]:
        """What stands in the braces behind a command, as it stands."""
        start = at
        while self.text[at : at + 1].isspace():
            at += 1
        if self.text[at : at + 1] != "{":
            raise self.error(f"`\\{command}` without its `{{...}}`", f"write \\{command}{{...}}", start - 1, start)
        depth = 0
        for end in range(at, len(self.text)):
            escaped = end > at and self.text[end - 1] == "\\"
            depth += 0 if escaped else {"{": 1, "}": -1}.get(self.text[end], 0)
            if depth == 0:
                return self.text[at + 1 : end], end + 1
        raise self.error("`{` is never closed", "add the missing `}`", at, at + 1)


def scan_tex(text: str, *, first_line: int = 1, offsets: Sequence[int] = ()) -> list[Tex]:
    r"""The tokens of a formula; places are those of the document, as in `scan`.

    Raises: DocumentSyntaxError for a character that no formula has, an open brace or environment, a nesting deeper
    than MAX_NESTING.

    >>> [str(token) for token in scan_tex(r"\mathbf{W}^{K} \, &= 12")]
    ['\\mathbf', '{', 'W', '}', '^', '{', 'K', '}', '&', '=', '12']
    """
    tokens = _Scanner(text, first_line, offsets).run()
    _check_nesting(tokens)
    return tokens


_OPENS = {"{": "}", "(": ")", "[": "]"}


def _check_nesting(tokens: Sequence[Tex]) -> None:
    """Braces and environments are closed in their order, and nothing is nested too deeply.

    Round and square brackets count for the depth alone, since `[0, 1)` closes one by the other.
    """
    stack: list[Tex] = []
    depth = 0
    for token in tokens:
        symbol = token.text if token.kind == "symbol" else ""
        depth += (symbol in ("(", "[")) - (symbol in (")", "]") and depth > 0)
        if symbol == "{" or token.kind == "begin":
            stack.append(token)
        elif symbol == "}" or token.kind == "end":
            opener = stack.pop() if stack else None
            if opener is None:
                raise DocumentSyntaxError(
                    f"`{token}` closes nothing", hint="remove it, or add what it should close", span=token.span
                )
            expected = f"\\end{{{opener.text}}}" if opener.kind == "begin" else "}"
            if str(token) != expected:
                raise DocumentSyntaxError(
                    f"`{opener}` at line {opener.span.line}, column {opener.span.column} is closed by `{token}`",
                    hint=f"close it with `{expected}`",
                    span=token.span,
                )
        if len(stack) + depth > MAX_NESTING:
            raise DocumentSyntaxError(
                f"a formula nested deeper than {MAX_NESTING} levels",
                hint="define the inner parts by formulas of their own",
                span=token.span,
            )
    if stack:
        closing = f"\\end{{{stack[-1].text}}}" if stack[-1].kind == "begin" else "}"
        raise DocumentSyntaxError(
            f"`{stack[-1]}` is never closed", hint=f"add the missing `{closing}`", span=stack[-1].span
        )
