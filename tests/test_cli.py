"""The command as its user drives it: the documents of the issue, folders, standard input, certificates, reports."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import click
import pytest
from click.testing import CliRunner

import symbolic_mla.report.files
from symbolic_mla.cli import main
from symbolic_mla.formats.reference import language_reference

EXAMPLES = Path(__file__).parent / "language" / "examples"
VERDICTS = {
    "absorption": (0, {"scores": "proved", "outputs": "proved"}),
    "gqa-as-mla": (
        0,
        {
            "tiled-equality": "proved",
            "rank-bound": "proved",
            "factorisation": "proved",
            "factorisation-by-svd": "proved",
            "attention": "proved",
        },
    ),
    "shared-latent": (
        0,
        {
            "shared-down-projection": "refuted",
            "doubled-latent": "proved",
            "doubled-latent-without-a-witness": "proved",
        },
    ),
    "interleaved": (0, {"the-two-orders": "proved", "interleaved-rank": "proved"}),
    "hand-derivation": (1, {"slip": "error", "square-of-a-sum": "refuted"}),
}


@dataclass(frozen=True)
class Outcome:
    """What a run gave back."""

    exit: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class _Program(click.Command):
    """The entry point as a command, so that click's runner can isolate it: errors end in `main`, as for a user."""

    def main(self, args: Any = None, prog_name: Any = None, **rest: Any) -> Any:
        before = sys.argv
        sys.argv = ["symbolic-mla", *args]
        try:
            main()
        finally:
            sys.argv = before


