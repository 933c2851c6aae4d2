"""Evidence: the same bytes on every CPU, only for what a sweep measures, and never in place of a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from math import nan
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.errors import UnsupportedError
from symbolic_mla.language.documents import parse_document
from symbolic_mla.numeric import figure_data, figures, sweep
from symbolic_mla.numeric.theorems import THEOREMS, Measurement, theorem_names
from symbolic_mla.report import evidence as module
from symbolic_mla.report.evidence import CEILINGS, ILLUSTRATED, MEASURED, TITLE, above, evidence
from symbolic_mla.report.files import stale_files
from symbolic_mla.report.publish import publish, verify

ROOT = Path(__file__).parents[2]
HEAD = "# A document\n\nWords.\n\n```derivation\ndims m\ngiven A, B : m × m\n"


def document(name: str, claims: tuple[str, ...] | None = None) -> DocumentResult:
    """A document of this name that makes claims of these names; those of the table if none are given."""
    ids = claims if claims is not None else tuple(c for m in MEASURED[name] for c in m.claims)
    text = HEAD + "".join(f"\nclaim {c}:\n    A + B = B + A\n" for c in ids) + "```\n"
    return check_document(parse_document(text, path=f"proofs/{name}"))


def test_the_table_is_that_of_the_proofs_and_of_the_sweep() -> None:
    """Every document of the table is there and makes the claims; every theorem is one that the sweep measures."""
    assert ILLUSTRATED in MEASURED
    for name, chosen in MEASURED.items():
        text = (ROOT / "proofs" / name).read_text(encoding="utf-8")
        for measured in chosen:
            assert theorem_names(measured.theorem)
            assert all((measured.theorem, p) in CEILINGS for p in measured.precisions)
            assert all(f"claim {c}:" in text for c in measured.claims)


@pytest.mark.parametrize(
    "name, claims", [("other.md", ("scores", "outputs")), ("absorption.md", ("scores",)), ("gqa-is-mla.md", ("a",))]
)
def test_what_is_not_measured_has_no_evidence(name: str, claims: tuple[str, ...]) -> None:
    """Neither a document of another name, nor one of the name that makes other claims."""
    assert evidence(document(name, claims)) is None


def test_reports_gain_the_section_and_the_figures(tmp_path: Path) -> None:
    """The founding document alone has figures, which its report shows; all are written, and not stale."""
    results = [document("gqa-is-mla.md"), document("absorption.md")]
    assert publish(results, tmp_path) == [] and verify(results, tmp_path) == []
    report = (tmp_path / "gqa-is-mla.md").read_text(encoding="utf-8")
    other = (tmp_path / "absorption.md").read_text(encoding="utf-8")
    assert f"## {TITLE}\n" in report and f"## {TITLE}\n" in other and "figures/" not in other
    names = sorted(p.name for p in (tmp_path / "figures").iterdir())
    assert names == [f"gqa-is-mla.{k}.svg" for k in ("precision", "spectrum", "truncation")]
    for name in names:
        assert f"](figures/{name})" in report
        assert ElementTree.parse(tmp_path / "figures" / name).getroot().tag.endswith("svg")
    assert "the seeds 0 to 5" in other and "| float64 | output | 6 | at most 1e-14 | at most 1e-10 |" in other

    (tmp_path / "figures" / names[0]).write_text("changed", encoding="utf-8")
    (tmp_path / "figures" / "gone.svg").write_text("of a report that went away", encoding="utf-8")
    (tmp_path / "figures" / "mine.txt").write_text("of another", encoding="utf-8")
    files = {p.relative_to(tmp_path).as_posix(): p.read_text("utf-8") for p in tmp_path.rglob("*") if p.is_file()}
    kept = {k: v for k, v in files.items() if "gone" not in k and "mine" not in k}
    assert stale_files(tmp_path, kept) == ["figures/gone.svg"]
    assert [p.split(";")[0] for p in verify(results, tmp_path)] == [
        f"stale: {(tmp_path / 'figures' / n).as_posix()}" for n in ("gone.svg", names[0])
    ]


def test_the_bytes_do_not_depend_on_hashing_threads_or_the_kernels_of_the_blas() -> None:
    """Processes with other hash seeds, threads and BLAS kernels write the same."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from importlib import util\n"
        "spec = util.spec_from_file_location('of_this_test', sys.argv[2])\n"
        "here = util.module_from_spec(spec); spec.loader.exec_module(here)\n"
        "for name in sorted(here.MEASURED):\n"
        "    found = here.evidence(here.document(name))\n"
        "    sys.stdout.write(repr((name, found.markdown, found.figures, found.problems)))\n"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", script, str(ROOT), __file__],
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **more},
            capture_output=True,
            timeout=120,
            check=True,
        ).stdout
        for more in (
            {"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Prescott"},
            {"PYTHONHASHSEED": "2", "OPENBLAS_NUM_THREADS": "2"},
        )
    ]
    assert made[0] == made[1] and b"spectrum.svg" in made[0]


