"""An equivalence is two proofs, and discharges its own sides only."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws.equivalence import Iff
from tests.kernel.drawn import (
    p,
    q,
    r,
)


def test_an_equivalence_discharges_its_own_sides_only() -> None:
    """Hypotheses that are neither side stay; directions that prove something else are refused."""
    left, right = Compare(scalar(p), "<=", scalar(q)), Compare(scalar(p) * 2, "<=", scalar(q) * 2)
    there = derive("arithmetic", right.left, "<=", right.right, ((2, derive("assume", left)),))
    back = derive("arithmetic", left.left, "<=", left.right, ((Fraction(1, 2), derive("assume", right)),))
    assert derive("iff", left, right, there, back).hypotheses == frozenset()
    for wrong in ((back, there), (there, there), (derive("assume", left), derive("assume", right))):
        with pytest.raises(CertificateError, match="something else"):
            derive("iff", left, right, *wrong)
    extra = Compare(scalar(q), "<=", scalar(r))
    same_size = Compare(scalar(q), "=", scalar(r))
    uses = ((2, derive("assume", left)), (1, derive("assume", extra)), (-1, derive("assume", same_size)))
    more = derive("arithmetic", right.left, "<=", right.right, uses)
    assert derive("iff", left, right, more, back).hypotheses == {extra, same_size}
    equivalence = derive("iff", left, right, there, back)
    assert derive("iff-use", equivalence, derive("assume", left)).conclusion == right
    with pytest.raises(CertificateError, match="neither side"):
        derive("iff-use", equivalence, derive("assume", extra))
    with pytest.raises(CertificateError):
        derive("iff-use", derive("assume", left), derive("assume", left))
    assert isinstance(equivalence.conclusion, Iff)
