"""Softmax of the last axis: what is true of its weights by definition, and that it tells scores apart.

The weights of a row add up to 1. Two rows of scores have equal weights only
where they differ by a constant: exp(s'ᵢ)/Z' = exp(sᵢ)/Z for all i gives s'ᵢ - sᵢ = log(Z'/Z), the same for all i.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import need
from symbolic_mla.kernel.scalar import is_zero
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Apply, Einsum, Labels, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, equal

WEIGHTS, INJECTIVE = "softmax-weights", "softmax-injective"


def softmax(x: Term) -> Term:
    """softmax(x)."""
    return Apply("softmax", x)


def _ones(*axes: Axis) -> Term:
    return Einsum((), tuple((k,) for k in range(len(axes))), axes)


def row_sums(x: Term) -> Equation:
    """softmax(x) 1 = 1: the weights of each row add up to 1."""
    *rows, last = ((k,) for k in range(len(x.axes)))
    total = Einsum(((softmax(x), (*rows, last)), (_ones(x.axes[-1]), (last,))), tuple(rows), x.axes)
    return Equation(total, _ones(*x.axes[:-1]))


def _injective(t: Theorem) -> Any:
    """(softmax(S') - softmax(S))[b, i] a[b, c] = 0 for all i gives (D[b, i] - D[b, j]) a[b, c] = 0, D = S' - S.

    Where the number a[b, c] is not 0, the weights of row b are equal. So a has no part in i, and the labels of the
    rows are not summed.
    """
    fact = equal(t).left
    if not isinstance(fact, Einsum) or not fact.operands or equal(t).right != Sum((), fact.axes):
        raise CertificateError("not (softmax(S') - softmax(S)) a = 0")
    (weights, pattern), *others = fact.operands
    parts = weights.parts if isinstance(weights, Sum) else ()
    rows = [w.term for _, w in parts if isinstance(w, Apply) and w == softmax(w.term)]
    plain = len(parts) == len(rows) == 2 and is_zero(parts[0][0] - 1) and is_zero(parts[1][0] + 1)
    need(plain, "not a difference of two softmaxes")
    output = [k for labels in fact.output for k in labels]
    own = [k for labels in pattern for k in labels]
    need(len(pattern[-1]) == 1 and set(own) <= set(output), "a row is summed, or its places are not one label")
    (place,) = pattern[-1]
    elsewhere = [k for _, taken in others for labels in taken for k in labels]
    once = own.count(place) == output.count(place) == 1 and place not in elsewhere
    need(once, "the other factors speak of the place")
    moved = Sum(((1, rows[0]), (-1, rows[1])), weights.axes)
    new = len(fact.labels)

    def at(k: int) -> Term:
        """(S' - S) a at one place of each row, repeated over the other: `place` and `new` are the last axes' labels."""
        turned: tuple[Labels, ...] = (*pattern[:-1], (k,))
        return Einsum(((moved, turned), *others), (*fact.output, (new,)), (*fact.labels, fact.labels[place]))

    left = Sum(((1, at(place)), (-1, at(new))), at(place).axes)
    return Equation(left, Sum((), left.axes)), None, INJECTIVE


RULES: Mapping[str, Callable[..., Any]] = {
    "softmax-rows": lambda x: (row_sums(x), None, WEIGHTS),
    "softmax-injective": _injective,
}
