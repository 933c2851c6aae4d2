"""The prover's times, and SymPy's `MatrixSymbol` on the same identities where it can say them, in one run.

    python benchmarks/prover.py            prints Markdown; nothing is asserted

Both sides are built inside the clock, since SymPy simplifies while it builds. Ours is the decision with its theorem
(the kernel's check included); the peer's is `(left - right).doit().expand()` with an empty cache, and "proved" where
that is zero. Times are the least of REPEATS turns.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import permutations, product
from typing import Any

import sympy
from sympy.matrices.expressions import MatrixExpr

from symbolic_mla import algebra as al
from symbolic_mla.algebra.certify import certificate
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.certificate import replay
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Atom, Term
from symbolic_mla.prover.decide import Proved, Verdict, decide

REPEATS = 3
N, P = Axis.of(Var("n")), Axis.of(Var("p"))
A, B, C, D = (Atom(x, (N, N)) for x in "ABCD")
W = Atom("W", (N, P))
n, p = sympy.symbols("n p", integer=True, positive=True)
a, b, c, d = (sympy.MatrixSymbol(x, n, n) for x in "ABCD")
w = sympy.MatrixSymbol("W", n, p)


@dataclass(frozen=True)
class Task:
    """An equation of ours, and of SymPy's where it has the words for it."""

    name: str
    ours: Callable[[], tuple[Term, Term]]
    peer: Callable[[], Any] | None = None  # left - right

    def decide(self) -> Verdict:
        """The verdict on left = right, the terms built as well."""
        return decide(Equation(*self.ours()))


def seconds(action: Callable[[], object]) -> tuple[float, object]:
    """The least time of an action over the turns, and what it gave."""
    best, result = math.inf, None
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = action()
        best = min(best, time.perf_counter() - start)
    return best, result


def word(*letters: Term) -> Term:
    return reduce(al.matmul, letters)


def folded(operation: Callable[[Term, Term], Term], t: Term, k: int) -> Term:
    """t with itself, k times."""
    copies: list[Term] = [t] * k
    return reduce(operation, copies)


def total(terms: Sequence[Term]) -> Term:
    return al.add(*terms)


# ---- identities of at most 20 atoms ------------------------------------------------------------------


