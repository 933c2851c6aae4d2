"""Two engines on one statement: the verdict of the index form, and this engine's at explicit sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from symbolic_mla.algebra.occurring import subterms, terms_of
from symbolic_mla.errors import CertificateError, SymbolicMLAError, UnsupportedError
from symbolic_mla.exact.explicit import at_text, first_difference
from symbolic_mla.exact.explicit_rank import rank_in
from symbolic_mla.exact.models import meet
from symbolic_mla.exact.monomials import to_expression
from symbolic_mla.exact.numbers import holds_generically, rank_bounds, variables_of
from symbolic_mla.exact.sizes import fitting
from symbolic_mla.exact.world import NAMED, World, everywhere
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.rank import factorised

FIRST, SECOND = "the index form", "SymPy at explicit sizes"

Values = tuple[tuple[str, object], ...]


class EnginesDisagreeError(SymbolicMLAError):
    """Two engines gave different answers: one of them is wrong, and nothing that they say is to be trusted."""

    kind = "disagreement"


@dataclass(frozen=True)
class Agrees:
    """At these sizes both engines say the same."""

    values: Values
    what: str

    def __str__(self) -> str:
        return f"at {at_text(dict(self.values))}: {self.what}"


@dataclass(frozen=True)
class Disagreement:
    """At these sizes the engines contradict each other."""

    values: Values
    what: str

    def __str__(self) -> str:
        return f"{self.what} (at {at_text(dict(self.values))})"


@dataclass(frozen=True)
class NotCompared:
    """At these sizes this engine has no answer, and why."""

    values: Values
    why: str

    def __str__(self) -> str:
        return f"not compared at {at_text(dict(self.values))}: {self.why}"


Result = Agrees | Disagreement | NotCompared


@dataclass(frozen=True)
class CrossCheck:
    """The results at each of the sizes, in order."""

    results: tuple[Result, ...]

    @property
    def agreed(self) -> bool:
        """Whether the engines agree at some sizes and contradict each other at none."""
        return any(isinstance(r, Agrees) for r in self.results) and self.disagreement is None

    @property
    def disagreement(self) -> Disagreement | None:
        """The first contradiction."""
        return next((r for r in self.results if isinstance(r, Disagreement)), None)

    def require(self) -> None:
        """Raise EnginesDisagreeError if there is a contradiction."""
        if self.disagreement is not None:
            raise EnginesDisagreeError(
                str(self.disagreement), hint="this is a bug: please report the derivation and these sizes"
            )

    def __str__(self) -> str:
        return "\n".join(map(str, self.results))


def crosscheck(
    statement: Statement,
    sizes: Iterable[Mapping[str, object]],
    *,
    verdict: Literal["proved", "refuted"] = "proved",
    hypotheses: Sequence[Statement] = (),
    dims: Mapping[str, Axis] | None = None,
) -> CrossCheck:
    """Check the verdict of the index form on a statement against this engine, at each of these sizes.

    A proved equation has to hold entry by entry; a proved comparison has to hold of the generic ranks; a proved
    factorisation has to have the rank for it. A refuted equation has to fail at the sizes of its counterexample,
    which are then the ones to give. `hypotheses` are met by tensors of their own (orthonormal, inverse,
    symmetric, defined); where one cannot be met so, nothing is compared. `dims`: as `explicit_text`.

    Raises:
        InputError, BudgetError: as `explicit`.

    >>> from symbolic_mla.algebra import as_axis, identity, matmul, tile
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> n, p = as_axis(Var("n")), as_axis(Var("p"))
    >>> W = Atom("W", (p, p))
    >>> print(crosscheck(Equation(tile(W, n), matmul(tile(identity(p), n), W)), [{"n": 1, "p": 2}, {"n": 2, "p": 2}]))
    at n = 1, p = 2: equal in 4 entries
    at n = 2, p = 2: equal in 8 entries
    >>> crosscheck(Equation(matmul(W, W), W), [{"p": 2}]).require()
    Traceback (most recent call last):
    symbolic_mla.exact.crosscheck.EnginesDisagreeError: proved by the index form; SymPy at explicit sizes finds \
