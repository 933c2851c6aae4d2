"""A move gives values to the inputs of `for all` alone: an unknown that is given a value is no unknown any more."""

import pytest

from symbolic_mla.argument.checking import check
from symbolic_mla.argument.moves import Alike, At
from symbolic_mla.kernel.axis import UNIT
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Sum
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul

A, W, X = (Atom(name, (UNIT, UNIT)) for name in "AWX")
ONE, ZERO = identity(UNIT), Sum((), (UNIT, UNIT))


@pytest.mark.parametrize("other", [A, W])
@pytest.mark.parametrize("kind", ["at", "alike"])
def test_only_inputs_get_values(other: Atom, kind: str) -> None:
    """A move that gives a value to what is no input of the claim is refused, and nothing is refuted."""
    true_for_some = Exists((A,), (X,), (Equation(matmul(W, X), matmul(A, X)),))  # A = W
    inputs = ((X, ONE), (other, ZERO))
    moves = [At(inputs), At(((X, ONE), (other, ONE)))] if kind == "at" else [Alike(((X, ZERO),), inputs)]
    outcome = check(true_for_some, moves)
    assert not outcome.refuted
    assert outcome.reason.startswith(f"{other.name}: a move gives values")
