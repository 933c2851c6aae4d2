"""Numbers, pairs and polynomials as text that the checker reads (`Network.v`)."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.coq.coefficients import Monomial, Poly


def seq(items: Sequence[int]) -> str:
    return listed("; ".join(map(str, items)))


def listed(text: str) -> str:
    return f"[:: {text}]" if text else "[::]"


def pairs(items: Sequence[tuple[int, int]]) -> str:
    return listed("; ".join(f"({a}, {b})" for a, b in items))


def poly(p: Poly) -> str:
    def one(m: Monomial, c: int) -> str:
        tokens = "; ".join(f"({str(size).lower()}, {k})" for size, k in m)
        return f"({f'Posz {c}' if c >= 0 else f'Negz {-c - 1}'}, {listed(tokens)})"

    return listed("; ".join(one(m, c) for m, c in p.items()))
