"""The pictures of a claim: its equations with both sides side by side, as SVG or as Mermaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from symbolic_mla.algebra.text import number_text, term_text
from symbolic_mla.derivation.in_numbers import Sizes, step_in_numbers
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, StepResult
from symbolic_mla.errors import BudgetError, ShapeError, UnsupportedError
from symbolic_mla.kernel.scalar import Number, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.language.shapes import axis_name
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.order import Entry
from symbolic_mla.laws.rank import Rank
from symbolic_mla.report.diagram import mermaid_lines
from symbolic_mla.report.formula import boundary_letters
from symbolic_mla.report.graph import Node, graph
from symbolic_mla.report.markdown import quoted
from symbolic_mla.report.pairs import Half, Pair, Pairs, pairs
from symbolic_mla.report.svg import FILLS, Panel, Row, Section, svg

MAX_PAIRS = 40
MAX_DRAWN = 500  # nodes of one picture
MAX_NODES = 60
MAX_WORDS = 160  # characters of a heading
NOTHING = "nothing"
WITNESS = "with the witness put in"
Sides = tuple[Term, Term | None, str, tuple[int, ...]]
"""Left, right (None: a term by itself), words for the two, and the literal axes that a proof takes apart."""
_SIGN = {"proved": "✓", "refuted": "✗", "undecided": "?", "error": "!"}


def claim_svg(claim: ClaimResult, result: DocumentResult, sizes: Sizes | None = None) -> str:
    """The claim as one SVG. Raises: UnsupportedError for a claim without a network."""
    return svg(_title(claim, sizes), sections(claim, result, sizes))


def claim_mermaid(claim: ClaimResult, result: DocumentResult, sizes: Sizes | None = None) -> str:
    """The claim as one Mermaid flowchart. Raises: UnsupportedError for a claim without a network."""
    lines = ["flowchart TB"]
    frames: list[tuple[str, str]] = []  # each with the sign in front of it
    used: set[int] = set()
    classes: list[str] = []
    for s, section in enumerate(sections(claim, result, sizes)):
        for r, row in enumerate(section.rows):
            for side, panel, other in (("left", row.left, row.right), ("right", row.right, row.left)):
                if panel is None or panel.graph is None:
                    continue
                only = " only" if other is not None and other.factor == NOTHING else ""
                prefix = f"s{s}n{r}{side[0]}"
                words = f"{section.heading}; {side}{only}" + (f", {panel.factor}" if panel.factor else "")
                lines += [f'  subgraph {prefix}["{quoted(words)}"]', "  direction LR"]
                frames.append((prefix, row.sign if side == "right" and row.left.graph is not None else ""))
                numbers = panel.numbers

                def mark(node: Node, numbers: dict[tuple[int, ...], int] = numbers) -> str:
                    return f"{numbers[node.path]} · " if node.path in numbers else ""

                lines += [*mermaid_lines(panel.graph, prefix, mark), "  end"]
                for node in panel.graph.nodes():
                    if node.path in numbers:
                        colour = (numbers[node.path] - 1) % len(FILLS)
                        used.add(colour)
                        classes.append(f"  class {prefix}a{node.key} m{colour}")
    for (above, _), (below, sign) in pairwise(frames):  # so that they stand in this order
        lines.append(f'  {above} ---|"{sign}"| {below}' if sign else f"  {above} ~~~ {below}")
    lines += [f"  classDef m{k} fill:{FILLS[k][0]},stroke:{FILLS[k][1]},color:#1f2328" for k in sorted(used)]
    return "\n".join([*lines, *classes]) + "\n"


def _title(claim: ClaimResult, sizes: Sizes | None) -> str:
    at = f", at {sizes.whose}" if sizes is not None else ""
    return f"{_SIGN[claim.verdict]} {claim.id}: {claim.verdict}{at}"


def sections(claim: ClaimResult, result: DocumentResult, sizes: Sizes | None = None) -> list[Section]:
    """An equation of the claim after the other: what its steps say, and for a witness what it is put into."""
    draw = _Drawer(set(result.scope.environment.names()), sizes.values if sizes is not None else {})
    out: list[Section] = []
    drawn = 0
    for step in claim.steps:
        found = list(_equations(step))
        for left, right, words, split in found:
            written = f"{step.left} {step.relation} {step.right}".strip()
            shown = words or (written if len(written) <= MAX_WORDS else written[:MAX_WORDS] + " …")
            heading = f"line {step.span.line}: {shown}"
            sought = isinstance(step.statement, Exists) and words != WITNESS
            numbers = step_in_numbers(step, sizes) if sizes is not None else None
            heading += f": {numbers}" if numbers is not None else ""
            section = draw.section(heading, (left, right, split), sought, step.verdict == "proved")
            drawn += sum(_count(row) for row in section.rows)
            if out and drawn > MAX_DRAWN:
                section = Section(heading, (), "No picture: there is no room for more.")
            out.append(section)
    if not out:
        why = next((s.error for s in claim.steps if s.error is not None), None)
        if why is not None:
            raise why
        raise UnsupportedError(
            f"`{claim.id}` speaks of sizes alone: it has no networks to draw", hint="show a claim about matrices"
        )
    return out


def _count(row: Row) -> int:
    return sum(p.graph.count for p in (row.left, row.right) if p is not None and p.graph is not None)


def _equations(step: StepResult) -> Iterator[Sides]:
    """The sides of each equation, with words for it where the step's own will not do; the right one may be absent."""
    theorem = step.theorem
    if theorem is not None and theorem.proof[0] == "exists-witness":
        for fact in theorem.premises:
            if isinstance(fact.conclusion, Equation):
                yield fact.conclusion.left, fact.conclusion.right, WITNESS, _split(fact)
    elif step.statement is not None:
        yield from _of(step.statement, _split(theorem))


