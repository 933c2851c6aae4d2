"""The index form of a term as one line of plain text, as editors show it: `[i, j] = Σ k: P[i, k] Q[k, j]`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.kernel.network import Box, IndexForm, Network
from symbolic_mla.kernel.scalar import Number, scalar
from symbolic_mla.kernel.term import Term
from symbolic_mla.prover.sides import both_sides
from symbolic_mla.report.formula import boundary_letters, box_places, cell_index, order
from symbolic_mla.report.letters import Letters, index_plain, unflatten

MAX_TERMS = 12


def index_lines(term: Term) -> Iterator[str]:
    """A line for each block of the axes. Raises BudgetError where there are too many networks to show.

    >>> from symbolic_mla.kernel.axis import Axis
    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.laws.notation import matmul
    >>> from symbolic_mla.kernel.term import Atom
    >>> p = Axis.of(Var("p"))
    >>> list(index_lines(matmul(Atom("A", (p, p)), Atom("B", (p, p)))))
    ['[i, j] = Σ k: A[i, k] B[k, j]']
    """
    sides = both_sides(term, term)
    avoid = {getattr(t, "name", "") for t in subterms(term)} | {g.key for a in term.axes for g in a.size().generators()}
    for cell in sides.cells:
        letters = boundary_letters(sides.form, cell.at, avoid)
        at = ", ".join(index_plain(a, i, letters) for a, i in zip(sides.axes, cell.at, strict=True))
        networks = [c.network._replace(coef=c.left) for c in cell.classes]
        body = _sum(sides.form, networks[:MAX_TERMS], letters)
        more = f" + {len(networks) - MAX_TERMS} more" if len(networks) > MAX_TERMS else ""
        yield f"[{at}] = {body}{more}" if sides.axes else body + more


def _sum(form: IndexForm, networks: Sequence[Network], letters: Letters) -> str:
    text = ""
    for n in networks:
        one = _network(form, n, letters)
        text += one if not text else f" - {one[1:]}" if one.startswith("-") else f" + {one}"
    return text or "0"


def _network(form: IndexForm, n: Network, letters: Letters) -> str:
    letters = letters.child()
    for e in order(n):
        letters.of(e)
    factors = [f"δ[{letters.of(a)}, {letters.of(b)}]" for a, b in n.eqs]
    for (atom, *path), coords in n.atoms:
        axes = atom.axes if isinstance(atom, Term) else ()
        at = zip(axes, unflatten(axes, path, coords), strict=True)
        places = ", ".join(index_plain(a, i, letters) for a, i in at)
        factors.append(f"{getattr(atom, 'name', '?')}[{places}]" if axes else getattr(atom, "name", "?"))
    factors += [_box(form, box, letters) for box in n.boxes]
    summed = [letters.of(e) for e in order(n) if e in set(n.inner)]
    body = (f"Σ {' '.join(summed)}: " if summed else "") + " ".join(factors)
    return _scaled(n.coef, body)


def _scaled(coef: Number, body: str) -> str:
    c = scalar(coef)
    if not body:
        return str(c)
    if c == scalar(1):
        return body
    if c == scalar(-1):
        return f"-{body}"
    return f"({c}) {body}" if len(c.terms) > 1 else f"{c} {body}"


def _box(form: IndexForm, box: Box, letters: Letters) -> str:
    function, last, positions, at = box_places(box)
    cells = []
    for number, (bound, argument) in enumerate(box.cells):
        inner = letters.child()
        where = index_plain(last, cell_index(form, last, number, bound), inner)
        cells.append(f"{where} ↦ {_sum(form, argument, inner)}")
    own = f"[{', '.join(index_plain(a, i, letters) for a, i in positions)}]" if positions else ""
    return f"{function}{own}⟨{' | '.join(cells)}⟩[{index_plain(last, at, letters)}]"
