"""Reports and their index: every verdict is shown as what it is, and nothing is called proved that is not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.results import ClaimResult, DocumentResult
from symbolic_mla.errors import InputError
from symbolic_mla.language.documents import parse_document
from symbolic_mla.report.document import first_paragraph, render_report
from symbolic_mla.report.index import all_files, render_index
from symbolic_mla.report.made import ClaimSummary, Report, Summary
from symbolic_mla.report.rests import settled


def checked(block: str, path: str = "d.md") -> DocumentResult:
    return check_document(parse_document(f"# T\n\n```derivation\n{block}\n```\n", path=path))


def report(block: str, path: str = "proofs/d.md") -> Report:
    return render_report(checked(block), source_path=path)


def test_an_undecided_step_is_neither_proved_nor_refuted() -> None:
    """The report says so, with the reason, and gives no certificate."""
    result = checked("dims m\ngiven A : m × m\nclaim a: A = A")
    (claim,) = result.claims
    step = replace(claim.steps[0], verdict="undecided", reason="out of budget", theorem=None)
    result.parts[-1] = ClaimResult(claim.item, claim.kind, (step,))
    found = render_report(result, source_path="d.md")
    assert "❌ undecided, **expected: proved**" in found.markdown
    assert "Neither a proof nor a counterexample was found: out of budget." in found.markdown
    assert found.certificates == {}
    assert "✅" not in found.markdown


def test_a_document_that_ends_in_an_error_says_so() -> None:
    """What could be read is reported, under a verdict that is an error."""
    found = report("dims m\ngiven A : m × m\nclaim a: A = A\ngiven B : q × m")
    assert "**Verdict: ⚠️ the document could not be read to its end** (line 7)" in found.markdown
    assert "nothing declares `q`" in found.markdown
    assert found.summary.exit_code == 2


def test_hypotheses_and_their_model_are_shown() -> None:
    """A claim names the hypotheses that it uses, the index shows them, and a model shows they can hold."""
    found = report("dims m, p\ngiven U : m × p with Uᵀ U = I(p)\ngiven V : m × m\nclaim a: U Uᵀ U = U\nclaim b: V = V")
    assert "It assumes **(H1)**." in found.markdown
    assert "All hypotheses were seen to hold together at" in found.markdown
    assert "It rests on no hypothesis and no axiom." in found.markdown
    one, other = found.summary.claims
    assert one.sizes == r"all, if $`U^{\top}\,U = I_{p}`$"
    assert other.sizes == "all"


def test_what_is_obtained_is_shown_as_formulas() -> None:
    """The facts of a decomposition, with the sizes of identities; equal numbers are said once, not equated."""
    text = "dims p, q\ngiven W : p × q\nobtain U, S, V from svd(W)\nclaim a: W V = U S\nclaim b: 2*p + p = 3*p"
    shown = report(text).markdown
    for fact in (r"U^{\top}\,U = I_{k_{U}}", r"S = S \circ I_{k_{U}}", r"W = U\,S\,V^{\top}", r"k_{U} \le p"):
        assert f"$`{fact}`$ (from a singular value decomposition, line 6)" in shown
    assert r"Worked out, both sides are $`3\,p`$." in shown


def test_lower_bounds_are_part_of_what_is_proved() -> None:
    """The index gives the sizes for which a claim is proved, and those at which it fails."""
    found = report("dims m >= 2, p >= 3\ngiven A : m × m\nclaim a: A = A\nrefute b: A = 2 A")
    assert [c.sizes for c in found.summary.claims] == [r"all $`m \ge 2`$", "fails at $`m = 2`$"]


def claim(name: str, verdict: str, *cites: str, rests: tuple[str, ...] = ()) -> ClaimSummary:
    fine = verdict in ("proved", "refuted")
    return ClaimSummary(name, verdict, fine, "proved", None, "all", (), cites, rests=rests)  # type: ignore[arg-type]


def test_a_citation_counts_only_with_all_that_it_rests_on() -> None:
    """A claim is proved in the graph only if what it cites is, all the way down, in other documents too."""
    s = Summary("d", "T", "d.md", 0, (claim("a", "proved"), claim("b", "undecided"), claim("c", "proved", "a"),
                                      claim("d", "proved", "a", "b"), claim("e", "proved", "d")), ())  # fmt: skip
    other = Summary("x", "X", "x.md", 0, (claim("f", "refuted", rests=("d#e",)), claim("g", "refuted")), ())
    found = {name.split("#")[1] for name, fine in settled([s, other]).items() if fine}
    assert found == {"a", "c", "g"}
    text = render_index([s, other])
    assert '["d<br/>c<br/>proved"]:::sound' in text
    assert all(f'["{name}<br/>rests on what is open"]:::open' in text for name in ("d<br/>e", "x<br/>f"))
    assert '["x<br/>2 refuted"]:::open' in text and "d1 --> d0" in text


@pytest.mark.parametrize("end", ["a", "b", "d#b", "x"])
def test_a_circle_settles_nothing(end: str) -> None:
    """Claims that rest on one another, or on what there is none of, are not proved in the graph."""
    s = Summary("d", "T", "d.md", 0, (claim("a", "proved", rests=("b",)), claim("b", "proved", rests=(end,))), ())
    assert not any(settled([s]).values())


def test_extras_come_last_and_in_their_order() -> None:
    """Others add sections; their titles are escaped."""
    text = render_report(checked("dims m\ngiven A : m × m\nclaim a: A = A"), source_path="d.md",
                         extras={"B *x*": "one", "A": "two"}).markdown  # fmt: skip
    assert text.endswith("## B \\*x\\*\n\none\n\n## A\n\ntwo\n")


@pytest.mark.parametrize(("one", "other"), [("a/d.md", "b/d.md"), ("a/d.md", "D.md"), ("readme.md", "x.md")])
def test_two_documents_do_not_share_a_report(one: str, other: str) -> None:
    """Nor does one take the place of the index; names that differ in case are the same on some disks."""
    block = "dims m\ngiven A : m × m\nclaim a: A = A"
    with pytest.raises(InputError, match="would share the report"):
        all_files([report(block, one), report(block, other)])


def test_the_order_of_the_reports_does_not_matter() -> None:
    """The index is sorted by name."""
    block = "dims m\ngiven A : m × m\nclaim a: A = A"
    found = [report(block, p) for p in ("x.md", "a.md", "m.md")]
    assert all_files(found) == all_files(found[::-1])


def test_standard_input_has_no_link() -> None:
    """A document without a file is named, and nothing links to it."""
    found = render_report(checked("dims m\ngiven A : m × m\nclaim a: A = A", "-"), source_path="-")
    assert "Source: `-`." in found.markdown
    assert "?plain=1" not in found.markdown


@pytest.mark.parametrize(("source", "directory"), [("/home/x/d.md", "reports"), ("proofs/d.md", "/home/x/reports")])
def test_an_absolute_path_is_not_shown(source: str, directory: str) -> None:
    """A report is the same wherever it is made, so only the name of an absolute path is shown."""
    block = "dims m\ngiven A : m × m\nclaim a: A = A"
    text = render_report(checked(block), source_path=source, directory=directory).markdown
    assert "home" not in text
    assert "Source: `d.md`." in text
    assert "symbolic-mla replay reports/certificates/d.a.txt" in text


def test_first_paragraph() -> None:
    """Headings, lists and blocks are not paragraphs."""
    assert first_paragraph("# T\n\n- item\n\n```x\ny\n```\n\nA line\nand its end.\n\nNext.") == "A line and its end."
    assert first_paragraph("# T") == ""


def test_reports_are_made_without_sympy_and_numpy() -> None:
    """The command line starts quickly."""
    script = (
        "import sys, symbolic_mla.report.index as _; print({'sympy', 'numpy', 'mpmath', 'flint'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "set()\n"


def test_a_name_with_accents_makes_files(tmp_path: Path) -> None:
    """Names of claims and documents may hold any letter."""
    found = report("dims m\ngiven Ŵ : m × m\nclaim größe: Ŵ = Ŵ", "proofs/überblick.md")
    assert sorted(found.files) == ["certificates/überblick.größe.txt", "überblick.md"]
    assert r"\hat{W}" in found.markdown
