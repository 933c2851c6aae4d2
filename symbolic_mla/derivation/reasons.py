"""Why a step is true, in a few words: the rules that its theorem went through."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from symbolic_mla.derivation.citations import Cited
from symbolic_mla.kernel.statement import Compare
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws.order import Entry

_WORDS = {
    "rank-size": "a rank is at most each size",
    "rank-factor": "rank(A B) ≤ rank A, rank B",
    "rank-sum": "rank(A + B) ≤ rank A + rank B",
    "rank-identity": "rank I(p) = p",
    "rank-zero": "only the zero matrix has rank 0",
    "rank-kron": "rank(A ⊗ B) = rank A · rank B",
    "rank-gram": "rank(Aᵀ A) = rank A over the reals",
    "rank-sylvester": "Sylvester's inequality",
    "rank-frobenius": "Frobenius' inequality",
    "zero-squares": "squares add up to 0 only where each is 0",
    "everywhere": "equal at every position",
    "softmax-injective": "equal weights have scores that differ by a constant",
    "extreme-bound": "min ≤ each ≤ max",
    "extreme-intro": "a bound on each is a bound on min or max",
}


def reason_of(theorem: Theorem, source: Cited) -> str:
    """The reason that a report gives for a proved step."""
    rules = list(dict.fromkeys(_rules(theorem)))
    parts = [f"by {source.claim or source.axiom}"] if source.claim or source.axiom else []
    if theorem.proof[0] == "equation":
        parts.append("both sides have the same index form" if not theorem.proof[3] else
                     "the same index form after rewriting with " + ("the facts cited" if source.claim else
                     "what holds for all inputs" if "forall-use" in rules else "the hypotheses"))  # fmt: skip
    elif theorem.proof[0] == "exists-witness":
        parts.append("the witness satisfies every equation")
    elif theorem.proof[0] == "exists-rank":
        parts.append("a matrix of rank at most m factors through m rows")
    elif theorem.proof[0] == "iff":
        parts.append("each side follows from the other")
    parts += [_WORDS[r] for r in rules if r in _WORDS]
    if _of_tensors(theorem):
        parts.append("squares are never negative" if not theorem.hypotheses and not source.claim else
                     "squares, and inequalities that are known")  # fmt: skip
    elif theorem.proof[0] in ("arithmetic", "antisymmetry") and not any(r in _WORDS for r in rules):
        parts.append("arithmetic of dimensions" if len(rules) < 3 and "equation" not in rules else
                     "equal matrices have equal rank")  # fmt: skip
    return "; ".join(parts)


def _of_tensors(theorem: Theorem) -> bool:
    c = theorem.conclusion
    return isinstance(c, Compare) and any(isinstance(g, Entry) for n in (c.left, c.right) for g in n.generators())


def _rules(theorem: Theorem) -> Iterator[str]:
    """The rules of a proof, breadth first; a theorem that is used again is passed by."""
    todo, seen = deque([theorem]), {id(theorem)}
    while todo:
        t = todo.popleft()
        yield t.proof[0]
        fresh = {id(p): p for p in t.premises if id(p) not in seen}
        seen |= fresh.keys()
        todo += fresh.values()
