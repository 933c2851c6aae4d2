"""Relations between the tokens of a formula: which stand outside of all brackets, and what `\\overset{!}{=}` means."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.language.tex.cursor import closing, is_command, is_symbol
from symbolic_mla.language.tex.expressions import OTHER_RELATIONS, RELATIONS
from symbolic_mla.language.tex.tokens import Tex

_DEFINES = frozenset({"\\coloneqq", "\\triangleq", "\\coloneq", "\\defeq"})
_OPEN, _CLOSE = ("{", "(", "[", "\\{", "\\left."), ("}", ")", "]", "\\}")


def relation_at(tokens: Sequence[Tex], at: int) -> tuple[str, int] | None:
    """The relation that stands at a place, and how many tokens it is; `:=` for a definition."""
    token = tokens[at]
    text = str(token)
    if is_symbol(token, "=") and at + 1 < len(tokens) and is_symbol(tokens[at + 1], ":"):
        return "=:", 2
    if is_symbol(token, ":") and at + 1 < len(tokens) and is_symbol(tokens[at + 1], "="):
        return ":=", 2
    if text in _DEFINES:
        return ":=", 1
    if is_command(token, "colon") and at + 1 < len(tokens) and is_symbol(tokens[at + 1], "="):
        return ":=", 2
    if text in RELATIONS:
        return RELATIONS[text], 1
    if is_command(token, "overset", "stackrel", "underset", "overbrace"):
        return _labelled(tokens, at)
    if text in OTHER_RELATIONS and text not in ("\\in", "\\mid", "\\exists", "\\forall", "\\iff", "\\colon"):
        return text, 1
    return None


def relations_of(tokens: Sequence[Tex]) -> dict[int, tuple[str, int]]:
    """The relations that stand outside of all brackets, by their place."""
    outside = outside_of(tokens)
    found = {k: relation_at(tokens, k) for k in range(len(tokens)) if outside[k]}
    return {k: relation for k, relation in found.items() if relation is not None}


def outside_of(tokens: Sequence[Tex]) -> list[bool]:
    """Which tokens stand outside of all brackets. A command's argument is in braces, so inside."""
    found: list[bool] = []
    depth = 0
    for token in tokens:
        depth -= str(token) in _CLOSE or token.kind == "end"
        found.append(depth == 0)
        depth += str(token) in _OPEN or token.kind == "begin"
    return found


def _labelled(tokens: Sequence[Tex], at: int) -> tuple[str, int] | None:
    """`\\overset{(a)}{=}`: the relation; what stands over it is a remark, but for `def`, which defines."""
    position = at + 1
    found: list[list[Tex]] = []
    for _ in range(2):
        if position >= len(tokens):
            return None
        if is_symbol(tokens[position], "{"):
            end = closing(tokens, position)
            found.append(list(tokens[position + 1 : end]))
            position = end + 1
        else:
            found.append([tokens[position]])
            position += 1
    over, relation = found
    if len(relation) != 1 or str(relation[0]) not in RELATIONS:
        return None
    words = "".join(t.text for t in over if t.kind in ("remark", "letter"))
    if words in ("def", "mathrmdef", "Δ", "!") or any(is_command(t, "Delta", "triangle") for t in over):
        return ":=", position - at
    if any(is_symbol(t, "!", "?") for t in over):
        return str(relation[0]), position - at
    return RELATIONS[str(relation[0])], position - at
