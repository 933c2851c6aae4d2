"""Use a theorem at other symbols: match its sides with a goal, and let the kernel substitute."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import CertificateError, SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Number, Scalar, Var
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.order import Entry
from symbolic_mla.laws.rank import Rank

MAX_CLOSED = 12  # numbers of a goal that those of a theorem are matched with


class _Match:
    """What the symbols of a pattern stand for, as far as it is known."""

    def __init__(self) -> None:
        self.axes: dict[Var, Axis] = {}
        self.numbers: dict[Var, Number] = {}
        self.atoms: dict[Atom, Term] = {}
        self.functions: dict[str, str] = {}

    def axis(self, pattern: Axis, target: Axis) -> bool:
        if len(pattern.runs) == 1 and pattern.runs[0].count == 1 and not pattern.runs[0].tail:
            heads = pattern.runs[0].heads
            if len(heads) == 1:
                return self.axes.setdefault(heads[0], target) == target
            run = target.runs[0]
            if heads and len(target.runs) == 1 and run.count == 1 and len(run.heads) >= len(heads):
                firsts = [Axis.of(h) for h in run.heads[: len(heads) - 1]]
                rest = Axis((run._replace(heads=run.heads[len(heads) - 1 :]),))
                return all(self.axes.setdefault(h, a) == a for h, a in zip(heads, [*firsts, rest], strict=True))
            return not heads and pattern == target
        if len(pattern.runs) != len(target.runs):
            return False
        return all(
            p.count == t.count and len(p.heads) == len(t.heads) and (p.tail is None) == (t.tail is None)
            and all(self.axes.setdefault(h, Axis.of(k)) == Axis.of(k) for h, k in zip(p.heads, t.heads, strict=True))
            and (p.tail is None or t.tail is None or self.axis(p.tail, t.tail))
            for p, t in zip(pattern.runs, target.runs, strict=True)
        )  # fmt: skip

    def number(self, pattern: Number, target: Number) -> bool:
        if isinstance(pattern, Scalar) and len(pattern.terms) == 1:
            ((m, c),) = pattern.terms.items()
            if c == 1 and len(m) == 1 and m[0][1] == 1 and isinstance(m[0][0], Var) and m[0][0].sign != "dimension":
                return self.numbers.setdefault(m[0][0], target) == target
        return True  # dimensions in coefficients follow from the axes; the kernel compares the result

    def term(self, p: Term, t: Term) -> bool:
        if len(p.axes) != len(t.axes) or not all(map(self.axis, p.axes, t.axes)):
            return False
        if isinstance(p, Atom):
            return self.atoms.setdefault(p, t) == t
        if type(p) is not type(t) or len(p.children()) != len(t.children()):
            return False
        if isinstance(p, Einsum) and isinstance(t, Einsum):
            same = p.output == t.output and [x for _, x in p.operands] == [x for _, x in t.operands]
            if not same or len(p.labels) != len(t.labels) or not all(map(self.axis, p.labels, t.labels)):
                return False
        elif isinstance(p, Sum) and isinstance(t, Sum):
            if not all(self.number(c, e) for (c, _), (e, _) in zip(p.parts, t.parts, strict=True)):
                return False
        elif isinstance(p, Apply) and isinstance(t, Apply):
            if p.positions != t.positions or self.functions.setdefault(p.function, t.function) != t.function:
                return False
        elif isinstance(p, Stack) and isinstance(t, Stack):
            if p.axis != t.axis:
                return False
        elif isinstance(p, Block) and isinstance(t, Block):
            if (p.axis, p.which, len(p.blocks)) != (t.axis, t.which, len(t.blocks)):
                return False
        elif isinstance(p, Pick) and isinstance(t, Pick) and (p.axis, p.index) != (t.axis, t.index):
            return False
        return all(self.term(a, b) for a, b in zip(p.children(), t.children(), strict=True))


def instances(theorem: Theorem, goal: Statement) -> list[Theorem]:
    """Instances of a theorem whose sides match those of a goal, either way round."""
    out: list[Theorem] = []
    for pattern, target in _sides(theorem.conclusion, goal):
        match = _Match()
        if all(match.term(p, t) for p, t in zip(pattern, target, strict=True)):
            try:
                found = derive("instance", theorem, tuple(match.axes.items()), tuple(match.numbers.items()),
                               tuple(match.atoms.items()), tuple(match.functions.items()))  # fmt: skip
            except (SymbolicMLAError, CertificateError):
                continue
            if all(found.conclusion != t.conclusion for t in out):
                out.append(found)
    return out


def _sides(s: Statement, goal: Statement) -> list[tuple[Sequence[Term], Sequence[Term]]]:
    if isinstance(s, Equation) and isinstance(goal, Equation):
        pairs = [((s.left, s.right), (goal.left, goal.right)), ((s.left, s.right), (goal.right, goal.left))]
        return [*pairs, ((s.left,), (goal.left,)), ((s.left,), (goal.right,)),
                ((s.right,), (goal.left,)), ((s.right,), (goal.right,))]  # fmt: skip
    if isinstance(s, Compare) and isinstance(goal, Compare):
        own, its = _ranks(s), _ranks(goal)
        found: list[tuple[Sequence[Term], Sequence[Term]]] = [(own, its)] if own and len(own) == len(its) else []
        closed = [t for t in dict.fromkeys(subterms(*_entries(goal))) if not t.axes and isinstance(t, Einsum)]
        return found + [((e,), (t,)) for e in _entries(s) for t in closed[:MAX_CLOSED]]
    return []


def _entries(c: Compare) -> list[Term]:
    """The tensors without axes that a comparison speaks of, the largest first: it says most of what stands for what."""
    found = {g.term: None for side in (c.left, c.right) for g in side.generators() if isinstance(g, Entry)}
    return sorted(found, key=lambda t: (-sum(1 for _ in subterms(t)), repr(t)))


def _ranks(c: Compare) -> list[Term]:
    return [g.term for side in (c.left, c.right) for m in side.terms for g, _ in m if isinstance(g, Rank)]
