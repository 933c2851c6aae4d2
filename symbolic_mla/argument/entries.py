"""The entries of terms, in the entries of the unknowns, at inputs that change from move to move.

What depends on nothing that changed is kept, and equal subterms are multiplied out once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from types import MappingProxyType

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.argument.bases import Rows
from symbolic_mla.argument.facts import Clause, Facts
from symbolic_mla.argument.functions import Normalize, softmax
from symbolic_mla.argument.values import Value, lift, unknown
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.instance.evaluate import Instance, Tensor
from symbolic_mla.kernel.scalar import Root, Var, scalar
from symbolic_mla.kernel.term import Atom, Sum, Term

NO_INPUTS: Mapping[Atom, Term] = MappingProxyType({})


class Known:
    """What the facts without alternatives say of a value, by linear combinations."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.count = 0  # of these facts, which are only ever added to, when they were looked at
        self._rows = Rows.over(())

    def look(self) -> int:
        """Take in what was added. The number of facts that are known."""
        sure = self.facts.sure
        if self.count < len(sure):
            self.count = len(sure)
            entries = [Value([((m, ()), 1)]) for v in sure for m, _ in v.terms if len(m) == 1]
            self._rows = Rows.over([*sure, *entries])
            for v in sure:
                self._rows.add(self._rows.row(v))
        return self.count

    def __call__(self, v: Value) -> Value:
        self.look()
        if not all(m in self._rows.places for m, _ in v.terms):
            return v
        row = self._rows.row(v)
        reduced = self._rows.reduce(row)
        return v if reduced is row else self._rows.value(reduced)


class Entries:
    """The entries of terms whose symbols are unknowns and inputs. What is known of unknowns is put in; roots of
    numbers, and lengths that are divided by, become facts."""

    def __init__(self, unknowns: Sequence[Atom], facts: Facts) -> None:
        self.unknowns = frozenset(unknowns)
        self.facts = facts
        self.known = Known(facts)
        normalize = Normalize(facts)
        self._instance = Instance({}, functions={"softmax": lambda _, row: softmax(row),
                                                 "normalize": lambda _, row: normalize(row)}, lift=lift)  # fmt: skip
        self._symbols: dict[Atom, tuple[int, Tensor]] = {}  # of an unknown, when so many facts were known
        self._atoms: dict[Term, list[Atom]] = {}
        self._same: dict[Term, Term] = {}  # of equal terms the first one
        self._inside: dict[int, tuple[Term, frozenset[str]]] = {}  # the symbols inside; it keeps the term
        self._found: dict[int, tuple[Term, Tensor]] = {}

    def of(self, term: Term, inputs: Mapping[Atom, Term] = NO_INPUTS) -> Tensor:
        """The entries of a term at inputs, row after row. Raises: UnsupportedError where it mentions what is neither an
        unknown nor an input; KeyError where it mentions a symbol of a size that is no number."""
        if term not in self._atoms:
            self._atoms[term] = self._met(term)
        for atom in self._atoms[term]:
            if atom in inputs:
                given = self.of(inputs[atom])
            elif atom in self.unknowns:
                given = self._entries(atom)
            else:
                raise UnsupportedError(f"{atom.name} has no value in this argument")
            self._put(atom.name, given)
        return self._value(term)

    def _met(self, term: Term) -> list[Atom]:
        """The symbols inside a term that was not seen before. Its scalars stand for themselves."""
        found = list(subterms(term))
        for number in (scalar(c) for t in found if isinstance(t, Sum) for c, _ in t.parts):
            for g in sorted(number.generators(), key=lambda g: g.key):
                if isinstance(g, Root):
                    self.facts.add(Clause.of([lift(scalar(g)) * lift(scalar(g)) - lift(g.radicand)]))
                elif isinstance(g, Var) and g.sign != "dimension":
                    self._instance.numbers[g.name] = scalar(g)
        return [t for t in found if isinstance(t, Atom)]

    def _entries(self, atom: Atom) -> Tensor:
        """The entries of an unknown."""
        count = self.known.look()
        seen, tensor = self._symbols.get(atom, (-1, None))
        if tensor is None or seen != count:
            shape = self._instance.shape(atom.axes)
            tensor = Tensor(shape, tuple(self.known(unknown(f"{atom.name}[{place}]")) for place in _places(shape)))
            self._symbols[atom] = count, tensor
        return tensor

    def _put(self, name: str, tensor: Tensor) -> None:
        """Give a symbol its entries."""
        if self._instance.tensors.get(name) != tensor:
            self._instance.tensors[name] = tensor
            for key in [k for k in self._found if name in self._inside[k][1]]:
                del self._found[key]

    def _value(self, term: Term) -> Tensor:
        if id(term) not in self._found:
            same = self._same.setdefault(term, term)
            if same is term:
                for t in term.children():
                    self._value(t)
                self._instance.value(term, self._found)  # puts it there
            else:
                self._found[id(term)] = term, self._value(same)
            if id(term) not in self._inside:
                below = (self._inside[id(t)][1] for t in same.children())
                own = {term.name} if isinstance(term, Atom) else ()
                self._inside[id(term)] = term, frozenset(own).union(*below)
        return self._found[id(term)][1]


def _places(shape: Sequence[int]) -> Iterator[str]:
    return (", ".join(map(str, place)) for place in product(*map(range, shape)))
