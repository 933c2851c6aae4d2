"""Polynomials in the numbers of a script, and why one is zero: as a combination of n * (1/n) - 1 and s * s - d."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from symbolic_mla.coq.names import Inverse, factors
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.scalar import Generator, Root, Var

Token = tuple[bool, int]  # (True, a sort): its size; (False, k): the k-th number
Monomial = tuple[Token, ...]
Poly = dict[Monomial, int]


def plus(p: Mapping[Monomial, int], q: Mapping[Monomial, int], scale: int = 1) -> Poly:
    """p + scale q."""
    out = dict(p)
    for m, c in q.items():
        out[m] = out.get(m, 0) + scale * c
    return {m: c for m, c in out.items() if c}


def times(p: Mapping[Monomial, int], q: Mapping[Monomial, int]) -> Poly:
    """p q."""
    out: Poly = {}
    for m, c in p.items():
        for k, d in q.items():
            mk = tuple(sorted((*m, *k)))
            out[mk] = out.get(mk, 0) + c * d
    return {m: c for m, c in out.items() if c}


class Relations:
    """The relations that hold among the numbers of a script, numbered as the numbers are."""

    def __init__(self, numbers: Sequence[Generator], token: Callable[[Generator], Token]) -> None:
        self.numbers, self.token = numbers, token

    def poly(self, value: object) -> Poly:
        """A coefficient as a polynomial."""
        out: Poly = {}
        for k, parts in factors(value):  # type: ignore[arg-type]
            m = tuple(sorted(self.token(g) for g in parts))
            out[m] = out.get(m, 0) + k
        return {m: c for m, c in out.items() if c}

    def relation(self, k: int) -> Poly:
        """The polynomial that is zero because of what the k-th number is; none for a free scalar."""
        g = self.numbers[k]
        me: Poly = {((False, k),): 1}
        if isinstance(g, Inverse):
            return plus(times(self.poly(g.of), me), {(): 1}, -1)
        if isinstance(g, Root):
            return plus(times(me, me), self.poly(g.radicand), -1)
        if isinstance(g, Var):
            return {}
        raise UnsupportedError(f"a coefficient with {type(g).__name__} is not exported")

    def why_zero(self, total: Poly) -> list[tuple[Poly, int]]:
        """q_k with total + sum of q_k * relation k = 0 identically. Raises UnsupportedError when there are none."""
        if not total:
            return []
        why: dict[int, Poly] = {}
        powers: dict[int, int] = {}
        for m in total:
            for token in set(m):
                if not token[0] and isinstance(self.numbers[token[1]], Inverse):
                    powers[token[1]] = max(powers.get(token[1], 0), m.count(token))
        rest: Poly = {}
        for m, c in total.items():
            left: Poly = {tuple(t for t in m if t[0] or t[1] not in powers): c}
            for k, e in powers.items():
                for _ in range(e - m.count((False, k))):
                    left = times(left, self._of(k))
            inside = left
            for k in powers:
                for _ in range(m.count((False, k))):
                    why[k] = plus(why.get(k, {}), inside)
                    inside = times(inside, times(self._of(k), {((False, k),): 1}))
            rest = plus(rest, left)
        self._roots(rest, why)
        up: Poly = {tuple(sorted((False, k) for k, e in powers.items() for _ in range(e))): 1}
        found = {k: times(q, up) for k, q in why.items()}
        one: Poly = {(): 1}
        for k, e in powers.items():
            for _ in range(e):
                found[k] = plus(found.get(k, {}), times(total, one), -1)
                one = times(one, times(self._of(k), {((False, k),): 1}))
        return [({m: -c for m, c in q.items()}, k) for k, q in sorted(found.items()) if q]

    def _of(self, k: int) -> Poly:
        g = self.numbers[k]
        return self.poly(g.of) if isinstance(g, Inverse) else {}

    def _roots(self, rest: Poly, why: dict[int, Poly]) -> None:
        for _ in range(10_000):
            twice = next(((m, t[1]) for m in rest for t in set(m) if m.count(t) > 1 and not t[0]
                          and isinstance(self.numbers[t[1]], Root)), None)  # fmt: skip
            if twice is None:
                break
            m, k = twice
            less = list(m)
            less.remove((False, k))
            less.remove((False, k))
            q: Poly = {tuple(less): rest[m]}
            why[k] = plus(why.get(k, {}), q)
            rest = plus(rest, times(q, self.relation(k)), -1)
        if rest:
            raise UnsupportedError("a coefficient vanishes for a reason that is not exported")
