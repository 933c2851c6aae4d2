"""The rules about numbers: comparisons that follow from others, with the multipliers that the certificate names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from symbolic_mla.coq.inline import Proof
from symbolic_mla.coq.statements import as_equation, everything, in_the_ring
from symbolic_mla.coq.walk import Walk
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.scalar import Generator, Scalar, Var, scalar
from symbolic_mla.kernel.statement import Statement


def arithmetic(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    """A combination of facts. Sizes become lower bound + k, so that what is left over has no negative coefficient."""
    left, _, right, uses = p.proof[1:]
    if in_the_ring(p.conclusion):  # type: ignore[arg-type]
        used = [(c, as_equation(q.conclusion), x.use(q, given)) for c, q in uses]
        return f"exact: {x.prove_equation(name, as_equation(p.conclusion), used)}."  # type: ignore[arg-type]
    spoken: list[Scalar] = [left, right]
    for c, q in uses:
        spoken += [scalar(c), q.conclusion.left, q.conclusion.right]
    dims = sorted({g for s in spoken for g in everything(s) if isinstance(g, Var)}, key=lambda g: g.name)
    shift = {g: f"k{n}_" for n, g in enumerate(dims)}

    def product(generators: Sequence[Generator]) -> str:
        return " * ".join(shift[g] if isinstance(g, Var) else x.number(g) for g in generators)

    text = "".join(f"have [{k} {k}E] := above {x.names.sort_text(g)}_low. " for g, k in shift.items())
    rest = right - left
    for c, q in uses:
        fact = x.use(q, given)
        text += f"have := {fact}. "
        factor = _shifted(scalar(c))
        rest = rest - scalar(c) * (q.conclusion.right - q.conclusion.left)
        if any(m for m in factor.terms):
            for positive in (True, False):
                part = Scalar((m, abs(k)) for m, k in factor.terms.items() if (k > 0) is positive)
                if part.terms:
                    multiplier = _whole(part, product)
                    text += (f"have := leq_mul (leqnn {multiplier}%N) {fact}. " if q.conclusion.relation == "<="
                             else f"have := congr1 (muln {multiplier}%N) {fact}. ")  # fmt: skip
    positive_ones = [m for m in _shifted(rest).terms if sum(e for _, e in m) > 1]
    text += "".join(f"have := leq0n ({product([g for g, e in m for _ in range(e)])})%N. " for m in positive_ones)
    return f"{text}sizes; rewrite ?({', '.join(f'{k}E' for k in shift.values())}); arith." if shift else f"{text}arith."


def _whole(part: Scalar, product: object) -> str:
    """A multiplier without its denominators: lia divides."""
    terms = []
    scale = reduce(lambda a, c: a * c.denominator, part.terms.values(), 1)
    for m, c in part.terms.items():
        if any(e < 0 for _, e in m):
            raise UnsupportedError("a comparison by a multiplier with a denominator is not exported")
        factors = product([g for g, e in m for _ in range(e)])  # type: ignore[operator]
        terms.append(" * ".join(filter(None, [str(int(c * scale)), factors])))
    return f"({' + '.join(terms)})"


def _shifted(p: Scalar) -> Scalar:
    """p after x -> lower bound + x for every size."""
    low = {g: scalar(g) + g.low for m in p.terms for g, _ in m if isinstance(g, Var) and g.sign == "dimension"}
    out = scalar(0)
    for m, c in p.terms.items():
        if any(e < 0 for _, e in m):
            raise UnsupportedError("a comparison with fractions is not exported")
        out = out + reduce(lambda a, t: a * low.get(t[0], scalar(t[0])) ** t[1], m, scalar(c))  # type: ignore[call-overload]
    return out


def chained(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    """Two bounds that face each other."""
    return "".join(f"have := {x.use(q, given)}. " for q in p.premises()) + "arith."


def extreme(x: Walk, p: Proof, name: str, given: Sequence[Statement]) -> str:
    """min and max, by their definition."""
    facts = "".join(f"have := {x.use(q, given)}. " for q in p.premises())
    return facts + "rewrite /minn /maxn; by_order; arith."
