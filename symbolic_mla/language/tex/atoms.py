"""What a factor begins with: a symbol, a number, a bracket, a matrix, a command with arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from symbolic_mla.errors import DocumentSyntaxError, NameUnknownError, Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.parse import BUILTINS
from symbolic_mla.language.tex import scripts as sc
from symbolic_mla.language.tex.cursor import (
    Cursor,
    closing,
    commas,
    is_command,
    is_symbol,
    join,
    source,
    split,
    unread,
)
from symbolic_mla.language.tex.refused import HINTS
from symbolic_mla.language.tex.sums import along, index_of
from symbolic_mla.language.tex.symbols import Letter, fresh_name, is_one, letter_of, symbol
from symbolic_mla.language.tex.tokens import Tex

if TYPE_CHECKING:
    from symbolic_mla.language.tex.expressions import Reader

ALIASES: Mapping[str, str] = {
    "rk": "rank", "Rank": "rank", "Tr": "tr", "trace": "tr", "Trace": "tr", "Diag": "diag", "Softmax": "softmax",
    "SoftMax": "softmax", "Vec": "vec", "vect": "vec", "vectorize": "vec",
}  # fmt: skip
"""Other names of builtins, where the document does not declare them."""
ALONG = frozenset({"softmax", "normalize"})
WITHOUT_BRACKETS = frozenset({"rank", "tr", "diag", "softmax", "vec"})
_PATTERNS = frozenset({"einsum", "reorder"})
_OLD_FONTS = frozenset({"bf", "rm", "it", "cal", "sf"})


def atom(reader: Reader) -> s.Expr:
    """What begins here, without the scripts behind it, unless it is a symbol.

    Raises: DocumentSyntaxError for what is not read; as `symbol`.
    """
    token = reader.next
    if token is None:
        raise unread("the formula ends where a factor was expected", "complete it", reader.span)
    if is_one(reader):
        return _constant(reader)
    if token.kind == "number":
        reader.take()
        return s.Number(reader.integer(token), token.span)
    if token.kind == "remark":
        return _word(reader, reader.take())
    if token.kind == "begin":
        from symbolic_mla.language.tex.matrices import environment

        return environment(reader)
    if is_symbol(token, "{"):
        return _group(reader)
    if is_symbol(token, "("):
        inside, span = reader.bracket()
        return reader.bracketed(inside, span)
    if is_symbol(token, "["):
        from symbolic_mla.language.tex.matrices import square_bracket

        return square_bracket(reader)
    if token.kind == "command" and token.text in COMMANDS:
        return COMMANDS[token.text](reader, reader.take())
    if token.kind == "command" and (token.text in BUILTINS or token.text in ALIASES):
        return _word(reader, reader.take())
    start = reader.at
    letter = letter_of(reader, reader.is_word, deltas=reader.deltas)
    if letter is None:
        reader.at = start
        raise _error(reader, token)
    if letter.text == "I" and not reader.notation.known("I"):
        return _identity(reader, letter)
    return _symbol(reader, letter)


def _error(reader: Reader, token: Tex) -> DocumentSyntaxError:
    """The error for what begins no factor."""
    if is_command(token, "mathbb"):
        inside, span = reader.argument(reader.take())
        return unread(f"`\\mathbb{{{source(inside)}}}` is no matrix and no number",
               HINTS.get(f"\\mathbb{{{source(inside)}}}", HINTS["\\mathbb"]), join(token.span, span))  # fmt: skip
    return unread(
        f"`{token}` is not read",
        HINTS.get(str(token), "the language reference lists what is read of LaTeX"),
        token.span,
    )


def _group(reader: Reader) -> s.Expr:
    inside, span = reader.bracket()
    if not inside:  # {} sets nothing
        if reader.next is None:
            raise unread("nothing stands here", "write an expression", span)
        return atom(reader)
    if is_command(inside[0], *_OLD_FONTS):
        braces = [Tex("symbol", "{", inside[0].span), *inside[1:], Tex("symbol", "}", inside[-1].span)]
        reader.tokens[reader.at : reader.at] = [inside[0], *braces]
        return atom(reader)
    return reader.bracketed(inside, span)


# ---- names and calls -----------------------------------------------------------------------------------


def _symbol(reader: Reader, letter: Letter) -> s.Expr:
    name = ALIASES.get(letter.text, letter.text)
    if name in BUILTINS and not reader.notation.known(letter.text) and len(letter.text) > 1 and not letter.inner:
        return call(reader, name, letter.span)
    start = reader.at
    outer = sc.collect(reader)
    if len(letter.text) == 1 or not outer or not reader.notation.is_function(letter.text):
        expr = symbol(reader, letter, outer)
    else:
        reader.at = start
        expr = s.Name(letter.text, letter.span)
    if isinstance(expr, s.Name) and reader.notation.is_function(expr.text) and is_symbol(reader.next, "("):
        return call(reader, expr.text, expr.span)
    return expr


def _word(reader: Reader, token: Tex) -> s.Expr:
    """`\\rank`, `\\text{softmax}`: a word that is a name."""
    return _symbol(reader, Letter(token.text, (token.text,), rf"\mathrm{{{token.text}}}", token.span))


def _along(reader: Reader, name: str, index: Sequence[Tex], start: Span) -> s.Expr:
    """`softmax_j(...)`: what is in the brackets has the index j."""
    letter = index_of(index, start)
    if not (is_symbol(reader.next, "(", "[") or is_command(reader.next, "{")):
        raise unread(f"`{name}` along {letter} of what?", f"write \\mathrm{{{name}}}_{letter}(S_{{i{letter}}})", start)
    outer = reader.bound
    reader.bound = outer | {letter}
    try:
        inside, span = reader.bracket()
        body = reader.inner(inside, span)
    finally:
        reader.bound = outer
    if letter not in outer:
        reader.notation.free.add(letter)
    return along(reader, name, letter, body, join(start, span))


def call(reader: Reader, name: str, start: Span) -> s.Expr:
    """A builtin or a function with its arguments; some builtins take one factor without brackets.

    Raises: DocumentSyntaxError where it is not clear what the arguments are.
    """
    if name in _PATTERNS:
        raise unread(f"`{name}` takes a pattern, which LaTeX has no way to write",
               "write a \\sum over indices, or state this claim in a derivation block", start)  # fmt: skip
    if name in ALONG and is_symbol(reader.next, "_"):
        script = reader.take()
        tokens, place = reader.argument(script)
        return _along(reader, name, tokens, join(start, place))
    if is_symbol(reader.next, "^", "_", "'"):
        raise unread(
            f"a script on `{name}`", f"write it behind the brackets: \\mathrm{{{name}}}(A)^\\top", reader.here()
        )
    if is_symbol(reader.next, "(", "[") or is_command(reader.next, "{"):
        inside, span = reader.bracket()
        arguments = [_argument(reader, part, span) for part in commas(inside)]
        plain = tuple(a for a in arguments if not isinstance(a, s.Keyword))
        keywords = tuple(a for a in arguments if isinstance(a, s.Keyword))
        return s.Call(name, plain, keywords, join(start, span))
    if name not in WITHOUT_BRACKETS:
        raise unread(f"`{name}` without its arguments", f"write \\mathrm{{{name}}}(...)", start)
    argument = reader.factor()
    token = reader.next
    if token is not None and not reader.ends(token):
        raise unread(
            f"where the argument of `{name}` ends is not clear", f"write \\operatorname{{{name}}}(...)", token.span
        )
    return s.Call(name, (argument,), (), join(start, argument.span))


def _argument(reader: Reader, tokens: Sequence[Tex], near: Span) -> s.Expr | s.Keyword:
    parts = split(tokens, lambda t: is_symbol(t, "="))
    if len(parts) == 2:
        cursor = Cursor(parts[0], near)
        letter = letter_of(cursor, lambda run, behind: True)
        if letter is not None and cursor.next is None:
            value = reader.inner(parts[1], near)
            return s.Keyword(s.Name(letter.text, letter.span), value, join(letter.span, value.span))
    return reader.inner(tokens, near)


# ---- identities, ones, zeros ---------------------------------------------------------------------------


def _sizes(reader: Reader, tokens: Sequence[Tex], near: Span) -> tuple[s.Expr, ...]:
    return tuple(reader.inner(part, near) for part in split(tokens, lambda t: is_command(t, "times")))


def _identity(reader: Reader, letter: Letter) -> s.Expr:
    scripts = (*letter.inner, *sc.collect(reader))
    below = next((x for x in scripts if x.kind == "_"), None)
    if below is None:
        raise unread("an identity matrix of which size?", "write I_{n}", letter.span)
    named = sc.labels(below.tokens)
    if named and reader.notation.known("_".join(["I", *named])):
        raise NameUnknownError(
            f"`I_{{{','.join(named)}}}` may be the matrix of that name or an identity",
            hint="rename the matrix", span=join(letter.span, below.span),
        )  # fmt: skip
    sizes = _sizes(reader, below.tokens, below.span)
    if len(sizes) > 2 or (len(sizes) == 2 and sizes[0] != sizes[1]):
        raise unread("an identity matrix is square", "write I_{n}", below.span)
    expr: s.Expr = s.Call("I", (sizes[0],), (), join(letter.span, below.span))
    for script in scripts:
        if script is not below:
            expr = reader.script(expr, script)
    return expr


def _constant(reader: Reader) -> s.Expr:
    """`\\mathbf{1}_n`, `0_{m \\times n}`: all ones, all zeros; `\\mathbf{0}` without a shape is the number."""
    first = reader.take()
    digit, span = first, first.span
    if first.kind == "command":
        inside, end = reader.argument(first)
        if len(inside) != 1:
            raise unread("a number in a font", "write the number plainly", join(first.span, end))
        digit, span = inside[0], join(first.span, end)
    if not is_symbol(reader.next, "_"):
        if digit.text == "0":
            return s.Number(0, span)
        if first.kind == "command":
            raise unread("a vector of ones of which size?", "write \\mathbf{1}_{n}", span)
        return s.Number(1, span)
    below, end = reader.argument(reader.take())
    name = "ones" if digit.text == "1" else "zeros"
    return s.Call(name, _sizes(reader, below, end), (), join(first.span, end))


# ---- commands with arguments ---------------------------------------------------------------------------


def _fraction(reader: Reader, token: Tex) -> s.Expr:
    top, top_span = reader.argument(token)
    bottom, span = reader.argument(token)
    return s.Quotient(reader.inner(top, top_span), reader.inner(bottom, span), join(token.span, span))


def _root(reader: Reader, token: Tex) -> s.Expr:
    if is_symbol(reader.next, "["):
        _, span = reader.bracket()
        raise unread("a root that is no square root", "the language has \\sqrt{x}", span)
    inside, span = reader.argument(token)
    return s.Call("sqrt", (reader.inner(inside, span),), (), join(token.span, span))


def _decorated(reader: Reader, token: Tex) -> s.Expr:
    """`\\boxed{A}`: what stands inside."""
    inside, span = reader.argument(token)
    return reader.bracketed(inside, join(token.span, span))


def _coloured(reader: Reader, token: Tex) -> s.Expr:
    reader.argument(token)
    return _decorated(reader, token) if token.text == "textcolor" else atom(reader)


def _braced(reader: Reader, token: Tex) -> s.Expr:
    """`\\underbrace{A}_{...}`: A, and what is written at the brace is a remark, or says how many copies there are."""
    inside, span = reader.argument(token)
    note: list[Tex] = []
    if is_symbol(reader.next, "_" if token.text == "underbrace" else "^"):
        note, note_span = reader.argument(reader.take())
        span = join(span, note_span)
    place = join(token.span, span)
    if any(str(t) in ("=", "\\le", "\\leq", "\\ge", "\\geq", "<", ">") for t in note):
        raise unread("a relation at a brace is not read", "state it as a step, or leave it out", place)
    from symbolic_mla.language.tex.matrices import copies_in

    copied = copies_in(reader, inside, note, place)
    return copied if copied is not None else reader.bracketed(inside, place)


def _sum(reader: Reader, token: Tex) -> s.Expr:
    from symbolic_mla.language.tex.sums import summation

    return summation(reader, token)


def _extreme(reader: Reader, token: Tex) -> s.Expr:
    return call(reader, token.text, token.span)


def _norm(reader: Reader, token: Tex) -> s.Expr:
    """`\\|A\\|_F^2`, the sum of squares: tr(A^T A), or x^T x of a vector."""
    end = next(
        (k for k in range(reader.at, len(reader.tokens)) if is_command(reader.tokens[k], "|", "Vert", "rVert")), -1
    )
    if end < 0:
        raise unread("`\\|` is never closed", "add the missing `\\|`", token.span)
    inside = reader.tokens[reader.at : end]
    reader.at = end + 1
    place = join(token.span, reader.tokens[end].span)
    expr = reader.inner(inside, place)
    scripts = sc.collect(reader)
    below = next((sc.word(x.tokens) for x in scripts if x.kind == "_"), None)
    squared = [t.text for x in scripts if x.kind == "^" for t in x.tokens] == ["2"]
    span = join(place, scripts[-1].span) if scripts else place
    order = reader.notation.order(expr)
    if not squared:
        raise unread("a norm that is not squared", "write \\|A\\|_F^2, which is the trace of A^\\top A", span)
    product = s.Product("", s.Transpose(expr, expr.span), expr, span)
    if order == 1 and below in (None, "2", "F"):
        return product
    if below not in ("F", "Fro", "HS"):
        raise unread("this norm of what is not known to be a vector", "\\|A\\|_F^2 is read, of a matrix", span)
    return s.Call("tr", (product,), (), span)


def _inner_product(reader: Reader, token: Tex) -> s.Expr:
    """`\\langle x, y \\rangle`: x^T y of vectors, tr(x^T y) of matrices."""
    reader.at -= 1
    inside, span = reader.bracket()
    parts = [reader.inner(part, span) for part in commas(inside)]
    if is_symbol(reader.next, "_") and sc.word(reader.tokens[reader.at + 1 : reader.at + 2]) == "F":
        reader.at += 2
    orders = [reader.notation.order(p) for p in parts]
    if len(parts) != 2 or orders not in ([1, 1], [2, 2]):
        raise unread(
            "an inner product of what are not known to be two vectors or two matrices", "write x^\\top y", span
        )
    product = s.Product("", s.Transpose(parts[0], parts[0].span), parts[1], span)
    return product if orders == [1, 1] else s.Call("tr", (product,), (), span)


def _copies(reader: Reader, token: Tex) -> s.Expr:
    """`\\left. M \\right\\} n`: n copies."""
    from symbolic_mla.language.tex.matrices import copies_beside

    return copies_beside(reader, token)


COMMANDS: Mapping[str, Callable[[Reader, Tex], s.Expr]] = {
    "frac": _fraction, "dfrac": _fraction, "tfrac": _fraction, "cfrac": _fraction, "nicefrac": _fraction,
    "sqrt": _root, "boxed": _decorated, "mathclap": _decorated, "underline": _decorated, "color": _coloured,
    "textcolor": _coloured, "underbrace": _braced, "overbrace": _braced, "sum": _sum, "min": _extreme, "max": _extreme,
    "|": _norm, "Vert": _norm, "lVert": _norm, "langle": _inner_product, "left.": _copies,
}  # fmt: skip
"""Commands that take arguments; letters, fonts and accents are in `alphabet`."""


def name_at(reader: Reader) -> s.Name | None:
    """The name that stands here to be declared, scripts included; None if it is no name, with nothing taken."""
    start = reader.at
    token = reader.next
    letter: Letter | None
    if token is not None and token.kind == "remark" and token.text.isalnum():
        reader.take()
        letter = Letter(token.text, (token.text,), rf"\mathrm{{{token.text}}}", token.span)
    elif is_symbol(token, "{") and is_command(reader.peek(1), *_OLD_FONTS):
        end = closing(reader.tokens, reader.at)
        inside = reader.tokens[reader.at + 1 : end]
        cursor = Cursor(
            [inside[0], Tex("symbol", "{", inside[0].span), *inside[1:], reader.tokens[end]], inside[0].span
        )
        letter = letter_of(cursor)
        reader.at = end + 1
    else:
        letter = letter_of(reader, reader.is_word, deltas=reader.deltas)
    name = fresh_name(reader, letter, sc.collect(reader)) if letter is not None else None
    if name is None or name.text in BUILTINS:
        reader.at = start
        return None
    return name
