"""einsum and reorder: patterns of named axes, as einops writes them, on kernel terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from symbolic_mla.algebra.pattern_text import Group, Pattern, read
from symbolic_mla.algebra.sizes import Size, as_axis, shape_text
from symbolic_mla.algebra.solve import solve
from symbolic_mla.errors import ShapeError
from symbolic_mla.kernel.term import Einsum, Labels, Term


def einsum(pattern: str, /, *terms: Term, **sizes: Size) -> Einsum:
    """Multiply and sum tensors by a pattern of named axes.

    `"t (h d), s (h d) -> h t s"`: operands are separated by commas and labels by spaces. A group in
    parentheses is one axis, the product of its labels, most significant first; `()` is the axis of size 1. A
    label that is missing on the right is summed; one that stands on the right alone repeats, and its size is
    given by name, `n=n`; one that stands twice in an operand, or twice on the right, makes a diagonal.

    A label binds contiguous factors of an axis. Where a group could be read in two ways, the other axes that
    bear its labels settle it, or a size given by name does (`h=n*G`); otherwise the error lists the readings.

    Shapes: as many operands as the pattern has, each with as many axes as its part of the pattern.

    Raises:
        DocumentSyntaxError: for text that is no pattern. NumPy's `"ij,jk->ik"` is recognised.
        ShapeError: when operands and pattern do not fit, or the pattern has several readings.
        AxisOrderError: when they would fit in another order of factors (n*G*d against G*n*d).

    Source: A. Rogozhnikov, *Einops: clear and reliable tensor manipulations*, 2022.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> t, s, n, G, d = (as_axis(Var(x)) for x in "t s n G d".split())
    >>> Q, K = Atom("Q", (t, n * G * d)), Atom("K", (s, G * d))
    >>> einsum("t (n g d), s (g d) -> n g t s", Q, K, g=G).axes
    (n, G, t, s)
    >>> einsum("(h d) -> h", Atom("x", (n * G * d,)))
    Traceback (most recent call last):
    symbolic_mla.errors.ShapeError: the pattern "(h d) -> h" on n*G*d: 2 readings: h=n, d=G*d; h=n*G, d=d
      try: give the size that is meant: h=n
    """
    read_pattern = _fitting(pattern, terms)
    axes = solve(read_pattern, [t.axes for t in terms], {k: as_axis(v) for k, v in sizes.items()})
    number = {label: k for k, label in enumerate(read_pattern.labels())}

    def numbered(groups: Sequence[Group]) -> tuple[Labels, ...]:
        return tuple(tuple(number[x] for x in group) for group in groups)

    operands = tuple((t, numbered(groups)) for t, groups in zip(terms, read_pattern.operands, strict=True))
    return Einsum(operands, numbered(read_pattern.output), tuple(axes[x] for x in number))


def reorder(pattern: str, term: Term, /, **sizes: Size) -> Einsum:
    """Move, group and ungroup the axes of one tensor: every label stands once on each side.

    Raises:
        ShapeError: when a label does not stand once on each side; and as `einsum`.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> from symbolic_mla.kernel.term import Atom
    >>> n, G, d, D = (as_axis(Var(x)) for x in "n G d D".split())
    >>> reorder("(n g d) c -> (g n d) c", Atom("W", (n * G * d, D))).axes
    (G*n*d, D)
    """
    read_pattern = _fitting(pattern, [term])
    left = Counter(x for group in read_pattern.operands[0] for x in group)
    right = Counter(x for group in read_pattern.output for x in group)
    wrong = [x for x in read_pattern.labels() if left[x] != 1 or right[x] != 1]
    if wrong:
        raise ShapeError(
            f'the pattern "{pattern}" of a reordering: {", ".join(wrong)} should stand once on each side',
            hint="einsum sums, repeats and takes diagonals",
        )
    return einsum(pattern, term, **sizes)


def _fitting(pattern: str, terms: Sequence[Term]) -> Pattern:
    """The pattern, read, with as many operands and axes as the terms have."""
    found = read(pattern, [len(t.axes) for t in terms])
    if not terms and found.operands == ((),):
        return Pattern(found.text, (), found.output)
    met = ", ".join(shape_text(t.axes) for t in terms) or "no operands"
    if len(found.operands) != len(terms):
        raise ShapeError(
            f'the pattern "{pattern}" on {met}: {len(found.operands)} operands in the pattern, '
            f"{len(terms)} given"
        )
    for k, (groups, term) in enumerate(zip(found.operands, terms, strict=True), 1):
        if len(groups) != len(term.axes):
            raise ShapeError(
                f'the pattern "{pattern}" on {met}: operand {k} has {len(term.axes)} axes, '
                f"and {len(groups)} in the pattern",
                hint="one label, or one group in parentheses, for each axis",
            )
    return found
