"""The picture of a claim: matched atoms have the same number, nothing overlaps, the same bytes each time."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbolic_mla.derivation.check import check_document
from symbolic_mla.errors import BudgetError, ShapeError, UnsupportedError
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.language.documents import parse_document
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.report.formula import boundary_letters
from symbolic_mla.report.graph import Graph, graph
from symbolic_mla.report.layout import Box, Layout, layout
from symbolic_mla.report.pairs import Pairs, pairs
from symbolic_mla.report.show import claim_mermaid, claim_svg, sections
from tests.rewriting import laws
from tests.strategies import terms

slow = settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)

DOCUMENT = """```derivation
dims m, k, p
given A, B, C : m × m, Y : k × m, Z : p × m
claim trace: tr(A B C) = tr(B C A)
refute square: (A + B)² = A² + 2 A B + B²
claim stacks: stack(Y, Z) A = stack(Y A, Z A)
claim soft: softmax(A B + C) = softmax(C + A B)
claim gram: rank(Aᵀ A) = rank(A)
claim sought: exists U : m × m, V : m × m with A = U V
claim found: exists U : m × m, V : m × m with A = U V  take U = I(m), V = A
claim sizes: m <= m + k
claim odd: A Y = A
claim zero: A - A = B - B
```
"""
RESULT = check_document(parse_document(DOCUMENT))
CLAIMS = {c.id: c for c in RESULT.claims}
EDGE = 0.01  # of a pixel, for rounding
DRAWN = ("trace", "square", "stacks", "soft", "gram", "sought", "found", "zero")


def matched(left: Term, right: Term, split: Collection[int] = ()) -> Pairs:
    """Both sides, matched; too large or unreadable terms are not of interest here."""
    try:
        found = pairs(left, right, split)
    except (BudgetError, ShapeError, UnsupportedError):
        assume(False)
        raise
    return found


def graphs(found: Pairs) -> list[tuple[Graph, Graph]]:
    """The graphs of both sides of each pair that has two."""
    out = []
    for pair in found.pairs:
        if pair.left.network is not None and pair.right.network is not None:
            letters = boundary_letters(found.form, pair.at, set())
            out.append(
                (graph(found.form, pair.left.network, found.axes, pair.at, letters),
                 graph(found.form, pair.right.network, found.axes, pair.at, letters))
            )  # fmt: skip
    return out


@slow
@given(st.data())
def test_the_atoms_of_a_true_equation_are_matched(data: st.DataObject) -> None:
    """Every network has its partner, and each atom the number of an atom of the same symbol, all numbers once."""
    _, left, right = data.draw(laws(functions=True))
    theorem = prove_equation(left, right, ())
    assume(isinstance(theorem, Theorem) and theorem.proof[0] == "equation")
    assert isinstance(theorem, Theorem)
    found = matched(left, right, theorem.proof[4])
    assert all(p.agrees for p in found.pairs)
    for pair, (one, other) in zip(found.pairs, graphs(found), strict=True):
        names = [
            {numbers[n.path]: n.text for n in g.nodes() if n.path is not None}
            for g, numbers in ((one, pair.left.numbers), (other, pair.right.numbers))
        ]
        assert names[0] == names[1]
        assert len(names[0]) == sum(n.kind == "atom" for n in one.nodes())


def overlap(a: Box, b: Box) -> bool:
    """Whether two rectangles share a point."""
    return abs(a.x - b.x) * 2 < a.width + b.width - EDGE and abs(a.y - b.y) * 2 < a.height + b.height - EDGE


def inside(a: Box, b: Box) -> bool:
    """Whether the first rectangle lies in the second."""
    return abs(a.x - b.x) * 2 <= b.width - a.width + EDGE and abs(a.y - b.y) * 2 <= b.height - a.height + EDGE


def assert_in_order(drawn: Graph, places: Layout) -> None:
    """Nodes apart from one another, all in the picture, and each frame around what it holds."""
    boxes = [places.nodes[n.key] for n in drawn.nodes()]
    for k, box in enumerate(boxes):
        assert not any(overlap(box, other) for other in boxes[:k])
        assert inside(box, Box(places.width / 2, places.height / 2, places.width, places.height))
    for frame, around in places.frames:
        held = {n.key for n in Graph(frame.inside, [], 0).nodes()}
        for key, box in places.nodes.items():
            assert inside(box, around) if key in held else not overlap(box, around)


@slow
@given(terms(functions=True))
def test_nothing_stands_on_anything_else(term: Term) -> None:
    """For any network: every node has its place, and frames hold their nodes and no others."""
    for drawn, _ in graphs(matched(term, term)):
        assert_in_order(drawn, layout(drawn))


@pytest.mark.parametrize("name", DRAWN)
def test_the_picture_is_well_formed(name: str) -> None:
    """SVG that an XML reader takes, with a title, a ground, and colours for dark pages."""
    root = ET.fromstring(claim_svg(CLAIMS[name], RESULT))
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == f"{'✗' if name == 'square' else '✓'} {name}: {CLAIMS[name].verdict}"
    assert "prefers-color-scheme:dark" in (root.findtext(f"{space}style") or "")
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for rect in root.iter(f"{space}rect"):
        assert float(rect.get("width", 0)) <= width and float(rect.get("height", 0)) <= height


@pytest.mark.parametrize("name", DRAWN)
def test_mermaid_names_what_it_colours(name: str) -> None:
    """Every line and class of the flowchart is of nodes that it declares, each declared once."""
    text = claim_mermaid(CLAIMS[name], RESULT)
    declared = re.findall(r"^ +(s\d+n\d+[lr][rafde]\d+)[\[({]", text, re.MULTILINE)
    used = re.findall(r"(?:^  class |^  |[-.]-(?:\|\"[^\"]*\"\|)? )(s\d+n\d+[lr][rafde]\d+)", text, re.MULTILINE)
    assert len(set(declared)) == len(declared) and set(used) <= set(declared)
    assert text.count("subgraph ") == len(re.findall(r"^ +end$", text, re.MULTILINE))
    colours = set(re.findall(r"^  class \S+ (m\d+)$", text, re.MULTILINE))
    assert colours == set(re.findall(r"^  classDef (m\d+) ", text, re.MULTILINE))


def test_what_the_sides_do_not_share_is_shown() -> None:
    """In the square of a sum one network occurs twice on the right, and one not at all."""
    (section,) = sections(CLAIMS["square"], RESULT)
    assert [(r.left.factor, r.sign, r.right.factor if r.right else "") for r in section.rows] == [
        ("", "=", ""),
        ("", "≠", "2 ×"),
        ("", "≠", "nothing"),
        ("", "=", ""),
    ]
    assert not section.rows[2].left.numbers


def test_a_trace_is_turned() -> None:
    """tr(A B C) = tr(B C A): what is written first on the right is the second on the left."""
    (section,) = sections(CLAIMS["trace"], RESULT)
    (row,) = section.rows
    assert row.right is not None and row.left.graph is not None and row.right.graph is not None
    shown = [
        [(panel.numbers[n.path], n.text) for n in panel.graph.nodes() if panel.graph and n.path]
        for panel in (row.left, row.right)
        if panel.graph
    ]
    assert shown == [[(1, "A"), (2, "B"), (3, "C")], [(2, "B"), (3, "C"), (1, "A")]]


def test_stacks_have_a_row_for_each_block() -> None:
    """And both sides of a witness are matched, while unknowns are not."""
    (section,) = sections(CLAIMS["stacks"], RESULT)
    assert [r.words for r in section.rows] == ["block 0 of k + p (rows)", "block 1 of k + p (rows)"]
    (found,) = sections(CLAIMS["found"], RESULT)
    (sought,) = sections(CLAIMS["sought"], RESULT)
    assert found.rows[0].left.numbers and not sought.rows[0].left.numbers
    (zero,) = sections(CLAIMS["zero"], RESULT)
    assert not zero.rows and "zero" in zero.note


def command(*arguments: str, here: Path, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """`symbolic-mla show` in a process of its own, with its own hash seed."""
    program = [sys.executable, "-m", "symbolic_mla", "show", *arguments]
    environment = {"PYTHONHASHSEED": seed, "PATH": "", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(program, cwd=here, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with the document."""
    (tmp_path / "a.md").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "c.md").write_text("```derivation\ndims m )\n```\n", encoding="utf-8")
    return tmp_path


