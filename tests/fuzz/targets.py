"""Readers of what others wrote, and a fuzzer for each: `python -m tests.fuzz.targets document --seconds 600`.

Inputs are seeds changed at random; `tests.fuzz.guided` is guided by coverage. A target returns, or raises an error of
ours; anything else is a finding. What was found goes into `tests/fuzz/found/TARGET/`, and is run by the suite for ever.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from symbolic_mla.commands.showing import text_of
from symbolic_mla.derivation.check import check_document
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import decode, parse_document
from symbolic_mla.language.parse import ParseEnvironment, parse_block, read_block
from symbolic_mla.language.scope import Scope
from symbolic_mla.language.unparse import unparse
from symbolic_mla.laws import replay
from tests.fuzz import interfaces

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "found"
SEEDS = Path(__file__).parent / "seeds"
TEX = (
    "<!-- derivation math -->\n\n$$\\text{dims } n$$\n\n<!-- claim a -->\n$$A^\\top B = (B^\\top A)^\\top$$\n"
    "\n\\[ \\begin{align} A &= B \\\\ &= \\frac{1}{2} C \\end{align} \\]\n"
)
DECLARED = (
    r"$$n, m \in \mathbb{N}, \quad A \in \mathbb{R}^{n \times n}, \quad B \in \mathbb{R}^{n \times n}, "
    r"\quad S \in \mathbb{R}^{n \times n}, \quad W \in \mathbb{R}^{n \times m}, \quad x \in \mathbb{R}^{n}$$"
)
FORMULAS = (
    r"(A B)^\top = B^{\top} A^\top", r"\begin{bmatrix} A & B \\ S & I_n \end{bmatrix} = \sqrt{2}\,A",
    r"\sum_{i=1}^{m} x_i x_i = x^\top x", r"\tfrac{1}{2}(A + A^{T}) \leq \operatorname{rank}(W) \le \min\{n, m\}",
    r"\underbrace{\begin{pmatrix} A \\ \vdots \\ A \end{pmatrix}}_{n} = (\mathbf{1}_n \otimes I_n) A",
    r"\exists U \in \mathbb{R}^{n \times m} \colon A = U W^\top", r"\mathrm{softmax}(A B^{\top} / \sqrt{m}) \odot S",
)  # fmt: skip
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


def text(data: bytes) -> None:
    """A document is read and elaborated, and not judged; a definition is the same when it is written and read again."""
    names, scope = ParseEnvironment(), Scope()
    for block in parse_document(decode(data)).blocks:
        for item in read_block(block, names):
            if isinstance(item, s.Claim):
                scope.claim(item)
                continue
            if isinstance(item, s.Let) and not item.parameters:
                shown = unparse(item.body)
                (again,) = parse_block(f"let {item.name.text} = {shown}", env=names.copy())
                if not isinstance(again, s.Let) or unparse(again.body) != shown:
                    raise RuntimeError(f"{shown} is read as {again}")
            scope.declare(item)


def formula(data: bytes) -> None:
    """One displayed formula below some declarations in LaTeX."""
    text(b"<!-- derivation math -->\n\n" + DECLARED.encode() + b"\n<!-- claim a -->\n$$" + data + b"$$\n")


def certificate(data: bytes) -> None:
    """A certificate is refused, or its theorems come back, and hold wherever they are evaluated."""
    theorems = replay(data.decode("utf-8", errors="replace"))
    from tests.must_fail.forge import false_somewhere  # makes its theorems when it is loaded

    for theorem in theorems:
        if (world := false_somewhere(theorem)) is not None:
            raise RuntimeError(f"{theorem.conclusion} is false at {world}")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "document": document, "tex": document, "text": text, "formula": formula, "certificate": certificate,
    "entry": interfaces.entry, "files": interfaces.files, "rank": interfaces.rank,
    "editor": interfaces.editor,
}  # fmt: skip


def seeds(target: str) -> list[bytes]:
    """What a fuzzer starts from: documents and certificates of the library, the smallest first, and what is kept."""
    kept = [p.read_bytes() for p in sorted((SEEDS / target).glob("*"))]
    made: dict[str, Callable[[], list[bytes]]] = {
        "tex": lambda: [TEX.encode()], "formula": lambda: [f.encode() for f in FORMULAS],
        "entry": interfaces.entries, "files": interfaces.file_seeds, "rank": interfaces.rank_seeds,
        "editor": interfaces.messages,
    }  # fmt: skip
    if target in made:
        return [*made[target](), *kept]
    pattern = "reports/certificates/*.txt" if target == "certificate" else "proofs/**/*.md"
    if target == "document":
        return [*examples(), *kept]
    paths = sorted(ROOT.glob(pattern), key=lambda p: (p.stat().st_size, p.name))[:12]
    return [*(p.read_bytes() for p in paths), *kept]


def examples() -> list[bytes]:
    """The examples of the reference, a document each: they are small, and every form is in one."""
    text = (ROOT / "symbolic_mla" / "language" / "reference.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    judged = [b for b in blocks if len(b) < 500 and re.search("^(claim|refute) ", b, re.MULTILINE)]
    return [f"```derivation\n{b}```\n".encode() for b in judged]


def sparing() -> None:
    """Make the search of this process small: a fuzzer looks for what breaks, and not for proofs that take long."""
    from symbolic_mla.diagnostics.repair import search
    from symbolic_mla.prover import completion, decide, equations, numbers, order, refute, rewriting

    small = {
        (decide, "MAX_NETWORKS"): 2_000, (decide, "MAX_SMALLER"): 3, (refute, "MAX_SIZES"): 12,
        (refute, "MAX_SMALL"): 60, (refute, "MAX_PLACES"): 400, (refute, "MAX_WORK"): 3_000,
        (completion, "MAX_OVERLAPS"): 6, (equations, "MAX_COMPLETION"): 400, (equations, "MAX_STATES"): 8,
        (numbers, "MAX_NODES"): 150, (order, "MAX_CANDIDATES"): 20, (rewriting, "MAX_REWRITES"): 20,
        (search, "MAX_CANDIDATES"): 30, (search, "MAX_PROOFS"): 5, (search, "MAX_NETWORKS"): 1_000,
        (search, "MAX_STEPS"): 1,
    }  # fmt: skip
    for (module, name), value in small.items():
        if not hasattr(module, name):
            raise AttributeError(f"{module.__name__}.{name}")
        setattr(module, name, value)


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
    options = parser.parse_args()
    sparing()
    end, count, found = time.monotonic() + options.seconds, 0, 0
    for data in mutants(options.target, Random(options.seed)):
        if time.monotonic() > end:
            break
        count += 1
        try:
            taken = run(options.target, data)
        except Exception as error:
            found += 1
            print(f"  {type(error).__name__}: {error}: {keep(options.target, data)}", file=sys.stderr)
        else:
            if taken > options.slow:
                print(f"slow ({taken:.0f} s): {keep(options.target, data)}", file=sys.stderr)
    print(f"{options.target}: {count} inputs, {found} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
