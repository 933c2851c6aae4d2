"""Derivation documents as tests: `pytest --derivations proofs/`, or `derivation_files = proofs/*.md` in the ini file.

Each claim is a test, and each block that expects an error. A failure shows what `symbolic-mla check` shows. A
document that cannot be read is an error of the collection. Without the option and the setting the plugin does
nothing: no hook of its is called for a file or a test, and nothing of symbolic_mla is imported. There is nothing
to rewrite in it either (PYTEST_DONT_REWRITE).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult
    from symbolic_mla.language.documents import Document

# a block, or a formula with a mark, or the words by which all formulas are read
_FENCE = re.compile(
    rb"^[\s>*+\-0-9.)]*(?:```+|~~~+)[ \t]*(?:derivation\b|math[ \t]+\w)"
    rb"|<!--\s*(?:derivation|claim|refute|given|let|assume|obtain|error)\b",
    re.MULTILINE,
)


class NotAsExpected(Exception):
    """A claim or an error block of which the outcome is not what its document says."""


class DerivationWarning(UserWarning):
    """Something about a document that is worth a look, such as hypotheses of which no model was found."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option and the setting by which a project opts in."""
    group = parser.getgroup("derivations", "derivation documents (symbolic_mla)")
    group.addoption(
        "--derivations",
        action="store_true",
        help="Collect every .md file with a ```derivation block or a marked formula; each claim is a test.",
    )
    parser.addini(
        "derivation_files",
        "Globs of derivation documents, relative to the root directory (* goes over /): proofs/*.md",
        type="args",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin to collect documents, for those who opted in."""
    globs = config.getini("derivation_files")
    every = bool(config.getoption("--derivations"))
    if globs or every:
        config.addinivalue_line("markers", "derivation: a claim or an error block of a derivation document")
        config.pluginmanager.register(_Collection(config.rootpath, globs, every), "symbolic_mla-derivations")


class _Collection:
    def __init__(self, root: Path, globs: Sequence[str], every: bool) -> None:
        self.root = root
        self.globs = globs
        self.every = every

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> DerivationFile | None:
        if self._chosen(file_path) or (self.every and file_path.suffix == ".md" and _has_block(file_path)):
            found: DerivationFile = DerivationFile.from_parent(parent, path=file_path)
            return found
        return None

    def _chosen(self, path: Path) -> bool:
        relative = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        return any(fnmatchcase(relative.as_posix(), glob) for glob in self.globs)


def _has_block(path: Path) -> bool:
    try:
        return _FENCE.search(path.read_bytes()) is not None
    except OSError:
        return False


class DerivationFile(pytest.File):
    """A document. It is parsed when it is collected, and checked once, when the first of its tests runs."""

    document: Document
    _checked: DocumentResult | None = None

    def collect(self) -> Iterator[DerivationItem]:
        """A test for each claim and each error block, in order.

        Raises: CollectError with the diagnostic, for what makes `symbolic-mla check` exit with 2.
        """
        from symbolic_mla.errors import SymbolicMLAError
        from symbolic_mla.language.diagnostics import render_diagnostic
        from symbolic_mla.language.documents import decode, parse_document

        lines: list[str] = []
        try:
            text = decode(self.path.read_bytes())
            lines = text.split("\n")
            self.document = parse_document(text, path=self.nodeid)
            tests = _tests(self.document)
        except SymbolicMLAError as error:
            raise self.CollectError(render_diagnostic(error, path=self.nodeid, lines=lines)) from None
        except OSError as error:
            raise self.CollectError(f"cannot read {self.nodeid}: {error.strerror or error}") from None
        names = [name for name, _ in tests]
        for number, (name, line) in enumerate(tests):
            shown = name if names.index(name) == number else f"{name} (line {line})"
            yield DerivationItem.from_parent(self, name=shown, number=number, line=line)

    def judged(self, number: int) -> tuple[DocumentResult, ClaimResult | ErrorBlockResult]:
        """The outcome of one test, with that of the document, which is checked now unless it has been."""
        from symbolic_mla.derivation.check import check_document
        from symbolic_mla.derivation.results import ClaimResult, ErrorBlockResult
        from symbolic_mla.language.diagnostics import render_diagnostic

        if self._checked is None:
            self._checked = check_document(self.document)
            for text in self._checked.warnings:
                self.warn(DerivationWarning(f"{self.nodeid}: {text}"))
        parts = [p for p in self._checked.parts if isinstance(p, (ClaimResult, ErrorBlockResult))]
        if number >= len(parts):  # what stands in front of it could not be read after all
            fatal = self._checked.fatal
            shown = render_diagnostic(fatal, path=self.nodeid, lines=self.document.lines) if fatal else "not judged"
            raise NotAsExpected(shown)
        return self._checked, parts[number]


def _tests(document: Document) -> list[tuple[str, int]]:
    """The tests of a document, by name and line. Raises: SymbolicMLAError for what cannot be read."""
    from symbolic_mla.language import syntax as s
    from symbolic_mla.language.parse import ParseEnvironment, read_block
    from symbolic_mla.language.scope import Scope

    names, scope = ParseEnvironment(), Scope()
    found = []
    for block in document.blocks:
        if block.expected_error is not None:
            found.append((f"{block.expected_error} error on line {block.span.line}", block.span.line))
            continue
        for item in read_block(block, names):
            if isinstance(item, s.Claim):
                found.append((item.id.text, item.span.line))
            else:
                scope.declare(item)
    return found


class DerivationItem(pytest.Item):
    """A claim or an error block: it passes when its outcome is what the document says."""

    def __init__(self, *, number: int, line: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.number = number
        self.line = line
        self.add_marker("derivation")

    def runtest(self) -> None:
        """Raises: NotAsExpected."""
        from symbolic_mla.derivation.results import ClaimResult

        document = self.parent
        if not isinstance(document, DerivationFile):
            raise TypeError("a DerivationItem belongs to a DerivationFile")
        result, part = document.judged(self.number)
        if isinstance(part, ClaimResult):
            self.user_properties.append(("verdict", part.verdict))
            if part.axioms:
                self.user_properties.append(("axioms", ", ".join(part.axioms)))
        if not part.as_expected:
            lines = _claim(part, result) if isinstance(part, ClaimResult) else _block(part, result)
            raise NotAsExpected("\n".join(lines))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The diagnostic, and no traceback."""
        if isinstance(excinfo.value, (NotAsExpected, DerivationWarning)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the claim stands; pytest counts lines from 0."""
        return self.path, self.line - 1, self.name


def _claim(claim: ClaimResult, result: DocumentResult) -> Iterator[str]:
    from symbolic_mla.diagnostics.lines import step_lines

    yield f"{claim.id}: {claim.verdict}; {claim.expected} was expected"
    for step in claim.steps:
        yield from step_lines(step, claim, result)


def _block(block: ErrorBlockResult, result: DocumentResult) -> Iterator[str]:
    from symbolic_mla.diagnostics.of_document import of_block

    for finding in of_block(block, result):
        yield from finding.lines
