"""Statements: what a theorem says. Here: equations of tensors, comparisons of numbers. `laws` has more kinds."""

from __future__ import annotations

from dataclasses import dataclass

from symbolic_mla.errors import ShapeError
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.term import Atom, Sum, Term


class Statement:
    """What a theorem may say. Another kind is a frozen dataclass that is adopted as a node."""

    __slots__ = ()

    def quantified(self) -> tuple[Atom, ...]:
        """The symbols that have a meaning only inside."""
        return ()


@dataclass(frozen=True, slots=True)
class Equation(Statement):
    """Two tensors of the same axes are equal."""

    left: Term
    right: Term

    def __post_init__(self) -> None:
        Sum(((1, self.left), (1, self.right)), self.left.axes)  # raises where the axes differ


@dataclass(frozen=True, slots=True)
class Compare(Statement):
    """left <= right, or left = right, for numbers."""

    left: Scalar
    relation: str
    right: Scalar

    def __post_init__(self) -> None:
        if self.relation not in ("<=", "="):
            raise ShapeError(f"no such relation: {self.relation}")
