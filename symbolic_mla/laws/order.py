"""Numbers beside the sizes: the entry of a tensor without axes, the least and the greatest of some numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from symbolic_mla.errors import ShapeError
from symbolic_mla.kernel.node import need
from symbolic_mla.kernel.scalar import Generator, Number, Scalar, bounded, never_negative, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Einsum, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, compared, equal
from symbolic_mla.laws.notation import squared


@dataclass(frozen=True)
class Extreme(Generator):
    """The least ("min") or greatest ("max") of some numbers."""

    kind: str
    of: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        if self.kind not in ("min", "max") or not self.of:
            raise ShapeError(f"no such extreme: {self.kind} of {len(self.of)}")
        bounded(self.key)

    @cached_property
    def key(self) -> str:  # type: ignore[override]
        return f"{self.kind}({', '.join(map(str, self.of))})"

    @cached_property
    def sign(self) -> str:  # type: ignore[override]
        return "nonnegative" if all(map(never_negative, self.of)) else "real"


def extreme(kind: str, numbers: Iterable[Number]) -> Scalar:
    """min(...) or max(...) as a number."""
    return scalar(Extreme(kind, tuple(map(scalar, numbers))))


@dataclass(frozen=True)
class Entry(Generator):
    """The one entry of a tensor without axes, as a number. A sum of squares is never negative."""

    term: Term

    def __post_init__(self) -> None:
        if self.term.axes:
            raise ShapeError(f"a tensor with {len(self.term.axes)} axes is not a number")
        operands = self.term.operands if isinstance(self.term, Einsum) else ()
        object.__setattr__(self, "sign", "nonnegative" if operands and operands == operands[:1] * 2 else "real")

    @cached_property
    def key(self) -> str:  # type: ignore[override]
        return f"entry {self.term!r}"


def entry(term: Term) -> Scalar:
    """A tensor without axes as a number, sums and products of numbers part by part."""
    if isinstance(term, Sum):
        return sum((entry(t) * c for c, t in term.parts), start=scalar(0))
    if isinstance(term, Einsum) and not term.labels and not term.output:
        return prod((entry(t) for t, _ in term.operands), start=scalar(1))
    return scalar(Entry(term))


def _entry(t: Theorem) -> Compare:
    """Equal tensors without axes are equal numbers."""
    return Compare(entry(equal(t).left), "=", entry(equal(t).right))


def _zero_squares(t: Theorem, a: Term) -> Equation:
    """Over the reals squares add up to nothing only where each is 0: Σ a² <= 0 gives a = 0."""
    fact = compared(t, "<=", "=")
    need((fact.left, fact.right) == (entry(squared(a)), scalar(0)), "this rests on a sum of squares that is at most 0")
    return Equation(a, Sum((), a.axes))


def _antisymmetry(up: Theorem, down: Theorem) -> Compare:
    """a <= b and b <= a give a = b."""
    a, b = compared(up, "<=", "="), compared(down, "<=", "=")
    need((a.left, a.right) == (b.right, b.left), "two inequalities that do not face each other")
    return Compare(a.left, "=", a.right)


def _extreme_bound(kind: str, numbers: tuple[Scalar, ...], k: int) -> Compare:
    """min(...) <= each of them <= max(...)."""
    need(0 <= k < len(numbers), "no such number")
    sides = (extreme(kind, numbers), numbers[k])
    return Compare(sides[kind == "max"], "<=", sides[kind != "max"])


def _extreme_intro(kind: str, bounds: tuple[Theorem, ...]) -> Compare:
    """p <= each gives p <= min(...); each <= q gives max(...) <= q."""
    facts = [compared(t, "<=", "=") for t in bounds]
    one, many = ("left", "right") if kind == "min" else ("right", "left")
    need(len({getattr(f, one) for f in facts}) == 1, "the bounds are of different numbers")
    sides = (getattr(facts[0], one), extreme(kind, [getattr(f, many) for f in facts]))
    return Compare(sides[kind != "min"], "<=", sides[kind == "min"])


RULES: Mapping[str, Callable[..., Any]] = {
    "antisymmetry": _antisymmetry,
    "entry": _entry,
    "zero-squares": _zero_squares,
    "extreme-bound": _extreme_bound,
    "extreme-intro": _extreme_intro,
}
