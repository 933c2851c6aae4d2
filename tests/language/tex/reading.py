"""Formulas in, syntax and scopes out: what the tests of LaTeX share."""

from __future__ import annotations

from functools import cache

from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import parse_document
from symbolic_mla.language.parse import ParseEnvironment, parse_block, read_block
from symbolic_mla.language.scope import Scope
from symbolic_mla.language.tex.expressions import Reader
from symbolic_mla.language.tex.notation import Notation
from symbolic_mla.language.tex.tokens import scan_tex
from symbolic_mla.language.unparse import unparse

DECLARED = """\
dims p, q, n
scalar c, a > 0
given A, W_UK, Q\u0302 : p × q, B : q × p, S : p × p, M : p × p with M invertible
given σ : q × q, x : p, y : q, K : n × p × q
function f
let twice(X) = 2 X
"""
"""Declarations that most tests speak of."""


@cache
def _parsed(declared: str) -> tuple[s.Item, ...]:
    return tuple(parse_block(declared, env=ParseEnvironment()))


def environment(declared: str = DECLARED) -> ParseEnvironment:
    """The names of some declarations."""
    env = ParseEnvironment()
    for item in _parsed(declared):
        env.declare(item)
    return env


def scope(declared: str = DECLARED) -> Scope:
    """The meanings of some declarations."""
    found = Scope()
    for item in _parsed(declared):
        if not isinstance(item, s.Claim):
            found.declare(item)
    return found


def read_expression(text: str, declared: str = DECLARED) -> s.Expr:
    """The expression that a formula is."""
    tokens = scan_tex(text)
    reader = Reader(tokens, tokens[0].span, Notation.of(environment(declared)))
    return reader.inner(tokens, tokens[0].span)


def read(markdown: str, declared: str = DECLARED) -> dict[str, s.Claim]:
    """The claims of the formulas of a document, by name."""
    env = environment(declared)
    found: dict[str, s.Claim] = {}
    for block in parse_document(markdown).blocks:
        for item in read_block(block, env):
            if isinstance(item, s.Claim):
                found[item.id.text] = item
    return found


def items(formula: str, mark: str = "claim a", declared: str = DECLARED) -> list[str]:
    """What one formula becomes, as text of the language."""
    env = environment(declared)
    out = []
    for block in parse_document(f"```math {mark}\n{formula}\n```\n").blocks:
        for item in read_block(block, env):
            out.append(f"{item.id.text}: {unparse(item.statement)}" if isinstance(item, s.Claim) else repr(item))
    return out
