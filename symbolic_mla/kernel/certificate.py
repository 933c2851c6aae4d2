"""Certificates: a theorem as text, and the theorem again from the text.

A certificate is a list of nodes in JSON, one to a line. A node is a tag and its arguments; an argument is an
integer, a string ("'name"), a fraction ("1/2"), a reference to an earlier node ("#12"), or a list of these. A
tag names a constructor of this kernel, or a rule: building the nodes in order *is* the proof, since no term
can exist ill-shaped and no theorem without its rule. The last line names the theorems.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from symbolic_mla.errors import CertificateError, SymbolicMLAError
from symbolic_mla.kernel.axis import Axis, NeedSplit, Run
from symbolic_mla.kernel.network import Member
from symbolic_mla.kernel.scalar import Root, Scalar, Var, scalar
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Pick, Stack, Sum, subterms, variables
from symbolic_mla.kernel.theorem import (
    RULES,
    Compare,
    Equation,
    Exists,
    Extreme,
    Iff,
    Rank,
    Statement,
    Theorem,
    derive,
    terms_of,
)

HEADER = "symbolic_mla certificate 1"
MAX_LENGTH = 50_000_000


def _scalar(*terms: Any) -> Scalar:
    """A scalar, computed again from its monomials: nothing that was written is taken for normal."""
    total = scalar(0)
    for c, powers in terms:
        part = scalar(c)
        for g, e in powers:
            part = part * scalar(g) ** e
        total = total + part
    return total


# tag: (class, its arguments as they are written, the constructor)
NODES: Mapping[str, tuple[type, Callable[[Any], tuple[Any, ...]], Callable[..., Any]]] = MappingProxyType({
    "var": (Var, lambda v: (v.name, v.sign, v.low), Var),
    "root": (Root, lambda v: (v.radicand,), Root),
    "rank": (Rank, lambda v: (v.term,), Rank),
    "extreme": (Extreme, lambda v: (v.kind, v.of), Extreme),
    "number": (Scalar, lambda v: tuple((c, m) for m, c in v.terms.items()), _scalar),
    "axis": (Axis, lambda v: tuple((r.count, r.heads, r.tail or 0) for r in v.runs),
             lambda *runs: Axis(tuple(Run(c, h, t or None) for c, h, t in runs))),
    "atom": (Atom, lambda v: (v.name, v.axes), Atom),
    "einsum": (Einsum, lambda v: (v.operands, v.output, v.labels), Einsum),
    "sum": (Sum, lambda v: (v.parts, v.axes), Sum),
    "stack": (Stack, lambda v: (v.parts, v.axis), Stack),
    "block": (Block, lambda v: (v.term, v.axis, v.blocks, v.which), Block),
    "pick": (Pick, lambda v: (v.term, v.axis, v.index), Pick),
    "apply": (Apply, lambda v: (v.function, v.term, v.positions), Apply),
    "equation": (Equation, lambda v: (v.left, v.right), Equation),
    "compare": (Compare, lambda v: (v.left, v.relation, v.right), Compare),
    "exists": (Exists, lambda v: (v.unknowns, v.inner, v.equations), Exists),
    "iff": (Iff, lambda v: (v.left, v.right), Iff),
    "member": (Member, lambda v: tuple(v), Member),
    "by": (Theorem, lambda v: v.proof, derive),
})  # fmt: skip
_TAG = {entry[0]: tag for tag, entry in NODES.items()}


def certificate(*theorems: Theorem) -> str:
    """The text from which `replay` makes the theorems again. Equal values are written once."""
    lines: list[str] = []
    place: dict[Any, str] = {}

    def reference(v: Any) -> Any:
        key = id(v) if isinstance(v, Theorem) else v
        if key not in place:
            tag = _TAG[type(v)]
            text = json.dumps([tag, *map(written, NODES[tag][1](v))], ensure_ascii=False)
            place[key] = f"#{len(lines)}"
            lines.append(text)
        return place[key]

    def written(v: Any) -> Any:
        if type(v) in _TAG:
            return reference(v)
        if isinstance(v, tuple):
            return [written(x) for x in v]
        if isinstance(v, Fraction):
            return int(v) if v.denominator == 1 else str(v)
        return f"'{v}" if isinstance(v, str) else int(v)

    last = json.dumps(["theorems", *map(reference, theorems)])
    return "\n".join([json.dumps(HEADER), *lines, last]) + "\n"


def replay(text: str) -> tuple[Theorem, ...]:
    """The theorems that a certificate proves, made again from nothing by the rules of the kernel.

    Raises CertificateError for any text that is not a proof, whatever is wrong with it.
    """
    nodes: list[Any] = []

    def read(v: Any) -> Any:
        if isinstance(v, list):
            return tuple(map(read, v))
        if isinstance(v, str):
            if v[:1] == "'":
                return v[1:]
            return nodes[_natural(v[1:])] if v[:1] == "#" else Fraction(*map(_integer, v.split("/")))
        if type(v) is not int:
            raise CertificateError(f"a certificate holds no {type(v).__name__}")
        return v

    try:
        if len(text) > MAX_LENGTH:
            raise CertificateError("a certificate of this size is refused")
        first, *middle, last = [json.loads(line) for line in text.splitlines()]
        if first != HEADER or last[0] != "theorems" or len(last) < 2:
            raise CertificateError("this is not a whole certificate of this version")
        for tag, *arguments in middle:
            nodes.append(NODES[tag][2](*map(read, arguments)))
        theorems = tuple(map(read, last[1:]))
        for theorem in theorems:
            if type(theorem) is not Theorem or theorem.proof[0] not in RULES:
                raise CertificateError("a node that is not a theorem is called one")
            _one_meaning(theorem)
    except (SymbolicMLAError, NeedSplit, ValueError, TypeError, LookupError, AttributeError,
            ArithmeticError, RecursionError, RuntimeError, MemoryError) as error:  # fmt: skip
        where = f"node {len(nodes)}: " if nodes else ""
        raise CertificateError(f"refused: {where}{error}") from None
    return theorems


def _natural(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()):
        raise CertificateError(f"no such reference: {digits!r}")
    return int(digits)


def _integer(digits: str) -> int:
    return -_natural(digits[1:]) if digits[:1] == "-" else _natural(digits)


def _numbers(s: Statement) -> Iterator[Scalar]:
    """The numbers that a statement compares, and those inside min and max."""
    todo: list[Any] = [s]
    while todo:
        x = todo.pop()
        if isinstance(x, Compare | Iff):
            todo += (x.left, x.right)
        elif isinstance(x, Scalar):
            yield x
            todo += [n for g in x.generators() if isinstance(g, Extreme) for n in g.of]


def _one_meaning(theorem: Theorem) -> None:
    """Refuse a statement in which one name stands for two things: it is true, and would mislead its reader."""
    statements: list[Statement] = [theorem.conclusion, *theorem.hypotheses]
    found = [t for s in statements for t in subterms(*terms_of(s))]
    meaning: dict[str, set[Any]] = {}
    numbers = [n for s in statements for n in _numbers(s)]
    for v in variables(*found) | {g for n in numbers for g in n.generators() if isinstance(g, Var)}:
        meaning.setdefault(v.name, set()).add(v)
    for t in found:
        if isinstance(t, (Atom, Apply, Pick)):
            name = t.name if isinstance(t, Atom) else t.function if isinstance(t, Apply) else t.index
            meaning.setdefault(name, set()).add(t if isinstance(t, Atom) else type(t))
    for name, uses in meaning.items():
        if len(uses) > 1:
            raise CertificateError(f"the name {name} stands for two things")


