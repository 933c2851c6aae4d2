"""Sums over an index: `\\sum_{i=0}^{r-1} \\sigma_i u_i v_i^\\top` is an einsum, with the number of its terms stated.

Every factor that has the index is a selection at it; the others are what they are. The factors are multiplied as
matrices, columns, rows and numbers, and each axis that a product joins gets a label.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from symbolic_mla.errors import NameUnknownError, Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.tex.alphabet import LETTERS
from symbolic_mla.language.tex.cursor import commas, is_command, is_symbol, join, split, unread
from symbolic_mla.language.tex.tokens import Tex

if TYPE_CHECKING:
    from symbolic_mla.language.tex.expressions import Reader

MAX_POWER = 8  # of an entry in a sum
MAX_TERMS = 64  # into which the body of a sum is multiplied out


@dataclass(frozen=True, slots=True)
class Range:
    """An index and how often it runs (None: over the whole of its axis)."""

    index: str
    size: s.Expr | None


def summation(reader: Reader, token: Tex) -> s.Expr:
    """The sum that begins behind `\\sum`. Raises: DocumentSyntaxError for a range or a body that is not read."""
    below: list[Tex] = []
    above: list[Tex] = []
    place = token.span
    while is_symbol(reader.next, "_", "^"):
        script = reader.take()
        found, span = reader.argument(script)
        place = join(place, span)
        if script.text == "_":
            below = found
        else:
            above = found
    ranges = _ranges(reader, below, above, place)
    outer = reader.bound
    reader.bound = outer | {r.index for r in ranges}
    try:
        body = reader.term()
    finally:
        reader.bound = outer
    return summed(reader, body, ranges, join(token.span, body.span))


def _ranges(reader: Reader, below: Sequence[Tex], above: Sequence[Tex], place: Span) -> list[Range]:
    if not below:
        raise unread("a sum over which index?", "write \\sum_{i=1}^{r}", place)
    parts = split(below, lambda t: is_symbol(t, "=", "<") or is_command(t, "in", "lt", "le", "leq"))
    if len(parts) == 1 and not above:
        found = [Range(index_of(part, place), None) for part in commas(below)]
        if len({r.index for r in found}) < len(found):
            raise unread("one index twice", "name them apart", place)
        return found
    if len(parts) == 2:
        index = index_of(parts[0], place)
        middle = below[len(parts[0])]
        if is_symbol(middle, "=") and above:
            return [Range(index, _number_of_terms(reader, parts[1], above, place))]
        if (is_symbol(middle, "<") or is_command(middle, "lt")) and not above:
            return [Range(index, reader.inner(parts[1], place))]
    raise unread(
        "this range of a sum is not read", "write \\sum_{i=0}^{r-1}, \\sum_{i=1}^{r}, \\sum_{i<r} or \\sum_i", place
    )


def index_of(tokens: Sequence[Tex], place: Span) -> str:
    if len(tokens) == 1 and tokens[0].kind == "letter":
        return tokens[0].text
    if len(tokens) == 1 and tokens[0].kind == "command" and tokens[0].text in LETTERS:
        return LETTERS[tokens[0].text]
    raise unread("an index is one letter", "write \\sum_{i=1}^{r}, or softmax_j(S_{ij})", place)


def _number_of_terms(reader: Reader, low: Sequence[Tex], high: Sequence[Tex], place: Span) -> s.Expr:
    """From 1 to r, or from 0 to r - 1: r terms; from 0 to r: r + 1."""
    first = [t.text for t in low]
    if first == ["1"]:
        return reader.inner(high, place)
    if first != ["0"]:
        raise unread("a sum begins at 0 or at 1", "write \\sum_{i=0}^{r-1} or \\sum_{i=1}^{r}", place)
    return one_more(reader, high, place)


def one_more(reader: Reader, tokens: Sequence[Tex], place: Span) -> s.Expr:
    """`r` for the tokens `r - 1`, `E + 1` for any other E."""
    if [t.text for t in tokens[-2:]] == ["-", "1"] and len(tokens) > 2:
        return reader.inner(tokens[:-2], place)
    expr = reader.inner(tokens, place)
    if isinstance(expr, s.Number) and isinstance(expr.value, int):
        return s.Number(expr.value + 1, expr.span)
    return s.Sum((expr, s.Number(1, expr.span)), expr.span)


def mentions(expr: object, names: set[str]) -> bool:
    """Whether one of some names stands in a tree."""
    todo: list[object] = [expr]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo += node
        elif isinstance(node, s.Name) and node.text in names:
            return True
        elif hasattr(node, "__slots__") and hasattr(node, "span"):
            todo += [getattr(node, name) for name in node.__slots__ if name != "span"]
    return False


# ---- the body ------------------------------------------------------------------------------------------


def summed(reader: Reader, body: s.Expr, ranges: Sequence[Range], span: Span) -> s.Expr:
    """The sum of a body over its indices, as one einsum for each term of the body."""
    free = ordered(body, reader.notation.free | (reader.bound - {r.index for r in ranges}))
    terms = _multiplied_out(body, {r.index for r in ranges} | set(free), span)
    parts = [_one(reader, factors, sign, ranges, free, span) for sign, factors in terms]
    return parts[0] if len(parts) == 1 else s.Sum(tuple(parts), span)


def ordered(expr: object, names: Collection[str]) -> list[str]:
    """Those of some names that stand in a tree, in the order in which they are met."""
    found: dict[str, None] = {}
    todo: list[object] = [expr]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo += node[::-1]
        elif isinstance(node, s.Name):
            if node.text in names:
                found[node.text] = None
        elif hasattr(node, "__slots__") and hasattr(node, "span"):
            todo += [getattr(node, name) for name in reversed(node.__slots__) if name != "span"]
    return list(found)


def is_entry(expr: s.Expr) -> bool:
    """Whether an expression is an entry by its form: a selection at an index of each axis of what is selected from."""
    return isinstance(expr, s.Index) and bool(expr.indices) and all(isinstance(i, s.Name) for i in expr.indices)


_Term = tuple[int, list[s.Expr]]


def _multiplied_out(expr: s.Expr, indices: set[str], span: Span) -> list[_Term]:
    """The terms of a body, each a sign and its factors in order; only sums that have an index are taken apart."""
    match expr:
        case s.Negate(operand):
            return [(-sign, factors) for sign, factors in _multiplied_out(operand, indices, span)]
        case s.Sum(terms) if mentions(expr, indices):
            found = [t for term in terms for t in _multiplied_out(term, indices, span)]
        case s.Product("" | "*", left, right):
            found = [
                (a * b, [*x, *y])
                for a, x in _multiplied_out(left, indices, span)
                for b, y in _multiplied_out(right, indices, span)
            ]
        case s.Quotient(numerator, denominator) if numerator != s.Number(1) and not mentions(denominator, indices):
            inverse = s.Quotient(s.Number(1), denominator, denominator.span)
            found = [(a, [inverse, *x]) for a, x in _multiplied_out(numerator, indices, span)]
        case s.Transpose(s.Product("" | "*", left, right)) if mentions(expr, indices):
            swapped = s.Product("", s.Transpose(right, right.span), s.Transpose(left, left.span), expr.span)
            return _multiplied_out(swapped, indices, span)
        case s.Power(base, s.Number(int(times))) if (
            0 < times <= MAX_POWER and is_entry(base) and mentions(base, indices)
        ):
            return [(1, [base] * times)]
        case s.Transpose(s.Transpose(operand)):
            return _multiplied_out(operand, indices, span)
        case _:
            found = [(1, [expr])]
    if len(found) > MAX_TERMS:
        raise unread(f"a sum whose body has more than {MAX_TERMS} terms", "split it", span)
    return found


@dataclass(slots=True)
class Factor:
    """An operand of an einsum, the label of each of its axes, and which of them are its row and its column."""

    operand: s.Expr
    labels: list[str]
    row: str | None
    column: str | None


def _one(
    reader: Reader, factors: Sequence[s.Expr], sign: int, ranges: Sequence[Range], free: Sequence[str], span: Span
) -> s.Expr:
    """One term of a sum; with free indices it is the entry there of a tensor."""
    numbers, operands, row, column = contracted(reader, factors, {r.index for r in ranges} | set(free), span)
    used = {label for f in operands for label in f.labels}
    sizes = []
    for r in ranges:
        if r.index not in used:
            if r.size is None:
                raise unread(
                    f"nothing in the sum has the index {r.index}", "write the number of terms as a factor", span
                )
            numbers.append(r.size)
        elif r.size is not None:
            sizes.append(s.Keyword(s.Name(r.index, span), r.size, span))
    expr: s.Expr | None = None
    if operands:
        own = [label for label in free if label in used]
        axes = [x for x in (row, column) if x is not None]
        expr = einsum(operands, " ".join([*own, *axes]), sizes, span)
        if own:
            expr = s.Index(expr, (*(s.Name(x, span) for x in own), *(s.Whole(span) for _ in axes)), span)
        if row is None and column is not None:
            expr = s.Transpose(expr, span)
    for number in reversed(numbers):
        expr = number if expr is None else s.Product("*", number, expr, span)
    if expr is None:
        raise unread("a sum of nothing", "write what is summed", span)
    return s.Negate(expr, span) if sign < 0 else expr


def entries_of(reader: Reader, side: s.Expr, free: Sequence[str]) -> tuple[s.Expr, bool]:
    """One side of an equation between entries, as the tensor of all of its entries at the free indices; and whether
    what stands at them is a row.

    Raises: DocumentSyntaxError for a term that has not all of these indices.
    """
    span = side.span
    parts: list[s.Expr] = []
    rows: set[bool] = set()
    for sign, factors in _multiplied_out(side, set(free), span):
        numbers, operands, row, column = contracted(reader, factors, set(free), span)
        used = {label for f in operands for label in f.labels}
        missing = [label for label in free if label not in used]
        if missing:
            raise unread(
                f"the index {missing[0]} is not in every term of the equation", "write it for whole matrices", span
            )
        rows.add(row is None and column is not None)
        output = [*free, *(x for x in (row, column) if x is not None)]
        alone = len(operands) == 1 and operands[0].labels == output
        expr = operands[0].operand if alone else einsum(operands, " ".join(output), (), span)
        for number in reversed(numbers):
            expr = s.Product("*", number, expr, span)
        parts.append(s.Negate(expr, span) if sign < 0 else expr)
    if len(rows) > 1:
        raise unread("a sum of a row and a column", "transpose one of them", span)
    return (parts[0] if len(parts) == 1 else s.Sum(tuple(parts), span)), rows == {True}


def along(reader: Reader, name: str, index: str, body: s.Expr, span: Span) -> s.Expr:
    """`softmax_j(S_{ij})`: the entry at i, j of a function along the axis of j.

    Raises: DocumentSyntaxError for a body that has not this index, or is no number at the others.
    """
    others = [x for x in ordered(body, reader.notation.free | reader.bound) if x != index]
    if not mentions(body, {index}):
        raise unread(f"nothing in `{name}` has the index {index}", "write an entry of a matrix, S_{ij}", span)
    free = [*others, index]
    for _, factors in _multiplied_out(body, set(free), span):
        _, _, row, column = contracted(reader, factors, set(free), span)
        if row is not None or column is not None:
            raise unread(f"`{name}` along {index} of what is no number", "give an index to every axis", span)
    whole, _ = entries_of(reader, body, free)
    return s.Index(s.Call(name, (whole,), (), span), tuple(s.Name(x, span) for x in free), span)


def einsum(operands: Sequence[Factor], output: str, sizes: Sequence[s.Keyword], span: Span) -> s.Call:
    pattern = ", ".join(" ".join(f.labels) for f in operands) + f" -> {output}"
    return s.Call("einsum", (s.Text(pattern.strip(), span), *(f.operand for f in operands)), tuple(sizes), span)


def contracted(
    reader: Reader, factors: Sequence[s.Expr], indices: set[str], span: Span
) -> tuple[list[s.Expr], list[Factor], str | None, str | None]:
    """The factors of a product: its numbers, its operands with their labels, the labels of its row and column."""
    fresh = (f"{letter}{'' if n == 0 else n}" for n in count() for letter in "abcdefgh" if letter not in indices)
    numbers: list[s.Expr] = []
    found: list[Factor] = []
    row: str | None = None
    column: str | None = None
    for expr in factors:
        if not mentions(expr, indices) and reader.is_number(expr):
            numbers.append(expr)
            continue
        new = _factor(reader, expr, indices, fresh)
        if new.row is None and new.column is None:
            found.append(new)
            continue
        if row is None and column is None:
            row, column = new.row, new.column
        elif column is not None and new.row is not None:
            new.labels = [column if label == new.row else label for label in new.labels]
            column = new.column
        elif column is None and new.row is None:
            column = new.column
        else:
            raise unread("factors of this sum do not multiply",
                   "a column times a row, a row times a column, or matrices",
                   expr.span)  # fmt: skip
        found.append(new)
    return numbers, found, row, column


def _factor(reader: Reader, expr: s.Expr, indices: set[str], fresh: Iterator[str]) -> Factor:
    """One factor with labels: the index where it is selected at it, a new label for each other axis."""
    turned = False
    inner: s.Expr = expr
    while isinstance(inner, s.Transpose):
        turned, inner = not turned, inner.operand
    operand: s.Expr = inner
    labels: list[str] = []
    free: list[str] = []
    if isinstance(inner, s.Index) and mentions(inner.indices, indices):
        if mentions(inner.base, indices):
            raise unread(
                "an entry of what itself has the index of the sum", "define it by a formula of its own", expr.span
            )
        order = reader.notation.order(inner.base)
        if order is None or order < len(inner.indices):
            raise unread(
                "the number of axes of this factor is not known", "define it by a formula of its own", expr.span
            )
        kept: list[s.Expr | s.Whole] = []
        for index in (*inner.indices, *[s.Whole(inner.span)] * (order - len(inner.indices))):
            bound = isinstance(index, s.Name) and index.text in indices
            if bound and isinstance(index, s.Name):
                labels.append(index.text)
            elif isinstance(index, s.Whole):
                free.append(next(fresh))
                labels.append(free[-1])
            kept.append(s.Whole(index.span) if bound else index)
        selects = any(not isinstance(i, s.Whole) for i in kept)
        operand = s.Index(inner.base, tuple(kept), inner.span) if selects else inner.base
    elif mentions(inner, indices):
        raise unread("the index of a sum stands inside a function, a power or another product",
               "define that part as a matrix by a formula of its own, and sum its entries", expr.span)  # fmt: skip
    else:
        order = reader.notation.order(inner)
        if isinstance(inner, s.Name) and not reader.notation.known(inner.text):
            raise NameUnknownError(f"nothing declares `{inner.text}`", hint="declare it before", span=inner.span)
        if order not in (0, 1, 2):
            raise unread(
                "the number of axes of this factor is not known", "define it by a formula of its own", expr.span
            )
        free = [next(fresh) for _ in range(order)]
        labels = list(free)
    if len(free) > 2:
        raise unread("a factor with more than two axes in a sum", "select the others by an index", expr.span)
    if len(free) == 2:
        first, second = free[::-1] if turned else free
        return Factor(operand, labels, first, second)
    one = free[0] if free else None
    return Factor(operand, labels, None if turned else one, one if turned else None)
