"""What a verdict depends on, as a key: the statement, all that it is judged in, and the code that judges."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import symbolic_mla
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.kernel.node import TAG, made_of
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.prover.decide import Setting
from symbolic_mla.prover.facts import Later, given

if TYPE_CHECKING:
    from symbolic_mla.prover.refute import Problem

JUDGES = ("errors.py", "record.py", "kernel", "algebra", "analysis", "instance", "laws", "prover", "derivation")
"""The code that a verdict depends on: whatever changes in it makes every old entry a stranger."""


@cache
def version() -> str | None:
    """A digest of that code and of the Python that runs it; None where the code cannot be read."""
    root = Path(symbolic_mla.__file__).parent
    digest = blake2b(sys.version.encode(), digest_size=20)
    try:
        for name in JUDGES:
            place = root / name
            files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
            if not files:
                return None
            for file in files:
                text = file.read_bytes()
                digest.update(f"{file.relative_to(root).as_posix()} {len(text)}\n".encode())
                digest.update(text)
    except OSError:
        return None
    return digest.hexdigest()


def in_memory(statement: Statement, setting: Setting, witnesses: Sequence[Term] | None) -> Hashable:
    """The key within one process: values themselves. Of a fact that is only assumed its statement is all there is."""
    brought = isinstance(setting.facts, Later)
    facts = tuple(f.conclusion if f.proof[0] == "assume" else spelled(f) for f in given(setting.facts))
    chosen = None if witnesses is None else tuple(witnesses)
    inside = tuple((s, tuple(own)) for s, own in setting.witnesses.items())
    return (statement, brought, facts, tuple(setting.hypotheses), tuple(setting.divides), setting.axiom, chosen,
            inside, tuple(setting.truncations), tuple(setting.singular))  # fmt: skip


def on_disk(statement: Statement, setting: Setting, witnesses: Sequence[Term] | None) -> str | None:
    """The key among processes: a digest of everything."""
    brought = isinstance(setting.facts, Later)
    shape = (brought, len(given(setting.facts)), len(setting.hypotheses), len(setting.divides), setting.axiom,
             None if witnesses is None else len(witnesses), len(setting.truncations), len(setting.singular),
             *map(len, setting.witnesses.values()))  # fmt: skip
    return _digest(repr(shape), *_spelled(statement, setting, witnesses))


def of_problem(problem: Problem) -> str | None:
    """The key of a model among processes: a digest of what it satisfies, and of the code that draws it."""
    decomposed = tuple(map(_decomposed, problem.truncations)), tuple(problem.singular)
    return _digest("model", *map(spelled, (tuple(problem.hypotheses), tuple(problem.divides), *decomposed)))


def of_document(path: str) -> str | None:
    """The key of a document's proofs among processes: where it stands, and the code that judges."""
    return _digest("document", str(Path(path).absolute()))


def _digest(*parts: str) -> str | None:
    own = version()
    return None if own is None else blake2b("\0".join([own, *parts]).encode(), digest_size=24).hexdigest()


def _spelled(statement: Statement, setting: Setting, witnesses: Sequence[Term] | None) -> Iterator[str]:
    yield spelled(statement)
    for fact in given(setting.facts):
        yield spelled(fact.conclusion if fact.proof[0] == "assume" else fact)
    yield spelled((*setting.hypotheses, *setting.divides, *(witnesses or ()), *map(_decomposed, setting.truncations),
                   *setting.singular))  # fmt: skip
    yield spelled(tuple((s, *own) for s, own in setting.witnesses.items()))


def spelled(v: Any) -> str:
    """A value as text: equal texts are equal values (nodes stand in it under digests of what they are made of)."""
    if type(v) in TAG or type(v) is Theorem:
        return _of_node(v)
    if isinstance(v, tuple):
        return f"({','.join([str(x) if type(x) is int else spelled(x) for x in v])})"
    return f"'{len(v)}:{v}" if isinstance(v, str) else str(v)  # of a fraction 2/1 is 2: they are equal


@lru_cache(maxsize=50_000)
def _of_node(v: Any) -> str:
    """The digest of a node. Statements share terms, and the claims of a document their hypotheses and citations."""
    tag, parts = ("by", v.proof) if isinstance(v, Theorem) else (TAG[type(v)], made_of(v))
    return f"#{blake2b(f'{tag}{spelled(parts)}'.encode(), digest_size=20).hexdigest()}"


def _decomposed(t: Truncation) -> Equation:
    return Equation(t.whole, t.product)
