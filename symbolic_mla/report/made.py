"""What a report is once it is made: texts by file name, and what the index says of it. No engine is imported here, so
that a report which is kept is written again at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from symbolic_mla.derivation.results import Verdict
from symbolic_mla.record import record


@record
class ClaimSummary:
    """One line of the index."""

    id: str
    verdict: Verdict
    as_expected: bool
    expected: Verdict
    statement: str | None
    sizes: str
    axioms: tuple[str, ...]
    cites: tuple[str, ...]
    engines: str = "–"  # that agree, beside the one whose verdict it is
    left_out: str | None = None  # why no other prover has checked it again, if it was given to one
    rests: tuple[str, ...] = ()  # what the document says that it rests on: claims, as `id` or as `document#id`
    argued: bool = False  # by a written argument, which is trusted beside the kernel


@record
class Summary:
    """A document in the index. `exit_code` as the command line has it."""

    name: str
    title: str
    source_path: str
    exit_code: int
    claims: tuple[ClaimSummary, ...]
    error_blocks: tuple[tuple[int, str, bool], ...]
    rechecked_by: str = ""
    rests: tuple[str, ...] = ()  # what the document as a whole is said to rest on


class Told(Protocol):
    """What others may say of a claim."""

    @property
    def verdict(self) -> Verdict: ...

    @property
    def as_expected(self) -> bool: ...


Known = Mapping[str, Mapping[str, Told]]
"""Claims by the name of a report and their own."""


def from_json(kept: Mapping[str, Any]) -> Summary:
    """What `asdict` and JSON have taken apart, made whole. Raises KeyError, TypeError, ValueError for anything else."""
    claims = tuple(ClaimSummary(**{**c, **{k: tuple(c[k]) for k in ("axioms", "cites", "rests")}})
                   for c in kept["claims"])  # fmt: skip
    blocks = tuple((line, kind, expected) for line, kind, expected in kept["error_blocks"])
    return Summary(**{**kept, "claims": claims, "error_blocks": blocks, "rests": tuple(kept["rests"])})


@dataclass(frozen=True)
class Report:
    """A report with its certificates and figures, by file name, and what the index needs of it."""

    name: str
    markdown: str
    certificates: Mapping[str, str]
    summary: Summary
    figures: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, str]:
        """Every file of the report, by its name below the directory of reports."""
        certificates = {f"certificates/{k}": v for k, v in self.certificates.items()}
        figures = {f"figures/{k}": v for k, v in self.figures.items()}
        return {f"{self.name}.md": self.markdown, **certificates, **figures}


def report_name(source_path: str) -> str:
    """The name of a document's report: its path below the first folder, so that two folders may use one name.

    >>> report_name("proofs/cache.md"), report_name("proofs/audits/cache.md"), report_name("/tmp/x/notes.md")
    ('cache', 'audits-cache', 'notes')
    """
    parts = source_path.removesuffix(".md").split("/")
    inside = parts[1:] if len(parts) > 1 and parts[0] and ".." not in parts else parts[-1:]
    return "-".join(inside)
