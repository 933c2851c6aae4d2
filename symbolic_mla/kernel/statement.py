"""Statements: what a theorem says. Equations of tensors, comparisons of numbers, existence, equivalence.

Here too are substitution, which all rules about instances rest on, and the few notations that rules speak in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from symbolic_mla.errors import CertificateError, ShapeError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import (
    Generator,
    Number,
    Scalar,
    Var,
    bounded,
    never_negative,
    positive,
    scalar,
    substitute,
)
from symbolic_mla.kernel.term import (
    Apply,
    Atom,
    Block,
    Einsum,
    Pick,
    Stack,
    Sum,
    Term,
    product,
    subterms,
    total,
)


def need(condition: bool, message: str) -> None:
    """Raise CertificateError unless a condition of a rule holds. (No `assert`: python -O drops those.)"""
    if not condition:
        raise CertificateError(message)


@dataclass(frozen=True, slots=True)
class Rank(Generator):
    """The rank of a matrix over the reals: a number that statements may speak of."""

    term: Term

    def __post_init__(self) -> None:
        if len(self.term.axes) != 2:
            raise ShapeError(f"rank is of a matrix, and this has {len(self.term.axes)} axes")

    @property
    def key(self) -> str:  # type: ignore[override]
        return _rank_key(self.term)

    @property
    def sign(self) -> str:  # type: ignore[override]
        return "nonnegative"


@lru_cache(maxsize=4096)
def _rank_key(term: Term) -> str:
    return f"rank {term!r}"


@dataclass(frozen=True, slots=True)
class Extreme(Generator):
    """The least ("min") or greatest ("max") of some numbers."""

    kind: str
    of: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        if self.kind not in ("min", "max") or not self.of:
            raise ShapeError(f"no such extreme: {self.kind} of {len(self.of)}")
        bounded(self.key)

    @property
    def key(self) -> str:  # type: ignore[override]
        return _extreme_text(self.kind, self.of)[0]

    @property
    def sign(self) -> str:  # type: ignore[override]
        return _extreme_text(self.kind, self.of)[1]


@lru_cache(maxsize=4096)
def _extreme_text(kind: str, of: tuple[Scalar, ...]) -> tuple[str, str]:
    return f"{kind}({', '.join(map(str, of))})", "nonnegative" if all(map(never_negative, of)) else "real"


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
        if any(type(e) is not Equation for e in self.equations):
            raise ShapeError("an existence claim is about equations")
        if not self.unknowns or not self.equations or len(set(names)) < len(names):
            raise ShapeError("an existence claim needs unknowns with distinct names, and an equation")
        bound = {a.name: a for a in (*self.unknowns, *self.inner)}
        inside = subterms(*(side for e in self.equations for side in (e.left, e.right)))
        if any(isinstance(t, Atom) and bound.get(t.name, t) != t for t in inside):
            raise ShapeError("a quantified symbol occurs with another shape")


@dataclass(frozen=True, slots=True)
class Iff:
    """Each side follows from the other. A side is no equivalence itself."""

    left: Statement
    right: Statement

    def __post_init__(self) -> None:
        if not all(type(s) in (Equation, Compare, Exists) for s in (self.left, self.right)):
            raise ShapeError("a side of an equivalence is an equation, a comparison or an existence claim")


Statement = Equation | Compare | Exists | Iff


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
    return scalar(Rank(term))


def extreme(kind: str, numbers: Iterable[Number]) -> Scalar:
    """min(...) or max(...) as a number."""
    return scalar(Extreme(kind, tuple(map(scalar, numbers))))


# ---- substitution ------------------------------------------------------------------------------------


class Substitution:
    """Dimensions by axes, scalars by numbers, symbols by terms, functions by functions, all at once."""

    def __init__(
        self, axes: Iterable[tuple[Var, Axis]] = (), numbers: Iterable[tuple[Var, Number]] = (),
        atoms: Iterable[tuple[Atom, Term]] = (), functions: Iterable[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        self.axes, self.numbers = dict(axes), dict(numbers)
        self.atoms, self.functions = dict(atoms), dict(functions)
        self._done: dict[int, tuple[Term, Term]] = {}
        for v, axis in self.axes.items():
            need(v.sign == "dimension" and never_negative(axis.size() - v.low), f"{axis} may be less than {v.low}")
        for v, n in self.numbers.items():
            known = v.sign == "real" or (v.sign == "positive" and positive(n)) or (
                v.sign == "nonnegative" and never_negative(n))  # fmt: skip
            need(known, f"{n} is not known to have the sign of {v.name}")
        for atom, t in self.atoms.items():
            need(tuple(map(self.axis, atom.axes)) == t.axes, f"{atom.name} is replaced by a term of another shape")

    def axis(self, axis: Axis) -> Axis:
        def run(count: int, heads: tuple[Var, ...], tail: Axis | None) -> Axis:
            factors = [self.axes.get(h, Axis.of(h)) for h in heads] + ([self.axis(tail)] if tail else [])
            return product([Axis.of(count), *factors])

        return total(run(*r) for r in axis.runs) if self.axes else axis

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
        need(own.isdisjoint(used), "a quantified symbol would be captured")
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
