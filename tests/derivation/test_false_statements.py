"""Statements that look like laws and are false are never proved: orders, softmax, SVDs, hypotheses, citations."""

from __future__ import annotations

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document

FALSE = {
    "dims n, m\nscalar a > 0, b, c >= 0\ngiven A, B : n × n": """
        b <= b^2 | c <= c^2 | b*c >= 0 | b^3 >= 0 | tr(A) >= 0 | tr(A A) >= 0 | tr(A B) <= tr(Aᵀ B)
        tr(A)^2 <= tr(Aᵀ A) | tr(A)^2 <= tr(A A) * n | tr(A)^3 >= 0 | tr(Aᵀ B)^2 <= tr(Aᵀ A)
        2*tr(Aᵀ B) >= tr(Aᵀ A) + tr(Bᵀ B) | rank(A + B) >= rank(A) | rank(A) <= rank(A A)
        rank(A ∘ B) <= rank(A) | max(n, m) <= n*m - 1 | min(b, c)^2 <= b*c | max(a, b) <= a + b""",
    "dims t, d\ngiven X, Y, M : t × d, S : t × t": """
        softmax(X)ᵀ ones(t) = ones(d) | softmax(Xᵀ) = softmax(X)ᵀ | softmax(2 X) = softmax(X) | tr(softmax(S)) >= 1
        tr((softmax(X) - softmax(Y))ᵀ (softmax(X) - softmax(Y))) <= 1/5 tr((X - Y)ᵀ (X - Y)) by softmax-lipschitz
        tr((softmax(X) + softmax(Y))ᵀ (softmax(X) + softmax(Y))) <= 1/4 tr((X - Y)ᵀ (X - Y)) by softmax-lipschitz
        softmax(S)ᵀ ones(t) = ones(t) by softmax-weights | 0 <= tr(softmax(X)ᵀ M) by softmax-weights
        0 <= tr(softmax(S) (S S)) by softmax-weights""",
    "dims p, q, r\ngiven W : p × q, L : p × r, N : r × q\nlet sq(A) = tr(Aᵀ A)\nobtain U, S, V from svd(W, r)": """
        sq(W - L N) <= sq(W - U S Vᵀ) by eckart-young
        sq(W - 2 U S Vᵀ) <= sq(W - L N) by eckart-young""",
    "dims n, m\ngiven A, B : n × n with A B = B A\ngiven P : n × n with P P = P\n"
    "given Q : n × m with Qᵀ Q = I(m)\ngiven X, Y : n × n\nclaim com: A B A = B A A": """
        P = Pᵀ | X Y X = Y X X by com | A X A = X A A by com""",
    "dims n, m\ngiven A : n × m, C : n × n": """
        A[i] = A[j] | C[i, j] = C[j, i] | C[i, i] = C[j, j] | C[i, j] = C[i, i] | tr(C) = C[i, i] | I(n)[i, j] = 0""",
}


@pytest.mark.parametrize("declared", FALSE, ids=["order", "softmax", "svd", "hypotheses", "positions"])
def test_what_is_false_is_not_proved(declared: str) -> None:
    """Each is judged, and is refuted or undecided."""
    claims = [c.strip() for line in FALSE[declared].split("\n") for c in line.split(" | ") if c.strip()]
    text = "".join(f"refute c{k}: {c}\n" for k, c in enumerate(claims))
    result = check_document(parse_document(f"```derivation\n{declared}\n{text}```\n"))
    judged = {c.id: c.verdict for c in result.claims if c.id != "com"}
    assert len(judged) == len(claims)
    assert set(judged.values()) <= {"refuted", "undecided"}, judged
    assert "refuted" in judged.values()
