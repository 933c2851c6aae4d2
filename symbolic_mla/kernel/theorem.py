"""The rules by which theorems are made.

A theorem is a sequent: hypotheses |- conclusion, true for all sizes, all real tensors of the stated shapes
and all functions, together with the axioms of analysis that it used. `derive(rule, *arguments)` is the only
way to make one; it keeps the rule and its arguments, and that tree, as text, is the certificate. An object
proves nothing by itself, since Python can forge any object: trust `certificate.replay` in a fresh process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.network import Groups, IndexForm, Network, index_form
from symbolic_mla.kernel.node import Substitution, names, need, terms_of, variables
from symbolic_mla.kernel.scalar import Number, Scalar, is_zero, never_negative, scalar
from symbolic_mla.kernel.statement import (
    Compare,
    Equation,
    Exists,
    Iff,
    Statement,
    entry,
    extreme,
    identity,
    kron,
    matmul,
    rank,
    transpose,
)  # fmt: skip
from symbolic_mla.kernel.term import Atom, Einsum, Stack, Sum, Term, inside

MAX_SPLIT = 4096
_MINT = object()


class Theorem:
    """hypotheses |- conclusion. Made by `derive` alone."""

    __slots__ = ("hypotheses", "axioms", "conclusion", "proof")  # noqa: RUF023 # in the order of the constructor
    hypotheses: frozenset[Statement]
    axioms: frozenset[str]
    conclusion: Statement
    proof: tuple[Any, ...]

    def __init__(self, mint: object, *slots: Any) -> None:
        if mint is not _MINT:
            raise CertificateError("a theorem is made by a rule of the kernel, and not by hand")
        for name, value in zip(self.__slots__, slots, strict=True):
            object.__setattr__(self, name, value)

    def __setattr__(self, *_: object) -> None:
        raise AttributeError("a theorem does not change")

    def __reduce__(self) -> tuple[object, ...]:
        raise CertificateError("a theorem travels as its certificate")


def derive(rule: str, *arguments: Any) -> Theorem:
    """The theorem that a rule gives. Raises CertificateError or ShapeError where the rule does not apply."""
    if rule not in RULES:
        raise CertificateError(f"no such rule: {rule!r}")
    premises = list(inside(Theorem, arguments))
    result = RULES[rule](*arguments)
    # a rule gives a conclusion, or (conclusion, its hypotheses or None for those of the premises, new axioms)
    conclusion, own, *new = result if isinstance(result, tuple) else (result, None)
    need(isinstance(conclusion, Statement), "a theorem says a statement")
    hypotheses = frozenset(h for t in premises for h in t.hypotheses) if own is None else own
    axioms = frozenset(a for t in premises for a in t.axioms).union(new)
    return Theorem(_MINT, hypotheses, axioms, conclusion, (rule, *arguments))


def _free_of(symbols: Sequence[Atom], *theorems: Theorem) -> None:
    """Raise if a hypothesis speaks of a symbol that the conclusion quantifies."""
    spoken = {n for t in theorems for h in t.hypotheses for n in names(*terms_of(h))}
    need(spoken.isdisjoint(a.name for a in symbols), "a hypothesis speaks of a quantified symbol")


def _equal(t: Theorem) -> Equation:
    need(isinstance(t.conclusion, Equation), "this rests on an equation")
    return t.conclusion  # type: ignore[return-value]


def _numbers(t: Theorem, *relations: str) -> Compare:
    need(isinstance(t.conclusion, Compare) and t.conclusion.relation in relations, "this rests on comparisons")
    return t.conclusion  # type: ignore[return-value]


# ---- the rules: equations ----------------------------------------------------------------------------


def _equation(left: Term, right: Term, uses: tuple[tuple[Number, Theorem], ...], split: tuple[int, ...],
              answers: tuple[Groups, ...]) -> Equation:  # fmt: skip
    """left - right is the sum of c * (a - b) over the equations a = b used: the two sides have one index form."""
    goal = Equation(left, right)
    parts: list[tuple[Number, Term]] = [(1, left), (-1, right)]
    for c, t in uses:
        fact = _equal(t)
        Sum(((c, fact.left),), left.axes)  # raises where the axes differ
        parts += [(-1 * c, fact.left), (c, fact.right)]
    need(all(type(s) is int and 1 < s <= MAX_SPLIT for s in split), "a literal axis of this size is not taken apart")
    given = iter(answers)

    def recorded(form: IndexForm, networks: Sequence[Network]) -> Groups:
        return next(given, ())

    need(not index_form(parts, frozenset(split), recorded)[0], "the two sides do not have the same index form")
    return goal


def _congruence(context: Term, hole: Atom, t: Theorem) -> Equation:
    """Equals may replace equals inside any term: a = b gives C[a] = C[b]."""
    fact = _equal(t)
    return Equation(*(Substitution(atoms=[(hole, side)])(context) for side in (fact.left, fact.right)))


def _cut(t: Theorem, proof: Theorem) -> Any:
    """A hypothesis that is proved is no longer assumed."""
    need(proof.conclusion in t.hypotheses, "what is proved is not a hypothesis")
    return t.conclusion, (t.hypotheses - {proof.conclusion}) | proof.hypotheses


def _instance(t: Theorem, axes: Any, numbers: Any, atoms: Any, functions: Any) -> Any:
    """A theorem holds for every value of its symbols, so it holds for these."""
    to = Substitution(axes, numbers, atoms, functions)
    return to(t.conclusion), frozenset(map(to, t.hypotheses))


# ---- the rules: numbers ------------------------------------------------------------------------------


def _arithmetic(left: Scalar, relation: str, right: Scalar, uses: tuple[tuple[Number, Theorem], ...]) -> Compare:
    """right - left is a combination of the facts used, and a rest that is 0 (for =) or never negative (for <=)."""
    rest = right - left
    for c, t in uses:
        fact = _numbers(t, "=", *(["<="] if relation == "<=" and never_negative(c) else []))
        rest = rest - scalar(c) * (fact.right - fact.left)
    need(is_zero(rest) if relation == "=" else never_negative(rest), f"{left} {relation} {right} does not follow")
    return Compare(left, relation, right)


def _antisymmetry(up: Theorem, down: Theorem) -> Compare:
    a, b = _numbers(up, "<=", "="), _numbers(down, "<=", "=")
    need((a.left, a.right) == (b.right, b.left), "two inequalities that do not face each other")
    return Compare(a.left, "=", a.right)


def _extreme_bound(kind: str, numbers: tuple[Scalar, ...], k: int) -> Compare:
    """min(...) <= each of them <= max(...)."""
    need(0 <= k < len(numbers), "no such number")
    sides = (extreme(kind, numbers), numbers[k])
    return Compare(sides[kind == "max"], "<=", sides[kind != "max"])


def _extreme_intro(kind: str, bounds: tuple[Theorem, ...]) -> Compare:
    """p <= each gives p <= min(...); each <= q gives max(...) <= q."""
    facts = [_numbers(t, "<=", "=") for t in bounds]
    one, many = ("left", "right") if kind == "min" else ("right", "left")
    need(len({getattr(f, one) for f in facts}) == 1, "the bounds are of different numbers")
    sides = (getattr(facts[0], one), extreme(kind, [getattr(f, many) for f in facts]))
    return Compare(sides[kind != "min"], "<=", sides[kind == "min"])


# ---- the rules: rank ---------------------------------------------------------------------------------


def _rank_equal(t: Theorem) -> Compare:
    return Compare(rank(_equal(t).left), "=", rank(_equal(t).right))


def _rank_sum(a: Sum) -> Compare:
    """Subadditivity; the zero matrix has rank 0."""
    need(isinstance(a, Sum), "subadditivity is about a sum")
    return Compare(rank(a), "<=", sum((rank(t) for _, t in a.parts), start=scalar(0)))


RANK_RULES: Mapping[str, Callable[..., Any]] = MappingProxyType({
    "rank-equal": _rank_equal,
    "rank-sum": _rank_sum,
    "rank-size": lambda a, k: Compare(rank(a), "<=", a.axes[bool(k)].size()),
    "rank-factor": lambda a, b, k: Compare(rank(matmul(a, b)), "<=", rank(b if k else a)),
    "rank-identity": lambda p: Compare(rank(identity(p)), "=", p.size()),
    "rank-kron": lambda a, b: Compare(rank(kron(a, b)), "=", rank(a) * rank(b)),
    # over the reals, A^T A x = 0 only if A x = 0
    "rank-gram": lambda a: Compare(rank(matmul(transpose(a), a)), "=", rank(a)),
    "rank-sylvester": lambda a, b: Compare(rank(a) + rank(b), "<=", rank(matmul(a, b)) + a.axes[1].size()),
    "rank-frobenius": lambda a, b, c: Compare(
        rank(matmul(a, b)) + rank(matmul(b, c)), "<=", rank(b) + rank(matmul(matmul(a, b), c))),
})  # fmt: skip


# ---- the rules: existence ----------------------------------------------------------------------------


def _exists_witness(s: Exists, witnesses: tuple[Term, ...], proofs: tuple[Theorem, ...]) -> Exists:
    """A witness mentions only what was declared before its quantifier."""
    need(names(*witnesses).isdisjoint(a.name for a in s.quantified()), "a witness mentions what is quantified after it")
    _free_of(s.quantified(), *proofs)
    to = Substitution(atoms=list(zip(s.unknowns, witnesses, strict=True)))
    need(to(s.equations) == tuple(t.conclusion for t in proofs), "another equation is proved")
    return s


def factorised(s: Statement) -> tuple[Term, Axis]:
    """For `exists U_i, V with A_i = U_i V`: the stack of the A_i, and the inner axis. Raises on any other form."""
    if not isinstance(s, Exists) or s.inner:
        raise CertificateError("this is not a factorisation with all its unknowns last")
    sides = tuple(e.left for e in s.equations)
    factors = [e.right.children() for e in s.equations]
    products = all(len(f) == 2 and e.right == matmul(*f) for e, f in zip(s.equations, factors, strict=True))
    need(products, "not A_i = U_i V")
    us, v = [f[0] for f in factors], factors[0][1]
    distinct = len({*us, v}) == len(us) + 1 and {f[1] for f in factors} == {v} and {*us, v} == set(s.unknowns)
    need(distinct, "not A_i = U_i V with distinct unknowns")
    need(names(*sides).isdisjoint(a.name for a in s.unknowns), "an unknown occurs outside its factor")
    return (sides[0] if len(sides) == 1 else Stack(sides, 0)), v.axes[0]


def _exists_rank(s: Exists, bound: Theorem, axiom: str) -> Any:
    """rank(stack of A_i) <= m gives A_i = U_i V through m rows, by a factorisation theorem of linear algebra."""
    stacked, m = factorised(s)
    need(axiom in ("svd", "rank-factorisation"), f"no such axiom: {axiom}")
    fact = _numbers(bound, "<=", "=")
    need((fact.left, fact.right) == (rank(stacked), m.size()), "the bound is on another rank")
    _free_of(s.unknowns, bound)
    return s, None, axiom


def _rank_of_exists(t: Theorem) -> Compare:
    stacked, m = factorised(t.conclusion)
    return Compare(rank(stacked), "<=", m.size())


def _iff(left: Statement, right: Statement, there: Theorem, back: Theorem) -> Any:
    need(there.conclusion == right and back.conclusion == left, "the two directions prove something else")
    return Iff(left, right), (there.hypotheses - {left}) | (back.hypotheses - {right})


def _iff_use(t: Theorem, given: Theorem) -> Statement:
    iff = t.conclusion
    if not isinstance(iff, Iff) or given.conclusion not in (iff.left, iff.right):
        raise CertificateError("neither side of an equivalence is proved")
    return iff.right if given.conclusion == iff.left else iff.left


def svd_facts(w: Term, u: Atom, s: Atom, v: Atom) -> tuple[Statement, ...]:
    """What `obtain U, S, V from svd(W)` gives: U and V orthonormal, S diagonal, W = U S V^T, k <= both sizes."""
    k = u.axes[1]
    eye = identity(k)
    diagonal = Einsum(((s, ((0,), (1,))), (eye, ((0,), (1,)))), ((0,), (1,)), (k, k))
    return (
        Equation(matmul(transpose(u), u), eye), Equation(matmul(transpose(v), v), eye), Equation(s, diagonal),
        Equation(w, matmul(matmul(u, s), transpose(v))),
        *(Compare(k.size(), "<=", w.axes[i].size()) for i in (0, 1)),
    )  # fmt: skip


def _svd(w: Term, u: Atom, s: Atom, v: Atom, which: int) -> Any:
    """Singular value decomposition, as an axiom: every real matrix has one, through a fresh size k."""
    facts = svd_facts(w, u, s, v)
    inner = u.axes[1].runs[0].heads[:1]
    fresh = all(k.low == 1 and k not in variables(w) and u.axes[1] == Axis.of(k) for k in inner)
    need(inner != () and fresh, "the inner size of an SVD is a fresh symbol")
    need(len({u.name, s.name, v.name} - names(w)) == 3, "U, S and V are fresh")
    need(0 <= which < len(facts), "no such fact")
    return facts[which], frozenset({facts[which]}), "svd"


RULES: Mapping[str, Callable[..., Any]] = MappingProxyType({
    "assume": lambda s: (s, frozenset({s})), "cut": _cut, "instance": _instance,
    "equation": _equation, "congruence": _congruence,
    "arithmetic": _arithmetic, "antisymmetry": _antisymmetry,
    "entry": lambda t: Compare(entry(_equal(t).left), "=", entry(_equal(t).right)),
    "extreme-bound": _extreme_bound, "extreme-intro": _extreme_intro, **RANK_RULES,
    "exists-witness": _exists_witness, "exists-rank": _exists_rank, "rank-of-exists": _rank_of_exists,
    "iff": _iff, "iff-use": _iff_use, "svd": _svd,
})  # fmt: skip
