"""The rules by which theorems are made; `laws` adopts more.

A theorem is a sequent: hypotheses |- conclusion, true for all sizes, all real tensors of the stated shapes
and all functions, together with the axioms of analysis that it used. `derive(rule, *arguments)` is the only
way to make one; it keeps the rule and its arguments, and that tree, as text, is the certificate. An object
proves nothing by itself, since Python can forge any object: trust `certificate.replay` in a fresh process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass
from types import MappingProxyType
from typing import Any

from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.network import Groups, IndexForm, Network, index_form
from symbolic_mla.kernel.node import TAG, Substitution, know, need
from symbolic_mla.kernel.scalar import Number, Scalar, is_zero, never_negative, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Sum, Term

MAX_SPLIT = 4096
_MINT = object()
_CONSTANTS: set[str] = set()  # functions of which a law says more than of any other


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Theorem:
    """hypotheses |- conclusion. Made by `derive` alone."""

    hypotheses: frozenset[Statement]
    axioms: frozenset[str]
    conclusion: Statement
    proof: tuple[Any, ...]
    premises: tuple[Theorem, ...]
    mint: InitVar[object] = None

    def __post_init__(self, mint: object) -> None:
        if mint is not _MINT:
            raise CertificateError("a theorem is made by a rule of the kernel, and not by hand")

    def __reduce__(self) -> tuple[object, ...]:
        raise CertificateError("a theorem travels as its certificate")


def derive(rule: str, *arguments: Any) -> Theorem:
    """The theorem that a rule gives. Raises CertificateError or ShapeError where the rule does not apply."""
    if rule not in RULES:
        raise CertificateError(f"no such rule: {rule!r}")
    premises = tuple(_theorems(arguments))
    result = RULES[rule](*arguments)
    # a rule gives a conclusion, or (conclusion, its hypotheses or None for those of the premises, new axioms)
    conclusion, own, *new = result if isinstance(result, tuple) else (result, None)
    need(isinstance(conclusion, Statement) and type(conclusion) in TAG, "a theorem says a statement")
    hypotheses = frozenset(h for t in premises for h in t.hypotheses) if own is None else own
    axioms = frozenset(a for t in premises for a in t.axioms).union(new)
    return Theorem(hypotheses, axioms, conclusion, (rule, *arguments), premises, _MINT)


def _theorems(values: tuple[Any, ...]) -> Iterator[Theorem]:
    """The theorems in nested tuples of any class, in order."""
    for v in values:
        if isinstance(v, (tuple, Theorem)):
            yield from [v] if isinstance(v, Theorem) else _theorems(v)


def equal(t: Theorem) -> Equation:
    need(isinstance(t.conclusion, Equation), "this rests on an equation")
    return t.conclusion  # type: ignore[return-value]


def compared(t: Theorem, *relations: str) -> Compare:
    need(isinstance(t.conclusion, Compare) and t.conclusion.relation in relations, "this rests on comparisons")
    return t.conclusion  # type: ignore[return-value]


# ---- the rules: equations ----------------------------------------------------------------------------


def _equation(left: Term, right: Term, uses: tuple[tuple[Number, Theorem], ...], split: tuple[int, ...],
              answers: tuple[Groups, ...]) -> Equation:  # fmt: skip
    """left - right is the sum of c * (a - b) over the equations a = b used: the two sides have one index form."""
    goal = Equation(left, right)
    parts: list[tuple[Number, Term]] = [(1, left), (-1, right)]
    for c, t in uses:
        fact = equal(t)
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
    fact = equal(t)
    return Equation(*(Substitution(atoms=[(hole, side)])(context) for side in (fact.left, fact.right)))


def _cut(t: Theorem, proof: Theorem) -> Any:
    """A hypothesis that is proved is no longer assumed."""
    need(proof.conclusion in t.hypotheses, "what is proved is not a hypothesis")
    return t.conclusion, (t.hypotheses - {proof.conclusion}) | proof.hypotheses


def _instance(t: Theorem, axes: Any, numbers: Any, atoms: Any, functions: Any) -> Any:
    """A theorem holds for every value of its symbols, so it holds for these."""
    to = Substitution(axes, numbers, atoms, functions)
    need(all(f == g or f not in _CONSTANTS for f, g in functions), "a law speaks of this function: it is no variable")
    return to(t.conclusion), frozenset(map(to, t.hypotheses))


# ---- the rules: numbers ------------------------------------------------------------------------------


def _arithmetic(left: Scalar, relation: str, right: Scalar, uses: tuple[tuple[Number, Theorem], ...]) -> Compare:
    """right - left is a combination of the facts used, and a rest that is 0 (for =) or never negative (for <=)."""
    rest = right - left
    for c, t in uses:
        fact = compared(t, "=", *(["<="] if relation == "<=" and never_negative(c) else []))
        rest = rest - scalar(c) * (fact.right - fact.left)
    need(is_zero(rest) if relation == "=" else never_negative(rest), f"{left} {relation} {right} does not follow")
    return Compare(left, relation, right)


_RULES: dict[str, Callable[..., Any]] = {
    "assume": lambda s: (s, frozenset({s})), "cut": _cut, "instance": _instance,
    "equation": _equation, "congruence": _congruence, "arithmetic": _arithmetic,
}  # fmt: skip
RULES: Mapping[str, Callable[..., Any]] = MappingProxyType(_RULES)


def adopt(rules: Mapping[str, Callable[..., Any]], *kinds: type, function: str = "") -> None:
    """Add the rules of a law, its kinds of numbers and statements (none may take the name of another), and the function
    that it speaks of."""
    need(RULES.keys().isdisjoint(rules), "a rule of this name is there")
    know(*kinds)
    _RULES.update(rules)
    _CONSTANTS.add(function)
