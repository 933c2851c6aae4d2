"""Our kernel and Coq on random equations, true and false: `python -m tests.coq.campaign --examples 3000 --seed 7`.

What the kernel proves goes to Coq as a script of the theorem, what it refutes as a script of the counterexample; Coq
must accept each. A disagreement is a bug, and the script is written beside the message.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random

from symbolic_mla.coq import verify
from symbolic_mla.coq.export import proved
from symbolic_mla.coq.readback import read_back_refutation
from symbolic_mla.coq.refutation import refuted
from symbolic_mla.errors import BudgetError, ShapeError, UnsupportedError
from symbolic_mla.prover.decide import Proved, Refuted, decide
from symbolic_mla.selftest.statements import by_chance, by_change, by_law, by_rewriting

KINDS = (by_law, by_rewriting, by_change, by_chance)


def scripts(examples: int, start: int) -> tuple[dict[str, str], Counter[str]]:
    """The scripts of so many random equations by name, and how many of each kind there are. A statement that is read
    back as another one is an AssertionError."""
    found: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for number in range(examples):
        rng = Random(f"{start}|{number}")
        name = f"equation_{number + 1}"
        try:
            statement = rng.choice(KINDS)(rng).statement
            verdict = decide(statement)
            if isinstance(verdict, Proved):
                found[name], problems = proved(verdict.theorem, name)
            elif isinstance(verdict, Refuted):
                found[name], made = refuted(statement, (), verdict.counterexample, name)
                problems = read_back_refutation(found[name], made, (), statement)
            else:
                counts["undecided"] += 1
                continue
        except (BudgetError, UnsupportedError) as error:
            counts[f"no script: {error.message[:70]}"] += 1
            continue
        except ShapeError as error:
            counts[f"not drawn: {error.message[:70]}"] += 1
            continue
        assert not problems, f"{problems}: {statement!r}"
        counts[verdict.verdict] += 1
    return found, counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    found, counts = scripts(options.examples, options.seed)
    for kind, count in sorted(counts.items()):
        print(f"{count:8} {kind}")
    refused = [v for v in verify(found, jobs=options.jobs) if not v.ok]
    for v in refused:
        Path(f"{v.name}.v").write_text(found[v.name])
        print(f"Coq refuses {v.name}.v: {v.message}")
    print(f"Coq accepts {len(found) - len(refused)} of {len(found)} scripts")
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main()
