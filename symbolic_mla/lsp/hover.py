"""What an editor shows over an expression: its shape, and its index form."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, get_args

from symbolic_mla.errors import Span, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import Document
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.language.shapes import Shapes
from symbolic_mla.language.unparse import unparse
from symbolic_mla.language.values import Tensor
from symbolic_mla.lsp.index_text import index_lines
from symbolic_mla.lsp.places import Here, look

EXPRESSIONS = get_args(s.Expr)
MAX_LINES = 8


def hover(document: Document, line: int, column: int) -> tuple[Span, str] | None:
    """Markdown about the innermost expression at a place, and where it stands. None where there is none.

    >>> from symbolic_mla.language.documents import parse_document
    >>> text = "```derivation\\ndims m, n\\ngiven A : m × n\\nclaim x: A Aᵀ = A Aᵀ\\n```"
    >>> print(hover(parse_document(text), 4, 13)[1])
    ```text
    Aᵀ : n × m
    [i, j] = A[j, i]
    ```
    """
    here = look(document, line, column)
    expressions = [x for x in here.chain if isinstance(x, EXPRESSIONS)]
    for node in reversed(expressions):
        text = _about(node, here)
        if text is not None:
            return node.span, text
    return None


def _about(node: Any, here: Here) -> str | None:
    environment = here.scope.environment
    if isinstance(node, s.Name):
        if node.text in environment.functions:
            return f"`{node.text}`: a function of the last axis"
        definition = environment.lets.get(node.text)
        if definition is not None and definition.parameters:
            return f"`{node.text}({', '.join(definition.parameters)})` is defined as `{unparse(definition.body)}`"
    shapes = Shapes(environment.defined)
    lines: list[str] = []
    with suppress(SymbolicMLAError, RecursionError):
        value = Evaluator(environment).value(node)
        if not isinstance(value, Tensor):
            kind = "a size" if isinstance(node, s.Name) and node.text in environment.dims else "a number"
            shown = "" if str(value) == unparse(node) else f" = {value}"
            return f"```text\n{unparse(node)}{shown} : {kind}\n```"
        lines = [f"{unparse(node)} : {shapes.shape(value.term.axes)}"]
        with suppress(SymbolicMLAError, RecursionError):  # too large to be written out: the shape remains
            found = list(index_lines(value.term))
            lines += [*found[:MAX_LINES], *([f"... {len(found) - MAX_LINES} more blocks"] if found[MAX_LINES:] else [])]
    return "```text\n" + "\n".join(lines) + "\n```" if lines else None


def definition(document: Document, line: int, column: int) -> Span | None:
    """Where the name at a place got its meaning: a declaration, or the claim that `by` cites."""
    here = look(document, line, column)
    name = here.chain[-1] if here.chain else None
    text = name.text if isinstance(name, s.Name) else name.name if isinstance(name, s.Call) else None
    if text is None or not isinstance(text, str):
        return None
    cited = any(getattr(x, "by", None) is name for x in here.chain)
    if cited:
        return here.claims[text].span if text in here.claims else None
    return here.scope.environment.places.get(text)
