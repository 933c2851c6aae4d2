"""Inputs of a megabyte that are hard on purpose: `python -m tests.fuzz.hostile [KIND ...] --size 1000000`.

Each goes through the command in a process of its own. Reported: its exit, seconds of processor time, megabytes of
memory. Bad is a traceback, another exit than 0, 1 and 2, or more than the stated budgets.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from symbolic_mla.limit import DOCUMENT, MENDING, READING

SECONDS = READING + DOCUMENT + MENDING + 20  # what the limits add up to, a start, and what is said of it
MEGABYTES = 1_500
HEAD = "dims n, m\ngiven A, B : n × n\n"


def derivation(text: str) -> str:
    return f"```derivation\n{HEAD}{text}\n```\n"


def claim(text: str) -> str:
    return derivation(f"claim x: {text}")


def formula(text: str) -> str:
    declared = r"$$n \in \mathbb{N}, \quad A \in \mathbb{R}^{n \times n}, \quad B \in \mathbb{R}^{n \times n}$$"
    return f"<!-- derivation math -->\n\n{declared}\n\n<!-- claim x -->\n$$\n{text}\n$$\n"


def nested(left: str, inner: str, right: str, size: int) -> str:
    k = size // len(left + right)
    return left * k + inner + right * k


def repeated(part: str, size: int) -> str:
    return part * (size // len(part.encode()))


def numbered(part: str, size: int) -> str:
    """`part` again and again, with # in it replaced by the number."""
    out, length, k = [], 0, 0
    while length < size:
        out.append(part.replace("#", str(k)))
        length, k = length + len(out[-1].encode()), k + 1
    return "".join(out)


