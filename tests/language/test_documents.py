"""Which parts of a Markdown text are derivations, and where they stand."""

from pathlib import Path

import pytest

from symbolic_mla.errors import DocumentSyntaxError, InputError, Span, SymbolicMLAError
from symbolic_mla.language.displays import Comment, pieces
from symbolic_mla.language.documents import ERROR_KINDS, Prose, decode, load_document, parse_document
from symbolic_mla.language.parse import parse_block

TEXT = """# A *title*

Prose.

```derivation
dims m
let T = m
```

More prose.

```python
claim = 1
```

~~~~derivation error axis-order
claim a: A = B
~~~~
"""


def test_blocks_and_prose_in_order() -> None:
    """Only `derivation` fences are blocks; everything else is prose, with its line."""
    document = parse_document(TEXT, path="x.md")
    assert document.title == "A *title*"
    assert [(b.text, b.first_line, b.expected_error) for b in document.blocks] == [
        ("dims m\nlet T = m\n", 6, None),
        ("claim a: A = B\n", 17, "axis-order"),
    ]
    assert [part.first_line for part in document.prose] == [1, 9]
    assert [isinstance(part, Prose) for part in document.parts] == [True, False, True, False]
    assert document.note is None


@pytest.mark.parametrize("prefix", ["> ", "  ", "- "])
def test_columns_of_a_nested_fence(prefix: str) -> None:
    """In a quotation or a list the columns are still those of the document."""
    rest = "  " if prefix == "- " else prefix
    source = f"{prefix}```derivation\n{rest}dims m\n{rest}  let T = m\n{rest}```\n"
    (block,) = parse_document(source).blocks
    items = parse_block(block.text, first_line=block.first_line, offsets=block.offsets)
    assert items[0].span == Span(2, 3, 2, 9)
    assert items[1].span == Span(3, 5, 3, 14)


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("", "skipped: the document is empty"),
        (" \n\n", "skipped: the document is empty"),
        ("# Only prose\n", "skipped: no ```derivation block"),
        ("```\nclaim\n```\n", "skipped: no ```derivation block"),
        ("    ```derivation\n    dims m\n    ```\n", "skipped: no ```derivation block"),
    ],
)
def test_nothing_to_check(source: str, note: str) -> None:
    """A document without a derivation is skipped, and says so."""
    document = parse_document(source)
    assert document.blocks == () and document.note == note


def test_the_title_falls_back_to_the_path() -> None:
    """Without a heading the file's name serves."""
    assert parse_document("x", path="a/gqa.md").title == "gqa"
    assert parse_document("x").title == "standard input"


def test_line_ends_and_byte_order_mark() -> None:
    """CRLF, CR and a byte order mark change no position."""
    plain = parse_document(TEXT)
    for source in (TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r"), "\ufeff" + TEXT):
        assert parse_document(source) == plain
        assert decode(source.encode()) == TEXT


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("```derivation\ndims m\n", "this block is never closed"),
        ("```derivation", "this block is never closed"),
        ("x\n\n```derivation\ndims m\n\n\n", "this block is never closed"),
        ("> ```derivation\n> dims m\n\ntext\n", "this block is never closed"),
        ("```derivation wrong\n```\n", "`derivation wrong` is not a kind of block"),
        ("```derivation error\n```\n", "names one kind of error; met nothing"),
        ("```derivation error shapes\n```\n", "names one kind of error; met shapes"),
    ],
)
def test_faulty_fences(source: str, message: str) -> None:
    """A block that cannot be what its author meant is refused, with the place of its fence."""
    with pytest.raises(DocumentSyntaxError, match=message) as caught:
        parse_document(source)
    assert caught.value.span is not None and source.split("\n")[caught.value.span.line - 1].strip("> ")


def test_an_empty_block_is_a_block() -> None:
    """Fences around nothing are closed and hold nothing."""
    (block,) = parse_document("```derivation\n```\n").blocks
    assert block.text == "" and parse_block(block.text) == []


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    """The line and the column of the first bad byte, counted in characters."""
    path = tmp_path / "bad.md"
    path.write_bytes("# ä\r\nQ̂ ".encode() + b"\xff")
    with pytest.raises(InputError, match="byte 0xFF at line 2, column 4") as caught:
        load_document(path)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", [".", "missing.md"])
def test_files_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    """A directory or a missing file is one clear message."""
    with pytest.raises(InputError, match="cannot read"):
        load_document(tmp_path / name)


def test_error_kinds_are_the_tree_of_errors() -> None:
    """Every kind of error can be expected by a block, under its own word."""

    def leaves(error: type[SymbolicMLAError]) -> set[str]:
        own = [child for child in error.__subclasses__() if child.__module__ == error.__module__]
        return {error.kind}.union(*(leaves(child) for child in own))

    assert leaves(SymbolicMLAError) - {"error"} == set(ERROR_KINDS)


def test_comments_that_never_end_are_looked_at_once() -> None:
    """Half a megabyte of `<!--` takes no longer than to read it; what follows a comment that ends is found."""
    assert list(pieces("<!--" * 120_000)) == []
    (comment,) = pieces("a `<!-- x -->` <!--\nclaim y --> $")
    assert isinstance(comment, Comment)
    assert (comment.text, comment.start, comment.end) == ("claim y", 15, 31)