def identities() -> list[Task]:
    """What people write: products, sums, transposes, traces, Kronecker products, tiles, functions."""
    t, s = al.transpose, sympy.Transpose
    i, z = al.identity(N), sympy.Identity(n)
    commutator = al.subtract(word(A, B), word(B, A))
    jacobi = [
        al.subtract(
            word(x, al.subtract(word(y, u), word(u, y))), word(al.subtract(word(y, u), word(u, y)), x)
        )
        for x, y, u in ((A, B, C), (B, C, A), (C, A, B))
    ]

    def bracket(x: Any, y: Any) -> Any:
        return x * y - y * x

    return [
        Task("(A B)ᵀ = Bᵀ Aᵀ", lambda: (t(word(A, B)), word(t(B), t(A))), lambda: s(a * b) - s(b) * s(a)),
        Task(
            "A (B + C) = A B + A C",
            lambda: (word(A, al.add(B, C)), al.add(word(A, B), word(A, C))),
            lambda: a * (b + c) - a * b - a * c,
        ),
        Task(
            "(A + B)² expanded",
            lambda: (al.power(al.add(A, B), 2), total([word(x, y) for x, y in product((A, B), repeat=2)])),
            lambda: (a + b) ** 2 - (a * a + a * b + b * a + b * b),
        ),
        Task(
            "(A + B)³ expanded",
            lambda: (al.power(al.add(A, B), 3), total([word(*x) for x in product((A, B), repeat=3)])),
            lambda: (
                (a + b) ** 3
                - sum((x * y * u for x, y, u in product((a, b), repeat=3)), sympy.ZeroMatrix(n, n))
            ),
        ),
        Task("A + B − A = B", lambda: (al.subtract(al.add(A, B), A), B), lambda: a + b - a - b),
        Task("I A I = A", lambda: (word(i, A, i), A), lambda: z * a * z - a),
        Task(
            "tr(A B) = tr(B A)",
            lambda: (al.trace(word(A, B)), al.trace(word(B, A))),
            lambda: sympy.Trace(a * b) - sympy.Trace(b * a),
        ),
        Task(
            "tr(A B C) = tr(C A B)",
            lambda: (al.trace(word(A, B, C)), al.trace(word(C, A, B))),
            lambda: sympy.Trace(a * b * c) - sympy.Trace(c * a * b),
        ),
        Task(
            "tr(Aᵀ B) = tr(Bᵀ A)",
            lambda: (al.trace(word(t(A), B)), al.trace(word(t(B), A))),
            lambda: sympy.Trace(s(a) * b) - sympy.Trace(s(b) * a),
        ),
        Task(
            "tr[A, B] = 0",
            lambda: (al.trace(commutator), al.scale(0, al.trace(A))),
            lambda: sympy.Trace(bracket(a, b)),
        ),
        Task(
            "Jacobi",
            lambda: (total(jacobi), al.zeros(N, N)),
            lambda: bracket(a, bracket(b, c)) + bracket(b, bracket(c, a)) + bracket(c, bracket(a, b)),
        ),
        Task(
            "(A ⊗ B)(C ⊗ D) = A C ⊗ B D",
            lambda: (word(al.kron(A, B), al.kron(C, D)), al.kron(word(A, C), word(B, D))),
            lambda: (
                sympy.KroneckerProduct(a, b) * sympy.KroneckerProduct(c, d)
                - sympy.KroneckerProduct(a * c, b * d)
            ),
        ),
        Task(
            "A ∘ B = B ∘ A",
            lambda: (al.hadamard(A, B), al.hadamard(B, A)),
            lambda: sympy.HadamardProduct(a, b) - sympy.HadamardProduct(b, a),
        ),
        Task(
            "vec(A B C) = (Cᵀ ⊗ A) vec B", lambda: (al.vec(word(A, B, C)), word(al.kron(t(C), A), al.vec(B)))
        ),
        Task("tile(W, p) = (1 ⊗ I) W", lambda: (al.tile(W, P), word(al.tile(i, P), W))),
        Task("f(tile(W, p)) = tile(f(W), p)", lambda: (Apply("f", al.tile(W, P)), al.tile(Apply("f", W), P))),
        Task(
            "stack(A, B) C = stack(A C, B C)",
            lambda: (word(al.stack(A, B), C), al.stack(word(A, C), word(B, C))),
        ),
        Task(
            "[A B] [C; D] = A C + B D",
            lambda: (word(al.hstack(A, B), al.stack(C, D)), al.add(word(A, C), word(B, D))),
            lambda: sympy.BlockMatrix([[a, b]]) * sympy.BlockMatrix([[c], [d]]) - (a * c + b * d),
        ),
        Task(
            "20 atoms, bracketed two ways",
            lambda: (word(*[A, B, C, D] * 5), word(word(*[A, B, C, D] * 2), word(*[A, B, C, D] * 3))),
            lambda: (
                reduce(lambda x, y: x * y, [a, b, c, d] * 5) - reduce(lambda x, y: x * y, [a, b, c, d] * 5)
            ),
        ),
        Task(
            "tr of 20 atoms, turned",
            lambda: (al.trace(word(*[A, B, C, D] * 5)), al.trace(word(*[C, D, A, B] * 5))),
            lambda: (
                sympy.Trace(reduce(lambda x, y: x * y, [a, b, c, d] * 5))
                - sympy.Trace(reduce(lambda x, y: x * y, [c, d, a, b] * 5))
            ),
        ),
    ]


# ---- symmetric and large networks --------------------------------------------------------------------


