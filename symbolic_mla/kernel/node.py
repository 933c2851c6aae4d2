"""Every value of the kernel is a node: a tag, and what it is made of.

The search for what occurs in a value, substitution and certificates are walks over the one table of tags.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.axis import Axis, product, total
from symbolic_mla.kernel.network import Member
from symbolic_mla.kernel.scalar import Number, Root, Scalar, Var, never_negative, number, positive
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term, given


def _number(*terms: Any) -> Scalar:
    """A number from its monomials; a dimension may have been replaced by an axis."""
    return number((c, [(g.size() if isinstance(g, Axis) else g, e) for g, e in powers]) for c, powers in terms)


def _axis(*runs: Any) -> Axis:
    """An axis from its runs; a dimension may have been replaced by an axis."""
    def factors(count: int, heads: tuple[Var | Axis, ...], tail: Axis | None) -> Iterable[Axis]:
        return (Axis.of(count), *(h if isinstance(h, Axis) else Axis.of(h) for h in heads), *([tail] if tail else []))

    return total(product(factors(*run)) for run in runs)


# tag: the class of a value, and how it is made; nothing that is written is taken for normal
_NODES: dict[str, tuple[type, Callable[..., Any]]] = {
    "number": (Scalar, _number), "axis": (Axis, _axis), "member": (Member, Member)}  # fmt: skip
_TAG: dict[type, str] = {kind: tag for tag, (kind, _) in _NODES.items()}
# what the maker of a node is given
_MADE_OF: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    Scalar: lambda v: tuple([(c, m) for m, c in v.terms.items()]), Member: tuple,
    Axis: lambda v: tuple([(r.count, r.heads, r.tail or 0) for r in v.runs])}  # fmt: skip
NODES: Mapping[str, tuple[type, Callable[..., Any]]] = MappingProxyType(_NODES)
TAG: Mapping[type, str] = MappingProxyType(_TAG)


def know(*kinds: type) -> None:
    """Add kinds of values, each made by its constructor from what `made_of` says of it."""
    for kind in kinds:
        tag = kind.__name__.lower()
        need(tag not in (*NODES, "by"), f"a node {tag} is there")
        _NODES[tag], _TAG[kind], _MADE_OF[kind] = (kind, kind), tag, given(kind)
        copyreg.pickle(kind, lambda v: (type(v), made_of(v)))  # pickled without its hash, which is of one process


def made_of(v: Any) -> tuple[Any, ...]:
    """What the maker of a node is given."""
    return _MADE_OF[type(v)](v)


def nodes(*values: Any) -> Iterator[Any]:
    """Every node inside some values, each once."""
    seen: set[int] = set()
    todo: list[Any] = [values]
    while todo:
        v = todo.pop()
        if type(v) in TAG and id(v) not in seen:
            seen.add(id(v))
            yield v
            # an einsum's labels are many, and hold no node
            todo += reversed((*v.children(), *v.labels) if type(v) is Einsum else made_of(v))
        elif type(v) is tuple:
            todo += reversed(v)


def names(*values: Any) -> set[str]:
    """The symbols and named positions that occur in terms and statements."""
    return {v.name if isinstance(v, Atom) else v.index for v in nodes(*values) if isinstance(v, (Atom, Pick))}


def need(condition: bool, message: str) -> None:
    """Raise CertificateError unless a condition of a rule holds. (No `assert`: python -O drops those.)"""
    if not condition:
        raise CertificateError(message)


copyreg.pickle(Scalar, lambda v: (_number, made_of(v)))
copyreg.pickle(Axis, lambda v: (_axis, made_of(v)))
know(Var, Root, Atom, Einsum, Sum, Stack, Block, Pick, Apply, Equation, Compare)


class Substitution:
    """Dimensions by axes, scalars by numbers, symbols by terms, functions by functions: call it on a value."""

    def __init__(
        self, axes: Iterable[tuple[Var, Axis]] = (), numbers: Iterable[tuple[Var, Number]] = (),
        atoms: Iterable[tuple[Atom, Term]] = (), functions: Iterable[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        self.axes, self.numbers = dict(axes), dict(numbers)
        self.atoms, self.functions = dict(atoms), dict(functions)
        self._done: dict[Any, Any] = {}
        for v, axis in self.axes.items():
            need(v.sign == "dimension" and never_negative(axis.size() - v.low), f"{axis} may be less than {v.low}")
        for v, n in self.numbers.items():
            known = v.sign == "real" or (v.sign == "positive" and positive(n)) or (
                v.sign == "nonnegative" and never_negative(n))  # fmt: skip
            need(known, f"{n} is not known to have the sign of {v.name}")
        for atom, t in self.atoms.items():
            need(self(atom.axes) == t.axes, f"{atom.name} is replaced by a term of another shape")

    def __call__(self, v: Any) -> Any:
        if type(v) is not tuple and type(v) not in TAG:
            return v
        if v not in self._done:
            self._done[v] = tuple(map(self, v)) if type(v) is tuple else self._image(v)
        return self._done[v]

    def _image(self, v: Any) -> Any:
        if isinstance(v, Var):
            return self.axes.get(v, self.numbers.get(v, v))
        if isinstance(v, Atom) and v in self.atoms:
            return self.atoms[v]
        if isinstance(v, Statement) and v.quantified():
            used = {a.name for a in self.atoms} | names(*self.atoms.values())
            need(used.isdisjoint(a.name for a in v.quantified()), "a quantified symbol would be captured")
        made = self(made_of(v))
        if isinstance(v, Apply):
            made = (self.functions.get(v.function, v.function), *made[1:])
        return NODES[TAG[type(v)]][1](*made)
