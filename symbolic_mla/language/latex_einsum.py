"""`einsum` and `reorder` as sums over indices, written with the labels of the pattern."""

from __future__ import annotations

import re
from collections.abc import Callable

from symbolic_mla.language import syntax as s
from symbolic_mla.language.latex_names import name_latex

_LOWERED = re.compile(r"_\{(?:[^{}]|\{[^{}]*\})*\}$")  # LaTeX has no second index on one base
_GROUP = re.compile(r"\(([^()]*)\)|([^\s()]+)")


def einsum_latex(call: s.Call, latex: Callable[[s.Expr], str], base: Callable[[s.Expr], str]) -> tuple[str, int] | None:
    r"""[\sum_d Q_{t,(h d)} K_{s,(h d)}]_{h, t, s}: the tensor with this entry; None for no pattern.

    A label that is summed stands under the sum; sizes of another name stand behind the indices.
    """
    if not call.arguments or not isinstance(call.arguments[0], s.Text):
        return None
    left, arrow, right = call.arguments[0].text.partition("->")
    operands = [a for a in call.arguments[1:] if not isinstance(a, (s.Text, s.ListLiteral))]
    patterns = [_axes(part) for part in left.split(",")] if left.strip() or operands else []
    output = _axes(right)
    if not arrow or "," in right or len(patterns) != len(operands) or None in (*patterns, output):
        return None
    factors = [_indexed(base(o), p or []) for o, p in zip(operands, patterns, strict=True)]
    summed = list(dict.fromkeys(x for p in patterns for axis in p or [] for x in axis if not _has(output or [], x)))
    body = r"\,".join(factors) or "1"
    if summed:
        body = rf"\sum_{{{', '.join(map(name_latex, summed))}}} {body}"
    sizes = [(k.name.text, latex(k.value)) for k in call.keywords]
    notes = [f"{name_latex(n)} = {size}" for n, size in sizes if name_latex(n) != size]
    indices = "; ".join([_indices(output or []), *([", ".join(notes)] if notes else [])])
    return (rf"\left[{body}\right]_{{{indices}}}" if indices else rf"\left[{body}\right]"), 2


def _axes(text: str) -> list[list[str]] | None:
    """The labels of each axis, or None where the text is no part of a pattern."""
    rest = _GROUP.sub("", text).strip()
    if rest:
        return None
    return [group.split() if not single else [single] for group, single in _GROUP.findall(text)]


def _has(axes: list[list[str]], label: str) -> bool:
    return any(label in axis for axis in axes)


def _indices(axes: list[list[str]]) -> str:
    def one(labels: list[str]) -> str:
        names = [name_latex(x) for x in labels]
        grouped = r"\,".join(names)
        return names[0] if len(names) == 1 else f"({grouped})"

    return ", ".join(map(one, axes))


def _indexed(text: str, axes: list[list[str]]) -> str:
    if not axes:
        return text
    return f"{text}{'{}' if _LOWERED.search(text) else ''}_{{{_indices(axes)}}}"