def test_the_same_bytes_in_every_process(here: Path) -> None:
    """Whatever the hash seed; the name of the file chooses the form."""
    for form in ("svg", "mermaid"):
        texts = {command("a.md", "--claim", "soft", "--format", form, here=here, seed=s).stdout for s in ("1", "2")}
        assert len(texts) == 1 and len(texts.pop()) > 200
    assert command("a.md", "--claim", "soft", "--out", "a.svg", here=here).returncode == 0
    assert command("a.md", "--claim", "soft", "--out", "b.md", here=here).returncode == 0
    assert (here / "a.svg").read_text(encoding="utf-8").startswith("<svg ")
    assert (here / "b.md").read_text(encoding="utf-8").startswith("```mermaid\nflowchart TB\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.md", "--claim", "nope"], "no claim `nope`"),
        (["a.md"], "which claim?"),
        (["a.md", "--claim", "sizes"], "sizes alone"),
        (["a.md", "--claim", "odd"], "the columns of the first"),
        (["b.md", "--claim", "odd"], "b.md"),
        (["c.md"], "c.md:2:8: D104 syntax"),
        (["a.md", "--claim", "soft", "--out", "no/such/a.svg"], "cannot write"),
        (["a.md", "--claim", "soft", "--format", "png"], "png"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments: list[str], message: str, here: Path) -> None:
    """One message and exit 2."""
    done = command(*arguments, here=here)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr and not done.stdout
