"""Both sides of an equation as they are written, network by network, and which atom of one is which of the other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count

from symbolic_mla.kernel.axis import Axis, Index
from symbolic_mla.kernel.network import IndexForm, Network, rename
from symbolic_mla.kernel.scalar import Number, is_zero, scalar
from symbolic_mla.kernel.term import Term
from symbolic_mla.prover.matching import Matcher
from symbolic_mla.prover.sides import taken_apart, written_out
from symbolic_mla.report.graph import Path

Numbers = dict[Path, int]
"""The number of an atom: matched atoms have the same, an atom without a partner has none."""


@dataclass(frozen=True)
class Half:
    """One side of a pair: how often a network occurs there, and the network as that side writes it first."""

    coefficient: Number
    network: Network | None
    numbers: Numbers


@dataclass(frozen=True)
class Pair:
    """One class of networks, at one choice of block for each axis."""

    at: tuple[Index, ...]
    left: Half
    right: Half

    @property
    def agrees(self) -> bool:
        return is_zero(scalar(self.left.coefficient) - self.right.coefficient)


@dataclass(frozen=True)
class Pairs:
    """An equation: its axes, the form that its edges belong to, and its classes."""

    axes: tuple[Axis, ...]
    form: IndexForm
    pairs: tuple[Pair, ...]


def pairs(left: Term, right: Term, split: Collection[int] = ()) -> Pairs:
    """The networks of both sides, matched. `split` are the literal axes that a proof takes apart.

    Raises: BudgetError where the networks are too many.
    """
    return taken_apart(split, lambda literals: _pairs(left, right, literals))


def _pairs(left: Term, right: Term, split: frozenset[int]) -> Pairs:
    matcher = Matcher()
    form = IndexForm(split, matcher)
    found: list[Pair] = []
    for at, sides in written_out(form, left, right):
        found += _matched(form, matcher, at, sides)
    return Pairs(left.axes, form, tuple(found))


def _matched(
    form: IndexForm, matcher: Matcher, at: tuple[Index, ...], sides: Sequence[Sequence[Network]]
) -> list[Pair]:
    own, others = (_like(form, matcher, side) for side in sides)
    out = []
    for n in own:
        partner = next(((m, how) for m in others if (how := correspondence(form, matcher, n, m)) is not None), None)
        numbers = count(1)
        if partner is None:
            out.append(Pair(at, Half(n.coef, n, {}), Half(0, None, {})))
            continue
        m, how = partner
        others.remove(m)
        given = {path: next(numbers) for path in sorted(how.values())}
        theirs = {path: given[image] for path, image in how.items()}
        out.append(Pair(at, Half(n.coef, n, given), Half(m.coef, m, theirs)))
    return out + [Pair(at, Half(0, None, {}), Half(m.coef, m, {})) for m in others]


def _like(form: IndexForm, matcher: Matcher, networks: Sequence[Network]) -> list[Network]:
    """The networks of a side, like ones once."""
    out: list[Network] = []
    for n in networks:
        for k, m in enumerate(out):
            if matcher.isomorphism(form, m, n) is not None:
                out[k] = m._replace(coef=scalar(m.coef) + n.coef)
                break
        else:
            out.append(n)
    return [n for n in out if not is_zero(n.coef)]


def correspondence(form: IndexForm, matcher: Matcher, first: Network, other: Network) -> dict[Path, Path] | None:
    """For each atom of `other`, inside the arguments of functions too, its image in `first`; None: not isomorphic."""
    found = matcher.isomorphism(form, first, other)
    if found is None:
        return None
    edges, boxes = found
    free: dict[object, list[int]] = {}
    for k, atom in enumerate(first.atoms):
        free.setdefault(atom, []).append(k)
    out: dict[Path, Path] = {}
    for k, (label, coords) in enumerate(other.atoms):
        out[(k,)] = (free[(label, tuple(edges.get(e, e) for e in coords))].pop(0),)
    for b, (k, _) in enumerate(boxes):
        (moved,) = rename(Network(1, (), (), (), (other.boxes[b],)), edges).boxes
        for c, ((bound, mine), (target, theirs)) in enumerate(zip(moved.cells, first.boxes[k].cells, strict=True)):
            inner = _argument(form, matcher, [rename(m, dict(zip(bound, target, strict=True))) for m in mine], theirs)
            out |= {(b, c, *path): (k, c, *image) for path, image in inner.items()}
    return out


def _argument(
    form: IndexForm, matcher: Matcher, mine: Sequence[Network], theirs: Sequence[Network]
) -> dict[Path, Path]:
    """The atoms of one argument matched, network by network."""
    out: dict[Path, Path] = {}
    left = list(range(len(theirs)))
    for k, m in enumerate(mine):
        for j in left:
            how = correspondence(form, matcher, theirs[j], m)
            if how is not None:
                out |= {(k, *path): (j, *image) for path, image in how.items()}
                left.remove(j)
                break
    return out
