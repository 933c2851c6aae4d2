"""Readers of foreign text, and a fuzzer for each: `python -m tests.fuzz.targets document --seconds 600`.

With atheris installed (`pip install atheris`) and `--atheris` the search is guided by coverage; without it inputs are
seeds changed at random. A target returns, or raises an error of ours; anything else is a finding. What was found goes
into `tests/fuzz/found/TARGET/`, and is run by the suite for ever.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from symbolic_mla.commands.showing import text_of
from symbolic_mla.derivation.check import check_document
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.certificate import replay
from symbolic_mla.language.documents import decode, parse_document

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "found"
TEX = (
    "<!-- derivation math -->\n\n$$\\text{dims } n$$\n\n<!-- claim a -->\n$$A^\\top B = (B^\\top A)^\\top$$\n"
    "\n\\[ \\begin{align} A &= B \\\\ &= \\frac{1}{2} C \\end{align} \\]\n"
)
WORDS = (
    "dims n, m\n", "given A, B : n × m\n", "claim x: ", "refute y: ", "exists U : n × m with ", "for all X : n × m ",
    " iff ",
    " = ", " <= ", "Aᵀ", "inv(", "rank(", "tile(A, 2)", "A[i]", "A[0]", "[", ")", "(", "take U = A",
    "einsum(\"i j -> j i\", A)",
    "obtain U, S, V from svd(A)\n", "let T = ", "function f(n)\n", "f(", "sqrt(", "1/2 ", "stack(A, A)",
    "```derivation\n", "```\n",
    "$$", "\\frac{", "\\[", "<!-- claim x -->", "²", "⊗", "∘", "'", "\u0301", "\ufeff", "\x00", "\r\n", "9" * 30, "-1",
    '["by", "\'assume", "#0"]\n', '"#1"', "[[1, []]]", "\"'A\"", "1e9", "null",
)  # fmt: skip


def document(data: bytes) -> None:
    """A document is read and judged, and its result is shown in every format; JSON is JSON with the fields it has."""
    result = check_document(parse_document(decode(data)))
    for form in ("text", "github", "junit", "sarif"):
        text_of([result], form, None)
    shown = json.loads(text_of([result], "json", None))
    (own,) = shown["documents"]
    for claim in own["claims"]:
        if claim["verdict"] not in ("proved", "refuted", "undecided", "error") or not claim["steps"]:
            raise RuntimeError(f"a claim without a verdict: {claim}")


def certificate(data: bytes) -> None:
    """A certificate is refused, or its theorems come back."""
    replay(data.decode("utf-8", errors="replace"))


TARGETS: dict[str, Callable[[bytes], None]] = {"document": document, "tex": document, "certificate": certificate}


def seeds(target: str) -> list[bytes]:
    """What a fuzzer starts from: documents and certificates of the library, the smallest first."""
    if target == "tex":
        return [TEX.encode()]
    pattern = "proofs/**/*.md" if target == "document" else "reports/certificates/*.txt"
    paths = sorted(ROOT.glob(pattern), key=lambda p: (p.stat().st_size, p.name))[:12]
    return [p.read_bytes() for p in paths]


def run(target: str, data: bytes) -> float:
    """Seconds of processor time that a target takes. Raises what is no error of ours."""
    start = time.process_time()
    try:
        TARGETS[target](data)
    except SymbolicMLAError as error:
        if not error.message:
            raise RuntimeError("an error without a message") from error
    return time.process_time() - start


def mutants(target: str, rng: Random) -> Iterator[bytes]:
    """Seeds changed at random: bytes, lines, words of the language, pieces of another seed."""
    pool = seeds(target)
    while True:
        data = bytearray(rng.choice(pool)[: rng.choice((200, 1000, 4000))])
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(data) + 1)
            kind = rng.randrange(5)
            if kind == 0 and data:
                data[min(at, len(data) - 1)] = rng.randrange(256)
            elif kind == 1:
                data[at:at] = rng.choice(WORDS).encode("utf-8", errors="surrogatepass")
            elif kind == 2:
                del data[at : at + rng.randint(1, 30)]
            elif kind == 3:
                other = rng.choice(pool)
                start = rng.randrange(len(other))
                data[at:at] = other[start : start + rng.randint(1, 200)]
            else:
                lines = bytes(data).split(b"\n")
                rng.shuffle(lines)
                data = bytearray(b"\n".join(lines))
        yield bytes(data)


def keep(target: str, data: bytes) -> Path:
    """Write a finding to where the suite finds it."""
    from hashlib import blake2b

    path = FOUND / target / blake2b(data, digest_size=6).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=list(TARGETS))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--slow", type=float, default=20, help="seconds of processor time that are a finding too")
    parser.add_argument("--atheris", action="store_true", help="guided by coverage")
    options = parser.parse_args()

    def one(data: bytes) -> None:
        try:
            taken = run(options.target, data)
        except Exception:
            print(f"found: {keep(options.target, data)}", file=sys.stderr)
            raise
        if taken > options.slow:
            print(f"slow ({taken:.0f} s): {keep(options.target, data)}", file=sys.stderr)

    if options.atheris:
        import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

        atheris.instrument_all()
        atheris.Setup([sys.argv[0], f"-max_total_time={int(options.seconds)}", f"-seed={options.seed + 1}"], one)
        atheris.Fuzz()
        return
    end, count, found = time.monotonic() + options.seconds, 0, 0
    for data in mutants(options.target, Random(options.seed)):
        if time.monotonic() > end:
            break
        count += 1
        try:
            one(data)
        except Exception as error:
            found += 1
            print(f"  {type(error).__name__}: {error}", file=sys.stderr)
    print(f"{options.target}: {count} inputs, {found} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
