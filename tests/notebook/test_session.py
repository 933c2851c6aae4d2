"""The cells of a session are one document: what is shown of a cell is what a check of the whole says of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.displays import Mark
from symbolic_mla.language.documents import ERROR_KINDS, parse_document
from symbolic_mla.notebook.session import CellResult, Session

SIZES = "dims n, G, d\ngiven W : (G*d) × (n*G*d)"
CLAIM = "claim tiled:\n    tile(W, n)\n    = tile(I(G*d), n) W\n    = tile(W, n)"


def session(*cells: str) -> tuple[Session, list[CellResult]]:
    """Cells run one after the other, as in a terminal: no ids."""
    made = Session()
    return made, [made.run(text, label=f"[{k}]") for k, text in enumerate(cells, 1)]


def verdicts(result: CellResult) -> dict[str, str]:
    """The verdict of each claim of a cell."""
    return {c.id: c.verdict for c in result.claims}


def test_declarations_carry_over() -> None:
    """A claim is judged in what earlier cells declare, and its lines are counted in its own cell."""
    _, (first, second, third) = session(SIZES, CLAIM, "claim again: W = W by tiled")
    assert first.ok and second.ok and third.ok and not first.claims
    assert [s.span.line for s in second.claims[0].steps] == [4, 5]
    assert third.claims[0].cites == ("tiled",)


@pytest.mark.parametrize("key", ["id", "name", None])
def test_a_cell_that_is_run_again_is_replaced(key: str | None) -> None:
    """By its id, its name, or what it declares; and the cells behind it are judged again."""
    made = Session()
    own = {"id": {"key": "c1"}, "name": {"name": "sizes"}, None: {}}[key]
    made.run("dims m\ngiven A, B : m × m", label="[1]", **own)  # type: ignore[arg-type]
    late = made.run("claim swap: tr(A B) = tr(B A)\nclaim sum: A + B = B + A", label="[2]")
    assert verdicts(late) == {"swap": "proved", "sum": "proved"}
    again = made.run("dims m\ngiven A : m × m\nlet B = A", label="[3]", **own)  # type: ignore[arg-type]
    assert again.replaced == ("[1]",) and again.changes == () and len(made.cells) == 2
    odd = made.run("dims m, k\ngiven A : m × k\ngiven B : k × m", label="[4]", **own)  # type: ignore[arg-type]
    assert odd.replaced == ("[3]",)
    assert odd.changes == ("[2] `sum`: error; it was proved",)


def test_with_ids_a_second_declaration_is_an_error() -> None:
    """Two cells that the front end tells apart are two places of one document, and a name has one meaning."""
    made = Session()
    made.run("dims n", label="[1]", key="a")
    second = made.run("dims G\ndims n", label="[2]", key="b")
    assert second.result.fatal is not None and second.result.fatal.kind == "name"
    assert "`n` is already a dimension, declared on line 2 of [1]" in second.result.fatal.message
    assert second.result.fatal.span is not None and second.result.fatal.span.line == 3


def test_a_cell_that_cannot_be_read_leaves_the_others() -> None:
    """It counts for nothing; what rests on what it said before says so; mended, it stands where it stood."""
    made = Session()
    made.run(SIZES, label="[1]", key="a")
    made.run(CLAIM, label="[2]", key="b")
    broken = made.run("dims n, G, d\ngiven W : (G*d × n", label="[3]", key="a")
    assert broken.result.fatal is not None and not broken.ok
    assert broken.result.fatal.span is not None and broken.result.fatal.span.line == 3
    assert len(broken.changes) == 1 and broken.changes[0].startswith("[2] `tiled`: error")
    other = made.run("dims k\nclaim one: k >= 1", label="[4]", key="c")
    assert other.ok
    mended = made.run(SIZES, label="[5]", key="a")
    assert mended.ok and mended.changes == ("[2] `tiled`: proved; it was error",)
    assert [c.key for c in made.cells] == ["a", "b", "c"]


def test_without_an_id_what_cannot_be_read_is_forgotten() -> None:
    """Nothing would ever replace it, so it isn't kept; what stood before stands."""
    made, (_, broken, after) = session(SIZES, "dims ]", CLAIM)
    assert broken.result.fatal is not None and after.ok and len(made.cells) == 2


def test_a_declaration_that_is_gone_is_gone() -> None:
    """No verdict outlives what it rests on: a cell that now declares less leaves claims without their names."""
    made = Session()
    made.run("dims m\ngiven A : m × m", label="[1]", key="a")
    made.run("let B = A Aᵀ", label="[2]", key="b")
    made.run("claim symmetric: B = Bᵀ", label="[3]", key="c")
    gone = made.run("dims m", label="[4]", key="a")
    assert [c.split(" ")[0] for c in gone.changes] == ["[2]", "[3]"]
    assert "can no longer be read" in gone.changes[0] and "error; it was proved" in gone.changes[1]
    back = made.run("dims m\ngiven A : m × m", label="[5]", key="a")
    assert "can be read again" in back.changes[0] and "proved; it was error" in back.changes[1]


@pytest.mark.parametrize("kind", ["shape", "name"])
def test_a_cell_may_expect_an_error(kind: str) -> None:
    """Of exactly its kind; and it leaves nothing behind."""
    made, _ = session(SIZES)
    result = made.run("given V : n × n\nclaim odd: W = V", label="[2]", expected_error=kind)
    assert result.ok == (kind == "shape")
    assert made.run("given V : n × n", label="[3]").ok


