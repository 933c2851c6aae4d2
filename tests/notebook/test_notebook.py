"""A notebook that a kernel runs shows each line with its verdict, and formulas for what Python returns."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from symbolic_mla.errors import InputError
from symbolic_mla.notebook import load
from symbolic_mla.notebook.magic import Magics

CELLS: Mapping[str, str] = {
    "load": "%load_ext symbolic_mla",
    "sizes": "%%derivation\ndims n, G, d\ndim r = G*d\ngiven W : r × (n*G*d)",
    "claims": "%%derivation\nclaim tiled: tile(W, n) = tile(I(r), n) W\n"
    "claim bound:\n  rank(tile(W, n)) = rank(W)\n  <= r",
    "slip": "%%derivation\ngiven P, Q : d × d\nclaim square:\n  (P + Q)² = P² + P Q + Q P + Q²\n  = P² + 2 P Q + Q²",
    "garbage": "%%derivation\n]] this | is $ no `derivation`",
    "empty": "%%derivation\n# nothing but a comment",
    "two words": "%%derivation two words\ndims x",
    "trap": "%%derivation error axis-order\nclaim trap: tile(W, n) = interleave(W, n, groups=G)",
    "no kind": "%%derivation error typo\nclaim trap: W = W",
    "formula": "%%derivation math claim turned\n\\operatorname{tr}(P Q^\\top) &= \\operatorname{tr}(Q^\\top P)",
    "no mark": "%%derivation math clam x\nP = P",
    "no name": "%%derivation math claim\nP = P",
    "picture": "%derivation show tiled",
    "no picture": "%derivation show nothing",
    "whole": "%derivation",
    "dims": "from symbolic_mla import *\nn, G, d = dims('n G d')\nn*G*d",
    "term": "(W,) = matrices('W', (G*d, n*G*d))\ntile(W, n)",
    "box": "function('softmax')(W @ W.T)",
    "number": "rank(W)",
    "proved": "found = prove(tile(W, n), tile(eye(G*d), n) @ W)\nfound",
    "theorem": "found.theorem",
    "refuted": "A, B = matrices('A B', (d, d))\nprove(A @ B, B @ A)",
    "counterexample": "prove(A @ B, B @ A).counterexample",
    "document": "check('```derivation\\ndims p\\nclaim one: p >= 1\\n```')",
    "save": "%derivation save notes.md",
    "saved": "import subprocess as p, sys\n"
    "p.run([sys.executable, '-m', 'symbolic_mla', 'check', 'notes.md']).returncode",
    "nowhere": "%derivation save no/such/folder.md",
    "help": "%derivation nonsense",
    "reset": "%derivation reset\n%derivation",
    "reload": "%reload_ext symbolic_mla",
    "once more": "%%derivation\ndims n",
    "unload": "%unload_ext symbolic_mla",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    """What each cell shows, by MIME type; a cell that raises fails all of these tests."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS.values()])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    folder = {"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}
    NotebookClient(book, timeout=60, resources=folder).execute()
    found: dict[str, dict[str, Any]] = {}
    for name, cell in zip(CELLS, book.cells, strict=True):
        found[name] = {}
        for output in cell.outputs:
            own = found[name]
            own |= output.get("data") or {"text/plain": own.get("text/plain", "") + output.get("text", "")}  # in pieces
    return found


def test_every_line_has_its_verdict(shown: Mapping[str, dict[str, Any]]) -> None:
    """A row for each line of a cell, in LaTeX, with the line of the cell in front."""
    rows = shown["claims"]["text/markdown"].splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == ["| 2", "| 3", "| 4", "| 5"]
    assert all("✓ proved" in row for row in rows)
    assert r"$\mathrm{tile}(W, n) = \mathrm{tile}(I_{r}, n)\,W$" in rows[0]
    assert "declared" in shown["sizes"]["text/markdown"]
    assert "tiled: proved" in shown["claims"]["text/plain"]  # for a terminal


