"""72 identities of matrix algebra, to this package as text and to SymPy as `MatrixSymbol`s: what each says, how fast.

Ours is the whole way from the text of a document to the verdict, with its theorem. The peer's is built inside the clock
too, since SymPy simplifies while it builds: `(left - right).doit().expand()`, then what else a person would try, with
an empty cache, and "proved" where that is zero. Of the 72, 64 are true, 6 are false, and 2 say nothing: a product of
wrong shapes, and the inverse of a matrix that may have none.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import mul
from typing import Any

import sympy
from sympy import HadamardProduct as Had
from sympy import Identity, Trace
from sympy import KroneckerProduct as Kron
from sympy.matrices.expressions import MatrixExpr
from sympy.matrices.expressions.kronecker import combine_kronecker

from benchmarks.timing import Row, seconds, shown
from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document
from symbolic_mla.prover.decide import decide

DECLARED = """```derivation
dims n, p
given A, B, C, D, M : n × n, W : n × p, V : p × n
scalar a, b
{}claim it: {}
```
"""
INVERTIBLE = "given S : n × n with S invertible\n"
n, p = sympy.symbols("n p", integer=True, positive=True)
a, b = sympy.symbols("a b", real=True)
A, B, C, D, M, S = (sympy.MatrixSymbol(x, n, n) for x in "ABCDMS")
W, V = sympy.MatrixSymbol("W", n, p), sympy.MatrixSymbol("V", p, n)
I_n, Z = Identity(n), sympy.ZeroMatrix(n, n)

TWENTY = "A B C D " * 5
WORD = [A, B, C, D] * 5


def bracket(x: Any, y: Any) -> Any:
    return x * y - y * x


def stacked(*parts: Any) -> Any:
    return sympy.BlockMatrix([[x] for x in parts])


def beside(*parts: Any) -> Any:
    return sympy.BlockMatrix([list(parts)])


def words(length: int) -> Any:
    return sum((reduce(mul, w) for w in product((A, B), repeat=length)), Z)


# what a person would try, in this order, until nothing is left
ATTEMPTS: tuple[Callable[[Any], Any], ...] = (
    lambda x: x.doit().expand(),
    lambda x: x.doit(),
    lambda x: sympy.block_collapse(x) if isinstance(x, MatrixExpr) else x,
    lambda x: x.expand(kroneckerproduct=True),
    lambda x: combine_kronecker(x) if isinstance(x, MatrixExpr) else x,
    sympy.simplify,
)


@dataclass(frozen=True)
class Identity_:
    """A claim as text, `left - right` for SymPy (None: it has no words for it), and what is so."""

    text: str
    peer: Callable[[], Any] | None
    truth: str = "proved"

    @property
    def document(self) -> str:
        """What a person would write."""
        return DECLARED.format(INVERTIBLE if "S" in self.text else "", self.text)

    def ours(self) -> str:
        """The verdict on the document."""
        return check_document(parse_document(self.document)).claims[0].verdict

    def theirs(self) -> str:
        """SymPy's: zero, or not zero (also where it raises)."""
        sympy.core.cache.clear_cache()
        with suppress(TypeError, ValueError, AttributeError):
            found = self.peer() if self.peer else None
            for attempt in ATTEMPTS:
                with suppress(TypeError, ValueError, AttributeError, RecursionError, NotImplementedError):
                    found = attempt(found)
                if found == 0 or getattr(found, "is_ZeroMatrix", False):
                    return "proved"
        return "not proved"


def _(text: str, peer: Callable[[], Any] | None, truth: str = "proved") -> Identity_:
    return Identity_(text, peer, truth)


