"""`by NAME`: an earlier proved claim, or an axiom of analysis. Nothing rests on a claim that is not proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

from symbolic_mla.derivation.results import ClaimResult
from symbolic_mla.errors import CitationError, Span, SymbolicMLAError
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.prover.difference import difference
from symbolic_mla.prover.instantiate import instances
from symbolic_mla.prover.quantified import everywhere
from symbolic_mla.record import record

AXIOMS: Mapping[str, str] = MappingProxyType({
    "svd": "Singular value decomposition: every real matrix W has W = U S Vᵀ with orthonormal U, V and diagonal S ≥ 0 "
           "(Eckart and Young 1936; Golub and Van Loan, *Matrix Computations*, 4th ed., Theorem 2.4.1)",
    "rank-factorisation": "Rank factorisation: a matrix of rank at most m is a product through m rows "
                          "(Horn and Johnson, *Matrix Analysis*, 2nd ed., 0.4.6(e))",
    "eckart-young": "Truncation: with the first r singular triplets U, S, V of W, ‖W - U S Vᵀ‖² <= ‖W - L N‖² for "
                    "every p × r matrix L and r × q matrix N (Eckart and Young 1936; Mirsky 1960)",
    "softmax-weights": "Softmax gives weights: none is negative, those of a row add up to 1, and those of equal scores "
                       "are equal (by definition)",
    "normalize-lengths": "Normalising forgets lengths: normalize(a x) = normalize(x) for a > 0 (by definition)",
    "softmax-shift": "Softmax of rows: a number that is added to a whole row changes nothing, softmax(X + u 1ᵀ) = "
                     "softmax(X) (by definition)",
    "softmax-injective": "Softmax tells scores apart: two rows with equal weights have scores that differ by a "
                         "constant (the logarithms of equal weights are equal)",
    "softmax-lipschitz": "Softmax of rows: ‖softmax(X) - softmax(Y)‖² <= 1/4 ‖X - Y‖² (Nair, *Softmax is "
                         "1/2-Lipschitz*, arXiv 2510.23012; with constant 1: Gao and Pavel, arXiv 1704.00805)",
})  # fmt: skip
"""The axioms of analysis that a proof may rest on, each with its source."""


@record
class Cited:
    """What a reason brings: the theorems of a claim, and its name; or an axiom."""

    theorems: tuple[Theorem, ...] = ()
    claim: str | None = None
    axiom: str | None = None

    def facts(self, goal: Statement) -> list[Theorem]:
        """The theorems, what they give together, and their instances at a goal."""
        return _facts(self.theorems, goal)


def cited(name: str | None, earlier: Mapping[str, ClaimResult], span: Span) -> Cited:
    """What `by NAME` brings. Raises CitationError for a name that is not a proved claim or an axiom."""
    if name is None:
        return Cited()
    if name in earlier:
        claim = earlier[name]
        if claim.verdict != "proved":
            raise CitationError(f"`by {name}`: that claim is {claim.verdict}, and only a proved one can be cited",
                                   hint="prove it first, or leave the reason out", span=span)  # fmt: skip
        return Cited(claim.theorems, claim=name)
    if name in AXIOMS:
        return Cited(axiom=name)
    known = ", ".join([*earlier, *AXIOMS])
    raise CitationError(f"`by {name}`: no earlier claim and no axiom of this name",
                           hint=f"what can be cited here: {known}", span=span)  # fmt: skip


def _facts(theorems: Sequence[Theorem], goal: Statement) -> list[Theorem]:
    facts = list(theorems)
    ends = _ends(theorems)
    if ends is not None:
        facts.append(ends)
    for t in list(facts):
        for rule in ("rank-of-exists", "softmax-injective"):
            with suppress(SymbolicMLAError):
                facts.append(derive(rule, t))
        whole = everywhere(t, goal)
        if whole is not None:
            facts.append(whole)
    for t in list(facts):
        for other in list(facts):
            with suppress(SymbolicMLAError):
                facts.append(derive("iff-use", t, other))
    return [*facts, *(i for t in facts for i in instances(t, goal) if i.conclusion != t.conclusion)]


def _ends(theorems: Sequence[Theorem]) -> Theorem | None:
    """The first side of a chain and its last: a = b = c gives a = c."""
    sides = [t.conclusion for t in theorems]
    if len(theorems) < 2:
        return None
    with suppress(SymbolicMLAError):
        if all(isinstance(c, Equation) for c in sides):
            first, last = sides[0], sides[-1]
            if isinstance(first, Equation) and isinstance(last, Equation):
                whole = difference(first.left, last.right, tuple((1, t) for t in theorems))
                return whole.theorem() if whole.vanishes else None
        if all(isinstance(c, Compare) for c in sides):
            first_, last_ = sides[0], sides[-1]
            if isinstance(first_, Compare) and isinstance(last_, Compare):
                relation = "=" if all(isinstance(c, Compare) and c.relation == "=" for c in sides) else "<="
                return derive("arithmetic", first_.left, relation, last_.right, tuple((1, t) for t in theorems))
    return None
