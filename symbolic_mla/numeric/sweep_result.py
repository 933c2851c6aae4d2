"""The result of a sweep, and how it is written: text, JSON, and the report's section of evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from symbolic_mla.numeric.theorems import Measurement


@dataclass(frozen=True)
class CaseResult:
    """One theorem at one precision on the layer of one seed; `error` says why nothing was measured."""

    seed: int
    theorem: str
    precision: str
    sizes: dict[str, int | str]
    measurements: tuple[Measurement, ...]
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether something was measured and every bound holds."""
        return self.error is None and bool(self.measurements) and all(m.holds for m in self.measurements)

    @property
    def reproduce(self) -> str:
        """The command that measures it again."""
        return (
            f"symbolic-mla sweep --cases 1 --seed {self.seed} --precision {self.precision}"
            f" --theorem {self.theorem}"
        )


@dataclass(frozen=True)
class Summary:
    """One kind of error over a sweep: the largest observed, and the least bound/observed."""

    theorem: str
    precision: str
    name: str
    cases: int
    worst: float
    bound: float  # the bound of the case with the worst observed error
    least_ratio: float


@dataclass(frozen=True)
class SweepResult:
    """All that a sweep measured, by seed, precision and theorem. It is evidence, not proof."""

    seed: int
    cases: int
    precisions: tuple[str, ...]
    theorems: tuple[str, ...]
    results: tuple[CaseResult, ...]

    @property
    def failures(self) -> list[CaseResult]:
        """The results with an error above its bound, or that could not be measured."""
        return [r for r in self.results if not r.ok]

    @property
    def ok(self) -> bool:
        """Whether every observed error of every case is within its bound."""
        return bool(self.results) and not self.failures

    def summaries(self) -> list[Summary]:
        """One row for each theorem, precision and kind of error."""
        groups: dict[tuple[str, str, str], list[Measurement]] = {}
        for r in self.results:
            for m in r.measurements:
                groups.setdefault((r.theorem, r.precision, m.name), []).append(m)
        rows = []
        for theorem in self.theorems:
            for precision in self.precisions:
                for (t, p, name), found in groups.items():
                    if (t, p) == (theorem, precision):
                        worst = max(found, key=lambda m: m.observed)
                        least = min(m.ratio for m in found)
                        rows.append(Summary(t, p, name, len(found), worst.observed, worst.bound, least))
        return rows

    def to_text(self) -> str:
        """A table of the worst errors and, for what failed, how to see it again."""
        head = ("theorem", "precision", "error", "cases", "worst", "its bound", "least bound/observed")
        table = [head] + [
            (
                s.theorem,
                s.precision,
                s.name,
                str(s.cases),
                _short(s.worst),
                _short(s.bound),
                _short(s.least_ratio),
            )
            for s in self.summaries()
        ]
        widths = [max(len(row[i]) for row in table) for i in range(len(head))]
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in table
        ]
        for r in self.failures:
            if r.error:
                lines.append(f"error: seed {r.seed}, {r.theorem} at {r.precision}: {r.error}")
            for m in r.measurements:
                if not m.holds:
                    lines.append(
                        f"FAILED: seed {r.seed}, {r.theorem} at {r.precision}: {m.name} {m.observed:.3g}"
                        f" is above its bound {m.bound:.3g}"
                    )
            lines.append(f"  again: {r.reproduce}")
        seeds = f"seeds {self.seed} to {self.seed + self.cases - 1}"
        verdict = (
            "every error is within its bound" if self.ok else f"{len(self.failures)} measurements failed"
        )
        return "\n".join([*lines, f"{self.cases} cases, {seeds}: {verdict} (evidence, not proof)", ""])

    def to_json(self) -> str:
        """Everything, as JSON with sorted keys; infinite ratios are null."""
        return (
            json.dumps(
                {
                    "seed": self.seed,
                    "cases": self.cases,
                    "precisions": list(self.precisions),
                    "theorems": list(self.theorems),
                    "ok": self.ok,
                    "summary": [_clean(vars(s)) for s in self.summaries()],
                    "results": [
                        {
                            "seed": r.seed,
                            "theorem": r.theorem,
                            "precision": r.precision,
                            "sizes": r.sizes,
                            "ok": r.ok,
                            "error": r.error,
                            "reproduce": r.reproduce,
                            "measurements": [
                                _clean({**vars(m), "holds": m.holds, "ratio": m.ratio})
                                for m in r.measurements
                            ],
                        }
                        for r in self.results
                    ],
                },
                ensure_ascii=False,
                indent=2,
                sort_keys=True,
                allow_nan=False,
            )
            + "\n"
        )

    def to_markdown(self) -> str:
        """The section *Evidence, not proof* of a report, the same on every CPU.

        Errors are given as the next power of a thousand above them, so that they don't depend on the BLAS.
        """
        lines = [
            "## Evidence, not proof",
            "",
            f"Random layers with the seeds {self.seed} to {self.seed + self.cases - 1}; "
            + (
                "every observed error is within its certified bound."
                if self.ok
                else f"**{len(self.failures)} measurements failed.**"
            ),
            "",
            f"Sizes met: {self._ranges()}.",
            "",
            "| theorem | precision | error | cases | worst error |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {s.theorem} | {s.precision} | {s.name} | {s.cases} | {_above(s.worst)} |"
            for s in self.summaries()
        ]
        return "\n".join([*lines, ""])

    def _ranges(self) -> str:
        parts = []
        for key in ("n", "G", "d", "D", "t", "s"):
            values = [int(r.sizes[key]) for r in self.results]
            parts.append(f"{key} = {min(values)} to {max(values)}")
        return ", ".join(parts)


def _short(x: float) -> str:
    return f"{x:.2g}" if isfinite(x) else "-"


def _above(x: float) -> str:
    """The next power of a thousand above x, with a factor of two to spare."""
    if x == 0:
        return "0"
    if not isfinite(x):
        return "not finite"
    power = -400
    while 10.0**power < 2 * x:
        power += 1
    return f"below 10^{-(-power // 3) * 3}"


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    return {
        k: None if isinstance(v, float) and (v == inf or not isfinite(v)) else v for k, v in values.items()
    }
