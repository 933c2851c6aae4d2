"""From `grammar.lark` to the tables that the parser runs on: `python -m symbolic_mla.language.grammar` writes them.

Lark reads the grammar and computes its LALR automaton. That takes 60 ms with Lark's own import, a fifth of checking a
short document, so the tables ship as `grammar.json` and only this module imports Lark. A test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STARTS = ("item", "expression")
"""What can be read by itself."""


def grammar_text() -> str:
    """The grammar that is in force, as Lark reads it; the language reference prints it."""
    return Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")


def tables_text() -> str:
    """The tables of the grammar as JSON, one rule and one state a line: what `grammar.json` must hold.

    `rules`: [the symbol that it makes, how many symbols it takes, the method of `Build` or null, whether a single
    child stands for itself, the children kept: [place, whether its own children are taken instead]]. `states`: for
    each symbol the state to go to, or -1 - the rule to reduce by. `starts`: for each start its first and last state.
    """
    from lark import Lark
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    reader = Lark(grammar_text(), parser="lalr", lexer="basic", start=list(STARTS), maybe_placeholders=False)
    data, memo = reader.memo_serialize([TerminalDef, Rule])
    table = data["parser"]["parser"]
    symbols: Mapping[int, str] = table["tokens"]
    keys = sorted((k for k, v in memo.items() if v["__type__"] == "Rule"), key=lambda k: _order(memo[k]))
    rule_number = {key: number for number, key in enumerate(keys)}
    order = _numbered(table, symbols)
    new = {old: number for number, old in enumerate(order)}
    states = [
        {s: -1 - rule_number[arg["@"]] if reduces else new[arg] for s, (reduces, arg) in _row(table, symbols, state)}
        for state in order
    ]
    starts = {s: [new[table["start_states"][s]], new[table["end_states"][s]]] for s in STARTS}
    rules = ",\n  ".join(json.dumps(_rule(memo[k])) for k in keys)
    lines = ",\n  ".join(json.dumps(state) for state in states)
    return f'{{"starts": {json.dumps(starts)},\n "rules": [\n  {rules}],\n "states": [\n  {lines}]}}\n'


def _order(rule: Mapping[str, Any]) -> tuple[str, int]:
    return rule["origin"]["name"], rule["order"]


def _row(table: Mapping[str, Any], symbols: Mapping[int, str], state: int) -> list[tuple[str, tuple[int, Any]]]:
    return sorted((symbols[token], action) for token, action in table["states"][state].items())


def _numbered(table: Mapping[str, Any], symbols: Mapping[int, str]) -> list[int]:
    """The states in the order in which a walk from the starts meets them; Lark's own numbers depend on hashing."""
    order: list[int] = [table["start_states"][start] for start in STARTS]
    for state in order:
        for _, (reduces, arg) in _row(table, symbols, state):
            if not reduces and arg not in order:
                order.append(arg)
    return order


def _rule(rule: Mapping[str, Any]) -> list[object]:
    """A rule as the parser needs it. A token whose name begins with `_` is dropped; a part that Lark made for a
    repetition is taken apart."""
    origin, alias = rule["origin"]["name"], rule["alias"]
    kept = [
        [place, part["__type__"] == "NonTerminal" and part["name"].startswith("_")]
        for place, part in enumerate(rule["expansion"])
        if part["__type__"] == "NonTerminal" or not part["filter_out"]
    ]
    single = rule["options"]["expand1"] and not alias
    no_node = origin.startswith("_") or (single and len(kept) == 1)
    return [origin, len(rule["expansion"]), None if no_node else alias or origin, single, kept]


if __name__ == "__main__":
    Path(__file__).with_name("grammar.json").write_text(tables_text(), encoding="utf-8")