def _split(theorem: Theorem | None) -> tuple[int, ...]:
    """The literal axes that the proof of an equation takes apart."""
    return tuple(theorem.proof[4]) if theorem is not None and theorem.proof[0] == "equation" else ()


def _of(statement: Statement, split: tuple[int, ...]) -> Iterator[Sides]:
    if isinstance(statement, Equation):
        yield statement.left, statement.right, "", split
    elif isinstance(statement, Exists):
        for e in statement.equations:
            yield e.left, e.right, "", ()
    elif isinstance(statement, Iff):
        for side in (statement.left, statement.right):
            yield from _of(side, ())
    elif isinstance(statement, Compare):
        for g in dict.fromkeys(g for n in (statement.left, statement.right) for g in _measured(n)):
            text = term_text(g.term)
            yield g.term, None, f"the matrix of rank({text})" if isinstance(g, Rank) else text, ()


def _measured(value: Number) -> Iterator[Rank | Entry]:
    for g in scalar(value).generators():
        if isinstance(g, Rank | Entry):
            yield g
        elif hasattr(g, "of"):
            for x in g.of:
                yield from _measured(x)


@dataclass(frozen=True)
class _Drawer:
    """Sections of one document: the letters that its names leave over, and sizes to show."""

    avoid: set[str]
    sizes: Mapping[str, int]

    def section(
        self, heading: str, sides: tuple[Term, Term | None, tuple[int, ...]], sought: bool, proved: bool
    ) -> Section:
        left, right, split = sides
        try:
            found = pairs(left, left if right is None else right, split)
        except (BudgetError, ShapeError) as error:
            return Section(heading, (), f"No picture: {error.message}.")
        if len(found.pairs) > MAX_PAIRS:
            return Section(heading, (), f"No picture: there are {len(found.pairs)} classes of networks.")
        if sought:
            return Section(heading, self._sought(found), "What is unknown is sought: nothing is matched.")
        rows = [self._row(found, pair, right is None) for pair in found.pairs]
        note = "Both sides are zero: nothing is left on either." if not rows else ""
        if proved and right is not None and rows and all(p.agrees for p in found.pairs):
            note = "Each network of the left side is one of the right: that is the proof."
        return Section(heading, rows, note)

    def _row(self, found: Pairs, pair: Pair, alone: bool) -> Row:
        words = ", ".join(
            f"block {i.run} of {axis} ({axis_name(k, len(found.axes))})"
            for k, (axis, i) in enumerate(zip(found.axes, pair.at, strict=True))
            if len(axis.runs) > 1
        )
        left, right = (self._panel(found, pair, half) for half in (pair.left, pair.right))
        if alone:
            return Row(words, Panel(left.factor, left.graph, {}), "", None)
        return Row(words, left, "=" if pair.agrees else "≠", right)

    def _sought(self, found: Pairs) -> list[Row]:
        """The sides of an equation with unknowns beside one another, block by block."""
        rows = []
        for at in dict.fromkeys(p.at for p in found.pairs):
            here = [p for p in found.pairs if p.at == at]
            lefts = [self._panel(found, p, p.left) for p in here if p.left.network is not None]
            rights = [self._panel(found, p, p.right) for p in here if p.right.network is not None]
            empty = Panel("", None, {})
            for k, (one, other) in enumerate(zip_longest(lefts, rights, fillvalue=empty)):
                left, right = (Panel(p.factor, p.graph, {}) for p in (one, other))
                rows.append(Row("", left, "" if k else "=", right))
        return rows

    def _panel(self, found: Pairs, pair: Pair, half: Half) -> Panel:
        if half.network is None:
            return Panel(NOTHING, None, {})
        letters = boundary_letters(found.form, pair.at, self.avoid)
        drawn = graph(found.form, half.network, found.axes, pair.at, letters, self.sizes)
        factor = number_text(scalar(half.coefficient))
        if not drawn.count:
            return Panel(factor, None, {})
        shown = "" if factor == "1" else f"{factor} ×"
        if drawn.count > MAX_NODES:
            return Panel(f"{shown} a network of {drawn.count} nodes".strip(), None, {})
        return Panel(shown, drawn, half.numbers)

