"""JUnit's XML, as test reporters read it: a document is a suite, a claim or an error block a case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult
from symbolic_mla.diagnostics.diagnostic import Diagnostic
from symbolic_mla.diagnostics.of_document import of_block, of_claim, of_fatal

_FAILURES = ("D001", "D002", "D003", "D004")  # all else is an error
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def junit(results: Sequence[DocumentResult], only: str | None = None) -> str:
    """A claim that is refuted or undecided against its document is a failure, one with an error an error.

    What cannot be read is a case of its own, `document`, with an error. Times are left out, so that the same
    documents give the same bytes.
    """
    root = ET.Element("testsuites", name="symbolic-mla")
    for result in results:
        _suite(root, result, only)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, result: DocumentResult, only: str | None) -> None:
    suite = ET.SubElement(root, "testsuite", name=_xml(result.path))
    for part in result.parts:
        if isinstance(part, ClaimResult) and only in (None, part.id):
            _case(suite, result, part.id, part.item.span.line, of_claim(part, result))
        elif isinstance(part, ErrorBlockResult) and only is None:
            line = part.block.span.line
            _case(suite, result, f"error block on line {line}", line, of_block(part, result))
    if result.fatal is not None:
        line = result.fatal.span.line if result.fatal.span else 1
        _case(suite, result, "document", line, of_fatal(result))
    if result.warnings:
        ET.SubElement(suite, "system-out").text = _xml("\n".join(result.warnings))
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    suite.set("skipped", "0")


def _case(suite: ET.Element, result: DocumentResult, name: str, line: int, found: Iterable[Diagnostic]) -> None:
    """One case with at most one outcome, as its readers expect; the first finding names it."""
    path = _xml(result.path)
    case = ET.SubElement(suite, "testcase", classname=path, name=_xml(name), file=path, line=str(line))
    shown = list(found)
    if shown:
        error = any(d.code not in _FAILURES for d in shown)
        first = next((d for d in shown if d.code not in _FAILURES), shown[0])
        kind = f"{first.code} {first.rule}"
        outcome = ET.SubElement(case, "error" if error else "failure", message=_xml(first.title), type=kind)
        outcome.text = _xml("\n\n".join(d.text for d in shown))


def _xml(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