IDENTITIES = [
    _("(A B)ᵀ = Bᵀ Aᵀ", lambda: (A * B).T - B.T * A.T),
    _("(A B C)ᵀ = Cᵀ Bᵀ Aᵀ", lambda: (A * B * C).T - C.T * B.T * A.T),
    _("(Aᵀ)ᵀ = A", lambda: A.T.T - A),
    _("(A + B)ᵀ = Aᵀ + Bᵀ", lambda: (A + B).T - A.T - B.T),
    _("(a A)ᵀ = a Aᵀ", lambda: (a * A).T - a * A.T),
    _("A (B + C) = A B + A C", lambda: A * (B + C) - A * B - A * C),
    _("(A + B) C = A C + B C", lambda: (A + B) * C - A * C - B * C),
    _("A + B = B + A", lambda: A + B - (B + A)),
    _("(A + B) + C = A + (B + C)", lambda: (A + B) + C - (A + (B + C))),
    _("A + B - A = B", lambda: A + B - A - B),
    _("A - A = zeros(n, n)", lambda: A - A),
    _("(A + B)² = A² + A B + B A + B²", lambda: (A + B) ** 2 - words(2)),
    _("(A + B) (A - B) = A² - A B + B A - B²", lambda: (A + B) * (A - B) - (A**2 - A * B + B * A - B**2)),
    _("(A - B)² = A² - A B - B A + B²", lambda: (A - B) ** 2 - (A**2 - A * B - B * A + B**2)),
    _("(A + B)³ = A³ + A² B + A B A + A B² + B A² + B A B + B² A + B³", lambda: (A + B) ** 3 - words(3)),
    _("(A B) C = A (B C)", lambda: (A * B) * C - A * (B * C)),
    _("I(n) A = A", lambda: I_n * A - A),
    _("A I(n) = A", lambda: A * I_n - A),
    _("I(n) A I(n) B = A B", lambda: I_n * A * I_n * B - A * B),
    _("2 A = A + A", lambda: 2 * A - (A + A)),
    _("a (A + B) = a A + a B", lambda: a * (A + B) - a * A - a * B),
    _("(a + b) A = a A + b A", lambda: (a + b) * A - a * A - b * A),
    _("(a A) (b B) = a b A B", lambda: (a * A) * (b * B) - a * b * A * B),
    _("A² A³ = A⁵", lambda: A**2 * A**3 - A**5),
    _("(A²)³ = A⁶", lambda: (A**2) ** 3 - A**6),
    _("(A²)ᵀ = (Aᵀ)²", lambda: (A**2).T - A.T**2),
    _("tr(A B) = tr(B A)", lambda: Trace(A * B) - Trace(B * A)),
    _("tr(A B C) = tr(C A B)", lambda: Trace(A * B * C) - Trace(C * A * B)),
    _("tr(Aᵀ) = tr(A)", lambda: Trace(A.T) - Trace(A)),
    _("tr(A + B) = tr(A) + tr(B)", lambda: Trace(A + B) - Trace(A) - Trace(B)),
    _("tr(a A) = a tr(A)", lambda: Trace(a * A) - a * Trace(A)),
    _("tr(Aᵀ B) = tr(Bᵀ A)", lambda: Trace(A.T * B) - Trace(B.T * A)),
    _("tr(A B - B A) = 0", lambda: Trace(A * B - B * A)),
    _("tr(I(n)) = n", lambda: Trace(I_n) - n),
    _("tr(W V) = tr(V W)", lambda: Trace(W * V) - Trace(V * W)),
    _("tr((A B)²) = tr((B A)²)", lambda: Trace((A * B) ** 2) - Trace((B * A) ** 2)),
    _("tr(A Aᵀ) = tr(Aᵀ A)", lambda: Trace(A * A.T) - Trace(A.T * A)),
    _(
        "A (B C - C B) - (B C - C B) A + B (C A - A C) - (C A - A C) B + C (A B - B A) - (A B - B A) C = zeros(n, n)",
        lambda: bracket(A, bracket(B, C)) + bracket(B, bracket(C, A)) + bracket(C, bracket(A, B)),
    ),
    _("A B C - B C A = (A B - B A) C + B (A C - C A)",
      lambda: bracket(A, B * C) - bracket(A, B) * C - B * bracket(A, C)),
    _("A B - B A = -(B A - A B)", lambda: bracket(A, B) + bracket(B, A)),
    _("(A ⊗ B) (C ⊗ D) = (A C) ⊗ (B D)", lambda: Kron(A, B) * Kron(C, D) - Kron(A * C, B * D)),
    _("(A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ", lambda: Kron(A, B).T - Kron(A.T, B.T)),
    _("A ⊗ (B + C) = A ⊗ B + A ⊗ C", lambda: Kron(A, B + C) - Kron(A, B) - Kron(A, C)),
    _("(A ⊗ B) ⊗ C = A ⊗ (B ⊗ C)", lambda: Kron(Kron(A, B), C) - Kron(A, Kron(B, C))),
    _("tr(A ⊗ B) = tr(A) tr(B)", lambda: Trace(Kron(A, B)) - Trace(A) * Trace(B)),
    _("I(n) ⊗ I(p) = I(n*p)", lambda: Kron(I_n, Identity(p)) - Identity(n * p)),
    _("(a A) ⊗ B = A ⊗ (a B)", lambda: Kron(a * A, B) - Kron(A, a * B)),
    _("A ∘ B = B ∘ A", lambda: Had(A, B) - Had(B, A)),
    _("(A ∘ B) ∘ C = A ∘ (B ∘ C)", lambda: Had(Had(A, B), C) - Had(A, Had(B, C))),
    _("A ∘ (B + C) = A ∘ B + A ∘ C", lambda: Had(A, B + C) - Had(A, B) - Had(A, C)),
    _("(A ∘ B)ᵀ = Aᵀ ∘ Bᵀ", lambda: Had(A, B).T - Had(A.T, B.T)),
    _("vec(A + B) = vec(A) + vec(B)", None),
    _("vec(A B C) = (Cᵀ ⊗ A) vec(B)", None),
    _("tr(Aᵀ B) = vec(A)ᵀ vec(B)", None),
    _("hstack(A, B) stack(C, D) = A C + B D", lambda: beside(A, B) * stacked(C, D) - (A * C + B * D)),
    _("stack(A, B) C = stack(A C, B C)", lambda: stacked(A, B) * C - stacked(A * C, B * C)),
    _("stack(A, B)ᵀ = hstack(Aᵀ, Bᵀ)", lambda: stacked(A, B).T - beside(A.T, B.T)),
    _("stack(A, B) + stack(C, D) = stack(A + C, B + D)", lambda: stacked(A, B) + stacked(C, D) - stacked(A + C, B + D)),
    _("tile(W, p) = tile(I(n), p) W", None),
    _("W Wᵀ = (W Wᵀ)ᵀ", lambda: W * W.T - (W * W.T).T),
    _("S⁻¹ S A = A", lambda: S.I * S * A - A),
    _("(S A S⁻¹)² = S A² S⁻¹", lambda: (S * A * S.I) ** 2 - S * A**2 * S.I),
    _(f"{TWENTY} = (A B C D A B C D) (A B C D A B C D A B C D)",
      lambda: reduce(mul, WORD) - reduce(mul, WORD[:8]) * reduce(mul, WORD[8:])),
    _(f"tr({TWENTY}) = tr(C D {'A B C D ' * 4} A B)",
      lambda: Trace(reduce(mul, WORD)) - Trace(reduce(mul, [*WORD[2:], A, B]))),
    _("A B = B A", lambda: A * B - B * A, "refuted"),
    _("(A + B)² = A² + 2 A B + B²", lambda: (A + B) ** 2 - A**2 - 2 * A * B - B**2, "refuted"),
    _("tr(A B) = tr(A) tr(B)", lambda: Trace(A * B) - Trace(A) * Trace(B), "refuted"),
    _("(A B)ᵀ = Aᵀ Bᵀ", lambda: (A * B).T - A.T * B.T, "refuted"),
    _("A ∘ B = A B", lambda: Had(A, B) - A * B, "refuted"),
    _("A ⊗ B = B ⊗ A", lambda: Kron(A, B) - Kron(B, A), "refuted"),
    _("W W = W W", lambda: W * W - W * W, "error"),
    _("M M⁻¹ = I(n)", lambda: M * M.I - I_n, "error"),
]  # fmt: skip


