"""Workflow commands of GitHub Actions: annotations that stand at their line in a pull request.

The form and its escapes: *Workflow commands for GitHub Actions*, and `@actions/core`, command.ts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.diagnostics.diagnostic import Diagnostic
from symbolic_mla.diagnostics.of_document import diagnose

_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def github(results: Sequence[DocumentResult], only: str | None = None) -> str:
    """One annotation a line for everything that is not as its document expects."""
    return "".join(f"{annotation(d)}\n" for result in results for d in diagnose(result, only))


def annotation(finding: Diagnostic) -> str:
    """`::error file=...,line=...,col=...::message`; standard input has no file.

    >>> annotation(Diagnostic("a.md", "D001", "error", "c: refuted", "50 %\\nof it"))
    '::error file=a.md,title=D001 c%3A refuted::a.md: D001 refuted: 50 %25%0Aof it'
    """
    properties: dict[str, object] = {} if finding.path == "-" else {"file": Path(finding.path).as_posix()}
    if finding.span is not None:
        span = finding.span
        properties |= {"line": span.line, "endLine": span.end_line}
        if span.end_line == span.line:  # columns of several lines are refused
            properties |= {"col": span.column, "endColumn": span.end_column}
    properties["title"] = f"{finding.code} {finding.title}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMAND[finding.severity]} {listed}::{_data(finding.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
