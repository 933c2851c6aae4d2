"""The tables that the parser runs on are those of the grammar, and it reads by them what Lark reads."""

import json
import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark, Tree, logger
from lark import Token as LarkToken
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from symbolic_mla.language import grammar
from symbolic_mla.language.automaton import END, Automaton, Unexpected
from symbolic_mla.language.build import Build
from symbolic_mla.language.grammar import STARTS, grammar_text, tables_text
from symbolic_mla.language.tokens import Token

SHIPPED = Path(grammar.__file__).with_name("grammar.json").read_text(encoding="utf-8")


def test_the_tables_are_those_of_the_grammar() -> None:
    """After a change of grammar.lark: python -m symbolic_mla.language.grammar."""
    assert tables_text() == SHIPPED


def test_the_grammar_has_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    """LALR without a single shift/reduce choice made in silence."""
    level, logger.propagate = logger.level, True
    logger.setLevel(logging.DEBUG)
    try:
        Lark(grammar_text(), parser="lalr", start=list(STARTS), debug=True, lexer="basic")
    finally:
        logger.setLevel(level)
    assert "conflict" not in caplog.text.lower()


class _Trees(Build):
    """Makes a tree of each rule, as Lark does by itself."""

    def __getattribute__(self, name: str) -> Any:
        return lambda *children: Tree(name, list(children))


class _NoLexer(Lexer):
    def __init__(self, lexer_conf: Any) -> None:
        del lexer_conf

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[LarkToken]:
        del lexer_state, parser_state
        return iter(())


@cache
def lark() -> Lark:
    return Lark(grammar_text(), parser="lalr", lexer=_NoLexer, start=list(STARTS), maybe_placeholders=False)


def by_lark(kinds: list[str], start: str) -> tuple[object, ...]:
    session = lark().parse_interactive(start=start)
    for position, kind in enumerate([*kinds, END]):
        accepted = session.accepts()
        try:
            value = session.feed_token(LarkToken(kind, kind))
        except UnexpectedToken:
            return "unexpected", position, accepted
    return "read", value


def by_us(kinds: list[str], start: str) -> tuple[object, ...]:
    try:
        tokens = [Token(kind, kind, 1, 1, 2) for kind in kinds]
        return "read", Automaton(json.loads(SHIPPED), _Trees()).parse(tokens, start)
    except Unexpected as error:
        return "unexpected", error.position, set(error.accepted)


@st.composite
def kinds_of_tokens(draw: st.DrawFn, start: str) -> list[str]:
    """Mostly what the grammar could read next, so that long items are met; now and then anything."""
    kinds: list[str] = []
    session = lark().parse_interactive(start=start)
    for _ in range(draw(st.integers(0, 20))):
        accepted = sorted(session.accepts() - {END})
        if not accepted:
            break
        kinds.append(draw(st.sampled_from(accepted)))
        session.feed_token(LarkToken(kinds[-1], kinds[-1]))
    return kinds + draw(st.lists(st.sampled_from(["NAME", "_COMMA", "RPAR", "EQ", "SIGN", "CLAIM"]), max_size=1))


@pytest.mark.parametrize("start", STARTS)
@given(data=st.data())
def test_it_reads_what_lark_reads(start: str, data: st.DataObject) -> None:
    """The same tree, or the same first wrong token and the same kinds that could stand there."""
    kinds = data.draw(kinds_of_tokens(start))
    assert by_us(kinds, start) == by_lark(kinds, start)


def test_a_long_list_is_read_in_linear_time() -> None:
    """A sum of 30,000 terms: a quadratic reader would copy 450 million parts."""
    kinds = ["NAME", *["SIGN", "NAME"] * 30_000]
    verdict, _ = by_us(kinds, "expression")
    assert verdict == "read"
