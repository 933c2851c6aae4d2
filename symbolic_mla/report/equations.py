"""An equation in a report: the index form of both sides, as formulas and as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.language.shapes import axis_name
from symbolic_mla.prover.difference import Difference
from symbolic_mla.prover.sides import Cell, Class, Sides, both_sides, like_terms
from symbolic_mla.report.diagram import diagram
from symbolic_mla.report.formula import boundary_latex, boundary_letters, network_latex, ranges, sum_latex
from symbolic_mla.report.letters import Letters
from symbolic_mla.report.markdown import block, fenced, inline, table
from symbolic_mla.report.numbers import number_latex

Shown = tuple[str, str] | None  # the two sides of an equation as LaTeX
MAX_SIDE = 60  # characters of LaTeX of a side that is named in a sentence
MAX_FORMULA = 3_000  # characters of LaTeX; some readers of pages give up before it is much longer
MAX_CLASSES = 24
MAX_DIAGRAMS = 2


@dataclass
class Pictures:
    """What has been drawn in a document already, so that the same picture is not drawn twice."""

    avoid: set[str]
    drawn: dict[str, str] = field(default_factory=dict)
    sides: dict[Term, Sides] = field(default_factory=dict)  # of terms whose entries were written


def equation(
    theorem: Theorem | None, left: Term, right: Term, place: str, shown: Shown, pictures: Pictures
) -> list[str]:
    """The index form of both sides of an equation. `place` says where ("line 7"), `shown` what the sides look like."""
    split = theorem.proof[4] if theorem is not None and theorem.proof[0] == "equation" else ()
    try:
        sides = both_sides(left, right, split)
    except BudgetError as error:
        return [f"The index form is left out: {error.message}."]
    count = len(sides.classes)
    if count > MAX_CLASSES:
        return [f"The index form is left out: it has {count} classes of networks. The certificate holds all of them."]
    if not count:
        return ["In index form both sides are zero: nothing is left on either."]
    out: list[str] = []
    for cell in sides.cells:
        out += _cell(sides, cell, _subject(shown), pictures)
    rewritten = theorem is not None and (theorem.proof[0] != "equation" or theorem.proof[3])
    if theorem is not None and not rewritten and not all(c.agrees for c in sides.classes):
        out.append("The networks cancel together, and not one against one; the certificate says how.")
    return [*out, *_pictures(sides, place, pictures)]


def _subject(shown: Shown) -> str:
    """What the entries of a formula are entries of."""
    if shown is None or max(map(len, shown)) > MAX_SIDE or shown[0] == shown[1]:
        return "both sides"
    return f"both sides, {inline(shown[0])} and {inline(shown[1])}"


def _cell(sides: Sides, cell: Cell, subject: str, pictures: Pictures) -> list[str]:
    letters = boundary_letters(sides.form, cell.at, pictures.avoid)
    entry = boundary_latex(sides.axes, cell.at, letters)
    note = ranges(sides.form, [c.network for c in cell.classes], cell.at, letters)
    where = _blocks(sides, cell)
    sizes = f" ({inline(note)})" if note else ""
    what = f"{f'Entry {inline(entry)} of' if entry else 'The value of'} {subject}{where}{sizes}"
    verb = ", is" if "," in subject else " is"
    if len(cell.classes) == 1 and cell.classes[0].agrees:
        only = cell.classes[0]
        formula = network_latex(sides.form, only.network, letters, only.left)
        if len(formula) > MAX_FORMULA:
            return [f"{what}{verb} one network, a formula of {len(formula):,} characters: too long to be read here."]
        return [f"{what}{verb}", block(formula)]
    return [
        f"{what}{verb} a sum of these networks, each as often as the two columns say:",
        table(["network", "left", "right", ""], [_class(sides, c, letters) for c in cell.classes]),
    ]


def _blocks(sides: Sides, cell: Cell) -> str:
    """Which block of each axis that is a direct sum."""
    named = [
        f"block {i.run} of `{axis}` ({axis_name(k, len(sides.axes))})"
        for k, (axis, i) in enumerate(zip(sides.axes, cell.at, strict=True))
        if len(axis.runs) > 1
    ]
    return f", in {' and '.join(named)}" if named else ""


def _class(sides: Sides, c: Class, letters: Letters) -> list[str]:
    return [
        inline(network_latex(sides.form, c.network, letters, 1)),
        inline(number_latex(c.left)),
        inline(number_latex(c.right)),
        "equal" if c.agrees else "**differ**",
    ]


def _pictures(sides: Sides, place: str, pictures: Pictures) -> list[str]:
    out: list[str] = []
    drawn, large, same = 0, 0, []
    shared = [
        (cell, c)
        for cell in sides.cells
        for c in cell.classes
        if c.agrees and (cell.at or c.network.atoms or c.network.boxes)  # else a number, with nothing to draw
    ]
    for cell, c in shared:
        letters = boundary_letters(sides.form, cell.at, pictures.avoid)
        text = diagram(sides.form, c.network, sides.axes, cell.at, letters)
        if text is None:
            large += 1
        elif text in pictures.drawn:
            same.append(pictures.drawn[text])
        elif drawn < MAX_DIAGRAMS:
            drawn += 1
            pictures.drawn[text] = place
            out.append(fenced("mermaid", text))
    if out:
        first = "Both sides fall into this picture" if drawn == 1 else "Both sides fall into these pictures"
        all_agree = all(c.agrees for c in sides.classes)
        out.insert(0, f"{first}{': that is the proof.' if all_agree and len(shared) == drawn else ':'}")
    notes = []
    if same:
        notes.append(f"{_count(len(same), 'class')} drawn above ({', '.join(dict.fromkeys(same))})")
    if large:
        notes.append(f"{_count(large, 'network')} too large for a picture")
    rest = len(shared) - drawn - large - len(same)
    if rest:
        notes.append(f"{_count(rest, 'more class')} left out, drawn in the same way")
    if notes:
        out.append(f"Pictures: {'; '.join(notes)}.")
    return out


def _count(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "es" if what.endswith("s") else "s")


def left_over(difference: Difference, pictures: Pictures) -> list[str]:
    """What stays of left - right when like terms have cancelled."""
    rest = difference.networks()
    if not rest or len(rest) > MAX_CLASSES:
        return [f"Left minus right: {len(rest)} networks are left."] if rest else []
    out = ["What is left of left − right when like terms have cancelled:"]
    for at, networks in difference.cells:
        letters = boundary_letters(difference.form, at, pictures.avoid)
        entry = boundary_latex(difference.left.axes, at, letters)
        with suppress(BudgetError):  # else it is written term by term: longer, and as true
            networks = like_terms(difference.form, networks)
        body = sum_latex(difference.form, networks, letters)
        where = rf"\left[\text{{left}} - \text{{right}}\right]_{{{entry}}}" if entry else r"\text{left} - \text{right}"
        note = ranges(difference.form, networks, at, letters)
        out.append(block(rf"{where} = {body}" + (rf" \qquad {note}" if note else "")))
    return out


def entries(name: str, term: Term, pictures: Pictures) -> list[str]:
    """A term in index form, as lines of LaTeX: its entries, block by block."""
    if term not in pictures.sides:
        pictures.sides[term] = both_sides(term, term)
    sides = pictures.sides[term]
    lines = []
    for cell in sides.cells:
        letters = boundary_letters(sides.form, cell.at, pictures.avoid)
        entry = boundary_latex(sides.axes, cell.at, letters)
        body = sum_latex(sides.form, [c.network._replace(coef=c.left) for c in cell.classes], letters)
        shown = f"({name})" if "_" in name or "^" in name else name
        lines.append(rf"{shown}_{{{entry}}} &= {body}" if entry else f"{name} &= {body}")
    return lines


def entry_block(lines: Sequence[str]) -> str:
    """Lines of LaTeX, aligned at their equality signs: in several formulas, where one would be too long."""
    parts: list[list[str]] = []
    for line in lines:
        if not parts or sum(map(len, parts[-1])) + len(line) > MAX_FORMULA:
            parts.append([])
        parts[-1].append(line)
    return "\n\n".join(block("\\begin{aligned}\n" + " \\\\\n".join(part) + "\n\\end{aligned}") for part in parts)
