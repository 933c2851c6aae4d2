"""Arguments once more, by the text: whatever weights are drawn, some equation fails at an input that was looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from symbolic_mla.crosscheck.agree import Disagreement
from symbolic_mla.crosscheck.functions import random_table
from symbolic_mla.crosscheck.statements import both
from symbolic_mla.crosscheck.surface import World
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language import syntax as s


def confirm_argument(items: Sequence[s.Item], claim: s.Claim, seed: int, count: int = 3, most: int = 2) -> int:
    """At how many random weights, of all sizes up to `most`, some equation was seen to fail at some input of the
    argument. (A softmax is enclosed in intervals, and only disjoint enclosures show a difference.)

    Raises: Disagreement where all equations hold at all of the inputs: the argument refutes what is true there.

    >>> from symbolic_mla.language.parse import parse_block
    >>> text = "refute c: exists A : 1 × 1 for all x : 1 × 1 with x + I(1) = A x\\n    at x = 0 I(1)"
    >>> *items, claim = parse_block(text)
    >>> confirm_argument(items, claim, seed=0)
    3
    """
    statement = claim.statement
    if not isinstance(statement, s.Exists):
        return 0
    confirmed = 0
    for number in range(count):
        verdict: bool | None = True
        for inputs in _looks(claim.argument):
            try:
                verdict = both(verdict, _holds(items, statement, inputs, f"{seed}|{number}", most))
            except (SymbolicMLAError, RecursionError):
                verdict = both(verdict, None)
            if verdict is False:
                break
        if verdict is True:
            raise Disagreement(
                f"the argument against `{claim.id.text}` is followed to its end, and all equations hold at its inputs",
                hint="this is a fault of symbolic_mla, not of the document: please report it",
                span=claim.span,
            )
        confirmed += verdict is False
    return confirmed


def _unbound(item: s.Item) -> s.Item:
    """A declaration without its hypotheses: none of them bears on a claim that is argued against."""
    if not isinstance(item, s.Given):
        return item
    return replace(item, groups=tuple(replace(g, hypotheses=()) for g in item.groups))


def _looks(argument: Sequence[s.Move]) -> Iterator[tuple[s.Witness, ...]]:
    """Every choice of inputs that the equations are looked at with."""
    for move in argument:
        if isinstance(move, s.At):
            yield move.inputs
        elif isinstance(move, s.Alike):
            changed = {w.name.text for w in move.other}
            yield move.one
            yield (*(w for w in move.one if w.name.text not in changed), *move.other)


def _holds(
    items: Sequence[s.Item], statement: s.Exists, inputs: tuple[s.Witness, ...], seed: str, most: int
) -> bool | None:
    """Whether all equations hold at these inputs and at the weights that a seed draws."""
    weights = s.Given(tuple(s.GivenGroup(group) for group in statement.groups))
    chosen = [s.Let(w.name, (), w.value) for w in inputs]
    world = World([*map(_unbound, items), weights, *chosen])
    rng = Random(seed)
    sizes = world.sizes(rng, most)
    if sizes is None:
        return None
    at = world.instance(sizes, rng, functions=random_table(rng.randrange(2**30)))
    verdict: bool | None = True
    for chain in statement.equations:
        for found, _ in at.steps(s.Claim(s.Name("c"), "proved", chain)):
            verdict = both(verdict, found)
    return verdict
