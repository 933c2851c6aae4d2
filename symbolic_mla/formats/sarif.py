"""SARIF 2.1.0, which code scanning and editors read (OASIS standard, sections 3.13 to 3.30)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.diagnostics.codes import CODES, Code
from symbolic_mla.diagnostics.diagnostic import Diagnostic
from symbolic_mla.diagnostics.of_document import diagnose

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULE_IDS = tuple(CODES)


def sarif(results: Sequence[DocumentResult], only: str | None = None) -> str:
    """One run; a result for everything that is not as its document expects. Columns count code points."""
    from importlib.metadata import version

    codes = [result.exit_code for result in results]
    driver = {
        "name": "symbolic-mla",
        "version": version("symbolic_mla"),
        "rules": [_rule(code) for code in CODES.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": 2 not in codes}],
        "results": [_result(d) for result in results for d in diagnose(result, only)],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    """A rule with the descriptions and the help that GitHub's code scanning does not do without."""
    help_ = f"{code.meaning} {code.fix}"
    return {"id": code.code, "name": code.rule, "shortDescription": {"text": code.meaning},
            "fullDescription": {"text": code.meaning}, "help": {"text": help_}}  # fmt: skip


def _result(finding: Diagnostic) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(finding.path)}
    if finding.span is not None:
        span = finding.span
        location["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    place: dict[str, Any] = {"physicalLocation": location}
    if finding.claim is not None:
        place["logicalLocations"] = [{"name": finding.claim, "kind": "member"}]
    return {
        "ruleId": finding.code,
        "ruleIndex": _RULE_IDS.index(finding.code),
        "level": finding.severity,
        "message": {"text": f"{finding.title}\n{finding.text}"},
        "locations": [place],
    }


def _artifact(path: str) -> dict[str, str]:
    """A URI: relative to the root of the sources, or absolute as a file; standard input has a name only."""
    if path == "-":
        return {"uri": "standard-input"}
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(Path(path).as_posix()), "uriBaseId": "%SRCROOT%"}