def run(*arguments: str | Path, stdin: bytes = b"") -> Outcome:
    """The command in this process. Anything but an exit, a traceback that is, fails the test."""
    result = CliRunner().invoke(_Program("symbolic-mla"), [str(a) for a in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return Outcome(result.exit_code, result.stdout, result.stderr)


def process(*arguments: str | Path, stdin: bytes = b"", **rest: Any) -> Outcome:
    """`python -m symbolic_mla` in a process of its own."""
    command = [sys.executable, "-m", "symbolic_mla", *(str(a) for a in arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False, **rest)
    outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in outcome.all
    return outcome


def document(*lines: str) -> str:
    """A document with one derivation block."""
    return "\n".join(["# A document", "", "```derivation", *lines, "```", ""])


FINE = document("dims m", "given A, B : m × m", "claim fine: A + B = B + A", "refute wrong: A B = B A")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def claims(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """The claims of the only document of a JSON outcome, by name."""
    (found,) = outcome.json["documents"]
    return {c["id"]: c for c in found["claims"]}


# ---- the documents of the issue ------------------------------------------------------------------------


@pytest.mark.parametrize("name", VERDICTS)
def test_the_examples_come_out_as_stated(name: str) -> None:
    """Every claim has its verdict, in JSON and in words, and the exits are those of the issue."""
    expected_exit, expected = VERDICTS[name]
    outcome = run("check", EXAMPLES / f"{name}.md", "--format", "json")
    assert outcome.exit == expected_exit
    assert {k: c["verdict"] for k, c in claims(outcome).items()} == expected
    text = run("check", EXAMPLES / f"{name}.md")
    assert text.exit == expected_exit and text.err == ""
    assert all(re.search(rf"^  . {k}: {v}\b", text.out, re.MULTILINE) for k, v in expected.items())
    assert "\x1b[" not in text.out


def test_the_shared_latent_fails_at_two_copies_of_one_row() -> None:
    """The counterexample of shared-latent.md is n = 2, G = d = 1, with two rows that are independent."""
    outcome = run("check", EXAMPLES / "shared-latent.md", "--format", "json")
    (step,) = claims(outcome)["shared-down-projection"]["steps"]
    found = step["counterexample"]
    assert found["sizes"] == {"n": 2, "G": 1, "d": 1} and found["smallest"] is True
    ((a, b),), ((c, d),) = (json.loads(found["symbols"][w]) for w in ("W_K", "W_V"))
    assert a * d != b * c
    assert "smallest counterexample at" in run("check", EXAMPLES / "shared-latent.md").out


def test_the_square_of_a_sum_fails_at_two() -> None:
    """The last step alone is refuted, at m = 2, with entries 0 and ±1, where P Q is not Q P."""
    outcome = run("check", EXAMPLES / "hand-derivation.md", "--format", "json")
    steps = claims(outcome)["square-of-a-sum"]["steps"]
    assert [s["verdict"] for s in steps] == ["proved", "proved", "refuted"]
    found = steps[2]["counterexample"]
    assert found["sizes"] == {"m": 2}
    p, q = (json.loads(found["symbols"][name]) for name in "PQ")
    assert {x for matrix in (p, q) for row in matrix for x in row} <= {-1, 0, 1}

    def product(a: list[list[int]], b: list[list[int]]) -> list[list[int]]:
        columns = list(zip(*b, strict=True))
        return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in a]

    assert product(p, q) != product(q, p)


def test_the_slip_is_judged_line_by_line() -> None:
    """Lines one and two are proved; three and four are shape errors that name both axes, at their columns."""
    outcome = run("check", EXAMPLES / "hand-derivation.md", "--format", "json")
    steps = claims(outcome)["slip"]["steps"]
    assert [s["verdict"] for s in steps] == ["proved", "proved", "error", "error"]
    assert [s["line"] for s in steps] == [11, 12, 13, 14]
    assert "the columns of the first are k, the rows of the second are m" in steps[2]["message"]
    assert "the columns of the first are k, the rows of the second are p" in steps[3]["message"]
    text = run("check", EXAMPLES / "hand-derivation.md").out
    assert "hand-derivation.md:13:16: D101 shape: " in text and "hand-derivation.md:14:17: D101 shape: " in text
    assert re.search(r"13 \| +\u003d Bᵀ Cᵀ Aᵀ\n +\| +\^{5}\n", text)


def test_the_axiom_is_named() -> None:
    """Only the factorisation through the decomposition rests on an axiom."""
    found = claims(run("check", EXAMPLES / "gqa-as-mla.md", "--format", "json"))
    assert {k: c["axioms"] for k, c in found.items() if c["axioms"]} == {"factorisation-by-svd": ["svd"]}


# ---- the shape of the JSON -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", VERDICTS)
def test_json_has_the_shape_of_the_issue(name: str) -> None:
    """The keys that the issue gives, no others in a claim; a document may add its errors and warnings."""
    path = EXAMPLES / f"{name}.md"
    data = run("check", path, "--format", "json").json
    assert list(data) == ["documents"]
    for found in data["documents"]:
        assert {"path", "claims"} <= set(found) <= {"path", "claims", "errors", "warnings", "fatal", "diagnostics"}
        assert found["path"] == str(path)
        for claim in found["claims"]:
            assert list(claim) == ["id", "expected", "verdict", "axioms", "steps"]
            assert claim["expected"] in ("proved", "refuted")
            assert claim["verdict"] in ("proved", "refuted", "undecided", "error")
            for step in claim["steps"]:
                assert set(step) - {"counterexample", "message"} == {"line", "relation", "verdict"}
                assert ("counterexample" in step) == (step["verdict"] == "refuted")
                assert ("message" in step) == (step["verdict"] != "proved")
                assert isinstance(step["line"], int) and step["relation"] in ("=", "<=", ">=", "<", ">", "")


def test_json_of_an_undecided_step(here: Path) -> None:
    """It has a reason as its message, and no counterexample."""
    Path("b.md").write_text(
        document("dims m", "given A : m × m", "claim open: softmax(A) ones(m, 1) = ones(m, 1)"), encoding="utf-8"
    )
    outcome = run("check", "b.md", "--format", "json")
    (step,) = claims(outcome)["open"]["steps"]
    assert outcome.exit == 1
    assert (step["verdict"], set(step)) == ("undecided", {"line", "relation", "verdict", "message"})


# ---- where documents come from -------------------------------------------------------------------------


def test_standard_input() -> None:
    """A path of `-` reads standard input, and is called so."""
    outcome = run("check", "-", "--format", "json", stdin=FINE.encode())
    assert outcome.exit == 0
    assert outcome.json["documents"][0]["path"] == "-"
    assert {k: c["verdict"] for k, c in claims(outcome).items()} == {"fine": "proved", "wrong": "refuted"}


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf" + FINE.encode(), FINE.replace("\n", "\r\n").encode()], ids=["bom", "crlf"]
)
def test_marks_and_line_ends_of_other_systems(data: bytes) -> None:
    """A byte order mark and carriage returns change nothing."""
    assert run("check", "-", stdin=data).exit == 0


def test_one_claim() -> None:
    """`--claim` prints and counts only that claim; the fault of another is not its own."""
    path = EXAMPLES / "hand-derivation.md"
    assert set(claims(run("check", path, "--claim", "slip", "--format", "json"))) == {"slip"}
    mixed = document("dims m", "given A, B : m × m", "claim good: A = A", "claim bad: A = B").encode()
    assert run("check", "-", "--claim", "good", stdin=mixed).exit == 0
    outcome = run("check", "-", "--claim", "bad", stdin=mixed)
    assert outcome.exit == 1 and "good" not in outcome.out


def test_a_claim_that_is_not_there() -> None:
    """Exit 2, with the name, those that are there or the nearest of them, and no verdict."""
    outcome = run("check", EXAMPLES / "absorption.md", "--claim", "nothing")
    assert outcome.exit == 2 and "no claim `nothing`" in outcome.all and "proved" not in outcome.all
    assert "its claims: " in outcome.all
    near = run("check", "-", "--claim", "swpa", stdin="```derivation\ndims m\nclaim swap: m = m\n```\n")
    assert near.exit == 2 and "did you mean `swap`?" in near.all


def test_folders_stand_for_their_documents(here: Path) -> None:
    """All .md files below, in order; other files are left, and prose is skipped with a note."""
    (here / "proofs" / "deep").mkdir(parents=True)
    for name, text in (("b.md", FINE), ("a.md", "prose"), ("deep/c.md", FINE), ("notes.txt", "claim")):
        (here / "proofs" / name).write_text(text, encoding="utf-8")
    outcome = run("check", "proofs", "--format", "json")
    assert outcome.exit == 0
    assert [d["path"] for d in outcome.json["documents"]] == ["proofs/a.md", "proofs/b.md", "proofs/deep/c.md"]
    assert outcome.json["documents"][0]["warnings"] == ["skipped: no ```derivation block"]


def test_a_folder_without_documents(here: Path) -> None:
    """Exit 2: nothing was checked, which is no success."""
    outcome = run("check", ".")
    assert outcome.exit == 2 and "no .md file" in outcome.err


def test_many_documents_have_the_worst_exit(here: Path) -> None:
    """2 before 1 before 0, and a document that cannot be read leaves the others to be judged."""
    Path("good.md").write_text(FINE, encoding="utf-8")
    Path("bad.md").write_text(document("dims m", "claim a: m = 2"), encoding="utf-8")
    Path("worse.md").write_bytes(b"\xff")
    assert run("check", "good.md", "good.md").exit == 0
    assert run("check", "bad.md", "good.md").exit == 1
    outcome = run("check", "worse.md", "bad.md", "good.md")
    assert outcome.exit == 2
    assert "a: refuted" in outcome.out and "fine: proved" in outcome.out


# ---- bad input -----------------------------------------------------------------------------------------

NESTED = "(" * 10_000 + "A" + ")" * 10_000
BAD: dict[str, tuple[str | bytes, int, str]] = {
    "unknown name": (document("dims m", "given A : m × m", "claim a: A Q = A"), 1, ":6:12: D103 name: nothing"),
    "wrong shape": (document("dims m, k", "given A : m × k", "claim a: A A = A"), 1, ":6:10: D101 shape: the columns"),
    "unbalanced": (document("dims m", "given A : m × m", "claim a: (A (A = A"), 2, ":6:13: D104 syntax: `(` is never"),
    "closes nothing": (document("dims m", "given A : m × m", "claim a: A) = A"), 2, ":6:11: D104 syntax: `)` closes"),
    "10,000 brackets": (document("dims m", "given A : m × m", f"claim a: {NESTED} = A"), 2, "syntax: brackets nested"),
    "10,000 transposes": (document("dims m", "given A : m × m", f"claim a: A{'ᵀ' * 10_000} = A"), 2, "nested deeper"),
    "10,000 sums": (document("dims m", "given A : m × m", f"claim a: {'A + ' * 10_000}A = A"), 1, "budget"),
    "matrix to the 10^9": (document("dims m", "given A : m × m", "claim a: A^1000000000 = A"), 1, "budget: the exp"),
    "size to the 10^9": (document("dims m", "claim a: m^1000000000 >= 1"), 1, "budget: the exponent"),
    "tower": (document("dims m", "claim a: 2^9^9^9^9 >= 1"), 1, "budget: a number of more than"),
    "10^30 copies": (document("dims m", "given A : m × m", f"claim a: tile(A, {10**30}) = A"), 1, "a literal size"),
    "long number": (document("dims m", f"claim a: {'9' * 5_000} >= m"), 2, "a number of 5000 characters"),
    "not UTF-8": (b"# x\n\xff\xfe\n", 2, "not UTF-8: byte 0xFF at line 2, column 1"),
    "UTF-16": (FINE.encode("utf-16"), 2, "not UTF-8"),
    "duplicate claim": (document("dims m", "claim a: m = m", "claim a: 1 <= m"), 1, "`a` names two claims"),
    "faulty declaration": (document("dims m", "given A : q × m", "claim a: m = m"), 2, ":5:11: D103 name: nothing"),
    "open fence": ("```derivation\ndims m\nclaim a: m = m\n", 2, "never closed"),
    "unknown error kind": ("```derivation error nonsense\n```\n", 2, "nonsense"),
    "two things at once": (document("dims m", "given m : m × m", "claim a: 1 <= m"), 2, "`m` is already a dimension"),
    "null byte": (document("dims m", "claim a: m = \x00"), 2, ":5:14: D104 syntax: "),
    "bell": (document("dims m", "claim a: m = \x07"), 2, ":5:14: D104 syntax: an invisible character"),
    "no reason": (document("dims m", "claim a: m = m by nothing"), 1, "no earlier claim and no axiom"),
    "own reason": (document("dims m", "claim a: m = 2 m by a"), 1, "no earlier claim and no axiom"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_message_and_never_a_proof(name: str, here: Path) -> None:
    """A message with the place, the exit of the language, no traceback, and no claim `a` that is proved."""
    text, code, message = BAD[name]
    Path("bad.md").write_bytes(text.encode() if isinstance(text, str) else text)
    outcome = run("check", "bad.md")
    assert outcome.exit == code
    assert message in outcome.all and "bad.md" in outcome.all
    if name != "duplicate claim":
        assert "proved" not in re.sub("proved was expected", "", outcome.all)
    machine = run("check", "bad.md", "--format", "json")
    assert machine.exit == code
    assert [c["verdict"] for d in machine.json["documents"] for c in d["claims"]].count("proved") == (
        1 if name == "duplicate claim" else 0
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [("", "the document is empty"), ("# Prose\n", "no ```derivation block"), (document("dims m"), "nothing to check")],
    ids=["empty", "prose", "no claim"],
)
def test_nothing_to_check_is_said(text: str, note: str, here: Path) -> None:
    """A document that is empty, has no block or no claim: exit 0, a note, and no verdict."""
    Path("a.md").write_text(text, encoding="utf-8")
    outcome = run("check", "a.md")
    assert outcome.exit == 0 and re.search(f"  note: .*{re.escape(note)}", outcome.out)
    assert "proved" not in outcome.all


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "missing.md"], "missing.md"),
        (["check"], "Missing argument"),
        (["check", "--nope", "a.md"], "No such option"),
        (["check", "a.md", "--format", "yaml"], "yaml"),
        (["chekc", "a.md"], "No such command"),
        (["prove"], "proofs"),
        (["replay", "missing.txt"], "missing.txt"),
        (["replay", "."], "directory"),
        (["replay"], "Missing argument"),
    ],
)
def test_usage_errors(arguments: list[str], message: str, here: Path) -> None:
    """Exit 2 with a message."""
    outcome = run(*arguments)
    assert outcome.exit == 2 and message in outcome.all and "proved" not in outcome.all


