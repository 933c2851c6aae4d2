"""A longer campaign than the suite runs: `python -m tests.prover.campaign --examples 20000 --seed 7`.

Random pairs of well-shaped terms, equal by laws or changed, decided by the prover and held against the naive
evaluator. A disagreement stops it and is shown; what was undecided is counted by its reason.
"""

from __future__ import annotations

import argparse
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.kernel.term import Term
from symbolic_mla.prover.decide import Undecided
from tests.laws import laws, rewritten, with_children
from tests.prover.judging import judge, named_apart, one_position_each
from tests.strategies import Draw, matrices, term_axes


@st.composite
def pairs(draw: Draw, depth: int = 2, functions: bool = True) -> tuple[str, Term, Term]:
    """Two terms of one shape: equal by a law, equal by rewriting, or likely different."""
    kind = draw(st.sampled_from(("law", "function law", "rewritten", "other", "changed")))
    if kind in ("law", "function law"):
        _, left, right = draw(laws(1, kind == "function law"))
    else:
        rows, cols = draw(term_axes()), draw(term_axes())
        left = draw(matrices(rows, cols, depth, functions))
        if kind == "rewritten":
            right = draw(rewritten(left))
        elif kind == "changed":
            right = changed(draw, draw(rewritten(left, 1)))
        else:
            right = draw(matrices(rows, cols, depth, functions))
    return kind, left, right


def changed(draw: Draw, t: Term, functions: bool = True) -> Term:
    """The term with one thing in it changed; it may by chance still be equal."""
    children = list(t.children())
    if children and draw(st.integers(0, 3)):
        k = draw(st.integers(0, len(children) - 1))
        children[k] = changed(draw, children[k], functions)
        return with_children(t, children)
    if len(t.axes) == 2:
        made: Term = draw(matrices(*t.axes, 1, functions))
        return made
    return al.scale(2, t)


def run(examples: int, start: int, functions: bool = True, show: bool = False) -> Counter[str]:
    """Judge so many random pairs; the verdicts by kind of pair. Raises AssertionError at a disagreement."""
    counts: Counter[str] = Counter()

    @seed(start)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=False,
    )
    @given(pairs(functions=functions))
    def one(pair: tuple[str, Term, Term]) -> None:
        kind, left, right = pair
        left, right = named_apart(left, right)
        if not one_position_each(left, right):
            counts["positions of two sizes"] += 1
            return
        verdict = judge(left, right)
        reason = f" ({verdict.reason[:60]})" if isinstance(verdict, Undecided) else ""
        if reason and show:
            print(f"undecided{reason}:\n  {left!r}\n  {right!r}")
        counts[f"{kind}: {verdict.verdict}{reason}"] += 1
        if kind in ("law", "function law", "rewritten") and verdict.verdict == "refuted":
            raise AssertionError(f"a law is refuted: {left!r} = {right!r}")

    one()
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for name, count in sorted(run(options.examples, options.seed, show=True).items()):
        print(f"{count:8} {name}")


if __name__ == "__main__":
    main()
