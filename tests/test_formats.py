"""What machines read of a check: GitHub's annotations, JUnit's XML, SARIF."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.diagnostics.codes import CODES, RULES
from symbolic_mla.diagnostics.diagnostic import Diagnostic
from symbolic_mla.diagnostics.of_document import diagnose, unreadable
from symbolic_mla.errors import InputError, Span
from symbolic_mla.formats import RENDERERS, render
from symbolic_mla.formats.github import annotation
from symbolic_mla.language.documents import parse_document

MIXED = """# Some of each

```derivation
dims m, k
given P, Q : m × m, A : m × k
claim fine: P + Q = Q + P
claim slip:
    (P + Q)² = P² + P Q + Q P + Q²
             = P² + 2 P Q + Q²
claim shapes: A A = A
refute true: P = P
claim open: softmax(P) ones(m, 1) = ones(m, 1)
```

```derivation error shape
claim trap: A P = A
```

```derivation error name
claim trap: A P = A
```
"""
RULES_OF_MIXED = ["refuted", "shape", "not-refuted", "undecided", "no-error"]


def checked(text: str, path: str = "proofs/mixed.md") -> DocumentResult:
    """A document, checked."""
    return check_document(parse_document(text, path=path))


@pytest.fixture(scope="module")
def mixed() -> DocumentResult:
    return checked(MIXED)


def test_a_finding_for_everything_that_is_not_as_expected(mixed: DocumentResult) -> None:
    """In the order of the document, each at its own line; what is as expected is not mentioned."""
    found = list(diagnose(mixed))
    assert [f.rule for f in found] == RULES_OF_MIXED
    assert [f.span.line for f in found if f.span] == [9, 10, 11, 12, 19]
    assert [f.claim for f in found] == ["slip", "shapes", "true", "open", None]
    assert all(f.severity == "error" for f in found)
    assert "smallest counterexample at m = 2" in found[0].text and "left side  = [[1, 1], [0, 0]]" in found[0].text


def test_one_claim(mixed: DocumentResult) -> None:
    """With a name only that claim is looked at, and no error block."""
    assert [f.claim for f in diagnose(mixed, "slip")] == ["slip"]
    assert list(diagnose(mixed, "fine")) == []


@pytest.mark.parametrize("form", RENDERERS)
def test_the_same_bytes_each_time(form: str, mixed: DocumentResult) -> None:
    """No dates, no times, no machine paths; the text ends with one line end."""
    text = render(form, [mixed])
    assert text == render(form, [checked(MIXED)])
    assert text.endswith("\n") and not text.endswith("\n\n")


# ---- GitHub --------------------------------------------------------------------------------------------


def unescaped(text: str) -> str:
    """What Actions makes of an escaped value."""
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_annotations_have_place_title_and_message(mixed: DocumentResult) -> None:
    """One line each, `::error file=...,line=...,col=...::message`, and no separator inside a property."""
    lines = render("github", [mixed]).splitlines()
    assert len(lines) == len(RULES_OF_MIXED)
    for line, finding in zip(lines, diagnose(mixed), strict=True):
        match = re.fullmatch(r"::error ((?:[A-Za-z]+=[^:,]*,?)+)::(.*)", line)
        assert match is not None
        properties = dict(p.split("=", 1) for p in match[1].split(","))
        assert finding.span is not None
        assert (properties["file"], properties["line"]) == ("proofs/mixed.md", str(finding.span.line))
        assert unescaped(properties["title"]) == f"{finding.code} {finding.title}"
        assert unescaped(match[2]) == finding.text
        assert ("col" in properties) == (finding.span.line == finding.span.end_line)


def test_annotations_escape_what_would_end_them() -> None:
    """A per cent sign, a colon, a comma and line ends in any field stay data."""
    finding = Diagnostic("a,b:c%.md", "D103", "error", "x, y: 1", "50 %\r\nA", None, Span(1, 2, 1, 3))
    assert annotation(finding) == (
        "::error file=a%2Cb%3Ac%25.md,line=1,endLine=1,col=2,endColumn=3,title=D103 x%2C y%3A 1::"
        "a,b:c%25.md:1:2: D103 name: 50 %25%0D%0AA"
    )


@pytest.mark.parametrize(
    ("text", "command"),
    [("prose\n", "::notice file=a.md"), ("```derivation\ndims m\ngiven A : m × m with A = A + I(m)\n"
     "claim a: A = A\n```\n", "::warning file=a.md")],
    ids=["nothing to check", "perhaps vacuous"],
)  # fmt: skip
def test_warnings_are_no_errors(text: str, command: str) -> None:
    """A document without claims is a notice, and hypotheses without a model are a warning."""
    assert render("github", [checked(text, "a.md")]).startswith(command)


def test_nothing_to_say_is_no_text() -> None:
    """A document that is as expected has no annotation; standard input has no file."""
    fine = "```derivation\ndims m\nclaim a: m >= 1\n```\n"
    assert render("github", [checked(fine)]) == ""
    wrong = render("github", [checked(fine.replace("1", "2"), "-")])
    assert wrong.startswith("::error line=3,")


# ---- JUnit ---------------------------------------------------------------------------------------------


def test_junit_counts_what_it_lists(mixed: DocumentResult) -> None:
    """A case for each claim and error block, with one outcome at most; the counts of suite and root agree."""
    root = ET.fromstring(render("junit", [mixed, checked("prose", "b.md")]))
    assert root.tag == "testsuites"
    first, second = root.findall("testsuite")
    cases = {c.get("name"): [x.tag for x in c] for c in first.findall("testcase")}
    assert cases == {
        "fine": [],
        "slip": ["failure"],
        "shapes": ["error"],
        "true": ["failure"],
        "open": ["failure"],
        "error block on line 15": [],
        "error block on line 19": ["failure"],
    }
    for element in (root, first):
        counted = [len(list(element.iter(tag))) for tag in ("testcase", "failure", "error")]
        assert counted == [int(element.get(name, "-1")) for name in ("tests", "failures", "errors")]
    assert second.get("tests") == "0" and second.findtext("system-out") == "skipped: no ```derivation block"
    slip = first.find("testcase[@name='slip']")
    assert slip is not None and slip.get("file") == "proofs/mixed.md" and slip.get("line") == "7"
    assert "smallest counterexample at m = 2" in (slip.findtext("failure") or "")


def test_junit_holds_any_text() -> None:
    """Characters that XML cannot hold, and markup, do not break the document."""
    text = "```derivation\ndims m\nclaim a: m = \x00 <&>]]>\n```\n"
    root = ET.fromstring(render("junit", [checked(text, "a\x01<b>.md")]))
    (case,) = root.iter("testcase")
    assert case.get("name") == "document" and case.get("classname") == "a\ufffd<b>.md"
    (error,) = case
    assert error.tag == "error" and error.get("type") == "D104 syntax"


# ---- SARIF ---------------------------------------------------------------------------------------------


def sarif_run(text: str) -> dict[str, Any]:
    """The run of a log, after a check of all that the standard requires of what we write."""
    log = json.loads(text)
    assert set(log) == {"$schema", "version", "runs"} and log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "symbolic-mla" and re.match(r"\d+\.\d+", driver["version"])
    assert run["columnKind"] == "unicodeCodePoints"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids) == len(CODES)
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    # GitHub's code scanning asks for both
    assert all(rule["fullDescription"]["text"] and rule["help"]["text"] for rule in driver["rules"])
    assert [set(i) for i in run["invocations"]] == [{"executionSuccessful"}]
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error") and result["message"]["text"]
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        assert re.fullmatch(r"[\w.~:/%!$&'()*+;=@-]+", physical["artifactLocation"]["uri"], re.ASCII)
        region = physical.get("region")
        if region:
            start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
            assert (1, 1) <= start <= end
    found: dict[str, Any] = run
    return found


def test_sarif_results_and_their_places(mixed: DocumentResult) -> None:
    """A result for each finding, at its region, by a rule that is described; the run was successful."""
    run = sarif_run(render("sarif", [mixed]))
    assert [r["ruleId"] for r in run["results"]] == [RULES[rule].code for rule in RULES_OF_MIXED]
    shapes = run["results"][1]["locations"][0]
    assert shapes["physicalLocation"] == {
        "artifactLocation": {"uri": "proofs/mixed.md", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 10, "startColumn": 15, "endLine": 10, "endColumn": 18},
    }
    assert shapes["logicalLocations"] == [{"name": "shapes", "kind": "member"}]
    assert run["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("-", "standard-input"),
        ("/a b/ä.md", "file:///a%20b/%C3%A4.md"),
        ("ä b.md", "%C3%A4%20b.md"),
        ("./a.md", "a.md"),
    ],
)
def test_sarif_paths_are_uris(path: str, uri: str) -> None:
    """Spaces and letters beyond ASCII are quoted; an absolute path is a file."""
    run = sarif_run(render("sarif", [checked("```derivation\ndims m\nclaim a: m >= 2\n```\n", path)]))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


# ---- what cannot be read -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", RENDERERS)
def test_what_cannot_be_read_is_reported(form: str) -> None:
    """A document that is not text is an error in every format, and no verdict."""
    text = render(form, [unreadable("a.md", InputError("not UTF-8", span=Span(2, 1, 2, 2)))])
    assert "not UTF-8" in text
    if form == "sarif":
        assert sarif_run(text)["invocations"] == [{"executionSuccessful": False}]
    if form == "junit":
        assert ET.fromstring(text).get("errors") == "1"
    if form == "github":
        assert text.startswith("::error file=a.md,line=2,endLine=2,col=1,endColumn=2,")
