"""Only instances of the theorems of analysis are granted, each is true, and a truncation is judged exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla import algebra as al
from symbolic_mla.analysis import normal, softmax
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.derivation.analysis import granted_by
from symbolic_mla.errors import ShapeError
from symbolic_mla.instance.evaluate import Tensor
from symbolic_mla.instance.truncation import is_best, truncated
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Apply, Atom, Einsum, Sum, Term
from symbolic_mla.laws.notation import matmul
from symbolic_mla.laws.order import entry
from tests.derivation.documents import claim, verdicts

P, Q, R = (Axis.of(Var(x)) for x in "pqr")
W, X, Y = Atom("W", (P, Q)), Atom("X", (P, Q)), Atom("Y", (P, Q))
T = Truncation(W, Atom("U", (P, R)), Atom("S", (R, R)), Atom("V", (Q, R)))
L, N = Atom("L", (P, R)), Atom("N", (R, Q))


def norm(*pairs: tuple[int, Term]) -> Any:
    """‖a combination‖²."""
    return entry(al.squared(al.add(*(al.scale(c, t) for c, t in pairs))))


GRANTED = {
    "eckart-young": T.best(L, N),
    "eckart-young, of a product": T.best(matmul(L, Atom("M", (R, R))), N),
    "softmax-lipschitz": softmax.lipschitz(X, Y),
    "softmax-shift": softmax.shift(X, Atom("u", (P,))),
    "softmax-shift, of a vector": softmax.shift(Atom("x", (Q,)), Atom("c", ())),
    "softmax-shift, row by row of a cube": softmax.shift(Atom("Z", (R, P, Q)), Atom("u", (R, P))),
    "softmax-weights, the sum": softmax.row_sums(X),
    "softmax-weights, a weighted square": softmax.weighted(
        Einsum(((Apply("softmax", X), ((0,), (1,))), (W, ((2,), (1,))), (W, ((2,), (1,)))), (), (P, Q, P))
    ),
    "softmax-weights, of equal scores": softmax.equal_scores(X, R),
    "softmax-weights, of scores that are 0": softmax.equal_scores(al.zeros(P, Q), Axis.of(2)),
    "normalize-lengths, of twice a matrix": normal.any_length(2, X),
    "normalize-lengths, of a positive multiple": normal.any_length(scalar(Var("a", sign="positive")), X),
}
def repeated(name: str, axes: Axis | tuple[Axis, ...], pattern: Any) -> Term:
    """A tensor along some axes of p × q."""
    shape = axes if isinstance(axes, tuple) else (axes,)
    return Einsum(((Atom(name, shape), pattern),), ((0,), (1,)), (P, Q))


def shifted(by: Term, factor: int = 1) -> Equation:
    """softmax(factor X + by) = softmax(X)."""
    return Equation(Apply("softmax", Sum(((factor, X), (1, by)), X.axes)), Apply("softmax", X))


def sides(e: Equation) -> tuple[Any, Any]:
    return e.left, e.right


S = Atom("S", (P, P))
MORE, LESS = Axis.of(Var("r")) + Axis.of(1), Apply("softmax", X)
EQUAL, NORMED = softmax.equal_scores(X, R), Apply("normalize", X)
REPEATED: Any = EQUAL.left
NOT_GRANTED: dict[str, Any] = {
    "the other way round": Compare(T.best(L, N).right, "<=", T.best(L, N).left),
    "equal": Compare(T.best(L, N).left, "=", T.best(L, N).right),
    "one row more": Compare(
        T.best(L, N).left, "<=", norm((1, W), (-1, matmul(Atom("L", (P, MORE)), Atom("N", (MORE, Q)))))
    ),
    "any matrix": Compare(T.best(L, N).left, "<=", norm((1, W), (-1, X))),
    "of another matrix": Compare(T.best(L, N).left, "<=", norm((1, X), (-1, matmul(L, N)))),
    "half of it": Compare(T.best(L, N).left, "<=", T.best(L, N).right * Fraction(1, 2)),
    "a smaller constant": Compare(softmax.lipschitz(X, Y).left, "<=", softmax.lipschitz(X, Y).right * Fraction(1, 2)),
    "another function": Compare(norm((1, Apply("f", X)), (-1, Apply("f", Y))), "<=", softmax.lipschitz(X, Y).right),
    "a softmax that knows its position": Compare(
        norm((1, Apply("softmax", X, (0,))), (-1, Apply("softmax", Y, (0,)))), "<=", softmax.lipschitz(X, Y).right
    ),
    "softmax of one and of nothing": Compare(norm((1, LESS), (-1, Y)), "<=", softmax.lipschitz(X, Y).right),
    "weights of columns": Equation(matmul(al.transpose(LESS), al.ones(P, Axis.of(1))), al.ones(Q, Axis.of(1))),
    "weights of any function": Equation(
        Einsum(((Apply("f", X), ((0,), (1,))), (al.ones(Q), ((1,),))), ((0,),), (P, Q)), al.ones(P)
    ),
    "a weighted number": Compare(scalar(0), "<=", entry(Einsum(((LESS, ((0,), (1,))), (W, ((0,), (1,)))), (), (P, Q)))),
    "two numbers at other places": Compare(
        scalar(0), "<=", entry(Einsum(((LESS, ((0,), (1,))), (W, ((0,), (1,))), (W, ((0,), (2,)))), (), (P, Q, Q)))
    ),
    "more than nothing": Compare(scalar(1), "<=", GRANTED["softmax-weights, a weighted square"].right),  # type: ignore[union-attr]
    "a shift of columns": shifted(repeated("v", Q, ((1,),))),
    "a shift of both": shifted(repeated("M", (P, Q), ((0,), (1,)))),
    "another shift": Equation(softmax.shift(X, Atom("u", (P,))).left, Apply("softmax", Y)),
    "the shift of any function": Equation(*(Apply("f", x.term) for x in sides(softmax.shift(X, Atom("u", (P,)))))),
    "what a shift leaves is no softmax": Equation(softmax.shift(X, Atom("u", (P,))).left, X),
    "a shift and a factor": shifted(repeated("u", P, ((0,),)), 2),
    "a shift of a square along its own columns": Equation(
        Apply("softmax", al.add(S, Einsum(((Atom("u", (P,)), ((1,),)),), ((0,), (1,)), (P, P)))), Apply("softmax", S)),
    "equal weights of any function": Equation(Apply("f", REPEATED.term), EQUAL.right),
    "equal weights of a softmax that knows its position": Equation(
        Apply("softmax", REPEATED.term, (0,)), EQUAL.right
    ),
    "equal weights of scores that are equal along another axis": Equation(
        softmax.softmax(Einsum(((X, ((0,), (1,))),), ((0,), (2,), (1,)), (P, Q, R))),
        al.scale(1 / Q.size(), al.ones(P, R, Q)),
    ),
    "equal weights of any scores": Equation(softmax.softmax(X), al.scale(1 / Q.size(), al.ones(P, Q))),
    "weights of another size": Equation(EQUAL.left, al.scale(1 / Q.size(), al.ones(P, Q, R))),
    "lengths, of any multiple": Equation(Apply("normalize", al.scale(scalar(Var("c", sign="real")), X)), NORMED),
    "lengths, of a negative multiple": Equation(Apply("normalize", al.scale(-2, X)), NORMED),
    "lengths, of nothing": Equation(Apply("normalize", al.scale(0, X)), NORMED),
    "lengths, of a sum": Equation(Apply("normalize", al.add(al.scale(2, X), Y)), NORMED),
    "lengths, of another matrix": Equation(Apply("normalize", al.scale(2, X)), Apply("normalize", Y)),
    "lengths, for softmax": Equation(softmax.softmax(al.scale(2, X)), softmax.softmax(X)),
    "no statement": "1 = 2",
}


@pytest.mark.parametrize("name", GRANTED)
def test_an_instance_is_granted(name: str) -> None:
    """By the theorem of which it is one."""
    assert granted_by(GRANTED[name], [T]) == name.split(",")[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NOT_GRANTED)
def test_nothing_else_is_granted(name: str) -> None:
    """Nearly an instance is none."""
    assert granted_by(NOT_GRANTED[name], [T]) is None


def test_triplets_have_their_shapes() -> None:
    """U, S and V fit to the matrix, and what is compared with has r columns."""
    with pytest.raises(ShapeError):
        Truncation(W, T.u, T.s, Atom("V", (P, R)))
    with pytest.raises(ShapeError):
        T.best(Atom("L", (P, Q)), Atom("N", (Q, Q)))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_the_axioms_are_true_of_random_matrices(seed: int) -> None:
    """In floating point, with a margin for rounding: what is granted holds, and so do the equations of triplets."""
    rng = np.random.default_rng(seed)
    p, q, r, t = rng.integers(1, 5, 4)
    w = rng.integers(-3, 4, (p, q)).astype(float)
    u, s, vt = np.linalg.svd(w)
    k = min(p, q)
    full = np.zeros((p, r)), np.zeros((r, r)), np.zeros((q, r))
    for i in range(min(r, k)):
        full[0][:, i], full[1][i, i], full[2][:, i] = u[:, i], s[i], vt[i]
    left, middle, right = full
    assert np.allclose(left.T @ w, middle @ right.T)
    assert np.allclose(w @ right, left @ middle)
    assert np.allclose(left.T @ left @ middle, middle)
    assert np.allclose(middle @ right.T @ right, middle)
    other = rng.normal(size=(p, r)) @ rng.normal(size=(r, q))
    assert np.sum((w - left @ middle @ right.T) ** 2) <= np.sum((w - other) ** 2) + 1e-9
    x, y = rng.normal(size=(2, t, q)) * rng.choice([0.01, 1, 10])

    def weights(z: Any) -> Any:
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    assert np.allclose(weights(x + rng.normal(size=(t, 1))), weights(x))
    assert np.sum((weights(x) - weights(y)) ** 2) <= np.sum((x - y) ** 2) / 4 + 1e-12
    assert np.allclose(weights(np.repeat(x[:, :1], q, axis=1)), 1 / q)
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    assert np.allclose(x / lengths, 7 * x / (7 * lengths))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_exact_triplets_are_the_first(data: st.DataObject) -> None:
    """Of a matrix that is diagonal up to order; others of its triplets are seen not to be the first."""
    p, q, r = (data.draw(st.integers(1, 3)) for _ in range(3))
    columns = data.draw(st.permutations(range(3)))
    values = data.draw(st.lists(st.integers(-3, 3), min_size=3, max_size=3))
    rows = [[values[i] if columns[i] == j else 0 for j in range(q)] for i in range(p)]
    w = Tensor((p, q), tuple(x for row in rows for x in row))
    found = truncated(w, r)
    assert found is not None
    assert is_best(w, *found)
    largest = sorted((abs(x) for x in w.entries if x), reverse=True)
    kept = [found[1].rows()[k][k] for k in range(r)]
    assert kept == (largest + [0] * r)[:r]
    if len(largest) > r and largest[r] < largest[0]:
        swapped = truncated(Tensor(w.shape, tuple(0 if abs(x) == largest[0] else x for x in w.entries)), r)
        assert swapped is not None
        assert not is_best(w, *swapped)


def test_other_matrices_have_no_exact_triplets_here() -> None:
    """They may have irrational ones."""
    assert truncated(Tensor((1, 2), (1, 1)), 1) is None


DOCUMENT = """
dims p, q, r, t
given W : p × q
given X : q × t
given L : p × r
given N : r × q
given A : p × (r + 1)
given B : (r + 1) × q
let square(Y) = tr(Yᵀ Y)
obtain U, S, V from svd(W, r)
"""

PROVED = {
    "the best": "claim x: square(W - U S Vᵀ) <= square(W - L N) by eckart-young",
    "the projection": "claim projected: U Uᵀ W = U S Vᵀ\n"
    "claim x:\n  square(W - U Uᵀ W) = square(W - U S Vᵀ) by projected\n  <= square(W - L N) by eckart-young",
    "what is lost": "claim x: square(W - U S Vᵀ) = square(W) - square(S)",
    "of the outputs": "obtain P, T, Q from svd(W X, r)\n"
    "claim x: square((W - P Pᵀ W) X) = square(W X - P T Qᵀ) <= square(W X - L (N X)) by eckart-young",
}
NOT_PROVED = {
    "the other way round": "claim x: square(W - L N) <= square(W - U S Vᵀ) by eckart-young",
    "without the axiom": "claim x: square(W - U S Vᵀ) <= square(W - L N)",
    "one row more": "claim x: square(W - U S Vᵀ) <= square(W - A B) by eckart-young",
    "a size of the matrix itself": "claim x: square(W - U S Vᵀ) = 0",
    "orthonormal though r may be too large": "claim x: Uᵀ U = I(r)",
}


@pytest.mark.parametrize("name", PROVED)
def test_truncation_is_the_best(name: str) -> None:
    """Proved, and the axiom is named."""
    found = claim(DOCUMENT + PROVED[name], "x")
    assert found.verdict == "proved"
    assert name == "what is lost" or found.axioms == ("eckart-young",)


@pytest.mark.parametrize("name", NOT_PROVED)
def test_nothing_else_is(name: str) -> None:
    """Not proved, whatever is cited."""
    assert verdicts(DOCUMENT + NOT_PROVED[name])["x"] != "proved"


def test_one_row_more_is_better() -> None:
    """W = A B has rank r + 1, and no matrix through r rows is as near; the counterexample has the first triplets."""
    text = "\n".join(line for line in DOCUMENT.splitlines() if " from svd" not in line)
    assert verdicts(text + "\nobtain U, S, V from svd(A B, r)\nclaim x: square(A B - U S Vᵀ) <= 0")["x"] == "refuted"


def test_the_wrong_way_is_refuted() -> None:
    """With triplets that are the first, and so by no other triplets of the same equations."""
    assert verdicts(DOCUMENT + NOT_PROVED["the other way round"])["x"] == "refuted"
    found = claim(DOCUMENT + "claim x: square(W - U S Vᵀ) <= square(W - L N)", "x")
    assert found.verdict == "undecided"


FUNCTIONS = """
dims t, s, n
scalar a > 0, b >= 0, c
given X, Y : t × s, x : t
"""
OF_FUNCTIONS = {
    "softmax(zeros(1, 2)) = 1/2 ones(1, 2) by softmax-weights": ("proved", ("softmax-weights",)),
    "softmax(zeros(t, n + s)) = 1/(n + s) ones(t, n + s) by softmax-weights": ("proved", ("softmax-weights",)),
    'softmax(einsum("t -> t s", x, s=s)) = 1/s ones(t, s) by softmax-weights': ("proved", ("softmax-weights",)),
    "softmax(X - X) Yᵀ = 1/s ones(t, s) Yᵀ by softmax-weights": ("proved", ("softmax-weights",)),
    "softmax(zeros(1, 2)) = 1/2 ones(1, 2)": ("proved", ("softmax-weights",)),
    "softmax(zeros(1, 2)) = 1/2 ones(1, 2) by softmax-lipschitz": ("undecided", ()),
    "softmax(X) = 1/s ones(t, s) by softmax-weights": ("refuted", ()),
    "softmax(zeros(t, s)) = 1/n ones(t, s) by softmax-weights": ("refuted", ()),
    "normalize(2 X) = normalize(X) by normalize-lengths": ("proved", ("normalize-lengths",)),
    "normalize(a (X - Y)) = normalize(X - Y) by normalize-lengths": ("proved", ("normalize-lengths",)),
    "normalize(X) = normalize(1/2 X) by normalize-lengths": ("proved", ("normalize-lengths",)),
    "normalize(2 X) = normalize(X)": ("proved", ("normalize-lengths",)),
    "normalize(2 X) = normalize(X) by softmax-lipschitz": ("undecided", ()),
    "normalize(b X) = normalize(X) by normalize-lengths": ("refuted", ()),
    "normalize(c X) = normalize(X) by normalize-lengths": ("refuted", ()),
    "normalize(-2 X) = normalize(X) by normalize-lengths": ("refuted", ()),
    "normalize(2 X + Y) = normalize(X + Y) by normalize-lengths": ("refuted", ()),
    "softmax(2 X) = softmax(X) by normalize-lengths": ("refuted", ()),
}


@pytest.mark.parametrize("statement", OF_FUNCTIONS)
def test_equal_scores_and_lengths(statement: str) -> None:
    """Proved, cited or not, behind no other axiom, and only what is true."""
    found = claim(f"{FUNCTIONS}claim x: {statement}", "x")
    verdict, axioms = OF_FUNCTIONS[statement]
    assert (found.verdict, found.axioms) == (verdict, axioms) or (found.verdict, verdict) == ("undecided", "refuted")


def test_columns_are_orthonormal_where_the_size_allows() -> None:
    """With p = r + a and q = r + b they are."""
    text = "dims r, a, b\ndim p = r + a\ndim q = r + b\ngiven W : p × q\nobtain U, S, V from svd(W, r)\n"
    assert verdicts(text + "claim x: Uᵀ U = I(r)\nclaim y: Vᵀ V = I(r)") == {"x": "proved", "y": "proved"}


def test_a_column_is_zero_only_where_no_singular_value_is_left() -> None:
    """Of the 1 × 1 matrix 0 the first singular vectors are ±1, though 0, 0, 0 satisfies the equations of triplets."""
    zero, one = Tensor((1, 1), (0,)), Tensor((1, 1), (1,))
    assert is_best(zero, one, zero, one)
    assert not is_best(zero, zero, zero, zero)
    wide = Tensor((1, 2), (1, 0)), Tensor((2, 2), (0,) * 4), Tensor((1, 2), (1, 0))
    assert is_best(zero, *wide)


def test_another_seed_of_hashes_gives_the_same_certificates(tmp_path: Path) -> None:
    """A proof of an inequality does not depend on the order of sets."""
    (tmp_path / "a.md").write_text(
        "```derivation\ndims p, q, r\ngiven W, X : p × q, L : p × r, N : r × q\nobtain U, S, V from svd(W, r)\n"
        "claim a: tr((W - U S Vᵀ) (W - U S Vᵀ)ᵀ) <= tr((W - L N) (W - L N)ᵀ) by eckart-young\n"
        "claim b: 2 tr(Xᵀ W) <= tr(W Wᵀ) + tr(X Xᵀ)\n```\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "symbolic_mla", "prove", "a.md", "--no-cache", "--jobs", "1"]
    for seed in "12":
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([*command, "--reports", f"r{seed}/reports"], cwd=tmp_path, env=environment, timeout=300,
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    one, other = ({p.name: p.read_bytes() for p in (tmp_path / f"r{s}").rglob("*.txt")} for s in "12")
    assert one == other and len(one) == 2
