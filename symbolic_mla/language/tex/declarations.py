"""Declarations in formulas: `A, B \\in \\mathbb{R}^{m \\times n}`, definitions, singular value decompositions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from symbolic_mla.errors import Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.tex.atoms import name_at
from symbolic_mla.language.tex.cursor import commas, is_command, is_symbol, join, source, split, unread
from symbolic_mla.language.tex.notation import Notation
from symbolic_mla.language.tex.tokens import Tex

if TYPE_CHECKING:
    from symbolic_mla.language.tex.expressions import Reader

Space: TypeAlias = "tuple[s.Expr, ...] | str"
"""The sizes of a space of tensors; `""`, `">"`, `">="` for the reals by sign; `"dims"` for positive integers."""

_WHOLE = frozenset({"N", "Z"})


def memberships(reader: Reader) -> list[tuple[list[s.Name], Space]] | None:
    """`names \\in space, names \\in space ...`, all of it; None for anything else than names before a `\\in`."""
    out: list[tuple[list[s.Name], Space]] = []
    while True:
        names = []
        while True:
            name = name_at(reader)
            if name is None:
                return None
            names.append(name)
            if not is_symbol(reader.next, ","):
                break
            reader.take()
        if not is_command(reader.next, "in"):
            return None
        reader.take()
        out.append((names, space(reader)))
        if reader.next is None:
            return out
        if not is_symbol(reader.next, ",") and reader.next.kind != "gap":
            return None
        reader.take()


def space(reader: Reader) -> Space:
    """What stands behind `\\in`. Raises: DocumentSyntaxError for a space that is none of matrices."""
    token = reader.next
    if not is_command(token, "mathbb", "mathbf", "bf", "R", "N", "Z", "reals") or token is None:
        raise unread(
            "a space was expected", "write \\mathbb{R}^{m \\times n}, or \\mathbb{N} for a size", reader.here()
        )
    reader.take()
    field, span = [token], token.span
    if token.text in ("mathbb", "mathbf", "bf"):
        field, span = reader.argument(token)
    letter = source(field).lstrip("\\").replace("reals", "R")
    upper: list[Tex] | None = None
    lower = ""
    while is_symbol(reader.next, "^", "_"):
        script = reader.take()
        found, end = reader.argument(script)
        span = join(span, end)
        if script.text == "^":
            upper = found
        else:
            lower = source(found).replace("\\geq", "\\ge").replace("\\gt", ">").replace("{", "").replace("}", "")
    if letter in _WHOLE:
        raised = source(upper) if upper else ""
        if (letter == "N" and raised in ("", "+", "*") and lower in ("", ">0", "+", "\\ge1")) or (
            letter == "Z" and ((raised == "+" and not lower) or (not raised and lower in (">0", "\\ge1", "+")))
        ):
            return "dims"
        raise unread("sizes are positive integers", "write \\mathbb{N} or \\mathbb{Z}_{>0}", span)
    if letter != "R":
        raise unread(f"matrices over `{letter}`", "matrices are real: \\mathbb{R}^{m \\times n}", span)
    if upper is None:
        if lower in ("", ">0", "\\ge0"):
            return {"": "", ">0": ">", "\\ge0": ">="}[lower]
        raise unread("this part of the reals is not read", "write \\mathbb{R}_{>0} or \\mathbb{R}_{\\ge 0}", span)
    if lower:
        raise unread("a sign of all entries is not in the language", "write \\mathbb{R}^{m \\times n}", span)
    return tuple(sized(reader.inner(part, span)) for part in split(upper, lambda t: is_command(t, "times")))


def sized(size: s.Expr) -> s.Expr:
    """A size with its products spelt out, as the text of a declaration has them."""
    if isinstance(size, s.Product) and size.operator == "":
        return s.Product("*", sized(size.left), sized(size.right), size.span)
    if isinstance(size, s.Sum):
        return s.Sum(tuple(map(sized, size.terms)), size.span)
    return size


def declared(spaces: Sequence[tuple[list[s.Name], Space]]) -> Iterator[s.Item]:
    """The items that memberships are."""
    for names, where in spaces:
        span = join(names[0].span, names[-1].span)
        if isinstance(where, tuple):
            yield s.Given((s.GivenGroup(s.Group(tuple(names), where, span), (), span),), span)
        elif where == "dims":
            yield s.Dims(tuple(s.DimSymbol(n, 1, n.span) for n in names), span)
        else:
            sign: s.Relation | None = {"": None, ">": ">", ">=": ">="}[where]
            yield s.Scalars(tuple(s.ScalarSymbol(n, sign, n.span) for n in names), span)


def shape_claim(expr: s.Expr, where: Space) -> s.Chain:
    """That an expression has a shape: it equals itself plus a zero matrix of that shape.

    Raises: DocumentSyntaxError for a space of numbers.
    """
    if not isinstance(where, tuple):
        raise unread("a number is declared once", "leave this out", expr.span)
    zero = s.Call("zeros", where, (), expr.span)
    right = s.Sum((expr, zero), expr.span)
    return s.Chain(expr, (s.Step("=", right, None, expr.span),), expr.span)


def groups(reader: Reader) -> tuple[s.Group, ...]:
    """The names and shapes behind `\\exists` or `\\forall`, up to a colon or the like."""
    out: list[s.Group] = []
    while True:
        start = reader.here()
        names: list[s.Name] = []
        while True:
            name = name_at(reader)
            if name is None:
                raise unread(
                    "a name was expected", "write \\exists U \\in \\mathbb{R}^{m \\times n}: ...", reader.here()
                )
            names.append(name)
            if not is_symbol(reader.next, ","):
                break
            reader.take()
        if not is_command(reader.next, "in"):
            raise unread("the shape is missing", "write \\exists U \\in \\mathbb{R}^{m \\times n}: ...", reader.here())
        reader.take()
        where = space(reader)
        if not isinstance(where, tuple):
            raise unread(
                "quantified are matrices and vectors", "write \\exists U \\in \\mathbb{R}^{m \\times n}: ...", start
            )
        end = reader.tokens[reader.at - 1].span
        out.append(s.Group(tuple(names), where, join(start, end)))
        if is_command(reader.next, "exists"):
            reader.take()
        elif is_symbol(reader.next, ","):
            reader.take()
            if is_command(reader.next, "exists"):
                reader.take()
        else:
            return tuple(out)
        if is_command(reader.next, "forall"):
            return tuple(out)


def such_that(reader: Reader) -> None:
    """Skip a colon, `such that`, `with`."""
    while (token := reader.next) is not None:
        words = token.kind == "remark" and token.text.strip(" ,:").lower() in (
            "such that",
            "s.t.",
            "with",
            "for all",
            "so that",
            "st",
        )
        if not (words or is_symbol(token, ":", ",") or is_command(token, "colon", "mid")):
            return
        reader.take()


def parameters(reader: Reader) -> tuple[s.Name, ...] | None:
    """The names in the bracket of `f(Q, K) := ...`; None if there are other things in it."""
    inside, span = reader.bracket()
    names = []
    for part in commas(inside):
        inner = type(reader)(part, span, reader.notation)
        name = name_at(inner)
        if name is None or inner.next is not None:
            return None
        names.append(name)
    return tuple(names)


def defined(name: s.Name, parameters: tuple[s.Name, ...], body: s.Expr, notation: Notation) -> s.Item:
    """A definition: of a dimension, if dimensions are all that it is made of."""
    span: Span = join(name.span, body.span)
    if not parameters and _is_size(body, notation):
        return s.DimDefinition(name, sized(body), span)
    return s.Let(name, parameters, body, span)


def _is_size(body: s.Expr, notation: Notation) -> bool:
    todo: list[s.Expr] = [body]
    named = False
    while todo:
        match todo.pop():
            case s.Name(text) if text in notation.dims:
                named = True
            case s.Number(int()):
                pass
            case s.Product("" | "*", left, right):
                todo += [left, right]
            case s.Sum(terms):
                todo += terms
            case _:
                return False
    return named


def names_in(expr: object) -> Iterator[s.Name]:
    """Every name in a tree."""
    todo: list[object] = [expr]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo += node
        elif isinstance(node, s.Name):
            yield node
        elif hasattr(node, "__slots__") and hasattr(node, "span"):
            todo += [getattr(node, name) for name in node.__slots__ if name != "span"]


def decomposition(reader: Reader) -> s.Obtain:
    """`W = U \\Sigma V^\\top`, marked `obtain`: a singular value decomposition.

    Raises: DocumentSyntaxError for any other formula.
    """
    hint = "write W = U \\Sigma V^\\top with three new names"
    matrix = reader.expression()
    if not is_symbol(reader.next, "="):
        raise unread("a singular value decomposition was expected", hint, reader.here())
    reader.take()
    names: list[s.Name] = []
    for _ in range(3):
        name = name_at(reader) if len(names) < 2 else _transposed(reader)
        if name is None:
            raise unread("a singular value decomposition was expected", hint, reader.here())
        names.append(name)
    if reader.next is not None:
        raise unread("a singular value decomposition was expected", hint, reader.here())
    span = join(matrix.span, names[-1].span)
    return s.Obtain(tuple(names), s.Call("svd", (matrix,), (), span), span)


def _transposed(reader: Reader) -> s.Name | None:
    from symbolic_mla.language.tex.scripts import transposes

    tokens = reader.tokens[reader.at :]
    at = next((k for k, t in enumerate(tokens) if is_symbol(t, "^")), None)
    if at is None or not transposes(tokens[at + 1 :]):
        return None
    inner = type(reader)(tokens[:at], reader.here(), reader.notation)
    name = name_at(inner)
    reader.at = len(reader.tokens)
    return name if inner.next is None else None
