"""A name of absurd length, of letters or of marks, is refused before its marks are put in order."""

from __future__ import annotations

import pytest

from symbolic_mla.errors import DocumentSyntaxError
from symbolic_mla.language.parse import parse_block


@pytest.mark.parametrize("name", ["a" * 200_000, "a" + "\u0301\u0323" * 200_000], ids=["letters", "marks"])
def test_a_name_of_absurd_length_is_refused(name: str) -> None:
    """With 1,000 characters it is read."""
    with pytest.raises(DocumentSyntaxError, match="at most 1000 are read"):
        parse_block(f"dims {name}")
    assert parse_block(f"dims {name[:999]}")
