"""Workflow commands of GitHub Actions: annotations that stand at their line in a pull request.

The form and its escapes: *Workflow commands for GitHub Actions*, and `@actions/core`, command.ts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.formats.findings import Finding, findings

_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def github(results: Sequence[DocumentResult], only: str | None = None) -> str:
    """One annotation a line for everything that is not as its document expects."""
    return "".join(f"{annotation(f)}\n" for result in results for f in findings(result, only))


def annotation(finding: Finding) -> str:
    """`::error file=...,line=...,col=...::message`; standard input has no file.

    >>> annotation(Finding("a.md", "refuted", "error", "c: refuted", "50 %\\nof it"))
    '::error file=a.md,title=c%3A refuted::50 %25%0Aof it'
    """
    properties: dict[str, object] = {} if finding.path == "-" else {"file": Path(finding.path).as_posix()}
    if finding.span is not None:
        span = finding.span
        properties |= {"line": span.line, "endLine": span.end_line}
        if span.end_line == span.line:  # columns of several lines are refused
            properties |= {"col": span.column, "endColumn": span.end_column}
    properties["title"] = finding.title
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMAND[finding.level]} {listed}::{_data(finding.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
