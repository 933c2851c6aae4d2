"""Random statements about numbers: ranks, sums of squares, entries, the least and the greatest of some."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np

from symbolic_mla import algebra as al
from symbolic_mla.kernel.scalar import Number, Scalar, scalar
from symbolic_mla.kernel.statement import Compare
from symbolic_mla.kernel.term import Atom, Einsum, Pick, Term
from symbolic_mla.laws.order import entry, extreme
from symbolic_mla.laws.rank import rank
from symbolic_mla.selftest.case import Case
from symbolic_mla.selftest.laws import rewritten
from symbolic_mla.selftest.modular import Worlds
from symbolic_mla.selftest.terms import POSITIVE, REAL, N, P, Q, matrix, simple_axis

Sides = tuple[Number, str, Number]


def by_rank(rng: Random) -> Case:
    """A true statement about ranks, or one that is off by one or turned around."""
    p, q, r = (simple_axis(rng) for _ in range(3))
    a, b, c = matrix(rng, p, q, 1), matrix(rng, p, q, 1), matrix(rng, q, r, 1)
    d = matrix(rng, r, simple_axis(rng), 0)
    left, relation, right = rng.choice((
        (rank(al.tile(a, N)), "=", rank(a)),
        (rank(al.matmul(a, c)), "<=", extreme("min", (rank(a), rank(c)))),
        (rank(al.add(a, b)), "<=", rank(a) + rank(b)),
        (rank(al.kron(a, c)), "=", rank(a) * rank(c)),
        (rank(a), "<=", extreme("min", (p.size(), q.size()))),
        (rank(al.matmul(al.transpose(a), a)), "=", rank(a)),
        (rank(rewritten(rng, a)), "=", rank(a)),
        (rank(al.stack(a, b)), "<=", rank(a) + rank(b)),
        (rank(a), "<=", rank(al.hstack(a, b))),
        (rank(a) + rank(c), "<=", rank(al.matmul(a, c)) + q.size()),
        (rank(al.matmul(a, c)) + rank(al.matmul(c, d)), "<=", rank(c) + rank(al.matmul(al.matmul(a, c), d))),
        (extreme("max", (rank(a), rank(b))), "<=", rank(al.hstack(a, b))),
        (rank(al.hadamard(a, b)), "<=", rank(a) * rank(b)),
    ))  # fmt: skip
    wrong = rng.choice(("true", "true", "off by one", "turned"))
    if wrong == "off by one":
        right = right + (-1 if relation == "<=" else rng.choice((-1, 1)))
    elif wrong == "turned":
        left, relation, right = right, "<=", left
    return Case(f"ranks, {wrong}", Compare(left, relation, right), wrong == "true")


def by_order(rng: Random) -> Case:
    """Squares are not negative, and what follows; or a multiple, a sign or a side is wrong."""
    left, relation, right = rng.choice((_squares, _entries, _extremes))(rng)
    left, right = scalar(left), scalar(right)
    wrong = rng.choice(("true", "true", "multiple", "sign", "turned", "off"))
    if wrong == "multiple":
        right = right * rng.choice((Fraction(1, 2), Fraction(9, 10), Fraction(2)))
    elif wrong == "sign":
        left, right = -left, -right
    elif wrong == "turned":
        left, right = right, left
    elif wrong == "off":
        right = right + rng.choice((-1, 1)) * rng.choice((scalar(1), scalar(REAL), N.size()))
    return Case(f"orders, {wrong}", Compare(left, relation, right), wrong == "true", real=True)


def _inner(a: Term, b: Term) -> Scalar:
    return entry(Einsum(((a, ((0,), (1,))), (b, ((0,), (1,)))), (), a.axes))


def _norm(a: Term) -> Scalar:
    return entry(al.squared(a))


def _squares(rng: Random) -> Sides:
    p, q = simple_axis(rng), simple_axis(rng)
    a, b = matrix(rng, p, q, 1, True), matrix(rng, p, q, 1)
    c = scalar(POSITIVE)
    sides: Sides = rng.choice((
        (0, "<=", _norm(a)),
        (2 * _inner(a, b), "<=", _norm(a) + _norm(b)),
        (-2 * _inner(a, b), "<=", c * _norm(a) + _norm(b) / c),
        (_norm(al.add(a, b)), "<=", 2 * _norm(a) + 2 * _norm(b)),
        (_norm(al.add(a, b)), "=", _norm(a) + 2 * _inner(a, b) + _norm(b)),
        (_norm(al.subtract(a, b)) + _norm(al.add(a, b)), "=", 2 * _norm(a) + 2 * _norm(b)),
        (0, "<=", entry(al.trace(al.matmul(al.transpose(a), a)))),
        (0, "<=", entry(al.trace(al.matmul(a, al.transpose(a)))) * _norm(b)),
        (_inner(a, b) ** 2, "<=", _norm(a) * _norm(b)),
        (_norm(rewritten(rng, b)), "<=", _norm(b) * N.size()),
        (_norm(al.tile(b, N)), "=", N.size() * _norm(b)),
    ))  # fmt: skip
    return sides


def _entries(rng: Random) -> Sides:
    """One entry, at named positions."""
    def at(t: Term) -> Scalar:
        return entry(Pick(Pick(t, 0, "h"), 0, "i"))

    a, b = matrix(rng, N, P, 1), matrix(rng, N, P, 1)
    sides: Sides = rng.choice((
        (0, "<=", at(a) ** 2),
        (2 * at(a) * at(b), "<=", at(a) ** 2 + at(b) ** 2),
        (at(al.add(a, b)), "=", at(a) + at(b)),
        (0, "<=", at(al.hadamard(a, a))),
        (at(a) ** 2, "<=", _norm(a)),
        (0, "<=", at(al.scale(scalar(POSITIVE), al.hadamard(a, a)))),
    ))  # fmt: skip
    return sides


def _extremes(rng: Random) -> Sides:
    """The least and the greatest of numbers of any kind."""
    a = matrix(rng, P, Q, 1)
    of = [rank(a), _norm(a), P.size(), N.size(), N.size() * P.size(), scalar(POSITIVE), scalar(REAL), scalar(2)]
    x, y, z = rng.sample(of, 3)
    sides: Sides = rng.choice((
        (extreme("min", (x, y)), "<=", x),
        (y, "<=", extreme("max", (x, y))),
        (extreme("min", (x, y)), "<=", extreme("max", (y, z))),
        (extreme("min", (x, y, z)), "<=", extreme("min", (z, x))),
        (extreme("max", (P.size(), N.size())), "<=", N.size() * P.size()),
        (extreme("min", (x, y)) + extreme("max", (x, y)), "=", x + y),
        (2 * extreme("min", (x, y)), "<=", x + y),
        (extreme("max", (x, x)), "=", x),
    ))  # fmt: skip
    return sides


X, Y, Z = (Atom(name, (P, Q)) for name in "XYZ")


def by_bound(rng: Random) -> Case:
    """An inequality from one that is given, or one that does not follow."""
    c, r = scalar(POSITIVE), scalar(REAL)
    given, fill = rng.choice((
        (Compare(_norm(X), "<=", _norm(Y)), _smaller),
        (Compare(rank(X), "<=", rank(Y)), _smaller),
        (Compare(_norm(X), "<=", c), _bounded),
        (Compare(_inner(X, Y), "=", scalar(0)), _apart),
        (Compare(_norm(X) + _norm(Y), "<=", _norm(al.add(X, Y))), _apart),
    ))  # fmt: skip
    left, right = given.left, given.right
    goal = rng.choice((
        Compare(left, "<=", right),
        Compare(left * c, "<=", right * c),
        Compare(left * r, "<=", right * r),
        Compare(left, "<=", right + _norm(Z)),
        Compare(left + _norm(Z), "<=", right),
        Compare(right, "<=", left),
        Compare(left, "=", right),
        Compare(left * N.size(), "<=", right * N.size()),
        Compare(extreme("min", (left, rank(Z))), "<=", right),
        Compare(extreme("max", (left, rank(Z))), "<=", right),
        Compare(_norm(al.add(X, Y)), "<=", _norm(X) + _norm(Y)),
        Compare(_inner(X, Y), "<=", scalar(0)),
    ))  # fmt: skip
    return Case("under a bound", goal, False, False, (given,), None, fill, real=True)


def _smaller(w: Worlds) -> bool:
    """X is a part of Y, up to a sign."""
    w.tensors[X] = w.tensor(Y) * np.sign(w.tensor(X))
    return True


def _bounded(w: Worlds) -> bool:
    """At most one entry of X is not 0, and that is 1: the norm is at most any positive scalar that is drawn here."""
    mask = np.zeros_like(w.tensor(X))
    mask[::2, 0, 0] = 1
    w.tensors[X] = mask
    return True


def _apart(w: Worlds) -> bool:
    """X and Y share no place."""
    mask = w.tensor(Z) & 1
    w.tensors[X], w.tensors[Y] = w.tensor(X) * mask, w.tensor(Y) * (1 - mask)
    return True

