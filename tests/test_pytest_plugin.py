"""Derivation documents as tests of pytest, for those who opt in."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import symbolic_mla.derivation.check as check
import symbolic_mla.formats  # noqa: F401 # with check: loaded here once, and not again by every inner run

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def _no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


GOOD = """# Good

```derivation
dims m
given A, B : m × m
claim sums: A + B = B + A
refute products: A B = B A
```

```derivation error shape
given C : m × 2
claim trap: C A = C
```
"""
WRONG = """# Wrong

```derivation
dims m
given P, Q : m × m

claim square-of-a-sum:
    (P + Q)² = P² + P Q + Q P + Q²
             = P² + 2 P Q + Q²
claim shapes: P x = P
claim true: P = P
refute false: P = P
```

```derivation error shape
claim trap: P Q = Q P
```
"""
UNREADABLE = {
    "brackets": "```derivation\ndims m\nclaim a: (m = m\n```\n",
    "declaration": "```derivation\ndims m\nclaim a: m = m\ngiven A : q × m\n```\n",
    "fence": "```derivation\ndims m\n",
}


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """pytest with the plugin and no other, in this process, whether or not its entry point is installed."""
    return pytester.runpytest_inprocess("-p", "symbolic_mla.pytest_plugin", "-p", "no:cacheprovider", *arguments)


def proofs(pytester: pytest.Pytester, **documents: str) -> None:
    """Documents in the folder proofs/."""
    folder = pytester.mkdir("proofs")
    for name, text in documents.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def test_each_claim_and_error_block_is_a_test(pytester: pytest.Pytester) -> None:
    """With --derivations: a claim that is proved passes, and so do an expected refutation and an expected error."""
    proofs(pytester, good=GOOD)
    result = run(pytester, "--derivations", "proofs", "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "proofs/good.md::sums PASSED*",
            "proofs/good.md::products PASSED*",
            "proofs/good.md::shape error on line 10 PASSED*",
        ]
    )


def test_a_failure_shows_the_diagnostic(pytester: pytest.Pytester) -> None:
    """The lines of the claim, the caret, the counterexample with both values, and no traceback."""
    proofs(pytester, wrong=WRONG)
    result = run(pytester, "--derivations", "proofs")
    result.assert_outcomes(passed=1, failed=4)
    result.stdout.fnmatch_lines(
        [
            "*square-of-a-sum: refuted; proved was expected",
            "*✓ line 8:*",
            "*✗ line 9:*",
            "*proofs/wrong.md:9:21: D001 refuted",
            "*9 |*= P² + 2 P Q + Q²",
            "*^^^^*",
            "*smallest counterexample at m = 2:",
            "*left side  = [[][[]1, 1], [[]0, 0]]",
            "*shapes: error; proved was expected",
            "*D103 name: nothing declares `x`",
            "*false: proved; refuted was expected",
            "*an error of kind shape was expected here, and no error was met",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_an_error_of_the_collection(pytester: pytest.Pytester, name: str) -> None:
    """It is interrupted as for a Python file that does not parse, with place and caret, and nothing passes."""
    proofs(pytester, **{name: UNREADABLE[name]})
    result = run(pytester, "--derivations", "proofs")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"proofs/{name}.md:*:*: *", "*^*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_bytes_that_are_no_text(pytester: pytest.Pytester) -> None:
    """A document that is not UTF-8 is an error of the collection."""
    (pytester.mkdir("proofs") / "a.md").write_bytes(b"\xff\n```derivation\ndims m\n```\n")
    result = run(pytester, "--derivations", "proofs")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*proofs/a.md:1:1: D110 input: not UTF-8*"])


def test_globs_of_the_ini_file(pytester: pytest.Pytester) -> None:
    """`derivation_files` chooses documents without an option; others, and those without a block, are left."""
    proofs(pytester, good=GOOD, README="# Prose\n")
    pytester.path.joinpath("notes.md").write_text(WRONG, encoding="utf-8")
    pytester.makeini("[pytest]\nderivation_files = proofs/*.md\n")
    run(pytester).assert_outcomes(passed=3)


def test_nothing_is_collected_without_opting_in(pytester: pytest.Pytester) -> None:
    """Neither document nor hook: a plain run is as if the plugin were not there."""
    proofs(pytester, wrong=WRONG)
    pytester.makepyfile(
        """
        def test_hooks(pytestconfig):
            assert not pytestconfig.pluginmanager.has_plugin("symbolic_mla-derivations")
        """
    )
    run(pytester, "--strict-markers").assert_outcomes(passed=1)


def test_a_plain_run_imports_nothing(pytester: pytest.Pytester) -> None:
    """Without opting in no module of symbolic_mla but the plugin is loaded, in a process of its own."""
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            ours = {name for name in sys.modules if name.startswith("symbolic_mla")}
            assert ours == {"symbolic_mla", "symbolic_mla.pytest_plugin"}
            assert "lark" not in sys.modules
        """
    )
    plugin = ["-p", "symbolic_mla.pytest_plugin", "-p", "no:cacheprovider"]
    result = pytester.run(sys.executable, "-m", "pytest", *plugin)
    result.assert_outcomes(passed=1)


