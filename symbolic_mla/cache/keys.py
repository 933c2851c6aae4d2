"""What a verdict depends on, as a key: the statement, all that it is judged in, and the code that judges."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import symbolic_mla
from symbolic_mla.algebra.certify import certificate
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.prover.decide import Setting
from symbolic_mla.prover.facts import Later, given

if TYPE_CHECKING:
    from symbolic_mla.prover.refute import Problem

JUDGES = ("errors.py", "kernel", "algebra", "analysis", "instance", "prover", "derivation")
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
    facts = tuple(f.conclusion if f.proof[0] == "assume" else _proof(f) for f in given(setting.facts))
    chosen = None if witnesses is None else tuple(witnesses)
    inside = tuple((s, tuple(own)) for s, own in setting.witnesses.items())
    return (statement, brought, facts, tuple(setting.hypotheses), tuple(setting.divides), setting.axiom, chosen,
            inside, tuple(setting.truncations))  # fmt: skip


def on_disk(statement: Statement, setting: Setting, witnesses: Sequence[Term] | None) -> str | None:
    """The key among processes: a digest of everything, written by the kernel's own writer of certificates."""
    brought = isinstance(setting.facts, Later)
    shape = (brought, len(given(setting.facts)), len(setting.hypotheses), len(setting.divides), setting.axiom,
             None if witnesses is None else len(witnesses), len(setting.truncations),
             *map(len, setting.witnesses.values()))  # fmt: skip
    return _digest(repr(shape), *_spelled(statement, setting, witnesses))


def of_problem(problem: Problem) -> str | None:
    """The key of a model among processes: a digest of what it satisfies, and of the code that draws it."""
    return _digest("model", *map(_assumed, problem.hypotheses), *(_divides(k, m) for k, m in problem.divides),
                   *map(_decomposed, problem.truncations))  # fmt: skip


def _digest(*parts: str) -> str | None:
    own = version()
    return None if own is None else blake2b("\0".join([own, *parts]).encode(), digest_size=24).hexdigest()


def _spelled(statement: Statement, setting: Setting, witnesses: Sequence[Term] | None) -> Iterator[str]:
    yield _assumed(statement)
    for fact in given(setting.facts):
        yield _assumed(fact.conclusion) if fact.proof[0] == "assume" else _proof(fact)
    yield from map(_assumed, setting.hypotheses)
    yield from (_divides(k, m) for k, m in setting.divides)
    yield from map(_term, witnesses or ())
    yield from map(_decomposed, setting.truncations)
    for s, own in setting.witnesses.items():
        yield from (_assumed(s), *map(_term, own))


@lru_cache(maxsize=4096)
def _assumed(statement: Statement) -> str:
    """A statement as text; the claims of a document share their hypotheses."""
    return certificate(derive("assume", statement))


@lru_cache(maxsize=1024)
def _proof(fact: Theorem) -> str:
    """The certificate of a theorem; what one claim proved, many may cite."""
    return certificate(fact)


def _divides(k: Scalar, m: Scalar) -> str:
    return _assumed(Compare(k, "=", m))


def _decomposed(t: Truncation) -> str:
    return _assumed(Equation(t.whole, t.product))


def _term(term: Term) -> str:
    return _assumed(Equation(term, term))
