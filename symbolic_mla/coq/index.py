"""Which statements Coq has accepted: a small committed file of digests, so that reports may say so.

The digest of a script is that of all that it declares, defines and states, without its proofs: Coq accepted a script
with exactly this statement, over this library. A proof may change and the statement stays re-checked; CI compiles
every script again in any case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from symbolic_mla.coq.declared import declared
from symbolic_mla.coq.export import Exported
from symbolic_mla.coq.verify import LIBRARY, THEORIES
from symbolic_mla.errors import InputError

FILE = "coq.json"


@dataclass(frozen=True)
class Index:
    """The version of Coq, the digest of the library, the digest of each accepted statement, and what has no script."""

    coq: str
    library: str
    statements: Mapping[str, str]
    left_out: Mapping[str, str]

    def text(self) -> str:
        """The file."""
        parts = {"coq": self.coq, "library": self.library, "left out": dict(sorted(self.left_out.items())),
                 "statements": dict(sorted(self.statements.items()))}  # fmt: skip
        return json.dumps(parts, indent=0, ensure_ascii=False) + "\n"

    @property
    def release(self) -> str:
        """The version of Coq without its patch level: 8.16."""
        return ".".join(self.coq.split(".")[:2])

    def within(self, old: Index | None, asked: Iterable[str]) -> Index:
        """What an index says when Coq was asked of some steps alone: the rest stays, over the same library."""
        if old is None or (old.coq, old.library) != (self.coq, self.library):
            return self
        again = set(asked)
        kept = [{k: v for k, v in of.items() if k not in again} for of in (old.statements, old.left_out)]
        return Index(self.coq, self.library, {**kept[0], **self.statements}, {**kept[1], **self.left_out})

    def has(self, name: str, script: str) -> bool:
        """Whether this statement was accepted, over the library that is here."""
        return self.library == library_digest() and self.statements.get(name) == digest(script)


def index_of(exported: Exported, accepted: Iterable[str], coq: str) -> Index:
    """The index of the scripts that were accepted."""
    statements = {name: digest(exported.scripts[name]) for name in accepted}
    return Index(coq, library_digest(), statements, exported.unsupported)


def load(path: Path) -> Index | None:
    """The index in a file, or None where there is none. Raises: InputError for a file that is no index."""
    try:
        parts = json.loads(path.read_text(encoding="utf-8"))
        return Index(parts["coq"], parts["library"], parts["statements"], parts["left out"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError):
        hint = "make it again: symbolic-mla coq --verify --record"
        raise InputError(f"{path.as_posix()} is no index of Coq's", hint=hint) from None


def library_digest() -> str:
    """The digest of the library that scripts stand on."""
    return _short("\0".join((THEORIES / f"{name}.v").read_text(encoding="utf-8") for name in LIBRARY))


def digest(script: str) -> str:
    """The digest of what a script states. Terms that only its proof speaks of do not count."""
    text = declared(script)
    terms: dict[str, str] = {}

    def named(body: str) -> str:
        return re.sub(r"\bt\d+\b", lambda m: term(m[0]), body)

    def term(name: str) -> str:
        if name not in terms:
            terms[name] = ""  # its place in the order
            place = f"#{len(terms)}"
            body = named(text.terms[name])
            terms[name] = f"{place} := {body}"
        return terms[name].partition(" := ")[0] or name

    theorem = named(text.theorem)
    field = re.findall(r"Variable [RF] : \w+|Notation F := \w+", script)
    parts = [*field[-1:], *_items(text.sizes), *_items(text.variables), *_items(text.values), *sorted(text.relations),
             *terms.values(), theorem]  # fmt: skip
    return _short("\n".join(parts))


def _items(of: Mapping[str, object]) -> list[str]:
    return [f"{k} : {v}" for k, v in sorted(of.items())]


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
