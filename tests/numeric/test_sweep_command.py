"""`symbolic-mla sweep`: what it prints, and with which exit."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

from symbolic_mla.cli import cli, main
from symbolic_mla.commands import sweep as command
from symbolic_mla.numeric.theorems import THEOREMS, Measurement

SHORT = ["sweep", "--cases", "2", "--precision", "float64,mp20"]


def test_the_command_knows_the_theorems():
    """Its list, which is there without NumPy, is that of the sweep."""
    assert sorted(command.THEOREMS) == sorted(THEOREMS)


def test_text_and_json_say_the_same():
    """Precisions, cases and the verdict; exit 0."""
    text = CliRunner().invoke(cli, [*SHORT, "--theorem", "gqa-as-mla"])
    data = CliRunner().invoke(cli, [*SHORT, "--theorem", "gqa-as-mla", "--format", "json"])
    assert text.exit_code == 0 == data.exit_code
    assert "2 cases, seeds 0 to 1: every error is within its bound (evidence, not proof)" in text.output
    read = json.loads(data.output)
    assert read["ok"] and len(read["results"]) == 4 and read["precisions"] == ["float64", "mp20"]


def test_a_broken_bound_is_exit_1_with_the_seed(monkeypatch):
    """What shows it again is printed, and runs."""
    monkeypatch.setitem(THEOREMS, "rounding", lambda sample, p: [Measurement("output", 2.0, 1.0 + sample.seed % 2)])
    found = CliRunner().invoke(cli, ["sweep", "--cases", "3", "--theorem", "rounding", "--precision", "float64"])
    again = "symbolic-mla sweep --cases 1 --seed 2 --precision float64 --theorem rounding"
    assert found.exit_code == 1 and f"again: {again}" in found.output
    assert CliRunner().invoke(cli, again.split()[1:]).exit_code == 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--cases", "0"], "a sweep of 0 cases"),
        (["--cases", "1.5"], "'1.5' is not a valid integer"),
        (["--precision", "float16"], "the precision 'float16' is not known"),
        (["--precision", "mp251"], "mp10 to mp250"),
        (["--theorem", "other"], "no theorem 'other' is measured"),
        (["--jobs", "0"], "by 0 jobs"),
        (["--format", "xml"], "'xml' is not one of"),
    ],
)
def test_bad_arguments_are_exit_2(arguments, message, monkeypatch, capsys):
    """Nothing was measured, so there is no verdict."""
    monkeypatch.setattr(sys, "argv", ["symbolic-mla", "sweep", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2 and message in capsys.readouterr().err