DOCUMENTS: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: claim(nested("(", "A", ")", n) + " = A"),
    "open brackets": lambda n: claim("(" * n),
    "calls": lambda n: claim(nested("tr(", "A", ")", n) + " = 1"),
    "tiles": lambda n: claim(nested("tile(", "A", ", 2)", n) + " = A"),
    "lists": lambda n: claim("blocks(" + nested("[", "A", "]", n) + ") = A"),
    "primes": lambda n: claim("A" + "'" * n + " = A"),
    "signs": lambda n: claim("-" * n + "A = A"),
    "powers": lambda n: claim("A" + "^2" * (n // 2) + " = A"),
    "a sum": lambda n: claim(repeated("A + B + ", n) + "A = A"),
    "a sum of products": lambda n: claim(repeated("A B A + ", n) + "A = A"),
    "a product": lambda n: claim(repeated("A B ", n) + "= A"),
    "a power of sums": lambda n: claim(repeated("(A + B) ", n) + "= A"),
    "a chain": lambda n: claim("A" + repeated(" = A + B - B", n)),
    "a wrong chain": lambda n: claim("A" + repeated(" = A + B = A", n)),
    "claims": lambda n: derivation(numbered("claim c#: A + B = B + A\n", n)),
    "false claims": lambda n: derivation(numbered("claim c#: A B = B A + #\n", n)),
    "wrong claims": lambda n: derivation(numbered("claim c#: A B = B A\n", n)),
    "dimensions": lambda n: derivation(numbered("dims d#\n", n) + "claim x: A = A"),
    "matrices": lambda n: derivation(numbered("given W# : n × m\n", n) + "claim x: A = A"),
    "hypotheses": lambda n: derivation(numbered("given W# : n × n with W# A = A\n", n) + "claim x: A B = B A"),
    "definitions": lambda n: derivation("let L0 = A\n" + "".join(
        f"let L{k + 1} = L{k} + L{k}\n" for k in range(n // 24)) + f"claim x: L{n // 24} = A"),
    "functions": lambda n: derivation("function f\nclaim x: " + nested("f(", "A", ")", n) + " = A"),
    "a name": lambda n: derivation("let " + "a" * n + " = A\nclaim x: A = A"),
    "marks": lambda n: derivation("let a" + "\u0301\u0323" * (n // 4) + " = A\nclaim x: A = A"),
    "digits": lambda n: claim("9" * n + " A = A"),
    "a huge size": lambda n: claim("tr(I(" + "9" * 4000 + ")) = 1"),
    "huge sizes": lambda n: claim("tile(tile(A, 99999999999), 99999999999) = tile(A, 9999999999800000000001)"),
    "an einsum": lambda n: claim(
        'einsum("' + repeated("i j, ", n // 2) + 'i j -> i j", ' + repeated("A, ", n // 3) + "A) = A"),
    "a pattern": lambda n: claim('einsum("' + nested("(", "i", ")", n) + ' -> i", A) = A'),
    "a text without end": lambda n: claim('einsum("' + "i " * (n // 2)),
    "ranks": lambda n: claim(repeated("rank(A) + ", n) + "rank(A) <= n"),
    "minima": lambda n: claim(nested("min(n, ", "n", ")", n) + " <= n"),
    "roots": lambda n: claim(nested("sqrt(", "n", ")", n) + " <= n"),
    "comments": lambda n: derivation(repeated("# x\n", n) + "claim x: A = A"),
    "blank lines": lambda n: derivation("\n" * n + "claim x: A = A"),
    "carriage returns": lambda n: derivation("\r" * n + "claim x: A = A"),
    "exists": lambda n: claim("exists " + numbered("U# : n × n, ", n) + "V : n × n with A = V U0"),
    "takes": lambda n: derivation("claim x: exists U : n × n with U = A\n    take U = " + nested("(", "A", ")", n)),
    "moves": lambda n: derivation("refute x: exists U : 1 × 1 for all y : 1 × 1 with y = U y\n"
                                  + repeated("    at y = I(1)\n", n)),
    "quotes": lambda n: ">" * n + "\n" + claim("A = A"),
    "bullets": lambda n: "- " * (n // 2) + "\n" + claim("A = A"),
    "stars": lambda n: "*a **a " * (n // 7) + "\n\n" + claim("A = A"),
    "links": lambda n: "[" * n + "\n\n" + claim("A = A"),
    "link ends": lambda n: "[a](" * (n // 4) + "\n\n" + claim("A = A"),
    "references": lambda n: numbered("[a#]: b\n", n // 2) + numbered("[a#] ", n // 2) + "\n\n" + claim("A = A"),
    "ticks": lambda n: " ".join("`" * k for k in range(1, int((2 * n) ** 0.5))) + "\n\n" + claim("A = A"),
    "fences": lambda n: repeated("```derivation\n```\n", n),
    "comments of Markdown": lambda n: "<!--" * (n // 4) + "\n\n" + claim("A = A"),
    "a table": lambda n: "|a" * (n // 4) + "\n" + "|-" * (n // 4) + "\n\n" + claim("A = A"),
    "headings": lambda n: repeated("# a\n", n) + claim("A = A"),
    "formulas": lambda n: repeated("$$A = A$$\n\n", n) + claim("A = A"),
    "dollars": lambda n: "$" * n + "\n\n" + claim("A = A"),
    "math: braces": lambda n: formula(nested("{", "A", "}", n) + " = A"),
    "math: open braces": lambda n: formula("{" * n),
    "math: fractions": lambda n: formula(nested(r"\frac{1}{", "2", "}", n) + " A = A"),
    "math: subscripts": lambda n: formula(nested("A_{", "1", "}", n) + " = A"),
    "math: accents": lambda n: formula(nested(r"\tilde{", "A", "}", n) + " = A"),
    "math: left": lambda n: formula(nested(r"\left(", "A", r"\right)", n) + " = A"),
    "math: a matrix": lambda n: formula(r"\begin{bmatrix}" + repeated("A & ", n) + r"A \end{bmatrix} = A"),
    "math: rows": lambda n: formula(r"\begin{bmatrix}" + repeated(r"A \\ ", n) + r"A \end{bmatrix} = A"),
    "math: matrices": lambda n: formula(nested(r"\begin{bmatrix}", "A", r"\end{bmatrix}", n) + " = A"),
    "math: a sum": lambda n: formula(repeated("A + B + ", n) + "A = A"),
    "math: sums": lambda n: formula(repeated(r"\sum_{i=1}^{n} ", n) + "A = A"),
    "math: a chain": lambda n: formula(r"\begin{aligned} A " + repeated(r"&= A \\ ", n) + r"\end{aligned}"),
    "math: transposes": lambda n: formula("A" + repeated(r"^\top{}", n) + " = A"),
    "math: texts": lambda n: formula(repeated(r"\text{a} ", n) + "A = A"),
    "math: spaces": lambda n: formula(repeated(r"\quad ", n) + "A = A"),
}  # fmt: skip

_TWO = '["var", "\'p", "\'dimension", 1]\n["axis", [1, ["#0"], 0]]\n["atom", "\'A", ["#1", "#1"]]\n'


def certificate(middle: str, last: str = "#0") -> str:
    return f'"symbolic_mla certificate 1"\n{_TWO}{middle}["theorems", "{last}"]\n'


def _lines(size: int, line: Callable[[int], str], start: int = 3) -> str:
    out, length, k = [], 0, start
    while length < size:
        out.append(line(k) + "\n")
        length, k = length + len(out[-1]), k + 1
    return certificate("".join(out), f"#{k - 1}")


CERTIFICATES: dict[str, Callable[[int], str]] = {
    "deep lists": lambda n: certificate("[" * (n // 2) + "]" * (n // 2) + "\n"),
    "an open list": lambda n: certificate("[" * n + "\n"),
    "digits": lambda n: certificate('["number", [' + "9" * n + ", []]]\n"),
    "named digits": lambda n: certificate('["number", ["' + "9" * n + '/7", []]]\n'),
    "a reference": lambda n: certificate('["rank", "#' + "9" * n + '"]\n'),
    "a name": lambda n: certificate('["atom", "\'' + "a" * n + '", ["#1", "#1"]]\n'),
    "doubling": lambda n: _lines(n, lambda k: f'["sum", [[1, "#{k - 1}"], [1, "#{k - 1}"]], ["#1", "#1"]]'),
    "products": lambda n: _lines(n, lambda k: (
        f'["einsum", [["#{k - 1}", [[0], [1]]], ["#2", [[1], [2]]]], [[0], [2]], ["#1", "#1", "#1"]]')),
    "axes": lambda n: _lines(n, lambda k: f'["axis", [2, ["#0"], "#{1 if k == 3 else k - 1}"]]'),
    "numbers": lambda n: _lines(n, lambda k: f'["number", [1, [["#{0 if k == 3 else k - 1}", 2]]], [1, []]]'),
    "roots": lambda n: _lines(n, lambda k: f'["root", "#{k - 1}"]' if k % 2 == 0 else (
        f'["number", [1, [["#{0 if k == 3 else k - 1}", 1]]], [1, []]]')),
    "entries": lambda n: certificate(
        '["einsum", [["#2", [[0], [0]]]], [], ["#1"]]\n' + '["entry", "#3"]\n' * (n // 16)),
    "labels": lambda n: certificate('["einsum", [], [[' + ", ".join(["0"] * (n // 3)) + ']], ["#1"]]\n'),
    "operands": lambda n: certificate(
        '["einsum", [' + ", ".join(['["#2", [[0], [0]]]'] * (n // 20)) + '], [], ["#1"]]\n["entry", "#3"]\n'),
    "a stack": lambda n: certificate('["stack", [' + ", ".join(['"#2"'] * (n // 6)) + "], 0]\n"),
    "theorems": lambda n: certificate("", '#0", "' + '#0", "'.join([""] * (n // 7)) + "#0"),
}  # fmt: skip


def measured(command: list[str]) -> tuple[int, float, float, str]:
    """The exit, seconds of processor time, megabytes, and the last line of errors."""
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(2 * SECONDS), int(2 * SECONDS)))
        resource.setrlimit(resource.RLIMIT_AS, (3 * MEGABYTES << 20, 3 * MEGABYTES << 20))

    with tempfile.TemporaryFile("w+", errors="replace") as err:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=err, preexec_fn=limited)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = 0
        err.seek(0)
        lines = err.read().strip().splitlines()
    code = status >> 8 if status & 127 == 0 else -(status & 127)
    said = "Traceback" if any("Traceback" in x for x in lines) else (lines[-1] if lines else "")
    return code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--after", default="", help="go on after this kind")
    options = parser.parse_args()
    bad, skipping = 0, bool(options.after)
    tool = str(Path(sys.executable).with_name("symbolic-mla"))
    for table, suffix, verb in ((DOCUMENTS, "md", ["check", "--no-cache"]), (CERTIFICATES, "txt", ["replay"])):
        for kind, make in table.items():
            if skipping:
                skipping = kind != options.after
                continue
            if options.kinds and not any(k in f"{verb[0]} {kind}" for k in options.kinds):
                continue
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, f"a.{suffix}")
                path.write_text(make(options.size), encoding="utf-8", newline="")
                start = time.monotonic()
                code, seconds, megabytes, said = measured([tool, *verb, str(path)])
            wrong = said == "Traceback" or code not in (0, 1, 2) or seconds > SECONDS or megabytes > MEGABYTES
            bad += wrong
            print(f"{'BAD ' if wrong else ''}{verb[0]} {kind}: exit {code}, {seconds:.1f} s of processor time, "
                  f"{megabytes:.0f} MB ({time.monotonic() - start:.0f} s): {said[:90]}", flush=True)  # fmt: skip
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
