"""Kill commands at random moments: `python -m tests.faults.campaign [prove sweep watch coq] --rounds 50 --seed 0`.

After each kill nothing is half written or lost, and the next run succeeds; the exit is 1 where that is not so.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from random import Random

from tests.faults.scenarios import SCENARIOS, Lost, fresh


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help=", ".join(SCENARIOS))
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, help="the latest moment of a kill")
    options = parser.parse_args()
    failed = 0
    for name in options.commands or [n for n in SCENARIOS if n != "coq" or shutil.which("coqc")]:
        rng, killed = Random(options.seed), 0
        with tempfile.TemporaryDirectory() as folder:
            place = fresh(Path(folder))
            for number in range(options.rounds):
                try:
                    killed += SCENARIOS[name].round(place, rng, options.seconds)
                except (Lost, RuntimeError) as error:
                    failed += 1
                    print(f"{name}, round {number}: {error}", flush=True)
        print(f"{name}: {killed} of {options.rounds} runs killed before their end", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
