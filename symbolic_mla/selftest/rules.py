"""Rules of the kernel and of the laws, applied to random premises, fitting or not: what they give is evaluated.

No search stands between: a rule that gives too much is met although no prover would ask it. What a rule refuses is no
statement, and is not judged.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.derivation.analysis import granted_by
from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel import theorem as trusted
from symbolic_mla.kernel.axis import Axis, NeedSplit
from symbolic_mla.kernel.scalar import Scalar, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Einsum, Pick, Sum, Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul
from symbolic_mla.laws.order import entry, extreme
from symbolic_mla.laws.rank import rank
from symbolic_mla.laws.softmax import softmax
from symbolic_mla.prover.decide import Proved, decide
from symbolic_mla.selftest.analytic import by_softmax
from symbolic_mla.selftest.case import Case, Fill, changed
from symbolic_mla.selftest.laws import law, rewritten
from symbolic_mla.selftest.modular import Worlds
from symbolic_mla.selftest.quantified import factors, shared_factors
from symbolic_mla.selftest.terms import AXES, DIMENSIONS, POSITIVE, REAL, N, P, Q, R, coefficient, matrix, simple_axis

A, B, C = Atom("A", (P, Q)), Atom("B", (P, Q)), Atom("C", (P, Q))
Made = Theorem | tuple[Theorem, Fill]


def by_rule(rng: Random) -> Case:
    """A theorem that a rule gives at random arguments. Raises: CertificateError or ShapeError where it refuses them."""
    name = rng.choice(sorted(MAKERS))
    made = MAKERS[name](rng)
    theorem, fill = made if isinstance(made, tuple) else (made, lambda _: True)
    given = [] if name == "grant" else sorted(theorem.hypotheses, key=repr)  # what is granted is true by itself
    return Case(f"rule, {name}", theorem.conclusion, False, False, tuple(given), None, fill, theorem)


def derive(rule: str, *arguments: Any) -> Theorem:
    """The theorem that a rule gives, whatever it is given. Raises: CertificateError where it refuses that."""
    try:
        return trusted.derive(rule, *arguments)
    except (NeedSplit, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise CertificateError(f"refused: {error}") from None


def _proved(rng: Random, functions: bool = True) -> Theorem:
    _, left, right = law(rng, 0, functions)
    found = decide(Equation(left, right))
    if not isinstance(found, Proved):
        raise CertificateError("no premise")
    return found.theorem


def _same(t: Term) -> Theorem:
    """t = t."""
    found = decide(Equation(t, t))
    if not isinstance(found, Proved):
        raise CertificateError("no premise")
    return found.theorem


def _norm(a: Term) -> Scalar:
    return entry(al.squared(a))


# ---- equations ---------------------------------------------------------------------------------------


def equation(rng: Random) -> Theorem:
    """The proof of one equation, given for another."""
    rule, left, right, *rest = _proved(rng).proof
    side = rng.randrange(2)
    sides = [left, right]
    sides[side] = changed(rng, sides[side])
    return derive(rule, *sides, *rest)


def congruence(rng: Random) -> Made:
    """A = B inside another term."""
    hole = Atom("O", (P, Q))
    context: Term = al.add(al.hadamard(hole, matrix(rng, P, Q, 1, True)), al.matmul(hole, matrix(rng, Q, Q, 1)))
    if rng.random() < 0.5:
        context = al.apply("f", context)
    return derive("congruence", context, hole, derive("assume", Equation(A, B))), _equal


def _equal(w: Worlds) -> bool:
    w.tensors[A] = w.tensor(B)
    return True


def cut(rng: Random) -> Made:
    """A hypothesis is exchanged for those of its proof, or for those of another."""
    first = derive("congruence", matmul(A, matrix(rng, Q, R, 0)), A, derive("assume", Equation(A, B)))
    proof = rng.choice((derive("assume", Equation(A, B)), derive("assume", Equation(B, A)), _proved(rng),
                        derive("congruence", al.scale(2, C), C, derive("assume", Equation(C, B)))))  # fmt: skip
    return derive("cut", first, proof), _sometimes


def instance(rng: Random) -> Theorem:
    """Other sizes, numbers, terms and functions; signs that are not kept, symbols that are captured."""
    for_all = Exists((), (C,), (Equation(matmul(al.transpose(A), C), matmul(al.transpose(B), C)),))
    theorem = rng.choice((
        _proved(rng), _proved(rng), derive("assume", for_all), derive("assume", Equation(A, B)),
        derive("softmax-rows", A), derive("rank-kron", A, al.scale(scalar(POSITIVE), B)),
        derive("arithmetic", scalar(0), "<=", scalar(POSITIVE), ()),
        derive("arithmetic", scalar(2), "<=", scalar(LOW), ()),
    ))  # fmt: skip
    axes = [(v, rng.choice(AXES)) for v in (*DIMENSIONS, LOW) if rng.random() < 0.4]
    numbers = [(v, scalar(rng.choice((1, 2, -1, 0, Fraction(1, 3), scalar(REAL), P.size(), scalar(POSITIVE)))))
               for v in (REAL, POSITIVE) if rng.random() < 0.5]  # fmt: skip
    to = dict(axes)
    atoms = [(a, matrix(rng, to.get(P.runs[0].heads[0], P), to.get(Q.runs[0].heads[0], Q), 1))
             for a in (A, B, C) if rng.random() < 0.3]  # fmt: skip
    if atoms and rng.random() < 0.3:
        atoms[0] = (atoms[0][0], C)
    functions = [(f, rng.choice(("f", "g", "softmax"))) for f in ("f", "g", "softmax") if rng.random() < 0.3]
    return derive("instance", theorem, tuple(axes), tuple(numbers), tuple(atoms), tuple(functions))


LOW = Var("s", "dimension", 2)


def capture(rng: Random) -> Made:
    """exists U for all C with Aᵀ C = U C, where A becomes a term that may speak of C."""
    u = Atom("U", (Q, P))
    s = Exists((u,), (C,), (Equation(matmul(al.transpose(A), C), matmul(u, C)),))
    theorem = derive("exists-witness", s, (al.transpose(A),), (_same(s.equations[0].left),))
    image = rng.choice((B, C, al.add(B, C)))

    def fill(w: Worlds) -> bool:
        w.tensors[u] = w.value(al.transpose(image))
        return True

    return derive("instance", theorem, (), (), ((A, image),), ()), fill


# ---- numbers -----------------------------------------------------------------------------------------

_FACTS: tuple[Statement, ...] = (
    Compare(_norm(A), "<=", _norm(B)), Compare(rank(A), "<=", rank(B)), Compare(scalar(REAL), "<=", scalar(2)),
    Compare(P.size(), "<=", Q.size()), Compare(scalar(REAL), "=", scalar(POSITIVE)), Compare(rank(B), "<=", rank(A)),
    Compare(_norm(B), "<=", _norm(A)), Compare(scalar(0), "<=", _norm(A)), Compare(scalar(0), "<=", rank(A)),
)  # fmt: skip


def _small(w: Worlds) -> bool:
    """A is a part of B up to signs, or B itself."""
    w.tensors[A] = w.tensor(B) * np.sign(w.tensor(A)) if w.world.seed % 2 else w.tensor(B)
    return True


def arithmetic(rng: Random) -> Made:
    """A combination of facts with multipliers of any sign, and a rest of any sign."""
    uses = [(scalar(rng.choice((coefficient(rng), ROOT, _norm(A), rank(A)))), derive("assume", rng.choice(_FACTS)))
            for _ in range(rng.randint(0, 2))]  # fmt: skip
    rests = (0, 0, 1, -1, N.size() - 1, N.size() - 2, P.size() * Q.size() - P.size(), scalar(REAL), scalar(REAL) ** 2,
             _norm(A), rank(A) - 1, extreme("min", (scalar(REAL), rank(A))), entry(_PAIRED),
             entry(al.trace(matmul(al.transpose(A), B))), 1 / scalar(POSITIVE))  # fmt: skip
    left = scalar(rng.choice((0, P.size(), _norm(B))))
    right = left + rng.choice(rests)
    for c, t in uses:
        s: Any = t.conclusion
        right = right + c * (s.right - s.left)
    return derive("arithmetic", left, rng.choice(("<=", "<=", "=")), right, tuple(uses)), _small


_PAIRED = Einsum(((A, ((0,), (1,))), (B, ((0,), (1,)))), (), (P, Q))
ROOT = sqrt(scalar(POSITIVE))


def antisymmetry(rng: Random) -> Made:
    return derive("antisymmetry", *(derive("assume", rng.choice(_FACTS)) for _ in range(2))), _small


def entry_rule(rng: Random) -> Theorem:
    a, b = matrix(rng, P, Q, 1), matrix(rng, Q, P, 1)
    found = decide(Equation(al.trace(matmul(a, b)), al.trace(matmul(b, a))))
    if not isinstance(found, Proved):
        raise CertificateError("no premise")
    return derive("entry", found.theorem)


def zero_squares(rng: Random) -> Made:
    """Of a sum of squares, and of what only looks like one."""
    root = al.subtract(A, B)
    facts = [Compare(x, relation, y) for relation in ("<=", "=") for x, y in (
        (_norm(root), scalar(0)), (_norm(A), _norm(B)), (_norm(root), scalar(1)),
        (entry(al.trace(matmul(al.transpose(A), B))), scalar(0)), (scalar(0), _norm(root)), (_norm(A), scalar(0)),
        (_norm(root) - 1, scalar(0)))]  # fmt: skip
    return derive("zero-squares", derive("assume", rng.choice(facts)), rng.choice((root, root, A, B))), _equal


def rank_zero(rng: Random) -> Made:
    gap = al.subtract(A, B)
    facts = [Compare(x, "<=", y) for x, y in (
        (rank(gap), scalar(0)), (rank(A), rank(B)), (rank(gap), scalar(1)), (rank(A) - 1, scalar(0)))]  # fmt: skip
    return derive("rank-zero", derive("assume", rng.choice(facts)), rng.choice((gap, A, B))), _equal


def _several(rng: Random) -> list[Scalar]:
    of = [rank(A), _norm(A), P.size(), scalar(REAL), scalar(POSITIVE), scalar(-1), N.size() * P.size()]
    return rng.sample(of, rng.randint(1, 3))


def extreme_bound(rng: Random) -> Theorem:
    return derive("extreme-bound", rng.choice(("min", "max")), tuple(_several(rng)), rng.randrange(4) - 1)


def extreme_intro(rng: Random) -> Made:
    facts = [derive("assume", rng.choice(_FACTS)) for _ in range(rng.randint(1, 3))]
    return derive("extreme-intro", rng.choice(("min", "max")), tuple(facts)), _small


def _rank(name: str) -> Callable[[Random], Theorem]:
    """A law of ranks, of matrices that fit and some that do not."""

    def made(rng: Random) -> Theorem:
        p, q, r = (simple_axis(rng) for _ in range(3))
        a, b, c = matrix(rng, p, q, 1), matrix(rng, q, r, 1), matrix(rng, rng.choice((r, p)), p, 1)
        arguments: dict[str, tuple[Any, ...]] = {
            "rank-sum": (rng.choice((al.add(a, rewritten(rng, a)), al.subtract(a, a), Sum((), (p, q)), a)),),
            "rank-size": (a, rng.randrange(3)), "rank-factor": (a, b, rng.randrange(3)),
            "rank-identity": (rng.choice(AXES),), "rank-kron": (a, b), "rank-gram": (a,), "rank-sylvester": (a, b),
            "rank-frobenius": (a, b, c),
        }  # fmt: skip
        return derive(name, *(arguments[name] if name in arguments else (_proved(rng),)))

    return made


# ---- quantifiers -------------------------------------------------------------------------------------


def witness(rng: Random) -> Made:
    """A witness that may speak of what comes after it, a proof that may assume something of it."""
    u, x = Atom("U", (P, Q)), Atom("Y", (Q, R))
    t = rng.choice((A, B))
    w = rng.choice((A, t, t, al.add(t, matmul(al.ones(P, R), al.transpose(x))), u))
    goal = Equation(matmul(t, x), matmul(w, x))
    proof = decide(goal)
    theorem = proof.theorem if isinstance(proof, Proved) else derive("assume", goal)

    def fill(worlds: Worlds) -> bool:
        if worlds.world.seed % 2:  # what is assumed at one Y holds there
            worlds.tensors[x] = worlds.tensor(x) * 0
        worlds.tensors[u] = worlds.value(w)
        return True

    s = Exists((u,), (x,), (Equation(matmul(t, x), matmul(u, x)),))
    if rng.random() < 0.2:  # U = C for all C, by C
        w, s, theorem = C, Exists((u,), (C,), (Equation(C, u),)), _same(C)
    return derive("exists-witness", s, (w,), (theorem,)), fill


def forall_use(rng: Random) -> Made:
    """A X = B X for all X, at other terms."""
    s = rng.choice((Exists((), (X,), (Equation(matmul(E, X), matmul(F, X)),)), factors(A, Q)))
    value = rng.choice((matrix(rng, P, Q, 1), al.add(X, X), matmul(E, X), matrix(rng, P, P, 0)))

    def fill(w: Worlds) -> bool:
        w.tensors[E] = w.tensor(F)
        return True

    return derive("forall-use", derive("assume", s), rng.choice(((value,), (value,), ())), rng.choice((0, 0, 1))), fill


X, E, F = Atom("X", (P, Q)), Atom("E", (P, P)), Atom("F", (P, P))
G, H = Atom("G", (N, Q)), Atom("H", (N, Q))


def everywhere(rng: Random) -> Made:
    """From one position of which nothing, or something, is assumed."""
    def at(t: Term) -> Term:
        return Pick(t, 0, "h")

    there = derive("assume", Equation(at(G), at(H)))
    whole = derive("assume", Equation(G, H))
    x = matrix(rng, N, P, 1)
    law_of = decide(Equation(at(al.add(x, x)), at(al.scale(2, x))))
    tangled = al.einsum("i j, j -> i j", G, at(G))
    same = decide(Equation(at(tangled), al.einsum("j, j -> j", at(G), at(G))))
    premise = rng.choice((there, derive("congruence", at(G), G, whole), *(v.theorem for v in (law_of, same)
                          if isinstance(v, Proved)), _tangled()))  # fmt: skip

    def fill(w: Worlds) -> bool:
        w.tensors[G] = w.tensor(G).copy()
        k = w.world.pick("h", N.runs[0].heads[0])
        w.tensors[G][:, k] = w.tensor(H)[:, k]
        if w.world.seed % 2:
            w.tensors[G] = w.tensor(H)
        return True

    return derive("everywhere", premise), fill


def _tangled() -> Theorem:
    """(g_h * G)[h] = (G * G)[h]: true at h, where the left side names h."""
    left, right = al.einsum("i j, j -> i j", G, Pick(G, 0, "h")), al.hadamard(G, G)
    found = decide(Equation(Pick(left, 0, "h"), Pick(right, 0, "h")))
    if not isinstance(found, Proved):
        raise CertificateError("no premise")
    return found.theorem


def iff(rng: Random) -> Made:
    """Two directions, one of which may be another, or assume more."""
    context = rng.choice((al.scale(2, C), matmul(C, al.ones(Q, R))))
    there = derive("congruence", context, C, derive("assume", Equation(A, B)))
    left, right = Equation(A, B), there.conclusion
    back = rng.choice((there, derive("assume", right), derive("assume", left)))
    sides = rng.choice(((left, right), (right, left), (left, left)))
    return derive("iff", *sides, there, back), _sometimes


def _sometimes(w: Worlds) -> bool:
    return _equal(w) if w.world.seed % 2 else True


def exists_rank(rng: Random) -> Made:
    """A bound on the rank that is asked for, or on another."""
    s = rng.choice((factors(A, R), shared_factors(A, B, R), factors(al.add(A, B), R)))
    whole = rng.choice((A, al.stack(A, B), al.add(A, B)))
    bound = rng.choice((R.size(), R.size(), R.size() + 1, 2 * R.size()))

    def fill(w: Worlds) -> bool:  # through one row each
        for a, k in ((A, 0), (B, int(w.world.seed % 2))):
            drawn = w.tensor(a)
            w.tensors[a] = drawn[:, :, :1] * drawn[:, k % drawn.shape[1], None, :]
        return True

    return derive("exists-rank", s, derive("assume", Compare(rank(whole), "<=", bound)), "svd"), fill


def rank_of_exists(rng: Random) -> Made:
    s = rng.choice((factors(A, R), shared_factors(A, B, R),
                    Exists((X,), (), (Equation(A, matmul(X, al.ones(Q, Q))),))))  # fmt: skip
    return derive("rank-of-exists", derive("assume", s)), _equal


# ---- softmax, and what is granted --------------------------------------------------------------------

LEFT, RIGHT, FACTOR = Atom("M", (P, Q)), Atom("L", (P, Q)), Atom("O", (P, Q))


def softmax_rows(rng: Random) -> Theorem:
    return derive("softmax-rows", matrix(rng, P, simple_axis(rng), 1, True))


def softmax_injective(rng: Random) -> Made:
    """(softmax(M) - softmax(L)) a = 0 with labels in many places: summed rows, a diagonal, a factor that names them.

    Where M is L with its rows or its columns in another order, the premise holds for some that the rule must refuse.
    """
    second = rng.choice(((-1, softmax(RIGHT)), (1, softmax(RIGHT)), (-1, al.apply("f", RIGHT)), (-2, softmax(RIGHT))))
    sides = ((1, softmax(LEFT)), second)
    if rng.random() < 0.2:  # of another function, which may be 0
        sides = ((1, al.apply("f", LEFT)), (-1, al.apply("f", RIGHT)))
    weights: Term = Sum(sides, (P, Q))
    kind = rng.randrange(5)
    axes: tuple[Axis, ...] = (P, Q, N)
    operands: tuple[Any, ...]
    output: tuple[tuple[int, ...], ...]
    if kind == 0:  # summed over rows
        operands, output = ((weights, ((0,), (1,))), (al.ones(P), ((0,),))), ((1,),)
    elif kind == 1:  # another factor names the place
        operands, output = ((weights, ((0,), (1,))), (FACTOR, ((0,), (1,)))), ((0,), (1,))
    elif kind == 2:  # as it should be
        operands, output = ((weights, ((0,), (1,))), (al.ones(P), ((0,),))), ((0,), (1,))
    elif kind == 3:  # summed over places
        operands, output = ((weights, ((0,), (1,))), (al.ones(P), ((0,),))), ((0,),)
    else:  # a diagonal
        both = (softmax(Atom("M", (P, P))), softmax(Atom("L", (P, P))))
        square: Term = Sum(((1, both[0]), (second[0], both[1])), (P, P))
        operands, output = ((square, ((0,), (0,))),), ((0,),)
    whole = Einsum(operands, output, axes)
    premise = derive("assume", Equation(whole, Sum((), whole.axes)))

    def fill(w: Worlds) -> bool:
        names = (Atom("M", (P, P)), Atom("L", (P, P))) if kind == 4 else (LEFT, RIGHT)
        drawn = w.tensor(names[1]) % 3
        w.tensors[names[1]] = drawn
        way = w.world.seed % 3
        w.world.zero = frozenset({"f"})
        if kind == 0 and way == 2:  # weights with the same sum, and other scores
            weights_of = np.exp(drawn) / np.exp(drawn).sum(axis=2, keepdims=True)
            w.tensors[names[0]] = np.log(np.broadcast_to(weights_of.mean(axis=1, keepdims=True), drawn.shape))
            return True
        w.tensors[names[0]] = drawn[:, ::-1] if way == 0 else drawn.copy()
        if way == 1 and drawn.shape[2] > 2:  # all but the first place turned round; on a diagonal, all but the own one
            for i in range(drawn.shape[1]):
                own = i if kind == 4 else 0
                rest = [k for k in range(drawn.shape[2]) if k != own]
                w.tensors[names[0]][:, i, rest] = drawn[:, i, rest[::-1]]
        if kind in (0, 1):
            w.tensors[FACTOR] = np.ones_like(w.tensor(FACTOR))
            if way == 1:
                w.tensors[FACTOR][:, :, 1:] = 0
        return True

    return derive("softmax-injective", premise), fill


def grant(rng: Random) -> Theorem:
    """An instance of a theorem of analysis, or what was made of it by one change: granted only if it is true."""
    s = by_softmax(rng).statement
    if isinstance(s, Equation) and rng.random() < 0.5:
        s = Equation(*(changed(rng, t) if rng.random() < 0.5 else t for t in (s.left, s.right)))
    if granted_by(s, ()) is None:
        raise CertificateError("not granted")
    return derive("assume", s)


MAKERS: dict[str, Callable[[Random], Made]] = {
    "equation": equation, "congruence": congruence, "cut": cut, "instance": instance, "capture": capture,
    "arithmetic": arithmetic,
    "antisymmetry": antisymmetry, "entry": entry_rule, "zero-squares": zero_squares, "rank-zero": rank_zero,
    "extreme-bound": extreme_bound, "extreme-intro": extreme_intro, "exists-witness": witness,
    "forall-use": forall_use, "everywhere": everywhere, "iff": iff, "exists-rank": exists_rank,
    "rank-of-exists": rank_of_exists, "softmax-rows": softmax_rows, "softmax-injective": softmax_injective,
    "grant": grant,
    **{f"rank-{x}": _rank(f"rank-{x}")
       for x in ("equal", "sum", "size", "factor", "identity", "kron", "gram", "sylvester", "frobenius")},
}  # fmt: skip