def test_a_slip_is_found_where_it_stands(shown: Mapping[str, dict[str, Any]]) -> None:
    """The wrong line is refuted, with a caret, and with matrices as LaTeX."""
    text = shown["slip"]["text/markdown"]
    assert "| ✓ proved |" in text and "| 5 | $= P^{2} + 2\\,P\\,Q + Q^{2}$ | ✗ refuted |" in text
    assert "^^^^" in text and r"P = \begin{bmatrix} 1 & 0 \\ 0 & 0 \end{bmatrix}" in text
    assert "$`" not in text and "```math" not in text  # that is GitHub's, not Jupyter's


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("garbage", "cell [5]:2:1: D104 syntax"),
        ("empty", "nothing is declared here"),
        ("two words", "one name was expected"),
        ("no kind", "no such kind of error"),
        ("no mark", "no mark of a formula"),
        ("no name", "the marks are"),
        ("no picture", "no claim `nothing`; there are: tiled"),
        ("nowhere", "cannot write no/such/folder.md"),
        ("help", "%derivation reset"),
    ],
)
def test_what_is_wrong_is_said(cell: str, words: str, shown: Mapping[str, dict[str, Any]]) -> None:
    """Garbage, an empty cell, a word too many: a message and no traceback."""
    text = "".join(shown[cell].values())
    assert words in text and "Traceback" not in text


def test_an_expected_error(shown: Mapping[str, dict[str, Any]]) -> None:
    """The trap of the two orders, as a cell that expects it."""
    assert "✓ as expected" in shown["trap"]["text/markdown"]


@pytest.mark.parametrize(
    ("cell", "mime", "words"),
    [
        ("dims", "text/latex", r"$n\,G\,d$"),
        ("term", "text/latex", r"\mathrm{tile}(W, n) \;\in\; \mathbb{R}^{n\,G\,d \times n\,G\,d}"),
        ("box", "text/latex", r"\mathrm{softmax}\Big\langle"),
        ("number", "text/latex", r"$\mathrm{rank}(W)$"),
        ("proved", "text/markdown", r"**✓ proved** $\;\mathrm{tile}(W, n) = \mathrm{tile}(I_{G\,d}, n)\,W$"),
        ("theorem", "text/markdown", "**✓ proved**"),
        ("refuted", "text/markdown", "**✗ refuted.** A counterexample at $d = 2$ (the smallest)"),
        ("counterexample", "text/markdown", r"A = \begin{bmatrix}"),
        ("document", "text/markdown", "| 3 | claim `one`: $p \\ge 1$ | **✓ proved** |"),
    ],
)
def test_objects_are_formulas(cell: str, mime: str, words: str, shown: Mapping[str, dict[str, Any]]) -> None:
    """Terms and numbers are LaTeX with their factors in order; verdicts, theorems and counterexamples Markdown."""
    assert words in shown[cell][mime]
    assert shown[cell]["text/plain"]


def test_latex_is_read(shown: Mapping[str, dict[str, Any]]) -> None:
    """A cell of displayed mathematics is a claim like another, about what other cells declare."""
    assert "claim `turned`" in shown["formula"]["text/markdown"] and "✓ proved" in shown["formula"]["text/markdown"]


def test_a_claim_is_a_picture(shown: Mapping[str, dict[str, Any]]) -> None:
    """Its networks as SVG, which every front end shows."""
    assert shown["picture"]["image/svg+xml"].startswith("<svg ")
    assert "tiled: proved" in shown["picture"]["text/plain"]


def test_the_whole_is_a_document(shown: Mapping[str, dict[str, Any]]) -> None:
    """`%derivation` judges all cells together; saved, the command line judges them: the slip is its exit."""
    assert "`tiled`" in shown["whole"]["text/markdown"] and "`square`" in shown["whole"]["text/markdown"]
    assert shown["saved"]["text/plain"].endswith("1")
    assert "nothing" in shown["reset"]["text/markdown"].lower()
    assert "declared" in shown["once more"]["text/markdown"]


def test_the_id_of_a_cell_is_that_of_its_front_end() -> None:
    """An edited cell, run again, is known by the id that came with the request, whatever it declares now."""
    hook = SimpleNamespace(prompt_count=1)
    magics = Magics(SimpleNamespace(displayhook=hook))
    for number, (key, text) in enumerate([("a", "dims n"), ("b", "dims m"), ("a", "dims k")], 1):
        hook.prompt_count = number
        magics.starts(SimpleNamespace(cell_id=key))
        result = magics.cell("", text)
    assert result is not None and result.replaced == ("cell [1]",)
    assert [c.text for c in magics.session.cells] == ["dims k", "dims m"]


def test_only_ipython_is_extended() -> None:
    """Anything else is told what to do."""
    with pytest.raises(InputError, match="not an IPython shell"):
        load(object())
