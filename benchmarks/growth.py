"""Networks with many automorphisms, and how the time of a decision grows, with the exponent of the best power law."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import permutations

from benchmarks.timing import Row, exponent, seconds, shown
from symbolic_mla import algebra as al
from symbolic_mla.derivation.check import check_document
from symbolic_mla.exact.explicit import Agreement, equal_explicitly
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Apply, Atom, Term
from symbolic_mla.kernel.theorem import Equation
from symbolic_mla.language.documents import parse_document
from symbolic_mla.prover.decide import decide

N, P = Axis.of(Var("n")), Axis.of(Var("p"))
A, B, C, D = (Atom(x, (N, N)) for x in "ABCD")
W = Atom("W", (N, P))
Sides = tuple[Term, Term]
BOUND = 0.05  # seconds that the trace of 12 equal matrices may take


def word(*letters: Term) -> Term:
    return reduce(al.matmul, letters)


def folded(operation: Callable[[Term, Term], Term], t: Term, k: int) -> Term:
    """t with itself, k times."""
    copies: list[Term] = [t] * k
    return reduce(operation, copies)


def letters(k: int) -> list[Term]:
    return [Atom(f"A{j}", (N, N)) for j in range(k)]


def nested(t: Term, k: int) -> Term:
    return reduce(lambda x, _: Apply("f", al.add(x, A)), range(k), t)


def _standard(order: Sequence[int]) -> Term:
    """The standard polynomial of degree 4 in four matrices."""
    four = [(A, B, C, D)[k] for k in order]
    return al.add(*(al.scale(_sign(s), word(*(four[k] for k in s))) for s in permutations(range(4))))


def _sign(order: Sequence[int]) -> int:
    return (-1) ** sum(x > y for k, x in enumerate(order) for y in order[k + 1 :])


def symmetric() -> dict[str, Sides]:
    """Equations between networks that are hard for a naive canonical labelling, and a long sum."""
    rng = random.Random(0)
    words = [word(*(rng.choice((A, B, C, D)) for _ in range(5))) for _ in range(200)]
    gram, tensor = word(W, al.transpose(W)), folded(al.kron, A, 5)
    return {
        "tr((A B)⁶) = tr((B A)⁶)": (al.trace(al.power(word(A, B), 6)), al.trace(al.power(word(B, A), 6))),
        "tr((W Wᵀ)¹⁰) = tr((Wᵀ W)¹⁰)": (
            al.trace(al.power(gram, 10)), al.trace(al.power(word(al.transpose(W), W), 10))),
        "tr(A)⁹ = tr(Aᵀ)⁹": (
            folded(al.hadamard, al.trace(A), 9), folded(al.hadamard, al.trace(al.transpose(A)), 9)),
        "A⊗⁵ A⊗⁵ = (A²)⊗⁵": (word(tensor, tensor), folded(al.kron, word(A, A), 5)),
        "S₄(A, B, C, D) = −S₄(B, A, C, D)": (_standard((0, 1, 2, 3)), al.scale(-1, _standard((1, 0, 2, 3)))),
        "200 words of 5 letters in another order": (al.add(*words), al.add(*rng.sample(words, len(words)))),
    }  # fmt: skip


def tiled(**sizes: int) -> Sides:
    """tile(W, n) and tile(I, n) W for W : G·d × n·G·d, with numbers in the place of some of n, G, d."""
    copies, groups, head = (Axis.of(sizes.get(x, Var(x))) for x in ("n", "G", "d"))
    rows = groups * head
    weight = Atom("W", (rows, copies * rows))
    return al.tile(weight, copies), al.matmul(al.tile(al.identity(rows), copies), weight)


def entries(**sizes: int) -> None:
    """The same at these sizes, a symbol in every entry. Raises ArithmeticError unless all of them are equal."""
    if not isinstance(equal_explicitly(*tiled(), sizes), Agreement):
        raise ArithmeticError("a difference: a true equation")


CURVES: dict[str, tuple[list[int], Callable[[int], Sides]]] = {
    "a product of k atoms, bracketed from the right": (
        [5, 10, 20, 40, 80], lambda k: (word(*[A] * k), folded(lambda x, y: al.matmul(y, x), A, k))),
    "a trace of k equal atoms": (
        [5, 10, 20, 40, 80], lambda k: (al.trace(word(*[A] * k)), al.trace(word(word(A, A), word(*[A] * (k - 2)))))),
    "a trace of k different atoms": (
        [5, 10, 20, 40, 80],
        lambda k: (al.trace(word(*letters(k))), al.trace(word(*letters(k)[2:], *letters(k)[:2])))),
    "a sum of k terms of three letters": (
        [10, 50, 100, 250, 500],
        lambda k: (al.add(*(word(x, A, x) for x in letters(k))), al.add(*(word(x, A, x) for x in letters(k)[::-1])))),
    "f nested k times": ([1, 2, 4, 8, 16], lambda k: (nested(al.add(A, B), k), nested(al.add(B, A), k))),
    "a tensor power of k": (
        [2, 3, 4, 5, 6, 7], lambda k: (al.trace(folded(al.kron, A, k)), folded(al.hadamard, al.trace(A), k))),
    "tile(W, n) = tile(I, n) W at n = k, for all G, d": ([2, 8, 32, 128], lambda k: tiled(n=k)),
    "the same at G = k, for all n, d": ([2, 8, 32, 128], lambda k: tiled(G=k)),
    "the same at d = k, for all n, G": ([2, 8, 32, 128], lambda k: tiled(d=k)),
}  # fmt: skip


EXPLICIT: dict[str, Callable[[int], None]] = {
    "its 16 k² entries, symbol by symbol, at n = k, G = d = 2": lambda k: entries(n=k, G=2, d=2),
    "the same at G = k, n = d = 2": lambda k: entries(n=2, G=k, d=2),
    "the same at d = k, n = G = 2": lambda k: entries(n=2, G=2, d=k),
}


def claims(count: int) -> str:
    """So many claims of one step."""
    steps = "\n".join(f"claim c{k}: A + B = B + A" for k in range(count))
    return f"# Many\n\n```derivation\ndims n\ngiven A, B : n × n\n{steps}\n```\n"


def document(steps: int) -> str:
    """A chain of so many steps: A + B = B + A = A + B = ..."""
    chain = "\n    ".join(f"= {'B + A' if k % 2 == 0 else 'A + B'}" for k in range(steps))
    return f"# Long\n\n```derivation\ndims n\ngiven A, B : n × n\nclaim long:\n    A + B\n    {chain}\n```\n"


def rows() -> Iterator[Row]:
    """The stated bound on symmetric networks, and the symmetric ones by themselves."""
    left, right = al.trace(word(*[A] * 12)), al.trace(word(word(*[A] * 5), word(*[A] * 7)))
    spent, _ = seconds(lambda: decided(left, right))
    yield Row("tr of 12 equal matrices, bracketed two ways", "a stated bound of 50 ms", shown(spent), "50 ms",
              BOUND / spent, least=1)  # fmt: skip
    for name, sides in symmetric().items():
        spent, _ = seconds(lambda sides=sides: decided(*sides), 3)  # type: ignore[misc]
        yield Row(name, "", shown(spent), "")


def decided(left: Term, right: Term) -> None:
    """Decide an equation that is true. Raises ArithmeticError where the verdict is another."""
    verdict = decide(Equation(left, right)).verdict
    if verdict != "proved":
        raise ArithmeticError(f"{verdict}: a true equation")


HEAD = "| time of a decision | k | ms | exponent |\n|---|---|---|---:|"


def curves() -> Iterator[str]:
    """A line of the table for each curve."""
    for name, (sizes, make) in CURVES.items():
        made = [make(k) for k in sizes]
        yield _line(name, sizes, [seconds(lambda s=s: decided(*s), 3)[0] for s in made])  # type: ignore[misc]
    sizes = [4, 8, 16, 32]
    for name, action in EXPLICIT.items():
        yield _line(name, sizes, [seconds(lambda k=k, a=action: a(k), 3)[0] for k in sizes])  # type: ignore[misc]
    sizes = [10, 100, 1_000, 10_000]
    for name, write in (("a document with a chain of k steps", document), ("a document of k claims", claims)):
        documents = [parse_document(write(k)) for k in sizes]
        times = [seconds(lambda d=d: check_document(d), 1)[0] for d in documents]  # type: ignore[misc]
        yield _line(name, sizes, times)


def _line(name: str, sizes: Sequence[int], times: Sequence[float]) -> str:
    shown_times = ", ".join(f"{1e3 * t:.3g}" for t in times)
    return f"| {name} | {', '.join(f'{k:,}' for k in sizes)} | {shown_times} | {exponent(sizes, times):.1f} |"


