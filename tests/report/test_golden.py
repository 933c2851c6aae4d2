"""Reports as they were read by a person and found good; and the same bytes wherever they are made."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from symbolic_mla.laws import replay
from symbolic_mla.report.index import all_files, stale
from symbolic_mla.report.made import Report
from tests.golden.make import HERE, golden_reports

ROOT = HERE.parent.parent
MATH = re.compile(r"\$`(.*?)`\$|```math\n(.*?)```", re.DOTALL)


@cache
def reports() -> tuple[Report, ...]:
    return tuple(golden_reports())


@cache
def files() -> dict[str, str]:
    return all_files(reports())


def test_reports_are_the_golden_ones() -> None:
    """Byte for byte; `python tests/golden/make.py` writes them again after a change that is meant."""
    assert stale(HERE / "reports", reports()) == []


def test_reports_do_not_depend_on_hashing_place_or_optimisation(tmp_path: Path) -> None:
    """Two processes with other hash seeds, another working directory and -O give the same bytes."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from tests.golden.make import golden_reports\n"
        "from symbolic_mla.report.index import all_files\n"
        "for name, text in sorted(all_files(golden_reports()).items()): sys.stdout.write(name + text)\n"
    )
    expected = "".join(name + text for name, text in sorted(files().items()))
    for seed, flags in (("1", []), ("2", ["-O"])):
        made = subprocess.run(
            [sys.executable, *flags, "-c", script, str(ROOT)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=tmp_path,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert made.returncode == 0, made.stderr.decode()
        assert made.stdout.decode() == expected


def test_reports_name_no_machine_and_no_date() -> None:
    """No absolute path, no address of an object, no year of today."""
    for name, text in files().items():
        assert not re.search(r"/(?:home|tmp|work|usr|root|Users)/|0x[0-9a-f]{6,}|\b20[2-9]\d-", text), name


def test_digests_are_those_of_the_certificates_and_they_replay() -> None:
    """Each certificate is named with its digest, and gives the theorems of its claim again."""
    for report in reports():
        for name, text in report.certificates.items():
            assert sha256(text.encode()).hexdigest() in report.markdown
            assert f"symbolic-mla replay reports/certificates/{name}" in report.markdown
            assert replay(text)


def test_links_go_somewhere() -> None:
    """Fragments name headings as GitHub spells them, and files are there."""
    for name, text in files().items():
        headings = {_anchor(line) for line in text.split("\n") if line.startswith("#")}
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            path, _, fragment = target.partition("#")
            if not path:
                assert fragment in headings, (name, target)
            elif not path.startswith("..") and name.endswith(".md"):
                assert path in files(), (name, target)
            elif path.startswith("../documents"):
                assert (HERE / "reports" / path.partition("?")[0]).exists(), (name, target)


def _anchor(heading: str) -> str:
    text = heading.lstrip("#").strip().lower()
    return "".join(c for c in text if c.isalnum() or c in " -_").replace(" ", "-")


@pytest.mark.parametrize("forbidden", ["operatorname", "mbox", "phantom", "newcommand", "def", "require", "href"])
def test_no_macro_that_github_refuses(forbidden: str) -> None:
    """GitHub shows an error instead of a formula with one of these."""
    for name, text in files().items():
        assert not re.search(rf"\\{forbidden}\b", text), name


def test_formulas_are_balanced_and_tables_are_whole() -> None:
    """Braces match, left meets right, and every row of a table has as many cells as its head."""
    for name, text in files().items():
        for inline, block in MATH.findall(text):
            formula = inline or block
            assert formula.count("{") == formula.count("}"), (name, formula)
            assert len(re.findall(r"\\left\b", formula)) == len(re.findall(r"\\right\b", formula)), (name, formula)
            assert formula.count(r"\begin") == formula.count(r"\end"), (name, formula)
        cells = None
        for line in text.split("\n") if name.endswith(".md") else ():
            if not line.startswith("| "):
                cells = None
                continue
            found = len(re.findall(r"(?<!\\)\|", line))
            assert cells in (None, found), (name, line)
            cells = found


def test_prose_is_told_from_what_is_checked() -> None:
    """Title and first paragraph open the report; a sentence that names no claim stands once, as commentary."""
    (text,) = [r.markdown for r in reports() if r.name == "everything"]
    assert text.startswith(
        "# Everything that a report can show\n\n> A first paragraph, with `code`, a link and a | bar."
    )
    assert text.count("A second one") == 1 and text.index("A second one") > text.index("Commentary, which no tool")
