"""What a citation gives: the ends of a chain, multiples of an equation, and never an equation that is not one."""

from __future__ import annotations

import pytest

from tests.derivation.documents import verdicts

FIELD = """
dims m, k
scalar c, a > 0
scalar δ > 0
given A, B, C : m × k
given J : m × m with Jᵀ = -J
"""

PROVED = {
    "the ends of a chain": "given X : m × k with A = B, B = C\n"
    "claim h: A + X = B + X\n= C + X\nclaim x: 2 A + X = 2 C + X by h",
    "a multiple by a number": "given U, V : m × k with a U = (a + δ) V\nclaim x: δ a U = δ (a + δ) V",
    "what is left by a number": "given U : m × k with (c + δ) U = c U\nclaim h: δ U = zeros(m, k)\n"
    "claim x: U = 1/δ (δ U) = zeros(m, k) by h",
    "equals put in as they stand": "given U : m × m with U Uᵀ A = U B\n"
    "claim x: tr((C - U Uᵀ A)ᵀ (C - U Uᵀ A)) = tr((C - U B)ᵀ (C - U B))",
    "a literal beside a symbol": "given v : m × 1\nclaim h: v v' v = v v' v\n"
    "given w : k × 1\nclaim x: w w' w = w w' w by h",
}
NOT_PROVED = {
    "a number that may be 0": "given U : m × k with c U = zeros(m, k)\nclaim x: U = zeros(m, k)",
    "a difference that may be 0": "given U : m × k with c U = a U\nclaim x: U = zeros(m, k)",
    "a multiple of another equation": "given U, V : m × k with a U = δ V\nclaim x: U = V",
}


@pytest.mark.parametrize("name", PROVED)
def test_what_follows_from_an_equation_is_proved(name: str) -> None:
    """With its multiples, and with equals in place of equals."""
    assert verdicts(FIELD + PROVED[name])["x"] == "proved"


@pytest.mark.parametrize("name", NOT_PROVED)
def test_nothing_is_divided_by_what_may_be_0(name: str) -> None:
    """No multiple is taken that is not a number for every value."""
    assert verdicts(FIELD + NOT_PROVED[name])["x"] != "proved"