def test_an_interrupt_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a check ends with 130, as shells expect."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("symbolic_mla.derivation.check.check_document", interrupted)
    assert run("check", EXAMPLES / "absorption.md").exit == 130


# ---- formats for machines, the reference ---------------------------------------------------------------


def test_formats_have_the_exits_of_text() -> None:
    """GitHub's annotations, JUnit and SARIF: readable, with the same exit codes."""
    for name, (code, _) in VERDICTS.items():
        path = EXAMPLES / f"{name}.md"
        annotations = run("check", path, "--format", "github")
        xml = run("check", path, "--format", "junit")
        log = run("check", path, "--format", "sarif")
        assert annotations.exit == xml.exit == log.exit == code
        assert (annotations.out == "") == (code == 0)
        assert (ET.fromstring(xml.out).findtext(".//failure") is None) == (code == 0)
        assert (log.json["runs"][0]["results"] == []) == (code == 0)


def test_what_cannot_be_read_is_an_annotation(here: Path) -> None:
    """A file that is not text is an error at its place, exit 2, and the file after it is judged."""
    Path("a.md").write_bytes(b"x\n\xff")
    Path("b.md").write_text(document("dims m", "claim a: m = 2"), encoding="utf-8")
    outcome = run("check", "a.md", "b.md", "--format", "github")
    assert outcome.exit == 2
    first, second = outcome.out.splitlines()
    assert first.startswith("::error file=a.md,line=2,endLine=2,col=1,endColumn=2,")
    assert second.startswith("::error file=b.md,line=5,")


