"""The axes of the labels of a pattern: propagation from what is known, then a search over contiguous splits.

Each axis of an operand says that the product of its group's labels is that axis. A label is known when it
has an axis to itself or its size is given; what is known is divided off a group from both ends, and a last
unknown is what remains. Where that stops, the ways to split an axis are tried, and exactly one must fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from symbolic_mla.algebra.factors import left_quotient, right_quotient, splits
from symbolic_mla.algebra.pattern_text import Group, Pattern
from symbolic_mla.algebra.sizes import shape_text
from symbolic_mla.errors import AxisOrderError, BudgetError, ShapeError
from symbolic_mla.kernel.axis import UNIT, Axis, product
from symbolic_mla.kernel.scalar import Var, is_zero

Reading = dict[str, Axis]
Equation = tuple[Group, Axis]  # the product of these labels is this axis
MAX_READINGS = 200  # a search that finds more has long been ambiguous
LISTED = 6


def solve(pattern: Pattern, shapes: Sequence[Sequence[Axis]], sizes: Mapping[str, Axis]) -> Reading:
    """The axis of every label of the pattern, given the shapes of the operands and the sizes given by name.

    Raises:
        ShapeError: when nothing fits, or when several readings do; they are listed.
        AxisOrderError: when the sizes would fit in another order of factors.

    >>> from symbolic_mla.algebra.pattern_text import read
    >>> n, G, d = (Axis.of(Var(x)) for x in ("n", "G", "d"))
    >>> solve(read("(h d) -> h d"), [[n * G * d]], {"d": d})
    {'d': d, 'h': n*G}
    """
    return _Solver(pattern, shapes, sizes).solve()


class _Conflict(Exception):
    """A dead end of the search."""

    def __init__(self, equation: Equation) -> None:
        self.equation = equation


class _Solver:
    def __init__(self, pattern: Pattern, shapes: Sequence[Sequence[Axis]], sizes: Mapping[str, Axis]) -> None:
        self.pattern, self.shapes, self.sizes = pattern, shapes, sizes

    def solve(self) -> Reading:
        self.check_names()
        equations = [
            (group, axis)
            for groups, axes in zip(self.pattern.operands, self.shapes, strict=True)
            for group, axis in zip(groups, axes, strict=True)
        ]
        equations.sort(key=lambda e: len(e[0]) != 1)  # the ungrouped axes speak first
        known = dict(self.sizes)
        try:
            self.propagate(equations, known)
        except _Conflict as conflict:
            raise self.conflict(conflict.equation, known) from None
        readings = list(self.search(equations, known))
        if len(readings) == 1:
            return readings[0]
        raise self.ambiguous(readings, known) if readings else self.none(equations, known)

    def check_names(self) -> None:
        left = {x for axes in self.pattern.operands for group in axes for x in group}
        for label in self.sizes:
            if label not in self.pattern.labels():
                raise self.fail(f"{label} is given a size, and is no label of the pattern")
        missing = [x for x in self.pattern.labels() if x not in left and x not in self.sizes]
        if missing:
            raise self.fail(
                f"{', '.join(missing)} only on the right repeats, and its size is not given",
                ", ".join(f"{x}={x}" for x in missing) + " names the size",
            )

    # ---- the search ------------------------------------------------------------------------------------

    def propagate(self, equations: Sequence[Equation], known: Reading) -> list[Equation]:
        """Extend `known` as far as division goes; what is left of the equations with two unknowns or more."""
        changed = True
        while changed:
            changed, left = False, []
            for whole in equations:
                group, rest = self.strip(whole, known)
                if len(group) == 1 or (group and rest == UNIT):
                    for label in group:
                        if known.setdefault(label, rest) != rest:
                            raise _Conflict(whole)
                    changed = True
                elif group:
                    left.append((group, rest))
                elif rest != UNIT:
                    raise _Conflict(whole)
        return left

    def strip(self, equation: Equation, known: Reading) -> Equation:
        """The equation with known labels divided off from the left and from the right."""
        group, rest = equation
        for quotient, end in ((left_quotient, 0), (right_quotient, -1)):
            while group and group[end] in known:
                divided = quotient(rest, known[group[end]])
                if divided is None:
                    raise _Conflict(equation)
                rest, group = divided, group[1:] if end == 0 else group[:-1]
        return group, rest

    def search(self, equations: Sequence[Equation], known: Reading) -> Iterator[Reading]:
        """Every reading, without factoring literals."""
        found: list[Reading] = []
        todo = [known]
        while todo:
            now = dict(todo.pop())
            try:
                left = self.propagate(equations, now)
            except _Conflict:
                continue
            if not left:
                if now not in found:
                    found.append(now)
                    yield now
                continue
            group, axis = min(left, key=lambda e: len(e[0]))
            todo += [{**now, group[0]: x} for x, _ in reversed(splits(axis))]
            if len(todo) + len(found) > MAX_READINGS:
                why = f"more than {MAX_READINGS} ways to split {axis} as {_spell(group)}"
                raise self.fail(why, f"give a size: {group[0]}=...")

    # ---- what to say -------------------------------------------------------------------------------------

    def fail(self, why: str, hint: str | None = None, kind: type[ShapeError] = ShapeError) -> ShapeError:
        given = "".join(f", {k}={v}" for k, v in self.sizes.items())
        met = ", ".join(map(shape_text, self.shapes)) or "no operands"
        return kind(f'the pattern "{self.pattern.text}" on {met}{given}: {why}', hint=hint)

    def conflict(self, equation: Equation, known: Reading) -> ShapeError:
        group, axis = equation
        values = ", ".join(f"{x}={known[x]}" for x in dict.fromkeys(group) if x in known)
        what = (
            f"the axis {axis} is not {_spell(group)} with {values}"
            if len(group) > 1
            else (f"{group[0]} is {known[group[0]]}, and meets the axis {axis}")
        )
        if self.reordered(equation, known):
            return self.fail(
                f"{what}: equal factors in a different order", "write the group in the order of the axis, "
                'or relate the two orders: reorder("(a b) -> (b a)", A)', AxisOrderError)  # fmt: skip
        return self.fail(what)

    def reordered(self, equation: Equation, known: Reading) -> bool:
        """Whether the axis has the factors that are known, in another order."""
        group, axis = equation
        if all(x in known for x in group):
            try:
                return is_zero(product(known[x] for x in group).size() - axis.size())
            except BudgetError:
                return False
        count, heads = _factors(axis)
        for x in group:
            more = _factors(known[x]) if x in known else (1, Counter())
            if not count or not more[0] or count % more[0] or more[1] - heads:
                return False
            count, heads = count // more[0], heads - more[1]
        return True

    def ambiguous(self, readings: Sequence[Reading], known: Reading) -> ShapeError:
        open_labels = [x for x in self.pattern.labels() if x not in known]
        texts = ["; ".join(f"{x}={r[x]}" for x in open_labels).replace("; ", ", ") for r in readings]
        more = f"; and {len(texts) - LISTED} more" if len(texts) > LISTED else ""
        told = next(x for x in open_labels if len({r[x] for r in readings}) > 1)
        return self.fail(
            f"{len(readings)} readings: {'; '.join(texts[:LISTED])}{more}",
            f"give the size that is meant: {told}={readings[0][told]}",
        )

    def none(self, equations: Sequence[Equation], known: Reading) -> ShapeError:
        now = dict(known)
        group, axis = self.propagate(equations, now)[0]
        what = f"the axis {axis} is not a product of {len(group)} factors ({' '.join(group)}) that fits"
        return self.fail(
            what, f"a literal is split, or a factor of size 1 met, only where a size is given: {group[0]}=..."
        )


def _spell(group: Group) -> str:
    return f"({' '.join(group)})" if len(group) != 1 else group[0]


def _factors(axis: Axis) -> tuple[int, Counter[Var]]:
    """The literal and the symbols of an axis that is a plain product; 0 where it is a sum."""
    count, heads = 1, Counter[Var]()
    inner: Axis | None = axis
    while inner is not None:
        if len(inner.runs) > 1:
            return 0, heads
        run = inner.runs[0]
        count, inner = count * run.count, run.tail
        heads.update(run.heads)
    return count, heads
