"""Text in, scope and claims out: what the elaboration tests share."""

from __future__ import annotations

import pytest

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.claims import ElaboratedClaim
from symbolic_mla.language.parse import ParseEnvironment, parse_block
from symbolic_mla.language.scope import Scope

FIELD = """
dims n, G, d, p, q, t, s
dim H = n*G
dim D = H*d
dim r = G*d
scalar c, a > 0, e < 0
given A : p × q, B : q × p, S : p × p, W : r × D, x, y : p, z : q
given M, N : p × p with M invertible, N invertible
given X : t × s × p, Y : t × t × p
function f, g(t)
let attend(Q, K) = f(Q Kᵀ)
let T = tile(W, n)
"""
"""Declarations that most tests speak of."""


def read(text: str, before: str = FIELD) -> tuple[Scope, dict[str, ElaboratedClaim]]:
    """The scope after `before` and `text`, and the claims of `text` by name. Declarations must be sound."""
    scope, claims = Scope(), {}
    for item in parse_block(before + text, env=ParseEnvironment()):
        if isinstance(item, s.Claim):
            claims[item.id.text] = scope.claim(item)
        else:
            scope.declare(item)
    return scope, claims


def claim(text: str, before: str = FIELD) -> ElaboratedClaim:
    """The only claim of a text; a bare statement is one."""
    text = text if text.lstrip().startswith(("claim", "refute", "dims", "given", "let")) else f"claim k: {text}"
    (found,) = read(text + "\n", before)[1].values()
    return found


def only_error(text: str, before: str = FIELD) -> SymbolicMLAError:
    """The only error of a claim."""
    (error,) = claim(text, before).errors
    return error


def declaration_error(text: str, before: str = FIELD) -> SymbolicMLAError:
    """The error that a declaration raises."""
    with pytest.raises(SymbolicMLAError) as caught:
        read(text, before)
    return caught.value


def marked(error: SymbolicMLAError, text: str) -> str:
    """What the span of an error covers in a one-line text."""
    assert error.span is not None and error.span.line == error.span.end_line
    return text.split("\n")[error.span.line - 1][error.span.column - 1 : error.span.end_column - 1]
