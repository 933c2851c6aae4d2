"""Verdicts of the prover held against `selftest.dense`, the evaluator that shares no code with it."""

from __future__ import annotations

from collections.abc import Mapping

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.algebra.occurring import subterms, variables
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import Substitution
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Atom, Pick, Term
from symbolic_mla.laws import replay
from symbolic_mla.prover.decide import Proved, Refuted, Undecided, Verdict, decide
from symbolic_mla.selftest.dense import World, dense, same
from symbolic_mla.selftest.instances import fits, world_of


def named_apart(*terms: Term) -> tuple[Term, ...]:
    """The terms with one name for each symbol and shape, and for each position and size, as a document has them."""
    found = list(subterms(*terms))
    atoms = {t for t in found if isinstance(t, Atom)}
    shapes: dict[str, list[Atom]] = {}
    for a in sorted(atoms, key=repr):
        shapes.setdefault(a.name, []).append(a)
    to = Substitution(atoms=[(a, Atom(f"{a.name}{k}", a.axes)) for own in shapes.values() for k, a in enumerate(own)])
    return tuple(to(t) for t in terms)


def one_position_each(*terms: Term) -> bool:
    """Whether each named position has one size."""
    sizes: dict[str, set[Var]] = {}
    for t in subterms(*terms):
        if isinstance(t, Pick):
            sizes.setdefault(t.index, set()).add(t.size())
    return all(len(own) == 1 for own in sizes.values())


def differs(left: Term, right: Term, w: World) -> bool | None:
    """Whether two terms differ in a world; None where they are too large to say."""
    return None if not fits(w, left, right) else not same(dense(left, w), dense(right, w))


def judge(left: Term, right: Term, seeds: range = range(4)) -> Verdict:
    """Decide left = right, and hold the verdict against the naive evaluator.

    A proved one may differ in no world and must replay as it is; a refuted one must differ in the world of its
    counterexample; and without inverses and hypotheses nothing may be left undecided.
    """
    verdict = decide(Equation(left, right))
    if isinstance(verdict, Proved):
        t = verdict.theorem
        assert t.conclusion == Equation(left, right)
        assert not t.hypotheses
        assert not t.axioms
        for seed in seeds:
            w = World({v: 1 + (seed + k) % 3 for k, v in enumerate(sorted(_dims(left, right), key=str))}, seed)
            assert not differs(left, right, w), f"proved, and different at {w.sizes}"
        (again,) = replay(certificate(t))
        assert (again.conclusion, again.hypotheses, again.axioms) == (t.conclusion, t.hypotheses, t.axioms)
    elif isinstance(verdict, Refuted):
        assert differs(left, right, world_of(verdict.counterexample, left, right)) is not False
    return verdict


def _dims(*terms: Term) -> set[Var]:
    return {v for v in variables(*terms) if v.sign == "dimension"}


def decided(verdict: Verdict) -> bool:
    """Proved or refuted; *undecided* only where a stated budget ran out."""
    if isinstance(verdict, Undecided):
        assert "budget" in verdict.reason or "limit" in verdict.reason or "more than" in verdict.reason, verdict.reason
        return False
    return True


def literal(term: Term, sizes: Mapping[str, int]) -> Term:
    """A term at literal sizes."""
    axes = [(v, Axis.of(sizes[v.name])) for v in _dims(term)]
    return Substitution(axes=axes)(term)