def test_the_reference_is_printed() -> None:
    """`reference` prints what ships with the package."""
    outcome = run("reference")
    assert outcome.exit == 0 and outcome.out == language_reference()


def test_help_and_version() -> None:
    """Each command is named with what it does."""
    outcome = run("--help")
    assert outcome.exit == 0
    for name in ("check", "prove", "replay", "reference"):
        assert re.search(rf"^  {name} +\w", outcome.out, re.MULTILINE)
    assert re.fullmatch(r"symbolic-mla \d+\.\d+\.\d+\n", run("--version").out)


# ---- processes of their own ----------------------------------------------------------------------------


def test_the_module_is_the_command() -> None:
    """`python -m symbolic_mla` does what `symbolic-mla` does."""
    outcome = process("check", EXAMPLES / "absorption.md", "--format", "json")
    assert outcome.exit == 0
    assert outcome.json == run("check", EXAMPLES / "absorption.md", "--format", "json").json


def test_the_installed_script() -> None:
    """The script beside this Python runs the same entry point."""
    script = Path(sys.executable).with_name("symbolic-mla")
    if not script.exists():
        pytest.skip("the package is not installed beside this Python")
    done = subprocess.run([script, "--version"], capture_output=True, timeout=60, check=True)
    assert done.stdout.decode() == run("--version").out


