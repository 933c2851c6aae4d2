"""The GitHub Action and the pre-commit hook do what their files say, on documents that hold and that do not."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
COMMAND = Path(sys.executable).with_name("symbolic-mla")

RIGHT = "```derivation\ndims m\ngiven A, B : m × m\nclaim sum: A + B = B + A\n```\n"
WRONG = "```derivation\ndims m\ngiven A, B : m × m\nclaim product: A B = B A\n```\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one document that holds, and one that does not, and one without a derivation."""
    for name, text in {"right.md": RIGHT, "notes/wrong.md": WRONG, "notes/prose.md": "# Prose\n"}.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def check_step(checkout: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """The Check step as a runner runs it, with what the Install step leaves; and the job's summary."""
    (step,) = (s for s in ACTION["runs"]["steps"] if s["name"] == "Check")
    temporary = checkout / "runner"
    (temporary / "symbolic-mla" / "bin").mkdir(parents=True)
    (temporary / "symbolic-mla" / "bin" / "symbolic-mla").symlink_to(COMMAND)
    summary = checkout / "summary.md"
    given = {name: inputs.get(name, declared.get("default")) for name, declared in ACTION["inputs"].items()}
    own = {k: given[v.removeprefix("${{ inputs.").removesuffix(" }}")] for k, v in step["env"].items()}
    env = {**os.environ, **own, "RUNNER_TEMP": str(temporary), "GITHUB_STEP_SUMMARY": str(summary)}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]  # `shell: bash` of a runner
    done = subprocess.run(shell, cwd=checkout, env=env, capture_output=True, text=True, timeout=60, check=False)
    return done, summary.read_text(encoding="utf-8") if summary.exists() else ""


def test_the_action_annotates_and_fails(checkout: Path) -> None:
    """The step has the exit of the check; the log has annotations and text, the summary the text, the files theirs."""
    done, summary = check_step(checkout, paths="right.md\nnotes/*.md", sarif="out.sarif", junit="out.xml")
    assert done.returncode == 1, done.stderr
    assert "::error file=notes/wrong.md,line=4," in done.stdout
    assert "product: refuted" in summary and "sum: proved" in summary and "\x1b" not in summary
    results = json.loads((checkout / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert [r["level"] for r in results] == ["note", "error"]  # prose is skipped, with a note
    suites = {suite.name: suite for suite in JUnitXml.fromfile(str(checkout / "out.xml"))}
    assert {name: (s.tests, s.failures) for name, s in suites.items()} == {
        "right.md": (1, 0),
        "notes/wrong.md": (1, 1),
        "notes/prose.md": (0, 0),
    }


def test_the_action_passes(checkout: Path) -> None:
    """Where all is as the documents say the step succeeds, and says what it judged."""
    done, summary = check_step(checkout, paths="right.md")
    assert (done.returncode, done.stderr) == (0, "") and "::error" not in done.stdout
    assert "sum: proved" in summary


@pytest.mark.parametrize("paths", ["missing.md", "--help", "$(touch ran)", "; touch ran"])
def test_the_action_takes_paths_for_paths(paths: str, checkout: Path) -> None:
    """What is no document is an error, neither an option nor a command."""
    done, _ = check_step(checkout, paths=paths)
    assert done.returncode == 2 and not (checkout / "ran").exists()


def test_the_install_step_installs_the_action() -> None:
    """It needs nothing but the package: a fresh environment, and the folder of the action."""
    step = ACTION["runs"]["steps"][0]
    assert step["env"] == {"PYTHON": "${{ inputs.python }}", "ACTION": "${{ github.action_path }}"}
    commands = [shlex.split(line) for line in step["run"].splitlines()]
    assert [c[1:3] for c in commands] == [["-m", "venv"], ["-m", "pip"]] and commands[1][-1] == "$ACTION"


@pytest.mark.parametrize(("files", "code"), [(["right.md", "notes/prose.md"], 0), (["right.md", "notes/wrong.md"], 1)])
def test_the_hook_fails_where_a_document_does(files: list[str], code: int, checkout: Path) -> None:
    """pre-commit runs the entry with the names of the changed files."""
    assert HOOK["language"] == "python" and HOOK["types"] == ["markdown"]
    name, *rest = shlex.split(HOOK["entry"])
    assert name == COMMAND.name
    done = subprocess.run([COMMAND, *rest, *files], cwd=checkout, capture_output=True, timeout=60, check=False)
    assert done.returncode == code


@pytest.mark.parametrize("value", ["sarif", "yaml=a", "=a", "junit="])
def test_a_format_that_cannot_be_saved(value: str, checkout: Path) -> None:
    """`--save` without a known format and a file is an error with the formats, before anything is judged."""
    command = [COMMAND, "check", "right.md", "--save", value]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "sarif" in done.stderr and done.stdout == ""
