"""Statements, and the rules by which theorems are made.

A theorem is a sequent: hypotheses |- conclusion, true for all sizes, all real tensors of the stated shapes
and all functions, together with the axioms of analysis that it used. `derive(rule, *arguments)` is the only
way to make one; it keeps the rule and its arguments, and that tree, as text, is the certificate. An object
proves nothing by itself, since Python can forge any object: trust `certificate.replay` in a fresh process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Union

from symbolic_mla.errors import CertificateError, ShapeError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.network import Groups, IndexForm, Network, index_form
from symbolic_mla.kernel.scalar import (
    Generator,
    Number,
    Scalar,
    Var,
    is_zero,
    never_negative,
    positive,
    scalar,
    substitute,
)
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term, subterms


@dataclass(frozen=True, slots=True)
class Rank(Generator):
    """The rank of a matrix over the reals: a number that statements may speak of."""

    term: Term

    def __post_init__(self) -> None:
        if len(self.term.axes) != 2:
            raise ShapeError(f"rank is of a matrix, and this has {len(self.term.axes)} axes")

    @property
    def key(self) -> str:  # type: ignore[override]
        return f"rank {self.term!r}"

    @property
    def sign(self) -> str:  # type: ignore[override]
        return "nonnegative"


@dataclass(frozen=True, slots=True)
class Extreme(Generator):
    """The least ("min") or greatest ("max") of some numbers."""

    kind: str
    of: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        if self.kind not in ("min", "max") or not self.of:
            raise ShapeError(f"no such extreme: {self.kind} of {len(self.of)}")

    @property
    def key(self) -> str:  # type: ignore[override]
        return f"{self.kind}({', '.join(map(str, self.of))})"

    @property
    def sign(self) -> str:  # type: ignore[override]
        return "nonnegative" if all(map(never_negative, self.of)) else "real"


@dataclass(frozen=True, slots=True)
class Equation:
    """Two tensors of the same axes are equal."""

    left: Term
    right: Term

    def __post_init__(self) -> None:
        Sum(((1, self.left), (1, self.right)), self.left.axes)  # raises where the axes differ


@dataclass(frozen=True, slots=True)
class Compare:
    """left <= right, or left = right, for numbers."""

    left: Scalar
    relation: str
    right: Scalar

    def __post_init__(self) -> None:
        if self.relation not in ("<=", "="):
            raise ShapeError(f"no such relation: {self.relation}")


@dataclass(frozen=True, slots=True)
class Exists:
    """There are `unknowns`, chosen before `inner`, such that for all `inner` the equations hold."""

    unknowns: tuple[Atom, ...]
    inner: tuple[Atom, ...]
    equations: tuple[Equation, ...]

    def __post_init__(self) -> None:
        names = [a.name for a in (*self.unknowns, *self.inner)]
        if not self.unknowns or not self.equations or len(set(names)) < len(names):
            raise ShapeError("an existence claim needs unknowns with distinct names, and an equation")


@dataclass(frozen=True, slots=True)
class Iff:
    """Each side follows from the other."""

    left: Statement
    right: Statement


Statement = Union[Equation, Compare, Exists, Iff]
_MINT = object()


class Theorem:
    """hypotheses |- conclusion. Made by `derive` alone."""

    __slots__ = ("axioms", "conclusion", "hypotheses", "proof")

    def __init__(self, mint: object, hypotheses: frozenset[Statement], axioms: frozenset[str],
                 conclusion: Statement, proof: tuple[Any, ...]) -> None:  # fmt: skip
        if mint is not _MINT:
            raise CertificateError("a theorem is made by a rule of the kernel, and not by hand")
        for name, value in zip(("hypotheses", "axioms", "conclusion", "proof"),
                               (hypotheses, axioms, conclusion, proof), strict=True):  # fmt: skip
            object.__setattr__(self, name, value)

    hypotheses: frozenset[Statement]
    axioms: frozenset[str]
    conclusion: Statement
    proof: tuple[Any, ...]

    def __setattr__(self, *_: object) -> None:
        raise AttributeError("a theorem does not change")

    def __reduce__(self) -> tuple[object, ...]:
        raise CertificateError("a theorem travels as its certificate")


def derive(rule: str, *arguments: Any) -> Theorem:
    """The theorem that a rule gives. Raises CertificateError or ShapeError where the rule does not apply."""
    if rule not in RULES:
        raise CertificateError(f"no such rule: {rule!r}")
    premises = list(_theorems(arguments))
    result = RULES[rule](*arguments)
    hypotheses: frozenset[Statement] = frozenset().union(*(t.hypotheses for t in premises))
    axioms: frozenset[str] = frozenset().union(*(t.axioms for t in premises))
    if isinstance(result, tuple):  # (conclusion, hypotheses or None for those of the premises, new axioms)
        conclusion, own, new = result
        hypotheses, axioms = hypotheses if own is None else own, axioms | new
    else:
        conclusion = result
    return Theorem(_MINT, hypotheses, axioms, conclusion, (rule, *arguments))


def _theorems(value: Any) -> Iterator[Theorem]:
    if isinstance(value, Theorem):
        yield value
    elif isinstance(value, tuple):
        for v in value:
            yield from _theorems(v)


def _need(condition: bool, message: str) -> None:
    if not condition:
        raise CertificateError(message)


# ---- notation that the rules speak in ----------------------------------------------------------------


def matmul(a: Term, b: Term) -> Term:
    """A B."""
    if len(a.axes) != 2 or len(b.axes) != 2:
        raise ShapeError("a product of matrices needs two axes each")
    return Einsum(((a, ((0,), (1,))), (b, ((1,), (2,)))), ((0,), (2,)), (a.axes[0], a.axes[1], b.axes[1]))


def transpose(a: Term) -> Term:
    """The transpose of a matrix."""
    return Einsum(((a, ((0,), (1,))),), ((1,), (0,)), a.axes)


def kron(a: Term, b: Term) -> Term:
    """The Kronecker product of two matrices, the first factor most significant."""
    return Einsum(((a, ((0,), (1,))), (b, ((2,), (3,)))), ((0, 2), (1, 3)), a.axes + b.axes)


def identity(p: Axis) -> Term:
    """The identity matrix of an axis."""
    return Einsum((), ((0,), (0,)), (p,))


def rank(term: Term) -> Scalar:
    """rank(term) as a number."""
    return scalar(Rank(term))  # type: ignore[arg-type]


def extreme(kind: str, numbers: Iterable[Number]) -> Scalar:
    """min(...) or max(...) as a number."""
    return scalar(Extreme(kind, tuple(map(scalar, numbers))))  # type: ignore[arg-type]


# ---- substitution ------------------------------------------------------------------------------------


class Substitution:
    """Dimensions by axes, scalars by numbers, symbols by terms, functions by functions, all at once."""

    def __init__(self, axes: Iterable[tuple[Var, Axis]] = (), numbers: Iterable[tuple[Var, Number]] = (),
                 atoms: Iterable[tuple[Atom, Term]] = (), functions: Iterable[tuple[str, str]] = ()) -> None:  # fmt: skip
        self.axes, self.numbers = dict(axes), dict(numbers)
        self.atoms, self.functions = dict(atoms), dict(functions)
        self._done: dict[int, tuple[Term, Term]] = {}
        for v, axis in self.axes.items():
            _need(v.sign == "dimension" and never_negative(axis.size() - v.low), f"{axis} may be less than {v.low}")
        for v, n in self.numbers.items():
            known = {"positive": positive, "nonnegative": never_negative}.get(v.sign, lambda _: v.sign == "real")
            _need(known(n), f"{n} is not known to have the sign of {v.name}")
        for atom, t in self.atoms.items():
            _need(tuple(map(self.axis, atom.axes)) == t.axes, f"{atom.name} is replaced by a term of another shape")

    def axis(self, axis: Axis) -> Axis:
        if not self.axes:
            return axis
        total: Axis | None = None
        for count, heads, tail in axis.runs:
            part = Axis.of(count)
            for h in heads:
                part = part * self.axes.get(h, Axis.of(h))
            part = part * self.axis(tail) if tail else part
            total = part if total is None else total + part
        return total if total is not None else axis

    def number(self, n: Number) -> Number:
        def image(g: Generator) -> Number | None:
            if isinstance(g, Var):
                return self.axes[g].size() if g in self.axes else self.numbers.get(g)
            if isinstance(g, Rank):
                return rank(self.term(g.term))
            return extreme(g.kind, map(self.number, g.of)) if isinstance(g, Extreme) else None

        return substitute(n, image)

    def term(self, t: Term) -> Term:
        if id(t) not in self._done:
            self._done[id(t)] = (t, self._term(t))  # t is kept, so that its id stays its own
        return self._done[id(t)][1]

    def _term(self, t: Term) -> Term:
        axes = tuple(map(self.axis, t.axes))
        if isinstance(t, Atom):
            return self.atoms.get(t) or Atom(t.name, axes)
        if isinstance(t, Einsum):
            operands = tuple((self.term(o), p) for o, p in t.operands)
            return Einsum(operands, t.output, tuple(map(self.axis, t.labels)))
        if isinstance(t, Sum):
            return Sum(tuple((self.number(c), self.term(p)) for c, p in t.parts), axes)
        if isinstance(t, Stack):
            return Stack(tuple(map(self.term, t.parts)), t.axis)
        if isinstance(t, Block):
            return Block(self.term(t.term), t.axis, tuple(map(self.axis, t.blocks)), t.which)
        if isinstance(t, Pick):
            return Pick(self.term(t.term), t.axis, t.index)
        if isinstance(t, Apply):
            return Apply(self.functions.get(t.function, t.function), self.term(t.term), t.positions)
        raise CertificateError(f"not a term of the kernel: {type(t).__name__}")

    def statement(self, s: Statement) -> Statement:
        if isinstance(s, Equation):
            return Equation(self.term(s.left), self.term(s.right))
        if isinstance(s, Compare):
            return Compare(scalar(self.number(s.left)), s.relation, scalar(self.number(s.right)))
        if isinstance(s, Iff):
            return Iff(self.statement(s.left), self.statement(s.right))
        own = {a.name for a in (*s.unknowns, *s.inner)}
        used = {a.name for a in self.atoms} | names(*self.atoms.values())
        _need(own.isdisjoint(used), "a quantified symbol would be captured")
        moved = [Atom(a.name, tuple(map(self.axis, a.axes))) for a in (*s.unknowns, *s.inner)]
        equations = tuple(Equation(self.term(e.left), self.term(e.right)) for e in s.equations)
        return Exists(tuple(moved[: len(s.unknowns)]), tuple(moved[len(s.unknowns) :]), equations)


def names(*terms: Term) -> set[str]:
    """The symbols and named positions that occur in terms."""
    found = list(subterms(*terms))
    return {t.name for t in found if isinstance(t, Atom)} | {t.index for t in found if isinstance(t, Pick)}


def terms_of(s: Statement) -> Iterator[Term]:
    """Every term that a statement speaks of, those under a rank included."""
    if isinstance(s, Equation):
        yield from (s.left, s.right)
    elif isinstance(s, Exists):
        yield from (*s.unknowns, *s.inner)
        for e in s.equations:
            yield from terms_of(e)
    elif isinstance(s, Iff):
        yield from (*terms_of(s.left), *terms_of(s.right))
    else:
        todo = [s.left, s.right]
        while todo:
            for g in todo.pop().generators():
                if isinstance(g, Rank):
                    yield g.term
                elif isinstance(g, Extreme):
                    todo += g.of


def _free_of(symbols: Sequence[Atom], *theorems: Theorem) -> None:
    """Raise if a hypothesis speaks of a symbol that the conclusion quantifies."""
    spoken = {n for t in theorems for h in t.hypotheses for n in names(*terms_of(h))}
    _need(spoken.isdisjoint(a.name for a in symbols), "a hypothesis speaks of a quantified symbol")


# ---- the rules: equations ----------------------------------------------------------------------------


def _assume(s: Statement) -> Any:
    return s, frozenset({s}), frozenset()


def _equation(left: Term, right: Term, uses: tuple[tuple[Number, Theorem], ...], split: tuple[int, ...],
              answers: tuple[Groups, ...]) -> Equation:  # fmt: skip
    """left - right is the sum of c * (a - b) over the equations a = b used: the two sides have one index form."""
    goal = Equation(left, right)
    parts: list[tuple[Number, Term]] = [(1, left), (-1, right)]
    for c, t in uses:
        _need(isinstance(t.conclusion, Equation), "an equation rests on equations")
        Sum(((c, t.conclusion.left),), left.axes)  # type: ignore[union-attr]
        parts += [(-1 * c, t.conclusion.left), (c, t.conclusion.right)]  # type: ignore[union-attr]
    given = iter(answers)

    def recorded(form: IndexForm, networks: Sequence[Network]) -> Groups:
        return next(given, ())

    rest, _ = index_form(parts, frozenset(split), recorded)
    _need(not rest, "the two sides do not have the same index form")
    return goal


def _congruence(context: Term, hole: Atom, t: Theorem) -> Equation:
    """Equals may replace equals inside any term: a = b gives C[a] = C[b]."""
    _need(isinstance(t.conclusion, Equation), "congruence is about an equation")
    a, b = t.conclusion.left, t.conclusion.right  # type: ignore[union-attr]
    return Equation(Substitution(atoms=[(hole, a)]).term(context), Substitution(atoms=[(hole, b)]).term(context))


def _instance(t: Theorem, axes: Any, numbers: Any, atoms: Any, functions: Any) -> Any:
    """A theorem holds for every value of its symbols, so it holds for these."""
    to = Substitution(axes, numbers, atoms, functions)
    return to.statement(t.conclusion), frozenset(map(to.statement, t.hypotheses)), frozenset()


# ---- the rules: numbers ------------------------------------------------------------------------------


def _numbers(t: Theorem, *relations: str) -> Compare:
    _need(isinstance(t.conclusion, Compare) and t.conclusion.relation in relations, "this rests on comparisons")
    return t.conclusion  # type: ignore[return-value]


def _arithmetic(left: Scalar, relation: str, right: Scalar, uses: tuple[tuple[Number, Theorem], ...]) -> Compare:
    """right - left is a combination of the facts used, and a rest that is 0 (for =) or never negative (for <=)."""
    rest = right - left
    for c, t in uses:
        fact = _numbers(t, "=", *(["<="] if relation == "<=" and never_negative(c) else []))
        rest = rest - scalar(c) * (fact.right - fact.left)
    _need(is_zero(rest) if relation == "=" else never_negative(rest), f"{left} {relation} {right} does not follow")
    return Compare(left, relation, right)


def _antisymmetry(up: Theorem, down: Theorem) -> Compare:
    a, b = _numbers(up, "<=", "="), _numbers(down, "<=", "=")
    _need((a.left, a.right) == (b.right, b.left), "two inequalities that do not face each other")
    return Compare(a.left, "=", a.right)


def _extreme_bound(kind: str, numbers: tuple[Scalar, ...], k: int) -> Compare:
    """min(...) <= each of them <= max(...)."""
    _need(0 <= k < len(numbers), "no such number")
    sides = (extreme(kind, numbers), numbers[k])
    return Compare(sides[kind == "max"], "<=", sides[kind != "max"])


def _extreme_intro(kind: str, bounds: tuple[Theorem, ...]) -> Compare:
    """p <= each gives p <= min(...); each <= q gives max(...) <= q."""
    facts = [_numbers(t, "<=", "=") for t in bounds]
    one, many = ("left", "right") if kind == "min" else ("right", "left")
    _need(len({getattr(f, one) for f in facts}) == 1, "the bounds are of different numbers")
    sides = (getattr(facts[0], one), extreme(kind, [getattr(f, many) for f in facts]))
    return Compare(sides[kind != "min"], "<=", sides[kind == "min"])


# ---- the rules: rank ---------------------------------------------------------------------------------


def _rank_size(a: Term, axis: int) -> Compare:
    return Compare(rank(a), "<=", a.axes[bool(axis)].size())


def _rank_equal(t: Theorem) -> Compare:
    _need(isinstance(t.conclusion, Equation), "equal matrices have equal rank")
    return Compare(rank(t.conclusion.left), "=", rank(t.conclusion.right))  # type: ignore[union-attr]


def _rank_factor(a: Term, b: Term, side: int) -> Compare:
    """rank(A B) <= rank A (side 0) and <= rank B (side 1)."""
    return Compare(rank(matmul(a, b)), "<=", rank(b if side else a))


def _rank_sum(a: Sum) -> Compare:
    """Subadditivity; the zero matrix has rank 0."""
    _need(isinstance(a, Sum), "subadditivity is about a sum")
    return Compare(rank(a), "<=", sum((rank(t) for _, t in a.parts), start=scalar(0)))


def _rank_identity(p: Axis) -> Compare:
    return Compare(rank(identity(p)), "=", p.size())


def _rank_kron(a: Term, b: Term) -> Compare:
    return Compare(rank(kron(a, b)), "=", rank(a) * rank(b))


def _rank_gram(a: Term) -> Compare:
    """Over the reals A^T A x = 0 only if A x = 0."""
    return Compare(rank(matmul(transpose(a), a)), "=", rank(a))


def _rank_sylvester(a: Term, b: Term) -> Compare:
    return Compare(rank(a) + rank(b), "<=", rank(matmul(a, b)) + a.axes[1].size())


def _rank_frobenius(a: Term, b: Term, c: Term) -> Compare:
    ab = matmul(a, b)
    return Compare(rank(ab) + rank(matmul(b, c)), "<=", rank(b) + rank(matmul(ab, c)))


# ---- the rules: existence ----------------------------------------------------------------------------


def _exists_witness(s: Exists, witnesses: tuple[Term, ...], proofs: tuple[Theorem, ...]) -> Exists:
    """A witness mentions only what was declared before its quantifier."""
    own = {a.name for a in (*s.unknowns, *s.inner)}
    _need(own.isdisjoint(names(*witnesses)), "a witness mentions what is quantified after it")
    _free_of((*s.unknowns, *s.inner), *proofs)
    to = Substitution(atoms=list(zip(s.unknowns, witnesses, strict=True)))
    _need(tuple(map(to.statement, s.equations)) == tuple(t.conclusion for t in proofs), "another equation is proved")
    return s


def factorised(s: Statement) -> tuple[Term, Axis]:
    """For `exists U_i, V with A_i = U_i V`: the stack of the A_i, and the inner axis. Raises on any other form."""
    _need(isinstance(s, Exists) and not s.inner, "this is not a factorisation with all its unknowns last")
    sides = [e.left for e in s.equations]  # type: ignore[union-attr]
    unknowns = s.unknowns  # type: ignore[union-attr]
    v = next((a for a in unknowns if all(_right_factor(e.right) == a for e in s.equations)), None)  # type: ignore[union-attr]
    us = tuple(_left_factor(e.right) for e in s.equations)  # type: ignore[union-attr]
    _need(v is not None and len({*us, v}) == len(us) + 1 and {*us, v} == set(unknowns), "not A_i = U_i V with distinct unknowns")
    _need({a.name for a in unknowns}.isdisjoint(names(*sides)), "an unknown occurs outside its factor")
    return (sides[0] if len(sides) == 1 else Stack(tuple(sides), 0)), v.axes[0]  # type: ignore[union-attr]


def _left_factor(t: Term) -> Term | None:
    return t.operands[0][0] if isinstance(t, Einsum) and len(t.operands) == 2 and t == matmul(*t.children()) else None


def _right_factor(t: Term) -> Term | None:
    return t.operands[1][0] if _left_factor(t) is not None and isinstance(t, Einsum) else None


def _exists_rank(s: Exists, bound: Theorem, axiom: str) -> Any:
    """rank(stack of A_i) <= m gives A_i = U_i V through m rows, by a factorisation theorem of linear algebra."""
    stacked, m = factorised(s)
    _need(axiom in ("svd", "rank-factorisation"), f"no such axiom: {axiom}")
    _need(_numbers(bound, "<=", "=") in (Compare(rank(stacked), "<=", m.size()), Compare(rank(stacked), "=", m.size())),
          "the bound is on another rank")  # fmt: skip
    _free_of(s.unknowns, bound)
    return s, None, frozenset({axiom})


def _rank_of_exists(t: Theorem) -> Compare:
    stacked, m = factorised(t.conclusion)
    return Compare(rank(stacked), "<=", m.size())


def _iff(left: Statement, right: Statement, there: Theorem, back: Theorem) -> Any:
    _need(there.conclusion == right and back.conclusion == left, "the two directions prove something else")
    return Iff(left, right), (there.hypotheses - {left}) | (back.hypotheses - {right}), frozenset()


def _iff_use(t: Theorem, given: Theorem) -> Statement:
    _need(isinstance(t.conclusion, Iff), "this is no equivalence")
    sides = {t.conclusion.left: t.conclusion.right, t.conclusion.right: t.conclusion.left}  # type: ignore[union-attr]
    _need(given.conclusion in sides, "neither side of the equivalence is proved")
    return sides[given.conclusion]


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
    run = u.axes[1].runs[0]
    _need(u.axes[1] == Axis.of(run.heads[0]) if run.heads else False, "the inner size of an SVD is a fresh symbol")
    _need(len({u.name, s.name, v.name} - names(w)) == 3, "U, S and V are fresh")
    _need(0 <= which < len(facts), "no such fact")
    return facts[which], frozenset({facts[which]}), frozenset({"svd"})


RULES: Mapping[str, Callable[..., Any]] = MappingProxyType({
    "assume": _assume, "equation": _equation, "congruence": _congruence, "instance": _instance,
    "arithmetic": _arithmetic, "antisymmetry": _antisymmetry,
    "extreme-bound": _extreme_bound, "extreme-intro": _extreme_intro,
    "rank-size": _rank_size, "rank-equal": _rank_equal, "rank-factor": _rank_factor, "rank-sum": _rank_sum,
    "rank-identity": _rank_identity, "rank-kron": _rank_kron, "rank-gram": _rank_gram,
    "rank-sylvester": _rank_sylvester, "rank-frobenius": _rank_frobenius,
    "exists-witness": _exists_witness, "exists-rank": _exists_rank, "rank-of-exists": _rank_of_exists,
    "iff": _iff, "iff-use": _iff_use, "svd": _svd,
})  # fmt: skip