def test_a_document_is_checked_once_and_only_if_needed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Collecting judges nothing; however many of its claims run, a document is checked once."""
    calls: list[str] = []
    original = check.check_document

    def counted(document: check.Document) -> check.DocumentResult:
        calls.append(document.path)
        return original(document)

    monkeypatch.setattr(check, "check_document", counted)
    proofs(pytester, good=GOOD)
    run(pytester, "--derivations", "--collect-only", "proofs")
    assert calls == []
    run(pytester, "--derivations", "proofs").assert_outcomes(passed=3)
    assert calls == ["proofs/good.md"]


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [(["proofs/good.md::products"], 1), (["-k", "sums", "proofs"], 1), (["-m", "derivation", "proofs"], 3)],
)
def test_claims_are_selected_as_tests_are(pytester: pytest.Pytester, arguments: list[str], passed: int) -> None:
    """By node id, by keyword, by marker, under --strict-markers."""
    proofs(pytester, good=GOOD)
    run(pytester, "--derivations", "--strict-markers", *arguments).assert_outcomes(
        passed=passed, deselected=0 if "::" in arguments[0] else 3 - passed
    )


def test_claims_of_one_name_are_two_tests(pytester: pytest.Pytester) -> None:
    """The second says its line, and fails: a claim has a name of its own."""
    proofs(pytester, twice="```derivation\ndims m\nclaim a: m = m\nclaim a: m = m\n```\n")
    result = run(pytester, "--derivations", "proofs", "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["proofs/twice.md::a PASSED*", "proofs/twice.md::a (line 4) FAILED*"])


def test_hypotheses_without_a_model_are_a_warning(pytester: pytest.Pytester) -> None:
    """Once for a document, and an error for those who make errors of warnings."""
    text = "dims m\ngiven A : m × m with A = A + I(m)\nclaim a: m = m\nclaim b: m = m"
    proofs(pytester, empty=f"```derivation\n{text}\n```\n")
    result = run(pytester, "--derivations", "proofs", "-W", "default")
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(["*DerivationWarning: proofs/empty.md: no model of the hypotheses*"])
    run(pytester, "--derivations", "proofs", "-W", "error").assert_outcomes(passed=1, failed=1)


def test_verdicts_are_in_pytests_own_xml(pytester: pytest.Pytester) -> None:
    """`--junitxml` has the verdict of each claim and the axioms as properties."""
    text = "dims p, q\ngiven W : p × q\nobtain U, S, V from svd(W)\nclaim a: W V = U S"
    proofs(pytester, svd=f"```derivation\n{text}\n```\n")
    run(pytester, "--derivations", "proofs", "--junitxml=out.xml").assert_outcomes(passed=1)
    root = ET.parse(Path(pytester.path, "out.xml")).getroot()
    properties = {p.get("name"): p.get("value") for p in root.iter("property")}
    assert properties == {"verdict": "proved", "axioms": "svd"}


FORMULAS = {
    "read all": "<!-- derivation math -->\n\n$$P, Q \\in \\mathbb{R}^{2 \\times 2}$$\n\n<!-- claim turned -->\n"
    "$$\\operatorname{tr}(P Q) = \\operatorname{tr}(Q P)$$\n",
    "fences": "```math given\nP, Q \\in \\mathbb{R}^{2 \\times 2}\n```\n\n```math claim turned\n"
    "\\operatorname{tr}(P Q) = \\operatorname{tr}(Q P)\n```\n",
}


@pytest.mark.parametrize("text", FORMULAS.values(), ids=list(FORMULAS))
def test_a_document_of_formulas_is_a_document(text: str, pytester: pytest.Pytester) -> None:
    """Marked LaTeX is collected too, without any derivation block; plain mathematics is not."""
    (pytester.mkdir("proofs") / "a.md").write_text(text, encoding="utf-8")
    (pytester.path / "proofs" / "b.md").write_text("$$a = b$$\n\n```math\na = b\n```\n", encoding="utf-8")
    run(pytester, "--derivations", "proofs").assert_outcomes(passed=1)
