"""A letter with its font, accents and scripts: which declared name it is, or which entry, row or column of one.

All readings that the document's declarations allow are listed. One is taken; two or more are an error; with none
the whole becomes a name, `W_{Q}` and `W^{Q}` both `W_Q`, which the elaboration then does not know.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from symbolic_mla.errors import NameUnknownError, Span, SymbolicMLAError, UnsupportedError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.characters import is_name
from symbolic_mla.language.parse import BUILTINS
from symbolic_mla.language.tex import scripts as sc
from symbolic_mla.language.tex.alphabet import BOLD, FONTS, LETTERS, MARKS, WORDS, spellings_of
from symbolic_mla.language.tex.cursor import Cursor, is_command, is_symbol, join, unread
from symbolic_mla.language.tex.scripts import Script
from symbolic_mla.language.tex.tokens import Tex

if TYPE_CHECKING:
    from symbolic_mla.language.tex.expressions import Reader

IsWord = Callable[[list[Tex], Tex | None], bool]
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Letter:
    """A symbol without its scripts: its name, the names it may have, how it is set, the scripts inside an accent."""

    text: str
    spellings: tuple[str, ...]
    spelled: str
    span: Span
    inner: tuple[Script, ...] = ()


def letter_of(
    cursor: Cursor, is_word: IsWord = lambda run, behind: False, *, deltas: bool = False
) -> Letter | None:
    """The symbol that begins here, without its scripts; None where none does.

    A run of plain letters is a product of single letters, unless `is_word` says that it is one name. With `deltas`,
    `\\Delta W` is one name.

    Raises: DocumentSyntaxError for an accent or a font around what is no symbol.
    """
    token = cursor.next
    if token is None:
        return None
    if token.kind == "letter":
        run = _run(cursor)
        word = "".join(t.text for t in run)
        behind = cursor.peek(len(run))
        if len(run) > 1 and is_word(run, behind):
            cursor.at += len(run)
            return Letter(word, (word,), rf"\mathrm{{{word}}}", join(run[0].span, run[-1].span))
        cursor.at += 1
        return Letter(token.text, tuple(spellings_of(token.text)), token.text, token.span)
    if token.kind != "command":
        return None
    if deltas and token.text in ("Delta", "varDelta"):
        start = cursor.at
        cursor.at += 1
        found = letter_of(cursor)
        if found is not None:
            names = tuple(f"{delta}{x}" for delta in ("Δ", "Delta") for x in found.spellings)
            return replace(found, text=f"Δ{found.text}", spellings=names, spelled=rf"\Delta {found.spelled}",
                           span=join(token.span, found.span))  # fmt: skip
        cursor.at = start
    if token.text in LETTERS:
        cursor.at += 1
        letter = LETTERS[token.text]
        return Letter(letter, tuple(spellings_of(letter)), str(token), token.span)
    if token.text in MARKS or token.text in FONTS:
        cursor.at += 1
        inside, span = cursor.argument(token)
        return _dressed(token.text, Cursor(inside, span), join(token.span, span))
    return None


def _run(cursor: Cursor) -> list[Tex]:
    """Letters that stand side by side, without a space."""
    run = [cursor.tokens[cursor.at]]
    for token in cursor.tokens[cursor.at + 1 :]:
        last = run[-1].span
        if token.kind != "letter" or (token.span.line, token.span.column) != (last.end_line, last.end_column):
            break
        run.append(token)
    return run


def _dressed(command: str, inside: Cursor, span: Span) -> Letter | None:
    """A symbol in a font or under an accent, or a word in a font."""
    if command in FONTS:
        word = sc.word(inside.tokens)
        if word is not None and len(word) > 1:
            return Letter(word, (word,), rf"\mathrm{{{word}}}", span)
    if command == "mathbb":
        return None
    found = letter_of(inside)
    scripts = sc.collect(inside) if found is not None else ()
    if found is None or inside.next is not None:
        what = "an accent" if command in MARKS else "a font"
        raise unread(f"{what} over what is no single symbol", f"write \\{command} around one letter", span)
    text, spelled = found.text, found.spelled
    spellings = found.spellings
    if command in MARKS:
        mark = MARKS[command]
        spellings = tuple(unicodedata.normalize("NFC", x + mark) for x in spellings if len(x) == 1 or x == text)
        text = unicodedata.normalize("NFC", text + mark)
        spelled = rf"\{_CANONICAL.get(command, command)}{{{spelled}}}"
    elif command not in WORDS or len(found.text) == 1:
        font = "mathbf" if command in BOLD else {"cal": "mathcal", "sf": "mathsf"}.get(command, command)
        spelled = rf"\{font}{{{spelled}}}" if font not in ("mathit", "it", "mathnormal") else spelled
    return Letter(text, spellings, spelled, span, (*found.inner, *scripts))


_CANONICAL = {"widehat": "hat", "widetilde": "tilde", "overline": "bar", "widebar": "bar"}


@dataclass(frozen=True, slots=True)
class _Reading:
    expr: s.Expr
    words: str
    name: str
    refused: SymbolicMLAError | None = None
    indices: sc.Indices | None = None


def symbol(reader: Reader, letter: Letter, outer: Sequence[Script]) -> s.Expr:
    """What a symbol with its scripts means.

    Raises: NameUnknownError for two readings, or a name that is spelt in two ways; DocumentSyntaxError for scripts
    that mean nothing; UnsupportedError for an index that may select a row or a column.
    """
    parts = sc.sorted_scripts((*letter.inner, *outer), reader)
    span = join(letter.span, outer[-1].span) if outer else letter.span
    readings: dict[s.Expr, _Reading] = {}
    for reading in _readings(reader, letter, parts, span):
        readings.setdefault(reading.expr, reading)
    found = [r for r in readings.values() if r.refused is None] or list(readings.values())[:1]
    if len(found) > 1:
        shown = " and ".join(f"{r.words}" for r in found[:3])
        raise NameUnknownError(
            f"this can be read in {len(found)} ways: as {shown}",
            hint="rename one of them, or write a selection as A_{[i, j]} and a power as (A)^{k}",
            span=span,
        )
    if not found:
        name = _name(letter.text, [*parts.below, *parts.above, *parts.marks])
        if not is_name(name):
            raise unread(
                "a symbol whose scripts are no part of a name", "indices are letters and digits: W_{K}, W^{UK}", span
            )
        if parts.marks:
            raise NameUnknownError(
                f"nothing declares `{name}`, as which a prime or a star is read",
                hint=f"declare `{name}`; for a transpose write ^\\top",
                span=span,
            )
        reader.notation.spelled(name, _spelled(letter, parts), span)
        return parts.finish(s.Name(name, span))
    (reading,) = found
    if reading.refused is not None:
        raise reading.refused
    if reading.indices is not None:
        note_indices(reader, reading.indices)
    if reading.name:
        reader.notation.spelled(reading.name, _spelled(letter, parts) if isinstance(reading.expr, s.Name) else "", span)
    return parts.finish(reading.expr)


def fresh_name(reader: Reader, letter: Letter, outer: Sequence[Script]) -> s.Name | None:
    """The name that a symbol declares, all of its scripts included; None where they are no part of a name."""
    parts = sc.sorted_scripts((*letter.inner, *outer), reader)
    span = join(letter.span, outer[-1].span) if outer else letter.span
    name = _name(letter.text, [*parts.below, *parts.above, *parts.marks])
    unread = (parts.lower is not None and not parts.below) or (parts.upper is not None and not parts.above)
    if unread or parts.operations or not is_name(name):
        return None
    known = [n for n in _names(letter, parts) if reader.notation.known(n)]
    if len(known) == 1:
        name = known[0]
    reader.notation.spelled(name, _spelled(letter, parts), span)
    return s.Name(name, span)


def _spelled(letter: Letter, parts: sc.Scripts) -> str:
    below = f"_{{{','.join(parts.below)}}}" if parts.below else ""
    above = f"^{{{','.join(parts.above)}}}" if parts.above else ""
    return letter.spelled + below + above + "".join("'" if m == "prime" else "^{*}" for m in parts.marks)


def _name(text: str, labels: Sequence[str]) -> str:
    return "_".join([text, *labels])


def _names(letter: Letter, parts: sc.Scripts) -> list[str]:
    """The names that all scripts together may make."""
    orders = [[*parts.below, *parts.above], [*parts.above, *parts.below]]
    out: list[str] = []
    for text in letter.spellings:
        for labels in orders:
            out.append(_name(text, [*labels, *parts.marks]))
            if len(labels) == 1 and labels[0].isdecimal() and labels[0].isascii():
                out.append(text + labels[0].translate(_SUBSCRIPTS))
    return list(dict.fromkeys(out))


def _readings(reader: Reader, letter: Letter, parts: sc.Scripts, span: Span) -> Iterator[_Reading]:
    """Every reading that the declarations allow."""
    notation = reader.notation

    def known(name: str) -> bool:
        return notation.known(name) or (name in BUILTINS and name not in ("I", "zeros", "ones"))

    if (parts.lower is None or parts.below) and (parts.upper is None or parts.above):
        for name in _names(letter, parts):
            if known(name):
                yield _Reading(s.Name(name, span), f"the name `{name}`", name)
    if parts.upper is not None and not parts.marks:
        exponent = parts.exponent(reader)
        rest = replace(parts, upper=None, above=())
        if exponent is not None:
            for inner in _readings(reader, letter, rest, span):
                yield _Reading(s.Power(inner.expr, exponent, span), f"a power of {inner.words}", "")
    if parts.lower is None:
        return
    for taken in range(len(parts.below)) if parts.below else (0,):
        indices = sc.indices(reader, parts.lower, taken)
        if indices is None:
            continue
        head = replace(parts, lower=None if taken == 0 else parts.lower, below=parts.below[:taken])
        if parts.upper is not None and not parts.above:
            continue
        yield from _selections(reader, letter, head, indices, span)


def _selections(
    reader: Reader, letter: Letter, head: sc.Scripts, indices: sc.Indices, span: Span
) -> Iterator[_Reading]:
    notation = reader.notation
    names = _names(letter, head)
    for name in names:
        if notation.known(name) and not notation.is_function(name) and notation.orders.get(name) != 0:
            base = s.Name(name, letter.span)
            refused = one_index(reader, base, indices, span)
            entry = selected(reader, base, indices, span)
            yield _Reading(entry, f"an entry of `{name}`", "", refused, indices)
    if any(notation.known(name) for name in names) or indices.explicit:
        return
    for name in names:
        if notation.parts.get(name, ("",))[0] and len(indices.of) == 1:
            whole, what = notation.parts[name]
            base = s.Name(whole, letter.span)
            both = (indices.of[0], indices.of[0]) if what == "diagonal" else (s.Whole(span), indices.of[0])
            yield _Reading(s.Index(base, both, span), f"a {what} entry of `{whole}`", "", None, indices)
        upper = name[0].upper() + name[1:]
        if len(indices.of) == 2 and upper != name and notation.known(upper) and notation.orders.get(upper) == 2:
            yield _Reading(
                s.Index(s.Name(upper, letter.span), indices.of, span), f"an entry of `{upper}`", "", None, indices
            )


def selection(reader: Reader, base: s.Expr, indices: sc.Indices, span: Span) -> s.Expr:
    """A selection by indices below a bracket.

    Raises: UnsupportedError for one index on what may have two axes.
    """
    refused = one_index(reader, base, indices, span)
    if refused is not None:
        raise refused
    note_indices(reader, indices)
    return selected(reader, base, indices, span)


def selected(reader: Reader, base: s.Expr, indices: sc.Indices, span: Span) -> s.Expr:
    """The selection; `A_{i,:}` of a matrix is a row."""
    entry = s.Index(base, indices.of, span)
    row = len(indices.of) == 2 and isinstance(indices.of[0], s.Name) and isinstance(indices.of[1], s.Whole)
    return s.Transpose(entry, span) if row and not indices.explicit and reader.notation.order(base) == 2 else entry


def note_indices(reader: Reader, indices: sc.Indices) -> None:
    """Remember which indices of the statement no sum binds."""
    names = {i.text for i in indices.of if isinstance(i, s.Name)} - reader.bound
    (reader.notation.positions if indices.explicit else reader.notation.free).update(names)


def one_index(reader: Reader, base: s.Expr, indices: sc.Indices, span: Span) -> UnsupportedError | None:
    """The error for one index on what may be a matrix; none for other selections."""
    order = reader.notation.order(base)
    if indices.explicit or len(indices.of) != 1 or order == 1 or (order or 0) > 2:
        return None
    index = indices.of[0].text if isinstance(indices.of[0], s.Name) else ":"
    return UnsupportedError(
        f"one index, `{index}`, on {'a matrix' if order == 2 else 'what may be a matrix'}: "
        "a row, a column, or a block of it",
        hint=f"write A_{{{index},:}} for a row, A_{{:,{index}}} for a column, A_{{ij}} for an entry; "
        "or say what the letter is: U = [u_1, \\dots, u_r]",
        span=span,
    )


def is_one(cursor: Cursor) -> bool:
    """Whether `\\mathbb{1}` or `\\mathbf{1}` or a 1 with a subscript begins here."""
    token = cursor.next
    if token is not None and token.kind == "number" and token.text in ("0", "1"):
        return is_symbol(cursor.peek(1), "_")
    if not is_command(token, *FONTS):
        return False
    inside = cursor.peek(2) if is_symbol(cursor.peek(1), "{") else cursor.peek(1)
    return inside is not None and inside.kind == "number" and inside.text in ("0", "1")