def rows() -> Iterator[Row]:
    """What each side says, and the times of both where both can speak."""
    ours_right = theirs_right = spoken = 0
    ours_times, theirs_times, ratios, decisions = [], [], [], []
    wrong = []
    for identity in IDENTITIES:
        ours, verdict = seconds(identity.ours, 3)
        if verdict != identity.truth:
            raise ArithmeticError(f"{identity.text}: {verdict}, where {identity.truth} is so")
        ours_right += 1
        ours_times.append(ours)
        step = check_document(parse_document(identity.document)).claims[0].steps[0]
        if step.statement is not None and verdict == "proved":
            hypotheses = step.theorem.hypotheses if step.theorem else frozenset()
            if not hypotheses:
                decisions.append(seconds(lambda s=step.statement: decide(s), 3)[0])  # type: ignore[misc]
        if identity.peer is None:
            continue
        spoken += 1
        theirs, said = seconds(identity.theirs, 3)
        theirs_times.append(theirs)
        ratios.append(theirs / ours)
        theirs_right += said == "proved" if identity.truth == "proved" else said != "proved"
        if said == "proved" and identity.truth != "proved":
            wrong.append(identity.text)
    version = sympy.__version__
    yield Row("72 identities: judged rightly", f"SymPy {version}, `MatrixSymbol`", f"{ours_right} of 72",
              f"{theirs_right} of the {spoken} that it can say", ours_right / theirs_right)  # fmt: skip
    yield Row("of these, called true and are not", "the same", "0", f"{len(wrong)}: `{'`, `'.join(wrong)}`")
    yield Row("from text to verdict, median", "the same, built and expanded", shown(statistics.median(ours_times)),
              shown(statistics.median(theirs_times)), statistics.median(ratios))  # fmt: skip
    yield Row("the decision alone, median", "a stated bound of 1 ms", shown(statistics.median(decisions)),
              "1 ms", 1e-3 / statistics.median(decisions), least=1)  # fmt: skip
