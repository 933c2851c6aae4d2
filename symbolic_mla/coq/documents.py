"""The scripts of whole documents: one for each proved step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from symbolic_mla.coq.export import Exported, export_all
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.kernel.theorem import Theorem


def scripts(results: Sequence[DocumentResult]) -> Exported:
    """Every proved step of some documents as a Coq script of its own; and what can't be exported, with the reason."""
    return export_all(_steps(results))


def _steps(results: Sequence[DocumentResult]) -> Iterator[tuple[str, Theorem]]:
    for result in results:
        for claim in result.claims:
            for number, theorem in enumerate(claim.theorems):
                step = f"_{number + 1}" if len(claim.theorems) > 1 else ""
                yield f"{PurePath(result.path).stem}_{claim.id}{step}", theorem
