"""What a script declares: index types (sorts), symbols, functions and numbers, each with its Coq name.

A sort is a dimension symbol or the size of a literal axis. An atom of a network is a symbol together with the
runs that its axes are in; a function, likewise, with the axis that it acts on.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from symbolic_mla.errors import UnsupportedError
from symbolic_mla.kernel.axis import Axis, Index, NeedSplit
from symbolic_mla.kernel.network import Label
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, Var, scalar
from symbolic_mla.kernel.term import Atom

Sort = Var | int
WORDS = """as at cofix else end exists exists2 fix for forall fun if in let match return then using where with
Definition Lemma Theorem Prop Set Type R F O S I is of nat unit bool inl inr tt rk val env get minn maxn srt df atv
fsg fnv fnv_ext cst rels rels0 dec start check one ord sig pair fst snd big isT erefl conj"""
RESERVED = frozenset(WORDS.split())


@dataclass(frozen=True)
class Inverse(Generator):
    """The inverse of a number that has one."""

    of: Scalar

    @property
    def key(self) -> str:  # type: ignore[override]
        return f"1/({self.of})"

    @property
    def sign(self) -> str:  # type: ignore[override]
        return "positive"


@dataclass
class Names:
    """The declarations of one script, in the order in which they were met."""

    split: frozenset[int]
    sorts: list[Sort] = dataclasses.field(default_factory=list)
    symbols: list[Atom] = dataclasses.field(default_factory=list)
    kinds: dict[Label, str] = dataclasses.field(default_factory=dict)  # by function and axes
    numbers: list[Generator] = dataclasses.field(default_factory=list)
    picks: dict[tuple[str, Var], str] = dataclasses.field(default_factory=dict)
    used: dict[str, str] = dataclasses.field(default_factory=dict)
    hidden: set[str] = dataclasses.field(default_factory=set)
    field: str = "comRingType"  # fieldType where rank occurs; realFieldType for Gram matrices

    def name(self, text: str) -> str:
        """A Coq identifier for a name, the same for the same name and another for another one."""
        if text in self.used:
            return self.used[text]
        base = re.sub(r"\W", "_", text.split(" ", 1)[-1], flags=re.ASCII).strip("_") or "x"
        base = f"v_{base}" if base[0].isdigit() or base in RESERVED or re.fullmatch(r"[a-z]\d+", base) else base
        new, k = base, 1
        while new in self.used.values():
            k += 1
            new = f"{base}_{k}"
        self.used[text] = new
        return new

    # ---- index types -------------------------------------------------------------------------------

    def sort(self, s: Sort) -> int:
        if s not in self.sorts:
            self.sorts.append(s)
        return self.sorts.index(s)

    def sort_text(self, s: Sort) -> str:
        self.sort(s)
        return self.name(f"dim {s.name}") if isinstance(s, Var) else f"(ord {s})"

    def axis(self, axis: Axis) -> str:
        """The finite type of an axis: sums and products of index types, nested to the right."""
        runs = []
        for count, heads, tail in axis.runs:
            factors = [self.sort_text(h) for h in heads] + ([self.axis(tail)] if tail else [])
            whole = count == 1 or count in self.split
            if not whole:
                factors.insert(0, self.sort_text(count))
            text = factors[-1] if factors else "one"
            for f in reversed(factors[:-1]):
                text = f"({f} [x] {text})"
            runs += [text] * (count if whole else 1)
        out = runs[-1]
        for r in reversed(runs[:-1]):
            out = f"({r} [+] {out})"
        return out

    def index(self, axis: Axis, i: Index, edge: dict[int, str]) -> str:
        """An index of an axis, as a pattern or as a value."""
        before, total = 0, 0
        for r, (count, _, _) in enumerate(axis.runs):
            copies = count if count == 1 or count in self.split else 1
            if r == i.run:
                before = total + (-1 - i.copy if i.copy < 0 else 0)
            total += copies
        run = axis.runs[i.run]
        if i.copy < 0 and run.count > 1 and run.count not in self.split:
            raise NeedSplit(run.count)  # a constant of a literal that is one type so far
        parts = [edge[i.copy]] if i.copy >= 0 else []
        parts += [edge[h] for h in i.heads]
        if run.tail and i.tail:
            parts.append(self.index(run.tail, i.tail, edge))
        text = parts[-1] if parts else "tt"
        for p in reversed(parts[:-1]):
            text = f"({p}, {text})"
        if before < total - 1:
            text = f"(inl {text})"
        for _ in range(before):
            text = f"(inr {text})"
        return text

    # ---- symbols and numbers -----------------------------------------------------------------------

    def symbol(self, a: Atom) -> str:
        """The variable of a symbol; one name with two shapes is two variables."""
        if a not in self.symbols:
            self.symbols.append(a)
        same = [b for b in self.symbols if b.name == a.name]
        number = same.index(a)
        return self.name(f"symbol {a.name}" if not number else f"symbol {a.name} shape {number + 1}")

    def function(self, label: Label) -> None:
        kind = (label[0], *(a for a in label[1:] if isinstance(a, Axis)))
        if kind not in self.kinds:
            taken = sum(1 for k in self.kinds if k[0] == label[0])
            self.kinds[kind] = self.name(f"function {label[0]}") + (f"_{taken + 1}" if taken else "")

    def number(self, g: Generator) -> int:
        if g not in self.numbers:
            self.numbers.append(g)
        return self.numbers.index(g)

    def number_name(self, g: Generator) -> str:
        self.number(g)
        text = _meaning(g)
        number = [h for h in self.numbers if _meaning(h) == text].index(g)  # q and q + ε are both spelled q
        return self.name(f"{text} number {number + 1}" if number else text)


def _meaning(g: Generator) -> str:
    if isinstance(g, Var):
        return f"scalar {g.name}"
    if isinstance(g, Root):
        return f"root sqrt_{_plain(g.radicand)}"
    if isinstance(g, Inverse):
        return f"inverse inv_{_plain(g.of)}"
    raise UnsupportedError(f"a coefficient with {type(g).__name__} is not exported")


def _plain(s: Scalar) -> str:
    return re.sub(r"\W+", "_", str(s), flags=re.ASCII).strip("_")


def factors(value: Number) -> list[tuple[int, list[Generator]]]:
    """A coefficient as a sum of integers times products of dimensions, scalars, roots and inverses."""
    out = []
    for monomial, c in scalar(value).terms.items():
        parts: list[Generator] = []
        if c.denominator != 1:
            parts.append(Inverse(scalar(c.denominator)))
        for g, e in monomial:
            if isinstance(g, Root):
                half, odd = divmod(e, 2)
                parts += [Root(g.radicand)] * odd
                whole: Scalar = g.radicand
                if half > 0:
                    raise UnsupportedError("a root to an even power is not in normal form")
                parts += [Inverse(whole)] * -half
            elif e >= 0:
                parts += [g] * e
            else:
                parts += [Inverse(scalar(g))] * -e
        out.append((c.numerator, parts))
    return out
