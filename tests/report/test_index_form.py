"""Formulas and pictures of index forms: they say what the term says."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbolic_mla.algebra import identity, kron, matmul, tile, trace, transpose
from symbolic_mla.errors import BudgetError, ShapeError, UnsupportedError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Apply, Atom, Pick, Sum, Term
from symbolic_mla.prover.difference import difference
from symbolic_mla.prover.matching import Matcher
from symbolic_mla.prover.readback import network_term
from symbolic_mla.prover.sides import arranged, both_sides
from symbolic_mla.report.diagram import diagram
from symbolic_mla.report.formula import boundary_letters, network_latex, ranges
from symbolic_mla.report.letters import Letters
from tests.dense import World, axis_size, dense, same
from tests.rewriting import laws
from tests.strategies import terms, worlds

slow = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
m, n = Axis.of(Var("m")), Axis.of(Var("n"))
A, B, V = Atom("A", (m, m)), Atom("B", (m, m)), Atom("v", (m,))


def formulas(left: Term, right: Term) -> list[str]:
    sides = both_sides(left, right)
    out = []
    for cell in sides.cells:
        letters = boundary_letters(sides.form, cell.at, {"m", "n"})
        out += [network_latex(sides.form, c.network, letters, c.left) for c in cell.classes]
    return out


@slow
@given(terms(2, functions=True), worlds())
def test_the_networks_add_up_to_the_term(t: Term, w: World) -> None:
    """A term is the sum of its classes, each as often as its coefficient says."""
    assume(all(axis_size(a, w) <= 12 for a in t.axes))
    try:
        sides = both_sides(t, t)
        parts = tuple(
            (c.left, network_term(sides.form, c.network, t.axes, cell.at)) for cell in sides.cells for c in cell.classes
        )
    except (BudgetError, ShapeError, UnsupportedError):  # a network that the reader of networks does not put into words
        assume(False)
    assume(not sides.form.picked)  # a term has no way to fix a position of one of its axes
    try:
        values = dense(Sum(parts, t.axes), w), dense(t, w)
    except MemoryError:  # too large for the naive evaluator
        assume(False)
    assert same(*values)


@slow
@given(laws(1))
def test_both_sides_of_a_law_are_the_same_classes(law: tuple[str, Term, Term]) -> None:
    """Equal expressions without functions have the same networks with the same coefficients."""
    name, left, right = law
    try:
        sides = both_sides(left, right, difference(left, right).split)
    except BudgetError:
        assume(False)
    assert all(c.agrees for c in sides.classes), name


@slow
@given(terms(2, functions=True))
def test_arranging_changes_no_network(t: Term) -> None:
    """A network in walking order is isomorphic to what it was, and is in walking order already."""
    try:
        sides = both_sides(t, t)
    except BudgetError:
        assume(False)
    for c in sides.classes:
        assert Matcher().isomorphism(sides.form, c.network, arranged(c.network)) is not None
        assert sorted(map(repr, arranged(c.network).atoms)) == sorted(map(repr, c.network.atoms))


@slow
@given(terms(2, functions=True))
def test_formulas_and_pictures_are_well_formed(t: Term) -> None:
    """Braces match; a picture declares each node that its lines join, and ends each frame."""
    try:
        sides = both_sides(t, t)
    except BudgetError:
        assume(False)
    for cell in sides.cells:
        for c in cell.classes:
            letters = boundary_letters(sides.form, cell.at, {"m", "n"})
            formula = network_latex(sides.form, c.network, letters, c.left) + ranges(
                sides.form, [c.network], cell.at, letters
            )
            assert formula.count("{") == formula.count("}")
            text = diagram(sides.form, c.network, sides.axes, cell.at, letters)
            if text is None:
                continue
            declared = set(re.findall(r"^\s*([a-z]\d+)[\[({]", text, re.MULTILINE))
            joined = re.findall(r"^  ([a-z]\d+) (?:---|-\.-)(?:\|\"[^\"]*\"\|)? ([a-z]\d+)$", text, re.MULTILINE)
            assert {x for line in joined for x in line} <= declared
            assert text.count("subgraph ") == len(re.findall(r"^\s*end$", text, re.MULTILINE))


def test_formulas_as_on_paper() -> None:
    """A table of expressions and the formulas of their entries."""
    table = [
        (matmul(A, B), [r"\sum_{k} A_{i,\,k}\,B_{k,\,j}"]),
        (transpose(matmul(A, B)), [r"\sum_{k} B_{k,\,i}\,A_{j,\,k}"]),
        (identity(m), [r"\delta_{i\,j}"]),
        (trace(A), [r"\sum_{i} A_{i,\,i}"]),
        (tile(A, n), [r"A_{j,\,k}"]),
        (kron(A, B), [r"A_{i,\,k}\,B_{j,\,l}"]),
        (Sum(((2, A), (3, A)), A.axes), [r"5\,A_{i,\,j}"]),
        (Sum(((1, A), (-1, A)), A.axes), []),
        (Apply("f", A), [r"f\Big\langle k \mapsto A_{i,\,k} \Big\rangle_{j}"]),
        (Pick(A, 0, "h"), [r"A_{h,\,i}"]),
        (Apply("softmax", V), [r"\mathrm{softmax}\Big\langle j \mapsto v_{j} \Big\rangle_{i}"]),
    ]
    for term, expected in table:
        assert formulas(term, term) == expected


def test_both_ways_of_writing_give_one_picture() -> None:
    """(A B)ᵀ and Bᵀ Aᵀ fall into the same picture."""
    pictures = []
    for t in (transpose(matmul(A, B)), matmul(transpose(B), transpose(A))):
        sides = both_sides(t, t)
        (cell,) = sides.cells
        letters = boundary_letters(sides.form, cell.at, set())
        pictures.append(diagram(sides.form, cell.classes[0].network, sides.axes, cell.at, letters))
    assert pictures[0] == pictures[1]
    assert pictures[0] is not None
    assert 'a2["B [k, i]"]' in pictures[0]


def test_large_networks_have_no_picture() -> None:
    """A picture that nobody can read is left out."""
    t: Term = A
    for _ in range(30):
        t = matmul(t, A)
    sides = both_sides(t, t)
    (cell,) = sides.cells
    assert (
        diagram(sides.form, cell.classes[0].network, sides.axes, cell.at, boundary_letters(sides.form, cell.at, set()))
        is None
    )


@given(st.lists(st.integers(0, 200), unique=True, max_size=80), st.sets(st.sampled_from("ijklabc")))
def test_letters_are_distinct_and_not_those_of_the_document(edges: list[int], avoid: set[str]) -> None:
    """Each edge has a letter of its own, that the document does not use."""
    letters = Letters(avoid)
    given_out = [letters.of(e) for e in edges]
    assert len(set(given_out)) == len(edges)
    assert avoid.isdisjoint(given_out)
    inner = letters.child()
    assert inner.of(999) not in given_out
    assert [letters.of(e) for e in edges] == given_out
