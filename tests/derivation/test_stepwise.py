"""A chain that is checked again after an edit has the verdicts of a fresh check, and only what changed is decided."""

from __future__ import annotations

import random

from symbolic_mla.cache.memory import Memory
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.memory import FRESH
from symbolic_mla.derivation.memory import Memory as Remembers
from symbolic_mla.language.documents import parse_document

HEAD = "dims m, n\ngiven P, Q : m × m, A : m × n\n"
LEMMAS = "claim one: P Q = P Q + 0 P\n", "claim one: P Q = Q P\n", "claim one: tr(P) = tr(Pᵀ)\n"
SIDES = ("P Q", "P Q + 0 Q", "(Qᵀ Pᵀ)ᵀ", "Q P", "A P", "P Q - Q P + Q P", "nothing", "2 P Q - P Q", "A Aᵀ")
REASONS = ("", "", "", " by one", " by two")


def told(source: str, memory: Remembers) -> object:
    """All that a check says of a document's claims."""
    result = check_document(parse_document(source), memory=memory)
    return [
        (c.id, c.verdict, c.cites, [(x.span, x.verdict, x.reason, x.message, x.counterexample) for x in c.steps])
        for c in result.claims
    ]


def test_an_edit_gives_what_a_fresh_check_gives() -> None:
    """Steps proved, refuted, without meaning and by citation; other lemmas, other declarations, lines that move."""
    draw = random.Random(6)
    memory = Memory()
    sides, reasons = [draw.choice(SIDES) for _ in range(9)], [""] * 8
    for _ in range(60):
        sides[draw.randrange(9)] = draw.choice(SIDES)
        reasons[draw.randrange(8)] = draw.choice(REASONS)
        head = draw.choice((HEAD, HEAD, HEAD, "\n" + HEAD, HEAD.replace("A : m", "B : m × m with B = P, A : m")))
        steps = "".join(f"\n    = {side}{why}" for side, why in zip(sides[1:], reasons, strict=True))
        source = f"```derivation\n{head}{draw.choice(LEMMAS)}claim long:\n    {sides[0]}{steps}\n```\n"
        assert told(source, memory) == told(source, FRESH)


def test_only_what_changed_is_decided() -> None:
    """Of fifty steps, the two beside the side that changed."""

    def source(k: int) -> str:
        sides = [f"P Q + {j} Q P - {j} Q P" for j in range(51)]
        sides[25] = f"P Q + {k} P Q - {k} P Q"
        return f"```derivation\n{HEAD}claim long:\n    " + "\n    = ".join(sides) + "\n```\n"

    memory = Memory()
    told(source(100), memory)
    before = memory.decide.decided
    told(source(101), memory)
    assert memory.decide.decided - before == 2
