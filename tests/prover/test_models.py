"""A model satisfies every hypothesis; where there is none, none is found."""

from __future__ import annotations

import pytest

from symbolic_mla.prover.models import BY_PARTS, find_model, model_at
from symbolic_mla.prover.refute import Problem
from tests.derivation.documents import checked

SATISFIABLE = {
    "one frame": "dims p\ngiven A, B : p × p with A Aᵀ = I(p), B A = I(p)",
    "two that share nothing": "dims p\ngiven A : p × 1 with Aᵀ A = p I(1), B : p × 1 with Bᵀ B = p I(1)\n"
    "given x, y : p × 1 with xᵀ x = p I(1), yᵀ y = p I(1), xᵀ y = 0",
    "identities": "dims p, q, r\ngiven T : p × q × 2 × 2, A, B : 2 × r, C : r × 2\n"
    "assume A C = I(2), B C = I(2)\n"
    'assume einsum("p q i j, j k -> p q i k", T, A) = einsum("p q, i k -> p q i k", ones(p, q), B)',
}
NOT_SATISFIABLE = {
    "no number": "dims p\ngiven x : p with xᵀ x = -1",
    "only one of two": "dims p\ngiven x : p with xᵀ x = -1, A : p × p with A A = I(p)",
}


def problem(text: str) -> Problem:
    stated = [h.statement for h in checked(text).hypotheses]
    return Problem(stated[0], stated)


@pytest.mark.parametrize("name", SATISFIABLE)
def test_a_model_is_found(name: str) -> None:
    """It is one, and is drawn again at the same place."""
    asked = problem(SATISFIABLE[name])
    found = find_model(asked)
    assert found is not None
    assert asked.admits(found.at)
    again = model_at(asked, found.sizes, found.trial)
    assert again is not None
    assert again.at.tensors == found.at.tensors


@pytest.mark.parametrize("name", NOT_SATISFIABLE)
def test_no_model_is_found(name: str) -> None:
    """Drawn together or by parts."""
    asked = problem(NOT_SATISFIABLE[name])
    assert find_model(asked) is None
    assert model_at(asked, {"p": 2}, BY_PARTS) is None