def test_the_document_of_a_session_is_judged_alike() -> None:
    """What `%derivation save` writes has the verdicts that the cells had."""
    made, results = session(SIZES, CLAIM, "given P : d × d\nrefute odd: P P = P\nclaim slip: P P = P Pᵀ")
    saved = check_document(parse_document(made.document()))
    shown = [(c.id, c.verdict, c.as_expected) for r in results for c in r.claims]
    assert [(c.id, c.verdict, c.as_expected) for c in saved.claims] == shown
    assert [(c.id, c.verdict, c.as_expected) for c in made.judged().claims] == shown


def test_formulas_are_cells_too() -> None:
    """LaTeX with a mark or without; two without are two claims; and the saved document has the same verdicts."""
    made, _ = session("dims n")
    made.run(r"P, Q \in \mathbb{R}^{n \times n}", label="[2]", mark=Mark("unmarked"))
    one = made.run(r"\operatorname{tr}(P Q) = \operatorname{tr}(Q P)", label="[3]", mark=Mark("unmarked"))
    two = made.run(r"(P Q)^\top &= Q^\top P^\top \\ &= P Q", label="[4]", mark=Mark("unmarked"))
    named = made.run("P Q = Q P", label="[5]", mark=Mark("refute", "commute"))
    assert not two.replaced and one.ok and not two.ok and named.ok
    assert [s.span.line for s in two.claims[0].steps] == [2, 2]
    saved = check_document(parse_document(made.document()))
    assert [c.verdict for c in saved.claims] == ["proved", "refuted", "refuted"]
    assert [c.id for c in saved.claims] == [c.id for r in (one, two, named) for c in r.claims]


GARBAGE = st.text(max_size=40) | st.lists(
    st.sampled_from(["claim", "a", ":", "=", "dims", "n", "(", ")", "[", "\n", "×", "W", "ᵀ", "exists", "%%", "```"]),
    max_size=12,
).map(" ".join)


MARKS = st.sampled_from([None, None, Mark("unmarked"), Mark("given"), Mark("claim", "x")])


@given(st.lists(GARBAGE, min_size=1, max_size=3), st.sampled_from([None, *ERROR_KINDS]), MARKS)
@settings(max_examples=60, deadline=None)
def test_garbage_is_shown_and_never_proved(texts: list[str], kind: str | None, mark: Mark | None) -> None:
    """Any text in a cell gives a result with words and no traceback, and the cells before it are as they were."""
    made, _ = session(SIZES)
    for k, text in enumerate(texts):
        result = made.run(text, label=f"[{k}]", key=f"k{k}", expected_error=kind, mark=mark)
        assert repr(result).strip() and result._repr_markdown_().strip()
        assert result.result.fatal is not None or not text.strip() or result.result.parts or kind or not result.claims
    after = made.run(CLAIM.replace("W", "Q").replace("tiled", "other"), label="[9]", key="x")
    assert after.result.fatal is None and verdicts(after)["other"] in ("error", "proved", "refuted")


def test_a_slip_is_mended_in_its_cell() -> None:
    """What mends a line is looked for in all that the cells declare, and told with the lines of the cell."""
    made = Session()
    made.run("dims m, n\ngiven P, Q : m × m", label="[1]")
    made.run("claim first: P + Q = Q + P", label="[2]")
    wrong = repr(made.run("claim one: (P Q)ᵀ = Pᵀ Qᵀ", label="[3]"))
    assert "claim one: (P Q)ᵀ = Qᵀ Pᵀ" in wrong and "[3]:2:21: D001" in wrong
    assert "given P, Q : m × m with P Q = Q P" in wrong
    exists = repr(made.run("claim two: exists U : m × n, V : n × m with P = U V", label="[4]"))
    assert "claim two: exists U : m × m, V : m × m with P = U V" in exists and "assume rank(P) <= n" in exists
    latex = repr(made.run(r"(P + Q)^2 = P^2 + 2 P Q + Q^2", label="[5]", heading="%%derivation math claim three",
                          mark=Mark("claim", "three")))  # fmt: skip
    assert "(P + Q)^2 = P^2 + P Q + Q P + Q^2" in latex
    for text in ("claim x: exists U, V : m × m with P = U V, Q = U V", "claim y: P (Q = P", "garbage ((", "\x00"):
        assert not made.run(text, label="[6]").ok


@pytest.mark.parametrize("key", ["c1", None])
def test_a_cell_that_was_run_too_early_may_be_run_again(key: str | None) -> None:
    """Once the names that it lacked are declared, it stands behind them; what is right where it stands stays there."""
    made = Session()
    early = made.run("claim c: tr(A B) = tr(B A)", label="[1]", key=key)
    assert verdicts(early) == {"c": "error"}
    made.run("dims m\ngiven A, B : m × m", label="[2]", key=key and "c2")
    again = made.run("claim c: tr(A B) = tr(B A)", label="[3]", key=key)
    assert verdicts(again) == {"c": "proved"} and again.replaced == ("[1]",)
    assert again.changes == ("[3] stands behind [2] now: what it speaks of is declared since it was first run",)
    assert [c.label for c in made.cells] == ["[2]", "[3]"]
    declared = made.run("dims m\ngiven A, B, Q : m × m", label="[4]", key=key and "c2")
    assert [c.label for c in made.cells] == ["[4]", "[3]"] and declared.changes == ()


def test_a_formula_with_another_name_is_another_cell() -> None:
    """The same LaTeX as two claims is two cells."""
    made = Session()
    made.run("dims m\ngiven A : m × m", label="[1]")
    for k, name in enumerate(("first", "second"), 2):
        assert made.run(r"A^\top A = A^\top A", label=f"[{k}]", mark=Mark("claim", name)).ok
    assert [c.id for c in made.judged().claims] == ["first", "second"]
