"""Statements of every kind, each with its setting and its verdict, for tests of what is remembered."""

from __future__ import annotations

from collections.abc import Iterator

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.memory import Fresh
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.language.documents import parse_document
from symbolic_mla.prover.decide import Setting, Verdict, decide

DOCUMENT = """
```derivation
dims n, m, t
scalar c > 0
given A, B : m × m, W : m × t
given S : m × m with Sᵀ = S
function f
claim equal: (A B)ᵀ = Bᵀ Aᵀ
claim square: (S S)ᵀ = S S
claim ranked: rank(tile(W, n)) = rank(W) <= min(m, t)
claim factors: exists U : m × t, V : t × t with W = U V
claim either: rank(A) <= 1 iff exists U : m × 1, V : 1 × m with A = U V
refute swapped: A B = B A
refute scaled: c A + B = A + B
refute asymmetric: A S = S A
refute bound: rank(A B) = rank(A)
refute applied: f(A) B = f(A B)
refute named: softmax(A) = A
```
"""


def questions(source: str = DOCUMENT) -> Iterator[tuple[Statement, Setting, Verdict]]:
    """What checking a document asks, with the fresh answers."""
    asked: list[tuple[Statement, Setting, Verdict]] = []

    class Listening(Fresh):
        def decide(self, statement, setting=None, witnesses=None):  # type: ignore[no-untyped-def]
            verdict = decide(statement, setting, witnesses)
            if witnesses is None:
                asked.append((statement, setting or Setting(), verdict))
            return verdict

    result = check_document(parse_document(source), memory=Listening())
    assert result.exit_code == 0, (result.fatal, [(c.id, c.verdict) for c in result.claims])
    yield from asked
