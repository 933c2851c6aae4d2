"""What attention needs of a backend: six operations. Whatever offers them can run it, or prove it."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

Tensor = TypeVar("Tensor")


class Ops(Protocol[Tensor]):
    """A backend: terms for the prover, NumPy arrays, mpmath numbers, balls, exact rationals.

    Every sum and product of tensors is an `einsum`, so a backend that knows einops' patterns and the
    elementwise rest knows all of attention. No operation broadcasts: a repeated axis is written in a
    pattern, ``"t s -> n g t s"`` with ``n=..., g=...``.
    """

    def einsum(self, pattern: str, *operands: Tensor, **sizes: Any) -> Tensor:
        """Multiply and sum by a pattern of named axes.

        ``"t (n g d), s (g d) -> n g t s"``: labels are separated by spaces, a group in parentheses is
        one axis whose factors run from the most to the least significant; a label that is missing on
        the right is summed, and one that stands only on the right is repeated `sizes[label]` times.
        """

    def add(self, x: Tensor, y: Tensor) -> Tensor:
        """The sum of two tensors of one shape (a batch axis may be missing on `y`)."""

    def scale(self, x: Tensor, factor: Any) -> Tensor:
        """A tensor times a scalar."""

    def sqrt(self, dimension: Any) -> Any:
        """The square root of a size, as a scalar that can stand in a quotient."""

    def softmax(self, x: Tensor) -> Tensor:
        """softmax over the last axis."""

    def apply(self, function: Any, x: Tensor) -> Tensor:
        """A function of the last axis, for every index of the others."""