def test_bombs_in_a_process_of_its_own(here: Path) -> None:
    """Brackets and exponents that would exhaust the stack or the memory end at once, with their exits."""
    for name in ("10,000 brackets", "10,000 transposes", "tower"):
        text, code, message = BAD[name]
        outcome = process("check", "-", stdin=str(text).encode())
        assert outcome.exit == code and message in outcome.all


def test_standard_input_in_a_terminal_without_unicode() -> None:
    """Output that is no UTF-8 terminal's gets its text all the same."""
    outcome = process("check", "-", stdin=FINE.encode(), env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert outcome.exit == 0 and "fine: proved" in outcome.out


def test_a_reader_that_leaves() -> None:
    """`symbolic-mla reference | head` is no traceback."""
    command = f"{sys.executable} -m symbolic_mla reference | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, timeout=60, check=True)
    assert done.stdout.decode() == "# The derivation language\n" and b"Traceback" not in done.stderr


def test_a_check_imports_neither_numpy_nor_sympy() -> None:
    """They would cost more than the check of the founding document takes."""
    code = (
        "import sys\n"
        "from symbolic_mla.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    heavy = {'numpy', 'sympy', 'mpmath', 'flint'} & set(sys.modules)\n"
        "    sys.exit(f'imported: {heavy}' if heavy else end.code)\n"
    )
    command = [sys.executable, "-c", code, "check", str(EXAMPLES / "gqa-as-mla.md")]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()


# ---- certificates --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The certificate of a proved claim, as `prove` writes it."""
    folder = tmp_path_factory.mktemp("certificates")
    text = document("dims m", "given A, B : m × m", "claim fine: (A B)ᵀ = Bᵀ Aᵀ")
    (folder / "a.md").write_text(text, encoding="utf-8")
    assert run("prove", folder / "a.md", "--reports", folder / "reports").exit == 0
    return (folder / "reports" / "certificates" / "a.fine.txt").read_text(encoding="utf-8")


def test_a_certificate_replays_in_a_fresh_process(here: Path, certificate: str) -> None:
    """It prints the theorem with its quantifiers."""
    Path("good.txt").write_text(certificate, encoding="utf-8")
    outcome = process("replay", "good.txt")
    assert outcome.exit == 0
    assert "theorem: " in outcome.out and "for all dims m" in outcome.out


def _without_a_line(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(lines[:3] + lines[4:])


MUTATIONS: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "another header": lambda text: "x" + text,
    "cut off": lambda text: text[: len(text) // 2],
    "a line less": _without_a_line,
    "no JSON": lambda text: text + "\n}{",
    "another tag": lambda text: text.replace('"einsum"', '"nonsense"', 1),
    "another shape": lambda text: text.replace('"atom"', '"atom", 7', 1),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutated_certificate_is_refused(name: str, here: Path, certificate: str) -> None:
    """Exit 2 with a message, and no theorem."""
    mutated = MUTATIONS[name](certificate)
    assert mutated != certificate
    Path("bad.txt").write_text(mutated, encoding="utf-8")
    outcome = run("replay", "bad.txt")
    assert outcome.exit == 2 and "theorem" not in outcome.out
    assert outcome.err.startswith("symbolic-mla: ")


def test_a_document_is_no_certificate() -> None:
    """Exit 2, with what is expected."""
    outcome = run("replay", EXAMPLES / "absorption.md")
    assert outcome.exit == 2 and "is no certificate" in outcome.err and "reports/certificates" in outcome.err


def test_a_certificate_that_is_no_text(here: Path) -> None:
    """Exit 2, and the file is named."""
    Path("bytes.txt").write_bytes(b"\xff\xfe")
    outcome = run("replay", "bytes.txt")
    assert outcome.exit == 2 and "bytes.txt: not UTF-8" in outcome.err


# ---- reports -------------------------------------------------------------------------------------------


@pytest.fixture
def proofs(here: Path) -> Path:
    """A folder with one document in proofs/, whose reports are written."""
    (here / "proofs").mkdir()
    (here / "proofs" / "a.md").write_text(FINE, encoding="utf-8")
    outcome = run("prove")
    assert outcome.exit == 0
    assert "1 documents, 2 claims: 1 proved, 1 refuted; 2 as expected" in outcome.out
    return here


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, but for those that a killed run has not yet moved to their places."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix != ".tmp"
    }


def test_reports_that_are_what_would_be_written(proofs: Path) -> None:
    """`prove --check` passes, changes nothing, and a second `prove` writes the same bytes."""
    before = files(proofs / "reports")
    assert set(before) == {"README.md", "a.md", "certificates/a.fine.txt", "index.json"}
    assert run("prove", "--check").exit == 0
    assert run("prove").exit == 0
    assert files(proofs / "reports") == before


@pytest.mark.parametrize("name", ["README.md", "a.md", "certificates/a.fine.txt", "index.json"])
@pytest.mark.parametrize("change", ["edited", "removed"])
def test_a_stale_report_fails_the_check(proofs: Path, name: str, change: str) -> None:
    """Exit 1 and the file's name, and nothing is written."""
    path = proofs / "reports" / name
    if change == "edited":
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    else:
        path.unlink()
    before = files(proofs / "reports")
    outcome = run("prove", "--check")
    assert outcome.exit == 1 and f"stale: reports/{name}" in outcome.err
    assert files(proofs / "reports") == before


def test_a_changed_document_makes_its_report_stale(proofs: Path) -> None:
    """And so does one that went away: its report belongs to nothing."""
    (proofs / "proofs" / "a.md").write_text(FINE.replace("A + B = B + A", "A + A = 2 A"), encoding="utf-8")
    assert run("prove", "--check").exit == 1
    (proofs / "proofs" / "a.md").rename(proofs / "proofs" / "b.md")
    outcome = run("prove", "--check")
    assert outcome.exit == 1 and "stale: reports/a.md" in outcome.err and "stale: reports/b.md" in outcome.err


def test_a_claim_that_is_not_as_expected_has_a_report_and_an_exit(here: Path) -> None:
    """`prove` writes what it found, and ends with 1."""
    Path("a.md").write_text(document("dims m", "claim small: m <= 2"), encoding="utf-8")
    outcome = run("prove", "a.md", "--reports", "out")
    assert outcome.exit == 1
    assert "refuted" in Path("out/a.md").read_text(encoding="utf-8")


def test_a_directory_that_cannot_be_written(proofs: Path) -> None:
    """A file in the place of the directory: one message, exit 2, and the file is as it was."""
    Path("taken").write_text("mine", encoding="utf-8")
    outcome = run("prove", "--reports", "taken")
    assert outcome.exit == 2 and "cannot write taken" in outcome.err and "--reports DIR" in outcome.err
    assert Path("taken").read_text(encoding="utf-8") == "mine"
    deeper = run("prove", "--reports", "taken/deeper")
    assert deeper.exit == 2 and "cannot write taken/deeper" in deeper.err


def test_a_disk_that_is_full(proofs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the system in the middle of a write: one message, exit 2, the old text, no scraps."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (proofs / "proofs" / "a.md").write_text(FINE.replace("fine", "finer"), encoding="utf-8")
    before = files(proofs / "reports")
    monkeypatch.setattr(symbolic_mla.report.files.os, "fsync", full)
    outcome = run("prove")
    assert outcome.exit == 2 and "No space left on device" in outcome.err
    assert files(proofs / "reports") == before
    assert not list((proofs / "reports").rglob("*.tmp"))


KILLED = """
import os, signal, sys
from symbolic_mla.cli import main
left = {at}
original = os.fsync
def fsync(handle):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    original(handle)
os.fsync = fsync
sys.argv = ["symbolic-mla", "prove"]
main()
"""


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_run_that_is_killed_leaves_old_or_new(proofs: Path, at: int) -> None:
    """Killed while it writes its first, second or third file: each file is the old one or the new one, whole."""
    reports = proofs / "reports"
    (proofs / "proofs" / "a.md").write_text(FINE.replace("A + B = B + A", "A + A = 2 A"), encoding="utf-8")
    old = files(reports)
    done = subprocess.run([sys.executable, "-c", KILLED.format(at=at)], capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    found = files(reports)
    assert run("prove").exit == 0
    new = files(reports)
    assert old != new
    assert all(found[name] in (old.get(name), new.get(name)) for name in found)
    assert set(found) >= set(old) & set(new)
    assert sum(found[name] != old.get(name) for name in found) == at
    assert run("prove", "--check").exit == 0
