"""Which monomial leads a row changes nothing that is asked of linear combinations."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.argument.bases import Rows
from symbolic_mla.argument.values import ONE, ZERO, Value, unknown

MONOMIALS = [ONE, *map(unknown, "wxyz")]
sums = st.lists(st.integers(-3, 3), min_size=5, max_size=5).map(
    lambda numbers: sum((m.scaled(c) for c, m in zip(numbers, MONOMIALS, strict=True)), start=ZERO)
)


def filled(given_rows: list[Value], asked: Value, whole: bool) -> Rows:
    rows = Rows.over([*given_rows, asked], whole)
    for v in given_rows:
        rows.add(rows.row(v))
    return rows


@settings(max_examples=100, deadline=None)
@given(st.lists(sums, max_size=4), sums, st.lists(st.integers(-2, 2), min_size=4, max_size=4))
def test_two_choices_of_what_leads_agree(given_rows: list[Value], asked: Value, factors: list[int]) -> None:
    """On contradictions, on what is 0 or another number by the rows, and on which number; sums of rows are 0."""
    graded, whole = (filled(given_rows, asked, choice) for choice in (False, True))
    assert graded.contradiction == whole.contradiction
    if not graded.contradiction:
        one, other = (rows.value(rows.reduce(rows.row(asked))) for rows in (graded, whole))
        assert one.constant == other.constant
        combined = sum((v.scaled(c) for c, v in zip(factors, given_rows, strict=False)), start=ZERO)
        for rows in (graded, whole):
            assert not rows.reduce(rows.row(combined))
            assert rows.untouched()(rows.row(asked)) == (rows.reduce(rows.row(asked)) == rows.row(asked))
