"""A long chain in which a line changed: the steps that were proved before are not read and judged again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from symbolic_mla.derivation.before import Declared
from symbolic_mla.derivation.memory import Memory
from symbolic_mla.derivation.results import ClaimResult, StepResult
from symbolic_mla.language import syntax as s


def steps_of(item: s.Claim, chain: s.Chain, declared: Sequence[s.Item], earlier: Mapping[str, ClaimResult],
             memory: Memory, judge: Callable[[s.Claim, int], Sequence[StepResult]]) -> list[StepResult]:  # fmt: skip
    """Every step of a chain. `judge` is given what is not known: a claim of some steps, and the number of the first."""
    keys = list(_keys(item, chain, declared, earlier, memory))
    known = [memory.recall(key) for key in keys]
    steps: list[StepResult] = []
    for fresh, run in groupby(range(len(keys)), key=lambda k: not isinstance(known[k], StepResult)):
        numbers = list(run)
        first, last = numbers[0], numbers[-1]
        if fresh:
            part = item
            if len(numbers) < len(keys):
                before = chain.steps[first - 1].right if first else chain.first
                part = replace(item, statement=replace(chain, first=before, steps=chain.steps[first : last + 1]))
            found = judge(part, first)
            for k, step in zip(numbers, found, strict=True):
                if step.verdict == "proved":
                    memory.keep(keys[k], step)
            steps += found
        else:
            steps += [replace(x, span=chain.steps[k].span) for k in numbers if isinstance(x := known[k], StepResult)]
    return steps


def cited_by(item: s.Claim, chain: s.Chain, earlier: Mapping[str, ClaimResult],
             steps: Sequence[StepResult]) -> tuple[str, ...]:  # fmt: skip
    """The claims that the steps of a chain cite, those with an error left out."""
    reasons = [written.by or item.by for written, step in zip(chain.steps, steps, strict=True) if step.error is None]
    return tuple(x.text for x in reasons if x is not None and x.text in earlier)


def _keys(item: s.Claim, chain: s.Chain, declared: Sequence[s.Item], earlier: Mapping[str, ClaimResult],
          memory: Memory) -> Iterator[Hashable]:  # fmt: skip
    """All that each step's verdict rests on. What is declared is compared once, and stands for itself after that."""
    place = "declared", Declared.of(declared)
    token = memory.recall(place)
    if token is None:
        token = object()
        memory.keep(place, token)
    left = chain.first
    for step in chain.steps:
        reason = step.by or item.by
        cited = None
        if reason is not None and reason.text in earlier:
            cited = earlier[reason.text].verdict, earlier[reason.text].theorems
        yield "step", token, left, step.relation, step.right, reason, cited
        left = step.right
