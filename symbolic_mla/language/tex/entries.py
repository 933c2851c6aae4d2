"""Entry notation: `\\left[\\sum_{j} A_{i,j} B_{j,k}\\right]_{i,k}` is the tensor with these entries, an einsum.

An axis that is made of several labels has them in brackets, the first most significant: `Q_{t,(h\\,d)}`. It is what
`latex` writes for `einsum` and `reorder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symbolic_mla.errors import Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.tex import scripts as sc
from symbolic_mla.language.tex.cursor import commas, is_command, is_symbol, join, split, unread
from symbolic_mla.language.tex.tokens import Tex

if TYPE_CHECKING:
    from symbolic_mla.language.tex.expressions import Reader


def has_entries(body: Sequence[Tex]) -> bool:
    """Whether what stands in square brackets with a subscript behind them may be entry notation."""
    return any(is_symbol(t, "_") for t in body) or is_command(body[0] if body else None, "sum")


def entries(reader: Reader, body: Sequence[Tex], span: Span) -> s.Expr:
    """The tensor with the entries `body` at the labels that stand behind the brackets.

    Where the body has none of these labels, it is the entry there of the tensor in the brackets.

    Raises: DocumentSyntaxError.
    """
    start = reader.at
    below, end = reader.argument(reader.take())
    place = join(span, end)
    axes, sizes = split_sizes(below)
    output = [sc.label_list(_inner(part)) for part in commas(axes)] if axes else []
    summed: list[str] = []
    if is_command(body[0], "sum") and len(body) > 1 and is_symbol(body[1], "_"):
        cursor = type(reader)(body[1:], span, reader.notation)
        under, _ = cursor.argument(cursor.take())
        found = [sc.label_list(part) for part in commas(under)]
        if None not in found:
            summed = [x for labels in found for x in labels or ()]
            body = body[1 + cursor.at :]
    labels = {x for names in output for x in names or ()} | set(summed)
    if None in output or not _mentioned(body, labels):
        reader.at = start
        return reader.bracketed(body, span)
    inner = type(reader)(body, span, reader.notation, frozenset(labels))
    inner.entries = True
    expr = inner.expression()
    if inner.next is not None:
        raise unread(f"met `{inner.next}`; the end of the entry was expected", None, inner.next.span)
    return _einsum(reader, expr, [_text(part) for part in commas(axes)] if axes else [], sizes, labels, place)


def _inner(tokens: Sequence[Tex]) -> Sequence[Tex]:
    return tokens[1:-1] if len(tokens) > 2 and is_symbol(tokens[0], "(") else tokens


def _text(tokens: Sequence[Tex]) -> str:
    names = sc.label_list(_inner(tokens)) or []
    return f"({' '.join(names)})" if is_symbol(tokens[0] if tokens else None, "(") else " ".join(names)


def split_sizes(tokens: Sequence[Tex]) -> tuple[list[Tex], list[list[Tex]]]:
    """Labels, and behind a `;` the sizes `c = n` of some."""
    axes, *rest = split(tokens, lambda t: is_symbol(t, ";"))
    return axes, [part for group in rest for part in commas(group)]


def _mentioned(body: Sequence[Tex], labels: set[str]) -> bool:
    """Whether a subscript of the body has one of the labels."""
    for k, token in enumerate(body[:-1]):
        if is_symbol(token, "_"):
            end = next((j for j in range(k + 1, len(body)) if is_symbol(body[j], "}")), k + 1)
            names = sc.label_list([t for t in body[k + 1 : end + 1] if not is_symbol(t, "{", "}", "(", ")", ",")])
            if names and set(names) & labels:
                return True
    return False


def _einsum(
    reader: Reader, expr: s.Expr, output: Sequence[str], sizes: Sequence[Sequence[Tex]], labels: set[str], span: Span
) -> s.Call:
    operands: list[s.Expr] = []
    patterns: list[str] = []
    factors = [expr]
    while isinstance(factors[0], s.Product) and factors[0].operator in ("", "*"):
        factors[:1] = [factors[0].left, factors[0].right]
    for factor in factors:
        indexed = isinstance(factor, s.Index) and all(_label(i) is not None for i in factor.indices)
        if not indexed and reader.notation.order(factor) != 0:
            raise unread("a factor of an entry without its labels", "write A_{i,j}", factor.span)
        operands.append(factor.base if indexed and isinstance(factor, s.Index) else factor)
        patterns.append(" ".join(_label(i) or "" for i in factor.indices) if isinstance(factor, s.Index) else "")
    keywords = dict(_size(reader, part, span) for part in sizes)
    bound = set(" ".join(patterns).replace("(", " ").replace(")", " ").split())
    for label in " ".join(output).replace("(", " ").replace(")", " ").split():
        if label not in bound:
            keywords.setdefault(label, s.Name(label, span))
    pattern = f"{', '.join(patterns)} -> {' '.join(output)}".strip()
    named = tuple(s.Keyword(s.Name(label, span), size, span) for label, size in keywords.items())
    return s.Call("einsum", (s.Text(pattern, span), *operands), named, span)


def _label(index: s.Expr | s.Whole) -> str | None:
    if isinstance(index, s.Name):
        return index.text
    if isinstance(index, s.Call) and index.name == sc.GROUP:
        return "(" + " ".join(a.text for a in index.arguments if isinstance(a, s.Name)) + ")"
    return None


def _size(reader: Reader, tokens: Sequence[Tex], span: Span) -> tuple[str, s.Expr]:
    left, *right = split(tokens, lambda t: is_symbol(t, "="))
    names = sc.label_list(left)
    if names is None or len(names) != 1 or len(right) != 1:
        raise unread("the size of a label is not read", "write c = n", span)
    return names[0], reader.inner(right[0], span, frozenset())
