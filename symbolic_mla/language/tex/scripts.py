"""What stands above and below a symbol: labels of its name, indices, exponents, a transpose, primes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from symbolic_mla.errors import NameUnknownError, Span, UnsupportedError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.characters import character_class
from symbolic_mla.language.tex.alphabet import FONTS, LETTERS
from symbolic_mla.language.tex.cursor import Cursor, closing, commas, is_command, is_symbol, join, unread, whole
from symbolic_mla.language.tex.tokens import Tex

if TYPE_CHECKING:
    from symbolic_mla.language.tex.expressions import Reader

GROUP = "group"  # of labels on one axis, only inside the indices of entry notation
Operation = Literal["transpose", "inverse", "inverse-transpose"]
Index = s.Expr | s.Whole


@dataclass(frozen=True, slots=True)
class Script:
    """A subscript `_`, a superscript `^`, or primes `'` (one for each token)."""

    kind: Literal["^", "_", "'"]
    tokens: tuple[Tex, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Indices:
    """Indices below a symbol; `explicit` if they stand in square brackets, which select and never name."""

    of: tuple[Index, ...]
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Scripts:
    """Scripts, sorted: `lower` and `upper` are tokens (None: no script), `below` and `above` their labels if they
    read as labels, `marks` primes and stars, `operations` what is done to the symbol, in order."""

    lower: tuple[Tex, ...] | None = None
    upper: tuple[Tex, ...] | None = None
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    operations: tuple[tuple[Operation | s.Expr, Span], ...] = ()

    def finish(self, expr: s.Expr) -> s.Expr:
        """The operations on the symbol that the other scripts name."""
        for operation, span in self.operations:
            expr = operate(expr, operation, join(expr.span, span))
        return expr

    def exponent(self, reader: Reader) -> s.Expr | None:
        """The upper script as an exponent: a number, or an expression of declared numbers alone."""
        return exponent(reader, self.upper) if self.upper else None


def operate(expr: s.Expr, operation: Operation | s.Expr, span: Span) -> s.Expr:
    """A transpose, an inverse or a power."""
    match operation:
        case "transpose":
            return s.Transpose(expr, span)
        case "inverse":
            return s.Inverse(expr, span)
        case "inverse-transpose":
            return s.Transpose(s.Inverse(expr, span), span)
        case _:
            return s.Power(expr, operation, span)


def collect(cursor: Cursor) -> tuple[Script, ...]:
    """The scripts that begin here. Raises: DocumentSyntaxError for two of one kind."""
    found: list[Script] = []
    while (token := cursor.next) is not None:
        if is_symbol(token, "'"):
            primes = [cursor.take()]
            while is_symbol(cursor.next, "'"):
                primes.append(cursor.take())
            found.append(Script("'", tuple(primes), whole(primes, token.span)))
        elif is_symbol(token, "^", "_"):
            cursor.take()
            inside, span = cursor.argument(token)
            kind: Literal["^", "_"] = "^" if token.text == "^" else "_"
            if any(x.kind == kind for x in found):
                raise unread(
                    f"two {'super' if kind == '^' else 'sub'}scripts on one symbol",
                    "put the first symbol in braces: {W^{K}}^\\top",
                    join(token.span, span),
                )
            found.append(Script(kind, tuple(inside), join(token.span, span)))
        else:
            break
    return tuple(found)


def sorted_scripts(scripts: Sequence[Script], reader: Reader) -> Scripts:
    """The scripts by what they may be.

    Raises: DocumentSyntaxError for two of one kind; UnsupportedError for a pseudo-inverse.
    """
    lower: tuple[Tex, ...] | None = None
    upper: tuple[Tex, ...] | None = None
    marks: list[str] = []
    operations: list[tuple[Operation | s.Expr, Span]] = []
    for script in scripts:
        if script.kind == "'":
            marks += ["prime"] * len(script.tokens)
        elif script.kind == "_":
            if lower is not None:
                raise unread("two subscripts on one symbol", "write them as one: W_{K,h}", script.span)
            lower = script.tokens
        else:
            rest, own_marks, own = superscript(script, reader)
            marks += own_marks
            operations += [(operation, script.span) for operation in own]
            if rest:
                if upper is not None:
                    raise unread(
                        "two superscripts on one symbol", "put the first symbol in braces: {W^{K}}^\\top", script.span
                    )
                upper = rest
    if lower is not None and not lower:
        lower = None
    return Scripts(lower, upper, labels(lower or ()), labels(upper or ()), tuple(marks), tuple(operations))


def superscript(script: Script, reader: Reader) -> tuple[tuple[Tex, ...], list[str], list[Operation | s.Expr]]:
    """What a superscript is: tokens that name or raise, marks of the name, operations.

    Raises: UnsupportedError for a pseudo-inverse; NameUnknownError for ^T where T is a number.
    """
    tokens = [t for t in script.tokens if not (is_symbol(t, ",") and t is script.tokens[-1])]
    texts = [str(t) for t in tokens]
    if not tokens:
        return (), [], []
    if any(t in ("\\dagger", "\\dag") for t in texts) or texts in (["+"], ["\\ddagger"]):
        raise UnsupportedError(
            "a pseudo-inverse or a conjugate transpose: matrices are real, and inverses are of invertible ones",
            hint="write ^\\top for the transpose; a matrix declared invertible has ^{-1}",
            span=script.span,
        )
    if set(texts) <= {"\\prime"}:
        return (), ["prime"] * len(texts), []
    if texts in (["*"], ["\\ast"], ["\\star"]):
        return (), ["star"], []
    if transposes(tokens):
        if texts == ["T"] and "T" in reader.notation.numbers:
            raise NameUnknownError(
                "`^T` may be a transpose or a power, since `T` is a number here",
                hint="write ^\\top for the transpose",
                span=script.span,
            )
        return (), [], ["transpose"]
    if texts == ["-", "1"]:
        return (), [], ["inverse"]
    if texts[0] == "-" and transposes(tokens[1:]):
        return (), [], ["inverse-transpose"]
    if len(tokens) == 1 and tokens[0].kind == "number":
        return (), [], [s.Number(reader.integer(tokens[0]), tokens[0].span)]
    for command in ("\\top", "\\intercal"):
        if texts[-1] == command:
            rest = tokens[:-1]
            while rest and is_symbol(rest[-1], ","):
                rest.pop()
            return tuple(rest), [], ["transpose"]
    return tuple(tokens), [], []


def transposes(tokens: Sequence[Tex]) -> bool:
    """Whether an exponent is `\\top`, `T`, `\\mathsf{T}` ..."""
    texts = [str(t) for t in tokens if not is_symbol(t, "{", "}")]
    if texts and texts[0][1:] in FONTS:
        texts = texts[1:]
    return texts in (["T"], ["\\top"], ["\\intercal"]) or [t.text for t in tokens] == ["T"]


def exponent(reader: Reader, tokens: Sequence[Tex]) -> s.Expr | None:
    """An expression of numbers that are declared; None for anything else."""
    letters = [t for t in tokens if t.kind == "letter" or (t.kind == "command" and t.text in LETTERS)]
    names = [LETTERS.get(t.text, t.text) for t in letters]
    if not tokens or any(n not in reader.notation.numbers for n in names):
        return None
    if any(t.kind not in ("letter", "number", "symbol") and t not in letters for t in tokens):
        return None
    return reader.inner(tokens, tokens[0].span)


def word(tokens: Sequence[Tex]) -> str | None:
    """Letters, digits and words in fonts, run together; None where something else stands there."""
    out = ""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.kind == "letter" or (token.kind == "number" and token.text.isdecimal()):
            out += token.text
        elif token.kind == "command" and token.text in LETTERS:
            out += LETTERS[token.text]
        elif token.kind == "remark" and token.text.isalnum():
            out += token.text
        elif is_command(token, *FONTS) and not is_command(token, "mathbb"):
            pass
        elif is_symbol(token, "{"):
            end = closing(tokens, position)
            inside = word(tokens[position + 1 : end])
            if inside is None:
                return None
            out += inside
            position = end
        else:
            return None
        position += 1
    return out or None


def labels(tokens: Sequence[Tex]) -> tuple[str, ...]:
    """The labels of a name: words with commas between them, perhaps in brackets as `(i)`; none if it is not that."""
    if len(tokens) > 2 and is_symbol(tokens[0], "(") and closing(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    found = [word(part) for part in commas(tokens)] if tokens else []
    if any(w is None or not all(character_class(c) in ("letter", "digit", "mark") for c in w) for w in found):
        return ()
    return tuple(w for w in found if w is not None)


def indices(reader: Reader, tokens: Sequence[Tex], skip: int = 0) -> Indices | None:
    """A subscript, without its first `skip` parts, as indices: positions `i`, whole axes `:`; None if it is none.

    In square brackets, `[0, i]`, numbers are positions too, from 0.
    """
    if len(tokens) > 1 and is_symbol(tokens[0], "[") and closing(tokens, 0) == len(tokens) - 1:
        if skip:
            return None
        parts = [_explicit(reader, part, tokens[0].span) for part in commas(tokens[1:-1])]
        return Indices(tuple(parts), True)
    if reader.entries:
        axes = [] if skip else [label_axis(part, reader.bound) for part in commas(tokens)]
        return Indices(tuple(a for a in axes if a is not None), True) if axes and None not in axes else None
    found: list[Index] = []
    for part in commas(tokens)[skip:]:
        if len(part) == 1 and is_symbol(part[0], ":"):
            found.append(s.Whole(part[0].span))
            continue
        for token in part:
            name = LETTERS.get(token.text, token.text) if token.kind == "command" else token.text
            if token.kind not in ("letter", "command") or not reader.is_index(name):
                return None
            found.append(s.Name(name, token.span))
        if not part:
            return None
    return Indices(tuple(found)) if found else None


def _explicit(reader: Reader, tokens: Sequence[Tex], near: Span) -> Index:
    if len(tokens) == 1 and is_symbol(tokens[0], ":"):
        return s.Whole(tokens[0].span)
    if len(tokens) == 1 and tokens[0].kind == "letter" and reader.is_index(tokens[0].text):
        return s.Name(tokens[0].text, tokens[0].span)
    return reader.inner(tokens, near)


def label_axis(tokens: Sequence[Tex], labels: Collection[str]) -> s.Expr | None:
    """An axis in entry notation: a label, or several in brackets, `(h\\,d)`, as a tuple; None if it is none."""
    if len(tokens) > 2 and is_symbol(tokens[0], "(") and closing(tokens, 0) == len(tokens) - 1:
        names = label_list(tokens[1:-1])
        if names is None or not set(names) <= set(labels):
            return None
        return s.Call(GROUP, tuple(s.Name(n, tokens[0].span) for n in names), (), whole(tokens, tokens[0].span))
    names = label_list(tokens)
    if names is None or len(names) != 1 or names[0] not in labels:
        return None
    return s.Name(names[0], whole(tokens, tokens[0].span))


def label_list(tokens: Sequence[Tex]) -> list[str] | None:
    """Labels side by side: letters, words in a font, with a subscript or without; None for anything else."""
    names: list[str] = []
    position = 0
    while position < len(tokens):
        end = position + 1
        if is_command(tokens[position], *FONTS) and end < len(tokens) and is_symbol(tokens[end], "{"):
            end = closing(tokens, end) + 1
        name = word(tokens[position:end])
        if name is None or tokens[position].kind == "number":
            return None
        if end + 1 < len(tokens) and is_symbol(tokens[end], "_"):
            last = closing(tokens, end + 1) + 1 if is_symbol(tokens[end + 1], "{") else end + 2
            below = word([t for t in tokens[end + 1 : last] if not is_symbol(t, "{", "}")])
            if below is None:
                return None
            name, end = f"{name}_{below}", last
        names.append(name)
        position = end
    return names
