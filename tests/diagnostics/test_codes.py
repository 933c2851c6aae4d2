"""Every code is documented, is unique, and is what its example gives; every class of error has one."""

from __future__ import annotations

import doctest
from collections.abc import Iterator

import pytest

from symbolic_mla.crosscheck.agree import Disagreement
from symbolic_mla.derivation.check import check_document
from symbolic_mla.diagnostics.codes import CODES, Code, code_of
from symbolic_mla.diagnostics.diagnostic import Diagnostic
from symbolic_mla.diagnostics.of_document import diagnose
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language.documents import ERROR_KINDS, parse_document


def classes(root: type[SymbolicMLAError] = SymbolicMLAError) -> Iterator[type[SymbolicMLAError]]:
    """A class of error and all below it."""
    yield root
    for below in root.__subclasses__():
        if below.__module__.startswith("symbolic_mla"):
            yield from classes(below)


def found(example: str) -> list[Diagnostic]:
    """The diagnostics of an example."""
    text = example if "```" in example else f"```derivation\n{example}\n```\n"
    return list(diagnose(check_document(parse_document(text, path="a.md"))))


@pytest.mark.parametrize("code", [c for c in CODES.values() if c.example], ids=lambda c: c.code)
def test_an_example_gives_exactly_its_code(code: object) -> None:
    """The first finding, and the only kind of finding, of each example."""
    entry = next(c for c in CODES.values() if c is code)
    assert {d.code for d in found(entry.example)} == {entry.code}


@pytest.mark.parametrize("code", [c for c in CODES.values() if not c.example], ids=lambda c: c.code)
def test_a_session_ends_in_its_code(code: Code) -> None:
    """Where no document gives a code, the session of its page does, and with its last line."""
    *before, last = [x.source for x in doctest.DocTestParser().get_examples(code.python)]
    names: dict[str, object] = {}
    for line in before:
        exec(line, names)
    with pytest.raises(SymbolicMLAError) as caught:
        exec(last, names)
    assert code_of(caught.value) is code


def test_every_error_has_its_entry() -> None:
    """A class of error has a code of the registry, and those of different kinds have different codes."""
    every = set(classes())
    assert {c.code for c in every} <= set(CODES) and Disagreement in every
    own = [c for c in every if "code" in vars(c)]
    assert len({c.code for c in own}) == len(own)
    assert all(code_of(kind("x")).rule == name for name, kind in ERROR_KINDS.items())


def test_codes_and_rules_are_unique() -> None:
    """A code is D and three digits, ascending; its page is whole."""
    assert list(CODES) == sorted(CODES) and all(c[0] == "D" and len(c) == 4 and c[1:].isdigit() for c in CODES)
    assert len({c.rule for c in CODES.values()}) == len(CODES)
    assert all(c.meaning.endswith(".") and c.fix for c in CODES.values())


def test_an_error_without_entry_would_be_seen() -> None:
    """An error of an unknown code falls back to the general one, and the test above would name it."""

    class Stray(SymbolicMLAError):
        code = "D999"

    assert code_of(Stray("x")).code == "D100"
    assert Stray.code not in CODES
