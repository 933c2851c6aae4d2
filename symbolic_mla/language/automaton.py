"""The parser proper: an LALR automaton over the tables of `grammar.json`. Iterative: no nesting exhausts the stack."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from symbolic_mla.language.build import Build
from symbolic_mla.language.tokens import Token

END = "$END"
_State = dict[str, int]


class Rule(NamedTuple):
    """A rule of the grammar, as `grammar.tables_text` writes it; `make` builds its node. One that `renames` has a
    single part and leaves it as it is: a name is a factor is a product is a sum."""

    symbol: str
    size: int
    make: Callable[..., Any] | None
    single_stands_for_itself: bool
    kept: Sequence[tuple[int, bool]]
    renames: bool

    def reduce(self, parts: Sequence[Any]) -> Any:
        """The value of the rule from those of its parts; a repetition is the list of its parts."""
        children: list[Any] = []
        for place, is_repetition in self.kept:
            if not is_repetition:
                children.append(parts[place])
            elif children:
                children += parts[place]
            else:  # taken over and not copied, so that a list of any length is read in linear time
                children = parts[place]
        if self.single_stands_for_itself and len(children) == 1:
            return children[0]
        return children if self.make is None else self.make(*children)


class Unexpected(Exception):
    """The token at `position` (or the end of the text) cannot stand there; the kinds in `accepted` could."""

    def __init__(self, position: int, accepted: frozenset[str]) -> None:
        super().__init__(position)
        self.position = position
        self.accepted = accepted


class Automaton:
    """What the tables say, with the methods of `build` to make the nodes."""

    def __init__(self, tables: Any, build: Build) -> None:
        self.starts: dict[str, tuple[int, int]] = tables["starts"]
        self.states: list[_State] = tables["states"]
        self.rules = [Rule(symbol, size, getattr(build, method) if method else None, single, kept,
                           size == 1 and single and kept == [[0, False]])
                      for symbol, size, method, single, kept in tables["rules"]]  # fmt: skip

    def parse(self, tokens: Sequence[Token], start: str) -> Any:
        """The value of all the tokens, read as a `start`.

        Raises: Unexpected at the first token that no text may have there; what the methods of `build` raise.
        """
        first, last = self.starts[start]
        table, rules = self.states, self.rules
        states, values = [first], list[Any]()
        for position in range(len(tokens) + 1):
            kind = tokens[position].type if position < len(tokens) else END
            before = states.copy()
            while states[-1] != last or kind != END:
                action = table[states[-1]].get(kind)
                if action is None:
                    raise Unexpected(position, self._accepted(before, last))
                if action >= 0:
                    states.append(action)
                    values.append(tokens[position])
                    break
                rule = rules[-1 - action]
                if rule.renames:
                    states[-1] = table[states[-2]][rule.symbol]
                    continue
                split = len(values) - rule.size
                value = rule.reduce(values[split:])
                del states[split + 1 :], values[split:]
                states.append(table[states[-1]][rule.symbol])
                values.append(value)
        return values[-1]

    def _accepted(self, stack: list[int], last: int) -> frozenset[str]:
        """The kinds of token that could come next; a state alone would promise too much, its reductions decide."""
        return frozenset(kind for kind in self.states[stack[-1]] if _is_token(kind) and self._takes(stack, last, kind))

    def _takes(self, stack: list[int], last: int, kind: str) -> bool:
        states = stack.copy()
        while states[-1] != last or kind != END:
            action = self.states[states[-1]].get(kind)
            if action is None or action >= 0:
                return action is not None
            rule = self.rules[-1 - action]
            del states[len(states) - rule.size :]
            states.append(self.states[states[-1]][rule.symbol])
        return True


def _is_token(symbol: str) -> bool:
    return symbol.isupper()


@cache
def automaton() -> Automaton:
    """The automaton of the language."""
    tables = json.loads(Path(__file__).with_name("grammar.json").read_text(encoding="utf-8"))
    return Automaton(tables, Build())
