"""Networks as the checker has them: an integer, numbers, summed variables, factors; and renaming in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from symbolic_mla.coq.coefficients import Token
from symbolic_mla.coq.expression import Add, At, Delta, Ex, Function, Mul, Neg, Over

Factor = At | Delta | Function


@dataclass
class Net:
    """An integer times numbers, summed variables, and factors."""

    z: int
    gens: list[Token]
    inner: list[int]
    facs: list[Factor]


def sw(x: int, y: int, k: int) -> int:
    return y if k == x else k


def replace_variable(f: Ex, x: int, y: int) -> Factor:
    return rename_factor(f, {x: y})


def rename_factor(e: Ex, to: dict[int, int]) -> Factor:
    return _rename(e, to)  # type: ignore[return-value]


def _rename(e: Ex, to: dict[int, int]) -> Ex:
    if isinstance(e, Neg):
        return Neg(_rename(e.of, to))
    if isinstance(e, Add):
        return Add(tuple(_rename(p, to) for p in e.parts))
    if isinstance(e, Mul):
        return Mul(tuple(_rename(p, to) for p in e.parts))
    if isinstance(e, Over):
        return Over(e.edge, _rename(e.body, to))
    if isinstance(e, At):
        return At(e.label, tuple(to.get(c, c) for c in e.coords))
    if isinstance(e, Delta):
        return Delta(to.get(e.left, e.left), to.get(e.right, e.right))
    if isinstance(e, Function):
        cells = tuple((bound, _rename(body, to)) for bound, body in e.cells)
        return Function(e.label, tuple(to.get(c, c) for c in e.coords), cells)
    return e


def variables(e: Ex) -> set[int]:
    """Every variable that occurs, bound or not."""
    if isinstance(e, Neg):
        return variables(e.of)
    if isinstance(e, (Add, Mul)):
        return {v for p in e.parts for v in variables(p)}
    if isinstance(e, Over):
        return {e.edge} | variables(e.body)
    if isinstance(e, At):
        return {c for c in e.coords if c >= 0}
    if isinstance(e, Delta):
        return {e.left, e.right}
    if isinstance(e, Function):
        inside = {v for bound, body in e.cells for v in (*bound, *variables(body))}
        return {c for c in e.coords if c >= 0} | inside
    return set()


def same_factor(f: Factor, g: Factor) -> bool:
    if isinstance(f, Delta) and isinstance(g, Delta):
        return {f.left, f.right} == {g.left, g.right}
    return isinstance(f, At) and f == g


def kinds(n: Net) -> Counter[object]:
    """What isomorphic networks share."""
    return Counter(["delta" if isinstance(f, Delta) else (type(f).__name__, f.label) for f in n.facs])
