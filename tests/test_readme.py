"""What the README shows is what happens."""

import doctest
from pathlib import Path

from markdown_it import MarkdownIt

from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document

README = Path(__file__).parents[1] / "README.md"


def test_the_derivation_of_the_readme_comes_out_as_it_says() -> None:
    """Every claim of the README's document has the verdict that the document expects."""
    fences = [t for t in MarkdownIt().parse(README.read_text(encoding="utf-8")) if t.type == "fence"]
    documents = [t.content for t in fences if t.info == "markdown"]
    assert documents
    for text in documents:
        result = check_document(parse_document(text))
        assert result.claims
        assert result.exit_code == 0, [(c.id, c.verdict) for c in result.claims]


def test_the_session_of_the_readme_runs() -> None:
    """The Python session prints what the README prints."""
    outcome = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 5
    assert outcome.failed == 0


def test_the_readme_opens_with_the_two_commands() -> None:
    """A newcomer meets make prove and make test before anything else."""
    start = README.read_text(encoding="utf-8")[:1800]
    assert start.index("make prove") < start.index("make test")
