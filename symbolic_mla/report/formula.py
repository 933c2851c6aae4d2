"""Index forms as formulas: a sum over indices, as on paper, with a box f⟨j ↦ ...⟩ for each function."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.kernel.axis import Axis, Index, indices
from symbolic_mla.kernel.network import Box, IndexForm, Network, free_edges
from symbolic_mla.kernel.scalar import Number
from symbolic_mla.kernel.term import Term
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.prover.readback import coordinates
from symbolic_mla.report.letters import Letters, index_latex, size_text, unflatten
from symbolic_mla.report.numbers import factor_latex

COMMA = r",\,"
THIN = r"\,"


def symbol_latex(name: str) -> str:
    r"""A symbol that can take an index: `(W_{K})`, since LaTeX has no second index on one base.

    >>> symbol_latex("W"), symbol_latex("W_K"), symbol_latex("A⁻¹")
    ('W', '(W_{K})', '(A^{-1})')
    """
    bare = name.removesuffix("⁻¹")
    text = name_latex(bare)
    if bare != name:
        return f"({text}^{{-1}})"
    return f"({text})" if "_" in text else text


def network_latex(form: IndexForm, n: Network, letters: Letters, coef: Number | None = None) -> str:
    """One network, with its coefficient in front. `letters` must know the edges of the boundary already."""
    letters = letters.child()
    for e in order(n):
        letters.of(e)
    factors = [rf"\delta_{{{letters.latex(a)}\,{letters.latex(b)}}}" for a, b in n.eqs]
    for label, coords in n.atoms:
        factors.append(_atom(label, coords, letters))
    factors += [_box(form, box, letters) for box in n.boxes]
    body = r"\,".join(factors)
    inner = [e for e in order(n) if e in set(n.inner)]
    if inner:
        body = rf"\sum_{{{','.join(map(letters.latex, inner))}}} {body}"
    factor = factor_latex(n.coef if coef is None else coef)
    if not body:
        return factor.removesuffix(r"\,") + "1" if factor in ("", "-") else factor.removesuffix(r"\,")
    return factor + body


def sum_latex(form: IndexForm, networks: Sequence[Network], letters: Letters) -> str:
    """A sum of networks; of none, zero."""
    text = ""
    for n in networks:
        one = network_latex(form, n, letters)
        text += one if not text else f" - {one[1:]}" if one.startswith("-") else f" + {one}"
    return text or "0"


def order(n: Network) -> list[int]:
    """The edges of a network in the order in which a reader meets them."""
    met: list[int] = [e for pair in n.eqs for e in pair]
    for _, coords in n.atoms:
        met += coords
    for box in n.boxes:
        met += box.coords
        for bound, argument in box.cells:
            own = set(bound)
            for m in argument:
                free = free_edges(m) - own
                met += [e for e in order(m) if e in free]
    return list(dict.fromkeys(e for e in met if e >= 0))


def _atom(label: Sequence[object], coords: Sequence[int], letters: Letters) -> str:
    term = label[0]
    name = symbol_latex(getattr(term, "name", "?"))
    axes = term.axes if isinstance(term, Term) else ()
    if not axes:
        return name
    at = unflatten(axes, label[1:], coords)
    return f"{name}_{{{COMMA.join(index_latex(a, i, letters) for a, i in zip(axes, at, strict=True))}}}"


def box_places(box: Box) -> tuple[str, Axis, list[tuple[Axis, Index]], Index]:
    """The function of a box, its last axis, the positions that it depends on, and where its value is taken."""
    function, last, *rest = box.label
    places = [a for a in rest if isinstance(a, Axis)]
    path = [x for x in rest if not isinstance(x, Axis)]
    last = last if isinstance(last, Axis) else Axis.of(1)
    *positions, at = unflatten([*places, last], path, box.coords)
    return str(function), last, list(zip(places, positions, strict=True)), at


def cell_index(form: IndexForm, last: Axis, number: int, bound: Sequence[int]) -> Index:
    """The index of the last axis that a cell of a box binds."""
    blank = list(indices(last, lambda sort: 0, form.split))[number]
    edges = iter(bound)

    def filled(i: Index) -> Index:
        copy = next(edges) if i.copy >= 0 else i.copy
        heads = tuple(next(edges) for _ in i.heads)
        return Index(i.run, copy, heads, filled(i.tail) if i.tail else None)

    return filled(blank)


def _box(form: IndexForm, box: Box, letters: Letters) -> str:
    function, last, positions, at = box_places(box)
    name = function_latex(function)
    if positions:
        name += f"_{{{COMMA.join(index_latex(a, i, letters) for a, i in positions)}}}"
    cells = []
    for number, (bound, argument) in enumerate(box.cells):
        inner = letters.child()
        where = cell_index(form, last, number, bound)
        cells.append(rf"{index_latex(last, where, inner)} \mapsto {sum_latex(form, argument, inner)}")
    inside = r"\;\Big\vert\;".join(cells)
    return rf"{name}\Big\langle {inside} \Big\rangle_{{{index_latex(last, at, letters)}}}"


def function_latex(name: str) -> str:
    """The name of a function: `softmax` upright, `f` as it is."""
    return name_latex(name) if len(name.split("_")[0]) == 1 else rf"\mathrm{{{name.replace('_', ' ')}}}"


def boundary_latex(axes: Sequence[Axis], at: Sequence[Index], letters: Letters) -> str:
    """The entry of a side: what stands below its bracket."""
    return COMMA.join(index_latex(a, i, letters) for a, i in zip(axes, at, strict=True))


def boundary_letters(form: IndexForm, at: Sequence[Index], avoid: set[str]) -> Letters:
    """Letters that know the edges of the boundary, and the positions that have a name (`A[h]`)."""
    letters = Letters(avoid, {e: name for (name, _), e in form.picked.items()})
    for i in at:
        for e in coordinates(i):
            letters.of(e)
    return letters


def ranges(form: IndexForm, networks: Sequence[Network], at: Sequence[Index], letters: Letters) -> str:
    """The sizes of the indices of a formula, as text with mathematics in it: `i, k < n`."""
    by_size: dict[str, list[str]] = {}

    def note(e: int, names: Letters) -> None:
        size = size_text(form.sorts[e])
        latex = size if size.isdigit() else name_latex(size)
        letters_of_size = by_size.setdefault(latex, [])
        if names.latex(e) not in letters_of_size:
            letters_of_size.append(names.latex(e))

    def walk(n: Network, names: Letters) -> None:
        own = names.child()
        for e in order(n):
            note(e, own)
        for box in n.boxes:
            for bound, argument in box.cells:
                inside = own.child()
                for e in bound:
                    note(e, inside)
                for m in argument:
                    walk(m, inside)

    for i in at:
        for e in coordinates(i):
            note(e, letters)
    for n in networks:
        walk(n, letters)
    return r";\;\; ".join(rf"{','.join(names)} \lt {size}" for size, names in by_size.items())
