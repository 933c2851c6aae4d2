"""The language reference: whole, up to date, and true: every example in it is run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import symbolic_mla.language
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.citations import AXIOMS
from symbolic_mla.derivation.results import ORDER, ClaimResult
from symbolic_mla.formats.reference import LIMITS, MEANINGS, language_reference
from symbolic_mla.language import layout, near_misses, scan
from symbolic_mla.language.builtins import BUILTINS
from symbolic_mla.language.characters import INNER_WORDS, ITEM_WORDS
from symbolic_mla.language.documents import ERROR_KINDS, parse_document
from symbolic_mla.language.grammar import grammar_text
from symbolic_mla.language.reference import SLIPS, near_miss, reference

TEXT = language_reference()
SHIPPED = Path(symbolic_mla.language.__file__).with_name("reference.md")
EXAMPLE = re.compile(r"^(`{3,})(?:markdown)?\n(?P<text>.*?)\n\1\n\n→ (?P<outcome>[^\n]*)$", re.MULTILINE | re.DOTALL)
EXAMPLES = [(m["text"], m["outcome"]) for m in EXAMPLE.finditer(TEXT)]
WORD = re.compile(r"[A-Za-z]+")


def outcome(example: str) -> str:
    """What the checker says of an example, as the reference states it."""
    fenced = example if "```" in example else f"```derivation\n{example}\n```\n"
    result = check_document(parse_document(fenced))
    if result.fatal is not None:
        return f"not read: {result.fatal.kind}"
    found = [verdict(c) for c in result.claims]
    if len(result.claims) > 1 and set(found) != {"proved"}:
        found = [f"{c.id}: {v}" for c, v in zip(result.claims, found, strict=True)]
    found = ["proved"] if set(found) == {"proved"} else found
    met = {True: "met", False: "not met"}
    found += [f"the {b.block.expected_error} error is {met[b.as_expected]}" for b in result.error_blocks]
    return ", ".join([*found, *(["with a warning"] if result.warnings else [])])


def verdict(claim: ClaimResult) -> str:
    """The verdict of a claim; of an error, its kind too."""
    error = next((step.error for step in claim.steps if step.error is not None), None)
    return claim.verdict if error is None else f"error {error.kind}"


@pytest.mark.parametrize(("example", "stated"), EXAMPLES, ids=[f"{n}-{o[:30]}" for n, (_, o) in enumerate(EXAMPLES)])
def test_every_example_is_as_stated(example: str, stated: str) -> None:
    """The checker's answer to each example is the line behind it."""
    named = dict(part.split(": ", 1) for part in stated.split(", ") if ": " in part and not stated.startswith("not"))
    if named and set(named.values()) == {"proved"}:
        stated = "proved"
    assert outcome(example) == stated


def test_every_fence_but_the_grammar_is_an_example() -> None:
    """No code in the reference goes unchecked: each fence has an outcome, and the last one is the grammar."""
    fences = [token.content.rstrip("\n") for token in MarkdownIt("commonmark").parse(TEXT) if token.type == "fence"]
    assert fences == [*(text for text, _ in EXAMPLES), grammar_text().rstrip()]


def test_the_shipped_file_is_what_would_be_generated() -> None:
    """A stale reference.md fails here: symbolic-mla reference > symbolic_mla/language/reference.md."""
    assert SHIPPED.read_text(encoding="utf-8") == TEXT


def test_a_stale_file_would_be_seen() -> None:
    """Another meaning in a table, or another limit, changes the text."""
    assert TEXT.count(BUILTINS["tile"].meaning) == 1
    sections = {"verdicts": "V", "axioms": "A", "limits": "| a | 7 |", "codes": "C"}
    assert "| a | 7 |" in reference(sections)
    with pytest.raises(KeyError, match="limits"):
        reference({"verdicts": "", "axioms": "", "codes": ""})


def test_it_is_plain_text_for_its_readers() -> None:
    """No mark of the template is left, no trailing blanks, one line end at the end."""
    assert not re.search(r"<!-- [a-z ]+ -->", TEXT)
    assert not re.search(r"[ \t]+$", TEXT, re.MULTILINE)
    assert TEXT.endswith("\n") and not TEXT.endswith("\n\n")


# ---- nothing is missing --------------------------------------------------------------------------------


def test_every_word_is_used_in_an_example() -> None:
    """All words that begin an item or stand inside one, and the properties, but for the plural spellings."""
    used = {word for text, _ in EXAMPLES for word in WORD.findall(text)}
    words = {*ITEM_WORDS, *INNER_WORDS, *layout._PROPERTIES, "divides", "all"} - {"scalars", "functions", "odd"}
    assert words <= used
    assert all(f"`{word}`" in TEXT for word in (*ITEM_WORDS, *INNER_WORDS))


def test_every_builtin_has_its_signature_meaning_and_example() -> None:
    """The table of builtins is in the reference, whole."""
    for builtin in BUILTINS.values():
        assert f"**`{builtin.signature}`**: {builtin.meaning}." in TEXT
        assert (builtin.example, "proved") in EXAMPLES


def test_every_operator_is_listed() -> None:
    """Each spelling that the scanner knows stands in the table of operators."""
    table = TEXT[TEXT.index("| on paper |") : TEXT.index("The words of the language")]
    missing = {op for op in scan._OPERATORS if f"`{op}`" not in table} - set("()[]^") - {"!=", "≠"}
    assert not missing


def test_every_kind_of_error_is_listed_and_shown() -> None:
    """With an example of each that a document can meet; `certificate` and `input` are of files."""
    shown = {o.rpartition(" ")[2] for _, o in EXAMPLES if o.startswith(("error", "not read"))}
    assert set(ERROR_KINDS) - {"certificate", "input"} <= shown
    assert all(f"- `{kind}`: " in TEXT for kind in ERROR_KINDS)


def test_verdicts_axioms_and_limits_are_those_of_the_code() -> None:
    """Each verdict with a meaning, each axiom with its source, each limit with its value."""
    assert set(MEANINGS) == set(ORDER)
    assert all(f"| {v} | {MEANINGS[v]} |" in TEXT for v in ORDER)
    assert all(f"- `{name}`: {source}" in TEXT for name, source in AXIOMS.items())
    assert all(f"| {what} | {limit:,} |" in TEXT for what, limit in LIMITS)


@pytest.mark.parametrize("slip", SLIPS)
def test_a_near_miss_is_answered_with_advice(slip: str) -> None:
    """Each is an error, and says what to write."""
    assert re.fullmatch(r"- `.*`: .*\. Try: .+", near_miss(slip))


def test_the_near_misses_are_all_shown() -> None:
    """Every pattern of the table of near misses is met by some slip, and every character is listed."""
    unmet = [p for p, _, _ in near_misses.NEAR_MISSES if not any(re.search(p, slip) for slip in SLIPS)]
    assert unmet == []
    assert all(hint in TEXT for hint in near_misses.CHARACTER_HINTS.values())


def test_what_is_right_is_no_near_miss() -> None:
    """A slip that is read without an error would be a lie in the reference, and is refused."""
    with pytest.raises(ValueError, match="read without an error"):
        near_miss("claim a: A B = B A")
