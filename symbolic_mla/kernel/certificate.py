"""Certificates: the theorem again from its text.

A certificate is a list of nodes in JSON, one to a line. A node is a tag and its arguments; an argument is an
integer, a string ("'name"), a fraction ("1/2"), a reference to an earlier node ("#12"), or a list of these. A
tag names a constructor of this kernel, or a rule: building the nodes in order *is* the proof, since no term
can exist ill-shaped and no theorem without its rule. The last line names the theorems.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from symbolic_mla.errors import CertificateError, SymbolicMLAError
from symbolic_mla.kernel.axis import NeedSplit
from symbolic_mla.kernel.node import NODES, need, nodes
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Apply, Atom, Pick
from symbolic_mla.kernel.theorem import Theorem, derive

HEADER = "symbolic_mla certificate 1"
MAX_LENGTH = 50_000_000


def replay(text: str, shared: dict[Any, Any] | None = None) -> tuple[Theorem, ...]:
    """The theorems that a certificate proves, made again from nothing by the rules of the kernel.

    Certificates that build on one another may be given one dictionary, in which each node is made once.
    Raises CertificateError for any text that is not a proof, whatever is wrong with it.
    """
    made: list[Any] = []
    known = {} if shared is None else shared

    def read(v: Any) -> Any:
        if isinstance(v, list):
            return tuple(map(read, v))
        if isinstance(v, str):
            if v[:1] == "'":
                return v[1:]
            return made[_integer(v[1:], 0)] if v[:1] == "#" else Fraction(*map(_integer, v.split("/")))
        need(type(v) is int, f"a certificate holds no {type(v).__name__}")
        return v

    try:
        need(len(text) <= MAX_LENGTH, "a certificate of this size is refused")
        first, *middle, last = [json.loads(line) for line in text.splitlines()]
        need(first == HEADER and last[0] == "theorems" and len(last) > 1, "not a whole certificate of this version")
        for tag, *arguments in middle:
            node = (tag, *map(read, arguments))
            if node not in known:
                known[node] = (derive if tag == "by" else NODES[tag][1])(*node[1:])
            made.append(known[node])
        theorems: tuple[Any, ...] = tuple(map(read, last[1:]))
        need(all(type(t) is Theorem for t in theorems), "a node that is not a theorem is called one")
        for theorem in theorems:
            _one_meaning(theorem)
    except (SymbolicMLAError, NeedSplit, ValueError, TypeError, LookupError, AttributeError,
            ArithmeticError, RecursionError, RuntimeError, MemoryError) as error:  # fmt: skip
        raise CertificateError(f"refused: node {len(made)}: {error}") from None
    return theorems


def _integer(digits: str, least: int | None = None) -> int:
    plain = digits[1:] if least is None and digits[:1] == "-" else digits
    need(plain.isascii() and plain.isdigit(), f"no such number: {digits!r}")
    return int(digits)


def _one_meaning(theorem: Theorem) -> None:
    """Refuse a statement in which one name stands for two things: it is true, and would mislead its reader."""
    meaning: dict[str, Any] = {}
    for v in nodes(theorem.conclusion, *theorem.hypotheses):
        if isinstance(v, Var | Atom | Apply | Pick):
            name = v.function if isinstance(v, Apply) else v.index if isinstance(v, Pick) else v.name
            own = v if isinstance(v, Var | Atom) else (type(v), v.size() if isinstance(v, Pick) else None)
            need(meaning.setdefault(name, own) == own, f"the name {name} stands for two things")