that entry (0, 0) is W_0_0**2 + W_0_1*W_1_0 on the left and W_0_0 on the right (at p = 2)
      try: this is a bug: please report the derivation and these sizes
    """
    terms = [t for s in (statement, *hypotheses) for t in terms_of(s)]
    also = variables_of(statement, *hypotheses)
    results: list[Result] = []
    for values in sizes:
        chosen = dict(values) if dims is None else fitting(terms, values, dims, also)
        results.append(_at(statement, hypotheses, chosen, verdict))
    return CrossCheck(tuple(results))


def _at(s: Statement, hypotheses: Sequence[Statement], values: dict[str, object], verdict: str) -> Result:
    terms = [t for statement in (s, *hypotheses) for t in terms_of(statement)]
    also = variables_of(s, *hypotheses)
    found: list[Result] = []
    for chosen in everywhere(terms, values, also):
        world = World.of(terms, chosen, also)
        key = tuple(chosen.items())
        try:
            open_because = meet(hypotheses, world)
            found.append(NotCompared(key, open_because) if open_because else _one(s, world, key, verdict))
        except UnsupportedError as error:
            found.append(NotCompared(key, error.message))
    worst = next((r for kind in (Disagreement, NotCompared) for r in found if isinstance(r, kind)), found[0])
    if verdict == "refuted" and isinstance(s, Equation) and isinstance(worst, Disagreement):
        return next((r for r in found if isinstance(r, Agrees)), worst)  # it has to fail at one position
    return worst if not isinstance(worst, Agrees) else Agrees(tuple(values.items()), worst.what)


def _one(s: Statement, world: World, key: Values, verdict: str) -> Result:
    if isinstance(s, Equation):
        return _equation(s, world, key, verdict)
    if verdict != "proved":
        return NotCompared(key, "only equations are refuted at explicit sizes")
    if isinstance(s, Compare):
        true, left, right = holds_generically(s, world, rank_bounds(s, world))
        return _told(true, f"{left} {s.relation} {right}, for the generic ranks", key)
    if isinstance(s, Exists):
        return _existence(s, world, key)
    if isinstance(s, Iff):
        return NotCompared(key, "an equivalence is of special matrices, and these are generic")
    raise UnsupportedError(f"{type(s).__name__} has no explicit form")


def _equation(s: Equation, world: World, key: Values, verdict: str) -> Result:
    left, right = world.value(s.left), world.value(s.right)
    found = first_difference(world, left, right)
    if found is None:
        count = 1
        for size in left.shape:
            count *= size
        what = f"equal in {count} entries"
        refuted = f"refuted by {FIRST}; {SECOND} finds it {what}"
        return Disagreement(key, refuted) if verdict == "refuted" else Agrees(key, what)
    index, a, b = found
    place = f"entry {index}" if index else "the value"
    what = f"{place} is {to_expression(a)} on the left and {to_expression(b)} on the right"
    named = {t.function for t in subterms(s.left, s.right) if isinstance(t, Apply)} & set(NAMED)
    if named:
        return NotCompared(key, f"{sorted(named)[0]} has laws of its own, and is any function here")
    if verdict == "refuted":
        return Agrees(key, what)
    return Disagreement(key, f"proved by {FIRST}; {SECOND} finds that {what}")


def _existence(s: Exists, world: World, key: Values) -> Result:
    try:
        stacked, inner = factorised(s)
    except CertificateError:
        return NotCompared(key, "this existence claim is not through rank")
    bounds, limit = rank_in(world, stacked), world.size(inner)
    if bounds.lower > limit:
        return _told(False, f"the rank is {bounds.lower}, at least, and the inner size {limit}", key)
    return _told(True if bounds.upper <= limit else None, f"the rank is {bounds.upper}, at most {limit}", key)


def _told(true: bool | None, what: str, key: Values) -> Result:
    if true is None:
        return NotCompared(key, f"open here: {what}")
    return Agrees(key, what) if true else Disagreement(key, f"proved by {FIRST}; {SECOND} finds {what}: false")