def hard() -> list[Task]:
    """Networks with many automorphisms, and sums with many terms."""
    rng = random.Random(0)
    words = [[rng.choice((A, B, C, D)) for _ in range(5)] for _ in range(200)]
    turned = words[:]
    rng.shuffle(turned)
    gram = word(W, al.transpose(W))
    tensor = folded(al.kron, A, 5)
    standard = [
        al.scale(_sign(order), word(*(((A, B, C, D)[k]) for k in order))) for order in permutations(range(4))
    ]
    return [
        Task(
            "tr of 12 equal matrices, bracketed two ways",
            lambda: (al.trace(word(*[A] * 12)), al.trace(word(word(*[A] * 5), word(*[A] * 7)))),
            lambda: sympy.Trace(a**12) - sympy.Trace(a**5 * a**7),
        ),
        Task(
            "tr((A B)⁶) = tr((B A)⁶)",
            lambda: (al.trace(al.power(word(A, B), 6)), al.trace(al.power(word(B, A), 6))),
            lambda: sympy.Trace((a * b) ** 6) - sympy.Trace((b * a) ** 6),
        ),
        Task(
            "tr((W Wᵀ)¹⁰) = tr((Wᵀ W)¹⁰)",
            lambda: (al.trace(al.power(gram, 10)), al.trace(al.power(word(al.transpose(W), W), 10))),
            lambda: sympy.Trace((w * w.T) ** 10) - sympy.Trace((w.T * w) ** 10),
        ),
        Task(
            "tr(A)⁹",
            lambda: (folded(al.hadamard, al.trace(A), 9), folded(al.hadamard, al.trace(al.transpose(A)), 9)),
        ),
        Task(
            "A ∘ A ∘ … (12) transposed twice",
            lambda: (folded(al.hadamard, A, 12), al.transpose(folded(al.hadamard, al.transpose(A), 12))),
        ),
        Task("A⊗⁵ times A⊗⁵ = (A²)⊗⁵", lambda: (word(tensor, tensor), folded(al.kron, word(A, A), 5))),
        Task("tr(A⊗⁵) = tr(A)⁵", lambda: (al.trace(tensor), folded(al.hadamard, al.trace(A), 5))),
        Task(
            "200 words of 5 letters in another order",
            lambda: (total([word(*x) for x in words]), total([word(*x) for x in turned])),
            lambda: (
                sum((_peer(x) for x in words), sympy.ZeroMatrix(n, n))
                - sum((_peer(x) for x in turned), sympy.ZeroMatrix(n, n))
            ),
        ),
        Task(
            "(A + B)⁷ expanded (128 words)",
            lambda: (al.power(al.add(A, B), 7), total([word(*x) for x in product((A, B), repeat=7)])),
        ),
        Task(
            "S₄(A, B, C, D) + S₄(B, A, C, D) = 0",
            lambda: (
                total(standard),
                al.scale(
                    -1,
                    total(
                        [
                            al.scale(_sign(order), word(*(((B, A, C, D)[k]) for k in order)))
                            for order in permutations(range(4))
                        ]
                    ),
                ),
            ),
        ),
    ]


def _peer(letters: Sequence[Term]) -> Any:
    names = {"A": a, "B": b, "C": c, "D": d}
    return reduce(lambda x, y: x * y, [names[x.name] for x in letters if isinstance(x, Atom)])


def _sign(order: tuple[int, ...]) -> int:
    inversions = sum(x > y for k, x in enumerate(order) for y in order[k + 1 :])
    return -1 if inversions % 2 else 1


# ---- the tables --------------------------------------------------------------------------------------


def row(task: Task) -> tuple[str, float, float | None, bool]:
    """A line of the table, our seconds, the peer's, and whether the peer proved it."""
    ours, verdict = seconds(task.decide)
    start = f"| {task.name} | {getattr(verdict, 'verdict', '?')} | {1e3 * ours:.2f} "
    peer = task.peer
    if peer is None:
        return f"{start}| no words for it | | |", ours, None, False
    theirs, said = seconds(lambda: _zero(peer))
    return f"{start}| {said} | {1e3 * theirs:.2f} | {theirs / ours:.1f} |", ours, theirs, said == "proved"


def _zero(peer: Callable[[], Any]) -> str:
    sympy.core.cache.clear_cache()
    try:
        found = peer().doit().expand()
        if isinstance(found, MatrixExpr):
            found = found.doit()
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        return type(error).__name__
    return "proved" if found == 0 or getattr(found, "is_ZeroMatrix", False) else "not proved"


HEAD = "| identity | ours | ms | SymPy | ms | ratio |\n|---|---|---:|---|---:|---:|"