@pytest.mark.parametrize(
    "planted, message",
    [
        ([Measurement("output", 2e-13, 1e-13)], "the error 2e-13 is above its bound 1e-13"),
        ([Measurement("output", nan, 1e-13)], "the error nan is above its bound"),
        ([Measurement("output", 1e-3, 1e-2)], "the error 0.001 is above the ceiling 1e-"),
        ([Measurement("output", 1e-13, 7.0)], "the bound 7 is above the ceiling 1e-1"),
        ([], "nothing was measured"),
    ],
)
def test_a_sweep_that_fails_is_a_problem(
    planted: list[Measurement], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what was met and how to see it again, no report is written, and the check fails as well."""
    monkeypatch.setitem(THEOREMS, "absorption", lambda sample, p: planted)
    result = document("absorption.md")
    for problems in (publish([result], tmp_path / "new"), verify([result], tmp_path / "new")):
        assert message in "\n".join(problems) and "proofs/absorption.md: evidence: seed 0" in problems[0]
        assert "again: symbolic-mla sweep --cases 1 --seed 0 --precision float32" in problems[0]
    assert not (tmp_path / "new").exists()


def test_a_sweep_that_crashes_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exception is named."""

    def crash(sample: object, p: object) -> list[Measurement]:
        raise ZeroDivisionError("planted")

    monkeypatch.setitem(THEOREMS, "absorption", crash)
    found = evidence(document("absorption.md"))
    assert found is not None and len(found.problems) == 12 and "ZeroDivisionError: planted" in found.problems[0]


def test_an_error_without_a_ceiling_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new kind of error is not printed as if it had been bounded."""
    monkeypatch.setitem(THEOREMS, "absorption", lambda sample, p: [Measurement("new", 1e-20, 1e-19)])
    found = evidence(document("absorption.md"))
    assert found is not None and "no ceiling for new of absorption at float32" in found.problems[0]


def test_a_sweep_of_nothing_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """No result at all is no evidence."""
    real = sweep.run_sweep
    monkeypatch.setattr(sweep, "run_sweep", lambda *a, **k: replace(real(*a, **k), results=()))
    found = evidence(document("absorption.md"))
    assert found is not None and "the sweep measured nothing" in found.problems[0]


def test_figures_that_show_no_theorem_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors above their bounds, and errors that do not fall with the precision."""
    bad = figure_data.Curve((10, 20), (1e-11, 1e-12), (1e-12, 1e-11))
    monkeypatch.setattr(module, "MEASURED", {ILLUSTRATED: (module.Measured("absorption", ("a",)),)})
    monkeypatch.setattr(figure_data, "precision_curve", lambda sample: bad)
    found = evidence(document(ILLUSTRATED, ("a",)))
    assert found is not None and len(found.problems) == 2
    assert "the figure of precision: at 10 the error 1e-11 is above its bound 1e-12" in found.problems[0]
    assert "a digit of precision takes 0.1 digits off the error" in found.problems[1]


def test_figures_that_cannot_be_made_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where matplotlib is missing."""

    def missing(data: object) -> str:
        raise UnsupportedError("figures need matplotlib")

    monkeypatch.setattr(figures, "spectrum_figure", missing)
    found = evidence(document(ILLUSTRATED))
    assert found is not None and found.problems == ("proofs/gqa-is-mla.md: evidence: figures need matplotlib",)


@given(st.floats(min_value=1e-250, max_value=1e250))
def test_a_number_is_rounded_up_with_a_margin(x: float) -> None:
    """To a power of ten, at least twice the number and at most twenty times it."""
    assert 2 * x * (1 - 1e-12) <= above(x) <= 20 * x * (1 + 1e-12)
    assert f"{above(x):.0e}".startswith("1e")
