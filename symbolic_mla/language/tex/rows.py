"""The tokens of a displayed formula to its statements: rows, wide spaces, commas, remarks, tags.

Rows that begin with a relation go on with the chain before them; any other row, and what stands behind a comma or
a wide space, is a statement of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symbolic_mla.errors import DocumentSyntaxError
from symbolic_mla.language.tex.cursor import closing, is_command, is_symbol, split
from symbolic_mla.language.tex.expressions import RELATIONS
from symbolic_mla.language.tex.relations import relation_at, relations_of
from symbolic_mla.language.tex.tokens import Tex

ROWS = frozenset(
    [
        "equation",
        "align",
        "aligned",
        "gather",
        "gathered",
        "multline",
        "eqnarray",
        "split",
        "flalign",
        "alignat",
        "alignedat",
        "displaymath",
        "math",
    ]
)
_JOINS = frozenset(
    {"and", "or equivalently", "i.e.", "so", "thus", "hence", "therefore", "then", "that is", "so that", "e.g."}
)
_TAKE = frozenset({"take", "taking", "by taking", "namely", "choose", "for instance", "for example"})
_LOGIC = re.compile(
    r"\b(if|for|where|when|whenever|unless|iff|only|assum\w*|provided|not|some|exists?|such|s\.t\.|with|or|implies|let)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """The tokens of one statement, and the name that a \\tag or a \\label gives it."""

    tokens: tuple[Tex, ...]
    name: str | None = None


def rows_of(tokens: Sequence[Tex]) -> list[Row]:
    """The statements of a formula: its rows, those that begin with a relation joined to the one before."""
    rows: list[list[Tex]] = []
    for row in _lines(tokens):
        bare = [t for cell in split(row, lambda t: is_symbol(t, "&")) for t in cell]
        aligned = bool(row) and is_symbol(row[0], "&")
        pieces = [p for p in _pieces(bare) if p]
        for number, piece in enumerate(pieces):
            first = next((k for k, t in enumerate(piece) if t.kind != "name"), None)
            goes_on = first is not None and number == 0 and bool(rows) and _goes_on(piece, first, aligned)
            if (goes_on or first is None) and rows:
                rows[-1] = [*rows[-1], *piece]
            else:
                rows.append(list(piece))
    out = []
    for row in rows:
        names = [t for t in row if t.kind == "name"]
        rest = tuple(t for t in row if t.kind != "name")
        if rest:
            out.append(Row(rest, _named(names)))
    return out


def split_at_take(tokens: Sequence[Tex]) -> tuple[Sequence[Tex], Sequence[Tex]]:
    """An existence and the witnesses behind the word `take`; of any other statement, itself and nothing."""
    at = next((k for k, t in enumerate(tokens) if _takes(t)), None)
    if at is None or not any(is_command(t, "exists") for t in tokens[:at]):
        return tokens, ()
    return _trimmed(tokens[:at]), tokens[at + 1 :]


def _takes(token: Tex) -> bool:
    return token.kind == "remark" and token.text.lower().strip(" ,:") in _TAKE


def _goes_on(piece: Sequence[Tex], first: int, aligned: bool) -> bool:
    """Whether a row goes on with the one before: it begins with a relation or an operator.

    One that begins with a sign and has a relation, `-A = -B`, is a statement, unless it stands behind a `&`.
    """
    token = piece[first]
    if _takes(token):
        return True
    if is_symbol(token, "+", "-"):
        return aligned or not relations_of(piece)
    operators = ("\\cdot", "\\times", "\\otimes", "\\odot", "\\circ", "\\iff", "\\Leftrightarrow", "/")
    return relation_at(piece, first) is not None or str(token) in operators


def _named(names: Sequence[Tex]) -> str | None:
    """`\\label{eq:rank}` as eq-rank, `\\tag{3}` as tag-3."""
    for token in names:
        kind, _, text = token.text.partition(":")
        word = _LABEL.sub("-", text).strip("-")
        if word:
            return f"tag-{word}" if kind == "tag" else word if not word[0].isdigit() else f"eq-{word}"
    return None


def _lines(tokens: Sequence[Tex]) -> Iterator[list[Tex]]:
    """The rows of a formula, in and out of `align` and its like."""
    for line in split(tokens, lambda t: t.kind == "row"):
        start = next((k for k, t in enumerate(line) if t.kind == "begin" and t.text.rstrip("*") in ROWS), None)
        if start is None:
            if line:
                yield line
            continue
        end = closing(line, start)
        before, inside, behind = line[:start], line[start + 1 : end], line[end + 1 :]
        if line[start].text.startswith("alignat") and inside and is_symbol(inside[0], "{"):
            inside = inside[closing(inside, 0) + 1 :]
        inner = list(_lines(inside))
        if inner and before:
            inner[0] = [*before, *inner[0]]
        if inner and behind:
            inner[-1] = [*inner[-1], *behind]
        yield from inner or ([[*before, *behind]] if before or behind else [])


def _pieces(row: Sequence[Tex]) -> Iterator[list[Tex]]:
    """A row as statements: split at wide spaces and commas, without final points and remarks.

    What follows `\\exists` or `take` stays together; so does a list of names before `\\in`.
    """
    row = _trimmed(row)
    if any(is_command(t, "exists") for t in row) or (row and _takes(row[0])):
        yield row
        return
    current: list[Tex] = []
    for part in split(row, _separates):
        part = _trimmed(part)
        current += part
        if relations_of(part) or any(is_command(t, "in", "mid", "iff") for t in part):
            yield current
            current = []
        elif part and current:
            comma = Tex("symbol", ",", part[-1].span)
            current.append(comma)
    if current:
        current = _trimmed(current)
        if current:
            yield current


def _separates(token: Tex) -> bool:
    return token.kind == "gap" or is_symbol(token, ",", ";") or (token.kind == "remark" and _joins(token))


def _joins(token: Tex) -> bool:
    return token.text.lower().strip(" ,:") in _JOINS


def _trimmed(row: Sequence[Tex]) -> list[Tex]:
    """A row without spaces and points at its ends, and without the remark that it ends with.

    Raises: DocumentSyntaxError for a remark that has a condition in it.
    """
    out = list(row)
    while out and (out[0].kind == "gap" or is_symbol(out[0], ",") or (out[0].kind == "remark" and _joins(out[0]))):
        out.pop(0)
    while out:
        last = out[-1]
        if (
            last.kind == "gap"
            or is_symbol(last, ",", ".", ";")
            or is_command(last, "square", "blacksquare", "Box", "qed")
        ):
            out.pop()
        elif last.kind == "remark" and not _follows_script(out):
            if _LOGIC.search(last.text) or "$" in last.text:
                raise DocumentSyntaxError(
                    f"the words `{last.text}` may be a condition, and words are not read",
                    hint="state it in a formula marked `given` or `assume`, or put it into the prose",
                    span=last.span,
                )
            out.pop()
        else:
            break
    return out


def _follows_script(row: Sequence[Tex]) -> bool:
    """Whether the last token is the unbraced argument of a script or a command."""
    return len(row) > 1 and (is_symbol(row[-2], "_", "^") or str(row[-2]) in RELATIONS or row[-2].kind == "command")
