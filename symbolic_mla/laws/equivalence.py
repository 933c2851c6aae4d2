"""Equivalence: each of two statements follows from the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from symbolic_mla.errors import CertificateError, ShapeError
from symbolic_mla.kernel.node import need
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws.existence import Exists


@dataclass(frozen=True, slots=True)
class Iff(Statement):
    """Each side follows from the other. A side is no equivalence itself."""

    left: Statement
    right: Statement

    def __post_init__(self) -> None:
        if not all(type(s) in (Equation, Compare, Exists) for s in (self.left, self.right)):
            raise ShapeError("a side of an equivalence is an equation, a comparison or an existence claim")


def _iff(left: Statement, right: Statement, there: Theorem, back: Theorem) -> Any:
    need(there.conclusion == right and back.conclusion == left, "the two directions prove something else")
    return Iff(left, right), (there.hypotheses - {left}) | (back.hypotheses - {right})


def _use(t: Theorem, given: Theorem) -> Statement:
    iff = t.conclusion
    if not isinstance(iff, Iff) or given.conclusion not in (iff.left, iff.right):
        raise CertificateError("neither side of an equivalence is proved")
    return iff.right if given.conclusion == iff.left else iff.left


RULES: Mapping[str, Callable[..., Any]] = {"iff": _iff, "iff-use": _use}
