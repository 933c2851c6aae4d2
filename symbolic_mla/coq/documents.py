"""The scripts of whole documents: one for each proved step."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from symbolic_mla.coq.export import export
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.errors import SymbolicMLAError


@dataclass(frozen=True)
class Scripts:
    """Scripts by name, and what could not be exported, with the reason."""

    scripts: Mapping[str, str]
    refused: Mapping[str, str]


def scripts(results: Sequence[DocumentResult]) -> Scripts:
    """Every proved step of some documents as a Coq script of its own."""
    done: dict[str, str] = {}
    refused: dict[str, str] = {}
    for result in results:
        for claim in result.claims:
            proved = [s.theorem for s in claim.steps if s.theorem is not None]
            for number, theorem in enumerate(proved):
                step = f"_{number + 1}" if len(proved) > 1 else ""
                name = _identifier(f"{PurePath(result.path).stem}_{claim.id}{step}")
                try:
                    done[name] = export(theorem, name)
                except SymbolicMLAError as error:
                    refused[name] = error.message
    return Scripts(done, refused)


def _identifier(text: str) -> str:
    """A name that Coq takes."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", text)
    return plain if plain[:1].isalpha() else f"t_{plain}"
