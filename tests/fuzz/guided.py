"""Fuzzing guided by coverage: `python -m tests.fuzz.guided TARGET --minutes 5` (needs `pip install '.[fuzz]'`).

Inputs that reach new code are kept while it runs. A finding does not end it: the first of each kind goes into
`tests/fuzz/found/TARGET/`, which the suite replays. With `--keep` the shortest of the inputs that reached new code
become seeds in `tests/fuzz/seeds/TARGET/`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from symbolic_mla.errors import SymbolicMLAError

LONGEST = {"document": 600, "tex": 3_000, "text": 3_000, "certificate": 6_000}
# Where what reads and tells is what is looked at, the prover runs at its full speed.
READERS = ["derivation", "diagnostics", "formats", "language", "algebra", "crosscheck"]
GUIDED_BY = {"document": READERS, "tex": READERS}
MAX_SEED, MAX_SEEDS = 600, 24  # bytes, files


def child(target: str, libfuzzer: list[str], slow: float) -> None:
    """Run one target under atheris until it ends the process."""
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    packages = [f"symbolic_mla.{package}" for package in GUIDED_BY.get(target, [])] or ["symbolic_mla"]
    with atheris.instrument_imports(include=packages):
        from tests.fuzz import targets
    targets.sparing()
    seen: set[tuple[str, str]] = set()

    def told(kind: str, place: str, data: bytes) -> None:
        if (kind, place) not in seen:
            seen.add((kind, place))
            print(f"FOUND {kind} at {place}: {targets.keep(target, data)}", flush=True)

    def one(data: bytes) -> None:
        try:
            taken = targets.run(target, data)
        except SymbolicMLAError:  # an error of ours that says nothing
            raise
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            told(type(error).__name__, f"{Path(last.filename).name}:{last.lineno}", data)
        else:
            if taken > slow:
                told("slow", f"{taken:.0f} s", data)

    atheris.Setup([sys.argv[0], *libfuzzer], one)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=20, help="seconds of processor time that are a finding too")
    parser.add_argument("--keep", action="store_true", help="what reached new code becomes seeds")
    parser.add_argument("--child", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        child(options.target, options.child, options.slow)
        return
    from tests.fuzz import targets

    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, data in enumerate(targets.seeds(options.target)):
            (corpus / f"seed{number}").write_bytes(data)
        base = [sys.executable, "-m", "tests.fuzz.guided", options.target, f"--slow={options.slow}", "--child"]
        limits = [f"-max_len={LONGEST.get(options.target, 2_000)}", "-timeout=120", "-report_slow_units=120",
                  "-rss_limit_mb=6000", f"-artifact_prefix={folder}/"]  # fmt: skip
        words = Path(folder, "words")
        words.write_text("".join(f'"{_escaped(w.encode("utf-8", "surrogatepass"))}"\n' for w in targets.WORDS))
        run = [*base, f"-max_total_time={int(60 * options.minutes)}", f"-seed={options.seed}", "-print_final_stats=1",
               f"-dict={words}", *limits, str(corpus)]  # fmt: skip
        with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as p:
            lines = [line.rstrip() for line in p.stdout or () if _of_interest(line)]
        print("\n".join(lines[-40:]))
        ended = [x for x in Path(folder).glob("*-*") if x.is_file()]  # what libFuzzer itself stopped at
        for path in ended:
            print(f"FOUND {path.name}: {targets.keep(options.target, path.read_bytes())}")
        if options.keep:
            _keep(options.target, corpus)
        found = bool(ended) or any("FOUND" in line for line in lines)
        reached = len(list(corpus.iterdir()))
        said = "findings" if found else "no finding" if not p.returncode else f"it ended with {p.returncode}"
        print(f"{options.target}: {reached} inputs reach new code; {said}")
    sys.exit(1 if found or p.returncode else 0)


def _of_interest(line: str) -> bool:
    return line.startswith(("FOUND", "stat::number_of_executed", "==")) or "DONE" in line or "Error" in line


def _escaped(data: bytes) -> str:
    return "".join(f"\\x{b:02x}" for b in data)


def _keep(target: str, corpus: Path) -> None:
    """The shortest of the inputs that reached new code become seeds, beside those that are there."""
    from tests.fuzz.targets import SEEDS

    place = SEEDS / target
    place.mkdir(parents=True, exist_ok=True)
    new = [p for p in corpus.iterdir() if not p.name.startswith("seed") and p.stat().st_size <= MAX_SEED]
    for path in sorted(new, key=lambda p: (p.stat().st_size, p.name))[: MAX_SEEDS - len(list(place.iterdir()))]:
        shutil.copy(path, place / path.name[:12])


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