def table(title: str, tasks: list[Task]) -> None:
    """Print one table with its medians."""
    print(f"\n## {title}\n\n{HEAD}")
    rows = [row(t) for t in tasks]
    for text, *_ in rows:
        print(text)
    both = [theirs / ours for _, ours, theirs, _ in rows if theirs is not None]
    print(
        f"\nMedian: ours {1e3 * statistics.median(ours for _, ours, _, _ in rows):.2f} ms; "
        f"SymPy proved {sum(done for *_, done in rows)} of the {len(both)} that it can say; "
        f"median ratio of times {statistics.median(both):.1f}."
    )


def growth() -> None:
    """How the time grows, with the exponent of the best power law."""
    print("\n## Growth\n\n| what | sizes | ms | exponent |\n|---|---|---|---:|")
    shapes: dict[str, tuple[list[int], Callable[[int], tuple[Term, Term]]]] = {
        "a product of k atoms, bracketed from the right": (
            [5, 10, 20, 40, 80],
            lambda k: (word(*[A] * k), folded(lambda x, y: al.matmul(y, x), A, k)),
        ),
        "a trace of k equal atoms": (
            [5, 10, 20, 40],
            lambda k: (al.trace(word(*[A] * k)), al.trace(word(word(*[A] * 2), word(*[A] * (k - 2))))),
        ),
        "a trace of k different atoms": (
            [5, 10, 20, 40, 80],
            lambda k: (al.trace(word(*letters(k))), al.trace(word(*letters(k)[2:], *letters(k)[:2]))),
        ),
        "a sum of k words of three letters": (
            [10, 50, 100, 250, 500],
            lambda k: (
                total([word(x, A, x) for x in letters(k)]),
                total([word(x, A, x) for x in letters(k)[::-1]]),
            ),
        ),
        "f nested k times": ([1, 2, 4, 8, 16], lambda k: (nested(al.add(A, B), k), nested(al.add(B, A), k))),
        "a tensor power of k": (
            [2, 3, 4, 5, 6, 7],
            lambda k: (al.trace(folded(al.kron, A, k)), folded(al.hadamard, al.trace(A), k)),
        ),
    }
    for name, (sizes, make) in shapes.items():
        times = []
        for k in sizes:
            left, right = make(k)
            spent, verdict = seconds(lambda left=left, right=right: decide(Equation(left, right)))  # type: ignore[misc]
            times.append(spent)
            if not isinstance(verdict, Proved):
                name = f"{name} ({getattr(verdict, 'verdict', '?')} at {k})"
                break
        slope = _slope([math.log(k) for k in sizes[: len(times)]], [math.log(t) for t in times])
        shown = ", ".join(f"{1e3 * t:.2f}" for t in times)
        print(f"| {name} | {', '.join(map(str, sizes[: len(times)]))} | {shown} | {slope:.1f} |")


def letters(k: int) -> list[Term]:
    return [Atom(f"A{j}", (N, N)) for j in range(k)]


def nested(t: Term, k: int) -> Term:
    return reduce(lambda x, _: Apply("f", al.add(x, A)), range(k), t)


def _slope(x: list[float], y: list[float]) -> float:
    if len(x) < 2:
        return math.nan
    mx, my = statistics.fmean(x), statistics.fmean(y)
    return sum((u - mx) * (v - my) for u, v in zip(x, y, strict=True)) / sum((u - mx) ** 2 for u in x)


def certificates() -> None:
    """The checker against the search: bytes, and the time of a replay."""
    print(
        "\n## Certificates\n\n| identity | bytes | written, ms | replayed, ms | replay : decision |"
        "\n|---|---:|---:|---:|---:|"
    )
    for task in (*identities()[-3:], *hard()):
        spent, verdict = seconds(task.decide)
        if not isinstance(verdict, Proved):
            continue
        writing, text = seconds(lambda t=verdict.theorem: certificate(t))  # type: ignore[misc]
        reading, _ = seconds(lambda text=text: replay(str(text)))  # type: ignore[misc]
        print(
            f"| {task.name} | {len(str(text))} | {1e3 * writing:.2f} | {1e3 * reading:.2f} | {reading / spent:.1f} |"
        )


def main() -> None:
    print("# The prover")
    table("Identities of at most 20 atoms", identities())
    table("Symmetric and large networks", hard())
    growth()
    certificates()


if __name__ == "__main__":
    main()
